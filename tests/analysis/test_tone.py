"""People who complain around a theme are heard, together; nobody alone is."""

import numpy as np
import pytest

from estran.analysis.corpus import prepare
from estran.analysis.distance import AROUND, read
from estran.analysis.progress import Silent
from estran.analysis.tone import FEWEST, SENTENCES, Around, tones_around
from estran.errors import SettingsError
from estran.model import Concept, Step
from estran.settings import Settings
from estran.store.engines.threads import ThreadEngine
from nouns import NOUNS

BLAME = ("nobody trusts … any more", "… wastes hours of my week", "we are fed up with …")
PRAISE = ("everybody is glad of …", "… saves us hours every week", "… made my job a lot easier")
NEUTRAL = ("… is on the agenda on Tuesday", "the second floor has … too", "they asked for … by mail")


@pytest.fixture(scope="module")
def told(frame):
    """The tones of themes said of 40 people, here and there."""
    corpus = prepare(
        frame([{"text": f"{NOUNS[n % 10]} {n}", "author": f"a{n % 40}"} for n in range(80)]), step=Step.WEEK,
        progress=Silent(),
    )  # fmt: skip

    def tones(*themes, people=40, settings=None):
        rows = np.arange(80, dtype=np.int32)
        at = [rows[np.isin(corpus.author[rows], np.unique(corpus.author)[:people])][:people]]
        own = at[0]
        pairs = [
            tuple(Around(own, tuple(lines[n % len(lines)] for n in range(len(own)))) for lines in theme)
            for theme in themes
        ]
        return tones_around(corpus, pairs, settings or Settings())

    return tones


def test_blame_is_below_and_praise_above_what_the_same_people_say_elsewhere(told):
    blame, praise, neutral = told((BLAME, NEUTRAL), (PRAISE, NEUTRAL), (NEUTRAL, NEUTRAL[::-1]))
    assert blame.high < 0 < praise.low
    assert neutral.low <= 0 <= neutral.high


def test_fewer_than_twenty_people_have_no_tone(told):
    assert told((BLAME, NEUTRAL), people=FEWEST - 1) == (None,)
    assert told((BLAME, NEUTRAL), people=FEWEST)[0].high < 0
    assert told() == ()


def test_who_says_nothing_elsewhere_is_not_counted(told):
    assert told((BLAME, ("",))) == (None,)


def test_of_many_themes_fewer_people_are_read_and_never_too_few(told):
    many = told(*[(BLAME, NEUTRAL)] * (SENTENCES // (2 * FEWEST) + 10))
    assert all(each.high < 0 for each in many)


def around(frame, text):
    corpus = prepare(
        frame([{"text": text}, *({"text": f"Nothing {noun}."} for noun in NOUNS)]), step=Step.WEEK, progress=Silent()
    )  # fmt: skip
    concept = Concept("remote work", (("en", "remote work"),), 1.0)
    rows, themes = np.array([0, 1], np.int32), np.zeros(2, np.int64)
    return read(corpus, [concept], rows, themes, ThreadEngine(threads=1))


def test_what_is_read_around_a_theme_is_its_sentence_without_it(frame):
    found = around(frame, "Good morning. Nobody likes remote work here! See you.")
    assert found.around == ("Nobody likes … here!", "")
    assert found.shown == ("", "")


def test_of_a_long_sentence_only_what_is_near_is_read(frame):
    found = around(frame, "word " * 200 + "remote work" + " word" * 200)
    assert found.around[0].startswith("word ")
    assert len(found.around[0]) == 2 * AROUND + 1


def test_a_theme_held_at_a_distance_is_shown_with_its_sentence(frame):
    found = around(frame, "Hello. This so-called remote work is over. Bye.")
    assert found.worded.tolist() == [True, False]
    assert found.shown == ("This so-called remote work is over.", "")


def test_a_tone_is_read_by_an_encoder_of_its_own(told):
    universal, still, plain = (
        told((BLAME, NEUTRAL), settings=Settings(**names))[0]
        for names in ({}, {"encoder": "plain"}, {"tone_encoder": "plain"})
    )
    assert still == universal != plain
    with pytest.raises(SettingsError, match="there is no encoder 'none'"):
        told((BLAME, NEUTRAL), settings=Settings(tone_encoder="none"))
