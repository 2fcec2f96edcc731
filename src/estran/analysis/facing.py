"""Two sides face to face: people of each, over the time in which both speak, and who may be compared with whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.voices import conversations_by, voices_by
from estran.findings import Facing
from estran.model import Side
from estran.privacy import figure_allowed
from estran.stats.presence import Presence, Rows, distinct
from estran.stats.strata import length_strata
from estran.store.prepared import codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.themes import Said
    from estran.stats.presence import Bools, Codes, Ints

ERAS = 2
"""Parts of the time in which people are compared with those who speak at the same time."""


@dataclass(frozen=True, slots=True)
class People:
    """People of a stretch of time, each once: who said what, on which side, comparable with whom.

    Attributes:
        author: (N,) their codes in the corpus.
        presence: which of them said which theme.
        outside: (N,) their side.
        stratum: (N,) half-octave of what they said in all, their language, and when they mostly spoke.
        where: (nnz,) conversation in which each use was made first, or None.
    """

    author: Ints
    presence: Presence
    outside: Bools
    stratum: Codes
    where: Codes | None


@dataclass(frozen=True, slots=True)
class FaceToFace:
    """The messages of people of two sides, over the time in which both speak.

    Somebody who speaks on both sides counts on the one where he or she says more, with what is said there.

    Attributes:
        corpus: all messages.
        said: what they say.
        here: (n,) messages that count.
        outside: (A,) the side of each author.
        first: first period in which both sides speak.
        past: one past the last.
    """

    corpus: Corpus
    said: Said
    here: Bools
    outside: Bools
    first: int
    past: int

    def about(self, themes: Ints) -> FaceToFace:
        """The same people and messages, asked about some themes only, in this order."""
        number = np.full(len(self.said.concepts), -1, np.int32)
        number[themes] = np.arange(len(themes), dtype=np.int32)
        kept = number[self.said.concept] >= 0
        said = replace(
            self.said,
            concepts=tuple(self.said.concepts[j] for j in themes.tolist()),
            message=self.said.message[kept],
            concept=number[self.said.concept[kept]],
            nested=self.said.nested[themes],
        )
        return replace(self, said=said)

    def people(self, first: int | None = None, past: int | None = None) -> People:
        """The people of some periods; of all in which both sides speak by default."""
        corpus, said = self.corpus, self.said
        begin, end = self.first if first is None else first, self.past if past is None else past
        within = self.here & (corpus.period >= begin) & (corpus.period < end)
        rows = np.flatnonzero(within)
        spoke = np.bincount(corpus.author[rows], minlength=corpus.people) > 0
        author = np.flatnonzero(spoke)
        person = (np.cumsum(spoke) - 1)[corpus.author[rows]]
        tokens = np.bincount(person, said.tokens[rows], minlength=len(author)).astype(np.int64)
        number = np.full(len(within), -1, np.int64)
        number[rows] = person
        uses = within[said.message]
        message, theme = said.message[uses], said.concept[uses].astype(np.int64)
        presence = Presence.of_pairs(number[message], theme, rows=len(author), themes=len(said.concepts))
        where = None
        if corpus.conversation is not None:
            # messages lie in order of time, so the first of equal pairs is the first use
            where = corpus.conversation[message[presence.first_pairs(number[message], theme)]]
        return People(
            author,
            presence,
            self.outside[author],
            length_strata(tokens, self._groups(rows, person, len(author)), least=1),
            where,
        )

    def _groups(self, rows: Ints, person: Ints, people: int) -> Ints:
        """(N,) the language in which a person said most, and the part of the time in which he or she mostly spoke."""
        language = codes(self.corpus.messages["language"].fill_null(""))[rows].astype(np.int64)
        languages = int(language.max(initial=0)) + 1
        spoken = np.bincount(
            person * languages + language, self.said.tokens[rows] + 1, minlength=people * languages
        )
        period = self.corpus.period[rows]
        cuts = np.quantile(period, np.arange(1, ERAS) / ERAS) if len(period) else np.zeros(0)
        mean = np.bincount(person, period, minlength=people) / np.maximum(
            np.bincount(person, minlength=people), 1
        )
        mostly: Ints = spoken.reshape(people, languages).argmax(axis=1)
        return mostly * ERAS + np.searchsorted(cuts, mean)

    def voices(self) -> tuple[Rows, Bools]:
        """Rows A of these messages, and whether each is outside."""
        rows, side = voices_by(*self._part())
        return rows, side == 1

    def conversations(self) -> tuple[Rows, Bools] | None:
        """Rows B of these messages, and whether each is outside; None where conversations are unknown."""
        told = conversations_by(*self._part())
        return None if told is None else (told[0], told[1] == 1)

    def _part(self) -> tuple[Corpus, Said, NDArray[np.int32]]:
        """These messages alone, and the side of each: 1 outside, 0 inside."""
        corpus, said, rows = self.corpus, self.said, np.flatnonzero(self.here)
        number = np.full(len(self.here), -1, np.int32)
        number[rows] = np.arange(len(rows), dtype=np.int32)
        kept = self.here[said.message]
        part = replace(
            corpus,
            place=corpus.place[rows],
            messages=corpus.messages[rows],
            period=corpus.period[rows],
            author=corpus.author[rows],
            conversation=None if corpus.conversation is None else corpus.conversation[rows],
            group=corpus.group[rows],
            season=None if corpus.season is None else corpus.season[rows],
        )
        own = replace(
            said,
            message=number[said.message[kept]],
            concept=said.concept[kept],
            tokens=said.tokens[rows],
        )
        return part, own, self.outside[part.author].astype(np.int32)

    def rows(self, *, outside: bool) -> Ints:
        """The messages of a side, in order of time."""
        return np.flatnonzero(self.here & (self.outside[self.corpus.author] == outside))

    def messages(self, theme: int, *, outside: bool) -> Ints:
        """The messages of a side that hold a theme, in order of time."""
        rows = self.said.message[self.said.concept == theme].astype(np.int64)
        own: Ints = rows[self.here[rows] & (self.outside[self.corpus.author[rows]] == outside)]
        return own

    def both(self) -> tuple[Ints, Ints]:
        """(T,) people inside and people outside of each period."""
        periods = self.corpus.grid.periods
        voice = distinct(
            self.corpus.author[self.here].astype(np.int64) * periods + self.corpus.period[self.here]
        )
        side = self.outside[voice // periods]
        counts = [np.bincount(voice[side == out] % periods, minlength=periods) for out in (False, True)]
        return counts[0], counts[1]


def face_to_face(corpus: Corpus, said: Said) -> FaceToFace | Facing:
    """Both sides, over the time in which both speak; or why they cannot be compared.

    Args:
        corpus: n messages.
        said: what they say.
    """
    told = corpus.messages["side"]
    outside, inside = (
        (told == side).fill_null(value=False).to_numpy() for side in (Side.OUTSIDE, Side.INSIDE)
    )
    if not (outside.any() or inside.any()):
        return Facing.NO_SIDES
    if not (outside.any() and inside.any()):
        return Facing.ONE_SIDE
    people = corpus.people
    words = [
        np.bincount(corpus.author[on], said.tokens[on] + 1, minlength=people) for on in (inside, outside)
    ]
    mostly = words[1] > words[0]
    here = np.where(mostly[corpus.author], outside, inside)
    facing = FaceToFace(corpus, said, here, mostly, 0, corpus.grid.periods)
    speaking = [len(distinct(corpus.author[here & (mostly[corpus.author] == out)])) for out in (False, True)]
    if not all(figure_allowed(n) for n in speaking):
        return Facing.FEW_PEOPLE
    counts = facing.both()
    together = np.flatnonzero(figure_allowed(counts[0]) & figure_allowed(counts[1]))
    if len(together) == 0:
        return Facing.NEVER_TOGETHER
    first, past = int(together[0]), int(together[-1]) + 1
    return FaceToFace(
        corpus, said, here & (corpus.period >= first) & (corpus.period < past), mostly, first, past
    )
