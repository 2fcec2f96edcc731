"""The ways to tell what an acronym of several senses means in a message, the surest first.

1. By itself, where the message spells the acronym out, or holds the words of one sense and of no other;
2. by its conversation, where other messages of it spell out one sense and no other: who speaks of one thing rarely calls
   another by the same name (Gale, Church and Yarowsky 1992, "One sense per discourse");
3. by the words near the acronym, where those of the messages that are told already tell them (`estran.stats.senses`).

Both later ways are tried on messages that tell themselves, and are left where they go wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from estran.privacy import figure_allowed
from estran.stats.presence import distinct
from estran.stats.senses import FEWEST_KNOWN, Near, tell_senses
from estran.text import packs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.store.engines import Engine
    from estran.store.prepared import PreparedBlock

    Ints = NDArray[np.int64]

Variant = tuple[str, str]
"""Language and form."""

LONGEST_TALK = 100
"""Messages of a conversation at the most; a longer one is an event, where many speak of many things."""

TALK_WRONG = 0.05
"""Share of the messages that tell themselves which their conversation tells wrongly, above which it tells nothing."""

MOST_KNOWN = 2_000
"""Messages of each sense from whose words others are told, spread evenly over time."""

REACH = 200
"""Characters before an acronym, and after it, in which words are near it."""

SHOWN = 3
"""Words near an acronym that are named as evidence."""

BY_ITSELF, BY_TALK, BY_WORDS, ONE_SENSE = range(4)
RULES = ("told by itself", "told by its conversation", "told by its words", "acronym")
"""The ways in which a message is told, as `Evidence` names them; the last where all senses became one by hand."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A homonym among the concepts that are counted.

    Attributes:
        forms: those that one concept has.
        owner: number of this concept; the acronym's own, unless somebody decided otherwise.
        senses: (S,) numbers of the concepts that it may mean, distinct.
        words: the variants of these.
        row: (D,) messages of the corpus that spell it out.
        sense: (D,) number of the sense in each, below S.
    """

    forms: tuple[Variant, ...]
    owner: int
    senses: Ints
    words: tuple[Variant, ...]
    row: Ints
    sense: Ints


class Told(NamedTuple):
    """What messages with a homonym mean: (B,) rows, sense or -1, and the way it was told; and words that tell each sense.

    A message that spells out several senses is there with each.
    """

    row: Ints
    sense: Ints
    way: Ints
    words: tuple[tuple[str, ...], ...] = ()


def what_is_meant(
    corpus: Corpus, homonym: Placed, rows: Ints, spelling: tuple[Ints, Ints], engine: Engine
) -> Told:
    """What each of B messages means by a homonym."""
    senses = len(homonym.senses)
    if senses == 1:
        return Told(rows, np.zeros(len(rows), np.int64), np.full(len(rows), ONE_SENSE))
    row, sense = _spelt(homonym, spelling)
    own = np.isin(row, rows) & (np.isin(row, homonym.row) | _alone(row))
    itself = Told(row[own], sense[own], np.full(int(own.sum()), BY_ITSELF))
    rest = rows[~np.isin(rows, itself.row)]
    talk = _by_talk(corpus, row, sense, rest, senses=senses)
    in_talk = Told(rest[talk >= 0], talk[talk >= 0], np.full(int(np.sum(talk >= 0)), BY_TALK))
    rest = rest[talk < 0]
    alone = _alone(row)
    known = np.concatenate([row[alone], in_talk.row]), np.concatenate([sense[alone], in_talk.sense])
    by_words, words = _by_words(corpus, homonym, known, rest, engine)
    ways = np.where(by_words >= 0, BY_WORDS, -1)
    parts = (itself, in_talk, Told(rest, by_words, ways))
    row, sense, way = (np.concatenate(each) for each in zip(*(part[:3] for part in parts), strict=True))
    return Told(row, sense, way, words)


def _spelt(homonym: Placed, spelling: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Row and sense, rising, where a message spells the acronym out, or else holds the words of a sense."""
    senses = len(homonym.senses)
    own = np.isin(spelling[1], homonym.senses) & ~np.isin(spelling[0], homonym.row)
    said = spelling[0][own] * senses + np.searchsorted(homonym.senses, spelling[1][own])
    code = distinct(np.concatenate([homonym.row * senses + homonym.sense, said]))
    return code // senses, code % senses


def _alone(row: Ints) -> NDArray[np.bool_]:
    """Which rows, rising, come only once."""
    other = np.append(row[1:] == row[:-1], False) if len(row) else np.zeros(0, bool)
    return np.asarray(~(other | np.roll(other, 1)))


