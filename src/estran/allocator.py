"""Memory that is freed goes back to the machine.

glibc gives large blocks back at once, but learns from each what is large, up to 32 MB: an array below lies among small
objects from then on, and its room is kept. Grouping a hundred thousand messages held a gigabyte that nobody used.
"""

from __future__ import annotations

import ctypes

_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of malloc.h
LARGE = 1 << 20
"""Bytes from which a block is one of its own."""


def give_back() -> bool:
    """Have every block of a megabyte given back when it is freed, for the rest of this process.

    Returns:
        whether the allocator is one that can be told so (mallopt(3) of glibc); others are left as they are.
    """
    try:
        tell = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library, or another system
        return False
    return bool(tell(_MMAP_THRESHOLD, LARGE))
