"""The commands about themes, as somebody types them."""

import json
from pathlib import Path

import pytest

from estran import simulate


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A file of what a small company says."""
    file = tmp_path_factory.mktemp("made") / "a.parquet"
    simulate.company(seed=3, messages=600, years=3).messages.write_parquet(file)
    return file


@pytest.fixture
def columns():
    return 160


@pytest.fixture
def acme(estran, made):
    """A workspace of it; the labels of its themes, most people first."""
    estran("init", "acme")
    estran("ingest", "acme", made, "--source", "talk")
    return [theme["label"] for theme in json.loads(estran("themes", "acme", "--json")[1])["themes"]]


def test_themes_are_listed_with_their_people_and_ids(estran, acme):
    code, shown, _ = estran("themes", "acme", "--top", "3")
    lines = shown.splitlines()
    assert (code, f"{len(acme)} themes, 0 corrections" in lines[0]) == (0, True)
    assert lines[2].split()[:3] == ["theme", "people", "messages"]
    assert [line.split("  ")[0] for line in lines[3:] if line and not line.startswith(" ")][:3] == acme[:3]
    assert f"and {len(acme) - 3} more" in shown
    assert all(label in estran("themes", "acme", "--all")[1] for label in acme)
    assert "thèmes, 0 correction, jusqu’au" in estran("themes", "acme", "--language", "fr")[1]


def test_what_is_merged_is_written_down_counted_together_and_taken_back(estran, acme):
    one, other = acme[:2]
    people = {t["label"]: t["people"] for t in json.loads(estran("themes", "acme", "--json")[1])["themes"]}
    code, shown, _ = estran("themes", "merge", "acme", one, other)
    assert (code, shown.splitlines()) == (
        0,
        [f"Written down in acme/themes.toml, line 14: merge {one}, {other}.", "Next: estran tour acme"],
    )
    merged = {t["label"]: t["people"] for t in json.loads(estran("themes", "acme", "--json")[1])["themes"]}
    assert other not in merged
    assert max(people[one], people[other]) <= merged[one] <= people[one] + people[other]
    shown = estran("themes", "show", "acme", other)[1]
    assert shown.startswith(f"{one}: ")
    assert ": by hand (merge 14)" in shown
    assert estran("themes", "undo", "acme", "--language", "fr")[1] == (
        f"Repris\N{NO-BREAK SPACE}: merge {one}, {other}\N{NO-BREAK SPACE}; il reste 0 correction.\n"
    )
    assert [t["label"] for t in json.loads(estran("themes", "acme", "--json")[1])["themes"]] == acme
    log = estran("themes", "log", "acme")[1]
    assert f"{other} went into {one}" in log
    assert f"{other} is back" in log
    assert "est de retour" in estran("themes", "log", "acme", "--language", "fr")[1]


def test_a_theme_is_called_as_somebody_calls_it_on_the_tour(estran, acme):
    assert estran("themes", "rename", "acme", acme[0], "What they say")[0] == 0
    assert estran("themes", "pin", "acme", "what they say")[0] == 0
    tour = json.loads(estran("tour", "acme", "--json", "--top", "1")[1])
    shown = [m["label"] for name in ("coming_in", "going_out", "steady", "too_early") for m in tour[name]]
    assert "What they say" in shown


def test_what_is_ignored_is_nowhere_on_the_board_and_what_is_followed_has_its_list(estran, acme):
    ignored, followed = acme[:2]
    estran("themes", "ignore", "acme", ignored)
    estran("themes", "follow", "acme", followed)
    estran("themes", "follow", "acme", "quantum ferry")
    tour = json.loads(estran("tour", "acme", "--json", "--top", "500")[1])
    shown = {m["label"] for name in ("coming_in", "going_out", "steady", "too_early") for m in tour[name]}
    assert (ignored in shown, [m["label"] for m in tour["followed"]]) == (False, [followed])
    told = {notice["kind"]: notice["facts"] for notice in tour["coverage"]["notices"]}
    assert told["themes-ignored"] == {"themes": 1}
    assert told["followed-few"] == {"theme": "quantum ferry", "least": 5}
    printed = estran("tour", "acme", "--language", "fr", "--html", "a.html", "--markdown", "a.md")[1]
    assert "Suivis\n" in printed
    assert "## Suivis" in Path("a.md").read_text()
    assert 'id="followed"' in Path("a.html").read_text()
    assert "moins de 5 personnes ont dit quantum ferry" in " ".join(printed.split())


def test_a_theme_that_is_split_has_its_variants_apart(estran, acme):
    themes = json.loads(estran("themes", "acme", "--json")[1])["themes"]
    label = next(t["label"] for t in themes if t["forms"] > 1 and len(t["labels"]) == 1)
    variants = json.loads(estran("themes", "show", "acme", label, "--json")[1])["variants"]
    assert variants[0]["rule"] == "commonest"
    assert variants[1]["rule"] in {"lemma", "accent", "ending", "spelling", "link", "joined"}
    assert estran("themes", "split", "acme", label, variants[1]["form"])[0] == 0
    left = json.loads(estran("themes", "show", "acme", label, "--json")[1])["variants"]
    assert variants[1]["form"] not in {variant["form"] for variant in left}


def test_what_is_answered_does_not_come_back(estran, acme):
    estran("themes", "reject", "acme", "fr:rse+fr:réseau social d'entreprise")
    done = json.loads(estran("themes", "accept", "acme", acme[0], acme[1], "--json")[1])
    assert (done["verb"], done["words"], done["corrections"]) == ("accept", acme[:2], 2)


def test_themes_are_found_anew_with_their_ids(estran, acme):
    code, shown, _ = estran("themes", "rebuild", "acme")
    assert (code, shown.splitlines()[0]) == (
        0, f"{len(acme)} themes found anew; {len(acme)} have the id they had.",
    )  # fmt: skip


def test_the_help_is_shown_where_nothing_is_asked(estran):
    assert "Put themes into one" in estran("themes")[1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show", "none", "x"], "none does not exist: `estran init none` makes a workspace of that name"),
        (["undo", "empty"], "empty/themes.toml holds no correction: nothing to take back"),
        (["empty"], "empty holds no message yet: `estran ingest empty FILE` takes some in"),
        (["pin", "empty", "fax"], "no theme is called 'fax'; `estran themes` lists them"),
        (["merge", "empty", "fax"], "Missing argument 'others'. See estran --help."),
        (["follow", "empty", "a, b"], "'a, b' is not one phrase: something stands between its words; write a theme as people write it in a sentence"),
        (["accept", "empty", "fax"], "a suggestion is answered by its key, as fr:rse+fr:responsabilité sociétale, or by its two themes"),
        (["rename", "empty", "fax", " "], "a label needs a letter"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(estran, arguments, sentence):
    estran("init", "empty")
    assert estran("themes", *arguments) == (2, "", f"estran: {sentence}\n")


def test_a_theme_that_is_not_there_is_told_with_the_nearest(estran, acme):
    code, _, said = estran("themes", "pin", "acme", f"{acme[0]}x")
    assert (code, said.startswith(f"estran: no theme is called '{acme[0]}x'; the nearest are {acme[0]}")) == (
        2,
        True,
    )
    code, _, said = estran("themes", "split", "acme", acme[0], acme[1])
    assert (code, f"'{acme[1]}' is no variant of '{acme[0]}'; its variants are" in said) == (2, True)
    code, _, said = estran("themes", "merge", "acme", acme[0], acme[0])
    assert (code, "are one theme already" in said) == (2, True)


def test_a_wrong_line_is_one_error_with_its_number(estran, acme):
    Path("acme/themes.toml").write_text('[[edit]]\npin = "fax"\n\n[[edit]]\nmerge = "fax"\n')
    for command in (
        ["tour", "acme"],
        ["themes", "acme"],
        ["themes", "pin", "acme", acme[0]],
        ["themes", "undo", "acme"],
    ):
        code, shown, said = estran(*command)
        assert (code, shown, said) == (
            2, "", 'estran: acme/themes.toml, line 5: merge needs with, as with = ["other words"]\n',
        )  # fmt: skip
