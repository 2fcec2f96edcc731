"""A question is said once, and is there as a function and as a method."""

import inspect
import re
from pathlib import Path

import pytest

import estran as es
from estran import workspace
from estran.workspace.asked import Asked, AskedAnywhere
from estran.workspace.asking import Asking

QUESTIONS = [
    name for name, method in vars(Asking).items() if inspect.isfunction(method) and not name.startswith("_")
]
OF_FILES = {*AskedAnywhere.__annotations__} - {*Asked.__annotations__}


def options(question):
    return {*inspect.signature(question).parameters} - {"self"}


def documented(question):
    return {*re.findall(r"^    (\w+): ", inspect.getdoc(question), re.MULTILINE)}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_takes_the_same_of_files_and_of_a_workspace_but_for_how_files_are_read(name):
    function, method = getattr(es, name), getattr(es.Workspace, name)
    assert options(function) == {"places", *OF_FILES, *options(method)}
    assert inspect.getdoc(function).splitlines()[0] == inspect.getdoc(method).splitlines()[0]
    assert (function.__name__, function.__module__) == (name, workspace.anywhere.__name__)


@pytest.mark.parametrize("name", QUESTIONS)
def test_whatever_may_be_said_to_a_question_is_documented_there_or_at_the_tour(name):
    function = getattr(es, name)
    assert options(function) <= documented(function) | documented(es.tour)


def test_a_signature_is_spelt_out_with_types_and_answer():
    told = inspect.signature(es.Workspace.culture)
    assert told.parameters["families"].annotation == "str | Path | None"
    assert told.parameters["step"].annotation == "Step | str | None"
    assert (told.return_annotation, inspect.signature(es.culture).return_annotation) == ("Culture", "Culture")


def test_what_no_question_takes_is_refused_by_name(tmp_path):
    ws = es.init(tmp_path / "acme")
    for asked in (es.pull, ws.pull):
        with pytest.raises(TypeError, match="'stepp'"):
            asked(*[Path("a.csv")][: asked is es.pull], stepp="month")
