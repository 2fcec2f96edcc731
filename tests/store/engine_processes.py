"""Watching processes from outside."""

import os
import time


def running(pids):
    """Those of the processes that are there."""
    found = []
    for pid in pids:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            continue
        found.append(pid)
    return found


def until(condition, seconds=30):
    """Whether a condition came true in time."""
    for _ in range(seconds * 50):
        if condition():
            return True
        time.sleep(0.02)
    return False
