"""The topics of a workspace at rest: what is kept from one run to the next, and where each message went.

One file, written whole and swapped in: a sealed header of one line, then the arrays one after the other, under a checksum.
The same topics give the same bytes. Messages and texts stand there as keyed hashes; words only in labels, which enough
people say. All of it can be made anew from the messages, but for the ids.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from estran.errors import StoreError
from estran.stats.known import Event, Known, without
from estran.stats.points import Frame
from estran.store.manifest import Fault, sealed, settle, swap, unsealed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from estran.stats.presence import Codes, Floats
    from estran.store.vectors import Hashes

FORMAT = 1
NAME = "topics"
"""The file, in its folder."""

GONE = np.uint64(0)
"""The text of a message that was masked: nobody finds its vector by it."""

ABSENT = -100
"""The topic of a message that was not there."""

Label = tuple[tuple[str, str], ...]
"""(language, what a topic is called there), the language with most messages first."""


@dataclass(frozen=True, slots=True)
class Happened:
    """What became of topics.

    Attributes:
        day: ISO day of the last message then.
        kind: "born", "retired", "split" (from its parents, by hand), "merged" (of its parents, by hand), "parted" (from
            its parents, as that was taken back); "rebuilt" of all of them.
        id: of the topic; empty where it is about all of them.
        parents: topics that its messages came from, or went to.
        topics: how many it is about.
    """

    day: str
    kind: str
    id: str = ""
    parents: tuple[str, ...] = ()
    topics: int = 1


@dataclass(frozen=True, eq=False)
class TopicsAtRest:
    """The topics of n messages.

    Attributes:
        encoder: id of the encoder that made the vectors.
        known: K topics, without the rows of their exemplars: those are found by `exemplar_text`.
        family: (K,)
        stability: (K,) not a number for a topic born since the last rebuild.
        message: (n,) hashes of the ids of messages, rising.
        text: (n,) hashes of what was encoded of each, or `GONE`.
        topic: (n,) number of a topic, or an `estran.stats.unplaced.Unplaced`.
        part: (n,) of each message within its topic, were its proposed split accepted.
        exemplar_text: (m,) hashes of the texts that the exemplars were made of.
        labels: id -> label, of topics of now and of before.
        events: what happened, oldest first.
        proposals: what a hand may accept.
        splits: id of a topic -> the ids born of each split that a hand accepted.
        merged: id of a topic -> id of the one as which it was told, where that was another.
        given: ids that were ever given.
    """

    encoder: str
    known: Known
    family: Codes
    stability: Floats
    message: Hashes
    text: Hashes
    topic: Codes
    part: Codes
    exemplar_text: Hashes
    labels: Mapping[str, Label] = field(default_factory=dict)
    events: tuple[Happened, ...] = ()
    proposals: tuple[Event, ...] = ()
    splits: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    given: int = 0

    def of(self, messages: Hashes) -> Codes:
        """(m,) the topic of each of some messages, by hashes of their ids; `ABSENT` where they were not there."""
        return _found(self.message, self.topic, messages, absent=ABSENT)

    def parts_of(self, messages: Hashes) -> Codes:
        """(m,) the part of each of some messages, were the proposed split of its topic accepted."""
        return _found(self.message, self.part, messages, absent=0)

    def lacking(
        self, erased: Hashes, masked: Hashes, names: Callable[[str], bool] = lambda _: False
    ) -> TopicsAtRest:
        """The same without some messages, without the texts of others, and without the labels that say a name.

        What was made of them goes: exemplars, and the middles of their topics, which are made anew of the exemplars
        left. A masked message stays in its topic.

        Args:
            erased: messages that are to be forgotten, by hashes of their ids.
            masked: messages in whose text a name is masked.
            names: whether words say the name.
        """
        stays = ~np.isin(self.message, erased)
        changed = ~stays | np.isin(self.message, masked)
        touched = np.unique(self.topic[changed & (self.topic >= 0)])
        text = np.where(np.isin(self.message, masked), GONE, self.text)[stays]
        left = np.isin(self.exemplar_text, text)
        rows = np.arange(len(left))
        known = without(replace(self.known, exemplar_row=rows), rows[~left], touched=touched)
        labels = {
            id_: tuple((code, _unnamed(label, names)) for code, label in label)
            for id_, label in self.labels.items()
        }
        return replace(
            self,
            known=known,
            message=self.message[stays],
            text=text,
            topic=self.topic[stays],
            part=self.part[stays],
            exemplar_text=self.exemplar_text[left],
            labels=labels,
        )


def read(folder: Path) -> TopicsAtRest | None:
    """The topics of a workspace; None where there are none, or the file is damaged (see `check`).

    Raises:
        StoreError: a later Estran wrote it.
    """
    try:
        return _parsed((folder / NAME).read_bytes(), folder)
    except (FileNotFoundError, ValueError):
        return None


def write(folder: Path, topics: TopicsAtRest) -> None:
    """Put the topics in place of those at rest: all of them or none.

    Raises:
        StoreError: they cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        swap(folder / NAME, [_content(topics)])
    except OSError as error:
        raise StoreError(f"topics cannot be written to {folder}: {error}") from error


