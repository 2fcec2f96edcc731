"""Families of words in a workspace: the list, a list of one's own, and answers by hand."""

import pytest

import estran as es
from estran.cli import main
from estran.errors import SettingsError

OWN = '[speed]\nen = "Speed"\nfr = "Vitesse"\n[speed.words]\nen = ["late", "delivery"]\nfr = ["retard"]\n'


@pytest.fixture
def acme(ws, company, tmp_path):
    company.write_parquet(tmp_path / "a.parquet")
    ws.ingest(tmp_path / "a.parquet")
    return ws


def test_a_list_of_ones_own_holds_in_the_place_of_the_shipped_one(acme):
    (acme.path / "families.toml").write_text(OWN, encoding="utf-8")
    found = acme.culture()
    assert [family.name for family in found.families] == ["speed"]
    assert found.provenance.files == ("acme",) or found.families[0].movement.people >= 5


def test_a_word_that_a_hand_gave_counts_until_it_is_taken_back(acme, capfd):
    (acme.path / "families.toml").write_text(OWN, encoding="utf-8")
    before = acme.culture().families[0].movement.people
    assert main(["themes", "accept", "acme", "family-speed+en:store", "--language", "en"]) == 0
    assert "estran culture acme" in capfd.readouterr().out
    assert acme.culture().families[0].movement.people > before
    assert acme.undo().about == "families"
    assert acme.culture().families[0].movement.people == before


def test_an_answer_about_a_family_changes_no_theme(acme):
    themes = acme.themes().themes
    done = acme.edit("accept", "family-autonomy", "en:store")
    assert done.words == ("family-autonomy", "en:store")
    assert acme.themes().themes == themes


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("family-speed",), "say which word"),
        (("family-nothing", "en:store"), "no family is called"),
        (("family-autonomy", "en:a, b"), "not one phrase"),
    ],
)
def test_an_answer_that_cannot_be_meant_is_refused_in_words(acme, words, said):
    with pytest.raises(SettingsError, match=said):
        acme.edit("accept", *words)


def test_files_are_asked_like_a_workspace(acme, tmp_path, capfd):
    (tmp_path / "mine.toml").write_text(OWN, encoding="utf-8")
    assert (
        main(["culture", "a.parquet", "--families", "mine.toml", "--language", "en", "--html", "c.html"]) == 0
    )
    assert "Speed" in capfd.readouterr().out
    assert "Speed" in (tmp_path / "c.html").read_text(encoding="utf-8")
    assert es.culture(acme.path, families="mine.toml").families[0].name == "speed"


def test_a_list_that_is_not_there_is_one_line(acme, capfd):
    assert main(["culture", "acme", "--families", "nowhere.toml"]) == 2
    assert "nowhere.toml does not exist" in capfd.readouterr().err
