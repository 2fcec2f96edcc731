"""Words of register are learned from the company they keep, in a language that has no list of them."""

from dataclasses import replace

import numpy as np
import pytest
import wordfreq

from estran.analysis.corpus import prepare
from estran.analysis.progress import Silent
from estran.analysis.style import learn_register, with_register
from estran.analysis.themes import find_themes
from estran.model import Concept
from estran.settings import Settings
from estran.store.engines.threads import ThreadEngine

SUBJECTS = (
    ("hafen", "kran", "anleger", "schlepper", "lotse"),
    ("garten", "rasen", "hecke", "gießkanne", "kompost"),
    ("geige", "bratsche", "partitur", "dirigent", "orchester"),
    ("bäckerei", "sauerteig", "brezel", "ofen", "mehl"),
    ("fahrrad", "sattel", "speiche", "lenker", "pedal"),
    ("sternwarte", "fernrohr", "komet", "planet", "teleskop"),
)
NOUNS = {noun for subject in SUBJECTS for noun in subject}
TIED = "schiff"
"""A common word that is said with the first subject alone."""


@pytest.fixture(scope="module")
def learned(frame):
    """What is learned of 10,000 German messages: three nouns of one subject, and ordinary words."""
    rng = np.random.default_rng(5)
    empty = wordfreq.top_n_list("de", 100)
    ordinary = [w for w in wordfreq.top_n_list("de", 900)[150:] if w.isalpha() and len(w) > 3]
    often = np.array([wordfreq.word_frequency(w, "de") for w in ordinary])
    rows = []
    for n in range(10_000):
        subject = int(rng.integers(0, len(SUBJECTS)))
        count = int(rng.integers(2, 9))
        words = [
            *rng.choice(SUBJECTS[subject], 3, replace=False),
            *rng.choice(empty, 3 * count),
            *rng.choice(ordinary, count, p=often / often.sum()),
        ]
        if subject == 0 and rng.random() < 0.15:
            words[-1] = TIED
        text = ", ".join(str(word) for word in rng.permutation(words))
        rows.append({"text": text, "author": f"a{n % 500}", "language": "de"})
    corpus = prepare(frame(rows), progress=Silent())
    said = find_themes(corpus, ThreadEngine(threads=1), Settings(), progress=Silent())
    # as if general text had not told already that these words are no themes
    said = replace(said, concepts=tuple(replace(concept, kind="theme") for concept in said.concepts))
    return corpus, said, learn_register(corpus, said)


def labels(said, chosen):
    return {concept.label for concept, there in zip(said.concepts, chosen, strict=True) if there}


def test_ordinary_words_become_register_and_no_theme_does(learned):
    _, said, register = learned
    found = labels(said, register.learned)
    assert len(found) >= 20
    assert not found & (NOUNS | {TIED})


def test_a_theme_is_uneven_and_an_ordinary_word_is_not(learned):
    _, said, register = learned
    evenness = dict(zip((c.label for c in said.concepts), register.evenness, strict=True))
    assert max(evenness[noun] for noun in NOUNS & evenness.keys()) < 0.6
    assert evenness[TIED] < 0.6
    assert np.mean([evenness[word] for word in labels(said, register.learned)]) > 0.95


def test_what_is_learned_is_style_and_nothing_else_changes(learned):
    _, said, register = learned
    after = with_register(said, register)
    assert {c.label for c in after.concepts if c.kind == "style"} >= labels(said, register.learned)
    assert [replace(c, kind="") for c in after.concepts] == [replace(c, kind="") for c in said.concepts]
    assert after.message is said.message


def test_what_somebody_follows_by_hand_stays_a_theme(learned):
    corpus, said, register = learned
    held = tuple(replace(c, followed=True) for c in said.concepts)
    assert register.learned.any()
    assert not learn_register(corpus, replace(said, concepts=held)).learned.any()


def test_where_company_tells_nothing_nothing_is_learned(learned):
    corpus, said, _ = learned
    rng = np.random.default_rng(1)
    shuffled = replace(said, concept=rng.permutation(said.concept))  # every word with every other
    assert not learn_register(corpus, shuffled).learned.any()


def test_no_words_no_register(learned):
    corpus, said, _ = learned
    two = tuple(replace(c, variants=(("de", f"{c.label} {c.label}"),), kind="theme") for c in said.concepts)
    assert isinstance(two[0], Concept)
    register = learn_register(corpus, replace(said, concepts=two))
    assert not register.learned.any()
    assert np.isnan(register.unevenness).all()
