"""The share of voice of each kind of tool over time, with what must be withheld of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estran.findings import Curve
from estran.privacy import figure_allowed, not_alone, withheld_parts
from estran.stats.voicecurves import speaking, voice_curves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estran.stats.presence import Rows


def curves_of(
    rows: Rows,
    part: NDArray[np.int32],
    *,
    parts: int,
    labels: Sequence[str],
    spans: Sequence[NDArray[np.int64]],
) -> list[tuple[Curve, ...]]:
    """Of each theme, the curve of its share of voice in each kind of tool; no curves where none has anything to show.

    A figure of fewer than five people is withheld, and with it what would tell it: another kind in the same period, as
    shares add up to one; and another period of the same kind, as the share over all periods is shown too.

    Args:
        rows: voices of P themes; clusters are people.
        part: (N,) the kind of each voice.
        parts: how many kinds.
        labels: (T,) the periods.
        spans: periods over which shares are shown as well, apart from one another.
    """
    periods = len(labels)
    shares, cut, compared = voice_curves(rows, part, parts=parts, periods=periods)
    shape = (parts, rows.presence.themes, periods)
    people = shares.voices.reshape(shape)  # a person has one voice in a period and kind
    whole = people_in(cut, compared >= 0)
    hidden = (withheld_parts(shares.voices, whole) | ~figure_allowed(whole)).reshape(shape)
    own = [compared == c for c in range(parts)]
    for span in spans:
        inside = np.isin(rows.period, span)
        over = np.stack([people_in(rows, mine & inside) for mine in own])
        hidden[:, :, span] |= np.moveaxis(withheld_parts(np.moveaxis(people[:, :, span], 2, 0), over), 0, 2)
    _close(hidden, people, spans)
    spoke = speaking(rows, part, parts=parts, periods=periods)
    shown = ~hidden & spoke[:, None, :] & np.isfinite(shares.share.reshape(shape))
    share, low, high = (
        np.where(shown, told.reshape(shape), np.nan) for told in (shares.share, shares.low, shares.high)
    )
    return [
        tuple(
            Curve(
                tuple(labels),
                tuple(share[c, k].tolist()),
                tuple(low[c, k].tolist()),
                tuple(high[c, k].tolist()),
                tuple(int(n) if there else None for n, there in zip(people[c, k], shown[c, k], strict=True)),
            )
            for c in range(parts)
        )
        if shown[:, k].any()
        else ()
        for k in range(shape[1])
    ]


def _close(hidden: NDArray[np.bool_], people: NDArray[np.int64], spans: Sequence[NDArray[np.int64]]) -> None:
    """Withhold until nothing is withheld alone among the kinds of a period, or among the periods of a kind."""
    count = -1
    while count != (count := int(hidden.sum())):
        hidden |= not_alone(hidden, people, axis=0)
        for span in spans:
            hidden[:, :, span] |= not_alone(hidden[:, :, span], people[:, :, span], axis=2)


def people_in(rows: Rows, kept: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(P,) distinct people who used each theme in some of the rows."""
    presence = rows.presence
    theme = np.repeat(np.arange(presence.themes), presence.uses)
    there = kept[presence.indices]
    people = int(rows.cluster.max(initial=-1)) + 1
    pair = np.unique(theme[there] * people + rows.cluster[presence.indices[there]])
    return np.bincount(pair // max(people, 1), minlength=presence.themes)
