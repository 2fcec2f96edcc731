"""What makes a term, from a file of messages to the themes of a tour: stop-heads, nested phrases, titles."""

import random

import pytest

import estran as es
from estran.analysis.corpus import prepare
from estran.analysis.progress import Silent
from estran.analysis.themes import find_themes
from estran.model import Step
from estran.settings import Settings
from estran.store.engines.threads import ThreadEngine

PLAIN = Settings(encoder="plain")
PLACES = (
    "harbour", "lantern", "granite", "meadow", "copper", "willow", "saddle", "violin", "pebble", "thimble", "barley",
    "canyon", "feather", "glacier", "hazel", "ivory", "juniper", "kettle", "lagoon", "marble", "nettle", "otter",
    "parsley", "quartz", "raven", "spindle", "timber", "umber", "velvet", "walnut",
)  # fmt: skip
"""Words that keep messages from being copies of each other."""


def says(text, many, *, title=None, people=10):
    """Rows that say a text in many messages, by ten people in turn, each with other words behind it."""
    drawn = random.Random(f"{text}{title}")
    return [
        {
            "text": f"{text}, {', '.join(drawn.sample(PLACES, 4))}.",
            "author": f"p{n % people}",
            "title": title and f"{title}: {drawn.choice(PLACES)} {n}",
        }
        for n in range(many)
    ]


@pytest.fixture
def concepts(frame):
    """Label -> concept, the best first, of the rows as they are prepared, counted and matched."""

    def find(rows):
        corpus = prepare(frame(rows), step=Step.MONTH, progress=Silent())
        said = find_themes(corpus, ThreadEngine(threads=1), PLAIN, progress=Silent())
        return {concept.label: concept for concept in said.concepts if concept.kind == "theme"}

    return find


@pytest.fixture
def tour(frame, tmp_path):
    """Label -> movement of every list of the tour of a file."""

    def take(rows, **asked):
        file = tmp_path / "messages.parquet"
        # in no order of time, or what is said at one time would be one finding
        frame(random.Random(1).sample(rows, len(rows))).drop("id").write_parquet(file)
        found = es.tour(file, step="month", settings=Settings(encoder="plain", top=500, **asked))
        lists = (found.coming_in, found.going_out, found.steady, found.too_early)
        return {movement.label: movement for each in lists for movement in each}

    return take


def about(head, *, filler):
    """A word in 60 messages, beside "orchard" in 12 of them, and "orchard" in 40 others; more messages make it rarer."""
    return [
        *says(f"We met {head} orchard", 12),
        *says(f"They know {head}", 48),
        *says("They saw an orchard", 40),
        *says("Quiet voices", filler),
    ]


def test_two_such_words_make_a_term_where_they_are_seldom_said_apart(concepts):
    rows = [
        *says("We met kubernetes orchard", 12),
        *says("They know kubernetes", 60),
        *says("They saw an orchard", 60),
    ]
    both, none = (
        concepts([*rows, *says("Quiet voices", n)])["kubernetes orchard"].quality for n in (130, 900)
    )
    assert 0.4 < both / none < 0.7


def test_a_word_in_more_than_15_of_100_messages_makes_no_term_of_what_stands_beside_it(concepts):
    # 60 of 390 messages are 15.4 %, and 60 of 410 are 14.6 %; "orchard" is none
    head, none = (concepts(about("kubernetes", filler=n))["kubernetes orchard"].quality for n in (290, 310))
    assert head == pytest.approx(3 * 12 / 52 * none, rel=0.02)


def test_beside_such_a_word_a_term_keeps_its_worth_where_it_is_seldom_said_without(concepts):
    rows = [
        *says("We met kubernetes", 60),
        *says("They have a kubernetes cluster", 40),
        *says("A cluster", 4),
    ]
    found = concepts([*rows, *says("Quiet voices", 100)])
    plain = concepts([*rows, *says("Quiet voices", 700)])
    assert found["kubernetes cluster"].quality > 0.8 * plain["kubernetes cluster"].quality


def test_the_word_itself_stays_a_theme(tour):
    found = tour(about("kubernetes", filler=290))
    assert found["kubernetes"].messages == 48
    assert (found["kubernetes orchard"].messages, found["kubernetes"].nested) == (12, 12)


def test_the_longest_match_wins_and_what_is_nested_is_told(tour):
    rows = [
        *says("The loyalty card of our shop", 24),
        *says("A gift card", 12),
        *says("My card, lost", 9),
        *says("A card, and a loyalty card", 6),
    ]
    found = tour(rows)
    assert (found["loyalty card"].messages, found["gift card"].messages) == (30, 12)
    # the six that say both hold both: "card" by itself, too
    assert (found["card"].messages, found["card"].nested) == (9 + 6, 24 + 12)
    assert found["card"].people == 9


def test_a_title_counts_as_three_messages(concepts):
    rows = [
        *says("About the tandem wheel", 12),
        *says("About the pedal brake", 12),
        *says("Quiet voices", 200),
    ]
    titled = [
        *says("About it", 12, title="The tandem wheel"),
        *says("About the pedal brake", 12),
        *says("Quiet voices", 200),
    ]
    plain, with_titles = concepts(rows), concepts(titled)
    assert with_titles["tandem wheel"].quality > 1.3 * plain["tandem wheel"].quality
    assert with_titles["pedal brake"].quality == pytest.approx(plain["pedal brake"].quality, rel=0.05)
    assert list(with_titles).index("tandem wheel") < list(with_titles).index("pedal brake")


def test_a_title_that_answers_repeat_counts_once(concepts):
    """Ten subjects, each of them opened by one message and answered by five under its title."""
    rows = [
        {
            "text": f"{place}, yes {n} {place}.",
            "author": f"p{(n + at) % 10}",
            "thread": place,
            "title": f"{'Re: ' if n else ''}The tandem wheel, {place}",
        }
        for at, place in enumerate(PLACES[:10])
        for n in range(6)
    ]
    found = concepts([*rows, *says("About the pedal brake", 10), *says("Quiet voices", 200)])
    opened = concepts([*rows[::6], *says("About the pedal brake", 10), *says("Quiet voices", 200)])
    assert sum(found["tandem wheel"].uses) == sum(opened["tandem wheel"].uses) == 10


def test_titles_decide_which_themes_a_tour_has_room_for(tour, concepts):
    rows = [
        *says("About it", 12, title="The tandem wheel"),
        *says("About the pedal brake", 12),
        *says("Quiet voices", 60),
    ]
    found = tour(rows, concepts=1 + list(concepts(rows)).index("tandem wheel"))
    assert "tandem wheel" in found
    assert "pedal brake" not in found
