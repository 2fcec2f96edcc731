"""What is said in each message: the themes of its conversation, and all the rest that people write."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from estran.model import Side
from estran.simulate.conversations import SOURCES, Skeleton
from estran.simulate.grammar import Grammar, Nouns, grammar, nouns, themes, zipf
from estran.simulate.truth import phrases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LENGTH = (1.0, 2.0)
"""Mean number of sentences drawn beside the themes, at the start and at the end of the span; at least one is written."""

OWN = 0.3
"""How often a theme comes in a sentence of its own, and not in one that all themes share."""

_VARIETY = 1.5  # shape of the gamma that makes some messages much longer than others
_SOURCE_NAMES = np.array([s.name for s in SOURCES])


@dataclass(frozen=True, slots=True)
class Mentions:
    """Which message speaks of which theme: two arrays of one length, each pair once."""

    message: NDArray[np.int64]
    theme: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Written:
    """The words of every message."""

    text: pl.Series
    title: pl.Series


def lengthening(moments: NDArray[np.float64]) -> NDArray[np.float64]:
    """How long messages are, beside their themes, at moments from 0 to 1; 1 at the end.

    Themes are spoken of in the same measure. If they were not, all other words would rise among messages of one length,
    and that would be a trend.
    """
    drawn = LENGTH[0] + (LENGTH[1] - LENGTH[0]) * np.append(moments, 1.0)
    written = (
        drawn + (1 + drawn / _VARIETY) ** -_VARIETY
    )  # at least one: the second term is how often none is drawn
    relative: NDArray[np.float64] = written[:-1] / written[-1]
    return relative


def mentions(skeleton: Skeleton, rates: Sequence[NDArray[np.float64]], rng: np.random.Generator) -> Mentions:
    """Draws the themes of each conversation, then which of its messages speak of them.

    Args:
        skeleton: the messages.
        rates: for each theme, the share of conversations about it, at each message.
        rng: chance.
    """
    opening = np.flatnonzero(skeleton.position == 0)
    speaks = np.where(skeleton.position == 0, 0.9, 0.4)
    message, theme = [], []
    for number, rate in enumerate(rates):
        about = (rng.random(len(opening)) < rate[opening])[skeleton.thread]
        said = np.flatnonzero(about & (rng.random(len(speaks)) < speaks) & ~skeleton.template)
        message.append(said)
        theme.append(np.full(len(said), number))
    return Mentions(np.concatenate(message), np.concatenate(theme))


@cache
def shared(language: str) -> frozenset[str]:
    """The phrases of sentences that every theme may come in, and of all that people write beside themes."""
    texts = grammar(language).texts
    lists = [entry.split("|")[0] for entries in texts["lists"].values() for entry in entries]
    sides = [texts[kind][side] for kind in ("frames", "fillers") for side in Side]
    around = (texts["openers"], texts["tails"], texts["titles"], texts["plain_titles"])
    return frozenset(phrases(chain(*around, *sides, lists)))


def write(
    skeleton: Skeleton, said: Mentions, *, languages: tuple[str, ...], traps: bool, rng: np.random.Generator
) -> Written:
    """Text and title of every message.

    Args:
        skeleton: the messages.
        said: the themes that they speak of.
        languages: ISO codes, in the order of `skeleton.language`.
        traps: whether footers, templates and the words of one tool are written.
        rng: chance.
    """
    page = _Page(skeleton, [grammar(code) for code in languages], rng)
    for code, language in enumerate(languages):
        _write_themes(page, code, language, said)
        _write_rest(page, code)
        if traps:
            _write_tools(page, code)
    body = page.bodies()
    text = _dress(page, body, traps=traps)
    return Written(text, _titles(page, said, languages))


class _Page:
    """The sentences written so far, each with its message; the order in a message is drawn at the end."""

    def __init__(self, skeleton: Skeleton, grammars: list[Grammar], rng: np.random.Generator) -> None:
        self.skeleton, self.grammars, self.rng = skeleton, grammars, rng
        self.messages: list[NDArray[np.int64]] = []
        self.sentences: list[str] = []

    def add(
        self,
        code: int,
        templates: Sequence[str],
        messages: NDArray[np.int64],
        spoken: tuple[Nouns, NDArray[np.int64]] | None = None,
    ) -> None:
        """One sentence in each message, of a template drawn for it; `spoken`: the nouns, and the one of each sentence."""
        words = self.grammars[code]
        chosen = self.rng.integers(0, len(templates), len(messages))
        for number, template in enumerate(templates):
            rows = np.flatnonzero(chosen == number)
            if not len(rows):
                continue
            columns = None
            if spoken is not None:
                columns = {slot: forms[spoken[1][rows]] for slot, forms in spoken[0].columns.items()}
            self.sentences += self.finish(code, words.fill(template, len(rows), self.rng, columns))
            self.messages.append(messages[rows])

    def finish(self, code: int, cores: list[str]) -> list[str]:
        """Sentences with what comes before and after, a capital and a full stop."""
        texts, rng = self.grammars[code].texts, self.rng
        openers = self._around(code, texts["openers"], len(cores), 0.4)
        tails = self._around(code, texts["tails"], len(cores), 0.35)
        marks = [".", ".", ".", ".", " !" if self.grammars[code].language == "fr" else "!", "..."]
        stops = _one_of(marks, len(cores), rng)
        finished = []
        for opener, core, tail, stop in zip(openers, cores, tails, stops, strict=True):
            asks = core.endswith("?")
            sentence = f"{opener}, {core}" if opener else core
            if tail and not asks:
                sentence = f"{sentence}, {tail}"
            finished.append(sentence[0].upper() + sentence[1:] + ("" if asks else stop))
        return finished

    def _around(self, code: int, templates: list[str], count: int, share: float) -> list[str]:
        """For each sentence one of the templates, filled, or nothing."""
        column = np.full(count, "", dtype=object)
        drawn = np.where(self.rng.random(count) < share, self.rng.integers(0, len(templates), count), -1)
        for number in np.unique(drawn[drawn >= 0]):
            rows = np.flatnonzero(drawn == number)
            column[rows] = self.grammars[code].fill(templates[number], len(rows), self.rng)
        return list(column)

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

    def rows(self, code: int) -> NDArray[np.bool_]:
        written: NDArray[np.bool_] = (self.skeleton.language == code) & ~self.skeleton.template
        return written


def _side(inside: bool) -> str:  # noqa: FBT001  a column of booleans is what it reads
    return "inside" if inside else "outside"


def _write_themes(page: _Page, code: int, language: str, said: Mentions) -> None:
    """Every mention of a theme as a sentence, a third of them of the theme's own."""
    for number, theme in enumerate(themes()):
        messages = said.message[said.theme == number]
        messages = messages[page.skeleton.language[messages] == code]
        forms = nouns(language, theme[language]["forms"])
        for inside in (False, True):
            rows = messages[page.skeleton.inside[messages] == inside]
            own = theme[language].get(_side(inside), [])
            chosen = page.rng.random(len(rows)) < (OWN if own else 0.0)
            for templates, share in (
                (own, rows[chosen]),
                (page.grammars[code].texts["frames"][_side(inside)], rows[~chosen]),
            ):
                if len(share):
                    form = np.where(
                        page.rng.random(len(share)) < 0.75, 0, page.rng.integers(0, len(forms), len(share))
                    )
                    page.add(code, templates, share, (forms, form))


