"""Corrections as a file that people write and commands add to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.errors import SettingsError
from estran.text.edits import Accept, Follow, Ignore, Merge, Pin, Reject, Rename, Split
from estran.workspace.themefile import HEAD, added, parse, read, undone, written

WHOLE = """\
# ours
[[edit]]
merge = "Télétravail"   # since the pandemic
with = [
  "travail à distance",
  "home office",
]

[[edit]]
split = "network"
out = "social network"
[[edit]]
rename = "rse"
fr = "Responsabilité  sociétale"
en = "CSR"

[[edit]]
pin = ["click and collect", "fr:pain"]
[[edit]]
follow = "métavers"
language = "fr"
[[edit]]
accept = ["rse", "réseau social d'entreprise"]
[[edit]]
reject = ["insert", "inert"]
[[edit]]
ignore = "bonjour"
# the end
"""


def test_the_corrections_are_read_in_their_order_with_their_lines():
    assert parse(WHOLE) == (
        Merge("Télétravail", ("travail à distance", "home office")),
        Split("network", ("social network",)),
        Rename("rse", "Responsabilité sociétale", "fr"),
        Rename("rse", "CSR", "en"),
        Pin("click and collect"),
        Pin("fr:pain"),
        Follow(("métavers",), "fr"),
        Accept("rse", "réseau social d'entreprise"),
        Reject("insert", "inert"),
        Ignore("bonjour"),
    )
    assert [edit.line for edit in parse(WHOLE)] == [2, 9, 12, 12, 17, 17, 19, 22, 24, 26]


def test_no_file_is_no_correction(tmp_path):
    assert read(tmp_path / "themes.toml") == ()


def test_what_explains_a_new_file_is_no_correction(tmp_path):
    assert parse(HEAD) == ()
    (tmp_path / "themes.toml").write_text("\ufeff" + HEAD + written(Pin("fax")), encoding="utf-8")
    assert read(tmp_path / "themes.toml") == (Pin("fax"),)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[[edit]]\npin = "a', r"t.toml is not valid TOML: .*line 2.*mend that line, or take it out"),
        ('pin = "a"', r"t.toml, line 1: 'pin' stands in no correction; begin each with \[\[edit\]\]"),
        ('\n[edits]\npin = "a"', r"t.toml, line 2: 'edits' stands in no correction"),
        ('[[edit]]\npin = "a"\n\n[[edit]]\n', r"t.toml, line 4: this correction has no verb; give it one of merge,"),
        ('[[edit]]\npin = "a"\nignore = "a"', r"line 3: this correction has several verbs \(pin, ignore\)"),
        ('[[edit]]\npin = "a"\nwith = "b"', r"line 3: 'with' does not go with pin; nothing else does"),
        ('[[edit]]\nmerge = "a"\nwiht = "b"', r"line 3: 'wiht' does not go with merge; with does"),
        ('[[edit]]\nmerge = "a"', r'line 2: merge needs with, as with = \["other words"\]'),
        ('[[edit]]\nsplit = ["a", "b"]\nout = "c"', r"line 2: split names one theme, not 2"),
        ('[[edit]]\nrename = "a"', r'line 2: rename names one theme, and gives it a label = "..."'),
        ('[[edit]]\nrename = "a"\nlabel = " "', r'line 3: label must be a text, as label = "Remote work"'),
        ('[[edit]]\nrename = "a"\nFrench = "b"', r"line 3: 'French' does not go with rename; label, fr or en does"),
        ("[[edit]]\npin = 3", r"line 2: pin must be a text, or a list of texts"),
        ("[[edit]]\npin = []", r"line 2: pin must be a text, or a list of texts"),
        ('[[edit]]\npin = "a, b"', r"line 2: 'a, b' is not one phrase: .*; write a theme as people write it"),
        ('[[edit]]\nmerge = "a"\nwith = ["b", "…"]', r"line 3: '…' holds no word"),
        ('[[edit]]\nfollow = "a"\nlanguage = "French"', r"line 3: language must be a code of two letters"),
        ('[[edit]]\naccept = "a"', r"line 2: accept needs a pair of themes"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named_with_what_to_do(text, sentence):
    with pytest.raises(SettingsError, match=sentence) as wrong:
        parse(text, name="t.toml")
    assert "\n" not in str(wrong.value)


def test_a_text_of_several_lines_is_not_taken_for_a_block():
    text = '[[edit]]\nrename = "a"\nlabel = """\n[[edit]]\n"""\n'
    assert parse(text) == (Rename("a", "[[edit]]"),)


def test_a_file_in_another_encoding_is_said_so(tmp_path):
    (tmp_path / "themes.toml").write_bytes('[[edit]]\npin = "é"'.encode("latin-1"))
    with pytest.raises(SettingsError, match=r"must be text in UTF-8"):
        read(tmp_path / "themes.toml")


words = st.text("abéœ'’-\"\\\x7f[]#=", min_size=1).map(lambda noise: f"word {noise} word".replace("\n", ""))
phrases = st.sampled_from(
    ["télétravail", "réseau social d’entreprise", "fr:pain", "e-mail", "click and collect"]
)
some = st.lists(phrases, min_size=1, max_size=3).map(tuple)
edits = st.one_of(
    st.builds(Merge, phrases, some),
    st.builds(Split, phrases, some),
    st.builds(Rename, phrases, words, st.sampled_from([None, "fr", "en"])),
    st.builds(Pin, phrases),
    st.builds(Ignore, phrases),
    st.builds(Follow, some, st.sampled_from([None, "fr"])),
    st.builds(Accept, phrases, phrases),
    st.builds(Reject, phrases, phrases),
)


@given(st.lists(edits, min_size=1, max_size=4))
def test_what_a_command_writes_is_read_as_it_was_meant_and_taken_back_one_by_one(made):
    texts = [WHOLE]
    for edit in made:
        texts.append(added(texts[-1], edit))
    assert parse(texts[-1]) == (*parse(WHOLE), *made)
    for edit, before in zip(reversed(made), reversed(texts[:-1]), strict=True):
        text, taken = undone(texts.pop())
        assert (text, taken) == (before, edit)


def test_what_people_wrote_around_a_correction_stays_when_it_is_taken_back():
    text, taken = undone(WHOLE)
    assert (taken, text) == (Ignore("bonjour"), WHOLE.replace('[[edit]]\nignore = "bonjour"\n', ""))
    for verb in (Reject, Accept, Follow, Pin, Rename, Split, Merge):
        text, taken = undone(text)
        assert type(taken) is verb
    assert text == "# ours\n# the end\n"
    assert undone(text) is None


def test_the_first_correction_makes_the_file_and_taking_it_back_leaves_what_explains_it():
    made = added("", Pin("fax"))
    assert made == f'{HEAD}\n[[edit]]\npin = "fax"\n'
    assert undone(made) == (HEAD, Pin("fax"))
