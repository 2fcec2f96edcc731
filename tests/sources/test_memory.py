import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.sources.memory import Memory

batches = st.lists(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=12), max_size=4)


def arrays(batch):
    return np.array([k for k, _ in batch], np.uint64), np.array([v for _, v in batch], np.uint64)


@settings(deadline=None, max_examples=100)
@given(batches)
def test_it_remembers_like_a_dictionary(batches):
    memory, told = Memory(), {}
    for batch in batches:
        known = memory.first(*arrays(batch))
        for (key, value), again, first in zip(batch, known.again, known.value, strict=True):
            assert again == (key in told)
            assert first == told.setdefault(key, value)


@settings(deadline=None, max_examples=100)
@given(batches)
def test_it_counts_like_a_dictionary(batches):
    memory, told = Memory(), {}
    for batch in batches:
        for (key, _), times in zip(batch, memory.count(arrays(batch)[0]), strict=True):
            told[key] = told.get(key, 0) + 1
            assert times == told[key]
