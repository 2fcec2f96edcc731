"""Which theme somebody means by a word."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from estran.analysis.board import id_of
from estran.errors import SettingsError
from estran.text.edits import variant_of
from estran.text.variants import readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estran.model import Concept

NEAREST = 3


def theme_called(concepts: Sequence[Concept], word: str) -> int | None:
    """The number of the theme that has a word among its written forms, or as its label or id; None where none has.

    Of several, the one that more messages hold: "fr:pain" says which is meant.
    """
    asked = word.strip().casefold()
    try:
        language, form = variant_of(word)
    except SettingsError:
        language, form = None, ""
    own = [
        j
        for j, concept in enumerate(concepts)
        if any(form == f and language in {None, code} for code, f in concept.variants)
    ]
    own = own or [
        j
        for j, concept in enumerate(concepts)
        if asked in {id_of(concept).casefold(), *(label.casefold() for label in concept.labels.values())}
    ]
    return max(own, key=lambda j: sum(concepts[j].uses), default=None)


def nearest(concepts: Sequence[Concept], word: str) -> tuple[str, ...]:
    """The labels of the themes that are called most like a word."""
    asked = word.casefold()
    labels = {readable(form): concept.label for concept in concepts for _, form in concept.variants}
    close = difflib.get_close_matches(asked, labels, n=3 * NEAREST, cutoff=0.6)
    close += [form for form in labels if f" {asked} " in f" {form} "]
    return tuple(dict.fromkeys(labels[form] for form in close))[:NEAREST]
