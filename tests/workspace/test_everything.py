"""One page: the tour, and every other answer that the messages can give, from one count."""

import json

import pytest

import estran as es
from estran import cli, report

SETTINGS = es.Settings(encoder="plain")
ALL = ["continuum", "pull", "unanswered", "landscape", "organisation", "effects", "culture"]


@pytest.fixture(scope="module")
def told(tmp_path_factory, company):
    """What a workspace of a small company answers, where something was decided."""
    folder = tmp_path_factory.mktemp("everything")
    company.write_parquet(folder / "company.parquet")
    ws = es.init(folder / "acme")
    ws.ingest(folder / "company.parquet")
    ws.mark("2024-03-01", "New returns policy")
    return ws.everything(settings=SETTINGS), ws


def kinds(found):
    return [type(part).__name__.lower() for part in found.parts]


def test_everything_that_a_company_can_be_asked_is_answered_or_said_to_be_left_out(told):
    found, _ = told
    assert sorted([*kinds(found), *found.left_out]) == sorted(ALL)


def test_the_tour_of_everything_is_the_tour(told):
    found, ws = told
    assert found.tour.to_dict() == ws.tour(settings=SETTINGS).to_dict()


def test_without_sides_units_and_marks_nothing_is_asked_of_them(company, tmp_path):
    plain = company.with_columns(source=company["source"].cast(str).replace_strict({}, default="chat"))
    plain.drop("side", "unit").write_parquet(tmp_path / "plain.parquet")
    found = es.everything(tmp_path / "plain.parquet", settings=SETTINGS)
    assert (kinds(found), dict(found.left_out)) == ([], {})


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_answer_has_its_part_on_the_page_and_in_the_document(told, language):
    found, _ = told
    page, document = (write(found, language=language) for write in (report.to_html, report.to_markdown))
    for part in found.parts:
        face = report.faces.face_of(part)
        words = report.i18n.Words(language)
        assert page.count(f'<section id="{face.name}"') == 1
        assert f"## {face.title(words, part)}" in document


def test_the_json_tells_what_all_stands_on_once(told):
    found, _ = told
    plain = json.loads(report.to_json(found))
    assert list(plain["parts"]) == kinds(found)
    assert not any({"coverage", "provenance"} & part.keys() for part in plain["parts"].values())
    assert plain["coverage"]["kept"] == found.tour.coverage.kept


def test_the_command_prints_every_part(told, capsys):
    found, ws = told
    assert cli.main(["report", str(ws.path), "--top", "1", "--language", "en"]) == 0
    shown = capsys.readouterr().out
    words = report.i18n.Words("en")
    assert all(report.faces.face_of(part).title(words, part) in shown for part in found.parts)


def test_vectors_of_what_is_asked_no_more_are_not_kept(told):
    _, ws = told
    phrases = ws.path / "vectors" / "phrases"
    ws.everything(settings=SETTINGS)
    blocks = {file.name.removesuffix(".vectors") for file in phrases.glob("*.vectors")}
    assert "families" in blocks
    assert blocks <= {
        "families",
        "themes",
        "topics",
        "unanswered-inside",
        "unanswered-outside",
    }  # no part of a block
