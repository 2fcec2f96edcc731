"""What a workspace holds, and how it differs from another."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from bench.torture.warm import small_blocks
from estran.model import MESSAGES
from estran.store.counts import Counts
from estran.store.messages import MessageStore
from estran.workspace.refusals import kept, readable

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class State:
    """What a workspace holds.

    Attributes:
        messages: all of them, by id.
        refused: file, place and reason of each refused row.
        cursors: how far each file was taken in.
        counts: digest of the counts, where they are of these messages.
    """

    messages: pl.DataFrame
    refused: Counter[tuple[str, str, str]]
    cursors: dict[str, int]
    counts: str | None


@dataclass
class Harm:
    """What was lost, doubled or torn, as sentences."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.lost or self.doubled or self.torn)

    def __add__(self, other: Harm) -> Harm:
        return Harm(self.lost + other.lost, self.doubled + other.doubled, self.torn + other.torn)


def store_of(space: Path) -> MessageStore:
    """The messages of a workspace."""
    return MessageStore.open(str(space / "messages"))


def counts_of(space: Path) -> Counts:
    """The counts of a workspace, as they lie."""
    return Counts(space / "counts", longest=4, at_least=5, layout=small_blocks)


def messages_of(space: Path) -> pl.DataFrame:
    """All messages, by id."""
    store = store_of(space)
    return store.read(list(store.snapshot().months)).sort("id")


def state_of(space: Path, *, counted: bool) -> State:
    """What a workspace holds.

    Args:
        space: its folder.
        counted: whether its counts are those of its messages.
    """
    return State(
        messages=messages_of(space),
        refused=Counter((row.file, row.place, row.why) for row in kept(space / "rejected")),
        cursors=store_of(space).cursors(),
        counts=counts_of(space).digest() if counted else None,
    )


def differences(there: State, wanted: State) -> Harm:
    """How a workspace whose work was killed differs from one that nobody disturbed."""
    harm = Harm()
    ids, known = there.messages["id"], wanted.messages["id"]
    harm.doubled += (
        [f"{ids.len() - ids.n_unique()} ids are there twice"] if ids.n_unique() < ids.len() else []
    )
    harm.lost += [f"message {one} is not there" for one in known.filter(~known.is_in(ids.implode()))]
    harm.doubled += [f"message {one} should not be there" for one in ids.filter(~ids.is_in(known.implode()))]
    both = there.messages.unique("id").join(wanted.messages, on="id", suffix="_wanted")
    for name in MESSAGES:
        if name != "id" and (wrong := both.filter(pl.col(name).ne_missing(pl.col(f"{name}_wanted"))).height):
            harm.torn.append(f"{name} of {wrong} messages is another")
    harm.lost += [f"refused row {row} is not there" for row in (wanted.refused - there.refused).elements()]
    harm.doubled += [
        f"refused row {row} is there once more" for row in (there.refused - wanted.refused).elements()
    ]
    if there.cursors != wanted.cursors:
        harm.torn.append(f"cursors {there.cursors} instead of {wanted.cursors}")
    if there.counts != wanted.counts:
        harm.torn.append("the counts are others")
    return harm


def look(space: Path, *, before: pl.Series | None) -> tuple[pl.Series, Harm]:
    """What a reader sees right after a kill: a whole workspace, with all that was in it before.

    Args:
        space: the folder of a workspace.
        before: ids that were there before the command; None where it may take some away.

    Returns:
        The ids that are there, and what is wrong with them.
    """
    harm = Harm()
    store = store_of(space)
    ids = store.read(list(store.snapshot().months), columns=["id"])["id"]
    if ids.n_unique() < ids.len():
        harm.doubled.append(f"{ids.len() - ids.n_unique()} ids are there twice")
    if before is not None:
        harm.lost += [f"message {one} is gone" for one in before.filter(~before.is_in(ids.implode()))]
    harm.torn += [f"{each.path} {each.why}" for each in store.unsound()]
    harm.torn += [f"{fault.file} {fault.why}" for fault in counts_of(space).check()]
    harm.torn += [
        f"rejected/{file.name} is torn" for file in (space / "rejected").glob("*.jsonl") if not readable(file)
    ]
    return ids, harm


def leftovers(space: Path) -> list[str]:
    """What should not lie in a workspace whose last command came to its end."""
    asides = [
        *space.rglob(".*"),
        *(space / "tmp").glob("*"),
        *space.rglob("*.tmp"),
        *space.rglob("*#*"),
        *space.glob("erasing.json"),
    ]
    return sorted({str(path.relative_to(space)) for path in asides})