def _write_rest(page: _Page, code: int) -> None:
    """What people write beside the themes: more and more of it, a third about the background nouns."""
    skeleton, rng = page.skeleton, page.rng
    rows = np.flatnonzero(page.rows(code))
    mean = LENGTH[0] + (LENGTH[1] - LENGTH[0]) * skeleton.moment[rows]
    sentences = rng.poisson(mean * rng.gamma(_VARIETY, 1 / _VARIETY, len(rows)))
    sentences = np.maximum(sentences, 1)
    messages = np.repeat(rows, sentences)
    framed = rng.random(len(messages)) < 0.35
    texts, background = page.grammars[code].texts, page.grammars[code].nouns
    for inside in (False, True):
        here = skeleton.inside[messages] == inside
        about = messages[here & framed]
        page.add(
            code, texts["frames"][_side(inside)], about, (background, zipf(len(background), len(about), rng))
        )
        page.add(code, texts["fillers"][_side(inside)], messages[here & ~framed])


def _write_tools(page: _Page, code: int) -> None:
    """The words that one tool alone brings with it."""
    for name, templates in page.grammars[code].texts["sources"].items():
        rows = np.flatnonzero(page.rows(code) & (_SOURCE_NAMES[page.skeleton.source] == name))
        page.add(code, templates, rows[page.rng.random(len(rows)) < 0.4])


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


def _one_of(texts: Sequence[str], count: int, rng: np.random.Generator) -> NDArray[np.object_]:
    return np.array(texts, dtype=object)[rng.integers(0, len(texts), count)]


def _titles(page: _Page, said: Mentions, languages: tuple[str, ...]) -> pl.Series:
    """Titles of the messages that open a conversation in a tool that has them: half name the theme, if there is one."""
    skeleton, rng = page.skeleton, page.rng
    titled = (skeleton.position == 0) & np.isin(
        _SOURCE_NAMES[skeleton.source], ("agora", "mail", "forum", "support")
    )
    about = np.full(len(titled), -1)
    about[said.message] = said.theme
    about[rng.random(len(titled)) < 0.5] = -1
    column = np.full(len(titled), None, dtype=object)
    for code, language in enumerate(languages):
        words, here = page.grammars[code], titled & (skeleton.language == code)
        themed, plain = np.flatnonzero(here & (about >= 0)), np.flatnonzero(here & (about < 0))
        forms = nouns(language, [theme[language]["forms"][0] for theme in themes()])
        for rows, templates in ((themed, words.texts["titles"]), (plain, words.texts["plain_titles"])):
            chosen = rng.integers(0, len(templates), len(rows))
            for number, template in enumerate(templates):
                some = rows[chosen == number]
                spoken = {slot: words_of[about[some]] for slot, words_of in forms.columns.items()}
                column[some] = words.fill(template, len(some), rng, spoken)
    return pl.Series(column.tolist(), dtype=pl.String)
