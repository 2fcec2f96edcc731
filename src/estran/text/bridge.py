"""The same thing said in two languages: phrases that are one another's nearest in a space that crosses languages.

Within one language nothing is linked here: there, a cosine cannot tell synonyms from opposites. Across languages the
nearest neighbour is the translation, where there is one; that neighbours are mutual, and nearer than either side's
usual neighbours (CSLS: Conneau et al., "Word translation without parallel data", 2018), tells those without. What is not
translated word by word is nowhere near: of that, a glossary knows some (`estran.text.glossary`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from estran.errors import SettingsError
from estran.text.glossary import listed
from estran.text.opposites import opposed
from estran.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from estran.text.encoders import Encoder
    from estran.text.glossary import Glossary

    Floats = NDArray[np.float64]
    Floats32 = NDArray[np.float32]

NEIGHBOURS = 10
"""Nearest phrases of the other language that a phrase's usual distance is told from."""

SURE_PHRASES, SURE_WORDS = 0.80, 0.90
"""Cosine from which a link is made without asking, where both sides have several words, and where one has one."""

SURE_CSLS = 0.30
SUGGESTED = 0.70
"""Cosine from which a link is suggested."""

SAME_COMPANY = 0.30
"""Cosine of the messages around both, where they are known, below which a link is only suggested."""

_ROWS = 1_024  # phrases compared at a time, so that memory does not grow with the square
_ACRONYM = re.compile(r"\b(?:[A-ZÀ-Ý]\.?){2,6}\b")
_NONE = np.empty((0, 2), np.int64)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Link:
    """Two phrases of different languages that say the same, and how that is known.

    Attributes:
        left: place of one phrase; its language comes first in the alphabet.
        right: place of the other.
        cosine: of their vectors; 1 where the glossary has them as one.
        csls: twice the cosine, less the mean cosine of each with its nearest phrases of the other language.
        automatic: whether it is made without asking; otherwise it is suggested.
        why: the evidence as a sentence.
        listed: whether the glossary has them as one.
    """

    left: int
    right: int
    cosine: float
    csls: float
    automatic: bool
    why: str
    listed: bool = False


def which_say_the_same(
    phrases: Sequence[str],
    languages: Sequence[str | None],
    encoder: Encoder,
    *,
    vectors: Floats32 | None = None,
    company: Floats32 | None = None,
    glossary: Glossary | None = None,
) -> tuple[Link, ...]:
    """Links between phrases of different languages, the surest first.

    Args:
        phrases: n of them, as people write them: acronyms are known by their capitals.
        languages: n ISO 639-1, None where it is not sure; such a phrase is not linked.
        encoder: one that crosses languages.
        vectors: (n, d) of the phrases by this encoder, where they are made already.
        company: (n, d) mean vectors of the messages that hold each phrase, zeros where they are too few.
        glossary: another one than that which comes with Estran.

    Raises:
        SettingsError: the encoder does not cross languages.
    """
    if not encoder.crosses_languages:
        raise SettingsError(f"the encoder '{encoder.id}' does not cross languages: choose 'universal'")
    vectors = encoder.encode(phrases) if vectors is None else vectors
    known = sorted({language for language in languages if language is not None})
    found = []
    for pair in combinations(known, 2):
        one, other = (
            np.array([n for n, each in enumerate(languages) if each == language]) for language in pair
        )
        said = [[phrases[place] for place in places] for places in (one, other)]
        same = listed(said[0], said[1], pair, glossary=glossary)
        sure = set(map(tuple, same.tolist()))
        near = mutual(vectors[one], vectors[other], same)
        for at, to, cosine, csls in zip(*near, strict=True):
            left, right, by_hand = int(one[at]), int(other[to]), (int(at), int(to)) in sure
            # somebody wrote an entry: lists of opposites and acronyms, which judge words, have no say in it
            apart = not by_hand and kept_apart(phrases[left], phrases[right], pair)
            if cosine < SUGGESTED or apart:
                continue
            together = None if company is None else _cosine(company[left], company[right])
            both = (phrases[left], phrases[right])
            found.append(_link((left, right), both, (cosine, csls), together, by_hand=by_hand))
    return tuple(sorted(found, key=lambda link: (-link.csls, link.left, link.right)))


