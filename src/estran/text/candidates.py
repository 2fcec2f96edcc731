"""Which counted phrases may be concepts, by what each of their words is."""

from __future__ import annotations

import re
import statistics
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

import polars as pl
import wordfreq

from estran.text import packs, quality, variants
from estran.text.tokens import ELISIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from estran.text.packs import Pack

FOREIGN = 0.05
"""A stop word of another language that is less than this as frequent here as there is a crumb of it."""

COMMON = 1e-5
"""In a language without a pack, a word of this frequency in general text..."""

USUAL = 2.7
"""...says little alone where it is not so much commoner here than in general text, or, where that is more, than the commonest words are..."""

COMMONEST = 500
"""...which are so many of the language, but for its stop words."""

WEAK = ("register", "general", "calendar", "stop")
"""Sorts of words of which a phrase needs a reason to be a term."""

YEAR = re.compile(r"(19|20)\d\d$")
MOMENT = re.compile(r"[\d-]+(h\d*|am|pm|th|st|nd|rd|e|er|ème|èmes|s|x|px|mn|min|mb|gb|kb|ms|mm|cm|kg|km)?$")
INVERTED = re.compile(
    r".+-(t-)?(je|tu|il|elle|on|nous|vous|ils|elles|ce|moi|toi|lui|leur|le|la|les|y|en|ci|là)$"
)  # "est-elle", "rejoignez-nous"
SMALL_NUMBER = re.compile(r"\d{1,2}$")
ADVERB_STEM = 4
"""Letters that an English adverb has at least, before its -ly."""

NO_ADVERBS = frozenset(
    {"elderly", "friendly", "assembly", "monthly", "weekly", "quarterly", "yearly", "supply", "butterfly"}
)
"""Words in -ly that say what something is, or are things."""

PLACES = range(quality.LONGEST)


def vocabulary(attested: Mapping[str, int], pack: Pack) -> pl.DataFrame:
    """What each single word is: token, messages, name (of its class), sort, verb, general frequency.

    `sort` is one of stop, number, small (a number that may be a version), year, date, calendar, register, hollow,
    general, word, and code (no word at all).
    """
    words = quality.words_of(sum(attested.values()), pack)
    # what is commoner here than in its own language is no crumb of it: "CI"
    crumbs = {
        word for word, elsewhere in _foreign(pack).items() if attested.get(word, 0) <= elsewhere * words
    }
    usual = _usual(attested, words, pack)
    verbs = quality.verb_forms(attested, pack)
    names = variants.word_classes(attested, pack.code) | _by_verb(attested, verbs)
    tokens = sorted(attested)
    return pl.DataFrame(
        {
            "token": tokens,
            "messages": [attested[token] for token in tokens],
            "name": [names[token] for token in tokens],
            "sort": ["general" if token in usual else _sort(token, pack, crumbs) for token in tokens],
            "verb": [token in verbs for token in tokens],
            "general": [quality.general_frequency(token, pack.code) for token in tokens],
        },
        schema={"token": pl.String, "messages": pl.Int64, "name": pl.String, "sort": pl.String,
                "verb": pl.Boolean, "general": pl.Float64},
    )  # fmt: skip


def _usual(attested: Mapping[str, int], words: float, pack: Pack) -> frozenset[str]:
    """Words of a language without a pack that any text says as often: nobody has listed them, and they are no themes.

    Held against the commonest words of the language where the number of words looks too small: what is rare in a corpus
    is not counted, and of a small one that is most of it.

    Args:
        attested: word -> messages.
        words: of the corpus, as far as they are counted.
        pack: of the language.
    """
    if pack.code in packs.WRITTEN or not pack.stop_words:
        return frozenset()
    general = {word: quality.general_frequency(word, pack.code) for word in attested}
    common = (word for word in wordfreq.top_n_list(pack.code, COMMONEST) if word not in pack.stop_words)
    ratios = [attested[word] / general[word] for word in common if word in attested]
    most = USUAL * max(statistics.median(ratios) if ratios else 0.0, words)
    return frozenset(
        word for word, n in attested.items() if general[word] >= COMMON and n <= most * general[word]
    )


