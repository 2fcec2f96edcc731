"""What the guide on simulation shows is what happens."""

import re
from pathlib import Path

from estran import simulate
from estran.simulate.curves import PLANTABLE

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "simulate.md"


def test_every_block_of_code_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 3
    exec("\n".join(blocks), {})
    assert capsys.readouterr().out.startswith("48 themes, 20 traps\nrecall 0.")


def test_every_shape_trap_and_level_is_explained():
    text = GUIDE.read_text(encoding="utf-8")
    assert all(f"| {shape.value} |" in text for shape in PLANTABLE)
    assert all(f'`"{level}"`' in text for level in simulate.LEVELS)
    kinds = {trap.kind for trap in simulate.company(messages=600).truth.traps}
    assert all(re.search(rf"\| .*{kind}.* \|", text) for kind in kinds)
