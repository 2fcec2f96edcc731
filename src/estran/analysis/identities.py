"""Which theme of today is which theme of before: ids that stay, and what became of those that did not.

A theme is known by its variants, each weighted by how often it is said. On every run the concepts take over the ids of
the known themes with which they share most, one each, the surest pairs first. A theme and a concept of the same first
variant come before others, so that what is put into a theme by hand, or taken out of it, leaves that its id. The rest
tells what happened:

- a concept that shares with nobody is *born*;
- one that shares with a theme whose id another concept took has *split* from it;
- a known theme whose variants are in a concept with another id was *merged* into it;
- a known theme that nobody says any more is *gone*; it keeps its id, and may come *back*.

Nothing here asks the clock or chance: dates are those of the data, and an id is made of the first day and the commonest
form of a theme, so that two runs over the same messages agree to the last letter.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from estran.findings import ThemeEvent

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Mapping, Sequence

    from estran.model import Concept

Variant = tuple[str, str]
"""Language and form."""

Mint = "Callable[[dt.date, str], str]"
"""Makes an id of the first day of a theme and of a text that is like no other."""

SHARED = 0.5
"""A concept takes an id over if it holds at least so much of the known theme, or is made of it so much."""

_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Known:
    """A theme that was seen.

    Attributes:
        id: 26 letters and digits (a ULID).
        label: when it was last seen.
        variants: (language, form) -> messages, when it was last seen.
        born: ISO day of the last message when it was first seen.
        seen: ISO day of the last message when it was last seen; earlier than that of the others where it is gone.
        into: id of the theme that it was merged into, or "".
    """

    id: str
    label: str
    variants: Mapping[Variant, int]
    born: str
    seen: str
    gone: bool = False
    into: str = ""


@dataclass(frozen=True, slots=True)
class Identities:
    """The themes that are known, by id, and what became of them, oldest first."""

    themes: tuple[Known, ...] = ()
    log: tuple[ThemeEvent, ...] = ()

    @property
    def present(self) -> tuple[Known, ...]:
        """Those that were there at the last run."""
        return tuple(known for known in self.themes if not known.gone and not known.into)

    @property
    def owners(self) -> dict[tuple[str, str], str]:
        """Variant -> id of the theme that it belonged to at the last run."""
        return {variant: known.id for known in self.present for variant in known.variants}


@dataclass(frozen=True, slots=True)
class Carried:
    """What a run makes of the identities.

    Attributes:
        ids: of each concept, in their order; "" for those that are no themes.
        identities: with the run in them.
        events: those that the run added to the log; of a first run one for all, else one for each theme.
    """

    ids: tuple[str, ...]
    identities: Identities
    events: tuple[ThemeEvent, ...] = field(default=())


def ulid(day: dt.date, text: str) -> str:
    """An id of 26 letters and digits, in the order of the days: 48 bits of milliseconds, 80 bits of a hash of the text."""
    moment = (day.toordinal() - 719_163) * 86_400_000  # days since 1970
    digest = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=10).digest())
    number = (max(moment, 0) << 80) | digest
    return "".join(_BASE32[(number >> shift) & 31] for shift in range(125, -1, -5))


def carry(
    before: Identities,
    concepts: Sequence[Concept],
    *,
    firsts: Sequence[dt.date],
    date: dt.date,
    unshown: Collection[Variant] = (),
    mint: Callable[[dt.date, str], str] = ulid,
) -> Carried:
    """Gives the ids of before to the concepts of now, and new ones to the others.

    Args:
        before: what is known.
        concepts: no variant in two of them; those of other kinds than "theme" get no id.
        firsts: day of the first message of each concept.
        date: day of the last message of all.
        unshown: variants that are counted, though too few people say them to show them. A theme that has one of them
            for now, or that is taken for a word of register, is not gone.
        mint: makes ids; of the same arguments the same.

    Returns:
        The ids, and what is known from now on. Where nothing changed but the counts, no event is added.
    """
    uses = [_uses(concept) if concept.kind == "theme" else {} for concept in concepts]
    heirs, shares = _heirs(before, uses, [concept.variants[0] for concept in concepts])
    others = (concept.variants for concept in concepts if concept.kind != "theme")
    hidden = frozenset(unshown).union(*others)
    taken = {known.id for known in before.themes}
    ids, born = [""] * len(concepts), []
    for number in sorted((n for n, own in enumerate(uses) if own), key=lambda n: _name(uses[n])):
        if number in heirs:
            ids[number] = heirs[number]
        else:
            ids[number] = _minted(mint, firsts[number], _name(uses[number]), taken)
            taken.add(ids[number])
            born.append(number)
    day = date.isoformat()
    labels = {known.id: known.label for known in before.themes}
    events = _births(before, concepts, ids, born, shares, labels, day)
    now = {
        ids[n]: Known(ids[n], concepts[n].label, own, born=day, seen=day) for n, own in enumerate(uses) if own
    }
    owner = {variant: ids[n] for n, own in enumerate(uses) for variant in own}
    themes = {}
    merged: defaultdict[str, list[str]] = defaultdict(list)
    for known in before.themes:
        if known.id in now:
            themes[known.id] = replace(now.pop(known.id), born=known.born)
            if known.gone or known.into:
                events.append(ThemeEvent(day, "back", known.id, themes[known.id].label))
            continue
        into = _into(known, owner)
        if into and into != known.into:
            merged[into].append(known.id)
        waits = not into and not hidden.isdisjoint(known.variants)
        if not into and not known.gone and not waits:
            events.append(ThemeEvent(day, "gone", known.id, known.label))
        themes[known.id] = known if waits else replace(known, gone=not into, into=into)
    themes |= now
    for into, parents in merged.items():
        names = tuple(labels[parent] for parent in parents)
        events.append(
            ThemeEvent(day, "merged", into, themes[into].label, tuple(parents), names, len(parents))
        )
    told = tuple(sorted(events, key=lambda event: (event.kind, event.id)))
    after = Identities(tuple(themes[id_] for id_ in sorted(themes)), (*before.log, *told))
    return Carried(tuple(ids), after, told)


def forget(identities: Identities, names: Callable[[str], bool]) -> Identities:
    """The identities without the themes that name somebody, and without whatever was said of those.

    Their ids go too, as an id is made of a form: whoever guesses the name could tell that it was there.

    Args:
        identities: to be searched.
        names: whether a text names the person.
    """
    bad = {
        known.id
        for known in identities.themes
        if names(known.label) or any(names(form) for _, form in known.variants)
    }
    bad |= {event.id for event in identities.log if names(event.label)}
    bad |= {
        parent
        for event in identities.log
        for parent, label in zip(event.parents, event.parent_labels, strict=True)
        if names(label)
    }
    bad.discard("")
    if not bad:
        return identities
    log = []
    for event in identities.log:
        kept = [
            (p, label) for p, label in zip(event.parents, event.parent_labels, strict=True) if p not in bad
        ]
        if event.id in bad or (event.parents and not kept and event.kind == "merged"):
            continue
        log.append(
            replace(event, parents=tuple(p for p, _ in kept), parent_labels=tuple(label for _, label in kept))
        )
    themes = tuple(
        replace(known, into="" if known.into in bad else known.into, gone=known.gone or known.into in bad)
        for known in identities.themes
        if known.id not in bad
    )
    return Identities(themes, tuple(log))


def _uses(concept: Concept) -> dict[Variant, int]:
    """How often each variant is said; at least once, that a variant nobody counted can be known again."""
    uses = concept.uses or (1,) * len(concept.variants)
    return {variant: max(n, 1) for variant, n in zip(concept.variants, uses, strict=True)}


def _name(uses: Mapping[Variant, int]) -> str:
    """The commonest variant, the first in the alphabet of equals."""
    language, form = min(uses, key=lambda variant: (-uses[variant], variant))
    return f"{language}:{form}"


def _heirs(
    before: Identities, uses: Sequence[Mapping[Variant, int]], heads: Sequence[Variant]
) -> tuple[dict[int, str], dict[int, dict[str, int]]]:
    """Number of a concept -> the id that it takes over; and what each shares with whom, in messages of now."""
    holders: defaultdict[Variant, list[Known]] = defaultdict(list)
    for known in before.themes:
        for variant in known.variants:
            holders[variant].append(known)
    pairs = []
    shares: dict[int, dict[str, int]] = {}
    for number, own in enumerate(uses):
        shared: defaultdict[str, int] = defaultdict(int)
        of_known: defaultdict[str, int] = defaultdict(int)
        themes: dict[str, Known] = {}
        for variant, n in own.items():
            for known in holders.get(variant, ()):
                shared[known.id] += n
                of_known[known.id] += known.variants[variant]
                themes[known.id] = known
        shares[number] = dict(shared)
        whole = sum(own.values())
        for id_, weight in shared.items():
            known = themes[id_]
            of = of_known[id_] / sum(known.variants.values())
            if max(of, weight / whole) >= SHARED:
                away = known.gone or bool(known.into)
                head = heads[number]
                called = 0 if head == next(iter(known.variants)) else 1 if head in known.variants else 2
                pairs.append((away, called, -weight, id_, _name(own), number))
    heirs: dict[int, str] = {}
    given: set[str] = set()
    for *_, id_, _, number in sorted(pairs):  # those that are there come before those that are gone
        if number not in heirs and id_ not in given:
            heirs[number] = id_
            given.add(id_)
    return heirs, shares


def _minted(mint: Callable[[dt.date, str], str], first: dt.date, name: str, taken: set[str]) -> str:
    made, again = mint(first, name), 0
    while made in taken:
        again += 1
        made = mint(first, f"{name}\n{again}")
    return made


def _births(
    before: Identities,
    concepts: Sequence[Concept],
    ids: Sequence[str],
    born: Sequence[int],
    shares: Mapping[int, Mapping[str, int]],
    labels: Mapping[str, str],
    day: str,
) -> list[ThemeEvent]:
    """What is told of themes that are new; of the first ones of all, only how many there are."""
    if not before.themes and not before.log:
        return [ThemeEvent(day, "born", "", "", themes=len(born))] if born else []
    events = []
    for number in born:
        parents = tuple(sorted(shares[number], key=lambda id_: (-shares[number][id_], id_)))
        names = tuple(labels[parent] for parent in parents)
        kind = "split" if parents else "born"
        events.append(ThemeEvent(day, kind, ids[number], concepts[number].label, parents, names))
    return events


def _into(known: Known, owner: Mapping[Variant, str]) -> str:
    """The id of the theme that holds most of what a known theme was, "" where no one does."""
    weights: defaultdict[str, int] = defaultdict(int)
    for variant, n in known.variants.items():
        if variant in owner:
            weights[owner[variant]] += n
    return min(weights, key=lambda id_: (-weights[id_], id_), default="")
