import re
from pathlib import Path

from estran.sources.names import SYNONYMS, plain

GUIDE = (Path(__file__).parents[2] / "docs/guides/reading-files.md").read_text(encoding="utf-8")


def test_the_code_of_the_guide_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    exec(code, {})
    assert "text <- texte (name)" in capsys.readouterr().out


def test_the_guide_names_only_names_that_are_known():
    rows = re.findall(r"^\| `(\w+)` \| [^|]* \| (.*) \|$", GUIDE, re.MULTILINE)
    assert {role for role, _ in rows} == set(SYNONYMS)
    for role, names in rows:
        assert {plain(name) for name in re.split("[,;] ", names)} <= set(SYNONYMS[role])