def _by_talk(corpus: Corpus, row: Ints, sense: Ints, rest: Ints, *, senses: int) -> Ints:
    """The sense of each message of the rest that its conversation tells, or -1."""
    nothing = np.full(len(rest), -1, np.int64)
    if corpus.conversation is None or len(row) == 0:
        return nothing
    talk = corpus.conversation.astype(np.int64)
    long = np.bincount(talk) > LONGEST_TALK
    spoken = talk[row]
    counts = np.zeros((int(talk.max()) + 1, senses), np.int32)
    np.add.at(counts, (spoken, sense), 1)
    counts[long] = 0
    alone = _alone(row)
    others = counts[spoken[alone]].copy()
    others[np.arange(len(others)), sense[alone]] -= 1
    tried = (others > 0).sum(axis=1) == 1
    tried &= ~long[spoken[alone]]
    wrong = int(np.sum(others[tried].argmax(axis=1) != sense[alone][tried]))
    if wrong > TALK_WRONG * int(tried.sum()):
        return nothing
    there = counts[talk[rest]]
    return np.where((there > 0).sum(axis=1) == 1, there.argmax(axis=1), -1)


def _by_words(
    corpus: Corpus, homonym: Placed, known: tuple[Ints, Ints], rest: Ints, engine: Engine
) -> tuple[Ints, tuple[tuple[str, ...], ...]]:
    """The sense of each message of the rest that the words near the acronym tell, or -1; and words that tell each."""
    senses = len(homonym.senses)
    parts = [_evenly(known[0][known[1] == sense]) for sense in range(senses)]
    nothing = np.full(len(rest), -1, np.int64), ((),) * senses
    if len(rest) == 0 or min(map(len, parts)) < FEWEST_KNOWN:
        return nothing
    rows = np.concatenate([*parts, rest])
    sense = np.repeat(np.arange(senses, dtype=np.int32), [len(part) for part in parts])
    forms = (*homonym.forms, *homonym.words)
    near = _near(corpus, rows, tuple(form for _, form in forms), engine)
    words = near["word"].unique().sort()
    code = near["word"].cast(pl.Enum(words)).to_physical().cast(pl.Int64).to_numpy()
    at, first = near["at"].to_numpy(), len(sense)
    person = corpus.author[rows[:first]]
    told = tell_senses(
        Near(at[at < first], code[at < first]), sense, person, Near(at[at >= first] - first, code[at >= first]),
        senses=senses, messages=len(rest), words=len(words),
    )  # fmt: skip
    shown = tuple(
        tuple(
            words[[w for w in told.telling(of).tolist() if figure_allowed(int(told.saying[w, of]))][:SHOWN]]
        )
        for of in range(senses)
    )
    return told.sense.astype(np.int64), shown


def _evenly(rows: Ints) -> Ints:
    rows = np.sort(rows)
    return rows[:: 1 + (len(rows) - 1) // MOST_KNOWN] if len(rows) else rows


@dataclass(frozen=True, slots=True)
class Reading:
    """One piece of the work: a block, which of its messages to read, and what to look beside (a regular expression)."""

    block: PreparedBlock
    places: Ints
    look: str


def near_block(piece: Reading) -> pl.DataFrame:
    """Distinct words near what is looked for, by number of the message in the piece: `at`, `word`."""
    frame = piece.block.take(piece.places, ["spoken", "language"]).with_row_index("at")
    text = pl.col("spoken").str.to_lowercase()
    around = text.str.extract(rf"(?s)(.{{0,{REACH}}}{piece.look}.{{0,{REACH}}})")
    near = pl.coalesce(around, text.str.slice(0, 2 * REACH)).str.replace_all(piece.look, " ")
    words = (
        frame.select("at", "language", word=near.str.extract_all(r"\p{L}[\p{L}\p{N}]+"))
        .explode("word")
        .drop_nulls("word")
        .unique(["at", "word"])
    )
    stops = pl.DataFrame(
        [
            (language, word)
            for language in frame["language"].unique().to_list()
            for word in packs.load(language).stop_words
        ],
        schema={"language": pl.String, "word": pl.String},
        orient="row",
    )
    return words.join(stops, on=["language", "word"], how="anti").select("at", "word")


def _near(corpus: Corpus, rows: Ints, forms: Sequence[str], engine: Engine) -> pl.DataFrame:
    """Distinct words near some forms, by place in `rows`, then word: `at`, `word`."""
    look = rf"\b(?:{'|'.join(sorted(map(_pattern, set(forms)), key=lambda each: (-len(each), each)))})\b"
    places, bounds = corpus.place[rows], corpus.bounds
    order = np.argsort(places, kind="stable")
    cuts = np.searchsorted(places[order], bounds)
    pieces, whose = [], []
    for block, first, low, high in zip(corpus.counted.blocks, bounds, cuts, cuts[1:], strict=False):
        if low < high:
            pieces.append(Reading(block, places[order[low:high]] - first, look))
            whose.append(order[low:high])
    parts = [
        frame.with_columns(at=pl.Series(own)[frame["at"]])
        for own, frame in zip(whose, engine.map(near_block, pieces), strict=True)
    ]
    return pl.concat(parts).sort("at", "word")


def _pattern(form: str) -> str:
    """A form as people write it, in small letters: any blanks, any apostrophe or hyphen."""
    words = (re.escape(word).replace("'", "['’ʼ]").replace(r"\-", "[-‐‑]") for word in form.split(" "))
    return r"\s*".join(words) if "' " in form else r"\s+".join(words)
