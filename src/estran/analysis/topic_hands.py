"""What somebody decided about topics: splits that are made, and topics that are told as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estran.text.edits import Accept, Reject, about_topics

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from estran.stats.known import Event
    from estran.text.edits import Edit

SPLIT = "split"


def key_of(proposal: Event, splits: Mapping[str, Sequence[object]]) -> tuple[str, str]:
    """What a proposal is answered by: the two topics of a merge; a topic and "split", "split 2" the next time.

    Args:
        proposal: to split or to merge.
        splits: id of a topic -> its splits that were accepted before.
    """
    if proposal.kind == "merge":
        one, other = sorted(proposal.ids)
        return one, other
    done = len(splits.get(proposal.ids[0], ()))
    return proposal.ids[0], _split(done)


def answered(edits: Iterable[Edit]) -> dict[tuple[str, str], bool]:
    """Proposals that somebody answered -> whether the last word was yes."""
    return {
        _key(e): isinstance(e, Accept) for e in edits if isinstance(e, Accept | Reject) and about_topics(e)
    }


def told_as(
    ids: Iterable[str], edits: Iterable[Edit], splits: Mapping[str, Sequence[Sequence[str]]]
) -> dict[str, str]:
    """The topic as which each topic is told, where that is another: accepted merges, and splits that were taken back.

    Args:
        ids: of all topics, oldest first; of several that are one, the oldest keeps its id.
        edits: in force.
        splits: id of a topic -> the ids born of each split that was accepted.
    """
    answers = answered(edits)
    one = [key for key, yes in answers.items() if yes and not key[1].startswith(SPLIT)]
    one += [
        (whole, part)
        for whole, each in splits.items()
        for number, parts in enumerate(each)
        if not answers.get((whole, _split(number)))
        for part in parts
    ]
    order = {id_: number for number, id_ in enumerate(ids)}
    root = {id_: id_ for id_ in order}

    def find(id_: str) -> str:
        return id_ if root[id_] == id_ else find(root[id_])

    for first, second in one:
        if first in root and second in root:
            older, younger = sorted((find(first), find(second)), key=order.__getitem__)
            root[younger] = older
    return {id_: find(id_) for id_ in root if find(id_) != id_}


def unknown(edits: Iterable[Edit], ids: Iterable[str]) -> list[Edit]:
    """Accepted proposals about topics that are no more."""
    there = set(ids)
    return [
        edit
        for edit in edits
        if isinstance(edit, Accept) and about_topics(edit)
        and not {word for word in _key(edit) if not word.startswith(SPLIT)} <= there
    ]  # fmt: skip


def _split(done: int) -> str:
    return SPLIT if not done else f"{SPLIT} {done + 1}"


def _key(edit: Accept | Reject) -> tuple[str, str]:
    one, other = edit.one.strip(), edit.other.strip()
    return (one, other) if other.startswith(SPLIT) or one <= other else (other, one)
