"""What the guides on privacy show is what happens."""

import re
from pathlib import Path

import pytest

from estran.privacy import MASKS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("guide", ["guides/privacy.md", "fr/confidentialite.md"])
def test_every_block_of_code_runs_and_every_mask_is_explained(guide):
    text = (DOCS / guide).read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 3
    exec("\n".join(blocks), {})
    assert all(f"`{word}`" in text for word in MASKS)
