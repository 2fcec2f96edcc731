from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.stats.conditional import (
    Uses,
    conditional_trend,
    detectable_rate_ratio,
    rates_of_strata,
)

PERIODS = 12


def uses(theme, period, cluster, held, usual=0.5, weight=1.0):
    count = len(theme)
    return Uses(
        np.asarray(theme, np.int32),
        np.asarray(period, np.int32),
        np.asarray(cluster, np.int32),
        np.asarray(held, np.float64),
        np.broadcast_to(np.asarray(usual, np.float64), count),
        np.broadcast_to(np.asarray(weight, np.float64), count),
    )


def talk(rng, *, themes=120, fewest=60, most=1_600, fall=1.0):
    """Uses by loud people in threads about one thing, which grow longer fourfold: then fewer are all headline.

    How much the length of a message weighs differs by theme; people and threads have habits of their own. Given what
    it would be, the chance of a headline falls `fall`-fold from the first period to the last.
    """
    people, threads = 400, 700
    loud = rng.pareto(1.1, people) + 0.05
    when, habit, manner = (
        rng.integers(0, PERIODS, threads), rng.normal(0, 0.7, people), rng.normal(0, 0.5, threads)
    )  # fmt: skip
    count = np.exp(rng.uniform(np.log(fewest), np.log(most), themes)).astype(int)
    theme = np.repeat(np.arange(themes), count)
    thread, author = np.empty(len(theme), np.int64), rng.choice(people, len(theme), p=loud / loud.sum())
    for j in range(themes):
        about = rng.random(threads) ** 4
        thread[theme == j] = rng.choice(threads, count[j], p=about / about.sum())
    period = when[thread]
    tokens = rng.lognormal(3, 1, len(theme)) * 4.0 ** (period / PERIODS - 0.5)
    length = np.clip(np.round(2 * np.log2(tokens)), 0, 14).astype(np.int32)
    level, lean = rng.normal(-0.3, 0.8, themes)[theme], rng.uniform(0.15, 0.55, themes)[theme]
    odds = level + habit[author] + manner[thread] - lean * (length - 7)
    chance = fall ** (-period / (PERIODS - 1)) / (1 + np.exp(-odds))
    held = (rng.random(len(theme)) < chance).astype(float)
    usual = rates_of_strata(held, length, np.ones(len(held)))[length]
    return (
        uses(theme, period, author, held, usual, once(theme, author, period)),
        uses(theme, period, np.unique(thread, return_inverse=True)[1], held, usual, once(theme, author, thread)),
        count,
    )  # fmt: skip


def once(*keys):
    """The weight that makes one of all uses with the same keys."""
    _, row, count = np.unique(np.stack(keys), axis=1, return_inverse=True, return_counts=True)
    return 1 / count[row.ravel()]


def test_the_score_by_hand():
    # two people, each outside the headline in period 0 and in it in period 1: d and a - e are -1/2 and 1/2
    trend = conditional_trend(uses([0, 0, 0, 0], [0, 1, 0, 1], [0, 0, 1, 1], [0, 1, 0, 1]), None, themes=1)
    assert trend.sign[0] == 1
    assert trend.p[0] == 0.5  # each scores 1/2: two flips of four reach as far
    assert np.isclose(trend.effective_clusters[0], 2)


def test_rates_of_strata_by_hand():
    held, stratum, weight = np.array([1.0, 0.0, 1.0]), np.array([0, 0, 1]), np.array([1.0, 1.0, 0.5])
    assert np.allclose(rates_of_strata(held, stratum, weight), [1.5 / 3, 1.0 / 1.5])


def test_what_could_have_been_seen_by_hand():
    # log odds around 0: 2.8 errors of 1, half of it on each side
    ratio = detectable_rate_ratio(np.array([0.5, 0.5]), np.array([1.0, np.inf]), found=1, tested=1)
    high, low = (1 / (1 + np.exp(-s * (1.959964 + 0.84) / 2)) for s in (1, -1))
    assert np.allclose(ratio, [high / low, np.inf])


