"""A workspace of an earlier layout is brought to that of today; one of a later layout is left alone."""

import json

from bench.torture.comparing import messages_of


def test_a_workspace_of_format_0_is_migrated_by_whatever_command_comes_first(acme, estran, made):
    said = json.loads((acme / "workspace.json").read_text())
    (acme / "pseudonyms.key").rename(acme / "key")
    for inner in ("counts", "rejected", "tmp"):
        (acme / inner).rename(acme.parent / inner)
    (acme / "partials").mkdir()
    (acme / "partials" / "2024-01.arrow").write_bytes(b"counts of another form")
    old = {"format": 0, "store": said["messages"], "created": said["created"]}
    (acme / "workspace.json").write_text(json.dumps(old))
    assert estran("tour", "acme", "--json").printed == made[1]
    assert "brought to a newer format" in estran("status", "acme").printed
    assert messages_of(acme).height == 600
    assert json.loads(estran("doctor", "acme", "--json").printed)["faults"] == []


def test_a_workspace_of_a_later_estran_is_refused_by_every_command_and_left_alone(acme, estran):
    config = acme / "workspace.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"format": 2}))
    before = {path: path.read_bytes() for path in acme.rglob("*") if path.is_file()}
    (acme.parent / "b.csv").write_text("time,author,text\n2024-01-01,someone,a new message for it\n")
    for typed in (
        ["tour"],
        ["status"],
        ["ingest", "b.csv"],
        ["compact"],
        ["doctor"],
        ["erase", "--author", "user 3", "--yes"],
    ):
        refused = estran(typed[0], "acme", *typed[1:])
        assert refused.code == 2
        assert "made by a newer Estran (format 2; this one knows 1): upgrade" in " ".join(
            refused.said.split()
        )
    assert {path: path.read_bytes() for path in acme.rglob("*") if path.is_file()} == before


def test_counts_of_a_later_estran_are_refused_and_those_of_an_earlier_one_made_anew(acme, estran, made):
    listed = acme / "counts" / "manifest.json"
    content = json.loads(listed.read_text())
    listed.write_text(json.dumps(content | {"format": 99}))
    refused = estran("tour", "acme", "--json")
    assert (refused.code, "later Estran (format 99" in refused.said) == (2, True)
    listed.write_text(json.dumps(content | {"format": 0}))
    assert estran("tour", "acme", "--json").printed == made[1]
