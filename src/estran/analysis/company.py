"""The company that themes keep: what else is said in the same messages, as a mean vector.

Two words of two languages that are written alike may be one or false friends, and no vector of the words tells which.
Those who say them do: of a false friend the company is as near as that of any other word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from estran.analysis.sample import texts_of
from estran.store.prepared import arrow
from estran.text.matching import Lexicon, match

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estran.model import Concept
    from estran.store.prepared import Counted

    Floats32 = NDArray[np.float32]

READ = 10_000
"""Messages of each language that are read at the most, spread evenly over time."""


def company(counted: Counted, concepts: Sequence[Concept], vectors: Floats32) -> Floats32:
    """(P, dim) mean vector of the themes that are said beside each, as against those beside all themes of its language.

    Args:
        counted: the messages.
        concepts: P of them, each of one language.
        vectors: (P, dim) of what they are called.

    Returns:
        Rows of length 1; zeros where a theme is said beside no other.
    """
    languages = np.array([concept.variants[0][0] for concept in concepts])
    found = np.zeros_like(vectors)
    for language in np.unique(languages).tolist():
        own = np.flatnonzero(languages == language)
        texts = texts_of(counted, language, most=READ)
        forms = [
            (form, number)
            for number, place in enumerate(own.tolist())
            for _, form in concepts[place].variants
        ]
        lexicon = Lexicon(
            tuple(form for form, _ in forms), np.array([number for _, number in forms], np.int32)
        )
        said = match(arrow(texts), [language] * len(texts), {language: lexicon}, threads=1)
        at = (said.message[said.free], said.concept[said.free])
        shape = (len(texts), len(own))
        found[own] = _beside(csr_array((np.ones(len(at[0]), np.float32), at), shape=shape), vectors[own])
    return found


def _beside(said: csr_array, vectors: Floats32) -> Floats32:
    """The same for one language, of the themes (n, P) that its messages hold."""
    centred = vectors - vectors.mean(axis=0)
    uses = np.asarray(said.sum(axis=0)).ravel()
    others = 1 / np.maximum(np.asarray(said.sum(axis=1)).ravel() - 1, 1)  # every message weighs the same
    beside = said.T @ ((said @ centred) * others[:, None]) - (said.T @ others)[:, None] * centred
    usual = beside.sum(axis=0) / max(float(uses.sum()), 1.0)
    beside = np.where(np.abs(beside).sum(axis=1, keepdims=True) > 0, beside - uses[:, None] * usual, 0)
    return np.asarray(beside / np.maximum(np.linalg.norm(beside, axis=1, keepdims=True), 1e-9), np.float32)


def how_near(
    company: Floats32, one: int, other: int, *, beside: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> float:
    """The share of themes whose company is nearer to that of a theme than that of its counterpart: 0 for the nearest.

    Args:
        company: (P, dim) as `company` gives it.
        one: a theme.
        other: its counterpart in another language.
        beside: the themes of the language of the one, and those of the other.

    Returns:
        The larger of both ways; not a number where the company of one is unknown.
    """
    if not (company[one].any() and company[other].any()):
        return float("nan")
    near = float(company[one] @ company[other])
    ways = (company[beside[1]] @ company[one], company[beside[0]] @ company[other])
    return max(float(np.mean(way > near)) for way in ways)
