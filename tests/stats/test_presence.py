import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.stats.presence import Presence, Rows, distinct, people_saying
from estran.stats.sparse import over_themes

PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5)), max_size=40)


def test_presence_by_hand():
    presence = Presence.of_pairs(np.array([3, 0, 3, 1]), np.array([0, 2, 0, 2]), rows=4, themes=3)
    assert presence.indptr.tolist() == [0, 1, 1, 3]
    assert presence.indices.tolist() == [3, 0, 1]
    assert (presence.themes, presence.uses.tolist()) == (3, [1, 0, 2])


def test_no_rows_and_no_themes_are_a_presence_too():
    none = np.zeros(0, int)
    assert Presence.of_pairs(none, none, rows=0, themes=2).uses.tolist() == [0, 0]
    assert Presence.of_pairs(none, none, rows=3, themes=0).themes == 0


@settings(deadline=None, max_examples=60)
@given(PAIRS, st.permutations(range(6)))
def test_themes_can_be_taken_in_any_order(pairs, order):
    row, theme = np.array(pairs, int).reshape(-1, 2).T
    presence, chosen = Presence.of_pairs(row, theme, rows=10, themes=6), np.array(order[:4])
    code = np.zeros(10, np.int32)
    taken = Rows(presence, code, code, code).take(chosen).presence
    for here, there in enumerate(chosen):
        assert taken.indices[taken.indptr[here] : taken.indptr[here + 1]].tolist() == sorted(
            set(row[theme == there].tolist())
        )


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 1000), max_size=30), st.integers(1, 5))
def test_every_theme_is_run_once(work, threads):
    seen = np.zeros(len(work), int)
    over_themes(
        lambda a, b: seen.__setitem__(slice(a, b), seen[a:b] + 1), np.cumsum([0, *work]), threads=threads
    )
    assert (seen == 1).all()


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(-5, 5), max_size=30))
def test_distinct_codes_are_those_of_numpy(codes):
    assert np.array_equal(distinct(np.array(codes, np.int64)), np.unique(np.array(codes, np.int64)))


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 8)), max_size=200))
def test_pairs_in_any_order_make_distinct_rising_rows(pairs):
    row, theme = (np.array([pair[k] for pair in pairs], np.int64) for k in (0, 1))
    presence = Presence.of_pairs(row, theme, rows=31, themes=9)
    for j in range(9):
        own = presence.indices[presence.indptr[j] : presence.indptr[j + 1]].tolist()
        assert own == sorted({r for r, k in pairs if k == j})


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 8)), max_size=200), st.integers(0, 2**32 - 1))
def test_people_saying_a_theme_are_counted_once(pairs, seed):
    author = np.random.default_rng(seed).integers(0, 6, 31).astype(np.int32)
    message, theme = (np.array([pair[k] for pair in sorted(pairs)], np.int32) for k in (0, 1))
    found = people_saying(message, theme, author, themes=9)
    assert found.tolist() == [len({author[m] for m, k in pairs if k == j}) for j in range(9)]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 8)), max_size=200))
def test_the_first_pair_of_each_use_is_the_first_of_its_equals(pairs):
    row, theme = (np.array([pair[k] for pair in pairs], np.int64) for k in (0, 1))
    presence = Presence.of_pairs(row, theme, rows=31, themes=9)
    uses = zip(np.repeat(np.arange(9), presence.uses).tolist(), presence.indices.tolist(), strict=True)
    assert presence.first_pairs(row, theme).tolist() == [pairs.index((r, k)) for k, r in uses]
