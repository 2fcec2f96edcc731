from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from estran.analysis.movement import follow, foremost, judge
from estran.analysis.progress import Silent
from estran.analysis.voices import conversations, voices
from estran.findings import Shape
from estran.settings import Settings
from estran.simulate import shuffle_time


def test_a_person_counts_once_in_a_period_however_much_is_said(corpus, said):
    rows = voices(corpus, said)
    keys = np.unique(np.stack([corpus.author, corpus.period, corpus.group]), axis=1)
    assert rows.presence.rows == keys.shape[1]
    assert rows.presence.uses.sum() <= len(said.message)


def test_without_conversations_people_alone_are_the_evidence(corpus, said):
    alone = replace(corpus, conversation=None)
    assert conversations(alone, said) is None
    assert judge(alone, said, Settings(), progress=Silent()).conversations is None


def test_people_of_a_theme_are_distinct_authors(corpus, said, judgement):
    theme = int(np.argmax(judgement.people))
    assert judgement.people[theme] == len(np.unique(corpus.author[said.message[said.concept == theme]]))


def test_the_planted_themes_that_are_found_move_the_way_they_were_planted(
    simulation, said, judgement, corpus
):
    course = follow(judgement, np.flatnonzero(judgement.found), periods=corpus.grid.periods)
    truth = {
        form: theme.shape
        for theme in simulation.truth.themes
        for forms in theme.forms.values()
        for form in forms
    }
    falling = [
        shape in {Shape.OUT, Shape.PEAKED_OUT}
        for theme, shape in zip(course.themes, course.shapes, strict=True)
        for _, form in said.concepts[theme].variants
        if truth.get(form.replace("' ", "'")) is Shape.OUT
    ]
    assert len(falling) >= 2
    assert all(falling)


@pytest.mark.parametrize("level", ["author", "thread"])
def test_nothing_moves_when_time_is_shuffled(corpus, said, level):
    found = []
    for seed in range(4):
        times = shuffle_time(
            corpus.columns(["time", "author", "thread"]), level=level, rng=np.random.default_rng(seed)
        )["time"]
        shuffled = corpus.moved_to(times)
        found.append(int(judge(shuffled, said, Settings(), progress=Silent()).found.sum()))
    assert sum(n > 0 for n in found) <= 1


def test_a_theme_is_found_or_steady_or_open(judgement):
    assert not np.any(judgement.found & judgement.steady)
    assert np.all(judgement.detectable[judgement.steady] <= 2)


def test_windows_lie_in_the_span_and_now_is_its_end(judgement, corpus):
    course = follow(judgement, np.arange(len(judgement.found))[:200], periods=corpus.grid.periods)
    assert np.all((course.before >= 0) & (course.after <= corpus.grid.periods))
    assert np.all(course.after[:, 1] == corpus.grid.periods)
    assert np.all(course.before[:, 0] < course.before[:, 1])


def test_of_many_found_themes_the_foremost_are_followed_and_the_others_told(judgement, said, corpus):
    quality = np.ones(len(said.concepts))
    everything, none = foremost(judgement, quality, periods=corpus.grid.periods, most=10_000)
    some, others = foremost(judgement, quality, periods=corpus.grid.periods, most=5)
    course = follow(judgement, everything, periods=corpus.grid.periods)
    shape = dict(zip(everything.tolist(), course.shapes, strict=True))
    assert everything.tolist() == np.flatnonzero(judgement.found).tolist()
    assert (none, len(some)) == ((), 5)
    assert set(some.tolist()) < set(everything.tolist())
    assert Counter(others) == Counter(shape[j] for j in shape if j not in some.tolist())


def test_the_foremost_move_more_than_the_others(judgement, said, corpus):
    quality = np.ones(len(said.concepts))
    some, _ = foremost(judgement, quality, periods=corpus.grid.periods, most=5)
    course = follow(judgement, np.flatnonzero(judgement.found), periods=corpus.grid.periods)
    change = dict(zip(course.themes.tolist(), np.abs(np.log(course.change.ratio)), strict=True))
    assert np.median([change[j] for j in some.tolist()]) > np.median(list(change.values()))
