"""What is taken out before counting, and that it is counted."""

import datetime as dt

import polars as pl
import pytest

from estran.model import MESSAGES
from estran.text.clean import BATCH, clean

START = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def frame(*texts, author=None, thread=None, title=None):
    """A message frame, one message an hour, of distinct authors unless told."""
    count = len(texts)

    def column(value, default):
        return default if value is None else value if isinstance(value, list) else [value] * count

    return pl.DataFrame(
        {
            "id": [str(i) for i in range(count)],
            "time": [START + dt.timedelta(hours=i) for i in range(count)],
            "text": list(texts),
            "author": column(author, [f"a{i}" for i in range(count)]),
            "source": ["mail"] * count,
            "thread": column(thread, [None] * count),
            "title": column(title, [None] * count),
        }
    ).select(
        pl.col(n).cast(t)
        if n in {"id", "time", "text", "author", "source", "thread", "title"}
        else pl.lit(None, t).alias(n)
        for n, t in MESSAGES.items()
    )


def spoken(text):
    """What is left of one message, among its lines."""
    kept = clean(frame(text)).messages
    return kept["spoken"][0].split("\n") if kept.height else []


QUOTES = [
    "> We said no.",
    "On Mon, 3 Jun 2024 at 10:12, Ann Lee <ann@acme.org> wrote:\n> We said no.",
    "Le lun. 3 juin 2024 à 10:12, Ann Lee <ann@acme.org> a écrit :\n> Non.",
    "-----Original Message-----\nFrom: Ann\nWe said no.",
    "-----Message d'origine-----\nDe : Ann\nNon.",
    "From: Ann Lee\nSent: Monday\nTo: Bob\nSubject: no\n\nWe said no.",
    "De : Ann Lee\nEnvoyé : lundi\nÀ : Bob\n\nNon.",
    "<blockquote>We said no.</blockquote>",
]


@pytest.mark.parametrize("quote", QUOTES)
def test_what_somebody_else_wrote_is_cut(quote):
    cleaned = clean(frame(f"The delivery is late.\n\n{quote}"))
    assert cleaned.messages["spoken"].to_list() == ["The delivery is late."]
    assert cleaned.removed["quote"] == 1


SIGNATURES = [
    "Best regards,\nAnn Lee\nHead of Sales",
    "Cordialement, Anne",
    "Cordialement\n\nAnne Dupont",
    "-- \nAnn Lee\n+33 1 23 45 67 89",
    "Thanks,\nAnn",
    "cheers",
]


@pytest.mark.parametrize("signature", SIGNATURES)
def test_signatures_are_cut(signature):
    cleaned = clean(frame(f"The delivery is late.\n\n{signature}"))
    assert cleaned.messages["spoken"].to_list() == ["The delivery is late."]
    assert cleaned.removed == {"signature": 1}


def test_a_sentence_that_starts_like_a_farewell_stays():
    assert spoken("The delivery is late.\nBest practice would be to call the depot first.") == [
        "The delivery is late.",
        "Best practice would be to call the depot first.",
    ]


FOOTERS = [
    "Sent from my iPhone",
    "Envoyé de mon iPhone",
    "______________________________________________\nR-devel@r-project.org mailing list\nhttps://stat.ethz.ch",
    "[[alternative HTML version deleted]]",
    "To unsubscribe, click here",
    "This message and its attachments are confidential.",
    "Ce message est confidentiel et destiné à son destinataire.",
]


@pytest.mark.parametrize("footer", FOOTERS)
def test_footers_are_cut(footer):
    cleaned = clean(frame(f"The delivery is late.\n\n{footer}"))
    assert cleaned.messages["spoken"].to_list() == ["The delivery is late."]
    assert cleaned.removed["footer"] == 1


CODE = [
    "```python\nprint(1)\n```",
    "⟦code⟧",
    "[code]x = y[/code]",
    "    for (i in 1:10) { x[i] <- f(i); }",
    'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\nValueError: no',
    "2024-01-05 10:11:12 server started",
    "[ERROR] disk full",
    "x <- sum(y[1:3])",
    "#include <stdio.h>",
    "git commit -m fix",
    "/usr/local/lib/python3.11",
    "R version 4.2.2 Patched (2022-11-10 r83330)\nPlatform: x86_64-pc-linux-gnu (64-bit)",
    "attached base packages:\n[1] stats     graphics  grDevices utils",
    "loaded via a namespace (and not attached):\n[1] compiler_4.2.2 tools_4.2.2",
    "Search Path:\n .GlobalEnv, package:methods, package:stats, Autoloads, package:base",
    "platform = i686-pc-linux-gnu\n arch = i686\n os = linux-gnu\n status =\n major = 1",
    "_ platform i686-pc-linux-gnu arch i686 os linux-gnu system i686, major 1 year 2001 language R",
]