def _by_verb(attested: Mapping[str, int], verbs: Mapping[str, str]) -> dict[str, str]:
    """Every form of a verb -> its commonest form: register moves as a verb, not as one of its tenses."""
    forms: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(verbs):
        forms[verbs[word]].append(word)
    commonest = {base: max(words, key=lambda word: attested[word]) for base, words in forms.items()}
    return {word: commonest[base] for word, base in verbs.items()}


def _foreign(pack: Pack) -> dict[str, float]:
    """Stop words of the other written languages that are no words of this one: crumbs of quoted titles and texts.

    Each with its frequency where it is most frequent.
    """
    return {
        word: elsewhere
        for word, elsewhere in _function_words().items()
        if word not in pack.nouns
        and word not in pack.stop_words
        and not variants.known(word, pack.code)
        and quality.general_frequency(word, pack.code) < FOREIGN * elsewhere
    }


@cache
def _function_words() -> dict[str, float]:
    """The stop words of the written languages, each with its frequency where it is most frequent."""
    words = sorted(frozenset().union(*(packs.load(code).stop_words for code in packs.WRITTEN)))
    return {word: max(quality.general_frequency(word, code) for code in packs.WRITTEN) for word in words}


def _sort(token: str, pack: Pack, foreign: Collection[str]) -> str:
    crumb = (
        token in foreign
        or len(token) < 2
        or "_" in token
        or (pack.code == "fr" and bool(INVERTED.match(token)))
    )
    # nouns stand for themselves: "sharing" is no form of "share" there
    base = token if token in pack.nouns else variants.lemma(token, pack.code)
    tests = (
        ("date", token in pack.dates),
        ("year", bool(YEAR.match(token))),
        ("small", bool(SMALL_NUMBER.match(token))),
        ("number", bool(MOMENT.match(token))),
        ("calendar", token in pack.calendar),
        ("hollow", token in pack.hollow or base in pack.hollow or _adverb(token, pack)),
        ("register", token in pack.register),
        ("general", token in pack.general or base in pack.general),
        ("word", token in pack.nouns),
        ("code", crumb),
    )
    return next((sort for sort, holds in tests if holds), "word")


def _adverb(token: str, pack: Pack) -> bool:
    """An English word in -ly made of another word ("specifically" of "specifical" is not known, but listed)."""
    if pack.code != "en" or not token.endswith("ly") or token in NO_ADVERBS:
        return False
    stem = token.removesuffix("ly")
    bases = (stem, stem + "le", stem.removesuffix("al"), stem.removesuffix("i") + "y", stem + "ll")
    return len(stem) >= ADVERB_STEM and any(variants.known(base, "en") for base in bases)


def candidates(
    counts: pl.DataFrame, vocabulary: pl.DataFrame, pack: Pack, *, joined: pl.DataFrame
) -> pl.DataFrame:
    """The phrases that may be concepts.

    Args:
        counts: `phrase` and its figures, of one language.
        vocabulary: what `vocabulary` gave.
        pack: of the language.
        joined: `left` and `right`, classes of two words that the corpus also writes as one: they are a term, whatever
            each of them is ("use case", where "usecase" is written too).

    Returns:
        `counts` and, of each phrase left: `kind` (theme, style, date); `n0` to `n3`, the classes of its words (null for
        stop words and past the end); `weak0` to `weak3`, whether each is a word of register, a general one or a verb;
        `verbal`; `mixed` (longer, with a word of register); `link` (none, close, loose, fixed: what joins its words).
    """
    stops = pl.DataFrame({"token": sorted(pack.stop_words | set(ELISIONS))}).with_columns(
        name=pl.lit(None, pl.String), sort=pl.lit("stop"), verb=pl.lit(value=False)
    )
    lookup = pl.concat([vocabulary.select(stops.columns).join(stops, on="token", how="anti"), stops])
    tokens = pl.col("phrase").str.split(" ")
    wide = counts.with_columns(tokens.list.len().alias("size")).filter(pl.col("size") <= quality.LONGEST)
    wide = wide.with_columns(tokens.list.get(i, null_on_oob=True).alias(f"t{i}") for i in PLACES)
    for i in PLACES:
        at = lookup.rename({"token": f"t{i}", "name": f"n{i}", "sort": f"s{i}", "verb": f"v{i}"})
        wide = wide.join(at, on=f"t{i}", how="left", maintain_order="left")
    halves = joined.select(n0="left", n1="right", size=pl.lit(2, pl.UInt32), one=pl.lit(value=True))
    wide = wide.join(halves, on=["n0", "n1", "size"], how="left", maintain_order="left")
    one = pl.col("one").fill_null(value=False)
    kept = wide.filter(_unbroken() | one, _numbered(pack)).with_columns(
        *(
            ((pl.col(f"s{i}").is_in(WEAK[:3]) | pl.col(f"v{i}")).fill_null(value=False) & ~one).alias(f"weak{i}")
            for i in PLACES
        ),
        kind=_kind(), link=_link(pack), verbal=_verbal(pack) & ~one,
        mixed=(pl.col("size") > 1) & _any("register") & ~one,
    )  # fmt: skip
    return kept.filter(pl.col("kind").is_not_null(), pl.col("link").is_not_null()).select(
        *counts.columns, "kind", "link", "verbal", "mixed",
        *(f"n{i}" for i in PLACES), *(f"weak{i}" for i in PLACES),
    )  # fmt: skip


