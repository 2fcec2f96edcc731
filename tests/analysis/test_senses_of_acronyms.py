"""What an acronym of two senses means, on the path from messages to themes."""

import datetime as dt

import numpy as np
import pytest

from analysis.senses import DUTY, NETWORK, house, said, untold
from estran.analysis.corpus import prepare
from estran.analysis.hands import Hands
from estran.analysis.progress import Silent
from estran.analysis.themes import find_themes
from estran.model import Step
from estran.privacy import FIGURES
from estran.settings import Settings
from estran.store.engines import open_engine
from estran.store.engines.threads import ThreadEngine
from estran.text.edits import Accept, Merge, Reject, Rename
from estran.text.kinship import why

PLAIN = Settings(encoder="plain")


@pytest.fixture(scope="module")
def find(frame):
    def found(rows, *edits, engine=None):
        corpus = prepare(frame(rows), step=Step.MONTH, progress=Silent())
        engine = engine or ThreadEngine(threads=1)
        return corpus, find_themes(corpus, engine, PLAIN, progress=Silent(), hands=Hands(edits))

    return found


@pytest.fixture(scope="module")
def told(find):
    return find(house())


def theme(said, label):
    return next((n for n, concept in enumerate(said.concepts) if concept.label == label), None)


def texts(found, label):
    """What the messages of a theme say, in order of time; nothing where there is no such theme."""
    corpus, said = found
    rows = np.sort(said.message[said.concept == theme(said, label)]) if theme(said, label) is not None else []
    return [corpus.columns(["spoken"])["spoken"][int(row)] for row in rows]


def bare(found, label):
    return [text for text in texts(found, label) if "RSE" in text and "(" not in text]


def test_messages_are_told_by_themselves_by_their_conversation_and_by_their_words(told):
    for label, person in ((NETWORK, "communautés"), (DUTY, "fournisseurs")):
        held = bare(told, label)
        assert sum(text.startswith("Voilà, réponse") for text in held) == 8
        assert sum(person in text for text in held) >= 1
        assert len(held) >= 8 + 15
        assert len(texts(told, label)) == 40 + 8 + len(held)


def test_what_nothing_tells_is_a_theme_of_its_own_that_says_so(told):
    doubtful = told[1].concepts[theme(told[1], "RSE (?)")]
    assert sum(text.startswith("Point numéro") for text in texts(told, "RSE (?)")) == 12
    assert doubtful.labels == {"fr": "RSE (?)"}
    assert {form.replace("' ", "'") for _, form in doubtful.senses} == {NETWORK, DUTY}


def test_nobody_is_given_the_other_sense(told):
    assert not any("communautés" in text or "billets" in text for text in texts(told, DUTY))
    assert not any("fournisseurs" in text or "carbone" in text for text in texts(told, NETWORK))


def test_every_message_with_the_acronym_counts_once(told):
    _, said = told
    themes = [theme(said, label) for label in (NETWORK, DUTY, "RSE (?)")]
    own = np.isin(said.concept, themes)
    assert len(np.unique(said.message[own])) == own.sum() == len(house())
    pairs = said.message.astype(np.int64) * len(said.concepts) + said.concept
    assert (np.diff(pairs) > 0).all()


def test_why_says_by_which_rule_and_in_how_many_messages(told):
    reasons = {
        each.rule: each.shown
        for each in why(told[1].concepts[theme(told[1], NETWORK)])
        if each.variant[1] == "rse"
    }
    assert reasons["told by itself"] == "40"
    assert reasons["told by its conversation"] == "8"
    words, count = reasons["told by its words"].split("; ")
    assert int(count) == len(bare(told, NETWORK)) - 8
    assert len(words.split(", ")) == 3


def test_no_figure_is_told_where_it_would_tell_of_a_few(find):
    few = [row for row in house() if not row["author"].startswith("n-answer")]
    few += [row for row in house() if row["author"] in {"n-answer1", "n-answer2"}]
    _, said = find(few)
    reasons = [each for each in why(said.concepts[theme(said, NETWORK)]) if each.variant[1] == "rse"]
    assert "told by its conversation" in {each.rule for each in reasons}
    assert not any(character.isdigit() for each in reasons for character in each.shown)


def test_a_message_that_spells_out_both_holds_both(find):
    both = [
        {"text": f"Au choix {n}, {NETWORK} (RSE) ou {DUTY} (RSE) ?", "author": f"b{n}", "language": "fr", "thread": f"b{n}"}
        for n in range(6)
    ]  # fmt: skip
    found = find(house() + both)
    for label, many in ((NETWORK, 6), (DUTY, 6), ("RSE (?)", 0)):
        assert sum(text.startswith("Au choix") for text in texts(found, label)) == many


