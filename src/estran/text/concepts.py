"""From counted phrases to concepts: variants together, style and dates apart, the best first."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import polars as pl

from estran.model import Concept
from estran.text import packs, quality, terms, variants
from estran.text.candidates import candidates, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from estran.model import Evidence
    from estran.text.packs import Pack

LEAST_PEOPLE = 5
"""A phrase said by fewer is no theme: it could name a person."""

HEADLINE_WEIGHT = 3
"""A message that has the phrase in its headline counts as three."""

LEAST_JOINED = 0.1
"""How often a joined form must be written, against the two words apart..."""

KNOWN_JOINED = 1e-7
"""...unless it is at least this frequent in general text."""

MIXED = 0.5
"""What a phrase keeps of its quality when one of its words is of register ("customer journey")."""


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


def together(parts: Sequence[Concept], why: Iterable[Evidence]) -> Concept:
    """Several concepts as one, called as its commonest form.

    Args:
        parts: no variant in two of them, and none that somebody named.
        why: evidence that they are one.
    """
    uses = {
        variant: n
        for part in parts
        for variant, n in zip(part.variants, part.uses or (0,) * len(part.variants), strict=True)
    }
    spoken = Counter[str]()
    for (language, _), n in uses.items():
        spoken[language] += n
    ordered = sorted(uses, key=lambda v: (-spoken[v[0]], v[0], -uses[v], v[1]))
    return Concept(
        label=variants.readable(ordered[0][1]),
        variants=tuple(ordered),
        quality=max(part.quality for part in parts),
        kind=parts[0].kind,
        uses=tuple(uses[variant] for variant in ordered),
        why=(*(each for part in parts for each in part.why), *why),
    )


def _of_language(counts: pl.DataFrame, pack: Pack, *, messages_total: int) -> pl.DataFrame:
    """Scored concepts of one language: language, key, forms, label, messages, people, quality, support, kind."""
    ordered = counts.sort("phrase")
    single = ordered.filter(~pl.col("phrase").str.contains(" ", literal=True))
    attested = dict(zip(single["phrase"].to_list(), single["messages"].to_list(), strict=True))
    words = vocabulary(attested, pack)
    classes = dict(zip(words["token"].to_list(), words["name"].to_list(), strict=True))
    weighed = _weighed(words, pack)
    joined = _written_as_one(ordered, variants.joins(classes, pack.code), words)
    holding = terms.holding(candidates(ordered, words, pack, joined=joined), weighed)
    keyed = _joined(holding, joined)
    grouped = (
        keyed.group_by("words")
        .agg(
            forms=pl.col("phrase").sort_by("messages", "phrase", descending=[True, False]),
            uses=pl.col("messages").sort_by("messages", "phrase", descending=[True, False]),
            messages=pl.col("messages").sum(),
            people=pl.col("people").sum(),
            weight=(pl.col("messages") + (HEADLINE_WEIGHT - 1) * pl.col("headlines")).sum(),
            kind=pl.col("kind").sort_by("messages", "phrase", descending=[True, False]).first(),
            mixed=pl.col("mixed").any(),
        )
        .sort("words")
    )
    scored = quality.score(grouped, weighed, messages_total=messages_total)
    return scored.filter(~pl.col("nested")).select(
        "kind", "forms", "uses", "messages", "people",
        language=pl.lit(pack.code),
        key=pl.col("words").list.join(" "),
        quality=pl.col("quality") * pl.when("mixed").then(MIXED).otherwise(1.0),
    )  # fmt: skip


def _written_as_one(
    counts: pl.DataFrame, joins: Mapping[tuple[str, str], str], vocabulary: pl.DataFrame
) -> pl.DataFrame:
    """Those of the joins that the corpus makes: `left` and `right` ("help", "desk") are also written `whole`."""
    known = vocabulary.select("token", "name")
    halves = pl.col("phrase").str.split(" ")
    apart = (
        counts.select("messages", first=halves.list.first(), last=halves.list.last(), size=halves.list.len())
        .filter(pl.col("size") == 2)
        .join(known.rename({"token": "first", "name": "left"}), on="first")
        .join(known.rename({"token": "last", "name": "right"}), on="last")
        .group_by("left", "right")
        .agg(apart=pl.col("messages").sum())
    )
    return (
        pl.DataFrame(
            [(*pair, whole) for pair, whole in joins.items()],
            schema={"left": pl.String, "right": pl.String, "whole": pl.String},
            orient="row",
        )
        .join(apart, on=["left", "right"])
        .join(
            vocabulary.group_by(whole="name").agg(pl.col("messages").sum(), pl.col("general").sum()),
            on="whole",
        )
        # a rare joined form that no general text knows is an identifier, not a spelling
        .filter(
            (pl.col("messages") >= LEAST_JOINED * pl.col("apart"))
            | (pl.col("general") >= KNOWN_JOINED)
            | pl.col("right").str.contains(r"^\d+$")
        )
        .select("left", "right", "whole")
        .sort("left", "right")
    )


def _joined(keyed: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The same phrases, with ("help", "desk") written as ("helpdesk") where the corpus writes both."""
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


def _weighed(vocabulary: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Each class of words: `word`, `messages`, `weirdness` against the general language (null for numbers)."""
    words = quality.words_of(int(vocabulary["messages"].sum()), pack)
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
        uses=tuple(n for row in rows for n in row["uses"]),
    )
    return best * math.log1p(people), concept
