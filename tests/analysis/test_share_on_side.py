import numpy as np
import pytest

from estran.analysis.corpus import prepare
from estran.analysis.progress import Silent
from estran.analysis.sides import Sides
from estran.findings import Estimate
from estran.model import Side, Step
from nouns import NOUNS


@pytest.fixture
def corpus(frame):
    rows = [
        {"text": f"The {NOUNS[n % 10]} {NOUNS[n // 10]} speaks up.", "author": f"a{n % 30}", "side": "inside" if n % 2 else "outside"}
        for n in range(60)
    ]  # fmt: skip
    return prepare(frame(rows), step=Step.MONTH, progress=Silent())


def share(corpus, rows, side, now=(0, 9), overall=None):
    rows = np.array(rows, np.int32)
    plain = Estimate(overall, 0, 1, "share of people") if overall else same_as_plain(corpus, rows, now)
    return Sides(corpus, level=0.95).share(rows, side, now=now, overall=plain)


def same_as_plain(corpus, rows, now):
    recent = (corpus.period >= now[0]) & (corpus.period < now[1])
    said = len(np.unique(corpus.author[rows[recent[rows]]])) / max(len(np.unique(corpus.author[recent])), 1)
    return Estimate(said, 0, 1, "share of people")


def test_people_count_once_each(corpus):
    inside = [n for n in range(30) if n % 2]
    found = share(corpus, inside[:7] + inside[:7], Side.INSIDE, now=(0, 1))
    assert found.value == 7 / 15
    assert 0 < found.low < found.value < found.high < 1


def test_one_to_four_people_are_withheld(corpus):
    assert share(corpus, [1, 3, 5, 7], Side.INSIDE) is None


def test_nobody_is_a_figure_that_may_be_shown(corpus):
    found = share(corpus, [], Side.INSIDE)
    assert (found.value, found.low) == (0, 0)
    assert found.high > 0


def test_a_side_of_which_nobody_speaks_has_no_figure(corpus):
    assert share(corpus, [1, 3, 5, 7, 9, 11], Side.INSIDE, now=(8, 9)) is None


def test_a_side_is_on_the_scale_of_the_share_over_all(corpus):
    inside = [n for n in range(30) if n % 2][:7]
    plain, halved = (share(corpus, inside, Side.INSIDE, now=(0, 1), overall=x) for x in (7 / 30, 7 / 60))
    assert halved.value == pytest.approx(plain.value / 2)
