import datetime as dt

import numpy as np
import polars as pl
import pytest

from estran.analysis.corpus import choose_step, lay, prepare
from estran.analysis.progress import Silent
from estran.analysis.themes import find_themes
from estran.errors import NotEnoughError
from estran.model import Step
from estran.settings import Settings
from estran.store.engines.threads import ThreadEngine
from estran.store.held import Held, HeldBlock
from estran.store.prepared import codes
from estran.store.prepared import prepare as prepare_block
from estran.text.clean import LEFT_OUT
from nouns import NOUNS


def different_texts(count):
    return [
        {
            "text": f"The {NOUNS[n % 10]} and the {NOUNS[n // 10 % 10]} met a {NOUNS[n // 100 % 10]}.",
            "author": f"a{n % 40}",
        }
        for n in range(count)
    ]


def test_codes_follow_the_first_appearance_and_a_null_is_its_own():
    assert codes(pl.Series(["z", None, "a", "z", None])).tolist() == [0, 1, 2, 0, 3]


def test_codes_of_several_keys_tell_their_combinations_apart():
    assert codes(pl.Series(["a", "a", "b"]), pl.Series([1, 1, 1])).tolist() == [0, 0, 1]


def test_every_message_is_kept_or_counted_as_left_out(simulation, corpus):
    left_out = sum(corpus.removed.get(reason, 0) for reason in LEFT_OUT)
    assert corpus.messages.height + left_out == simulation.messages.height


def test_messages_come_in_order_of_time_with_a_code_for_each(corpus):
    n = corpus.messages.height
    assert corpus.messages["time"].is_sorted()
    assert [len(a) for a in (corpus.period, corpus.author, corpus.group)] == [n, n, n]
    assert np.all(np.diff(corpus.period) >= 0)
    assert corpus.people == len(np.unique(corpus.author))


def test_masks_are_not_counted_as_words(frame):
    rows = [
        {"text": f"{row['text']} Write to [mail] or [phone]."} | {"author": row["author"]}
        for row in different_texts(60)
    ]
    kept = prepare(frame(rows), step=Step.WEEK, progress=Silent()).columns(["spoken", "text"])
    assert not kept["spoken"].str.contains("mail|phone").any()
    assert kept["text"].str.contains("[mail]", literal=True).all()


def test_a_conversation_as_long_as_a_period_is_no_conversation(frame):
    rows = [row | {"thread": str(n // 20)} for n, row in enumerate(different_texts(80))]
    corpus = prepare(frame(rows), step=Step.MONTH, progress=Silent())
    assert (corpus.conversation, corpus.conversations) == (None, 0)


def test_many_conversations_in_a_period_are_used(frame):
    rows = [row | {"thread": str(n // 4)} for n, row in enumerate(different_texts(80))]
    assert prepare(frame(rows), step=Step.MONTH, progress=Silent()).conversations == 20


@pytest.mark.parametrize(
    ("rows", "step", "sentence"),
    [
        ([], None, "no message to count"),
        ([{}], None, "left after cleaning: 1, on 1 date"),
        (
            [{"time": dt.datetime(2024, 1, 1, tzinfo=dt.UTC), **row} for row in different_texts(9)],
            None,
            "two periods",
        ),
        (different_texts(9), Step.YEAR, "choose a shorter --step"),
        ([{"text": "!!"}, {"text": "??"}], None, "left after cleaning: 0"),
    ],
)
def test_too_little_is_refused_in_a_sentence(frame, rows, step, sentence):
    with pytest.raises(NotEnoughError, match=sentence):
        prepare(frame(rows), step=step, progress=Silent())


def spoken_by_many(frame, days):
    start = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    return frame(
        [{"author": f"a{n % 300}", "time": start + dt.timedelta(days=n * days / 6000)} for n in range(6000)]
    )


@pytest.mark.parametrize(
    ("days", "step"),
    [(120, Step.WEEK), (600, Step.MONTH), (1500, Step.QUARTER), (3300, Step.HALF), (7000, Step.YEAR)],
)
def test_the_step_is_chosen_for_about_eighteen_periods(frame, days, step):
    assert choose_step(spoken_by_many(frame, days)) is step


@pytest.fixture(scope="module")
def parted(frame):
    """A corpus in two blocks, and the same rows in one."""
    rows = frame([row | {"thread": str(n // 4)} for n, row in enumerate(different_texts(90))])
    half = rows["time"].dt.month() <= 2
    blocks = [prepare_block(rows.filter(part)) for part in (half, ~half)]
    parted = lay(Held(tuple(HeldBlock(block.frame, block.removed) for block in blocks)), step=Step.MONTH)
    return parted, prepare(rows, step=Step.MONTH)


def test_rows_are_found_in_whatever_block_they_lie(parted):
    corpus, whole = parted
    rows = np.array([88, 3, 60, 3], np.int32)
    assert corpus.take(rows, ["id", "text"]).equals(whole.take(rows, ["id", "text"]))
    assert corpus.columns(["id"]).equals(whole.columns(["id"]))
    assert corpus.take(rows[:0], ["id", "time"]).schema == whole.take(rows, ["id", "time"]).schema


def test_blocks_make_the_codes_and_themes_of_one_corpus(parted):
    corpus, whole = parted
    engine = ThreadEngine(threads=2)
    one, two = (find_themes(it, engine, Settings(), progress=Silent()) for it in parted)
    assert np.array_equal(corpus.author, whole.author)
    assert np.array_equal(corpus.conversation, whole.conversation)
    assert one.concepts == two.concepts
    assert np.array_equal(one.message, two.message)
    assert np.array_equal(one.tokens, two.tokens)


def test_only_the_days_asked_for_are_looked_at(parted, frame):
    held = parted[0].counted
    corpus = lay(held, step=Step.MONTH, span=(dt.date(2024, 2, 1), dt.date(2024, 3, 10)))
    assert (corpus.first, corpus.last) == (dt.date(2024, 2, 1), dt.date(2024, 3, 10))
    assert corpus.removed["outside the days asked"] == 90 - corpus.messages.height
    days = corpus.take(np.arange(corpus.messages.height, dtype=np.int32), ["time"])["time"]
    assert days.equals(corpus.messages["time"])
    said = find_themes(corpus, ThreadEngine(threads=1), Settings(), progress=Silent())
    assert said.message.max() < corpus.messages.height == len(said.tokens)
    with pytest.raises(NotEnoughError, match="go from 2024-01-01 to 2024-03-30"):
        lay(held, span=(dt.date(2030, 1, 1), None))
