"""What acronyms of two senses mean, message by message: on sentences written for it, and on real talk with acronyms put into it."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from bench.themes.corpora import DATA
from estran.analysis.corpus import prepare
from estran.analysis.progress import Silent
from estran.analysis.themes import find_themes
from estran.model import MESSAGES, Step
from estran.settings import Settings
from estran.store.engines.threads import ThreadEngine
from estran.text import packs
from estran.text.variants import known, readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WRITTEN = tomllib.loads(Path(__file__).with_name("senses.toml").read_text(encoding="utf-8"))

CORPORA = ("slicer_forum", "r_lists", "pyvideo")
"""Real talk, in which pairs of phrases that have the same initials are called by these."""

PAIRS, FEWEST = 6, 60
"""Pairs of each corpus, those of most messages; and messages that each phrase of a pair must have."""

MOST = 30_000
"""Messages of a corpus at the most, whole conversations of it."""

SPELT, CALLED = 0.15, 0.5
"""Of the messages with a phrase, the share in which it is spelt out with the acronym, and in which it gives way to it."""


@dataclass(frozen=True, slots=True)
class Score:
    """Messages with a bare acronym that are told rightly, told wrongly, left; and those that have no sense and were told one."""

    right: int = 0
    wrong: int = 0
    left: int = 0
    untold: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def shares(self) -> tuple[float, float, float]:
        """Of those that have a sense."""
        whole = max(self.right + self.wrong + self.left, 1)
        return self.right / whole, self.wrong / whole, self.left / whole


def figures() -> dict[str, float]:
    """The keys that this part fills."""
    told = sum((written(each) for each in WRITTEN["acronym"]), Score())
    right, wrong, left = told.shares
    found = {"senses_right": right, "senses_wrong": wrong, "senses_left": left, "senseless_told": told.untold}
    real = [score for name in CORPORA if (DATA / f"{name}.parquet").exists() for _, score in put_in(name)]
    if real:
        right, wrong, left = sum(real, Score()).shares
        found |= {"senses_right_real": right, "senses_wrong_real": wrong, "senses_left_real": left}
    return found


def written(acronym: Mapping[str, object], *, turns: int = 2, people: int = 4) -> Score:
    """Sentences of known sense: half spell the acronym out, each said by some people; the others do not, once each.

    Half of the bare ones stand in a conversation with a message that spells it out.
    """
    return sum((_turn(acronym, turn, people) for turn in range(turns)), Score())


def _turn(acronym: Mapping[str, object], turn: int, people: int) -> Score:
    rows: list[dict[str, object]] = []
    truth: dict[str, str] = {}

    def add(text: str, who: str, *, thread: str | None = None, sense: str | None = None) -> None:
        key = str(len(rows))
        rows.append(
            {
                "id": key,
                "text": text,
                "author": who,
                "thread": thread or f"alone {key}",
                "language": acronym["language"],
            }
        )
        if sense is not None:
            truth[key] = sense

    short = acronym["short"]
    for number, sense in enumerate(acronym["sense"]):
        words, said = sense["words"], sense["said"]
        spelt, bare = said[turn::2], said[1 - turn :: 2]
        for at, sentence in enumerate(spelt):
            for person in range(people):
                form = (f"{words} ({short})", f"{short} ({words})", words)[(at + person) % 3]
                add(sentence.format(form), f"{number} {person} {at % 3}")
        for at, sentence in enumerate(bare):
            thread = f"talk {number} {at}" if at % 2 else None
            if thread:
                add(spelt[at].format(f"{words} ({short})"), f"opens {number} {at}", thread=thread)
            add(sentence.format(short), f"bare {number} {at}", thread=thread, sense=words)
    for at, sentence in enumerate(WRITTEN["untold"][acronym["language"]]):
        add(sentence.format(short), f"untold {at}", sense="")
    return _scored(_frame(rows), truth, short.lower())


def put_in(name: str) -> Iterator[tuple[tuple[str, str], Score]]:
    """Real messages in which two phrases are called by one acronym: spelt out in some, bare in others, untouched in the rest."""
    table = pl.read_parquet(DATA / f"{name}.parquet").filter(pl.col("lang") == "en")
    threads = pl.coalesce("thread", "id").hash(0)
    table = table.filter(threads % max(1, round(table.height / MOST)) == 0)
    for pair in _pairs(table):
        yield pair, _scored(*_called(table, pair))


def _pairs(table: pl.DataFrame) -> list[tuple[str, str]]:
    """Phrases of two words that share their initials and no word; the pairs whose rarer one is commonest."""
    counted = prepare(_frame(_rows(table)), step=Step.MONTH, progress=Silent()).counted
    stops = packs.load("en").stop_words
    by_initials: dict[str, list[tuple[int, str]]] = {}
    for phrase, messages in counted.totals(at_least=FEWEST).select("phrase", "messages").iter_rows():
        words = phrase.split(" ")
        if (
            len(words) == 2
            and all(word.isalpha() and len(word) > 3 for word in words)
            and stops.isdisjoint(words)
        ):
            by_initials.setdefault(words[0][0] + words[1][0], []).append((messages, phrase))
    found = []
    for short, phrases in by_initials.items():
        used = table["text"].str.contains(rf"\b{short.upper()}\b").sum()
        ordered = [phrase for _, phrase in sorted(phrases, reverse=True)]
        other = next((p for p in ordered[1:] if set(p.split(" ")).isdisjoint(ordered[0].split(" "))), None)
        if other is not None and used < 10 and short not in stops and not known(short, "en"):
            found.append(({phrase: n for n, phrase in phrases}[other], (ordered[0], other)))
    return [pair for _, pair in sorted(found, reverse=True)[:PAIRS]]


def _rows(table: pl.DataFrame) -> list[dict[str, object]]:
    return table.select("id", "time", "text", "author", "thread", language=pl.lit("en")).to_dicts()


def _called(table: pl.DataFrame, pair: tuple[str, str]) -> tuple[pl.DataFrame, dict[str, str], str]:
    """The messages with the acronym put in, what each bare one means, and the acronym."""
    rng = np.random.default_rng(0)
    short = "".join(word[0] for word in pair[0].split(" "))
    rows, truth = [], {}
    for row in _rows(table):
        means = [phrase for phrase in pair if phrase in str(row["text"]).lower()]
        drawn = rng.random() if len(means) == 1 else 1.0
        form = f"{means[0]} ({short.upper()})" if drawn < SPELT else short.upper()
        if drawn < SPELT + CALLED:
            row["text"] = re.sub(rf"\b{means[0]}\b", form, str(row["text"]), flags=re.IGNORECASE)
            if drawn >= SPELT and short.upper() in row["text"].split():
                truth[str(row["id"])] = means[0]
        rows.append(row)
    return _frame(rows), truth, short


def _frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    start = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    plain = {"side": None, "source": "chat", "unit": None, "title": None}
    filled = [plain | {"time": start + dt.timedelta(days=n)} | row for n, row in enumerate(rows)]
    return pl.DataFrame(filled, schema=MESSAGES, orient="row")


def _scored(messages: pl.DataFrame, truth: Mapping[str, str], short: str) -> Score:
    """What a tour would count, against the truth; a message is left, too, where a longer theme holds the acronym."""
    corpus = prepare(messages, step=Step.MONTH, progress=Silent())
    said = find_themes(corpus, ThreadEngine(threads=2), Settings(encoder="plain"), progress=Silent())
    ids = corpus.columns(["id"])["id"].to_list()
    senses = set(truth.values()) - {""}
    means = {
        number: {readable(form) for _, form in concept.variants} & senses
        for number, concept in enumerate(said.concepts)
        if any(form == short for _, form in concept.written)
    }
    told: dict[str, set[str]] = {}
    for row, number in zip(said.message.tolist(), said.concept.tolist(), strict=True):
        if number in means and ids[row] in truth:
            told.setdefault(ids[row], set()).update(means[number])
    score = Score()
    for key in set(ids) & truth.keys():  # cleaning may have taken some
        sense, named = truth[key], told.get(key, set())
        if not sense:
            score += Score(untold=bool(named))
        else:
            score += Score(right=sense in named, wrong=bool(named) and sense not in named, left=not named)
    return score
