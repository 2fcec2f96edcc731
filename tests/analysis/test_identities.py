"""A theme is the same theme on the next run, and what became of the others is told."""

import datetime as dt
import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from estran.analysis.identities import Identities, carry, forget, ulid
from estran.findings import ThemeEvent
from estran.model import Concept

JANUARY, FEBRUARY = dt.date(2024, 1, 31), dt.date(2024, 2, 29)


def concept(kind="theme", **uses):
    """A concept of English words, each said so often."""
    forms = {word.replace("_", " "): n for word, n in uses.items()}
    return Concept(
        next(iter(forms)), tuple(("en", form) for form in forms), 1.0, kind=kind, uses=tuple(forms.values())
    )


def run(before, *concepts, date=JANUARY):
    return carry(before, concepts, firsts=[dt.date(2023, 5, 1)] * len(concepts), date=date)


def begun(*concepts):
    return run(Identities(), *concepts)


def told(carried):
    return [(event.kind, event.label, event.parent_labels) for event in carried.events]


FAX, HOME, CARD = concept(fax=30, faxes=10), concept(home_office=20), concept(card=9, cards=4)


def test_the_first_themes_are_told_as_one_event():
    first = begun(FAX, HOME)
    assert first.events == (ThemeEvent("2024-01-31", "born", "", "", themes=2),)
    assert len(set(first.ids)) == 2


def test_the_same_themes_keep_their_ids_and_nothing_is_told():
    first = begun(FAX, HOME)
    again = run(first.identities, HOME, FAX)
    assert again.ids == first.ids[::-1]
    assert (again.identities, again.events) == (first.identities, ())


def test_more_talk_and_a_new_variant_change_no_id():
    first = begun(FAX, HOME)
    more = run(first.identities, concept(fax=60, faxes=25, telefax=9), concept(home_office=90), date=FEBRUARY)
    assert (more.ids, more.events) == (first.ids, ())
    assert [(known.born, known.seen) for known in more.identities.themes] == [
        ("2024-01-31", "2024-02-29")
    ] * 2


def test_a_theme_that_shares_nothing_is_born():
    second = run(begun(FAX).identities, FAX, CARD)
    assert told(second) == [("born", "card", ())]


def test_the_greater_part_of_a_theme_keeps_its_id_and_the_other_has_it_as_parent():
    first = begun(FAX)
    parted = run(first.identities, concept(fax=30), concept(faxes=10))
    assert parted.ids[0] == first.ids[0] != parted.ids[1]
    assert told(parted) == [("split", "faxes", ("fax",))]


def test_of_themes_that_become_one_the_greater_keeps_its_id_and_the_other_is_its_parent():
    first = begun(FAX, HOME)
    whole = run(first.identities, concept(fax=30, faxes=10, home_office=20))
    assert whole.ids == first.ids[:1]
    assert told(whole) == [("merged", "fax", ("home office",))]
    assert run(whole.identities, concept(fax=30, faxes=10, home_office=20)).events == ()


def test_themes_that_are_parted_again_have_the_ids_they_had():
    first = begun(FAX, HOME)
    whole = run(first.identities, concept(fax=30, faxes=10, home_office=20))
    again = run(whole.identities, FAX, HOME)
    assert (again.ids, told(again)) == (first.ids, [("back", "home office", ())])


def test_a_theme_that_nobody_says_is_gone_once_and_comes_back_as_itself():
    first = begun(FAX, HOME)
    without = run(first.identities, HOME, date=FEBRUARY)
    assert told(without) == [("gone", "fax", ())]
    assert run(without.identities, HOME).events == ()
    back = run(without.identities, FAX, HOME)
    assert (back.ids, told(back)) == (first.ids, [("back", "fax", ())])


def test_a_theme_that_takes_a_small_part_of_another_is_not_that_other():
    first = begun(concept(desk=10, help_desk=90), concept(phone=200))
    moved = run(first.identities, concept(desk=10), concept(phone=200, help_desk=90))
    assert moved.ids == first.ids


def test_words_of_register_have_no_id():
    assert begun(FAX, concept(kind="style", explore=99)).ids[1] == ""


