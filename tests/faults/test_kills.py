"""Twenty kills of the two hundred of `make torture`."""

import numpy as np
from bench.torture.comparing import Harm
from bench.torture.killing import Tally
from bench.torture.story import Lives, prepare

KILLS = 20


def test_whatever_is_killed_loses_doubles_and_tears_nothing(runner, tmp_path, capsys):
    prepare(tmp_path, messages=500, seed=3)
    lives, tally = Lives(tmp_path, runner, rng=np.random.default_rng(3)), Tally()
    lives.undisturbed()
    for life in range(5):
        if tally.kills < KILLS:
            lives.killed(tally, kills=KILLS, life=life)
    with capsys.disabled():
        print(f"\n{tally.table()}")  # noqa: T201  where the kills fell
    assert lives.harm == Harm()
    assert tally.kills == KILLS
    assert len({command for command, _ in tally.where}) >= 4
