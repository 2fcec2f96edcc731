"""Marée, a retailer of outdoor goods that never existed: six years of what its people and its customers say."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from estran.errors import SettingsError
from estran.findings import Shape
from estran.model import MESSAGES, Side
from estran.simulate import writing
from estran.simulate.conversations import SOURCES, Skeleton, converse
from estran.simulate.curves import Curve
from estran.simulate.grammar import grammar, nouns, themes
from estran.simulate.planters import plant_event, plant_loud_author
from estran.simulate.subjects import topics
from estran.simulate.truth import Planted, Simulation, Trap, Truth, phrases

if TYPE_CHECKING:
    from numpy.typing import NDArray

LANGUAGES = ("fr", "en")


def company(
    *,
    seed: int = 0,
    messages: int = 40_000,
    years: float = 6,
    until: dt.date = dt.date(2026, 1, 1),
    languages: tuple[str, ...] = LANGUAGES,
    traps: bool = True,
) -> Simulation:
    """A corpus of a company inside and outside, in two languages, with its planted truth.

    Thirty-four themes move and fourteen hold (texts/themes.toml); some are led by one side. The number of messages a
    day grows fivefold; messages grow longer, so that all words are in more of them, and what is planted is the share
    among messages of one length; a tool appears, another falls silent. The same arguments give the
    same corpus, to the last letter, on one release of NumPy.

    Args:
        seed: of all chance.
        messages: how many, at least 500.
        years: length of the span.
        until: first day after the span.
        languages: "fr", "en" or both.
        traps: whether to lay loud authors, one-conversation bursts, footers, templates and words of one tool.

    Raises:
        SettingsError: too few messages, or a language that Marée does not speak.
    """
    if messages < 500:
        raise SettingsError(f"a company needs at least 500 messages to speak of its themes, not {messages}")
    if not languages or not set(languages) <= set(LANGUAGES):
        raise SettingsError(f"Marée speaks {', '.join(LANGUAGES)}, not {', '.join(languages) or 'nothing'}")
    rng = np.random.default_rng(seed)
    days = round(years * 365.25)
    start = until - dt.timedelta(days=days)
    skeleton = converse(messages, days=days, languages=languages, rng=rng)
    if not traps:
        skeleton = replace(skeleton, template=np.zeros(messages, dtype=np.bool_))
    about = topics([_rates(theme, skeleton, years) for theme in themes()], rng)
    written = writing.write(skeleton, about, languages=languages, traps=traps, rng=rng)
    frame = _frame(skeleton, written, start=start, languages=languages)
    planted = tuple(
        _planted(theme, count, languages=languages, start=start, days=days)
        for theme, count in zip(themes(), written.holds.tolist(), strict=True)
    )
    laid: tuple[Trap, ...] = ()
    if traps:
        frame, laid = _lay_traps(frame, languages, rng)
    return Simulation(frame.sort("time", "id"), Truth(planted, laid))


def _curve(theme: dict[str, Any]) -> Curve:
    return Curve(Shape(theme["shape"]), theme.get("ratio", 1.0), tuple(theme.get("turn", ())))


def _rates(theme: dict[str, Any], skeleton: Skeleton, years: float) -> NDArray[np.float64]:
    """Share of the conversations that are about the theme, at the moment of each and on its side."""
    curve, lag = _curve(theme), theme.get("lag", 0.0) / years
    opening = skeleton.position == 0
    moment, source = skeleton.moment[opening], skeleton.source[opening]
    of_side = {}
    for side in Side:
        late = lag if theme.get("leads", side.value) != side.value else 0.0
        of_side[side] = theme["level"] * theme[side.value] * curve.at(moment - late)
    opened_inside = np.array([s.side is Side.INSIDE for s in SOURCES])[source]
    rates: NDArray[np.float64] = np.where(opened_inside, of_side[Side.INSIDE], of_side[Side.OUTSIDE])
    return rates


def _planted(
    theme: dict[str, Any], messages: int, *, languages: tuple[str, ...], start: dt.date, days: int
) -> Planted:
    curve = _curve(theme)
    companions: set[str] = set()
    for code in languages:
        own = tuple(text for side in Side for text in theme[code].get(side.value, ()))
        companions |= phrases(own) - writing.commonplace(code)
        companions = companions.union(*(writing.crossing(code, form, own) for form in theme[code]["forms"]))
    return Planted(
        name=theme["name"],
        forms={code: tuple(form.split("|")[0] for form in theme[code]["forms"]) for code in languages},
        shape=curve.shape,
        ratio=curve.ratio,
        turns=tuple(start + dt.timedelta(days=round(turn * days)) for turn in curve.turns),
        messages=int(messages),
        leads=Side(theme["leads"]) if "leads" in theme else None,
        lag_years=theme.get("lag", 0.0),
        companions=frozenset(companions),
    )


def _frame(
    skeleton: Skeleton, written: writing.Written, *, start: dt.date, languages: tuple[str, ...]
) -> pl.DataFrame:
    epoch = (start - dt.date(1970, 1, 1)).days
    milliseconds = ((skeleton.day + epoch) * 86_400 + skeleton.second) * 1000
    source = np.array([s.name for s in SOURCES])[skeleton.source]
    threaded = np.array([s.threaded for s in SOURCES])[skeleton.source]
    number = pl.Series(np.arange(len(source))).cast(pl.String).str.zfill(7)
    prefix = pl.Series(np.where(skeleton.inside, "employee-", "customer-"))
    columns = {
        "id": "m" + number,
        "time": pl.Series(milliseconds).cast(pl.Datetime("ms", "UTC")),
        "text": written.text,
        "author": prefix + pl.Series(skeleton.author).cast(pl.String).str.zfill(6),
        "side": pl.Series(np.where(skeleton.inside, "inside", "outside")),
        "source": pl.Series(source),
        "unit": pl.Series(skeleton.unit.tolist(), dtype=pl.String).replace("", None),
        "thread": "t" + pl.Series(skeleton.thread).cast(pl.String).str.zfill(7),
        "language": pl.Series(np.array(languages)[skeleton.language]),
        "title": written.title,
    }
    frame = pl.DataFrame(columns, schema=MESSAGES)
    return frame.with_columns(pl.when(pl.Series(threaded)).then("thread").alias("thread"))


def _lay_traps(
    frame: pl.DataFrame, languages: tuple[str, ...], rng: np.random.Generator
) -> tuple[pl.DataFrame, tuple[Trap, ...]]:
    """Loud authors and one-conversation bursts, then what `writing` laid already."""
    laid: list[Trap] = []
    for code in languages:
        texts = grammar(code).texts
        of_language = pl.col("language") == code
        for entry, side in zip(texts["traps"]["loud"], ("inside", "inside", "outside"), strict=True):
            words, sentence = _exclaimed(code, entry)
            rows = of_language & (pl.col("side") == side)
            frame, trap = plant_loud_author(frame, words, rows=rows, sentence=sentence, after=0.55, rng=rng)
            laid.append(trap)
        for entry, source in zip(texts["traps"]["events"], ("agora", "social", "mail"), strict=True):
            words, sentence = _exclaimed(code, entry)
            rows = of_language & (pl.col("source") == source)
            frame, trap = plant_event(frame, words, rows=rows, sentence=sentence, after=0.7, rng=rng)
            laid.append(trap)
        laid += [
            Trap("template", tuple(texts["replies"]["support"])),
            Trap("footer", (*texts["replies"]["footers"], *texts["replies"]["mobile"])),
            Trap("new source", tuple(texts["sources"]["chat"])),
            Trap("silent source", tuple(texts["sources"]["forum"])),
        ]
    return frame, tuple(laid)


def _exclaimed(language: str, entry: str) -> tuple[str, str]:
    """The words of a trap, and the sentence they come in: nothing else in it is worth counting."""
    words = entry.split("|", maxsplit=1)[0]
    with_article = str(nouns(language, [entry]).columns["le"][0])
    return words, grammar(language).texts["traps"]["around"].format(with_article.replace(words, "{}"))
