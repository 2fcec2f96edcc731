import dataclasses
import math

import pytest

from estran.analysis.board import board, theme_id
from estran.findings import Shape


@pytest.fixture(scope="module")
def lists(corpus, said, judgement):
    return board(corpus, said, judgement, top=12)


def every(lists):
    return [*lists.coming_in, *lists.going_out, *lists.steady, *lists.too_early]


def test_no_list_is_longer_than_asked_and_no_theme_stands_twice(lists):
    assert max(len(getattr(lists, f.name)) for f in dataclasses.fields(lists)[:4]) <= 12
    assert len({movement.id for movement in every(lists)}) == len(every(lists))


def test_a_claim_has_its_false_discovery_rate_and_the_others_have_none(lists):
    assert all(m.change.q is not None and m.change.q <= 0.05 for m in (*lists.coming_in, *lists.going_out))
    assert all(m.change.q is None for m in (*lists.steady, *lists.too_early))


def test_every_estimate_lies_in_its_interval(lists):
    for movement in every(lists):
        for estimate in (movement.before, movement.after, movement.change):
            assert 0 <= estimate.low <= estimate.value <= estimate.high
        assert movement.before.high <= 1
        assert len(movement.curve.share) == len(movement.curve.periods)


def test_quotes_are_exact_words_of_distinct_messages(lists, corpus):
    texts = dict(corpus.columns(["id", "text"]).iter_rows())
    quotes = [quote for movement in every(lists) for quote in movement.quotes]
    assert quotes
    assert all(quote.text in texts[quote.message] for quote in quotes)


def test_no_theme_is_quoted_whose_people_are_too_few(lists):
    assert all(movement.people >= 10 for movement in every(lists) if movement.quotes)


def test_periods_with_one_to_four_people_are_withheld(lists):
    counts = [n for movement in every(lists) for n in movement.curve.people]
    assert None in counts
    assert not {1, 2, 3, 4} & set(counts)


def test_steady_themes_could_have_been_seen_to_move(lists):
    assert all(m.shape is Shape.STEADY and m.detectable <= 2 for m in lists.steady)
    assert all(m.shape is Shape.TOO_EARLY and not math.isnan(m.detectable) for m in lists.too_early)


def test_an_id_knows_its_variants_and_not_their_order():
    one = [("fr", "télétravail"), ("en", "remote work")]
    assert theme_id(one) == theme_id(one[::-1]) != theme_id(one[:1])
