"""Do people speak better or worse around a theme than they do elsewhere? A mean over many people, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t as student

from estran.findings import Estimate
from estran.text.encoders import open_encoder
from estran.text.valence import learned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.settings import Settings
    from estran.stats.presence import Floats

PEOPLE, FEWEST = 300, 20
"""People of a theme who are read; with fewer, no tone is told."""

SENTENCES = 2_000
"""Sentences that are read for all themes together; of more, an even part of the people of each theme."""

LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class Around:
    """Messages, and the words that stand around a theme in each; "" where there are none."""

    row: NDArray[np.int32]
    text: tuple[str, ...]


def tones_around(
    corpus: Corpus, themes: Sequence[tuple[Around, Around]], settings: Settings
) -> tuple[Estimate | None, ...]:
    """The mean over people of the tone around each theme less that around something else of theirs.

    One sentence of each person is read here and one there (`estran.text.valence`). What is read of a person, and the
    vectors, are forgotten at once: only means over 20 people or more leave this module.

    Args:
        corpus: where the messages are.
        themes: of K themes, what people say around each, and what the same people say around others.
        settings: which encoder reads a tone, and whether it may reach other machines.

    Returns:
        K differences of tones from -1 (ill) to 1 (well), with the interval over people (Student, 90 %); None where fewer
        than 20 people speak of both.
    """
    most = min(PEOPLE, max(FEWEST, SENTENCES // (2 * max(len(themes), 1))))
    asked = [_one_each(corpus, here, there, most) for here, there in themes]
    told = [each for each in asked if each]
    if not told:
        return (None,) * len(asked)
    pairs = [pair for each in told for pair in each]
    rows = np.array([row for row, _ in pairs], np.int32)
    texts = [text for _, text in pairs]
    languages = corpus.messages["language"].gather(rows).to_list()
    encoder = open_encoder(settings.tone_encoder, allow_remote=settings.allow_remote)
    tone = np.tanh(learned(encoder).of(encoder.encode(texts), texts, languages))
    cuts = iter(np.split(tone, np.cumsum([len(each) for each in told])[:-1]))
    return tuple(mean_difference(*np.split(next(cuts), 2)) if each else None for each in asked)


def _one_each(corpus: Corpus, here: Around, there: Around, most: int) -> list[tuple[int, str]]:
    """A sentence here of each of some people, then one there of each in the same order; none where they are too few."""
    one, other = (_last_of_each(corpus, part) for part in (here, there))
    people = sorted(one.keys() & other.keys())
    if len(people) > most:
        people = [people[place] for place in np.linspace(0, len(people) - 1, most).astype(int).tolist()]
    return [part[who] for part in (one, other) for who in people] if len(people) >= FEWEST else []


def _last_of_each(corpus: Corpus, said: Around) -> dict[int, tuple[int, str]]:
    """Person -> row and words of their last sentence."""
    authors = corpus.author[said.row].tolist()
    return {
        who: (row, text) for who, row, text in zip(authors, said.row.tolist(), said.text, strict=True) if text
    }


def mean_difference(here: Floats, there: Floats) -> Estimate:
    """The mean over people of what (n,) of them score here less what they score there (Student, 90 %)."""
    difference = here - there
    middle, people = float(difference.mean()), len(difference)
    error = float(difference.std(ddof=1)) / np.sqrt(people)
    reach = float(student.ppf((1 + LEVEL) / 2, people - 1)) * error
    return Estimate(middle, middle - reach, middle + reach, "tone")
