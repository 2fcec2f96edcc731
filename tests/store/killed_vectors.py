"""Adds vectors to a folder in parts, merges them, and is killed at its nth touch of a file there.

    python killed_vectors.py FOLDER N

Where it is done before, it says how often it touched files.
"""

import sys
from pathlib import Path

import numpy as np
from killing import Touches

from estran.store.vectors import Vectors, hashes_of

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
    touches = Touches(folder, last)
    encode(folder)
    sys.stdout.write(f"{touches.many}\n")


if __name__ == "__main__":
    main()
