"""What was planted in a corpus, and what was laid in it as a trap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import polars as pl

    from estran.findings import Shape
    from estran.model import Side


@dataclass(frozen=True, slots=True)
class Planted:
    """A theme whose share moves as it was told to.

    Attributes:
        name: what it is, in English.
        forms: language -> the ways it is written; "und" where no language is known.
        shape: how its share moves.
        ratio: its highest share over its lowest.
        turns: the days it turns, on the side that leads.
        messages: how many messages hold it.
        leads: the side that moves first, or None.
        lag_years: by how many years it does.
        companions: words of the sentences that only this theme has; they move with it, in truth.
    """

    name: str
    forms: Mapping[str, tuple[str, ...]]
    shape: Shape
    ratio: float
    turns: tuple[dt.date, ...]
    messages: int
    leads: Side | None = None
    lag_years: float = 0.0
    companions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Trap:
    """Something that counts as a trend for who counts words, and is none.

    Attributes:
        kind: "loud author", "one conversation", "footer", "template", "new source" or "silent source".
        forms: sentences or phrases that it brings with it.
    """

    kind: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """All that is known of a corpus because it was made."""

    themes: tuple[Planted, ...]
    traps: tuple[Trap, ...] = ()


@dataclass(frozen=True, slots=True)
class Simulation:
    """A corpus and the truth about it; `messages` has the columns of `estran.model.MESSAGES`, in order of time."""

    messages: pl.DataFrame
    truth: Truth