def _sorts() -> list[pl.Expr]:
    return [pl.col(f"s{i}") for i in PLACES]


def _any(*sorts: str) -> pl.Expr:
    return pl.any_horizontal(s.is_in(sorts).fill_null(value=False) for s in _sorts())


def _unbroken() -> pl.Expr:
    """Every token is known, no end is a stop word, none is code, and a longer phrase holds no hollow word."""
    present = [pl.col(f"t{i}").is_null() | pl.col(f"s{i}").is_not_null() for i in PLACES]
    last = pl.coalesce(*reversed(_sorts()))
    empty = (pl.col("size") > 1) & _any("hollow")
    return pl.all_horizontal(*present, pl.col("s0") != "stop", last != "stop", ~_any("code"), ~empty)


def _link(pack: Pack) -> pl.Expr:
    """What joins the words: nothing, a close, a loose or a fixed link; null for any other stop words."""
    second, third = (pl.col(f"s{i}").eq_missing("stop") for i in (1, 2))
    said = (
        pl.when(second & third)
        .then(pl.col("t1") + " " + pl.col("t2"))
        .when(second)
        .then("t1")
        .when(third)
        .then("t2")
    )
    close, loose, fixed = (
        [" ".join(link) for link in links] for links in (pack.links, pack.loose_links, pack.fixed_links)
    )
    return (
        pl.when(~second & ~third)
        .then(pl.lit("none"))
        .when(said.is_in(close))
        .then(pl.lit("close"))
        .when(said.is_in(loose))
        .then(pl.lit("loose"))
        .when(said.is_in(fixed))
        .then(pl.lit("fixed"))
    )


def _verbal(pack: Pack) -> pl.Expr:
    """A longer phrase that holds a form of a verb; in French a participle may follow ("bureau partagé")."""
    inside = [pl.col(f"v{i}").fill_null(value=False) for i in PLACES[1:]]
    if pack.code == "fr":
        inside = [
            verb & ~pl.col(f"t{i}").str.contains("(é|és|ée|ées)$") for i, verb in enumerate(inside, start=1)
        ]
    return (pl.col("size") > 1) & pl.any_horizontal("v0", *inside)


def _numbered(pack: Pack) -> pl.Expr:
    """A number stands only at the end, after a word that has versions ("python 3", not "step 2")."""
    before_end = [
        pl.col(f"s{i}").eq_missing("small") & pl.col(f"t{i + 1}").is_not_null() for i in PLACES[:-1]
    ]
    place = [
        pl.col(f"s{i}").eq_missing("small")
        & (
            pl.col(f"t{i - 1}").is_in(pack.numbered)
            | ~pl.col(f"s{i - 1}").is_in(["word", "register", "date"])
        )
        for i in PLACES[1:]
    ]
    return ~pl.any_horizontal(*before_end, *place)


def _kind() -> pl.Expr:
    """Theme, style or date; null for what is none of them."""
    alone = pl.col("size") == 1
    return (
        pl.when(_any("date", "year", "number"))
        .then(pl.when(alone & ~_any("number")).then(pl.lit("date")))
        .when(alone & _any("calendar"))
        .then(pl.lit("date"))
        .when(alone & (_any("register", "hollow", "general") | pl.col("v0")))
        .then(pl.lit("style"))
        .when(~(alone & _any("small")))
        .then(pl.lit("theme"))
    )
