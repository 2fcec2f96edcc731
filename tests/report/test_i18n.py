import ast
import gettext
import math
from pathlib import Path

import pytest

from estran.findings import Estimate
from estran.report import i18n
from estran.report.i18n import Words
from estran.report.notices import fields

THIN = "\N{NARROW NO-BREAK SPACE}"
EN, FR = Words("en"), Words("fr")
REPORT = Path(i18n.__file__).parent
PO = i18n.LOCALE / "fr/LC_MESSAGES/estran.po"


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (0.123, "12.3%", f"12,3{THIN}%"),
        (0.0012, "0.12%", f"0,12{THIN}%"),
        (0.0, "0%", f"0{THIN}%"),
        (0.00001, "<\N{NO-BREAK SPACE}0.01%", f"<\N{NO-BREAK SPACE}0,01{THIN}%"),
        (1.0, "100.0%", f"100,0{THIN}%"),
        (math.nan, "—", "—"),
    ],
)
def test_a_share_is_written_in_per_cent(value, english, french):
    assert (EN.share(value), FR.share(value)) == (english, french)


def test_a_number_that_is_none_is_a_dash():
    assert EN.number(math.inf) == "—"


def test_thousands_stand_apart():
    assert (EN.number(1234567), FR.number(1234567)) == ("1,234,567", f"1{THIN}234{THIN}567")


@pytest.mark.parametrize(
    ("value", "written"),
    [(3.24, "×3.2"), (0.25, "÷4.0"), (1.0, "×1.0"), (14.2, "×14"), (0.0, "÷100+"), (5e4, "×100+"), (math.inf, "×100+"), (math.nan, "—")],
)  # fmt: skip
def test_a_ratio_says_which_way_it_goes(value, written):
    assert EN.ratio(value) == written


def test_the_interval_of_a_fall_starts_with_the_smaller_fall():
    assert FR.between(Estimate(0.25, 0.2, 0.5, "ratio"), ratio=True) == "÷2,0 – ÷5,0"


@pytest.mark.parametrize(
    ("value", "written"), [(0.05, "5%"), (0.004, "0.4%"), (0.0001, "<\N{NO-BREAK SPACE}0.1%")]
)
def test_a_false_discovery_rate_is_not_more_precise_than_it_is(value, written):
    assert EN.rate(value) == written


@pytest.mark.parametrize(
    ("label", "english", "french"),
    [
        ("2024", "2024", "2024"),
        ("2024-03", "March 2024", "mars 2024"),
        ("2024-Q1", "2024-Q1", "2024-T1"),
        ("2024-H1", "2024-H1", "2024-S1"),
        ("2024-W07", "2024, week 7", "2024, semaine 7"),
        ("2024-13", "2024-13", "2024-13"),
        ("spring", "spring", "spring"),
    ],
)
def test_a_period_is_written_as_people_write_it(label, english, french):
    assert (EN.period(label), FR.period(label)) == (english, french)


@pytest.mark.parametrize(
    ("iso", "english", "french"),
    [
        ("2024-03-12", "12 March 2024", "12 mars 2024"),
        ("2024-08-01T10:00:00Z", "1 August 2024", "1er août 2024"),
        ("2024-19-01", "2024-19-01", "2024-19-01"),
        ("long ago", "long ago", "long ago"),
    ],
)
def test_a_day_is_written_as_people_write_it(iso, english, french):
    assert (EN.day(iso), FR.day(iso)) == (english, french)


def test_french_counts_nothing_in_the_singular():
    assert (FR.count("{n} person", "{n} people", 0), EN.count("{n} person", "{n} people", 0)) == (
        "0 personne",
        "0 people",
    )


def test_a_fact_that_looks_like_a_place_is_left_alone():
    assert EN.say("since {period}", period="{period}") == "since {period}"


def test_a_language_that_no_report_is_written_in_is_refused():
    with pytest.raises(ValueError, match="one of en, fr, not in 'de'"):
        Words("de")


def catalogue():
    pofile = pytest.importorskip(
        "babel.messages.pofile", reason="Babel, a tool of development, is not installed"
    )
    with PO.open(encoding="utf-8") as written:
        return pofile.read_po(written)


def said():
    """Every sentence of the code and the templates."""
    extract = pytest.importorskip(
        "babel.messages.extract", reason="Babel, a tool of development, is not installed"
    )
    keywords = {"say": None, "text": None, "sentence": None, "count": (1, 2)}
    found = extract.extract_from_dir(
        REPORT, method_map=[("**.py", "python"), ("templates/**.html", "jinja2")], keywords=keywords
    )
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def said_in_code():
    """The same of the code, read as Python reads it."""
    for file in REPORT.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="say" | "text" | "count") | ast.Name(id="sentence"),
                    args=[ast.Constant(value=str(sentence)), *_],
                ):
                    yield sentence


def test_no_sentence_hides_where_babel_does_not_look():
    assert set(said_in_code()) - said() == set()


def test_every_sentence_has_its_french():
    translated = {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue() if m.id and all(m.string)}
    assert said() - translated == set()


def test_no_french_sentence_has_lost_its_english():
    assert {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue() if m.id} - said() == set()


def test_french_sentences_hold_the_same_facts():
    for message in catalogue():
        if isinstance(message.id, str) and message.id:
            assert fields(message.string) == fields(message.id), message.id


def test_the_compiled_catalogue_is_current():
    written = {}
    for message in catalogue():
        forms = (
            [((message.id[0], n), said) for n, said in enumerate(message.string)]
            if message.pluralizable
            else []
        )
        written |= dict(forms) if forms else {message.id: message.string}
    with PO.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    assert {k: v for k, v in compiled.items() if k} == {k: v for k, v in written.items() if k}, (
        "see locale/babel.cfg"
    )
