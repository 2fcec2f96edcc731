"""Counts messages, the first ones edited, into a folder, and is killed at its nth touch of a file there.

    python killed_counting.py FOLDER MESSAGES EDITED N

Where it is done before, it says how often it touched files.
"""

import os
import signal
import sys
from pathlib import Path

from atrest import message, shelf, small_blocks

from estran.store.counts import Counts

TOUCHES = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.listdir", "os.scandir"}


class Here:
    """Work done at once, in this thread."""

    def map(self, work, tasks, *, progress=None):
        return [work(task) for task in tasks]


def main():
    folder, last = Path(sys.argv[1]), int(sys.argv[4])
    store = shelf(int(sys.argv[2])).put(*(message(number, edition=1) for number in range(int(sys.argv[3]))))
    touched = 0

    def touch(event, arguments):
        nonlocal touched
        if event in TOUCHES and str(folder) in str(arguments[0]):
            touched += 1
            if touched == last:
                os.kill(os.getpid(), signal.SIGKILL)

    counts = Counts(folder, at_least=2, layout=small_blocks)
    sys.addaudithook(touch)
    counts.refresh(store, Here())
    sys.stdout.write(f"{touched}\n")


if __name__ == "__main__":
    main()
