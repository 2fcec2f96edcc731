"""The life of a workspace, and the same life with kills in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from bench.torture import company
from bench.torture.company import NAMED, UNNAMED, Forgotten
from bench.torture.comparing import Harm, State, differences, leftovers, look, state_of
from bench.torture.seeking import traces
from estran import privacy

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from bench.torture.killing import Ended, Runner, Tally

KEY = "shared.key"
"""One key for all workspaces, so that their pseudonyms can be compared."""


@dataclass(frozen=True)
class Step:
    """One command.

    Attributes:
        arguments: after the name of the workspace; the first is the command.
        counted: whether the counts are those of the messages when it is done.
        erases: who is forgotten by it.
    """

    arguments: tuple[str, ...]
    counted: bool = False
    erases: Forgotten | None = None

    @property
    def command(self) -> str:
        """Its name."""
        return self.arguments[0]

    def on(self, space: Path) -> list[str]:
        """What is typed."""
        return [self.command, str(space), *self.arguments[1:]]


def steps(folder: Path) -> list[Step]:
    """What happens to a workspace, with the files of a folder."""
    monday, tuesday, wednesday, thursday = (
        str(folder / name) for name in ("monday.csv", "tuesday.jsonl", "wednesday.parquet", "thursday.csv")
    )
    return [
        Step(("init", "--key", str(folder / KEY))),
        Step(("ingest", monday, tuesday, "--id", "id")),
        Step(("refresh",), counted=True),
        Step(("ingest", wednesday)),
        Step(("compact",)),
        Step(("refresh",), counted=True),
        Step(("erase", "--author", NAMED.name, "--yes"), erases=NAMED),
        Step(("refresh",), counted=True),
        Step(("ingest", thursday, "--source", "forum", "--side", "outside")),
        Step(("erase", "--pseudonym", pseudonym(folder, UNNAMED), "--yes"), erases=UNNAMED),
        Step(("tour", "--json"), counted=True),
        Step(("compact",), counted=True),
        Step(("doctor", "--json"), counted=True),
    ]


def prepare(folder: Path, *, messages: int, seed: int) -> None:
    """The files that are taken in, and the key."""
    company.write(folder, messages=messages, seed=seed)
    (folder / KEY).write_text(f"{seed:064x}\n")
    (folder / KEY).chmod(0o600)


def pseudonym(folder: Path, person: Forgotten) -> str:
    """What the person is called in the workspaces."""
    key = bytes.fromhex((folder / KEY).read_text().strip())
    return str(privacy.pseudonym(key)(pl.Series([person.name]))[0])


@dataclass(frozen=True)
class Told:
    """What a step led to when nobody disturbed it."""

    state: State | None
    seconds: float
    touches: int
    printed: str


class Lives:
    """The lives of workspaces in one folder, one of them undisturbed."""

    def __init__(self, folder: Path, runner: Runner, *, rng: np.random.Generator) -> None:
        self.folder = folder
        self._runner = runner
        self._rng = rng
        self._steps = steps(folder)
        self._told: list[Told] = []
        self.harm = Harm()

    def undisturbed(self) -> None:
        """Do every step once, and remember what it led to.

        Raises:
            RuntimeError: a step fails, leaves something, or finds nobody to forget: then kills would prove nothing.
        """
        space = self.folder / "undisturbed" / "acme"
        space.parent.mkdir()
        for step in self._steps:
            if step.erases and not self._traces(space, step):
                raise RuntimeError(f"{step.erases.name} is not to be found before the erasure")
            ended = self._runner.run(step.on(space), space=space, learn=True)
            harm = self._when_done(space, step, ended)
            if harm:
                raise RuntimeError(f"{step.arguments} without any kill: {harm}")
            self._told.append(
                Told(state_of(space, counted=step.counted), ended.seconds, ended.touches, ended.printed)
            )

    def killed(self, tally: Tally, *, kills: int, life: int) -> None:
        """Do every step, killed up to three times, and compare what it led to.

        Args:
            tally: of all kills.
            kills: no more than so many in all lives.
            life: number of this one.
        """
        space = self.folder / f"life-{life}" / "acme"
        space.parent.mkdir()
        for number, (step, told) in enumerate(zip(self._steps, self._told, strict=True)):
            harm = self._step(space, step, told, tally, kills=kills)
            for kind in ("lost", "doubled", "torn"):
                where = f"life {life}, step {number} ({step.command})"
                getattr(self.harm, kind).extend(f"{where}: {each}" for each in getattr(harm, kind))
            if tally.kills >= kills and step.counted:
                return  # messages and counts were just compared; the rest of this life proves nothing more

    def _step(self, space: Path, step: Step, told: Told, tally: Tally, *, kills: int) -> Harm:
        harm = Harm()
        ended = None
        before = None if step.command == "init" or step.erases else look(space, before=None)[0]
        for _ in range(min(int(self._rng.integers(1, 4)), kills - tally.kills)):
            ended = self._runner.run(step.on(space), space=space, **self._moment(step, told))
            tally.add(step.command, ended)
            if not ended.killed:
                break
            if step.command != "init":
                before, found = look(space, before=before)
                harm += found
                before = None if step.erases else before
            if step.erases and self._rng.random() < 0.5:
                harm += self._something_else(space, step)
        if ended is None or ended.killed:
            ended = self._runner.run(step.on(space), space=space)
        harm += self._when_done(space, step, ended)
        if not ended.code:
            there = state_of(space, counted=step.counted)
            harm += differences(there, told.state)
            if step.command in {"tour", "doctor"} and json.loads(ended.printed) != json.loads(told.printed):
                harm.torn.append(f"it tells something else: {ended.printed[:2_000]}")
        return harm

    def _moment(self, step: Step, told: Told) -> dict[str, float | int]:
        """When a command is killed: at any time, or as it is about to touch a file. A tour writes at its start only."""
        if step.command != "tour" and self._rng.random() < 0.5:
            return {"after": float(self._rng.uniform(0, told.seconds))}
        return {"touch": int(self._rng.integers(1, max(told.touches, 1) + 1))}

    def _something_else(self, space: Path, step: Step) -> Harm:
        """Another command after an erasure that was killed: it finishes what has begun."""
        begun = (space / "erasing.json").exists()
        other = ("refresh", str(space)) if self._rng.random() < 0.5 else ("compact", str(space))
        ended = self._runner.run(other, space=space)
        if ended.code:
            return Harm(torn=[f"{other[0]} fails after a kill: {ended.said[-500:]}"])
        return Harm(torn=self._traces(space, step) if begun else [])

    def _when_done(self, space: Path, step: Step, ended: Ended) -> Harm:
        harm = Harm()
        if ended.code:
            harm.torn.append(f"it fails: {ended.said[-500:]}")
            return harm
        harm.torn += [f"{left} is left" for left in leftovers(space)]
        if step.erases:
            harm.torn += self._traces(space, step)
        return harm

    def _traces(self, space: Path, step: Step) -> list[str]:
        person = step.erases
        assert person
        return traces(
            space, [person.name, *person.spellings, *person.words], pseudonym=pseudonym(self.folder, person)
        )
