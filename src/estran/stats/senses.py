"""Which of several senses a word has in a message, by the words near it: messages whose sense is known tell the others.

Each word near it speaks for a sense as far as a larger share of the people who mean that sense say it. The words are
added up (naive Bayes, Gale, Church and Yarowsky 1992, "A method for disambiguating word senses in a large corpus"),
but none may say more than `LOUDEST`, so that no word decides alone, and words that go together do not shout.

How much must be said before a sense is believed is asked of the known messages themselves: each is told as if nobody
knew it, by what other people said. Where that goes wrong, more is asked for, or nothing is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from estran.stats.presence import among, distinct

if TYPE_CHECKING:
    from estran.stats.presence import Bools, Codes, Floats, Ints

FEWEST_PEOPLE = 2
"""People of the known messages who must have said a word for it to speak at all."""

SHY = 1.0
"""People as who the word is said by everybody alike, added to those of each sense."""

LOUDEST = 2.0
"""What one word can say for a sense against another, at the most: odds of e² = 7."""

LEAST_MARGIN = 3.0
"""What all words together must say for the best sense against the next: odds of e³ = 20."""

WRONG = 0.03
"""Share of wrong ones that is accepted among the known messages that are told to have a sense, half a wrong one more
being added to those that were seen."""

FEWEST_KNOWN = 16
"""Messages of each sense that must be known: of fewer, the share of wrong ones cannot be low enough even where none is."""

BEYOND = 1.0
"""What must be said more than at the first margin that is not good enough: it was sought among the same messages."""


class Near(NamedTuple):
    """Distinct pairs of message and word.

    Attributes:
        message: (N,) row of the message.
        word: (N,) code of the word, below `words` of both tables together.
    """

    message: Ints
    word: Ints


@dataclass(frozen=True, slots=True)
class Telling:
    """What the words near it tell.

    Attributes:
        sense: (M,) of each message that was asked, -1 where nothing tells.
        least: (S,) what must be said for each sense against the next; all infinite where one of them cannot be told.
    right: known messages that are told rightly by what others said.
        wrong: those that are told wrongly.
        saying: (words, S) people of the known messages of each sense who say each word.
        people: (S,) people of the known messages of each sense.
    """

    sense: Codes
    least: Floats
    right: int
    wrong: int
    saying: Floats
    people: Floats

    def telling(self, sense: int) -> Ints:
        """The words that speak for a sense, those first that speak most for it."""
        shares = _shares(self.saying, self.people)
        says = shares[:, sense] - np.delete(shares, sense, axis=1).max(axis=1)
        order = np.argsort(-says, kind="stable")
        told: Ints = order[(says[order] > 0) & (self.saying.sum(axis=1)[order] >= FEWEST_PEOPLE)]
        return told


class _Spoken(NamedTuple):
    """What some messages say for each sense: (M, S)."""

    best: Ints
    margin: Floats


def tell_senses(
    known: Near, sense: Codes, person: Codes, asked: Near, *, senses: int, messages: int, words: int
) -> Telling:
    """The sense of messages by the words in them.

    Args:
        known: words of K messages whose sense is known.
        sense: (K,) theirs, 0 to `senses` - 1.
        person: (K,) who wrote each: a person who means a sense counts once for each word.
        asked: words of M other messages.
        senses: S, 2 at the least.
        messages: M.
        words: codes of words are below it.
    """
    meant = person.astype(np.int64) * senses + sense
    means = distinct(meant)
    people: Floats = np.bincount(means % senses, minlength=senses).astype(np.float64)
    said = distinct(meant[known.message] * words + known.word)
    column = said // words % senses * words + said % words
    saying: Floats = np.bincount(column, minlength=senses * words).reshape(senses, words).T.astype(np.float64)
    # as if whoever wrote a message had said nothing else, of whatever sense
    mine = person.astype(np.int64)[:, None] * senses + np.arange(senses)
    left = people - among(means, mine)
    without = saying[known.word] - among(said, mine[known.message] * words + known.word[:, None])
    trial = _spoken(known.message, _says(without, left[known.message]), messages=len(sense))
    # every sense weighs as much as the rarest, so that this one is not told of many messages of a common one
    many = np.bincount(sense, minlength=senses)
    weight = many.min() / np.maximum(many, 1)[sense]
    right = trial.best == sense
    least = np.array([_least(trial, weight, right, of) for of in range(senses)])
    if np.isinf(least).any():  # whatever has the sense that cannot be told would be told another
        least[:] = np.inf
    told = trial.margin >= least[trial.best]
    spoken = _spoken(asked.message, _says(saying, people)[asked.word], messages=messages)
    sure = spoken.margin >= least[spoken.best]
    return Telling(
        np.where(sure, spoken.best, -1).astype(np.int32), least, int(np.sum(told & right)), int(np.sum(told & ~right)),
        saying, people,
    )  # fmt: skip


def _shares(saying: Floats, people: Floats) -> Floats:
    """The logarithm of the share of people of each sense who say a word, (N, S); that of everybody where few mean it."""
    usual = (saying.sum(axis=1, keepdims=True) + 0.5) / (people.sum(axis=-1, keepdims=True) + 1.0)
    shares: Floats = np.log((saying + SHY * usual) / (people + SHY))
    return shares


def _says(saying: Floats, people: Floats) -> Floats:
    """What each word says for each sense, as against the best, (N, S).

    Args:
        saying: (N, S) people of each sense who say the word.
        people: (N, S) or (S,) people of each sense.
    """
    shares = _shares(saying, people)
    says: Floats = np.maximum(shares - shares.max(axis=1, keepdims=True), -LOUDEST)
    says[saying.sum(axis=1) < FEWEST_PEOPLE] = 0.0
    return says


def _spoken(message: Ints, says: Floats, *, messages: int) -> _Spoken:
    """The best sense of each message, and by how much.

    Args:
        message: (N,) of each word.
        says: (N, S) what it says for each sense.
        messages: M.
    """
    total = np.stack([np.bincount(message, each, minlength=messages) for each in says.T], axis=1)
    ordered = np.sort(total, axis=1)
    best: Ints = total.argmax(axis=1).astype(np.int64)
    margin = (ordered[:, -1] - ordered[:, -2]).astype(np.float64)
    return _Spoken(best, margin)


def _least(trial: _Spoken, weight: Floats, right: Bools, sense: int) -> float:
    """What must be said for a sense: beyond the margin at which too many known messages are told wrongly to have it."""
    own = np.flatnonzero(trial.best == sense)
    own = own[np.argsort(-trial.margin[own], kind="stable")]
    margin = np.append(trial.margin[own], 0.0)
    wrong = (np.cumsum((weight * ~right)[own]) + 0.5) / (np.cumsum(weight[own]) + 1.0)
    ends = margin[1:] < margin[:-1]  # equal margins are told together
    good = np.flatnonzero(ends & (wrong <= WRONG) & (margin[:-1] >= LEAST_MARGIN))
    return max(LEAST_MARGIN, float(margin[good[-1] + 1])) + BEYOND if len(good) else np.inf
