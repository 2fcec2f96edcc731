import numpy as np
import polars as pl

from estran.analysis.corpus import prepare
from estran.analysis.progress import Silent
from estran.analysis.themes import find_themes
from estran.model import Step
from estran.privacy import FIGURES
from estran.settings import Settings
from estran.store.engines.threads import ThreadEngine
from estran.store.prepared import arrow
from estran.text.tokens import tokens


class Heard:
    """Progress that remembers."""

    def __init__(self):
        self.stages, self.steps = [], 0

    def stage(self, name, total):
        self.stages.append((name, total))

    def advance(self, steps):
        self.steps += steps

    def say(self, sentence):
        raise AssertionError(sentence)


def holds(text, form):
    wanted = form.split(" ")
    return any(
        segment[i : i + len(wanted)] == wanted for segment in tokens(text) for i in range(len(segment))
    )


def test_a_message_said_to_hold_a_theme_holds_one_of_its_forms(corpus, said):
    spoken = corpus.columns(["spoken"])["spoken"].to_list()
    for m, c in list(zip(said.message.tolist(), said.concept.tolist(), strict=True))[::97]:
        assert any(holds(spoken[m], form) for _, form in said.concepts[c].variants)


def test_each_message_and_theme_are_paired_once(said):
    pairs = said.message.astype(np.int64) * len(said.concepts) + said.concept
    assert len(np.unique(pairs)) == len(pairs)


def test_themes_of_fewer_people_than_may_be_shown_are_left_out(corpus, said):
    pairs = pl.DataFrame({"theme": said.concept, "author": corpus.author[said.message]}).unique()
    assert pairs.group_by("theme").len()["len"].min() >= FIGURES


def test_progress_hears_of_every_message_and_every_block(corpus):
    heard = Heard()
    find_themes(corpus, ThreadEngine(threads=2), Settings(), progress=heard)
    assert [name for name, _ in heard.stages] == ["count", "concepts", "match"]
    assert heard.steps == corpus.messages.height + len(corpus.counted.blocks)


def test_a_missing_text_is_an_empty_one():
    assert arrow(pl.Series(["a", None])).to_pylist() == ["a", ""]


def test_a_word_inside_a_longer_theme_is_counted_as_nested(frame):
    rows = [
        {
            "text": f"The loyalty card of {['harbour', 'lantern', 'granite', 'meadow', 'copper'][n % 5]} {n} is fine.",
            "author": f"a{n}",
        }
        for n in range(12)
    ] + [
        {
            "text": f"A card from {['willow', 'saddle', 'violin', 'orchard', 'thunder'][n % 5]} {n}.",
            "author": f"b{n}",
        }
        for n in range(8)
    ]
    corpus = prepare(frame(rows), step=Step.WEEK, progress=Silent())
    found = find_themes(corpus, ThreadEngine(threads=1), Settings(), progress=Silent())
    number = {concept.label: n for n, concept in enumerate(found.concepts)}
    assert (found.nested[number["card"]], np.sum(found.concept == number["card"])) == (12, 8)
    assert np.sum(found.concept == number["loyalty card"]) == 12
