"""What is said in each message: the themes of its conversation, and all the rest that people write.

How long a message is, is drawn first; then it is filled, sentence by sentence, each speaking of a theme of its conversation
or of something else with chances that know neither the day nor the length. So among messages of one length nothing moves
but what is planted, while messages grow longer.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.model import Side
from estran.simulate.conversations import SOURCES, Skeleton
from estran.simulate.grammar import grammar, nouns, themes, zipf
from estran.simulate.subjects import Topics, subjects
from estran.simulate.truth import folded, phrases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LENGTH = (20.0, 38.0)
"""Mean words of a message beyond the first `SHORTEST`, at the start and at the end of the span."""

SHORTEST = 8

SPEAKS = 0.22
"""How often a sentence of a conversation about a theme speaks of it."""

MOST = 0.8
"""How often a sentence speaks of any theme, at the most, where a conversation is about many."""

OWN = 0.3
"""How often a theme comes in a sentence of its own, and not in one that all themes share."""

FRAMED = 0.3
"""How often any other sentence is about one of the background nouns."""

COMMONPLACE = 2

_NOUN = re.compile(r"\{(le|Le|du|au|x|the)\}")

_LONGEST = 30  # words: with so much room left, no sentence is the last
_VARIETY = 1.5  # shape of the gamma that makes some messages much longer than others
_SOURCE_NAMES = np.array([s.name for s in SOURCES])


@dataclass(frozen=True, slots=True)
class Written:
    """The words of every message, and how many messages hold each theme in their text."""

    text: pl.Series
    title: pl.Series
    holds: NDArray[np.int64]


@cache
def commonplace(language: str) -> frozenset[str]:
    """The phrases of more than `COMMONPLACE` of the sentences that people write whatever they speak of, and all words of lists.

    They do not move with a theme in whose own sentences they are: it is too small a part of them.
    """
    texts = grammar(language).texts
    lists = [entry for entries in texts["lists"].values() for entry in entries]
    sides = [texts[kind][side] for kind in ("frames", "fillers") for side in Side]
    around = (texts["openers"], texts["tails"], texts["titles"], texts["plain_titles"])
    sentences = Counter(chain.from_iterable(phrases([said]) for said in chain(*around, *sides)))
    return frozenset(phrases(lists)).union(form for form, many in sentences.items() if many > COMMONPLACE)


@cache
def crossing(language: str, name: str, own: tuple[str, ...]) -> frozenset[str]:
    """The phrases that hold a part of a theme's name, and words of a shared sentence, of a title or of one of its own.

    Args:
        language: ISO code.
        name: written "form|gender".
        own: the sentences that only this theme has.
    """
    texts, columns = grammar(language).texts, nouns(language, [name]).columns
    around = (*own, *texts["titles"], *texts["frames"]["inside"], *texts["frames"]["outside"])
    filled = [_NOUN.sub(lambda slot: str(columns[slot[1]][0]), template) for template in around]
    words = set(folded(name.split("|", maxsplit=1)[0]).split())
    said = phrases(filled, longest=5) - phrases(around[len(own) :])  # a hyphen makes two words of one
    return frozenset(form for form in said if words & set(form.split()))


def write(
    skeleton: Skeleton, about: Topics, *, languages: tuple[str, ...], traps: bool, rng: np.random.Generator
) -> Written:
    """Text and title of every message.

    Args:
        skeleton: the messages.
        about: the themes of their conversations.
        languages: ISO codes, in the order of `skeleton.language`.
        traps: whether footers, templates and the words of one tool are written.
        rng: chance.
    """
    page = _Page(skeleton, about, languages, rng)
    title = page.titles()
    for code in range(len(languages)):
        if traps:
            page.speak_of_tools(code)
        page.fill(code)
    return Written(_dress(page, page.bodies(), traps=traps), title, page.holds())


class _Page:
    """What is written so far: sentences, each with its message, and the words of every message, its title included."""

    def __init__(
        self, skeleton: Skeleton, about: Topics, languages: tuple[str, ...], rng: np.random.Generator
    ) -> None:
        self.skeleton, self.about, self.languages, self.rng = skeleton, about, languages, rng
        self.grammars = [grammar(code) for code in languages]
        self.subjects = [subjects(code) for code in languages]
        self.messages: list[NDArray[np.int64]] = []
        self.sentences: list[str] = []
        self.held: list[NDArray[np.int64]] = []
        count = len(skeleton.thread)
        self.words = np.zeros(count, dtype=np.int64)
        mean = LENGTH[0] + (LENGTH[1] - LENGTH[0]) * skeleton.moment
        self.room = SHORTEST + mean * rng.gamma(_VARIETY, 1 / _VARIETY, count)

    def rows(self, code: int) -> NDArray[np.bool_]:
        """Messages of a language that people write by hand."""
        written: NDArray[np.bool_] = (self.skeleton.language == code) & ~self.skeleton.template
        return written

    def fill(self, code: int) -> None:
        """Sentences in all messages of a language, until each is as long as it is to be; at least one."""
        rows = np.flatnonzero(self.rows(code))
        while len(rows):
            sentences = np.maximum((self.room - self.words)[rows] // _LONGEST, 1).astype(np.int64)
            self.speak(code, np.repeat(rows, sentences))
            rows = rows[self.words[rows] < self.room[rows]]

    def speak(self, code: int, messages: NDArray[np.int64]) -> None:
        """One sentence for each of these messages, about a theme of its conversation or about something else."""
        rng, spoken = self.rng, self.subjects[code]
        conversation = self.skeleton.thread[messages]
        many = self.about.counts[conversation]
        nth = (rng.random(len(messages)) / np.minimum(SPEAKS, MOST / np.maximum(many, 1))).astype(np.int64)
        themed = np.flatnonzero(nth < many)
        theme = np.full(len(messages), -1)
        theme[themed] = self.about.at(conversation[themed], nth[themed])
        self.held.append(messages[themed] * len(themes()) + theme[themed])
        subject = np.full(len(messages), -1)
        subject[themed] = spoken.drawn(theme[themed], rng)
        framed = (theme < 0) & (rng.random(len(messages)) < FRAMED)
        own = rng.random(len(messages)) < OWN
        for side in Side:
            here = self.skeleton.inside[messages] == (side is Side.INSIDE)
            first, past = spoken.background[side]
            some = np.flatnonzero(here & framed)
            subject[some] = first + zipf(past - first, len(some), rng)
            sentences, kinds = spoken.own[side], spoken.kinds[side]
            alone = here & own & (theme >= 0) & (kinds[theme, 1] > 0)
            rows = np.flatnonzero(alone)
            start, count = kinds[theme[rows]].T
            self.add(code, sentences, messages[rows], subject[rows], start + rng.integers(0, count))
            rows = np.flatnonzero(here & (subject >= 0) & ~alone)
            self.add(code, self.grammars[code].texts["frames"][side], messages[rows], subject[rows])
            rows = np.flatnonzero(here & (subject < 0))
            self.add(code, self.grammars[code].texts["fillers"][side], messages[rows])

    def speak_of_tools(self, code: int) -> None:
        """The words that one tool alone brings with it."""
        for name, templates in self.grammars[code].texts["sources"].items():
            rows = np.flatnonzero(self.rows(code) & (_SOURCE_NAMES[self.skeleton.source] == name))
            self.add(code, templates, rows[self.rng.random(len(rows)) < 0.4])

    def add(
        self,
        code: int,
        templates: Sequence[str],
        messages: NDArray[np.int64],
        subject: NDArray[np.int64] | None = None,
        chosen: NDArray[np.int64] | None = None,
    ) -> None:
        """One sentence in each message, of the template chosen for it or of a drawn one; `subject`: what each is about."""
        if chosen is None:
            chosen = self.rng.integers(0, len(templates), len(messages))
        cores, rows = self.filled(code, templates, chosen, subject)
        sentences = self.finish(code, cores)
        self.sentences += sentences
        self.messages.append(messages[rows])
        np.add.at(self.words, messages[rows], _lengths(sentences))

    def filled(
        self,
        code: int,
        templates: Sequence[str],
        chosen: NDArray[np.int64],
        subject: NDArray[np.int64] | None = None,
    ) -> tuple[list[str], NDArray[np.int64]]:
        """The chosen templates filled, template after template, and where each stood."""
        order = np.argsort(chosen, kind="stable")
        bounds = np.searchsorted(chosen[order], np.arange(len(templates) + 1))
        said: list[str] = []
        for template, first, past in zip(templates, bounds[:-1], bounds[1:], strict=True):
            if first == past:
                continue
            columns = None
            if subject is not None:
                forms = self.subjects[code].forms.columns
                columns = {slot: forms[slot][subject[order[first:past]]] for slot in forms}
            said += self.grammars[code].fill(template, past - first, self.rng, columns)
        return said, order

    def finish(self, code: int, cores: list[str]) -> list[str]:
        """Sentences with what comes before and after, a capital and a full stop."""
        texts, rng, count = self.grammars[code].texts, self.rng, len(cores)
        openers = _some_of(texts["openers"], count, 0.15, rng)
        tails = _some_of(texts["tails"], count, 0.08, rng)
        marks = [".", ".", ".", ".", ".", ".", ".", " !" if self.grammars[code].language == "fr" else "!"]
        stops = _one_of(marks, count, rng)
        finished = []
        for opener, core, tail, stop in zip(openers, cores, tails, stops, strict=True):
            if core.endswith("?"):
                sentence, stop = core, ""  # noqa: PLW2901
            else:
                sentence = f"{opener}, {core}" if opener else core
                sentence = f"{sentence}, {tail}" if tail else sentence
            finished.append(sentence[0].upper() + sentence[1:] + stop)
        return finished

    def titles(self) -> pl.Series:
        """Titles of what opens a conversation in a tool that has them: half name a theme of it, if there is one."""
        skeleton, rng = self.skeleton, self.rng
        titled = (skeleton.position == 0) & np.isin(
            _SOURCE_NAMES[skeleton.source], ("agora", "mail", "forum", "support")
        )
        column = np.full(len(titled), None, dtype=object)
        for code, words in enumerate(self.grammars):
            rows = np.flatnonzero(titled & (skeleton.language == code))
            conversation = skeleton.thread[rows]
            many = self.about.counts[conversation]
            named = (many > 0) & (rng.random(len(rows)) < 0.5)
            theme = self.about.at(conversation[named], rng.integers(0, many[named]))
            for templates, some, subject in (
                (words.texts["titles"], rows[named], self.subjects[code].first[theme]),
                (words.texts["plain_titles"], rows[~named], None),
            ):
                chosen = rng.integers(0, len(templates), len(some))
                said, order = self.filled(code, templates, chosen, subject)
                column[some[order]] = said
                self.words[some[order]] += _lengths(said)
        return pl.Series(column.tolist(), dtype=pl.String)

    def bodies(self) -> pl.Series:
        """The sentences of each message, in a drawn order."""
        message = np.concatenate(self.messages)
        order = np.lexsort((self.rng.random(len(message)), message))
        joined = (
            pl.DataFrame({"message": message[order], "sentence": pl.Series(self.sentences)[order]})
            .group_by("message", maintain_order=True)
            .agg(pl.col("sentence").str.join(" "))
        )
        column = np.full(len(self.skeleton.thread), "", dtype=object)
        column[joined["message"].to_numpy()] = joined["sentence"].to_numpy()
        return pl.Series(column.tolist(), dtype=pl.String)

    def holds(self) -> NDArray[np.int64]:
        """How many messages hold each theme."""
        pairs = np.unique(np.concatenate(self.held))
        return np.bincount(pairs % len(themes()), minlength=len(themes()))


def _lengths(sentences: Sequence[str]) -> NDArray[np.int64]:
    """Words of each sentence; French elisions make two."""
    return np.fromiter((1 + s.count(" ") + s.count("'") for s in sentences), np.int64, len(sentences))


def _some_of(texts: Sequence[str], count: int, share: float, rng: np.random.Generator) -> NDArray[np.object_]:
    """For each of `count` sentences one of the texts, or mostly nothing."""
    return np.where(rng.random(count) < share, _one_of(texts, count, rng), "")


def _one_of(texts: Sequence[str], count: int, rng: np.random.Generator) -> NDArray[np.object_]:
    return np.array(texts, dtype=object)[rng.integers(0, len(texts), count)]


def _dress(page: _Page, body: pl.Series, *, traps: bool) -> pl.Series:
    """Greetings, closings, footers, answers out of templates, and the hands of those who write without accents."""
    skeleton, rng, count = page.skeleton, page.rng, len(body)
    polite = np.isin(_SOURCE_NAMES[skeleton.source], ("support", "mail"))
    before, after, whole = (np.full(count, "", dtype=object) for _ in range(3))
    footed = traps & (_SOURCE_NAMES[skeleton.source] == "mail") & (skeleton.moment > 0.5) & ~skeleton.template
    mobile = traps & ~skeleton.inside & (skeleton.moment > 0.6) & (rng.random(count) < 0.15)
    greeted = rng.random(count) < np.where(polite, 0.7, 0.1)
    closed = rng.random(count) < np.where(polite, 0.6, 0.08)
    for code, words in enumerate(page.grammars):
        texts = words.texts
        here = skeleton.language == code
        before[here & greeted] = _one_of(texts["greetings"], int((here & greeted).sum()), rng)
        after[here & closed] = _one_of(texts["closings"], int((here & closed).sum()), rng)
        after[here & mobile] += "\n\n" + texts["replies"]["mobile"][0]
        after[here & footed] += "\n\n" + texts["replies"]["footers"][0]
        for number, template in enumerate(texts["replies"]["support"]):
            rows = np.flatnonzero(
                here & skeleton.template & (skeleton.thread % len(texts["replies"]["support"]) == number)
            )
            whole[rows] = words.fill(template, len(rows), rng)
    written = pl.DataFrame(
        {
            "before": pl.Series(before.tolist(), dtype=pl.String),
            "body": body,
            "after": pl.Series(after.tolist(), dtype=pl.String),
            "whole": pl.Series(whole.tolist(), dtype=pl.String),
            "hand": skeleton.author % 25,
        }
    )
    joined = pl.concat_str("before", pl.lit("\n"), "body", pl.lit("\n"), "after").str.strip_chars()
    bare = joined.str.normalize("NFD").str.replace_all(r"\p{M}", "")
    return written.select(
        pl.when(pl.col("whole") != "").then("whole")
        .when(pl.col("hand") == 7).then(bare)
        .when(pl.col("hand") == 11).then(joined.str.to_lowercase())
        .otherwise(joined)
        .alias("text")
    )["text"]  # fmt: skip
