"""How likely one theme took the place of another."""

from dataclasses import fields

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from estran.stats.likelihood import WEIGHTS, Evidence, closer, first_guess, likelihood

NAMES = [field.name for field in fields(Evidence)]
GOOD = {"context": 0.7, "topic": 0.7, "opposite": 0.9, "rise": 1.5, "later": 0.2, "slot": 0.2}


def evidence(**known):
    size = max(np.size(value) for value in known.values())
    return Evidence(*(np.broadcast_to(np.asarray(known.get(name, 0.0), float), size) for name in NAMES))


def test_the_first_guess_by_hand():
    one = evidence(context=0.5, topic=0.4, opposite=0.8, rise=0.0, said=np.log(2), switching=9.0)
    np.testing.assert_allclose(first_guess(one), [0.5 + 0.2 + 0.2 + 0.15 * np.log(2) + 0.12])


def test_how_many_are_closer_by_hand():
    np.testing.assert_allclose(np.expm1(closer(np.array([0.1, 0.9, 0.5]))), [2, 0, 1])


@given(
    st.sampled_from(["context", "topic", "opposite", "rise", "slot", "switching", "said"]),
    st.floats(-1, 1),
    st.floats(0, 1),
)
def test_more_of_what_speaks_for_a_candidate_never_speaks_against_it(name, value, more):
    both = likelihood(evidence(**GOOD | {name: np.array([value, value + more])}))
    assert both[1] >= both[0]


@given(st.lists(st.floats(-50, 50), min_size=10, max_size=10))
def test_no_evidence_is_beyond_the_model(values):
    (chance,) = likelihood(Evidence(*(np.array([value]) for value in values)))
    assert 0 <= chance <= 1


def test_a_weight_for_each_column():
    assert WEIGHTS.shape == (len(NAMES),) == evidence(context=0.0).table().shape[1:]


def test_what_looks_alike_and_moves_the_other_way_is_likelier_than_what_does_neither():
    good, poor = likelihood(evidence(**GOOD)), likelihood(evidence(context=0.1, opposite=-0.5, rise=-0.5))
    assert good > 10 * poor
