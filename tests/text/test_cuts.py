"""What is asked first, because it is quick, never hides what would be cut."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.text.cuts import CUTS, cut

HINTED = [what for what in CUTS if what.hint]


def as_python_writes(pattern):
    """The pattern for Python's own engine, which hypothesis draws from."""
    return pattern.replace(r"\z", r"\Z").replace("|(?i)<(style|script)", "|<(style|script)")


@pytest.mark.parametrize("what", HINTED, ids=[str(number) for number in range(len(HINTED))])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_every_text_that_a_cut_finds_has_its_hint(what, data):
    found = pl.Series([data.draw(st.from_regex(as_python_writes(what.pattern)))])
    assert found.str.contains(what.hint).item() or not found.str.contains(what.pattern).item()


def test_a_table_of_settings_is_cut_only_where_it_names_a_machine():
    table = "os = linux\nlanguage = R"
    left, touched = cut(pl.Series([table, f"arch = i686\n{table}"]))
    assert left.to_list() == ["os = linux\nlanguage = R", ""]
    assert touched["code"].to_list() == [False, True]