def kept_apart(left: str, right: str, languages: tuple[str, str]) -> str | None:
    """Why two phrases must not be linked however near they are, or None."""
    if sorted(_NUMBER.findall(left)) != sorted(_NUMBER.findall(right)):
        return "their numbers differ"
    acronyms = [sorted(_letters(each) for each in _ACRONYM.findall(phrase)) for phrase in (left, right)]
    if all(acronyms) and acronyms[0] != acronyms[1]:
        return "their acronyms differ"
    words = opposed(left, right, languages)
    return f"{words} are opposites" if words else None


def mutual(
    one: Floats32, other: Floats32, same: NDArray[np.int64] = _NONE
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Rows that are one another's nearest, by CSLS.

    Args:
        one: (a, dim) rows of length 1, or zeros.
        other: (b, dim) of the same space.
        same: (n, 2) places in both of those that are known to say the same: their cosine counts as 1.

    Returns:
        The places in both, the cosines and the CSLS of the pairs; sorted by the places in `one`.
    """
    if not (len(one) and len(other)):
        none = np.empty(0)
        return none.astype(np.int64), none.astype(np.int64), none, none
    back_same = same[:, ::-1]
    around_one, around_other = _around(one, other, same), _around(other, one, back_same)
    to, cosine, csls = _nearest(one, other, same, (around_one, around_other))
    back, _, _ = _nearest(other, one, back_same, (around_other, around_one))
    at = np.flatnonzero(back[to] == np.arange(len(one)))
    return at, to[at], cosine[at], csls[at]


def _cosines(one: Floats32, other: Floats32, same: NDArray[np.int64]) -> Iterator[tuple[slice, Floats32]]:
    """The cosines of some rows with all of the other side, a part at a time."""
    for first in range(0, len(one), _ROWS):
        part = slice(first, first + _ROWS)
        cosines = one[part] @ other.T
        rows, columns = same[(same[:, 0] >= first) & (same[:, 0] < first + _ROWS)].T
        cosines[rows - first, columns] = 1
        yield part, cosines


def _around(one: Floats32, other: Floats32, same: NDArray[np.int64]) -> Floats:
    """(a,) mean cosine of each row with its nearest ones of the other side."""
    count = min(NEIGHBOURS, len(other))
    nearest = (np.partition(cosines, len(other) - count, axis=1) for _, cosines in _cosines(one, other, same))
    return np.concatenate([each[:, -count:].mean(axis=1, dtype=np.float64) for each in nearest])


def _nearest(
    one: Floats32, other: Floats32, same: NDArray[np.int64], around: tuple[Floats, Floats]
) -> tuple[NDArray[np.int64], Floats, Floats]:
    """(a,) the nearest of the other side by CSLS, its cosine and its CSLS; around: as `_around` gives it, of both."""
    to, cosine = np.empty(len(one), np.int64), np.empty(len(one))
    for part, cosines in _cosines(one, other, same):
        best = np.argmax(2 * np.asarray(cosines, np.float64) - around[1], axis=1)
        to[part] = best
        cosine[part] = cosines[np.arange(len(best)), best]
    return to, cosine, 2 * cosine - around[0] - around[1][to]


def _link(
    places: tuple[int, int],
    phrases: tuple[str, str],
    near: tuple[float, float],
    together: float | None,
    *,
    by_hand: bool,
) -> Link:
    cosine, csls = float(near[0]), float(near[1])
    single = any(sum(map(len, tokens(phrase))) < 2 for phrase in phrases)
    needed = SURE_WORDS if single else SURE_PHRASES
    elsewhere = together is not None and together < SAME_COMPANY
    why = f"one another's nearest across languages: cosine {cosine:.2f}, CSLS {csls:.2f}"
    if by_hand:
        why = "the glossary has them as one"
    if together is not None:
        why += f", company {together:.2f}"
    doubts = [
        *([f"cosine below {needed:.2f}"] if cosine < needed else []),
        *([f"CSLS below {SURE_CSLS:.2f}"] if csls < SURE_CSLS else []),
        *(["said in other company"] if elsewhere else []),
    ]
    if doubts:
        why += f" ({', '.join(doubts)}: to be confirmed)"
    return Link(*places, cosine, csls, not doubts, why, by_hand)


def _cosine(left: Floats32, right: Floats32) -> float | None:
    """Of two rows; None where one of them is zero."""
    length = float(np.linalg.norm(left) * np.linalg.norm(right))
    return float(left @ right) / length if length > 1e-12 else None


def _letters(acronym: str) -> str:
    """The letters of an acronym in order of the alphabet: AI and IA, VAT and TVA are one."""
    return "".join(sorted(acronym.replace(".", "")))
