"""Parts that have a page of their own: each is asked for by name, prints one line of JSON, and writes its table.

A part is a module of this package, named as the part, with

- a function of that name, which gives its figures (those of the line, and whatever its table tells), or None where what
  it needs is absent;
- `KEYS`: figures of the line;
- `PAGE`: its page in docs/methods;
- `table(figures)`: the lines that stand between the two marks of that page.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from bench.truth.corpora import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.truth.goals import Number

FIRST, LAST = "<!-- figures -->", "<!-- end of figures -->"
METHODS = ROOT / "docs" / "methods"

OWN_PAGE: tuple[str, ...] = ("agenda", "crossings", "culture", "effects", "leads", "sides", "units", "watch")
"""The parts there are."""


def asked(names: Sequence[str], *, write: bool) -> dict[str, Number]:
    """The figures of the line of each part, measured now; their tables are written where that is asked for."""
    line: dict[str, Number] = {}
    for name in names:
        module = importlib.import_module(f"bench.truth.{name}")
        figures = getattr(module, name)()
        if figures is None:
            print(f"{name}: cannot be measured here", flush=True)
            continue
        if write:
            set_in(module.PAGE, module.table(figures))
        line |= line_of(name, figures)
    return line


def line_of(name: str, figures: Mapping[str, object]) -> dict[str, Number]:
    """What the line tells of a part."""
    keys = importlib.import_module(f"bench.truth.{name}").KEYS
    told = {key: figures.get(key) for key in keys}
    return {key: round(value, 4) if isinstance(value, float) else value for key, value in told.items()}


def set_in(page: str, lines: Sequence[str]) -> None:
    """Lines between the two marks of a page."""
    file = METHODS / page
    text = file.read_text(encoding="utf-8")
    head, tail = text.split(FIRST)[0], text.split(LAST)[1]
    file.write_text(f"{head}{FIRST}\n\n" + "\n".join(lines) + f"\n\n{LAST}{tail}", encoding="utf-8")
