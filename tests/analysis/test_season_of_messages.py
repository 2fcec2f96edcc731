import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from estran.analysis.corpus import prepare
from estran.analysis.movement import judge
from estran.analysis.progress import Silent
from estran.analysis.seasons import incomplete, seasons
from estran.analysis.themes import find_themes
from estran.analysis.voices import parted_voices, voices
from estran.model import Grid, Step
from estran.settings import Settings
from estran.store.engines.threads import ThreadEngine
from nouns import NOUNS


def moments(first, last, count=2000):
    start = dt.datetime.combine(first, dt.time(), dt.UTC)
    days = (last - first).days
    return pl.Series(
        [start + dt.timedelta(days=days * n / (count - 1)) for n in range(count)],
        dtype=pl.Datetime("ms", "UTC"),
    )


def season_by_day(step, first, last):
    times = moments(first, last)
    grid = Grid.covering(times[0], times[-1], step)
    found = seasons(grid, times, grid.period_of(times).astype(np.int32))
    return times, found


@pytest.mark.parametrize(
    ("step", "phase"),
    [
        (Step.MONTH, pl.element().dt.month()),
        (Step.QUARTER, pl.element().dt.quarter()),
        (Step.HALF, pl.element().dt.month() > 6),
    ],
)
def test_a_season_is_the_phase_of_the_year(step, phase):
    times, found = season_by_day(step, dt.date(2020, 3, 1), dt.date(2022, 12, 31))
    expected = times.to_frame("t").select(pl.col("t").implode().list.eval(phase).explode())["t"]
    assert found.tolist() == (expected.cast(int) - expected.cast(int).min()).to_list()


def test_a_week_belongs_to_the_month_of_its_thursday():
    times, found = season_by_day(Step.WEEK, dt.date(2020, 1, 6), dt.date(2022, 6, 5))
    thursday = times.dt.truncate("1w").dt.offset_by("3d").dt.month()
    assert found.tolist() == (thursday - 1).to_list()


def test_under_two_years_seasons_are_unknown():
    assert season_by_day(Step.MONTH, dt.date(2020, 1, 1), dt.date(2021, 11, 30))[1] is None
    assert season_by_day(Step.MONTH, dt.date(2020, 1, 1), dt.date(2021, 12, 31))[1] is not None
    assert season_by_day(Step.WEEK, dt.date(2020, 1, 6), dt.date(2021, 11, 30))[1] is None


def test_whole_years_hold_all_their_seasons():
    assert season_by_day(Step.YEAR, dt.date(2018, 1, 1), dt.date(2021, 12, 31))[1] is None


def test_a_year_known_from_its_start_parts_all_the_others():
    times, found = season_by_day(Step.YEAR, dt.date(2018, 1, 1), dt.date(2021, 2, 15))
    early = (times.dt.month().cast(int) * 100 + times.dt.day() <= 215).to_numpy()
    assert np.array_equal(found == found[0], early)
    assert found.max() == 1


def test_both_ends_may_be_incomplete():
    times, found = season_by_day(Step.YEAR, dt.date(2018, 10, 1), dt.date(2021, 2, 15))
    assert found.max() == 2
    grid = Grid.covering(times[0], times[-1], Step.YEAR)
    assert incomplete(grid, times) == (True, True)


def test_two_halves_of_a_year_share_no_season():
    assert season_by_day(Step.YEAR, dt.date(2018, 10, 1), dt.date(2019, 2, 15))[1] is None


def test_conferences_are_not_parted():
    times = pl.Series(
        [dt.datetime(2010 + n // 100, 5, 1 + n % 3, tzinfo=dt.UTC) for n in range(500)],
        dtype=pl.Datetime("ms", "UTC"),
    )
    grid = Grid.covering(times[0], times[-1], Step.YEAR)
    assert incomplete(grid, times) == (False, False)
    assert seasons(grid, times, grid.period_of(times).astype(np.int32)) is None


@pytest.fixture(scope="module")
def januaries(frame):
    """Four years and a January; one word is said in every January by many, another in all months of all years alike."""
    rng = np.random.default_rng(5)
    rows = []
    times = moments(dt.date(2018, 1, 1), dt.date(2022, 1, 31), 6000)
    for n, time in enumerate(times):
        said = [NOUNS[k] for k in rng.choice(8, 2, replace=False)]
        january = time.month == 1 and rng.random() < 0.5
        said.append(NOUNS[8] if january else NOUNS[rng.integers(0, 8)])
        text = f"The {said[0]} and the {said[1]} met a {said[2]} near {n}."
        rows.append(
            {"text": text, "time": time, "author": f"a{rng.integers(0, 900)}", "thread": f"t{n // 3}"}
        )
    return frame(rows)


def p_of(corpus, said, word):
    found = judge(corpus, said, Settings(), progress=Silent())
    theme = next(j for j, c in enumerate(said.concepts) if c.label == word)
    return float(found.p[theme])


def test_a_word_of_every_january_is_not_in_in_a_year_known_from_its_january(januaries):
    corpus = prepare(januaries, step=Step.YEAR, progress=Silent())
    said = find_themes(corpus, ThreadEngine(threads=1), Settings(), progress=Silent())
    assert p_of(corpus, said, NOUNS[8]) > 0.1
    assert p_of(replace(corpus, season=None), said, NOUNS[8]) < 1e-3


def test_shown_rows_stay_one_per_person_and_year_and_tested_ones_are_parted(januaries):
    corpus = prepare(januaries, step=Step.YEAR, progress=Silent())
    said = find_themes(corpus, ThreadEngine(threads=1), Settings(), progress=Silent())
    shown = voices(corpus, said)
    parted = parted_voices(corpus, said, shown)
    keys = np.unique(np.stack([corpus.author, corpus.period, corpus.season]), axis=1)
    assert shown.season is None
    assert shown.presence.rows < parted.presence.rows == keys.shape[1]


def test_of_months_the_shown_and_the_tested_rows_are_the_same(januaries):
    corpus = prepare(januaries, step=Step.MONTH, progress=Silent())
    said = find_themes(corpus, ThreadEngine(threads=1), Settings(), progress=Silent())
    shown = voices(corpus, said)
    assert parted_voices(corpus, said, shown) is shown
    assert np.array_equal(shown.season, shown.period % 12)
    assert p_of(corpus, said, NOUNS[8]) > 0.1


def test_messages_at_other_times_have_other_periods_and_seasons(januaries):
    corpus = prepare(januaries, step=Step.QUARTER, progress=Silent())
    times = corpus.messages["time"].reverse()
    moved = corpus.moved_to(times)
    assert np.array_equal(moved.period, corpus.period[::-1])
    assert np.array_equal(moved.season, corpus.season[::-1])
    assert np.array_equal(corpus.moved_to(corpus.messages["time"]).season, corpus.season)
