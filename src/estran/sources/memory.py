"""What has been seen before, in 16 bytes a key: millions of messages are known again without keeping any."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of each key asked for.

    Attributes:
        again: (N,) was the key there before, in this call or an earlier one?
        value: (N,) the value that came with it the first time.
    """

    again: NDArray[np.bool_]
    value: NDArray[np.uint64]


class Memory:
    """Keys (64-bit hashes) and the value that each came with first.

    Two different messages share a hash with a chance of 1e-7 among two million.
    """

    def __init__(self) -> None:
        self._keys = np.empty(0, np.uint64)  # sorted
        self._values = np.empty(0, np.uint64)

    def first(self, keys: NDArray[np.uint64], values: NDArray[np.uint64]) -> Known:
        """Learns keys with their values; those known already keep the value of their first time.

        Args:
            keys: (N,) hashes, in the order of the source.
            values: (N,) what comes with each.
        """
        distinct, at, inverse = np.unique(keys, return_index=True, return_inverse=True)
        place, known = self._find(distinct)
        value = values[at]
        value[known] = self._values[place[known]]
        self._insert(distinct[~known], value[~known], place[~known])
        again = known[inverse] | (np.arange(len(keys)) != at[inverse])
        return Known(again, value[inverse])

    def count(self, keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """(N,) how often each key has been asked for up to now, this time included."""
        distinct, inverse, times = np.unique(keys, return_inverse=True, return_counts=True)
        place, known = self._find(distinct)
        before = np.zeros(len(distinct), np.uint64)
        before[known] = self._values[place[known]]
        self._values[place[known]] += times[known].astype(np.uint64)
        self._insert(distinct[~known], times[~known].astype(np.uint64), place[~known])
        order = np.argsort(inverse, kind="stable")
        within = np.empty(len(keys), np.uint64)
        starts = np.cumsum(times) - times
        within[order] = np.arange(len(keys)) - np.repeat(starts, times)
        return before[inverse] + within + np.uint64(1)

    def _find(self, distinct: NDArray[np.uint64]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        place = np.searchsorted(self._keys, distinct)
        known = np.zeros(len(distinct), np.bool_)
        inside = place < len(self._keys)
        known[inside] = self._keys[place[inside]] == distinct[inside]
        return place, known

    def _insert(self, keys: NDArray[np.uint64], values: NDArray[np.uint64], place: NDArray[np.intp]) -> None:
        self._keys = np.insert(self._keys, place, keys)
        self._values = np.insert(self._values, place, values)


@dataclass(frozen=True, slots=True)
class Seen:
    """The messages let in so far; given to several sources in turn, it keeps each message once among them all.

    Attributes:
        ids: given ids, with what they stood for.
        copies: messages without id, by content and author.
        made: the ids made for them, with how many bear each.
    """

    ids: Memory = field(default_factory=Memory)
    copies: Memory = field(default_factory=Memory)
    made: Memory = field(default_factory=Memory)
