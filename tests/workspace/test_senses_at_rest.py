"""An acronym of two senses in a workspace: told alike however the messages came in, and decided by hand."""

import pytest

import estran as es
from analysis.senses import DUTY, NETWORK, house
from estran.settings import Settings

PLAIN = Settings(encoder="plain")


@pytest.fixture(scope="module")
def files(tmp_path_factory, frame):
    """The messages of the house as one file, and as two that part in the middle of time."""
    folder = tmp_path_factory.mktemp("house")
    whole = frame(house()).drop("id")
    parts = {"whole": whole, "first": whole.head(90), "second": whole.slice(90)}
    for name, part in parts.items():
        part.write_parquet(folder / f"{name}.parquet")
    return {name: folder / f"{name}.parquet" for name in parts}


def themes(ws):
    """Label, messages, people and senses of the themes that have to do with the acronym."""
    found = {theme.label: theme for theme in ws.themes(settings=PLAIN).themes}
    return {
        label: (found[label].messages, found[label].people, set(found[label].senses))
        for label in (NETWORK, DUTY, "RSE (?)")
        if label in found
    }


def test_they_are_told_the_same_whether_messages_came_in_at_once_or_in_two_parts(tmp_path, files):
    one, two = es.init(tmp_path / "one"), es.init(tmp_path / "two")
    one.ingest(files["whole"])
    two.ingest(files["first"])
    early = themes(two)
    two.ingest(files["second"])
    assert themes(one) == themes(two) != early
    assert themes(one)["RSE (?)"][2] == {NETWORK, DUTY}
    ids = {theme.label: theme.id for theme in two.themes(settings=PLAIN).themes}
    assert two.theme("rse", settings=PLAIN).theme.id == ids["RSE (?)"]
    assert two.theme("RSE (?)", settings=PLAIN).theme.id == ids["RSE (?)"]


def test_a_suggestion_says_what_it_may_mean_and_an_answer_decides(tmp_path, files):
    ws = es.init(tmp_path / "acme")
    ws.ingest(files["whole"])
    asked = [each for each in ws.themes(settings=PLAIN).suggestions if each.kind == "sense"]
    assert {each.label for each in asked} == {NETWORK, DUTY}
    assert {each.other_label for each in asked} == {"RSE (?)"}
    before = themes(ws)
    key = next(each.key for each in asked if each.label == NETWORK)
    ws.edit("accept", key)
    after = ws.themes(settings=PLAIN)
    assert "RSE (?)" not in {theme.label for theme in after.themes}
    (decided,) = (t for t in after.themes if t.label == "rse")
    assert decided.messages == before[NETWORK][0] + before["RSE (?)"][0]
    assert {t.label: t.messages for t in after.themes}[DUTY] == before[DUTY][0]
    assert not [each for each in after.suggestions if each.kind == "sense"]


def test_files_and_a_workspace_tell_the_same(tmp_path, files):
    ws = es.init(tmp_path / "acme")
    ws.ingest(files["whole"])
    tours = (ws.tour(settings=PLAIN), es.tour(files["whole"], settings=PLAIN))
    told = [
        {m.label: (m.messages, m.people, set(m.senses)) for m in (*tour.coming_in, *tour.going_out, *tour.steady, *tour.too_early)}
        for tour in tours
    ]  # fmt: skip
    assert told[0] == told[1]
    assert told[0]["RSE (?)"][2] == {NETWORK, DUTY}
