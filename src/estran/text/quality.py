"""How much a phrase reads like a term: C-value x weirdness, and which words are verbs.

``Cval(a) = log2(|a| + 1) * (f(a) - mean f of the longer phrases that hold a)`` (Frantzi, Ananiadou & Mima 2000, with
+1 so that single words count); ``weird(a) = min over its words of ln(p_corpus / p_general)`` (Ahmad et al. 1999, the
general language being wordfreq); ``quality = ln(1 + max(Cval, 0)) * max(weird, .05)``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import wordfreq

from estran.text import variants
from estran.text.packs import WRITTEN, Pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST = 4
"""Words of the longest phrase."""

RAREST = 1e-8
"""General frequency of a word that wordfreq does not know."""

RARE = 1e-5
"""General frequency below which a word is rare in a language: one word in a hundred thousand."""

LEAST_WEIRDNESS = 0.05
"""So that a phrase of common words is weak, not impossible."""

NESTED = 0.9
"""A phrase is dropped when this share of its occurrences lies inside one longer phrase."""

HEAD_SHARE = 0.15
"""A word in more of the messages than this is what the corpus is about: it makes a phrase of any word beside it."""

HEAD_BONUS = 3.0
"""A phrase with such a word keeps its full quality when the other words stand beside it a third of the time."""

FRENCH_INFINITIVES = ("er", "ir", "re")
FRENCH_VERB_ENDINGS = (
    "ez", "ons", "ait", "aient", "ais", "ions", "iez", "ent", "ant", "era", "eras", "erai", "eront", "erez", "erons",
    "ira", "irai", "iront", "irez", "irons", "rait", "raient", "ît", "issent", "issons", "issez",
)  # fmt: skip
FRENCH_VERB_MAKERS = ("iser", "ifier", "menter", "ionner", "oyer", "érer")
"""How new verbs are made; the lemma table need not know them."""


def general_frequency(word: str, language: str) -> float:
    """Share of the word among all words of the language (wordfreq); a hyphenated word as its parts together.

    Returns:
        0-1, at least `RAREST`; `RAREST` for every word of a language that wordfreq does not know.
    """
    table = _frequencies(language)
    parts = [part for part in word.removesuffix("'s").split("-") if part]
    if len(parts) == 1:
        return max(table.of(parts[0]), RAREST)
    return max(1.0 / sum(1.0 / max(table.of(part), RAREST) for part in parts), RAREST) if parts else RAREST


class _Frequencies:
    """The words of a language, 300,000 to 700,000, as numbers: a dictionary of them takes ten times the room."""

    def __init__(self, table: Mapping[str, float]) -> None:
        """Keep shares of words; two of which have one number in one of 10^7 tables."""
        numbers = np.fromiter(map(_number, table), np.int64, len(table))
        order = np.argsort(numbers)
        self._numbers = numbers[order]
        self._share = np.fromiter(table.values(), np.float64, len(table))[order]

    def of(self, word: str) -> float:
        """The share of a word; 0 for one that is not there."""
        number = _number(word)
        at = int(self._numbers.searchsorted(number))
        return float(self._share[at]) if at < len(self._numbers) and self._numbers[at] == number else 0.0


def _number(word: str) -> int:
    return hash(word.encode())  # of its bytes: Python gives words of different alphabets the same number


@cache
def _frequencies(language: str) -> _Frequencies:
    if language not in wordfreq.available_languages("best"):
        return _Frequencies({})
    table = _Frequencies(wordfreq.get_frequency_dict(language, "best"))
    for kept in (wordfreq.get_frequency_dict, wordfreq.get_frequency_list):  # else each word stays twice
        kept.cache_clear()
    return table


@cache
def stop_share(pack: Pack) -> float:
    """Share of the words of ordinary text that are stop words, from wordfreq; 0.45 for a language it does not know."""
    if pack.code not in wordfreq.available_languages("best"):
        return 0.45
    table = _frequencies(pack.code)
    return min(sum(table.of(word) for word in pack.stop_words), 0.8)


def words_of(messages: int, pack: Pack) -> float:
    """How many words are said, stop words among them, where the other words are in so many messages, added up."""
    return max(messages, 1) / (1.0 - stop_share(pack))


def verb_forms(words: Iterable[str], pack: Pack) -> dict[str, str]:
    """Those of the words that are forms of a verb and no thing -> the verb.

    In English: forms of the pack's verbs. In French: the same, and any form that the lemma table leads to an infinitive
    by an ending that nouns rarely have, and infinitives that have a form in -ez. The pack's nouns are never verbs.
    """
    verb_of = {"en": _english_verb, "fr": _french_verb}.get(pack.code, _no_verb)
    found = ((word, verb_of(word, pack)) for word in words if word not in pack.nouns)
    return {word: verb for word, verb in found if verb is not None}


def _no_verb(_word: str, _pack: Pack) -> str | None:
    return None


def _english_verb(word: str, pack: Pack) -> str | None:
    bases = [word, variants.dictionary_form(word, "en")]
    for ending in ("ing", "ed"):
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            bases += [stem, stem + "e", stem[:-1] if stem[-1:] == stem[-2:-1] else stem]
    return next((base for base in bases if base in pack.verbs), None)


def _french_verb(word: str, pack: Pack) -> str | None:
    base = variants.dictionary_form(word, "fr")
    if word in pack.verbs:
        return word
    if base in pack.verbs:
        return base
    if base == word:
        return word if _french_infinitive(word) else None
    formed = base.endswith(FRENCH_INFINITIVES) and word.endswith(FRENCH_VERB_ENDINGS)
    return base if formed and _french_infinitive(base) else None


def _french_infinitive(word: str) -> bool:
    if word.endswith(FRENCH_VERB_MAKERS):
        return True
    if not word.endswith(FRENCH_INFINITIVES):
        return False
    stem = word[:-2]
    forms = (stem + "ez", stem + "issez", stem + "ons")
    return any(variants.known(form, "fr") and variants.dictionary_form(form, "fr") == word for form in forms)


def score(phrases: pl.DataFrame, words: pl.DataFrame, *, messages_total: int) -> pl.DataFrame:
    """The quality of every phrase of one language.

    Args:
        phrases: one row per phrase: `words` (list of at most four strings), `messages` and `weight` (messages, those
            that have it in their headline counted three times).
        words: one row per word: `word`, `messages`, `weirdness` (ln p_corpus / p_general; null for a number).
        messages_total: messages of the language.

    Returns:
        `phrases` with `cvalue`, `weirdness`, `quality`, and `nested` (True where nearly all its occurrences lie inside
        one longer phrase); same rows, same order.
    """
    heads = words.filter(pl.col("messages") > HEAD_SHARE * messages_total)["word"].to_list()
    numbered = phrases.with_row_index("row").with_columns(size=pl.col("words").list.len())
    longer = numbered.join(_longer(numbered), on="words", how="left", maintain_order="left")
    spoken = _per_phrase(numbered, words, heads)
    beside = pl.col("messages") / pl.col("fewest")
    return (
        longer.join(spoken, on="row", how="left", maintain_order="left")
        .with_columns(
            cvalue=(pl.col("size") + 1).log(2) * (pl.col("weight") - pl.col("mean_longer").fill_null(0.0)),
            weirdness=pl.col("weirdness").fill_null(0.0),
            nested=(pl.col("most_longer").fill_null(0) >= NESTED * pl.col("messages")),
            headed=pl.when(pl.col("has_head") & (pl.col("size") > 1))
            .then((HEAD_BONUS * beside).clip(0.0, 1.0))
            .otherwise(1.0),
        )
        .with_columns(
            quality=pl.col("cvalue").clip(0.0).log1p()
            * pl.col("weirdness").clip(LEAST_WEIRDNESS)
            * pl.col("headed").fill_null(1.0)
        )
        .drop("row", "size", "mean_longer", "most_longer", "has_head", "fewest", "headed")
    )


def nested(phrases: pl.DataFrame) -> pl.Series:
    """Whether nearly all occurrences of each phrase lie inside one longer phrase.

    Args:
        phrases: `words` (each list once) and `messages`.
    """
    sized = phrases.with_row_index("row").with_columns(
        size=pl.col("words").list.len(), weight=pl.col("messages")
    )
    inside = phrases.join(_longer(sized), on="words", how="left", maintain_order="left")
    return inside["most_longer"].fill_null(0) >= NESTED * phrases["messages"]


def _longer(phrases: pl.DataFrame) -> pl.DataFrame:
    """For each run of words: mean weight of the longer phrases that hold it, and messages of the commonest of them."""
    runs = [
        phrases.filter(pl.col("size") == size).select(
            "row", "weight", "messages", words=pl.col("words").list.slice(start, length)
        )
        for size in range(2, LONGEST + 1)
        for length in range(1, size)
        for start in range(size - length + 1)
    ]
    return (
        pl.concat(runs)
        .unique(["row", "words"])
        .group_by("words")
        .agg(mean_longer=pl.col("weight").mean(), most_longer=pl.col("messages").max())
    )


def _per_phrase(phrases: pl.DataFrame, words: pl.DataFrame, heads: list[str]) -> pl.DataFrame:
    """Least weirdness of a phrase's words; whether one is a head; messages of the rarest other word, or of the rarest head."""
    is_head = pl.col("word").is_in(heads)
    counted = pl.col("word_messages").filter(pl.col("weirdness").is_not_null())
    return (
        phrases.select("row", word="words")
        .explode("word")
        .join(words.rename({"messages": "word_messages"}), on="word", how="left")
        .group_by("row")
        .agg(
            weirdness=pl.col("weirdness").min(),
            has_head=is_head.any(),
            fewest=pl.coalesce(
                pl.col("word_messages").filter(~is_head & pl.col("weirdness").is_not_null()).min(),
                counted.min(),
            ),
        )
    )


def false_friends(word: str, language: str, other: str) -> bool:
    """Whether a word written alike in two languages may mean two things.

    It may not when it is rare in both (a name, a new term: "docker"), or rare in one of them and no dictionary word
    there (a loan: "cloud" in French; asked only of languages with a written pack). "chat", "location", "agenda" are common in both: they stay apart.
    """
    rare = {code: general_frequency(word, code) < RARE for code in (language, other)}
    loan = any(rare[code] and code in WRITTEN and not variants.known(word, code) for code in rare)
    return not (all(rare.values()) or loan)