@pytest.mark.parametrize("code", CODE)
def test_code_and_logs_are_cut(code):
    cleaned = clean(frame(f"The delivery is late.\n{code}\nThe client waits."))
    assert cleaned.messages["spoken"].to_list() == ["The delivery is late.\nThe client waits."]
    assert cleaned.removed == {"code": 1}


def test_names_of_tools_in_prose_stay():
    text = "We use pytest, c++ and node.js for the new portal (since May)."
    assert spoken(text) == [text]


MARKUP = {
    "The <b>late</b> delivery &amp; the client": "The late delivery & the client",
    "<p>The late delivery</p><p>The client</p>": "The late delivery\nThe client",
    "The **late** delivery": "The late delivery",
    "The [late delivery](https://acme.org/x)": "The late delivery",
    "Call <!here> the late delivery": "Call  |  the late delivery",
    "See <https://acme.org|the late delivery>": "See the late delivery",
    "# The late delivery": "The late delivery",
    "- The late delivery\r\n- The client": "The late delivery\nThe client",
}


@pytest.mark.parametrize(("text", "left"), MARKUP.items())
def test_markup_goes_and_its_words_stay(text, left):
    cleaned = clean(frame(text))
    assert cleaned.messages["spoken"][0].strip() == left
    assert cleaned.removed == {"markup": 1}


def test_links_and_addresses_break_the_phrase():
    cleaned = clean(frame("ask the help desk https://acme.org/x?y=1 about me@acme.org or @bob today"))
    assert cleaned.messages["spoken"][0].split() == [
        "ask",
        "the",
        "help",
        "desk",
        "|",
        "about",
        "|",
        "or",
        "|",
        "today",
    ]
    assert cleaned.removed == {"link": 1}


def test_a_line_that_only_labels_a_link_goes():
    assert spoken("The delivery is late.\nSlides: https://acme.org/slides") == ["The delivery is late."]


def test_a_greeting_line_goes_with_its_name():
    cleaned = clean(frame("Dear Andras,\nthe delivery is late."))
    assert cleaned.messages["spoken"].to_list() == ["the delivery is late."]
    assert cleaned.removed == {"greeting": 1}


def test_a_name_goes_wherever_it_is_said_and_is_counted():
    texts = [f"Hi Zorander, the {word} parcel is late." for word in ("one", "blue", "red", "big", "small")]
    cleaned = clean(frame(*texts, "I told Zorander that it is late.", title="For Zorander"))
    assert not cleaned.messages["spoken"].str.contains("Zorander").any()
    assert not cleaned.messages["headline"].str.contains("Zorander").any()
    assert cleaned.removed["name"] == 6


def test_a_line_broken_for_its_width_goes_on():
    text = "We would like to know when the customer\nrelationship team answers.\nIt is urgent."
    assert spoken("Yesterday in the shop of the station, " + text)[0].endswith(
        "the customer relationship team answers."
    )


def test_one_sentence_a_line():
    assert spoken("It is late. It is wrong! Is it?") == ["It is late.", "It is wrong!", "Is it?"]


def test_an_authors_footer_is_boilerplate():
    texts = [
        f"Parcel {word} is late.\nAcme, the friend of parcels."
        for word in ("one", "blue", "red", "big", "small", "old")
    ]
    cleaned = clean(frame(*texts, author="agent"))
    assert cleaned.messages["spoken"][1] == "Parcel blue is late."
    assert cleaned.removed == {"boilerplate": 6}


def test_an_events_footer_is_boilerplate():
    texts = [
        f"A talk on {word}.\nRecorded at the conference of Lyon."
        for word in ("rust", "love", "trees", "law", "food")
    ]
    cleaned = clean(frame(*texts, thread="lyon"))
    assert cleaned.messages["spoken"].to_list() == [text.split("\n")[0] for text in texts]


