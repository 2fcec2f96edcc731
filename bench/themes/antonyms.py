"""Whether opposites are ever merged without asking, in one language or across two: `python -m bench.themes.antonyms`."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np

from bench.themes.variants import concepts_of, counted
from estran.text.bridge import which_say_the_same
from estran.text.encoders import open_encoder

PAIRS = Path(__file__).with_name("antonyms.toml")

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


def themes_of(forms: list[Form]) -> dict[Form, int]:
    """The theme that holds each form once what says the same in two languages is one; none of a form that is dropped."""
    concepts = concepts_of(
        {code: [form for language, form in forms if language == code] for code in ("fr", "en")}
    )
    spoken = [{language for language, _ in concept.variants} for concept in concepts]
    alone = [next(iter(codes)) if len(codes) == 1 else None for codes in spoken]
    theme = np.arange(len(concepts))
    for link in which_say_the_same([concept.label for concept in concepts], alone, open_encoder("universal")):
        if link.automatic:
            theme[theme == theme[link.right]] = theme[link.left]
    number = {variant: int(theme[at]) for at, concept in enumerate(concepts) for variant in concept.variants}
    return {
        form: number[form[0], counted(form[1])] for form in forms if (form[0], counted(form[1])) in number
    }


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