def test_an_id_is_a_ulid_in_the_order_of_days_and_asks_no_clock():
    days = [dt.date(1990, 1, 1), dt.date(2024, 5, 6), dt.date(2024, 5, 7)]
    made = [ulid(day, "en:fax") for day in days]
    assert made == sorted(made) == [ulid(day, "en:fax") for day in days]
    assert all(re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", one) for one in made)
    moment = sum(
        "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(c) * 32 ** (9 - n) for n, c in enumerate(made[1][:10])
    )
    assert dt.datetime.fromtimestamp(moment / 1000, dt.UTC).date() == days[1]


def test_an_id_that_is_taken_is_not_given_again():
    first = begun(FAX)
    other = carry(
        first.identities,
        [CARD],
        firsts=[JANUARY],
        date=JANUARY,
        mint=lambda _, text: "once" if "\n" not in text else "twice",
    )
    third = carry(
        other.identities,
        [HOME],
        firsts=[JANUARY],
        date=JANUARY,
        mint=lambda _, text: "once" if "\n" not in text else "twice",
    )
    assert (other.ids, third.ids) == (("once",), ("twice",))


WORDS = [f"w{n}" for n in range(12)]


@st.composite
def partitions(draw):
    """Words in disjoint concepts, some in none."""
    places = draw(st.lists(st.integers(0, 5), min_size=12, max_size=12))
    uses = draw(st.lists(st.integers(1, 50), min_size=12, max_size=12))
    groups = [{w: n for w, p, n in zip(WORDS, places, uses, strict=True) if p == g} for g in range(5)]
    return [concept(**group) for group in groups if group]


@given(partitions(), partitions(), st.randoms())
def test_ids_do_not_depend_on_the_order_of_concepts(earlier, later, order):
    before = begun(*earlier).identities
    shuffled = order.sample(later, len(later))
    one, other = run(before, *later), run(before, *shuffled)
    assert dict(zip([c.variants for c in later], one.ids, strict=True)) == dict(
        zip([c.variants for c in shuffled], other.ids, strict=True)
    )
    assert one.identities == other.identities


@given(st.lists(partitions(), min_size=2, max_size=4))
def test_whatever_comes_no_id_is_given_twice_and_a_second_run_tells_nothing(runs):
    known = Identities()
    for concepts in runs:
        carried = run(known, *concepts)
        assert len(set(carried.ids)) == len(concepts)
        assert {k.id for k in known.themes} <= {k.id for k in carried.identities.themes}
        assert {k.id for k in carried.identities.present} == set(carried.ids)
        known = carried.identities
        assert run(known, *concepts) == replace(carried, events=())


def test_a_theme_that_names_somebody_is_forgotten_with_its_id_and_all_that_was_said_of_it():
    first = begun(FAX, concept(zoé_martin=20, martin=5), HOME)
    whole = run(first.identities, concept(fax=30, faxes=10, zoé_martin=20, martin=5), HOME)
    left = forget(whole.identities, lambda text: "zoé martin" in text.lower())
    assert (first.ids[1] in repr(left), "zoé" in repr(left)) == (False, False)
    assert [known.label for known in left.themes] == ["home office"]
    same = forget(first.identities, lambda _: False)
    assert same is first.identities


def test_other_themes_stay_and_do_not_point_at_what_is_forgotten():
    first = begun(FAX, concept(zoé_martin=50))
    whole = run(first.identities, concept(zoé_martin=50, fax=30))
    left = forget(whole.identities, lambda text: "zoé" in text)
    assert [(known.label, known.into, known.gone) for known in left.themes] == [("fax", "", True)]
    assert left.log == (ThemeEvent("2024-01-31", "born", "", "", themes=2),)


def test_what_is_put_into_a_theme_leaves_that_its_id_however_great():
    first = begun(CARD, HOME)
    whole = run(first.identities, concept(card=9, cards=4, home_office=200))
    assert (whole.ids, told(whole)) == (first.ids[:1], [("merged", "card", ("home office",))])
    again = run(whole.identities, CARD, HOME)
    assert (again.ids, told(again)) == (first.ids, [("back", "home office", ())])


def test_a_theme_that_too_few_people_say_for_now_is_not_gone():
    first = begun(FAX, HOME)
    waiting = carry(first.identities, [HOME], firsts=[JANUARY], date=JANUARY, unshown=[("en", "faxes")])
    assert (waiting.events, waiting.identities) == ((), first.identities)
