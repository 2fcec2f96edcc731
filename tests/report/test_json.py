import dataclasses
import datetime as dt
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from estran import findings
from estran.report import to_json

REFERENCE = Path(__file__).parents[2] / "docs/reference/json.md"
PAGES = {
    findings.tour: REFERENCE,
    findings.why: REFERENCE,
    findings.keeping: REFERENCE.with_name("workspace-json.md"),
    findings.themes: REFERENCE.with_name("workspace-json.md"),
    findings.topics: REFERENCE.with_name("workspace-json.md"),
    findings.organisation: REFERENCE,
    findings.sided: REFERENCE.with_name("sides-json.md"),
    findings.units: REFERENCE.with_name("workspace-json.md"),
}
NOUNS = [
    (noun, page)
    for home, page in PAGES.items()
    for noun in vars(home).values()
    if dataclasses.is_dataclass(noun) and noun.__module__ == home.__name__ and dataclasses.fields(noun)
]


def with_settings(tour, **settings):
    return replace(tour, provenance=replace(tour.provenance, settings=settings))


def test_the_keys_are_those_of_the_tour_in_their_order(tour):
    assert list(json.loads(to_json(tour))) == [f.name for f in dataclasses.fields(findings.Tour)]


def test_nothing_is_lost_or_rounded(tour):
    read = json.loads(to_json(tour))
    assert read["coming_in"][0]["change"]["value"] == tour.coming_in[0].change.value
    assert read["coming_in"][0]["shape"] == "emerging"
    assert read["coming_in"][0]["labels"]["fr"] == "IA générative"
    assert read["provenance"]["schema"] == findings.SCHEMA


def test_a_figure_that_is_not_finite_is_null(tour):
    theme = replace(tour.too_early[0], detectable=math.inf)
    read = json.loads(to_json(replace(tour, too_early=(theme,))))
    assert read["too_early"][0]["detectable"] is None


def test_settings_may_hold_days_paths_sets_and_numbers_of_numpy(tour):
    odd = with_settings(
        tour, since=dt.date(2024, 1, 2), home=Path("a"), tongues={"fr", "en"}, top=np.int64(3)
    )
    assert json.loads(to_json(odd))["provenance"]["settings"] == {
        "since": "2024-01-02", "home": "a", "tongues": ["en", "fr"], "top": 3,
    }  # fmt: skip


def test_what_json_has_no_word_for_is_refused(tour):
    with pytest.raises(TypeError, match="object has no place"):
        to_json(with_settings(tour, odd=object()))


@pytest.mark.parametrize(("noun", "page"), NOUNS, ids=lambda of: getattr(of, "__name__", None))
def test_the_reference_tells_each_key_of_each_noun(noun, page):
    section = re.search(
        rf"^## {noun.__name__}\n(.*?)(?=^## |\Z)",
        page.read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    assert section, f"{page.name} has no section {noun.__name__}"
    told = re.findall(r"^\| `(\w+)` \|", section[1], re.MULTILINE)
    assert told == [f.name for f in dataclasses.fields(noun)]


def test_the_reference_names_every_shape_and_the_version():
    text = REFERENCE.read_text(encoding="utf-8")
    assert [s.value for s in findings.Shape if f"`{s.value}`" not in text] == []
    words = (*findings.Why, *findings.Verdict, *findings.Level)
    assert [w.value for w in words if f"`{w.value}`" not in text] == []
    assert f'version `"{findings.SCHEMA}"`' in text


def test_the_reference_tells_every_kind_of_notice():
    from estran.report.notices import NOTICES

    told = set(re.findall(r"^\| `([a-z0-9-]+)` \|", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE))
    assert set(NOTICES) <= told


def test_findings_of_one_kind_are_a_list():
    found = findings.Compaction(3, 2)
    assert json.loads(to_json((found, found))) == [{"before": 3, "after": 2}] * 2
