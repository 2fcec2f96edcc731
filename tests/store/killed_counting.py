"""Counts messages, the first ones edited, into a folder, and is killed at its nth touch of a file there.

    python killed_counting.py FOLDER MESSAGES EDITED N

Where it is done before, it says how often it touched files.
"""

import sys
from pathlib import Path

from atrest import message, shelf, small_blocks
from killing import Touches

from estran.store.counts import Counts


class Here:
    """Work done at once, in this thread."""

    def map(self, work, tasks, *, progress=None):
        return [work(task) for task in tasks]


def main():
    folder, last = Path(sys.argv[1]), int(sys.argv[4])
    store = shelf(int(sys.argv[2])).put(*(message(number, edition=1) for number in range(int(sys.argv[3]))))
    counts = Counts(folder, at_least=2, layout=small_blocks)
    touches = Touches(folder, last)
    counts.refresh(store, Here())
    sys.stdout.write(f"{touches.many}\n")


if __name__ == "__main__":
    main()
