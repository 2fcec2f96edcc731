"""Runs that are measured: each in a process of its own, in turn, with a time limit. Only the standard library.

The CPU seconds and the peak memory are what the kernel says of the process and of the children it waited for, so this
process must stay small: a child begins with the peak of its parent.
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUNDS = 3
LONGEST = 300.0
"""A job is not run again once its runs have taken so many seconds."""


@dataclass(frozen=True)
class Job:
    """One thing to measure.

    Attributes:
        name: of the row in the table.
        command: what is run; its last line is JSON, what it tells of itself.
        limit: seconds after which it is stopped.
        environment: variables that it has besides those here.
    """

    name: str
    command: Sequence[str]
    limit: float = 900.0
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """What one run took, with its children.

    Attributes:
        wall: seconds.
        cpu: seconds.
        peak_gb: of resident memory, of the largest process.
        told: what it told of itself.
    """

    wall: float
    cpu: float
    peak_gb: float
    told: dict[str, Any]


def run(job: Job) -> Run | str:
    """One run, or the reason why there is none."""
    late = threading.Event()
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        try:
            process = subprocess.Popen(
                job.command,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                env={**os.environ, **job.environment},
            )
        except OSError as error:
            return str(error)

        def stop() -> None:
            late.set()
            os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(job.limit, stop)
        timer.start()
        with process.stdout as output:
            lines = output.read().decode().splitlines()
        _, status, used = os.wait4(process.pid, 0)
        timer.cancel()
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if late.is_set():
            return f"stopped after {job.limit:.0f} s"
        if process.returncode:
            errors.seek(0)
            last = errors.read().decode(errors="replace").strip().splitlines()[-1:]
            return f"exit code {process.returncode}: {' '.join(last)[:300]}"
    try:
        told = json.loads(lines[-1])
    except (IndexError, ValueError):
        return "its last line is no JSON"
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6, told)


def in_turn(jobs: Sequence[Job], *, rounds: int = ROUNDS) -> dict[str, Run | None]:
    """The median of the runs of each job, one after the other in rounds; None, and a printed reason, where one fails."""
    runs: dict[str, list[Run]] = {job.name: [] for job in jobs}
    failed = set()
    for _ in range(rounds):
        for job in jobs:
            if job.name in failed or sum(run.wall for run in runs[job.name]) > LONGEST:
                continue
            done = run(job)
            if isinstance(done, str):
                failed.add(job.name)
                print(f"{job.name}: no figure, {done}", flush=True)
            else:
                runs[job.name].append(done)
                print(
                    f"  {job.name}: {done.cpu:.2f} CPU s, {done.wall:.1f} s, {done.peak_gb:.2f} GB",
                    flush=True,
                )
    return {name: None if name in failed else median(own) for name, own in runs.items()}


def median(runs: Sequence[Run]) -> Run:
    """The medians of some runs, each figure by itself; figures that the runs told of themselves too."""
    told = dict(runs[-1].told)
    for key, value in told.items():
        if isinstance(value, float):
            told[key] = statistics.median(run.told[key] for run in runs)
    return Run(
        statistics.median(run.wall for run in runs),
        statistics.median(run.cpu for run in runs),
        statistics.median(run.peak_gb for run in runs),
        told,
    )


def table(title: str, runs: dict[str, Run | None]) -> None:
    """Print a table of medians."""
    print(f"\n{title}\n{'':44s} {'CPU s':>8s} {'wall s':>8s} {'peak GB':>8s}")
    for name, done in runs.items():
        if done is None:
            print(f"{name:44s} {'-':>8s}")
            continue
        more = ", ".join(f"{key} {_figure(value)}" for key, value in done.told.items())
        print(f"{name:44s} {done.cpu:8.2f} {done.wall:8.2f} {done.peak_gb:8.2f}  {more}")
    sys.stdout.flush()


def _figure(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
