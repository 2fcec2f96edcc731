"""Commands that are done in whole, or killed at a random moment and given again."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300.0
"""Seconds after which a command that does not end is taken for hanging."""
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "_RJEM_MALLOC_CONF": "background_thread:false",
    "NO_COLOR": "1",
    "LANG": "C.UTF-8",
}


@dataclass(frozen=True)
class Ended:
    """How a command ended.

    Attributes:
        code: its exit code; -9 where it was killed.
        seconds: how long it took.
        touches: how often it touched files of the workspace.
        last: the file of the workspace that it touched last.
        printed: what it printed.
        said: on its error stream.
    """

    code: int
    seconds: float
    touches: int
    last: str
    printed: str
    said: str

    @property
    def killed(self) -> bool:
        """Whether the kill came before the end."""
        return self.code == -signal.SIGKILL

    @property
    def stage(self) -> str:
        """Where in its work it was."""
        return stage(self.last)


def stage(place: str) -> str:
    """What is being done when this file of a workspace was the last one touched."""
    for start, name in (
        ("messages/_delta_log", "messages, the log"),
        ("messages", "messages, the data"),
        ("counts/blocks", "counts, blocks"),
        ("counts/base", "counts, base"),
        ("counts", "counts, the list"),
        ("rejected", "refused rows"),
        ("runs.jsonl", "the journal"),
        ("erasing.json", "the note of an erasure"),
        ("lock", "the lock"),
        ("pseudonyms.key", "the key"),
        ("tmp", "scratch"),
        ("workspace.json", "workspace.json"),
        (".estran-", "a file half written"),
    ):
        if place.startswith(start):
            return name
    return place or "before the first file"


class Runner:
    """A warm process that does commands in children of its own; see `bench.torture.warm`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._printed, self._said = folder / "printed.txt", folder / "said.txt"
        self._warm = subprocess.Popen(
            [sys.executable, "-m", "bench.torture.warm"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            cwd=ROOT,
            env={
                name: value for name, value in os.environ.items() if not name.startswith(("COVERAGE", "COV_"))
            }
            | ENVIRONMENT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._warm.stdin
        assert self._warm.stdout
        self._warm.stdin.close()
        self._warm.wait()
        self._warm.stdout.close()

    def begin(self, arguments: Sequence[str], *, space: Path, touch: int = 0, learn: bool = False) -> int:
        """Begin a command, one at a time; the number of its process, and of the group of all that it starts.

        Args:
            arguments: of the `estran` command.
            space: the workspace whose files are watched.
            touch: it is killed when it is about to touch a file for this time; 0 for never.
            learn: whether what it compiles is kept for the commands to come.
        """
        told = {
            "arguments": list(arguments), "folder": str(self._folder), "watched": str(space.absolute()),
            "printed": str(self._printed), "said": str(self._said), "touch": touch, "learn": learn,
        }  # fmt: skip
        assert self._warm.stdin
        self._warm.stdin.write(json.dumps(told) + "\n")
        self._child = int(self._answer()["child"])
        self._began = time.monotonic()
        return self._child

    def end(self, *, after: float | None = None) -> Ended:
        """Wait for the command that was begun, and kill it and all it started after some seconds.

        Raises:
            TimeoutError: it hangs.
        """
        if not self._ready(PATIENCE if after is None else after):
            os.killpg(self._child, signal.SIGKILL)
            if after is None:
                self._answer()
                raise TimeoutError(f"a command did not end: {self._said.read_text()[-500:]}")
        ended = self._answer()
        printed, said = (
            file.read_text(errors="replace") if file.exists() else "" for file in (self._printed, self._said)
        )
        seconds = time.monotonic() - self._began
        return Ended(ended["code"], seconds, ended["touches"], ended["last"], printed, said)

    def run(
        self,
        arguments: Sequence[str],
        *,
        space: Path,
        after: float | None = None,
        touch: int = 0,
        learn: bool = False,
    ) -> Ended:
        """Begin a command, and wait for its end or kill it."""
        self.begin(arguments, space=space, touch=touch, learn=learn)
        return self.end(after=after)

    def _ready(self, seconds: float) -> bool:
        assert self._warm.stdout
        return bool(select.select([self._warm.stdout], [], [], seconds)[0])

    def _answer(self) -> dict:
        assert self._warm.stdout
        line = self._warm.stdout.readline()
        if not line:
            raise RuntimeError(f"the warm process ended with {self._warm.wait()}")
        return json.loads(line)


@dataclass
class Tally:
    """How many kills fell where."""

    kills: int = 0
    missed: int = 0
    where: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, command: str, ended: Ended) -> None:
        """One more kill, or one that came too late."""
        if ended.killed:
            self.kills += 1
            self.where[command, ended.stage] += 1
        else:
            self.missed += 1

    def table(self) -> str:
        """A line per command and stage."""
        lines = [
            f"{number:5d}  {command:10s}  {stage}" for (command, stage), number in sorted(self.where.items())
        ]
        return "\n".join(
            [
                "kills  command     last file touched",
                *lines,
                f"{self.missed:5d}  came after the end of the command",
            ]
        )
