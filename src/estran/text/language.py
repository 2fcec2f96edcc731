"""In which language each message is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

from estran.text import detector

if TYPE_CHECKING:
    from collections.abc import Sequence

READ = 120
"""Characters of a message that are looked at."""

SHORTEST = 20
"""Letters below which a message does not say its language by itself."""

FOREIGN_LETTERS, FOREIGN_SCORE = 40, 0.8
"""From here on, a message in another language than the corpus' own is believed to be in it."""

SURE = 0.65
"""Score from which the detector is believed."""

LEAST_SHARE = 0.02
"""Share of the sure messages that makes a language one of the corpus' own."""

CANDIDATES = 3
"""Languages that the detector is asked for, so that the best of the corpus' own is among them."""

SHOUTED, SHORT_SHOUT = 0.8, 5
"""A text is shouted where more than this share of its A-Z are capitals; so short a one only if all its letters are."""

MAY_SHOUT = r"(?:[A-Z][^A-Za-z]*){3}|\A[^a-z]*\z"
"""What each shouted text has: three capitals in a row, or no small letter. Asked first, so that few are read one by one."""

BLANKS = r"[\s|]{2,}|[^\S ]|\|"
"""What becomes one blank; not a single one, which stays what it is: three times quicker than "[\\s|]+"."""

THREE_LETTERS = dict(
    pair.split(":")
    for pair in [
        "ara:ar",
        "bul:bg",
        "cat:ca",
        "ces:cs",
        "cze:cs",
        "cmn:zh",
        "chi:zh",
        "zho:zh",
        "cym:cy",
        "dan:da",
        "deu:de",
        "ger:de",
        "ell:el",
        "gre:el",
        "eng:en",
        "epo:eo",
        "spa:es",
        "est:et",
        "eus:eu",
        "baq:eu",
        "fas:fa",
        "per:fa",
        "fin:fi",
        "fra:fr",
        "fre:fr",
        "gle:ga",
        "glg:gl",
        "heb:he",
        "hin:hi",
        "hrv:hr",
        "hun:hu",
        "hye:hy",
        "ind:id",
        "isl:is",
        "ice:is",
        "ita:it",
        "jpn:ja",
        "kat:ka",
        "kor:ko",
        "lat:la",
        "lav:lv",
        "lit:lt",
        "mkd:mk",
        "msa:ms",
        "nld:nl",
        "dut:nl",
        "nob:nb",
        "nno:nn",
        "nor:no",
        "pol:pl",
        "por:pt",
        "ron:ro",
        "rum:ro",
        "rus:ru",
        "slk:sk",
        "slo:sk",
        "slv:sl",
        "sqi:sq",
        "srp:sr",
        "swe:sv",
        "tam:ta",
        "tha:th",
        "tur:tr",
        "ukr:uk",
        "urd:ur",
        "vie:vi",
        "english:en",
        "french:fr",
        "français:fr",
        "francais:fr",
        "anglais:en",
        "german:de",
        "deutsch:de",
        "allemand:de",
        "spanish:es",
        "español:es",
        "espagnol:es",
        "italian:it",
        "italiano:it",
        "italien:it",
        "portuguese:pt",
        "dutch:nl",
        "russian:ru",
    ]
)
"""ISO 639-2 and 639-3 codes, and a few names, as ISO 639-1."""


def iso(code: str) -> str | None:
    """A language code or name as ISO 639-1: "fra", "fr-FR", "French" are "fr"; None for what is no language."""
    plain = code.strip().lower().replace("_", "-")
    head = plain.split("-", 1)[0]
    if head in THREE_LETTERS:
        return THREE_LETTERS[head]
    return head if len(head) == 2 and head.isascii() and head.isalpha() else None


