"""Adds vectors to a folder in parts, merges them, and is killed at its nth touch of a file there.

    python killed_vectors.py FOLDER N

Where it is done before, it says how often it touched files.
"""

import os
import signal
import sys
from pathlib import Path

import numpy as np

from estran.store.vectors import Vectors, hashes_of

TOUCHES = {"open", "os.mkdir", "os.rename", "os.remove", "os.listdir", "os.scandir"}
TEXTS = [f"text {number}" for number in range(40)]


def vectors_of(texts):
    """Small vectors that depend on the text alone."""
    return np.array([np.random.default_rng(list(text.encode())).standard_normal(8) for text in texts])


def encode(folder):
    """What a refresh does: encodes what is missing, ten texts at a time; the number of texts it encoded."""
    store = Vectors(folder, "fake 1", 8)
    hashes = hashes_of(TEXTS)
    new = store.missing(hashes)
    for first in range(0, len(new), 10):
        some = new[first : first + 10]
        store.add("2025-01", hashes[some], vectors_of([TEXTS[place] for place in some]))
    store.keep("2025-01", hashes)
    store.keep_only({"2025-01"})
    return len(new)


def main():
    folder, last = Path(sys.argv[1]), int(sys.argv[2])
    touched = 0

    def touch(event, arguments):
        nonlocal touched
        if event in TOUCHES and str(folder) in str(arguments[0]):
            touched += 1
            if touched == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(touch)
    encode(folder)
    sys.stdout.write(f"{touched}\n")


if __name__ == "__main__":
    main()
