"""Whether opposites are ever merged without asking, in one language or across two: `python -m bench.themes.antonyms`."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from bench.themes.variants import PEOPLE, counted
from estran.analysis.corpus import prepare
from estran.analysis.meanings import Meanings
from estran.analysis.progress import Silent
from estran.analysis.themes import find_themes
from estran.model import MESSAGES, Step
from estran.settings import Settings
from estran.store.engines.threads import ThreadEngine

if TYPE_CHECKING:
    from collections.abc import Collection

PAIRS = Path(__file__).with_name("antonyms.toml")
DAY = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)

Form = tuple[str, str]
"""Language and form."""


def oppositions() -> list[tuple[tuple[Form, Form], tuple[Form, Form]]]:
    """Of each opposition, one side in French and English, and the other side in both."""
    found = []
    for line in tomllib.loads(PAIRS.read_text(encoding="utf-8"))["pairs"].strip().splitlines():
        french, english = ([form.strip() for form in half.split("|")] for half in line.split("="))
        one, other = ((("fr", f), ("en", e)) for f, e in zip(french, english, strict=True))
        found.append((one, other))
    return found


def themes_of(forms: Collection[Form]) -> dict[Form, int]:
    """The theme of each form on the whole path, where twenty people say each; none of a form that is dropped."""
    rows = [
        {"id": f"{at}-{person}", "text": form, "language": language, "author": f"{person}", "source": "bench",
         "time": DAY + dt.timedelta(days=(7 * at + 31 * person) % 700)}
        for at, (language, form) in enumerate(sorted(set(forms)))
        for person in range(PEOPLE)
    ]  # fmt: skip
    messages = pl.concat([pl.DataFrame(rows), pl.DataFrame(schema=dict(MESSAGES))], how="diagonal_relaxed")
    laid = messages.select(MESSAGES.names()).cast(dict(MESSAGES))
    corpus, settings = prepare(laid, step=Step.QUARTER, progress=Silent()), Settings()
    said = find_themes(
        corpus, ThreadEngine(threads=2), settings, progress=Silent(), meanings=Meanings(settings)
    )
    theme = {variant: at for at, concept in enumerate(said.concepts) for variant in concept.variants}
    written = {form: (form[0], counted(form[1])) for form in forms}
    return {form: theme[variant] for form, variant in written.items() if variant in theme}


def merged() -> tuple[tuple[Form, Form], ...]:
    """Opposite forms that are one theme."""
    pairs = oppositions()
    theme = themes_of([form for sides in pairs for side in sides for form in side])
    return tuple(
        (a, b) for one, other in pairs for a in one for b in other if a in theme and theme[a] == theme.get(b)
    )


def figures() -> dict[str, float]:
    """The merges: the goal is none."""
    return {"antonym_merges": float(len(merged()))}


if __name__ == "__main__":
    pairs = oppositions()
    forms = [form for sides in pairs for side in sides for form in side]
    theme = themes_of(forms)
    linked = sum(theme.get(side[0], -1) == theme.get(side[1], -2) for sides in pairs for side in sides)
    print(
        f"{len(theme)} of {len(set(forms))} forms are themes; {linked} of {2 * len(pairs)} translations are linked"
    )
    print("merged:", *merged(), sep="\n  ")
