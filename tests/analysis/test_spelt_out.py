"""An acronym and the words that people say it stands for are one theme, where they agree."""

from itertools import cycle

import pytest

from estran.analysis.corpus import prepare
from estran.analysis.hands import Hands
from estran.analysis.progress import Silent
from estran.analysis.themes import find_themes
from estran.model import Step
from estran.settings import Settings
from estran.store.engines.threads import ThreadEngine
from estran.text.edits import Reject, Split
from estran.text.kinship import why

WORDS = "customer relationship management"
PLACES = cycle(["harbour", "lantern", "granite", "meadow", "copper", "willow", "saddle", "violin"])


def rows(*said, definers):
    """Messages that say each sentence, by eight people; the first of them by so many."""
    return [
        {"text": f"{text} {next(PLACES)} {n}.", "author": f"p{n % (8 if number else definers)}"}
        for number, text in enumerate(said)
        for n in range(16)
    ]


@pytest.fixture
def concepts(frame):
    def find(*said, edits=(), definers=8):
        corpus = prepare(frame(rows(*said, definers=definers)), step=Step.MONTH, progress=Silent())
        hands = Hands(edits)
        return find_themes(
            corpus, ThreadEngine(threads=1), Settings(), progress=Silent(), hands=hands
        ).concepts

    return find


def owner(concepts, form):
    return [c for c in concepts if any(f == form for _, f in c.variants)]


DEFINED = (f"The {WORDS} (CRM) of the", "Our CRM in the", f"A {WORDS} at the")


def test_an_acronym_that_is_spelt_out_is_one_theme_with_its_words(concepts):
    (theme,) = owner(concepts(*DEFINED), "crm")
    assert WORDS in {form for _, form in theme.variants}
    told = {each.variant[1]: (each.rule, each.shown) for each in why(theme)}
    assert ("acronym", f"{WORDS} (CRM), 16") in told.values()


def test_it_is_left_alone_where_hardly_anybody_spells_it_out(concepts):
    found = concepts("Our CRM in the", f"A {WORDS} at the")
    assert owner(found, "crm") != owner(found, WORDS)


def test_it_is_left_alone_where_people_mean_several_things(concepts):
    found = concepts(*DEFINED, "The client retention model (CRM) of the", "A client retention model at the")
    assert owner(found, "crm") != owner(found, WORDS)


def test_somebody_who_says_no_is_heard(concepts):
    for edit in (Reject("crm", WORDS), Split(WORDS, ("crm",))):
        found = concepts(*DEFINED, edits=(edit,))
        assert owner(found, "crm") != owner(found, WORDS)


def test_a_word_of_the_dictionary_is_an_acronym_only_where_it_is_written_in_capitals(concepts):
    words = "remote support terminal"
    spelt = (f"The {words} (REST) of the", f"A {words} at the")
    found = concepts(*spelt, "The rest in the")
    assert owner(found, "rest") != owner(found, words)


def test_a_figure_of_fewer_than_five_people_is_not_told(concepts):
    (theme,) = owner(concepts(*DEFINED, definers=4), "crm")
    assert {each.shown for each in why(theme) if each.rule == "acronym"} == {f"{WORDS} (CRM)"}
    found = concepts(*DEFINED, definers=2)
    assert owner(found, "crm") != owner(found, WORDS)
