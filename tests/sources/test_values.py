import datetime as dt

import polars as pl

from estran.sources.values import label, language, prose, strings


def test_texts_are_composed_and_their_lines_end_in_one_way():
    assert prose(pl.Series(["  e\u0301te\0 ", "a\r\nb\rc", " \n", None, "plain"])).to_list() == [
        "éte", "a\nb\nc", None, None, "plain",
    ]  # fmt: skip


def test_the_words_of_tools_for_nothing_are_nothing():
    assert label(pl.Series(["NULL", "nan", "N/A", "\\N", "Nancy"])).to_list() == [
        None,
        None,
        None,
        None,
        "Nancy",
    ]


def test_languages_come_to_two_letters():
    given = ["fr", "FR-fr", "fra", "Français", "english", "en_US", "klingon", "", None, "pt-BR", "日本"]
    expected = ["fr", "fr", "fr", "fr", "en", "en", None, None, None, "pt", None]
    assert language(pl.Series(given)).to_list() == expected


def test_typed_columns_have_plain_strings():
    assert strings(pl.Series([12.0, None])).to_list() == ["12", None]
    assert strings(pl.Series([1.5, 2.0])).to_list() == ["1.5", "2"]
    assert strings(pl.Series([7])).to_list() == ["7"]
    assert strings(pl.Series([True, None])).to_list() == ["true", None]
    assert strings(pl.Series([b"\xc3\xa9", b"\xe9", None])).to_list() == ["é", "é", None]
    assert strings(pl.Series([dt.timedelta(1)])).to_list() == [None]
    assert strings(pl.Series([["a"]])).to_list() == [None]
    assert strings(pl.Series([None])).to_list() == [None]
    assert strings(pl.Series([dt.date(2024, 1, 5)])).to_list() == ["2024-01-05"]
    assert strings(pl.Series(["a"], dtype=pl.Categorical)).to_list() == ["a"]