def test_a_long_sentence_in_many_messages_is_boilerplate():
    licence = (
        "This work is licensed under the same licence as all the other works of the same house and kind."
    )
    texts = [f"A talk on {word}.\n{licence}" for word in "abcdefghijkl"]
    assert set(clean(frame(*texts)).messages["spoken"].str.contains("licensed")) == {False}


def test_what_many_people_say_once_is_no_boilerplate():
    texts = [f"Order {word} here.\nHow do I reset my password?" for word in "abcdefghijklmnopqrstuvwxyz"]
    cleaned = clean(frame(*texts))
    assert cleaned.removed == {}
    assert cleaned.messages.height == 26


def test_a_bot_is_left_out():
    texts = [
        f"Your request has been recorded by our robot under the number {i} and nobody reads it"
        for i in range(25)
    ]
    cleaned = clean(frame(*texts, "I am a person.", author=["bot"] * 25 + ["ann"]))
    assert cleaned.removed == {"bot": 25}
    assert cleaned.messages["spoken"].to_list() == ["I am a person."]


def test_an_author_who_says_the_same_twice_counts_once():
    text = "The parcel that I ordered in May has still not come"
    cleaned = clean(frame(text, text.upper(), author="ann"))
    assert cleaned.messages["text"].to_list() == [text]
    assert cleaned.removed == {"duplicate": 1}


def test_two_people_may_ask_the_same_short_question():
    assert (
        clean(
            frame("How do I change the pin of my blue card?", "How do I change the pin of my blue card?")
        ).removed
        == {}
    )


def test_a_long_text_posted_by_anybody_twice_counts_once():
    text = " ".join(f"word{i}" for i in range(25))
    assert clean(frame(text, text)).removed == {"duplicate": 1}


def test_the_earliest_of_near_duplicates_is_kept():
    text = " ".join(f"word{i}" for i in range(80))
    late = frame(text + " more", text, "A quite different short message.").with_columns(
        pl.col("time").reverse()
    )
    cleaned = clean(late)
    assert cleaned.removed == {"near-duplicate": 1}
    assert cleaned.messages["text"].to_list() == [text, "A quite different short message."]


def test_a_message_of_which_nothing_is_left_is_left_out():
    cleaned = clean(frame("https://acme.org/x", None, "12 34", "The delivery is late."))
    assert cleaned.messages["text"].to_list() == ["The delivery is late."]
    assert cleaned.removed == {"link": 1, "empty": 3}


def test_the_title_is_said_where_it_opens_the_thread():
    messages = frame("It is late.", "Yes it is.", thread="t", title=["The parcel", "Re: The parcel"])
    kept = clean(messages).messages
    assert kept["spoken"].to_list() == ["The parcel\nIt is late.", "Yes it is."]
    assert kept["headline"].to_list() == ["The parcel", None]


def test_a_title_that_the_text_repeats_is_said_once():
    kept = clean(frame("The Parcel\n\nIt is late.", title="The parcel")).messages
    assert kept["spoken"].to_list() == ["The Parcel\nIt is late."]
    assert kept["headline"].to_list() == ["The parcel"]


def test_each_talk_of_an_event_has_its_headline():
    kept = clean(frame("We show it.", "We hide it.", thread="event", title=["On rust", "On love"])).messages
    assert kept["headline"].to_list() == ["On rust", "On love"]


def test_a_first_heading_is_a_headline():
    kept = clean(frame("# The late parcel\nIt is late.", "Yes it is.", thread="t")).messages
    assert kept["headline"].to_list() == ["The late parcel", None]


def test_a_message_that_is_all_title_is_kept():
    assert clean(frame("", title="The late parcel")).messages["spoken"].to_list() == ["The late parcel"]


def test_progress_is_told_and_no_message_is_no_trouble():
    done = []
    empty = clean(frame(), progress=done.append)
    assert empty.messages.height == 0
    clean(frame("It is late."), progress=done.append)
    assert done == [1]
    assert BATCH > 0


def test_cleaning_again_changes_nothing():
    messages = frame(
        "Dear Bob,\nThe **parcel** is late. It is blue.\n> no\nBest,\nAnn", "<p>Why?</p>\nNobody knows."
    )
    once = clean(messages).messages
    twice = clean(once.with_columns(text=pl.col("spoken")).select(messages.columns)).messages
    assert twice["spoken"].to_list() == once["spoken"].to_list()
