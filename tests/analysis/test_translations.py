"""Themes that say the same in two languages are one, with the evidence; and what somebody says of them holds."""

import datetime as dt
from dataclasses import replace

import pytest
from two_languages import spoken

from estran.analysis.corpus import prepare
from estran.analysis.hands import Hands
from estran.analysis.meanings import Meanings
from estran.analysis.progress import Silent
from estran.analysis.stock import stock
from estran.analysis.themes import find_themes
from estran.errors import SettingsError
from estran.model import Step
from estran.settings import Settings
from estran.store.engines.threads import ThreadEngine
from estran.text.edits import Accept, Merge, Reject, Split
from estran.text.kinship import why
from estran.text.suggestions import suggestions

EN, FR = "digital transformation", "transformation digitale"


@pytest.fixture(scope="module")
def meanings():
    return Meanings(Settings())


@pytest.fixture(scope="module")
def house(frame):
    return prepare(frame(spoken()), step=Step.WEEK, progress=Silent())


def find(corpus, meanings, *edits, settings=None, known=None):
    return find_themes(
        corpus,
        ThreadEngine(threads=1),
        settings or Settings(),
        progress=Silent(),
        hands=Hands(edits, known=known or {}),
        meanings=meanings,
    )


@pytest.fixture(scope="module")
def found(house, meanings):
    return find(house, meanings)


def owner(said, form):
    """The themes that have a form."""
    return [c for c in said.concepts if any(f == form for _, f in c.variants)]


def test_a_theme_of_two_languages_has_both_labels_and_the_messages_of_each(house, found):
    (theme,) = (t for t, c in stock(house, found) if any(form == FR for _, form in c.variants))
    assert theme.labels == {"en": EN, "fr": FR}
    assert theme.languages == {"en": 12, "fr": 12}
    assert (theme.messages, theme.people) == (24, 24)


def test_a_link_tells_its_evidence(found):
    (concept,) = owner(found, "logiciel")
    told = {each.variant: each for each in why(concept)}
    assert told["en", "software"].rule == "commonest"
    assert told["fr", "logiciel"].rule == "translation"
    assert told["fr", "logiciel"].shown.startswith("software (en), cosine 0.9")


def test_a_link_by_the_glossary_says_so(found):
    (concept,) = owner(found, FR)
    told = {each.variant: each for each in why(concept)}
    assert (told["fr", FR].rule, told["fr", FR].shown) == ("glossary", f"{EN} (en)")


def test_themes_that_were_known_apart_are_only_suggested_and_what_was_one_stays_one(house, meanings, found):
    apart = find(house, meanings, known={("en", EN): "A", ("fr", FR): "B"})
    assert [len(owner(apart, form)) for form in (EN, FR)] == [1, 1]
    assert owner(apart, EN) != owner(apart, FR)
    assert {("en", EN), ("fr", FR)} in [set(pair) for pair in apart.near]
    two = [c for c in found.concepts if any(form == "location" for _, form in c.variants)]
    assert len(two) == 2
    one = find(house, meanings, known={variant: "C" for c in two for variant in c.variants})
    assert len(owner(one, "location")) == 1


def test_words_written_alike_are_one_where_they_keep_the_same_company_and_two_where_they_do_not(found):
    (management,) = owner(found, "management")
    assert [each.rule for each in why(management)] == ["commonest", "company"]
    assert len(owner(found, "location")) == 2
    pairs = {(s.kind, s.key) for s in suggestions(found.concepts, near=found.near)}
    assert ("translation", "en:location+fr:location") in pairs


def test_no_theme_of_one_language_joins_another_of_it(found):
    assert all(len(owner(found, form)) == 1 for form in ("software", "computer", "logiciel", "ordinateur"))
    assert all(len(c.labels) <= 2 for c in found.concepts)


def test_a_link_that_was_rejected_is_not_made_nor_suggested_again(house, meanings):
    for edit in (Reject(EN, FR), Reject(f"fr:{FR}", f"en:{EN}")):
        said = find(house, meanings, edit)
        assert owner(said, EN) != owner(said, FR)
        assert all(("fr", FR) not in pair for pair in said.near)


def test_who_accepts_after_all_has_one_theme(house, meanings):
    said = find(house, meanings, Reject(EN, FR, 1), Accept(EN, FR, 2))
    assert owner(said, EN) == owner(said, FR)
    assert {e.rule for e in why(owner(said, FR)[0])} == {"commonest", "by hand"}


def test_what_was_split_by_hand_stays_apart(house, meanings):
    said = find(house, meanings, Split(EN, (FR,)))
    assert (len(owner(said, EN)), len(owner(said, FR))) == (1, 1)
    assert owner(said, EN) != owner(said, FR)
    assert said.notices == ()


def test_what_is_merged_by_hand_goes_with_its_counterpart(house, meanings):
    said = find(house, meanings, Merge("helmet", (FR,)))
    (theme,) = owner(said, "helmet")
    assert {"helmet", FR, EN} <= {form for _, form in theme.variants}


def test_an_encoder_of_one_language_links_nothing_and_that_is_told_once(house):
    said = find(house, None, settings=replace(Settings(), encoder="plain"))
    assert owner(said, EN) != owner(said, FR)
    assert [(n.kind, n.facts["encoder"]) for n in said.notices] == [("encoder-one-language", "plain 1")]


def test_where_one_language_is_hardly_spoken_no_encoder_is_opened(frame):
    corpus = prepare(frame(spoken(times={"fr": 8})), step=Step.WEEK, progress=Silent())
    nobody = replace(Settings(), encoder="there is none")
    assert len(owner(find(corpus, None, settings=nobody), EN)) == 1
    enough = prepare(frame(spoken()), step=Step.WEEK, progress=Silent())
    with pytest.raises(SettingsError):
        find(enough, None, settings=nobody)


def test_the_same_messages_in_another_order_give_the_same_themes(frame, found, meanings):
    again = find(prepare(frame(spoken()).sort("text"), step=Step.WEEK, progress=Silent()), meanings)
    assert again.concepts == found.concepts


def test_a_language_of_fewer_than_five_people_is_withheld_and_so_is_what_would_tell_it(frame, meanings):
    rows = spoken()
    for number, row in enumerate(rows):
        if FR in row["text"]:
            month = dt.datetime(2024, 1 + number // 4 % 3, 5, number % 24, tzinfo=dt.UTC)
            row |= {"author": f"fr-{number % 4}", "time": month}
    corpus = prepare(frame(rows), step=Step.WEEK, progress=Silent())
    (theme,) = (t for t, c in stock(corpus, find(corpus, meanings)) if EN in c.labels.values())
    assert theme.labels == {"en": EN, "fr": FR}
    assert theme.languages == {"en": None, "fr": None}