@settings(max_examples=8)
@given(st.integers(0, 2**32 - 1))
def test_time_run_backwards_only_turns_the_sign(seed):
    rng = np.random.default_rng(seed)
    people, threads, _ = talk(rng, themes=5, most=200)
    here = conditional_trend(people, threads, themes=5)
    back = [replace(unit, period=PERIODS - 1 - unit.period) for unit in (people, threads)]
    there = conditional_trend(back[0], back[1], themes=5)
    assert np.allclose(here.p, there.p, atol=1e-6)
    assert np.array_equal(here.sign, -there.sign)
    assert np.allclose(here.early[:, 0], there.late[:, 0], atol=1e-4)


@settings(max_examples=8)
@given(st.integers(0, 2**32 - 1))
def test_names_of_clusters_and_the_order_of_uses_do_not_matter(seed):
    rng = np.random.default_rng(seed)
    people, _, _ = talk(rng, themes=3, most=150)
    order = np.lexsort((rng.random(len(people.theme)), people.theme))
    name = rng.permutation(people.cluster.max() + 1).astype(np.int32)
    columns = {field: getattr(people, field)[order] for field in Uses.__slots__}
    other = Uses(**columns | {"cluster": name[people.cluster][order]})
    here, there = conditional_trend(people, None, themes=3), conditional_trend(other, None, themes=3)
    assert np.allclose(here.p, there.p, atol=1e-9)
    assert np.allclose(here.ratio, there.ratio)


def test_what_is_always_or_never_so_and_what_nobody_says_has_p_one():
    period = np.arange(10) % 5
    given_uses = uses(np.repeat([0, 1], 5), period, np.arange(10), np.repeat([0, 1], 5))
    trend = conditional_trend(given_uses, given_uses, themes=3)
    assert trend.p.tolist() == [1, 1, 1]
    assert trend.level.round(6).tolist() == [0, 1, 0]
    assert np.isinf(trend.error).all()


def test_one_date_cannot_tell():
    trend = conditional_trend(uses([0] * 6, [3] * 6, range(6), [0, 1] * 3), None, themes=1)
    assert (trend.p[0], trend.error[0]) == (1, np.inf)


def test_threads_do_not_change_a_bit():
    people, threads, _ = talk(np.random.default_rng(1), themes=30)
    one, three = (conditional_trend(people, threads, themes=30, threads=n) for n in (1, 3))
    assert one.p.tobytes() == three.p.tobytes()
    assert one.ratio.tobytes() == three.ratio.tobytes()


def test_the_stated_rate_holds_where_lengths_drift_and_people_repeat_themselves():
    p, naive = [], []
    for seed in range(8):
        people, threads, _ = talk(np.random.default_rng(seed))
        p.append(conditional_trend(people, threads, themes=120).p)
        alone = replace(
            people,
            cluster=np.arange(len(people.theme), dtype=np.int32),
            usual=np.full(len(people.theme), 0.5),
            weight=np.ones(len(people.theme)),
        )
        naive.append(conditional_trend(alone, None, themes=120).p)
    assert np.mean(np.concatenate(p) <= 0.01) <= 0.012
    assert np.mean(np.concatenate(p) <= 0.05) <= 0.05
    assert np.mean(np.concatenate(naive) <= 0.05) > 0.3  # uses taken alone, whatever their length, are fooled


@pytest.mark.parametrize(("fall", "least"), [(2, 0.6), (4, 0.9)], ids=["halved", "quartered"])
def test_a_planted_fall_is_seen_where_uses_are_many(fall, least):
    seen, inside = [], []
    for seed in range(3):
        people, threads, count = talk(np.random.default_rng(50 + seed), fall=fall)
        trend = conditional_trend(people, threads, themes=120)
        many = count >= 600
        seen.append(((trend.p <= 0.05) & (trend.sign < 0))[many])
        true = fall**-0.8  # from the first tenth to the last
        inside.append((trend.ratio[:, 1] <= true) & (true <= trend.ratio[:, 2]))
    assert np.mean(np.concatenate(seen)) >= least
    assert np.mean(np.concatenate(inside)) >= 0.8
