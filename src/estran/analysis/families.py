"""What families of words are counted by, and which themes of a corpus may belong to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.meanings import Meanings
from estran.findings import Grows
from estran.model import Concept
from estran.privacy import quote_allowed
from estran.text.edits import FAMILY, pair_key, rejected
from estran.text.numbers import both_numbers
from estran.text.variants import readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estran.analysis.ground import Ground
    from estran.text.families import Family, Variant

MOST_THEMES = 1_500
"""Themes that are looked at, those that most people say."""

NEAREST_WORDS = 6
"""Words of a family that a theme must be near to: near one of them it may be by its letters alone."""

NEAR = 0.6
"""Mean cosine from which a theme is worth a question."""

NEARER = 0.1
"""So much nearer than to any other family."""

MOST_ASKED = 3
"""Questions about a family: whoever is asked too often answers nothing."""

BLOCK = "families"
"""Under whose name the vectors of the words, and of the themes beside them, are kept."""


def words_of(families: Sequence[Family], concepts: Sequence[Concept]) -> list[tuple[Concept, int]]:
    """What to count, and the number of its family: each word with its plural, and with the variants that a theme of the corpus has.

    A form belongs to the first family that has it, and to what is listed before what came with a theme.
    """
    owner: dict[Variant, int] = {}
    theme_of = {variant: concept for concept in concepts for variant in concept.variants}
    forms: list[tuple[list[Variant], int]] = []
    for number, family in enumerate(families):
        for code, word in family.words:
            own = [(code, form) for form in both_numbers(word, code)]
            forms.append(([v for v in own if owner.setdefault(v, len(forms)) == len(forms)], number))
    for at, (own, _) in enumerate(forms):
        themes = [theme_of[variant] for variant in tuple(own) if variant in theme_of]
        more = [variant for theme in themes for variant in theme.variants]
        own += [v for v in dict.fromkeys(more) if owner.setdefault(v, at) == at and v not in own]
    return [(Concept(readable(own[0][1]), tuple(own), 1.0), number) for own, number in forms if own]


def nearest_themes(ground: Ground, families: Sequence[Family]) -> tuple[Grows, ...]:
    """Themes whose meaning is near to words of a family, and which it does not have, the nearest first.

    Nearness is that of the encoder's vectors: it groups what is spoken of together, and cannot tell a thing from its
    opposite; whether a theme belongs is for somebody to say.
    """
    concepts, people = ground.said.concepts, ground.judgement.people
    held = {form for family in families for _, form in family.forms}
    free = [
        number
        for number in np.argsort(-people, kind="stable")[: 2 * MOST_THEMES].tolist()
        if concepts[number].kind == "theme"
        and quote_allowed(int(people[number]))
        and not any(form in held for _, form in concepts[number].variants)
    ][:MOST_THEMES]
    words = [(number, code, form) for number, family in enumerate(families) for code, form in family.words]
    if not free or not words:
        return ()
    meanings = ground.origin.meanings or Meanings(ground.settings)
    texts = [readable(form) for _, _, form in words] + [concepts[number].label for number in free]
    vectors = meanings.of(texts, block=BLOCK)
    meanings.keep_only(texts, block=BLOCK)
    of_words, of_themes = vectors[: len(words)], vectors[len(words) :]
    family_of = np.array([number for number, _, _ in words])
    cosine = of_themes @ of_words.T
    close = np.stack(
        [
            np.sort(cosine[:, family_of == number], axis=1)[:, -NEAREST_WORDS:].mean(axis=1)
            for number in range(len(families))
        ],
        axis=1,
    )
    best = close.argmax(axis=1)
    second = np.sort(close, axis=1)[:, -2] if len(families) > 1 else np.zeros(len(free))
    nearness = close.max(axis=1)
    answered = rejected(ground.origin.hands.edits)
    asked: dict[int, list[Grows]] = {}
    for k in np.argsort(-nearness, kind="stable").tolist():
        family = families[best[k]]
        code, form = concepts[free[k]].variants[0]
        key = (f"{FAMILY}{family.name}", f"{code}:{readable(form)}")
        already = asked.setdefault(int(best[k]), [])
        sure = nearness[k] >= NEAR and nearness[k] - second[k] >= NEARER
        if sure and len(already) < MOST_ASKED and pair_key(*key) not in answered:
            near = words[int(np.argmax(np.where(family_of == best[k], cosine[k], -1.0)))]
            already.append(
                Grows(
                    "+".join(key), family.name, concepts[free[k]].label, int(people[free[k]]),
                    round(float(nearness[k]), 3), readable(near[2]),
                )
            )  # fmt: skip
    return tuple(each for family in sorted(asked) for each in asked[family])