def test_the_longest_match_wins_over_the_acronym(find):
    longer = [
        {"text": f"Numéro {n} : la charte RSE.", "author": f"c{n % 8}", "language": "fr", "thread": f"c{n}"}
        for n in range(24)
    ]
    found = find(house() + longer)
    assert sum(text.startswith("Numéro") for text in texts(found, "charte rse")) == 24
    assert not any(
        text.startswith("Numéro") for label in (NETWORK, DUTY, "RSE (?)") for text in texts(found, label)
    )
    assert found[1].nested[theme(found[1], "RSE (?)")] == 24


def test_where_conversations_mix_the_senses_they_tell_nothing(find):
    mixed = []
    for n in range(12):
        for sense, who in ((NETWORK, "x"), (DUTY, "y")):
            mixed += [{**said(sense, sense, many=12, seed=9, who=who)[n], "thread": f"mixed-{n}"}]
    answers = [row for row in house() if "answer" in row["author"]]
    found = find([row for row in house() if row not in answers] + mixed + answers)
    assert sum(text.startswith("Voilà") for text in bare(found, NETWORK)) == 0


def test_a_hand_decides_of_what_nothing_tells(find):
    found = find(house(), Accept("fr:rse", f"fr:{NETWORK}"))
    assert theme(found[1], "RSE (?)") is theme(found[1], NETWORK) is None  # called as the commoner of the two
    assert sum(text.startswith("Point numéro") for text in texts(found, "rse")) == 12
    assert sum("communautés" in text for text in texts(found, "rse")) > 8
    assert len(bare(found, DUTY)) >= 8 + 15  # what is told otherwise stays


def test_senses_that_a_hand_makes_one_take_the_acronym(find):
    found = find(house(), Merge(NETWORK, (DUTY,)))
    assert len(texts(found, NETWORK)) == len(house())
    assert theme(found[1], "RSE (?)") is None


def test_corrections_of_other_things_change_nothing(find, told):
    others = (
        Accept("01JT74NY006S5TD3K4CCN2G3Z4", "01JT74NY00GWNNWHN0JQREG7ZR"),
        Merge("télétravail", ("travail à distance",)),
    )
    assert find(house(), *others)[1].concepts == told[1].concepts


def test_a_sense_that_a_hand_refuses_is_none(find):
    _, said = find(house(), Reject("rse", DUTY))
    assert theme(said, "RSE (?)") is None
    assert said.concepts[theme(said, "rse")].senses == ()
    assert said.concepts[theme(said, DUTY)].shared == ()


def test_a_name_by_hand_stays(find):
    _, said = find(house(), Rename("rse", "RSE, on ne sait"))
    assert theme(said, "RSE, on ne sait") is not None


def test_people_of_a_theme_are_exact_and_few_are_not_shown(find):
    rows = [row for row in house() if not row["author"].startswith("nobody")] + untold(30, who="few")[:4]
    corpus, said = find(rows)
    people = {
        c.label: len(np.unique(corpus.author[said.message[said.concept == n]]))
        for n, c in enumerate(said.concepts)
    }
    assert min(people.values()) >= FIGURES
    assert people[NETWORK] == len({row["author"] for row in rows if row["author"].startswith("n")})
    assert "RSE (?)" not in people or people["RSE (?)"] >= FIGURES


def test_processes_tell_the_same_as_threads(find, told):
    with open_engine("pool", workers=2) as pool:
        _, said = find(house(), engine=pool)
    assert said.concepts == told[1].concepts
    assert np.array_equal(said.message, told[1].message)
    assert np.array_equal(said.concept, told[1].concept)


def test_where_no_conversation_is_known_what_only_answers_tell_is_left(find):
    found = find([{**row, "thread": None} for row in house()])
    assert len(texts(found, "RSE (?)")) == 12 + 2 * 8
    assert sum("communautés" in text for text in bare(found, NETWORK)) >= 1


def test_a_sense_that_nobody_spells_out_in_the_days_asked_leaves_what_only_it_would_tell(frame):
    """The network is spoken of first, the duty after it: in the days of the network nothing tells the two apart."""
    corpus = prepare(frame(house()), step=Step.WEEK, span=(None, dt.date(2024, 3, 1)), progress=Silent())
    said = find_themes(corpus, ThreadEngine(threads=1), PLAIN, progress=Silent())
    found = (corpus, said)
    assert theme(said, DUTY) is None
    assert len(texts(found, "RSE (?)")) == 20
    assert len(bare(found, NETWORK)) == 0
