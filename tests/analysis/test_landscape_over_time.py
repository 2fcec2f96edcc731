"""What is told of shares over time, and what is withheld of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.analysis.voicecurves import curves_of
from estran.stats.presence import Presence, Rows

PERIODS = 8
LABELS = tuple(str(2010 + t) for t in range(PERIODS))


def talk(rng, uses, *, people=60):
    """Three tools in which everybody may speak; the themes are said with `uses` (themes, tools, periods)."""
    uses = np.asarray(uses)
    cell = np.flatnonzero(rng.random(people * PERIODS * 3) < 0.7)
    person, period, part = np.unravel_index(cell, (people, PERIODS, 3))
    theme, row = np.nonzero(rng.random((len(uses), len(cell))) < uses[:, part, period])
    rows = Rows(
        Presence.of_pairs(row, theme, rows=len(cell), themes=len(uses)),
        period.astype(np.int32),
        person.astype(np.int32),
        np.zeros(len(cell), np.int32),
    )
    return rows, part.astype(np.int32)


def counts(rows, part, k):
    here = rows.presence.indices[rows.presence.indptr[k] : rows.presence.indptr[k + 1]]
    return np.bincount(part[here] * PERIODS + rows.period[here], minlength=3 * PERIODS).reshape(3, PERIODS)


def shown(curves):
    return np.isfinite([curve.share for curve in curves])


@pytest.mark.parametrize("spans", [[range(8)], [range(2, 5), range(5, 8), range(2)]])
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), use=st.floats(0.02, 0.4))
def test_no_share_of_few_people_is_shown_nor_told_by_the_others(spans, seed, use):
    rng = np.random.default_rng(seed)
    rows, part = talk(rng, rng.random((3, 3, PERIODS)) * use)
    spans = [np.array(span) for span in spans]
    for k, curves in enumerate(curves_of(rows, part, parts=3, labels=LABELS, spans=spans)):
        if not curves:
            continue
        there, people = shown(curves), counts(rows, part, k)
        assert not (there & (people > 0) & (people < 5)).any()
        away = ~there & (people > 0)
        # alone among the tools of a period, or the periods of a tool, only where nothing else is shown there
        assert ((away.sum(axis=0) != 1) | ~there.any(axis=0)).all()
        for span in spans:
            assert ((away[:, span].sum(axis=1) != 1) | ~there[:, span].any(axis=1)).all()
        for curve, row in zip(curves, people, strict=True):
            for n, said, share in zip(curve.people, row, curve.share, strict=True):
                assert n is None if np.isnan(share) else n == said


def test_a_theme_that_moves_from_one_tool_to_another_is_seen_to_do_so():
    uses = np.full((1, 3, PERIODS), 0.3)
    uses[0, 0], uses[0, 1] = np.linspace(0.8, 0.2, PERIODS), np.linspace(0.2, 0.8, PERIODS)
    rows, part = talk(np.random.default_rng(1), uses, people=300)
    (curves,) = curves_of(rows, part, parts=3, labels=LABELS, spans=[np.arange(PERIODS)])
    assert curves[0].low[0] > curves[0].high[-1]
    assert curves[1].high[0] < curves[1].low[-1]
    assert curves[0].periods == LABELS


def test_a_tool_that_is_connected_late_shows_nothing_before():
    rows, part = talk(np.random.default_rng(2), np.full((1, 3, PERIODS), 0.5))
    part[(part == 2) & (rows.period < 4)] = -1
    (curves,) = curves_of(rows, part, parts=3, labels=LABELS, spans=[np.arange(PERIODS)])
    assert shown(curves).tolist()[2] == [False] * 4 + [True] * 4
    assert shown(curves)[:2].all()


def test_a_theme_that_hardly_anybody_says_has_no_curves():
    rows, part = talk(
        np.random.default_rng(3), np.stack([np.full((3, PERIODS), 0.002), np.full((3, PERIODS), 0.5)])
    )
    few, many = curves_of(rows, part, parts=3, labels=LABELS, spans=[np.arange(PERIODS)])
    assert few == ()
    assert len(many) == 3
