"""Who said it first and what is said where, asked of a workspace and of files, by Python and by the command."""

import json

import polars as pl
import pytest

import estran as es
from estran.cli import main
from estran.findings import First
from estran.simulate import company


@pytest.fixture(scope="module")
def messages():
    return company(seed=7, messages=1_500, languages=("en",), traps=False).messages


@pytest.fixture
def file(messages, tmp_path):
    path = tmp_path / "talk.parquet"
    messages.write_parquet(path)
    return path


@pytest.fixture
def workspace(file, tmp_path):
    space = es.init(tmp_path / "acme")
    space.ingest(file)
    return space


def test_a_workspace_and_its_file_give_the_same_leads(workspace, file):
    held, kept = es.pull(file, step="half"), workspace.pull(step="half")
    assert [(lead.label, lead.first) for lead in held.leads] == [
        (lead.label, lead.first) for lead in kept.leads
    ]
    assert kept.compared == 12


def test_the_kinds_that_a_workspace_holds_are_taken_for_told(workspace, tmp_path):
    (workspace.path / "environments.toml").write_text('"agora" = "our network"\n', encoding="utf-8")
    found = workspace.landscape(step="half")
    assert ("our network", ()) in {(e.kind, e.guessed) for e in found.environments}
    other = tmp_path / "other.toml"
    other.write_text('"agora" = "plaza"\n', encoding="utf-8")
    assert "plaza" in {
        e.kind for e in es.landscape(workspace.path, environments=other, step="half").environments
    }


def test_the_report_of_everything_holds_both_and_takes_the_kinds_of_the_workspace(workspace):
    (workspace.path / "environments.toml").write_text('"agora" = "our network"\n', encoding="utf-8")
    parts = {type(part).__name__: part for part in workspace.everything(step="half").parts}
    assert {"Pull", "Landscape"} <= parts.keys()
    assert "our network" in {e.kind for e in parts["Landscape"].environments}


def test_the_command_prints_both_as_json(file, capsys):
    assert main(["pull", str(file), "--json", "--step", "half"]) == 0
    assert json.loads(capsys.readouterr().out)["compared"] == 12
    assert main(["landscape", str(file), "--json", "--step", "half"]) == 0
    assert {e["kind"] for e in json.loads(capsys.readouterr().out)["environments"]} >= {"mail", "helpdesk"}


def test_the_command_says_in_words_what_cannot_be_compared(messages, tmp_path, capsys):
    path = tmp_path / "inside.parquet"
    messages.with_columns(side=pl.lit("inside"), source=pl.lit("slack")).write_parquet(path)
    assert main(["pull", str(path), "--language", "en"]) == 0
    assert "none from the other (outside)" in " ".join(capsys.readouterr().out.split())
    assert main(["landscape", str(path), "--language", "en"]) == 0
    assert "all of it is said in one kind of tool" in " ".join(capsys.readouterr().out.split())


def test_a_file_of_kinds_that_is_wrong_is_one_line_on_the_error_stream(file, tmp_path, capsys):
    wrong = tmp_path / "kinds.toml"
    wrong.write_text("agora = 3\n", encoding="utf-8")
    assert main(["landscape", str(file), "--environments", str(wrong)]) == 2
    assert "between quotation marks" in capsys.readouterr().err


def test_few_messages_lead_to_no_claim(file):
    assert {lead.first for lead in es.pull(file).leads} <= {First.CLOSE, First.UNLIKE, First.NOT_ENOUGH}
