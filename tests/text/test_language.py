"""In which language a message is, and what is done when it does not say."""

import polars as pl
import pytest

from estran.text.language import iso, with_language

FRENCH = "La livraison de mon colis est en retard de trois semaines"
ENGLISH = "The delivery of my parcel is three weeks late again"
GERMAN = "Die Lieferung meines Pakets ist schon wieder drei Wochen zu spät"


def languages(texts, *, given=None, author=None, thread=None, only=None, column="text"):
    count = len(texts)
    messages = pl.DataFrame(
        {
            column: texts,
            "language": given or [None] * count,
            "author": author or [None] * count,
            "thread": thread or [None] * count,
        },
        schema_overrides={column: pl.String, "language": pl.String, "author": pl.String, "thread": pl.String},
    )
    return with_language(messages, only=only)["language"].to_list()


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("fra", "fr"),
        ("fr-FR", "fr"),
        ("en_GB", "en"),
        (" EN ", "en"),
        ("French", "fr"),
        ("klingon", None),
        ("", None),
    ],
)
def test_codes_become_two_letters(code, short):
    assert iso(code) == short


def test_a_long_message_says_its_language():
    assert languages([FRENCH, ENGLISH]) == ["fr", "en"]


def test_a_given_language_is_trusted():
    assert languages([FRENCH, FRENCH], given=["eng", None]) == ["en", "fr"]


def test_a_short_message_takes_its_threads_language():
    texts = [ENGLISH, ENGLISH, FRENCH, "ok merci"]
    assert languages(texts, thread=["x", "x", "t", "t"]) == ["en", "en", "fr", "fr"]


def test_else_its_authors():
    assert languages([ENGLISH, ENGLISH, FRENCH, "ok"], author=["a", "a", "b", "b"])[-1] == "fr"


def test_else_the_corpus():
    assert languages([ENGLISH, ENGLISH, FRENCH, "ok"])[-1] == "en"


def test_languages_are_chosen_among_those_told():
    assert languages([ENGLISH, FRENCH, GERMAN], only=["eng", "fr"])[:2] == ["en", "fr"]
    assert "de" not in languages([ENGLISH, FRENCH, GERMAN], only=["eng", "fr"])


def test_a_rare_language_is_believed_only_of_a_long_message():
    assert languages([ENGLISH] * 99 + [GERMAN])[-1] == "de"
    assert languages([ENGLISH] * 99 + ["Zwei Wochen zu spät, leider"])[-1] == "en"


def test_what_is_said_counts_before_what_was_written():
    messages = pl.DataFrame(
        {"text": [ENGLISH], "spoken": [FRENCH], "language": [None], "author": [None], "thread": [None]},
        schema_overrides=dict.fromkeys(("language", "author", "thread"), pl.String),
    )
    assert with_language(messages)["language"].to_list() == ["fr"]


def test_nothing_said_is_no_language():
    assert languages(["", "123"]) == [None, None]
    assert languages([]) == []
