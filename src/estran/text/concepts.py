"""From counted phrases to concepts: variants together, style and dates apart, the best first."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from estran.model import Concept
from estran.text import packs, quality, variants
from estran.text.tokens import ELISIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from estran.text.packs import Pack

LEAST_PEOPLE = 5
"""A phrase said by fewer is no theme: it could name a person."""

HEADLINE_WEIGHT = 3
"""A message that has the phrase in its headline counts as three."""

FOREIGN = 0.05
"""A stop word of another language that is less than this as frequent here as there is a crumb of it."""

LEAST_JOINED = 0.1
"""How often a joined form must be written, against the two words apart..."""

KNOWN_JOINED = 1e-7
"""...unless it is at least this frequent in general text."""

MIXED = 0.5
"""What a phrase keeps of its quality when one of its words is of register ("customer journey")."""

YEAR = re.compile(r"(19|20)\d\d$")
MOMENT = re.compile(r"[\d-]+(h\d*|am|pm|th|st|nd|rd|e|er|ème|èmes|s|x|px|mn|min|mb|gb|kb|ms|mm|cm|kg|km)?$")
INVERTED = re.compile(
    r".+-(t-)?(je|tu|il|elle|on|nous|vous|ils|elles|ce|moi|toi|lui|leur|le|la|les|y|en|ci|là)$"
)  # "est-elle", "rejoignez-nous"
SMALL_NUMBER = re.compile(r"\d{1,2}$")


def find_concepts(
    counts: pl.DataFrame,
    *,
    messages_total: Mapping[str, int],
    limit: int = 5_000,
    least_people: int = LEAST_PEOPLE,
) -> tuple[Concept, ...]:
    """The concepts of a corpus, best quality x support first.

    Args:
        counts: one row per phrase and language: `phrase` (tokens joined by one blank), `language`, `messages`, `people`,
            `headlines` (messages that have it in their headline). Every single word of a phrase must be there too, as
            counting gives it.
        messages_total: language -> messages.
        limit: how many themes at most; style and dates are not limited.
        least_people: people who must have said a concept; those of its variants are added up, so a concept may turn out
            to have fewer once counted.

    Returns:
        Concepts of kind "theme", "style" and "date", each kind best first. The same counts give the same concepts,
        whatever the order of their rows.
    """
    found = [
        _of_language(
            rows, packs.load(str(language)), messages_total=int(messages_total.get(str(language), 0))
        )
        for (language,), rows in sorted(counts.partition_by("language", as_dict=True).items())
        if language is not None
    ]
    if not found:
        return ()
    scored = pl.concat(found).filter(pl.col("people") >= least_people)
    concepts = _across_languages(scored)
    ordered = sorted(concepts, key=lambda item: (-item[0], item[1].label, item[1].variants))
    themes = [concept for _, concept in ordered if concept.kind == "theme"]
    others = [concept for kind in ("style", "date") for _, concept in ordered if concept.kind == kind]
    return (*themes[:limit], *others)


def _of_language(counts: pl.DataFrame, pack: Pack, *, messages_total: int) -> pl.DataFrame:
    """Scored concepts of one language: language, key, forms, label, messages, people, quality, support, kind."""
    ordered = counts.sort("phrase")
    single = ordered.filter(~pl.col("phrase").str.contains(" ", literal=True))
    attested = dict(zip(single["phrase"].to_list(), single["messages"].to_list(), strict=True))
    vocabulary = _vocabulary(attested, pack)
    classes = dict(zip(vocabulary["token"].to_list(), vocabulary["name"].to_list(), strict=True))
    keyed = _joined(_candidates(ordered, vocabulary, pack), variants.joins(classes, pack.code), vocabulary)
    grouped = (
        keyed.group_by("words")
        .agg(
            forms=pl.col("phrase").sort_by("messages", "phrase", descending=[True, False]),
            messages=pl.col("messages").sum(),
            people=pl.col("people").sum(),
            weight=(pl.col("messages") + (HEADLINE_WEIGHT - 1) * pl.col("headlines")).sum(),
            kind=pl.col("kind").sort_by("messages", "phrase", descending=[True, False]).first(),
            mixed=pl.col("mixed").any(),
        )
        .sort("words")
    )
    scored = quality.score(grouped, _words(vocabulary, pack), messages_total=messages_total)
    return scored.filter(~pl.col("nested")).select(
        "kind", "forms", "messages", "people",
        language=pl.lit(pack.code),
        key=pl.col("words").list.join(" "),
        quality=pl.col("quality") * pl.when("mixed").then(MIXED).otherwise(1.0),
    )  # fmt: skip


def _vocabulary(attested: Mapping[str, int], pack: Pack) -> pl.DataFrame:
    """What each single word is: token, messages, name (of its class), sort, verb, general frequency.

    `sort` is one of stop, link, number, small (a number that may be a version), year, date, calendar, register, general,
    word, and code (no word at all).
    """
    foreign = _foreign(pack)
    verbs = quality.verb_forms(attested, pack)
    names = variants.word_classes(attested, pack.code) | _by_verb(attested, verbs)
    tokens = sorted(attested)
    return pl.DataFrame(
        {
            "token": tokens,
            "messages": [attested[token] for token in tokens],
            "name": [names[token] for token in tokens],
            "sort": [_sort(token, pack, foreign) for token in tokens],
            "verb": [token in verbs for token in tokens],
            "general": [quality.general_frequency(token, pack.code) for token in tokens],
        },
        schema={"token": pl.String, "messages": pl.Int64, "name": pl.String, "sort": pl.String,
                "verb": pl.Boolean, "general": pl.Float64},
    )  # fmt: skip


def _by_verb(attested: Mapping[str, int], verbs: Mapping[str, str]) -> dict[str, str]:
    """Every form of a verb -> its commonest form: register moves as a verb, not as one of its tenses."""
    forms: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(verbs):
        forms[verbs[word]].append(word)
    commonest = {base: max(words, key=lambda word: attested[word]) for base, words in forms.items()}
    return {word: commonest[base] for word, base in verbs.items()}


def _foreign(pack: Pack) -> frozenset[str]:
    """Stop words of the other written languages that are no words of this one: crumbs of quoted titles and texts."""
    return frozenset(
        word
        for word, elsewhere in _function_words().items()
        if word not in pack.nouns
        and word not in pack.stop_words
        and not variants.known(word, pack.code)
        and quality.general_frequency(word, pack.code) < FOREIGN * elsewhere
    )


@cache
def _function_words() -> dict[str, float]:
    """The stop words of the written languages, each with its frequency where it is most frequent."""
    words = sorted(frozenset().union(*(packs.load(code).stop_words for code in packs.WRITTEN)))
    return {word: max(quality.general_frequency(word, code) for code in packs.WRITTEN) for word in words}


def _sort(token: str, pack: Pack, foreign: frozenset[str]) -> str:
    crumb = (
        token in foreign
        or len(token) < 2
        or "_" in token
        or (pack.code == "fr" and bool(INVERTED.match(token)))
    )
    tests = (
        ("date", token in pack.dates),
        ("year", bool(YEAR.match(token))),
        ("small", bool(SMALL_NUMBER.match(token))),
        ("number", bool(MOMENT.match(token))),
        ("calendar", token in pack.calendar),
        ("register", token in pack.register),
        ("general", token in pack.general),
        ("word", token in pack.nouns),
        ("code", crumb),
    )
    return next((sort for sort, holds in tests if holds), "word")


def _candidates(counts: pl.DataFrame, vocabulary: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """The phrases that may be concepts, with `words` (classes of their words, no links), `kind` and `mixed`."""
    places = range(quality.LONGEST)
    stops = pl.DataFrame({"token": sorted(pack.stop_words | set(ELISIONS))}).with_columns(
        name=pl.lit(None, pl.String), sort=pl.lit("stop"), verb=pl.lit(value=False)
    )
    lookup = pl.concat([vocabulary.select(stops.columns).join(stops, on="token", how="anti"), stops])
    tokens = pl.col("phrase").str.split(" ")
    wide = counts.with_columns(tokens.list.len().alias("size")).filter(pl.col("size") <= quality.LONGEST)
    wide = wide.with_columns(tokens.list.get(i, null_on_oob=True).alias(f"t{i}") for i in places)
    for i in places:
        at = lookup.rename({"token": f"t{i}", "name": f"n{i}", "sort": f"s{i}", "verb": f"v{i}"})
        wide = wide.join(at, on=f"t{i}", how="left", maintain_order="left")
    kept = wide.filter(_unbroken(), _linked(pack), ~_verbal(pack), _numbered(pack)).with_columns(
        kind=_kind(), mixed=(pl.col("size") > 1) & _any("register")
    )
    return kept.filter(pl.col("kind").is_not_null()).select(
        "phrase", "messages", "people", "headlines", "kind", "mixed",
        words=pl.concat_list(f"n{i}" for i in places).list.drop_nulls(),
    )  # fmt: skip


def _sorts() -> list[pl.Expr]:
    return [pl.col(f"s{i}") for i in range(quality.LONGEST)]


def _any(*sorts: str) -> pl.Expr:
    return pl.any_horizontal(s.is_in(sorts).fill_null(value=False) for s in _sorts())


def _only(*sorts: str) -> pl.Expr:
    return pl.all_horizontal(s.is_null() | s.is_in(sorts) for s in _sorts())


def _unbroken() -> pl.Expr:
    """Every token is known, no end is a stop word, none is code."""
    present = [pl.col(f"t{i}").is_null() | pl.col(f"s{i}").is_not_null() for i in range(quality.LONGEST)]
    last = pl.coalesce(*reversed(_sorts()))
    return pl.all_horizontal(*present, pl.col("s0") != "stop", last != "stop", ~_any("code"))


def _linked(pack: Pack) -> pl.Expr:
    """The stop words inside are links that the language allows."""
    one = [sequence[0] for sequence in pack.links if len(sequence) == 1]
    two = [" ".join(sequence) for sequence in pack.links if len(sequence) == 2]
    second, third = (pl.col(f"s{i}").eq_missing("stop") for i in (1, 2))
    return (
        pl.when(second & third)
        .then((pl.col("t1") + " " + pl.col("t2")).is_in(two))
        .when(second)
        .then(pl.col("t1").is_in(one))
        .when(third)
        .then(pl.col("t2").is_in(one))
        .otherwise(statement=True)
    )


def _verbal(pack: Pack) -> pl.Expr:
    """A longer phrase that holds a form of a verb; in French a participle may follow ("bureau partagé")."""
    inside = [pl.col(f"v{i}").fill_null(value=False) for i in range(1, quality.LONGEST)]
    if pack.code == "fr":
        inside = [
            verb & ~pl.col(f"t{i}").str.contains("(é|és|ée|ées)$") for i, verb in enumerate(inside, start=1)
        ]
    return (pl.col("size") > 1) & pl.any_horizontal("v0", *inside)


def _numbered(pack: Pack) -> pl.Expr:
    """A number stands only at the end, after a word that has versions ("python 3", not "step 2")."""
    size = quality.LONGEST
    before_end = [
        pl.col(f"s{i}").eq_missing("small") & pl.col(f"t{i + 1}").is_not_null() for i in range(size - 1)
    ]
    place = [
        pl.col(f"s{i}").eq_missing("small")
        & (
            pl.col(f"t{i - 1}").is_in(pack.numbered)
            | ~pl.col(f"s{i - 1}").is_in(["word", "register", "date"])
        )
        for i in range(1, size)
    ]
    return ~pl.any_horizontal(*before_end, *place)


def _kind() -> pl.Expr:
    """Theme, style or date; null for what is none of them."""
    alone = pl.col("size") == 1
    weak = ("register", "general", "calendar", "small", "stop")
    return (
        pl.when(_any("date", "year", "number"))
        .then(pl.when(alone & ~_any("number")).then(pl.lit("date")))
        .when(alone & _any("calendar"))
        .then(pl.lit("date"))
        .when(alone & (_any("register", "general") | pl.col("v0")))
        .then(pl.lit("style"))
        # nothing but weak words: neither a term nor a word of register
        .when(~_only(*weak))
        .then(pl.lit("theme"))
    )


def _joined(
    keyed: pl.DataFrame, joins: Mapping[tuple[str, str], str], vocabulary: pl.DataFrame
) -> pl.DataFrame:
    """The same phrases, with ("help", "desk") written as ("helpdesk") where the corpus writes both."""
    pairs = (
        pl.DataFrame(
            [(*pair, whole) for pair, whole in joins.items()], schema=["left", "right", "whole"], orient="row"
        )
        .cast(pl.String)
        .with_columns(words=pl.concat_list("left", "right"))
        .join(keyed.group_by("words").agg(apart=pl.col("messages").sum()), on="words")
        .join(
            vocabulary.group_by(whole="name").agg(pl.col("messages").sum(), pl.col("general").sum()),
            on="whole",
        )
        # a rare joined form that no general text knows is an identifier, not a spelling
        .filter((pl.col("messages") >= LEAST_JOINED * pl.col("apart")) | (pl.col("general") >= KNOWN_JOINED))
        .select("left", "right", "whole")
    )
    if pairs.is_empty():
        return keyed
    # nesting is seen before words are joined: "project open" has no longer phrase once "open source" is one word
    wholes = keyed.group_by("words").agg(pl.col("messages").sum())
    keyed = keyed.join(wholes.filter(quality.nested(wholes)), on="words", how="anti", maintain_order="left")
    places = range(quality.LONGEST)
    wide = keyed.with_columns(pl.col("words").list.get(i, null_on_oob=True).alias(f"n{i}") for i in places)
    for i in places[:-1]:
        wide = (
            wide.join(
                pairs,
                left_on=[f"n{i}", f"n{i + 1}"],
                right_on=["left", "right"],
                how="left",
                maintain_order="left",
            )
            .with_columns(
                pl.coalesce("whole", f"n{i}").alias(f"n{i}"),
                pl.when(pl.col("whole").is_null()).then(f"n{i + 1}").alias(f"n{i + 1}"),
            )
            .drop("whole")
        )
    return wide.with_columns(words=pl.concat_list(f"n{i}" for i in places).list.drop_nulls()).drop(
        f"n{i}" for i in places
    )


def _words(vocabulary: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Each class of words: `word`, `messages`, `weirdness` against the general language (null for numbers)."""
    words = max(int(vocabulary["messages"].sum()), 1) / (1.0 - quality.stop_share(pack))
    number = pl.col("sort").is_in(["small", "number", "year"]).all()
    weirdness = (pl.col("messages").sum() / words / pl.col("general").sum()).log()
    return vocabulary.group_by(word="name").agg(
        pl.col("messages").sum(), weirdness=pl.when(number).then(None).otherwise(weirdness)
    )


