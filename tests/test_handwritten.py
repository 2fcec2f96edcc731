"""Files that people write by hand."""

import re

import pytest

from estran.errors import SettingsError
from estran.handwritten import tables_of, text_of


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path):
    (tmp_path / "a.toml").write_bytes("\ufefftop = 3\n".encode())
    assert tables_of(text_of(tmp_path / "a.toml"), name="a.toml") == {"top": 3}


def test_what_cannot_be_read_is_told_in_one_sentence(tmp_path):
    file = tmp_path / "a.toml"
    with pytest.raises(SettingsError, match=re.escape(f"{file} does not exist: check the name")):
        text_of(file)
    file.write_bytes(b"\xff")
    with pytest.raises(SettingsError, match=r"it must be text in UTF-8$"):
        text_of(file)
    file.unlink()
    file.mkdir()
    with pytest.raises(SettingsError, match=r"Is a directory.*it must be text in UTF-8$"):
        text_of(file)


@pytest.mark.parametrize(
    ("text", "line"), [("top = 3\nbottom =\n\n", "line 2"), ('top = 3\nlast = "open', "line 2, the last one")]
)
def test_what_is_not_toml_is_told_with_its_line(text, line):
    with pytest.raises(
        SettingsError, match=rf"^mine is not valid TOML: .*{line}.*; mend that line, or take it out$"
    ):
        tables_of(text, name="mine")
