import numpy as np
import pytest
from nouns import NOUNS

from estran.analysis.corpus import prepare
from estran.analysis.evidence import LONGEST, quotes
from estran.analysis.progress import Silent
from estran.model import Concept, Step

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
