"""Memory that is freed goes back, where the allocator can be told so."""

import ctypes
import subprocess
import sys

import pytest

from estran import allocator

HELD = """
import sys
import numpy as np
from estran.allocator import give_back

def megabytes():
    told = open("/proc/self/status").read()
    return int(told.split("RssAnon:")[1].split()[0]) / 1024

if sys.argv[1] == "told":
    assert give_back()
gone = np.ones(30 << 17)  # 30 MB, given back: glibc learns that less is not large
del gone
before = megabytes()
large, small = [], []
for _ in range(40):
    large.append(np.ones(4 << 17))
    small.append(np.ones(1 << 10))  # what lies between them, and stays
large.clear()
print(round(megabytes() - before))
"""


def held(told: str) -> int:
    """Megabytes of 160 that a process still has after it freed them."""
    done = subprocess.run([sys.executable, "-c", HELD, told], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(
    not (sys.platform == "linux" and hasattr(ctypes.CDLL(None), "mallopt")), reason="mallopt is one of glibc"
)
def test_what_is_freed_goes_back_to_the_machine():
    assert held("untold") > 100
    assert held("told") < 20


def test_another_allocator_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr(allocator.ctypes, "CDLL", lambda _: object())
    assert not allocator.give_back()
