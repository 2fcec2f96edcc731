"""How the voices of a theme divide over parts, with intervals that know that people repeat themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, ndtri

if TYPE_CHECKING:
    from estran.stats.presence import Codes, Floats, Ints, Rows

HALF = 0.5  # a voice seen here and one elsewhere keep the interval of an empty part off its ends


@dataclass(frozen=True, slots=True)
class VoiceShares:
    """The parts of P themes in K parts of the talk.

    Attributes:
        share: (K, P) voices of the theme in the part over all its voices; nan where it has none.
        low: (K, P) lower end of the interval.
        high: (K, P) upper end.
        voices: (K, P) voices of the theme in the part.
    """

    share: Floats
    low: Floats
    high: Floats
    voices: Ints


def voice_shares(rows: Rows, part: Codes, *, parts: int, level: float = 0.95) -> VoiceShares:
    """The share of the voices of each theme that lies in each part.

    A ratio of sums over people: with a of the n voices of a person in the part, the variance of the share s is
    ``G / (G - 1) sum (a - s n)^2 / (sum n)^2`` over the G people who use the theme (Cochran 1977, chapter 6). The
    interval is normal on the log odds, half a voice being added on both sides, and is at least as wide as that of G
    independent people.

    Args:
        rows: the evidence; clusters are people.
        part: (N,) the part of each row, 0 to K - 1; rows below 0 are left out.
        parts: K.
        level: coverage.
    """
    presence, themes = rows.presence, rows.presence.themes
    theme = np.repeat(np.arange(themes), presence.uses)
    row = presence.indices
    kept = part[row] >= 0
    theme, row = theme[kept], row[kept]
    people = int(rows.cluster.max(initial=-1)) + 1
    person, whose = np.unique(theme * people + rows.cluster[row], return_inverse=True)
    own = np.bincount(whose, minlength=len(person)).astype(np.float64)  # n, of each theme and person
    cell, here = np.unique(whose * parts + part[row], return_counts=True)
    of_theme, in_part, many = person[cell // parts] // people, cell % parts, here.astype(np.float64)
    place = in_part * themes + of_theme

    def summed(values: Floats) -> Floats:
        total: Floats = np.bincount(place, values, parts * themes).astype(np.float64)
        return total.reshape(parts, themes)

    owner = person // people
    voices = summed(many)
    total = np.bincount(owner, own, themes)
    squares = np.bincount(owner, own**2, themes)
    group = np.bincount(owner, minlength=themes)
    share = np.divide(voices, total, out=np.full_like(voices, np.nan), where=total > 0)
    s = np.nan_to_num(share)
    left = summed(many**2) - 2.0 * s * summed(many * own[cell // parts]) + s**2 * squares
    size = np.maximum(total, 1.0)
    smoothed = (voices + HALF) / (size + 2.0 * HALF)
    robust = np.maximum(left, 0.0) / size**2 * group / np.maximum(group - 1, 1)
    least = smoothed * (1.0 - smoothed) / np.maximum(group, 1)
    error = np.sqrt(np.maximum(robust, least)) / (smoothed * (1.0 - smoothed))
    reach = float(ndtri(0.5 + level / 2.0)) * error
    odds = np.log(smoothed / (1.0 - smoothed))
    low, high = expit(odds - reach), expit(odds + reach)
    return VoiceShares(
        share=share,
        low=np.where(voices > 0, np.minimum(low, s), 0.0),
        high=np.where(voices < total, np.maximum(high, s), 1.0),
        voices=voices.astype(np.int64),
    )
