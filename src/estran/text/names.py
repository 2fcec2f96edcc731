"""Words that call people by name, told by where they stand: a person is never a theme.

No list of names: "Mark" is a person in one corpus and money in another. A capitalised word is a name when most of the
messages that hold it have it where people are called or sign: after a greeting, alone on the last line, before "wrote".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from estran.text import packs, variants
from estran.text.cuts import BREAK, CLOSINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

MOSTLY = 0.6
LEAST_CALLS = 3
"""Share of the messages with a word that have it in such a place, from which it is a name; and their least number."""

OFTEN = 0.35
LEAST_OFTEN = 5
"""The same for a word that is hardly written small: people are also spoken of."""

SELDOM_SMALL = 0.25
"""Messages with the word in lower case, per message with a capital, below which a word of the dictionary is one."""

NAME = r"\p{Lu}[\p{L}’'.-]*\p{L}"
NAMES = rf"{NAME}(?:[ \t]+{NAME}){{0,2}}"
GREETING = (
    r"(?:[Hh]i|[Hh]ello|[Hh]ey|[Dd]ear|[Tt]hanks|[Tt]hank[ -]you|[Tt]hx|[Cc]heers|[Aa]pologies|[Ss]orry|[Gg]ood (?:morning|afternoon|evening)|"
    r"[Bb]onjour|[Bb]onsoir|[Ss]alut|[Cc]oucou|[Mm]erci|[Cc]hers?|[Cc]hères?)"
)
GREETINGS = rf"{GREETING}(?:[ \t]+(?:so much|very much|a lot|again|also|to|beaucoup|encore|à|de))*"
TITLES = r"(?:Mr|Mrs|Ms|Dr|Prof|Professor|Mme|Mlle|Monsieur|Madame|M)\b\.?"
SAYS = r"(?:wrote|writes|said|says|mentioned|suggested|pointed|explained|replied|noted|a écrit|a dit|écrivait|schrieb)\b"

CALLS: Mapping[str, tuple[str, ...]] = {
    "": (
        rf"(?m)^[ \t>]*({NAMES})[ \t]*,[ \t]*$",
        rf"(?m)^[ \t>]*(?i:{CLOSINGS}|hth)[ \t]*[,.!;-]*[ \t]*\n?\n?[ \t>]*({NAMES})[ \t.]*$",
        rf"\b{TITLES}[ \t]+({NAMES})",
        rf"@({NAME})\b",
        r"\n[ \t]*(?:--?[ \t]?|~)?(\p{Ll}{2,3})\s*\z",
    ),
    rf"{GREETING}[ \t,]": (
        rf"{GREETINGS}[ \t,]+(?:{TITLES}[ \t]*)?({NAMES})[ \t]*(?:[,.!:;?)–-]|\n|\z)",
        rf"{GREETINGS}[ \t,]+(\p{{Ll}}[\p{{L}}\d]{{2,15}})[ \t]*(?:[,!:]|\n|\z)",
    ),
    "<": (rf"({NAMES})[ \t]*<[^<>\n]{{1,40}}(?:@| at )[^<>\n]{{3,40}}>",),
    r"\d:\d\d": (rf"\d:\d\d(?: ?[AP]M)?,?[ \t]+({NAMES})[ \t]*(?:<|\n|:)",),
    SAYS: (rf"({NAMES})(?:[ \t]*[<(][^<>()\n]{{0,60}}[>)])?,?[ \t]+{SAYS}",),
}
"""Where people are called: alone before a comma, after a closing formula, after a title, after @; where they sign with two
or three small letters; after a greeting, before an address, after the time of day, before a verb of saying. First what
every text with such a place has: asked once for all of them, it saves a fifth of the time."""

ENDS: Mapping[str, tuple[str, ...]] = {
    "": (
        rf"\n[ \t]*(?:--?[ \t]?|~)?({NAMES})[ \t.]*\s*\z",
        rf"\n[ \t]*({NAMES})[ \t.]*\n\s*(?:--|__|>|On |Le |At |Am |\[\[|\d{{1,4}}[/.-])",
    )
}
"""Alone at the end of what one person wrote: a name, or the town that the letter was written in."""

RUN = rf"{NAME}(?:(?:,|,?[ \t]+(?:and|&|et))?[ \t]+{NAME}){{1,4}}"
"""Capitalised words in a row, or listed: where one is a name the others may be."""

WORD = r"\p{L}+(?:[’'-]\p{L}+)*"

WORD_EDGE = r"\b"
AT_ONCE = 2_000
"""Names looked for in one regular expression: bounds its size."""


def names(texts: pl.Series) -> frozenset[str]:
    """The words of a corpus that are names of people, as they are written.

    Args:
        texts: (n,) as written, with quotes and signatures: these say best who is who; null is empty.

    Returns:
        Capitalised words; lower-case ones that people sign with; and the lower case of a name that no dictionary holds.
    """
    numbered = pl.DataFrame({"row": pl.int_range(texts.len(), dtype=pl.UInt32, eager=True), "text": texts})
    strong = _at(numbered, CALLS)
    ends = _at(numbered, ENDS)
    known = strong.select(pl.col("word").unique())
    called = pl.concat([strong, ends.join(known, on="word", how="semi")]).unique()
    often = called.group_by("word").len().filter(pl.col("len") >= LEAST_CALLS).select("word")
    called = called.join(often, on="word", how="semi")
    if called.is_empty():
        return frozenset()
    words = called["word"].unique()
    held = _held(numbered, pl.concat([words, words.str.to_lowercase()]).unique())
    found = _mostly(called, held)
    beside = _beside(numbered, found).join(often, on="word", how="semi")
    found = sorted({*found, *_mostly(pl.concat([called, beside]).unique(), held)})
    return frozenset(found) | {word.lower() for word in found if not _in_a_dictionary(word.lower())}


def _at(numbered: pl.DataFrame, places: Mapping[str, tuple[str, ...]]) -> pl.DataFrame:
    """row, word: each word that stands in one of the places, once per message."""
    parts = []
    for hint, patterns in places.items():
        likely = numbered.filter(pl.col("text").str.contains(hint)) if hint else numbered
        parts += [
            likely.lazy()
            .select("row", name=pl.col("text").str.extract(place, 1))
            .drop_nulls()
            .select("row", word=pl.col("name").str.extract_all(WORD))
            .explode("word")
            for place in patterns
        ]
    return _worded(pl.concat(pl.collect_all(parts)))


def _beside(numbered: pl.DataFrame, found: list[str]) -> pl.DataFrame:
    """row, word: each word in a row of capitalised words of which one is a name."""
    runs = (
        numbered.select("row", run=pl.col("text").str.extract_all(RUN))
        .explode("run")
        .drop_nulls()
        .with_row_index("number")
        .with_columns(word=pl.col("run").str.extract_all(WORD))
        .explode("word")
    )
    with_name = runs.filter(_bare(pl.col("word")).is_in(found)).select("number").unique()
    return _worded(runs.join(with_name, on="number", how="semi").select("row", "word"))


def _worded(words: pl.DataFrame) -> pl.DataFrame:
    """Each word once per message, bare; no stop words, no closing formulas."""
    plain = sorted(
        frozenset().union(*(packs.load(code).stop_words for code in packs.WRITTEN))
        | set(CLOSINGS.replace("|", " ").split())
    )
    return (
        words.with_columns(_bare(pl.col("word")))
        # written all in capitals it may be anything: "PM" signs, tells the hour and leads projects
        .filter(
            pl.col("word").str.contains(r"\p{Ll}.|.\p{Ll}"), ~pl.col("word").str.to_lowercase().is_in(plain)
        )
        .unique()
    )


def _bare(word: pl.Expr) -> pl.Expr:
    return word.str.replace("[’']s$", "")


def _held(numbered: pl.DataFrame, words: pl.Series) -> dict[str, int]:
    """Word, as it is written -> messages that hold it."""
    wanted = words.sort().to_list()
    parts = [
        numbered.lazy()
        .select("row", word=pl.col("text").str.extract_all(_any_of(wanted[start : start + AT_ONCE])))
        .explode("word")
        .drop_nulls()
        .with_columns(_bare(pl.col("word")))
        .unique()
        .group_by("word")
        .len()
        for start in range(0, len(wanted), AT_ONCE)
    ]
    return dict(pl.concat(pl.collect_all(parts)).iter_rows())


def _mostly(called: pl.DataFrame, held: dict[str, int]) -> list[str]:
    found = []
    for word, calls in called.group_by("word").len().sort("word").iter_rows():
        own, small = held.get(word, 0), held.get(word.lower(), 0)
        plain = _in_a_dictionary(word.lower())
        if plain and word == word.lower():
            continue
        seldom_small = small < SELDOM_SMALL * own or not plain
        if calls >= MOSTLY * own or (calls >= max(LEAST_OFTEN, OFTEN * own) and seldom_small):
            found.append(word)
    return found


def _in_a_dictionary(word: str) -> bool:
    return any(variants.known(word, code) for code in packs.WRITTEN)


def without(texts: pl.Series, called: frozenset[str]) -> tuple[pl.Series, pl.Series]:
    """The texts without these words, and whether each lost one; null stays null."""
    left = texts.clone()  # scatter changes a series in place
    for start in range(0, len(called), AT_ONCE):
        some = _any_of(sorted(called)[start : start + AT_ONCE])
        inner = some.removeprefix(WORD_EDGE).removesuffix(WORD_EDGE)
        # the edge of a word is slow on letters with accents (10 times, on a forum): first without, then written out
        rows = left.str.contains(inner).arg_true()
        rows = rows.filter(left.gather(rows).str.contains(rf"(?:\A|\W){inner}(?:\W|\z)"))
        parted = rf"(^|[^\p{{L}}\p{{N}}’'-]){some.removeprefix(WORD_EDGE)}"
        left = left.scatter(rows, left.gather(rows).str.replace_all(parted, "${1}" + BREAK))
    return left, (left != texts).fill_null(value=False)


def _any_of(words: list[str]) -> str:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return rf"{WORD_EDGE}(?:{'|'.join(map(re.escape, longest_first))})(?:[’']s)?{WORD_EDGE}"
