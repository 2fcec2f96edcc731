"""What somebody said of the themes is heard where they are counted and where they are shown."""

from dataclasses import replace

import numpy as np
import pytest

from estran.analysis.board import board
from estran.analysis.hands import Hands
from estran.analysis.progress import Silent
from estran.analysis.stock import stock
from estran.analysis.themes import find_themes
from estran.settings import Settings
from estran.store.engines.threads import ThreadEngine
from estran.text.edits import Follow, Ignore, Merge


@pytest.fixture
def corrected(corpus):
    """What messages say once they are corrected."""

    def find(*edits, **options):
        hands = Hands(edits, **options)
        return find_themes(corpus, ThreadEngine(threads=1), Settings(), progress=Silent(), hands=hands)

    return find


def holders(corpus, said, label):
    """The messages and the people of a theme."""
    number = [c.label for c in said.concepts].index(label)
    rows = said.message[said.concept == number]
    return set(rows.tolist()), set(corpus.author[rows].tolist())


def apart(said):
    """Two themes that say nothing of each other's words, so that neither is counted inside the other."""
    words = [
        (c.label, {w for _, form in c.variants for w in form.split(" ")})
        for c in said.concepts
        if c.kind == "theme"
    ]
    first = words[0]
    return first[0], next(label for label, own in words[1:] if not own & first[1])


def test_who_said_two_variants_that_were_merged_counts_once(corpus, said, corrected):
    one, other = apart(said)
    merged = corrected(Merge(one, (other,)))
    assert other not in {c.label for c in merged.concepts}
    together, by_whom = holders(corpus, merged, one)
    for place, found in enumerate((together, by_whom)):
        assert found == holders(corpus, said, one)[place] | holders(corpus, said, other)[place]


def test_a_follower_of_rare_words_hears_that_they_may_not_be_shown(corrected):
    found = corrected(Follow(("quantum ferry",)), Ignore("no such theme", 3))
    assert [notice.kind for notice in found.notices] == ["edit-gone", "followed-few"]
    assert "quantum ferry" not in {c.label for c in found.concepts}


def test_words_below_every_limit_are_followed_once_five_people_said_them(corpus, corrected, said):
    spoken = corpus.columns(["spoken"])["spoken"].str.to_lowercase()
    known = {form for c in said.concepts for _, form in c.variants}
    word = next(w for w in ("because", "very", "toujours", "parce que", "again") if w not in known)
    found = corrected(Follow((word,)))
    concept = next(c for c in found.concepts if c.followed)
    rows, people = holders(corpus, found, concept.label)
    assert len(people) >= 5
    assert all(word in spoken[row] for row in list(rows)[:50])


def test_ids_are_asked_of_who_knows_them_with_the_first_days_and_the_unshown(corpus, corrected):
    asked = []

    def identify(found):
        asked.append(found)
        return [f"id {n}" for n in range(len(found.shown))]

    said = corrected(identify=identify)
    assert [c.id for c in said.concepts] == [f"id {n}" for n in range(len(said.concepts))]
    (found,) = asked
    first = corpus.messages["time"].gather(said.message[said.concept == 0]).min().date()
    assert (found.firsts[0], found.date) == (first, corpus.last)
    assert not found.unshown & {v for c in found.shown for v in c.variants}


def by_hand(said, numbers, **marks):
    """The same said, some themes marked."""
    concepts = [replace(c, **marks) if n in numbers else c for n, c in enumerate(said.concepts)]
    return replace(said, concepts=tuple(concepts))


def every(lists):
    return [m.id for m in (*lists.coming_in, *lists.going_out, *lists.steady, *lists.too_early)]


@pytest.mark.parametrize("name", ["coming_in", "going_out", "too_early"])
def test_a_pinned_theme_is_on_the_board_in_its_list_however_far_down(corpus, said, judgement, name):
    whole = getattr(board(corpus, said, judgement, top=400), name)
    last = whole[-1]
    number = [c.label for c in said.concepts].index(last.label)
    short = getattr(board(corpus, by_hand(said, {number}, pinned=True), judgement, top=1), name)
    assert [m.label for m in short] == [whole[0].label, last.label]


def test_an_ignored_theme_is_in_no_list_and_is_counted_all_the_same(corpus, said, judgement):
    lists = board(corpus, said, judgement, top=12)
    labels = {
        m.label for m in (*lists.coming_in[:3], *lists.going_out[:3], *lists.steady[:3], *lists.too_early[:3])
    }
    ids = set(every(lists)[:3])
    numbers = {n for n, c in enumerate(said.concepts) if c.label in labels}
    marked = by_hand(said, numbers, ignored=True)
    left = board(corpus, marked, judgement, top=12)
    assert not ids & set(every(left))
    assert not labels & {m.label for m in (*left.coming_in, *left.going_out, *left.steady, *left.too_early)}
    assert not labels & {also for m in (*left.coming_in, *left.going_out) for also in m.also}
    counted = {theme.label: theme.messages for theme, _ in stock(corpus, marked)}
    assert labels <= counted.keys()


def test_a_followed_theme_has_its_list_whatever_became_of_it(corpus, said, judgement):
    rare = int(np.argmin(judgement.people))
    moved = int(np.flatnonzero(judgement.found)[0])
    lists = board(corpus, by_hand(said, {rare, moved}, followed=True), judgement, top=1)
    assert {m.label for m in lists.followed} == {said.concepts[rare].label, said.concepts[moved].label}
    assert all(m.detectable >= 1 for m in lists.followed)