def _across_languages(scored: pl.DataFrame) -> list[tuple[float, Concept]]:
    """One concept for what is written alike in several languages and means one thing; each with its rank."""
    rows = scored.sort("language", "key").to_dicts()
    wholes: list[list[int]] = [[number] for number in range(len(rows))]
    owner = list(range(len(rows)))
    for alike in _written_alike(rows):
        first = alike[0]
        for other in alike[1:]:
            one, two = wholes[owner[first]], wholes[owner[other]]
            if {rows[i]["language"] for i in one} & {rows[i]["language"] for i in two}:
                continue
            for i in two:
                owner[i] = owner[first]
            one += two
    return [
        _concept([rows[i] for i in whole]) for number, whole in enumerate(wholes) if owner[number] == number
    ]


def _written_alike(rows: list[dict[str, Any]]) -> Iterable[list[int]]:
    """Groups of rows of different languages that share a form and may be one concept."""
    by_form: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for number, row in enumerate(rows):
        for form in row["forms"]:
            alike = by_form[row["kind"], variants.fold(form)]
            if row["language"] not in alike or row["messages"] > rows[alike[row["language"]]]["messages"]:
                alike[row["language"]] = number
    for (_, form), alike in by_form.items():
        languages = sorted(alike)
        if len(languages) > 1:
            first = languages[0]
            same = [
                code for code in languages[1:] if " " in form or not quality.false_friends(form, first, code)
            ]
            yield [alike[code] for code in (first, *same)]


def _concept(rows: list[dict[str, Any]]) -> tuple[float, Concept]:
    rows = sorted(rows, key=lambda row: (-row["messages"], row["language"]))
    best = max(row["quality"] for row in rows)
    people = sum(row["people"] for row in rows)
    concept = Concept(
        label=variants.readable(rows[0]["forms"][0]),
        variants=tuple((row["language"], form) for row in rows for form in row["forms"]),
        quality=best,
        kind=rows[0]["kind"],
    )
    return best * math.log1p(people), concept
