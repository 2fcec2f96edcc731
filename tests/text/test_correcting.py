"""What somebody said of the concepts holds, and what no longer fits is told."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from estran.errors import SettingsError
from estran.model import Concept, Evidence
from estran.text.correcting import apply
from estran.text.edits import (
    Accept,
    Follow,
    Ignore,
    Merge,
    Pin,
    Reject,
    Rename,
    Split,
    form_of,
    pair_key,
    rejected,
    variant_of,
)


def concept(*forms, language="en", quality=1.0):
    return Concept(forms[0], tuple((language, form) for form in forms), quality, uses=(9,) * len(forms))


REMOTE = concept("remote work", "remote working", quality=2.0)
HOME = concept("home office", "home offices")
FAX = concept("fax", "faxes")
PAIN = (concept("pain", "pains"), concept("pain", language="fr"))


def corrected(edits, *concepts, languages=("en", "fr")):
    """Labels and variants after the corrections, and the kinds of what did not fit."""
    done = apply(concepts or (REMOTE, HOME, FAX), edits, languages=languages)
    forms = {c.label: tuple(form for _, form in c.variants) for c in done.concepts}
    return forms, [(c.kind, c.facts["line"]) for c in done.conflicts]


def marked(mark, edits, *concepts):
    done = apply(concepts or (REMOTE, HOME, FAX), edits)
    return [c.label for c in done.concepts if getattr(c, mark)]


def test_the_variants_of_one_theme_go_to_the_other():
    found, conflicts = corrected([Merge("home office", ("remote working",), 3)])
    assert found == {"home office": ("home office", "home offices", "remote work", "remote working"),
                     "fax": ("fax", "faxes")}  # fmt: skip
    assert conflicts == []


def test_a_merged_theme_keeps_how_often_each_variant_is_said_and_says_why_it_is_there():
    (merged, _) = apply((REMOTE, HOME, FAX), [Merge("remote work", ("home office",), 3)]).concepts
    assert (merged.uses, merged.quality) == ((9, 9, 9, 9), 2.0)
    assert merged.why[0] == Evidence(("en", "home office"), "by hand", "merge 3")


def test_a_variant_leaves_into_a_theme_of_its_own():
    found, conflicts = corrected([Split("fax", ("faxes",))])
    assert (found["fax"], found["faxes"], conflicts) == (("fax",), ("faxes",), [])


def test_variants_that_leave_together_stay_together():
    wide = concept("net", "nets", "network", "networks")
    found, _ = corrected([Split("net", ("networks", "network"))], wide)
    assert found == {"net": ("net", "nets"), "networks": ("networks", "network")}


def test_variants_that_are_a_theme_of_their_own_already_stay_one():
    assert corrected([Split("fax", ("fax", "faxes"), 4)]) == corrected([])
    assert corrected([Split("fax", ("home office", "home offices"), 4)]) == corrected([])


def test_a_theme_is_called_as_somebody_calls_it_in_one_language_or_in_all():
    both = Concept("rse", (("fr", "rse"), ("en", "csr")), 1.0)
    (everywhere,) = apply((both,), [Rename("rse", "Responsibility")]).concepts
    assert (everywhere.label, dict(everywhere.names)) == (
        "Responsibility",
        {"fr": "Responsibility", "en": "Responsibility"},
    )
    (english,) = apply((both,), [Rename("rse", "Responsibility", "en")]).concepts
    assert (english.label, dict(english.names)) == ("rse", {"en": "Responsibility"})
    (french,) = apply((both,), [Rename("csr", "Responsabilité", "fr")]).concepts
    assert french.label == "Responsabilité"


def test_a_theme_may_be_named_by_what_somebody_called_it():
    assert marked("pinned", [Rename("fax", "Old machines"), Pin("old machines")]) == ["Old machines"]


def test_what_is_said_of_a_theme_goes_with_the_word():
    assert marked("pinned", [Pin("fax"), Merge("home office", ("fax",))]) == ["home office"]
    assert marked("pinned", [Pin("faxes"), Split("fax", ("faxes",))]) == ["faxes"]
    assert marked("ignored", [Ignore("fax")]) == ["fax"]


def test_words_that_nobody_said_enough_are_followed_in_every_language():
    (*_, new) = apply((FAX,), [Follow(("Métavers", "metaverse"))], languages=("en", "fr")).concepts
    assert (new.label, new.followed, new.kind) == ("métavers", True, "theme")
    assert new.variants == (("en", "métavers"), ("fr", "métavers"), ("en", "metaverse"), ("fr", "metaverse"))


def test_words_are_followed_in_one_language_where_it_is_told():
    (*_, new) = apply((FAX,), [Follow(("fr:coin", "corner"), "en")], languages=("en", "fr")).concepts
    assert new.variants == (("fr", "coin"), ("en", "corner"))


def test_following_a_theme_that_is_there_marks_it_and_gives_it_the_other_words():
    found, conflicts = corrected([Follow(("faxes", "telefax"), "en")])
    assert (found["fax"], conflicts) == (("fax", "faxes", "telefax"), [])
    assert marked("followed", [Follow(("faxes", "telefax"), "en")]) == ["fax"]


def test_following_does_not_put_two_themes_together():
    assert corrected([Follow(("fax", "home office"), "en", 7)])[1] == [("edit-elsewhere", 7)]


def test_an_accepted_suggestion_is_a_merge_and_a_rejected_one_is_nothing():
    assert list(corrected([Accept("fax", "home office")])[0]) == ["remote work", "fax"]
    assert corrected([Reject("fax", "home office")]) == corrected([])
    assert rejected([Reject("b", "fr:a")]) == {pair_key("fr:a", "b")}


def test_of_a_yes_and_a_no_the_later_holds_and_that_is_told():
    yes, no = Accept("fax", "home office", 1), Reject("home office", "fax", 2)
    assert corrected([yes, no]) == (corrected([])[0], [("edit-contradicts", 2)])
    assert "home office" not in corrected([no, replace(yes, line=3)])[0]


@pytest.mark.parametrize(
    "edits",
    [
        [Merge("telex", ("fax",), 5)],
        [Merge("fax", ("telex",), 5)],
        [Split("telex", ("fax",), 5)],
        [Split("fax", ("telex",), 5)],
        [Rename("telex", "x", None, 5)],
        [Pin("telex", 5)],
        [Ignore("telex", 5)],
        [Accept("fax", "telex", 5)],
    ],
)
def test_a_theme_that_is_gone_is_told_and_nothing_else_happens(edits):
    assert corrected(edits) == (corrected([])[0], [("edit-gone", 5)])


def test_a_variant_that_is_elsewhere_now_is_told_and_stays_there():
    assert corrected([Split("fax", ("home offices",), 5)]) == (corrected([])[0], [("edit-elsewhere", 5)])


@pytest.mark.parametrize(
    "edits",
    [
        [Pin("fax", 1), Ignore("faxes", 2)],
        [Ignore("fax", 1), Pin("faxes", 2)],
        [Follow(("fax",), None, 1), Ignore("fax", 2)],
        [Rename("fax", "a", None, 1), Rename("fax", "b", None, 2)],
        [Merge("fax", ("home office",), 1), Split("fax", ("home office",), 2)],
        [Split("fax", ("faxes",), 1), Merge("fax", ("faxes",), 2)],
        [Ignore("fax", 1), Merge("home office", ("fax",), 2)],
    ],
)
def test_two_corrections_that_contradict_each_other_are_told_and_the_later_holds(edits):
    assert corrected(edits)[1] == [("edit-contradicts", 2)]


def test_of_a_pin_and_an_ignore_the_later_holds():
    assert marked("ignored", [Pin("fax"), Ignore("fax")]) == ["fax"]
    assert marked("pinned", [Pin("fax"), Ignore("fax")]) == []


def test_a_word_of_two_languages_has_to_say_which():
    assert corrected([Ignore("pain", 3)], *PAIN)[1] == [("edit-several", 3)]
    done = apply(PAIN, [Ignore("fr:pain", 3)])
    assert [c.ignored for c in done.concepts] == [False, True]


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Réseau social d’Entreprise", "réseau social d' entreprise"),
        ("E\N{HYPHEN}mail", "e-mail"),
        ("  click   and collect ", "click and collect"),
        ("te\N{COMBINING ACUTE ACCENT}le\N{COMBINING ACUTE ACCENT}travail", "télétravail"),
    ],
)
def test_a_theme_is_named_as_people_write_it(written, form):
    assert form_of(written) == form
    assert variant_of(f"fr:{written}") == ("fr", form)


@pytest.mark.parametrize("written", ["", "…", "one, two", "a/b"])
def test_what_is_no_phrase_names_no_theme(written):
    with pytest.raises(SettingsError, match=r"write a theme as people write it"):
        form_of(written)


FORMS = [f"{letter}{n}" for letter in "abcde" for n in range(3)]
CONCEPTS = tuple(concept(*(f"{letter}{n}" for n in range(3))) for letter in "abcde")
words = st.sampled_from(FORMS)
some = st.lists(words, min_size=1, max_size=2, unique=True).map(tuple)
edits = st.lists(
    st.one_of(
        st.builds(Merge, words, some),
        st.builds(Split, words, some),
        st.builds(Rename, words, st.sampled_from(["X", "Y"])),
        st.builds(Pin, words),
        st.builds(Ignore, words),
        st.builds(Follow, st.lists(st.sampled_from([*FORMS, "new", "newer"]), min_size=1, max_size=2, unique=True)
                  .map(tuple)),
        st.builds(Accept, words, words),
        st.builds(Reject, words, words),
    ),
    max_size=6,
).map(lambda found: [replace(edit, line=n) for n, edit in enumerate(found, 1)])  # fmt: skip


@given(edits)
def test_said_again_to_their_result_corrections_that_fit_change_nothing(edits):
    once = apply(CONCEPTS, edits, languages=("en",))
    assume(not once.conflicts)
    assert apply(once.concepts, edits, languages=("en",)) == once


@given(edits)
def test_no_variant_is_lost_or_doubled(edits):
    variants = [v for c in apply(CONCEPTS, edits).concepts for v in c.variants]
    assert len(variants) == len(set(variants))
    assert set(variants) >= {v for c in CONCEPTS for v in c.variants}


def local(letter):
    """A correction of one of the themes alone."""
    own = st.sampled_from([form for form in FORMS if form.startswith(letter)])
    return st.one_of(
        st.builds(Split, own, own.map(lambda form: (form,))),
        st.builds(Rename, own, st.just(letter * 3)),
        st.builds(Pin, own),
        st.builds(Follow, own.map(lambda form: (form, f"{letter}-new"))),
        st.builds(Merge, own, own.map(lambda form: (form,))),
    )


@given(st.tuples(*(local(letter) for letter in "abcde")), st.permutations(range(5)))
def test_the_order_of_corrections_of_different_themes_does_not_matter(edits, order):
    one = apply(CONCEPTS, edits, languages=("en",))
    other = apply(CONCEPTS, [edits[n] for n in order], languages=("en",))
    assert (one.concepts, set(map(str, one.conflicts))) == (other.concepts, set(map(str, other.conflicts)))
