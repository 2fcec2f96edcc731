"""`make torture`, or `python -m bench.torture [--kills 200] [--seed 1] [--messages 700]`: Estran is killed again and again.

Workspaces live a life: made, filled from files that overlap and edit each other, counted, compacted, two people
forgotten in them, looked over by the doctor. Every command is killed (SIGKILL, with all processes that it started) at a
random time or as it is about to touch a file, given again, killed again, and at last let through. After each kill a
reader must see a whole workspace; after each command messages, refused rows, cursors and counts must equal those of a
workspace that nobody disturbed, nothing half-done may lie about, and of a person who was forgotten no byte may be found.

Each command is `estran.cli.main` in a process of its own, made by fork from one that has imported everything; parts of
files and blocks are a few hundred messages small (`bench.torture.warm`). The last line is JSON; the exit code is 1 where
anything was lost, doubled or torn.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.torture.killing import Runner, Tally
from bench.torture.story import Lives, prepare

if TYPE_CHECKING:
    from bench.torture.comparing import Harm


def tell(harm: Harm, told: int) -> int:
    """Print what was found since the last time; how much that is by now."""
    found = [f"{kind}: {each}" for kind in ("lost", "doubled", "torn") for each in getattr(harm, kind)]
    for each in sorted(found)[: 50 if len(found) > told else 0]:
        print(each, flush=True)
    return len(found)


def main() -> int:
    """Kill as often as asked, and tell what came of it."""
    asking = argparse.ArgumentParser(
        prog="bench.torture", description="Kills Estran at random moments of its work."
    )
    asking.add_argument("--kills", type=int, default=200)
    asking.add_argument("--seed", type=int, default=1)
    asking.add_argument("--messages", type=int, default=700)
    asked = asking.parse_args()
    began, tally = time.monotonic(), Tally()
    with tempfile.TemporaryDirectory(prefix="torture-") as place, Runner(Path(place)) as runner:
        prepare(Path(place), messages=asked.messages, seed=asked.seed)
        lives = Lives(Path(place), runner, rng=np.random.default_rng(asked.seed))
        lives.undisturbed()
        print(f"undisturbed: {time.monotonic() - began:.0f} s", flush=True)
        life, told = 0, 0
        while tally.kills < asked.kills:
            life += 1
            lives.killed(tally, kills=asked.kills, life=life)
            print(f"life {life}: {tally.kills} kills, {time.monotonic() - began:.0f} s", flush=True)
            told = tell(lives.harm, told)
    print(tally.table())
    print(
        json.dumps(
            {
                "kills": tally.kills,
                **{kind: len(getattr(lives.harm, kind)) for kind in ("lost", "doubled", "torn")},
            }
        )
    )
    return int(bool(lives.harm))


if __name__ == "__main__":
    sys.exit(main())
