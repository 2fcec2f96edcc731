import polars as pl
import pytest

from estran.errors import ColumnsError
from estran.sources.columns import column_named, guess
from estran.sources.names import plain

PROSE = ["the printer is broken again", "my order has not come yet", "thank you for the quick help"]
DAYS = ["2024-01-05", "2024-01-06", "2024-01-07"]


def columns(told=None, **values):
    return guess(pl.DataFrame(values), file="file.csv", told=told).names


def test_english_and_french_names_are_known():
    assert columns(id=["1", "2", "3"], Date=DAYS, Message=PROSE, From=["a", "b", "a"]) == {
        "id": "id", "time": "Date", "text": "Message", "author": "From",
    }  # fmt: skip
    assert columns(Équipe=["n"] * 3, Horodatage=DAYS, Contenu=PROSE, Objet=["x", "y", "z"]) == {
        "time": "Horodatage", "text": "Contenu", "unit": "Équipe", "title": "Objet",
    }  # fmt: skip


def test_every_role_is_found_by_name():
    found = columns(
        ticket_id=["1", "1", "2"], created_at=DAYS, body=PROSE, requester_id=["7", "8", "7"], is_staff=["true"] * 3,
        channel=["mail"] * 3, department=["sales"] * 3, lang=["fr"] * 3, subject=["a", "b", "c"], uuid=["x", "y", "z"],
    )  # fmt: skip
    assert set(found) == {
        "id", "time", "text", "author", "side", "source", "unit", "thread", "language", "title",
    }  # fmt: skip


def test_a_file_may_have_a_time_and_a_text_that_were_both_told():
    assert columns(told={"text": "a", "time": "b"}, a=["x", "y", "z"], b=["1", "2", "3"]) == {
        "time": "b",
        "text": "a",
    }


def test_camel_case_and_dotted_names_are_known():
    assert columns(createdAt=DAYS, **{"user.name": ["a", "b", "a"], "post.body": PROSE}) == {
        "time": "createdAt", "text": "post.body", "author": "user.name",
    }  # fmt: skip


def test_the_end_of_a_name_is_a_weaker_hint():
    found = guess(pl.DataFrame({"source_created_at": DAYS, "note_text": PROSE}), file="file.csv")
    assert [(c.why, c.confidence) for c in found.chosen.values()] == [
        ("part of the name", 0.69),
        ("part of the name", 0.7),
    ]
    assert columns(created_at_utc=DAYS, body=PROSE)["time"] == "created_at_utc"


def test_content_is_a_hint_where_names_say_nothing():
    found = guess(pl.DataFrame({"a": DAYS, "b": PROSE, "c": ["1", "2", "3"]}), file="file.csv")
    assert found.said == "time <- a (content), text <- b (content)"
    assert found.unused == ("c",)


def test_a_name_without_fitting_content_is_not_believed():
    found = columns(
        date=["one", "two", "x"], created=DAYS, text=["1", "2", "3"], what=PROSE, role=["x", "y", "z"]
    )
    assert found == {"time": "created", "text": "what"}


def test_of_two_names_for_the_text_the_one_with_prose_is_taken():
    assert columns(date=DAYS, message=["a", "b", "c"], body=PROSE)["text"] == "body"


@pytest.mark.parametrize("names", [("body", "comment"), ("x", "y"), ("left_text", "right_text")])
def test_two_texts_are_refused_with_the_option(names):
    with pytest.raises(ColumnsError, match=rf"{names[0]} and {names[1]} could each be .* --text {names[0]}$"):
        columns(date=DAYS, **{names[0]: PROSE, names[1]: PROSE[::-1]})


def test_a_text_and_its_html_are_one_text():
    assert columns(date=DAYS, a=PROSE, a_html=[f"<p>{p}</p>" for p in PROSE])["text"] == "a"
    assert columns(date=DAYS, a=PROSE, b=PROSE)["text"] == "a"


def test_a_table_of_subjects_is_a_table_of_texts():
    assert columns(date=DAYS, subject=PROSE) == {"time": "date", "text": "subject"}


def test_when_something_was_changed_is_not_when_it_was_said():
    assert columns(a=DAYS, updated_at=DAYS, text=PROSE)["time"] == "a"
    assert columns(updated_at=DAYS, text=PROSE)["time"] == "updated_at"


def test_two_columns_of_dates_are_refused_with_the_option():
    with pytest.raises(ColumnsError, match=r"a and b could each be the time: say which, .* --time a"):
        columns(a=DAYS, b=DAYS, text=PROSE)


def test_numbers_are_dates_only_where_the_name_says_so():
    epochs = ["1709294400", "1709294401", "1709294402"]
    assert columns(ts=epochs, text=PROSE)["time"] == "ts"
    with pytest.raises(ColumnsError, match=r"no column of dates"):
        columns(order=epochs, text=PROSE)


@pytest.mark.parametrize(("values", "says"), [([None] * 3, "is empty"), (["soon"] * 3, "holds no date")])
def test_a_column_named_for_dates_that_has_none_is_said(values, says):
    with pytest.raises(ColumnsError, match=f"the column date of file.csv {says}"):
        guess(
            pl.DataFrame({"date": values, "text": PROSE}, schema_overrides={"date": pl.String}),
            file="file.csv",
        )


def test_an_identifier_that_often_comes_again_is_none():
    rows = {"time": ["2024-01-05"] * 60, "text": [f"text number {i} of many" for i in range(60)]}
    assert "id" not in columns(id=[str(i // 2) for i in range(60)], **rows)
    assert "id" not in columns(order_id=["1"] + [str(i) for i in range(59)], **rows)
    assert columns(order_id=[str(i) for i in range(60)], **rows)["id"] == "order_id"


def test_a_handful_of_topics_are_no_conversations():
    rows = {"time": ["2024-01-05"] * 60, "text": [f"text number {i} of many" for i in range(60)]}
    assert "thread" not in columns(topic=["a", "b"] * 30, **rows)


def test_told_columns_outweigh_the_guess():
    found = guess(
        pl.DataFrame({"date": DAYS, "body": PROSE, "Résumé": PROSE}), file="f", told={"text": "resume"}
    )
    assert (found.of("text"), found.chosen["text"].why, found.of("title")) == ("Résumé", "told", None)


def test_a_guess_can_be_told_away():
    assert "author" not in columns(told={"author": ""}, date=DAYS, body=PROSE, user=["a", "b", "c"])
    with pytest.raises(ColumnsError, match=r"--text: a message cannot do without"):
        columns(told={"text": ""}, date=DAYS, body=PROSE)


def test_a_told_column_that_is_not_there_brings_those_that_come_close():
    with pytest.raises(ColumnsError, match=r"--text: file.csv has no column 'bdy'; did you mean body\?"):
        columns(told={"text": "bdy"}, date=DAYS, body=PROSE)
    with pytest.raises(ColumnsError, match=r"no column 'zzz'; it has date, body$"):
        columns(told={"text": "zzz"}, date=DAYS, body=PROSE)
    with pytest.raises(ColumnsError, match=r"'texte' is no column of Estran"):
        columns(told={"texte": "body"}, date=DAYS, body=PROSE)


def test_long_lists_of_columns_are_cut():
    with pytest.raises(ColumnsError, match=r"c29 and 10 more$"):
        column_named("zzzz", [f"c{i}" for i in range(40)], file="f", option="--text")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Créé le", "cree_le"), ("createdAt", "created_at"), ("_id", "_id"), ("user.name", "user_name")],
)
def test_names_are_compared_in_plain_letters(name, expected):
    assert plain(name) == expected
