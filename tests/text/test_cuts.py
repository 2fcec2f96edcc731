"""What is asked first, because it is quick, never hides what would be cut."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.text.cuts import CODE_LINE, CUTS, cut

HINTED = [what for what in CUTS if what.hint]


def as_python_writes(pattern):
    """The pattern for Python's own engine, which hypothesis draws from."""
    return pattern.replace(r"\z", r"\Z").replace("|(?i)<(style|script)", "|<(style|script)")


@pytest.mark.parametrize("what", HINTED, ids=[str(number) for number in range(len(HINTED))])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_every_text_that_a_cut_finds_has_its_hint(what, data):
    found = pl.Series([data.draw(st.from_regex(as_python_writes(what.pattern)))])
    cut_here = found.str.contains(what.pattern).item() and found.str.contains(what.where).item()
    assert found.str.contains(what.hint).item() or not cut_here


def test_a_table_of_settings_is_cut_only_where_it_names_a_machine():
    table = "os = linux\nlanguage = R"
    left, touched = cut(pl.Series([table, f"arch = i686\n{table}"]))
    assert left.to_list() == ["os = linux\nlanguage = R", ""]
    assert touched["code"].to_list() == [False, True]


EDGED = (
    ("(Error|Exception|Warning)", r"(Error|Exception|Warning)\b"),
    ("VERBOSE|TRACE)", r"VERBOSE|TRACE)\b"),
    (r"return([^\w\n].*)?", r"return\b.*"),
    (r"except([^\w\n][^\n]*)?", r"except\b[^\n]*"),
)


@settings(deadline=None)
@given(
    text=st.lists(
        st.sampled_from(
            ["ValueError", "Warning", "[INFO", "TRACE", "return", "except", "é", "x", " ", ":", "]", "(", ";"]
        ),
        max_size=6,
    ).map("".join)
)
def test_a_line_of_code_needs_no_edges_of_words(text):
    edged = CODE_LINE
    for plain, with_edge in EDGED:
        assert plain in edged
        edged = edged.replace(plain, with_edge)
    line = pl.Series([text])
    assert line.str.contains(CODE_LINE).item() == line.str.contains(edged).item()
