import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from estran.analysis.corpus import prepare
from estran.analysis.evidence import LONGEST, quotes, quotes_of
from estran.analysis.progress import Silent
from estran.model import Concept, Step
from nouns import NOUNS

CONCEPT = Concept("remote work", (("en", "remote work"), ("fr", "travail à distance")), 1.0)


def saying(frame, *, people, sides=("inside",), text="The {} team wants more remote work this year."):
    rows = [
        {"text": text.format(NOUNS[n % 10] + " " + NOUNS[n // 10]), "author": f"a{n}", "side": sides[n % len(sides)],
         "thread": f"t{n}"}
        for n in range(people)
    ]  # fmt: skip
    return prepare(frame(rows), step=Step.WEEK, progress=Silent())


def quoted(corpus, concept=CONCEPT, **options):
    rows = np.arange(corpus.messages.height, dtype=np.int32)
    return quotes(corpus, concept, rows, periods=(0, corpus.grid.periods), **options)


def test_three_distinct_people_are_quoted(frame):
    found = quoted(saying(frame, people=20))
    assert len({quote.message for quote in found}) == 3
    assert all("remote work" in quote.text for quote in found)


def test_nobody_is_quoted_from_a_side_with_fewer_than_ten_people(frame):
    corpus = saying(frame, people=15, sides=("inside", "inside", "outside"))
    assert {quote.side for quote in quoted(corpus)} == {"inside"}


def test_both_sides_are_quoted_where_both_speak(frame):
    corpus = saying(frame, people=40, sides=("inside", "outside"))
    assert {quote.side for quote in quoted(corpus)} == {"inside", "outside"}


def test_nine_people_are_not_quoted(frame):
    assert quoted(saying(frame, people=9)) == ()


def test_a_long_sentence_is_cut_at_blanks_around_the_theme(frame):
    rng = np.random.default_rng(0)
    words = [" ".join(rng.choice(NOUNS, 60)) for _ in range(12)]
    rows = [{"text": f"{w} and remote work {w}.", "author": f"a{n}"} for n, w in enumerate(words)]
    corpus = prepare(frame(rows), step=Step.WEEK, progress=Silent())
    found = quoted(corpus)
    texts = dict(corpus.columns(["id", "text"]).iter_rows())
    assert found
    assert all(
        q.text in texts[q.message] and "remote work" in q.text and len(q.text) <= LONGEST for q in found
    )


@pytest.mark.parametrize(
    "text", ["Nothing of it from {}.", "A remote worker of {}.", "Remote. Work for {} now."]
)
def test_a_quote_holds_the_theme_by_the_rule_that_counted_it(frame, text):
    assert quoted(saying(frame, people=15, text=text)) == ()


def test_a_french_quote_keeps_its_elisions(frame):
    concept = Concept("réseau social d'entreprise", (("fr", "réseau social d' entreprise"),), 1.0)
    corpus = saying(frame, people=12, text="Chez {} le réseau social d’entreprise est fermé depuis mars.")
    assert all("réseau social d’entreprise" in quote.text for quote in quoted(corpus, concept))
    assert len(quoted(corpus, concept)) == 3


SAID = (
    "Remote work makes it hard to train the new colleagues of {}.",
    "Our {} budget pays the electricity bill of remote work.",
    "Nobody can reach {} by phone on days of remote work.",
)


def test_three_quotes_say_the_three_things_that_are_said(frame):
    rows = [
        {"text": SAID[n % 3].format(f"{NOUNS[n % 10]} and {NOUNS[n // 4]}"), "author": f"a{n}"}
        for n in range(40)
    ]
    found = quoted(prepare(frame(rows), step=Step.WEEK, progress=Silent()))
    assert {word for q in found for word in ("train", "bill", "phone") if word in q.text} == {
        "train", "bill", "phone",
    }  # fmt: skip


def test_quotes_are_of_distinct_weeks_and_conversations_where_there_are_several(frame):
    corpus = saying(frame, people=60)
    found = quoted(corpus)
    texts = dict(corpus.columns(["id", "thread"]).iter_rows())
    assert len({texts[quote.message] for quote in found}) == 3
    assert len({dt.date.fromisoformat(quote.date).isocalendar()[:2] for quote in found}) == 3


def test_both_languages_of_a_theme_are_quoted_that_of_its_label_first(frame):
    english, french = "We want more remote work for {}.", "Le travail à distance convient à {}."
    rows = [
        {"text": (french if n % 4 == 0 else english).format(f"{NOUNS[n % 10]} {NOUNS[n // 4]}"),
         "author": f"a{n}", "language": "fr" if n % 4 == 0 else "en"}
        for n in range(40)
    ]  # fmt: skip
    corpus = prepare(frame(rows), step=Step.WEEK, progress=Silent())
    for concept in (CONCEPT, replace(CONCEPT, label="travail à distance")):
        found = [quote.language for quote in quoted(corpus, concept)]
        assert set(found) == {"en", "fr"}
        assert concept.labels[found[0]] == concept.label


def test_sentences_found_by_others_are_quoted_by_the_same_rule(frame):
    corpus = saying(frame, people=20)
    texts = corpus.columns(["text"])["text"].to_list()
    found = quotes_of(corpus, [*enumerate(texts), *enumerate(texts)])
    assert len({quote.message for quote in found}) == 3
    assert quotes_of(corpus, []) == ()