def with_language(messages: pl.DataFrame, *, only: Sequence[str] | None = None) -> pl.DataFrame:
    """The same messages with `language` filled.

    A given code is trusted. Another message gets the language detected in its first characters, among the corpus' own
    languages (those of at least 2 % of the messages that are given or surely detected; another one only where a long
    message leaves no doubt); a short or doubtful message has the language most said in its thread, else by its author, else in the corpus.

    Args:
        messages: a message frame; the text counts after its `spoken` where that column is there.
        only: the languages to choose among, instead of those found.

    Returns:
        The frame, same rows and order; `language` is ISO 639-1, and null only where nothing in the corpus says a language.
    """
    written = pl.col("spoken") if "spoken" in messages.columns else pl.col("text")
    given = messages.with_row_index("row").with_columns(
        language=pl.col("language").replace_strict(
            {code: iso(code) for code in messages["language"].unique().drop_nulls()},
            default=None,
            return_dtype=pl.String,
        )
    )
    unknown = given.filter(pl.col("language").is_null()).select("row", said=written)
    guesses = _guesses(unknown)
    allowed = [code for code in map(iso, only) if code] if only else _own_languages(given, guesses)
    foreign = (pl.col("letters") >= FOREIGN_LETTERS) & (pl.col("score") >= FOREIGN_SCORE)
    best = (
        guesses.filter(pl.col("guess").is_in(allowed) | (foreign & pl.lit(only is None)))
        .group_by("row")
        .agg(pl.col("guess", "score", "letters").sort_by("score", "guess", descending=[True, False]).first())
        .select("row", "guess", sure=(pl.col("letters") >= SHORTEST) & (pl.col("score") >= SURE))
    )
    told = given.join(best, on="row", how="left", maintain_order="left").with_columns(
        language=pl.coalesce("language", pl.when("sure").then("guess"))
    )
    return _inherited(told, allowed).drop("row", "guess", "sure").select(messages.columns)


def _guesses(unknown: pl.DataFrame) -> pl.DataFrame:
    """Up to three languages for each text: row, guess, score, and letters read."""
    texts = (
        unknown.with_columns(
            pl.col("said").str.slice(0, 2 * READ).str.replace_all(BLANKS, " ").str.slice(0, READ)
        )
        .filter(pl.col("said").str.contains(r"\p{L}"))
        .with_columns(letters=pl.col("said").str.count_matches(r"\p{L}"))
    )
    texts = texts.with_columns(_calm(texts["said"]))
    short = pl.col("letters") < SHORTEST
    return pl.concat([_likely(texts.filter(short), 1), _likely(texts.filter(~short), CANDIDATES)])


def _calm(texts: pl.Series) -> pl.Series:
    """What is shouted in lower case: capitals are taken for Japanese."""
    rows = texts.str.contains(MAY_SHOUT).arg_true()
    calm = [text.lower() if _shouted(text) else text for text in texts.gather(rows)]
    return texts.clone().scatter(rows, pl.Series(calm, dtype=pl.String))


def _shouted(text: str) -> bool:
    capitals, small = len(re.findall("[A-Z]", text)), len(re.findall("[a-z]", text))
    return text.isupper() or (capitals > SHOUTED * (capitals + small) and len(text) > SHORT_SHOUT)


def _likely(texts: pl.DataFrame, most: int) -> pl.DataFrame:
    found, scores = detector.likely(texts["said"].rechunk().to_arrow().cast(pa.large_string()), most)
    told, place = np.nonzero(found >= 0)
    return texts.select("row", "letters")[told].select(
        "row",
        guess=pl.Series(detector.languages()).gather(found[told, place]),
        score=pl.Series(scores[told, place]).cast(pl.Float64),
        letters="letters",
    )


def _own_languages(given: pl.DataFrame, guesses: pl.DataFrame) -> list[str]:
    sure = guesses.filter((pl.col("letters") >= SHORTEST) & (pl.col("score") >= SURE))["guess"]
    said = pl.concat([given["language"].drop_nulls(), sure.rename("language")])
    shares = said.value_counts(name="messages").filter(pl.col("messages") >= LEAST_SHARE * said.len())
    return shares["language"].sort().to_list()


def _inherited(told: pl.DataFrame, allowed: Sequence[str]) -> pl.DataFrame:
    """The doubtful take the language of their thread, their author, the corpus; else their own best guess."""
    sure = told.filter(pl.col("language").is_not_null())
    for column in ("thread", "author"):
        usual = (
            sure.filter(pl.col(column).is_not_null())
            .group_by(column, "language")
            .len()
            .sort("len", "language", descending=[True, False])
            .unique(column, keep="first", maintain_order=True)
            .select(column, usual="language")
        )
        told = (
            told.join(usual, on=column, how="left", maintain_order="left")
            .with_columns(pl.coalesce("language", "usual").alias("language"))
            .drop("usual")
        )
    counted = (
        sure.group_by("language")
        .len()
        .sort("len", "language", descending=[True, False])["language"]
        .to_list()
    )
    commonest = (counted or [*allowed, None])[0]
    return told.with_columns(pl.coalesce("language", pl.lit(commonest, pl.String), "guess").alias("language"))