def check(folder: Path) -> list[Fault]:
    """Whether the file is what was written."""
    try:
        _parsed((folder / NAME).read_bytes(), folder)
    except FileNotFoundError:
        return []
    except ValueError as error:
        return [Fault(NAME, str(error))]
    return []


def remove(folder: Path) -> None:
    """Remove the topics, and what a killed process left half written."""
    for file in folder.glob(f"{NAME}*"):
        file.unlink(missing_ok=True)
    if folder.is_dir():
        settle(folder)


_ARRAYS: tuple[tuple[str, str], ...] = (
    ("mean", "<f8"), ("component", "<f8"), ("centroid", "<i2"), ("reach", "<f8"), ("exemplar", "<i2"),
    ("exemplar_topic", "<i4"), ("family", "<i4"), ("stability", "<f8"), ("message", "<u8"), ("text", "<u8"),
    ("topic", "<i4"), ("part", "<i4"), ("exemplar_text", "<u8"),
)  # fmt: skip
"""What lies after the header, in this order."""


def _content(topics: TopicsAtRest) -> bytes:
    known = topics.known
    arrays: dict[str, NDArray[Any]] = {
        "mean": known.frame.mean, "component": known.frame.component, "centroid": known.centroid,
        "reach": known.reach, "exemplar": known.exemplar, "exemplar_topic": known.exemplar_topic,
        "family": topics.family, "stability": topics.stability, "message": topics.message, "text": topics.text,
        "topic": topics.topic, "part": topics.part, "exemplar_text": topics.exemplar_text,
    }  # fmt: skip
    body = b"".join(np.ascontiguousarray(arrays[name], kind).tobytes() for name, kind in _ARRAYS)
    header = sealed(
        {
            "format": FORMAT,
            "encoder": topics.encoder,
            "ids": known.ids,
            "resolution": known.resolution,
            "shapes": {name: list(arrays[name].shape) for name, _ in _ARRAYS},
            "labels": dict(sorted(topics.labels.items())),
            "events": [asdict(event) for event in topics.events],
            "proposals": [asdict(proposal) for proposal in topics.proposals],
            "splits": dict(sorted(topics.splits.items())),
            "merged": dict(sorted(topics.merged.items())),
            "given": topics.given,
            "content": _digest(body),
        }
    )
    return b"%d\n%s\n%s" % (len(header), header, body)


def _parsed(content: bytes, folder: Path) -> TopicsAtRest:
    """The topics that a file holds.

    Raises:
        ValueError: it is not what was written.
        StoreError: a later Estran wrote it.
    """
    first = content.index(b"\n") + 1
    length = int(content[:first])
    said = unsealed(content[first : first + length])
    if said["format"] > FORMAT:
        raise StoreError(f"{folder / NAME} was written by a later Estran: update Estran")
    body = content[first + length + 1 :]
    if _digest(body) != said["content"]:
        raise ValueError("is not what was written: its checksum is another")
    arrays, at = {}, 0
    for name, kind in _ARRAYS:
        shape = tuple(said["shapes"][name])
        count = int(np.prod(shape, dtype=np.int64))
        arrays[name] = np.frombuffer(body, kind, count, at).reshape(shape).astype(np.dtype(kind[1:]))
        at += arrays[name].nbytes
    known = Known(
        ids=tuple(said["ids"]), frame=Frame(arrays["mean"], arrays["component"]), centroid=arrays["centroid"],
        reach=arrays["reach"], exemplar=arrays["exemplar"], exemplar_row=np.arange(len(arrays["exemplar"])),
        exemplar_topic=arrays["exemplar_topic"], resolution=float(said["resolution"]),
    )  # fmt: skip
    return TopicsAtRest(
        encoder=said["encoder"],
        known=known,
        **{name: arrays[name] for name in _OWN},
        labels={id_: tuple((code, label) for code, label in each) for id_, each in said["labels"].items()},
        events=tuple(Happened(**{**each, "parents": tuple(each["parents"])}) for each in said["events"]),
        proposals=tuple(
            Event(
                each["kind"], tuple(each["ids"]), tuple(each["parents"]), tuple(each["messages"]), each["evidence"]
            )
            for each in said["proposals"]
        ),
        splits={id_: tuple(map(tuple, each)) for id_, each in said["splits"].items()},
        merged=said["merged"],
        given=int(said["given"]),
    )  # fmt: skip


_OWN = ("family", "stability", "message", "text", "topic", "part", "exemplar_text")


def _found(keys: Hashes, values: NDArray[Any], wanted: Hashes, *, absent: int) -> NDArray[Any]:
    """(m,) the values at some keys, which are sorted."""
    if not len(keys):
        return np.full(len(wanted), absent, values.dtype)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, values[at], absent).astype(values.dtype)


def _unnamed(label: str, names: Callable[[str], bool]) -> str:
    return ", ".join(part for part in label.split(", ") if not names(part))


def _digest(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()
