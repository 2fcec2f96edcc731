"""Do themes keep their ids while the data grow? `python -m bench.themes.monthly [FILE...]`, last line JSON.

The first half of a corpus, in the order of time, is what a workspace holds at first; then it doubles in twelve equal
updates, each with a run of its own. Without a file, the corpus is the simulated company.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran import privacy, simulate
from estran.analysis.corpus import prepare
from estran.analysis.hands import Hands
from estran.analysis.identities import Identities, carry
from estran.analysis.progress import Silent
from estran.analysis.themes import find_themes
from estran.settings import Settings
from estran.sources import Options, Seen, open_table
from estran.store.engines.threads import ThreadEngine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estran.analysis.hands import Concepts

UPDATES = 12


@dataclass(frozen=True, slots=True)
class Kept:
    """What stayed while a corpus doubled.

    Attributes:
        corpus: its name.
        messages: in the end.
        themes_first: themes of the first half.
        themes_last: themes of all of it.
        monthly_same_id: of the pairs of a message of the first half and a theme it holds, those that are the same pair, by
            id, once the corpus has doubled.
        worst_update: the same from one run to the next, of the update that kept least.
        ids_there: of the themes of the first half, those that are shown in the end.
        ids_changed: of the themes of the first half whose commonest form is a theme in the end, those with another id.
        ids_kept: after the first update (+8 %), themes of before that are still there.
        born, split, merged, gone, back: events over the twelve updates.
    """

    corpus: str
    messages: int
    themes_first: int
    themes_last: int
    monthly_same_id: float
    worst_update: float
    ids_there: float
    ids_changed: float
    ids_kept: float
    born: int
    split: int
    merged: int
    gone: int
    back: int


def kept(corpus: str, messages: pl.DataFrame) -> Kept:
    """What stays while the second half comes in."""
    said = messages.sort("time", "id")
    half = said.height // 2
    sizes = [half + (said.height - half) * step // UPDATES for step in range(UPDATES + 1)]
    known, pairs, names = Identities(), [], []
    for size in sizes:
        known, own, forms = _run(said.head(size), known)
        pairs.append(own)
        names.append(forms)
    first, last = pairs[0], pairs[-1]
    there = [set(own["theme"]) for own in pairs]
    both = names[0].keys() & names[-1].keys()
    kinds = [event.kind for event in known.log[1:]]
    return Kept(
        corpus, said.height, len(there[0]), len(there[-1]),
        monthly_same_id=_share(first, last),
        worst_update=min(_share(a, b) for a, b in pairwise(pairs)),
        ids_there=len(there[0] & there[-1]) / len(there[0]),
        ids_changed=sum(names[0][form] != names[-1][form] for form in both) / len(both),
        ids_kept=len(there[0] & there[1]) / len(there[0]),
        **{kind: kinds.count(kind) for kind in ("born", "split", "merged", "gone", "back")},
    )  # fmt: skip


def _run(messages: pl.DataFrame, before: Identities) -> tuple[Identities, pl.DataFrame, dict[str, str]]:
    """The themes that are known now; pairs of message and theme; the id of each commonest form."""
    after = before

    def identify(found: Concepts) -> Sequence[str]:
        nonlocal after
        carried = carry(before, found.shown, firsts=found.firsts, date=found.date, unshown=found.unshown)
        after = carried.identities
        return carried.ids

    corpus = prepare(messages, progress=Silent())
    said = find_themes(
        corpus,
        ThreadEngine(threads=2),
        Settings(),
        progress=Silent(),
        hands=Hands(identify=identify, known=before.owners),
    )
    ids = np.array([concept.id for concept in said.concepts])
    themes = ids[said.concept]
    rows = corpus.columns(["id"])["id"].gather(said.message)
    own = pl.DataFrame({"message": rows, "theme": themes}).filter(pl.col("theme") != "")
    return after, own, {":".join(c.variants[0]): c.id for c in said.concepts if c.id}


def _share(one: pl.DataFrame, other: pl.DataFrame) -> float:
    """The share of pairs that are there again."""
    return one.join(other, on=["message", "theme"], how="semi").height / one.height


def _messages(file: Path) -> pl.DataFrame:
    pseudonym, seen = privacy.pseudonym(privacy.new_key()), Seen()
    return pl.concat(b.messages for b in open_table(file, Options()).read(pseudonym=pseudonym, seen=seen))


def main(files: Sequence[str]) -> None:
    """Print a line for each corpus, and all of them as JSON."""
    found = []
    for file in files:
        found.append(kept(Path(file).stem, _messages(Path(file))))
        print(found[-1])
    if not files:
        found.append(kept("simulated company", simulate.company(seed=0, messages=20_000).messages))
        print(found[-1])
    print(json.dumps([asdict(each) for each in found]))


if __name__ == "__main__":
    main(sys.argv[1:])
