"""Sentences of known sense, on the whole path: a small version of what the page on concepts tells."""

import pytest
from bench.themes.senses import WRITTEN, Score, written


def test_there_are_twelve_acronyms_with_ten_sentences_a_sense():
    assert len(WRITTEN["acronym"]) == 12
    assert {len(sense["said"]) for acronym in WRITTEN["acronym"] for sense in acronym["sense"]} == {10}
    assert {acronym["language"] for acronym in WRITTEN["acronym"]} == {"en", "fr"}


@pytest.mark.parametrize("short", ["RSE", "CA", "PR", "LMS"])
def test_what_an_acronym_means_is_told_rightly_or_left(short):
    acronym = next(each for each in WRITTEN["acronym"] if each["short"] == short)
    told = written(acronym, turns=1)
    assert (told.wrong, told.untold) == (0, 0)
    assert told.right >= 4  # those whose conversation spells it out


def test_shares_by_hand():
    told = sum([Score(3, 1, 4, 0), Score(untold=2)], Score())
    assert (told.shares, told.untold) == ((3 / 8, 1 / 8, 1 / 2), 2)
