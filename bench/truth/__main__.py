"""How often what Estran says is true: `make bench-truth`, or `python -m bench.truth [--quick] [--corpora mixit_fr,simulated]`,
`[--only sides,leads]` for parts that have a page of their own.

Each corpus is counted once by the whole path (clean, count, concepts, match). Then time is shuffled, so that nothing
moves and every claim is false, themes of known course are planted, people are split in halves. Writes
docs/methods/accuracy.md and its plots, and prints, last, one line of JSON: the worst figure over the corpora, and each
corpus's own. A killed run goes on where it was (`.venv/bench/truth`).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bench.truth import page, parts
from bench.truth.corpora import STEPS, here
from bench.truth.goals import summary
from bench.truth.runs import QUICK, Sizes, run


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpora", help="names with commas; all that are at hand where absent")
    parser.add_argument(
        "--only", help="parts with a page of their own, with commas: " + ", ".join(parts.OWN_PAGE)
    )
    parser.add_argument("--quick", action="store_true", help="a few shuffles only: to see that it runs")
    parser.add_argument(
        "--page", type=Path, help="where to write; the page of the documentation after a full run"
    )
    parser.add_argument("--workers", type=int, default=2, help="processes")
    asked = parser.parse_args()
    if asked.only:
        print(json.dumps(parts.asked(asked.only.split(","), write=not asked.quick)))
        return
    names = tuple(asked.corpora.split(",")) if asked.corpora else here()
    if unknown := set(names) - set(STEPS):
        parser.error(f"unknown corpora: {', '.join(sorted(unknown))}; there are {', '.join(STEPS)}")
    sizes = QUICK if asked.quick else Sizes()
    results = run(names, sizes, workers=asked.workers)
    whole = not asked.quick and names == here()
    if asked.page or whole:
        page.write(results, sizes, page=asked.page or page.PAGE)
    print(json.dumps(summary(results)))


if __name__ == "__main__":
    main()
