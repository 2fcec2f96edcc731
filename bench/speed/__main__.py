"""How fast Estran is: `make bench-speed`, or `python -m bench.speed [--only peers|engines|tour|memory|questions] [--small]`.

On messages that it makes once: Estran's counting against that of others (`bench.speed.peers`), the engines of a
workspace and its refresh (`bench.speed.keeping`), whole tours of files and of a workspace. Each run is a process of its
own, in turn with the others; the figures are medians, and null where something could not run. The last line is JSON.
`--only memory` counts ever more messages in a stream, and takes an hour to make them; `--only questions` asks a workspace
each question, beside its tour, in half an hour. They are in no other run.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.speed.runs import Job, Run, in_turn, run, table

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".venv" / "bench"
PEERS = ROOT / ".venv" / "peers" / "bin" / "python"
R_LISTS = ROOT.parent / "shared" / "data" / "r_lists.parquet"
PARTS = ("peers", "engines", "tour")
LONG = 3600.0
PLAIN = {"ARROW_DEFAULT_MEMORY_POOL": "system"}
"""Arrow takes memory from the system and gives it back; of its own accord it would keep a tenth of a gigabyte."""

Figures = dict[str, float | bool | None]

COMMAND = """
import contextlib, io, json, pathlib, sys, threading, time
from estran.cli import main
status, own = pathlib.Path("/proc/self/status"), [0]
def watch():
    while True:
        lines = status.read_text().splitlines()
        own.append(max(own.pop(), *(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))))
        time.sleep(0.1)
if status.exists():
    threading.Thread(target=watch, daemon=True).start()
printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
with contextlib.redirect_stdout(printed):
    code = main(sys.argv[1:])
try:
    found = json.loads(printed.buffer.getvalue())
except ValueError:
    found = None
found = found if isinstance(found, dict) else {}
told = {"kept": found.get("coverage", {}).get("kept"), "themes": found.get("provenance", {}).get("tested")}
told["own_gb"] = own[0] / 1e6  # without the pages of mapped files, which the system takes back when it needs them
print(json.dumps({name: value for name, value in told.items() if value is not None}))
sys.exit(code)
"""
SIMULATE = """
import json, sys
from estran.simulate import company
company(seed=0, messages=int(sys.argv[1])).messages.write_parquet(sys.argv[2])
print(json.dumps({}))
"""
STOP_WORDS = """
import json, sys
from bench.speed.kernel import stop_words
with open(sys.argv[1], "w") as file:
    json.dump({language: sorted(words) for language, words in stop_words().items()}, file)
print(json.dumps({}))
"""
READ = """
import json, sys
import pyarrow.parquet as pq
print(json.dumps({"messages": pq.read_table(sys.argv[1]).num_rows}))
"""


@dataclass(frozen=True)
class Sizes:
    """Numbers of messages."""

    tiny: int = 20_000
    small: int = 100_000
    middle: int = 250_000
    large: int = 1_000_000
    day: int = 5_000
    memory: tuple[int, ...] = (1_000_000, 4_000_000, 10_000_000)


SMALL = Sizes(tiny=2_000, small=5_000, middle=6_000, large=10_000, day=200, memory=(10_000, 20_000))


@dataclass(frozen=True)
class Bench:
    """What is measured, and with what."""

    sizes: Sizes
    cache: Path
    rounds: int

    def python(self, *arguments: object, limit: float = 900.0, name: str = "", threads: int = 0) -> Job:
        """A run of this Python; its threads are bounded where a number of them is given."""
        environment = {"POLARS_MAX_THREADS": str(threads), **PLAIN} if threads else {}
        return Job(name, [sys.executable, *map(str, arguments)], limit, environment)

    def made(self, name: str, *arguments: object) -> Path | None:
        """A file or folder of the cache; a job that has its path put in the place of None makes it, once."""
        file = self.cache / name
        if not file.exists():
            print(f"making {name}", flush=True)
            done = run(self.python(*(file if each is None else each for each in arguments), limit=LONG))
            if isinstance(done, str):
                print(f"{name}: not made, {done}", flush=True)
                if file.is_dir():
                    shutil.rmtree(file)
                return None
        return file

    def corpus(self, messages: int) -> Path | None:
        kind = "real" if R_LISTS.exists() else "simulated"
        return self.made(f"{kind}-{messages}.parquet", "-m", "bench.speed.corpora", None, messages)

    def store(self, messages: int) -> Path | None:
        corpus = self.corpus(messages)
        return corpus and self.made(f"{corpus.stem}-store", "-m", "bench.speed.keeping", "fill", corpus, None)

    def day(self) -> Path | None:
        count = self.sizes.day
        more = ("--days", 1, "--seed", 2)
        return self.made(f"day-{count}.parquet", "-m", "bench.speed.corpora", None, count, *more)

    def untold(self, file: Path) -> Path:
        """The same messages without the column that tells their language, as a customer would export them."""
        made = self.made(f"{file.stem}-untold.parquet", "-m", "bench.speed.keeping", "untold", file, None)
        return made or file

    def measured(self, title: str, jobs: list[Job], rounds: int = 0) -> dict[str, Run | None]:
        done = in_turn(jobs, rounds=rounds or self.rounds)
        table(title, done)
        return done


def peers(bench: Bench) -> Figures:
    """Counting, beside what others do."""
    stops = bench.made("stop_words.json", "-c", STOP_WORDS, None)
    figures: Figures = {}
    for size, others in (
        (bench.sizes.tiny, ("pycorpdiff",)),
        (bench.sizes.small, ("sklearn", "polars", "gensim")),
        (bench.sizes.large, ("sklearn", "polars")),
    ):
        file = bench.corpus(size)
        if file is None or stops is None:
            continue
        own = [
            bench.python("-c", READ, file, name="reading the file"),
            bench.python("-m", "bench.speed.kernel", file, name="kernel", limit=LONG),
            *(
                bench.python("-m", "bench.speed.counting", way, file, name=way, threads=threads)
                for way, threads in (("whole", 1), ("whole-2", 2), ("streaming", 1))
            ),
        ]
        script = [str(PEERS), str(ROOT / "bench/speed/peers.py")]
        theirs = [
            Job(name, [*script, name, str(file), str(stops)], LONG, {"POLARS_MAX_THREADS": "1", **PLAIN})
            for name in others
        ]
        done = bench.measured(f"{size:,} messages", [*own, *theirs])
        kernel = told(done["kernel"], "count_cpu")
        if size == bench.sizes.tiny:
            figures["pycorpdiff_over_kernel"] = ratio(cpu(done["pycorpdiff"]), kernel)
        elif size == bench.sizes.small:
            figures["gensim_over_kernel"] = ratio(cpu(done["gensim"]), kernel)
            figures["kernel_over_read"] = rounded(told(done["kernel"], "kernel_over_read"))
            figures["match_over_read"] = rounded(told(done["kernel"], "match_over_read"))
        else:
            figures["sklearn_over_estran"] = ratio(cpu(done["sklearn"]), cpu(done["whole"]))
            figures["sklearn_over_kernel"] = ratio(cpu(done["sklearn"]), kernel)
            figures["sklearn_rss_over_estran"] = ratio(peak(done["sklearn"]), peak(done["streaming"]))
            figures["polars_over_estran"] = ratio(cpu(done["polars"]), cpu(done["whole"]))
            figures["kernel_over_read_1m"] = rounded(told(done["kernel"], "kernel_over_read"))
            figures["threads2_over_1"] = rounded(told(done["kernel"], "threads2_over_1"))
    return figures


def engines(bench: Bench) -> Figures:
    """The same count wherever it runs; and one more day on what was counted."""
    figures: Figures = {}
    store = bench.store(bench.sizes.middle)
    if store is not None:
        names = ("threads", "pool", "dask", "spark")
        jobs = [bench.python("-m", "bench.speed.keeping", "count", name, store, name=name) for name in names]
        done = bench.measured(f"counting a workspace of {bench.sizes.middle:,} messages", jobs)
        sums = [run.told["sha1"] for run in done.values() if run is not None]
        figures["engines_equal"] = len(set(sums)) == 1 if len(sums) > 1 else None
        figures["engines_compared"] = len(sums)
        figures["dask_over_local"] = ratio(
            told(done["dask"], "count_cpu"), told(done["threads"], "count_cpu")
        )
        figures["pool_over_local"] = ratio(
            told(done["pool"], "count_cpu"), told(done["threads"], "count_cpu")
        )
    store, day = bench.store(bench.sizes.large), bench.day()
    if store is not None and day is not None:
        job = bench.python(
            "-m", "bench.speed.keeping", "refresh", store, day, name="refresh", limit=LONG, threads=1
        )
        took = bench.measured(f"one more day on {bench.sizes.large:,} messages", [job], rounds=1)["refresh"]
        if took is not None:
            all_of, again = took.told["scratch_cpu"], took.told["refresh_cpu"]
            clean, clean_again = took.told["scratch_clean_cpu"], took.told["refresh_clean_cpu"]
            figures["refresh_over_scratch"] = rounded(again / all_of, 4)
            figures["refresh_over_scratch_counting"] = rounded((again - clean_again) / (all_of - clean), 4)
            figures["refresh_equal"] = took.told["equal"]
    return figures


def tours(bench: Bench) -> Figures:
    """Whole tours: of files, and of a workspace, at first, again, and after one more day."""
    figures: Figures = {}
    small = bench.made(f"company-{bench.sizes.small}.parquet", "-c", SIMULATE, bench.sizes.small, None)
    files = {"tour_100k": small, "tour_r_lists": R_LISTS if R_LISTS.exists() and bench.rounds > 1 else None}
    jobs = [
        bench.python("-c", COMMAND, "tour", file, "--json", name=key) for key, file in files.items() if file
    ]
    for key, done in bench.measured("tours of files", jobs).items():
        figures |= toured(key, done)
    corpus, day = bench.corpus(bench.sizes.large), bench.day()
    if corpus is None or day is None:
        return figures
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = Path(folder) / "workspace"
        plain = [bench.untold(file) for file in (corpus, day)]
        steps = {
            "init": ("init", place),
            "ingest_1m": ("ingest", place, plain[0], "--json"),
            "tour_1m": ("tour", place, "--json"),
            "tour_1m_again": ("tour", place, "--json"),
            "ingest_day": ("ingest", place, plain[1], "--json"),
            "tour_1m_day": ("tour", place, "--json"),
        }
        jobs = [bench.python("-c", COMMAND, *step, name=name, limit=LONG) for name, step in steps.items()]
        # in this order, and once: each changes the workspace
        done = bench.measured(f"a workspace of {bench.sizes.large:,} messages", jobs, rounds=1)
    for key in ("ingest_1m", "tour_1m", "tour_1m_again", "tour_1m_day"):
        figures |= toured(key, done[key])
    return figures


def memory(bench: Bench) -> Figures:
    """Peak memory of counting in a stream, as the messages become more."""
    figures: Figures = {}
    for size in bench.sizes.memory:
        file = bench.corpus(size)
        if file is not None:
            job = bench.python(
                "-m", "bench.speed.counting", "streaming", file, name="streaming", limit=LONG, threads=1
            )
            done = bench.measured(f"{size:,} messages, {file.stat().st_size / 1e9:.2f} GB", [job], rounds=1)
            figures[f"streaming_{size}_rss_gb"] = rounded(peak(done["streaming"]))
            figures[f"streaming_{size}_cpu_s"] = rounded(cpu(done["streaming"]), 1)
    return figures


QUESTIONS = (
    "continuum", "pull", "unanswered", "landscape", "organisation", "culture", "succession", "effects", "agenda", "report",
)  # fmt: skip
PLAN = "Remote work\nSecond hand\nStore app\nIn-store pickup\nBlockchain\n"
"""Of what Marée speaks of, but for the last."""


def questions(bench: Bench) -> Figures:
    """Each question to a ready workspace of the simulated company, by what its tour takes: CPU seconds and memory."""
    size = bench.sizes.middle
    messages = bench.made(f"company-{size}.parquet", "-c", SIMULATE, size, None)
    if messages is None:
        return {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place, plan = Path(folder) / "workspace", Path(folder) / "plan.md"
        plan.write_text(PLAN)
        asked = {name: (name, place, "--json") for name in ("tour", *QUESTIONS)}
        asked["effects"] = ("effects", place, "--mark", "2024-03-01=New returns policy", "--json")
        asked["agenda"] = ("agenda", place, plan, "--date", "2024-06-01", "--json")
        ready = {
            "init": ("init", place),
            "ingest": ("ingest", place, messages, "--json"),
            "counts": asked["tour"],
        }
        jobs = [
            bench.python("-c", COMMAND, *step, name=name, limit=LONG)
            for name, step in (ready | asked).items()
        ]
        done = bench.measured(f"questions to a workspace of {size:,} messages", jobs, rounds=1)
    tour = done["tour"]
    figures: Figures = {}
    for name in QUESTIONS:
        figures[f"{name}_over_tour"] = ratio(cpu(done[name]), cpu(tour))
        figures[f"{name}_rss_over_tour"] = ratio(peak(done[name]), peak(tour))
    return figures


def toured(key: str, done: Run | None) -> Figures:
    if done is None:
        return {f"{key}_s": None, f"{key}_cpu_s": None, f"{key}_rss_gb": None}
    return {
        f"{key}_s": round(done.wall, 1),
        f"{key}_cpu_s": round(done.cpu, 1),
        f"{key}_rss_gb": round(done.peak_gb, 2),
        f"{key}_own_gb": rounded(done.told.get("own_gb")),
    }


def cpu(done: Run | None) -> float | None:
    return None if done is None else done.cpu


def peak(done: Run | None) -> float | None:
    return None if done is None else done.peak_gb


def told(done: Run | None, what: str) -> float | None:
    return None if done is None else done.told[what]


def ratio(theirs: float | None, ours: float | None) -> float | None:
    return None if theirs is None or ours is None else round(theirs / ours, 2)


def rounded(figure: float | None, digits: int = 2) -> float | None:
    return None if figure is None else round(figure, digits)


ALWAYS = (
    "sklearn_over_estran", "sklearn_rss_over_estran", "polars_over_estran", "gensim_over_kernel", "kernel_over_read",
    "kernel_over_read_1m", "match_over_read", "pycorpdiff_over_kernel", "refresh_over_scratch", "threads2_over_1",
    "dask_over_local", "engines_equal", "tour_100k_s", "tour_100k_cpu_s", "tour_100k_rss_gb", "tour_1m_s",
    "tour_1m_rss_gb",
)  # fmt: skip
"""Keys of the last line that are there even if nothing was measured."""


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m bench.speed", description="How fast Estran is.")
    asked.add_argument(
        "--only", choices=[*PARTS, "memory", "questions"], action="append", help="measure this part"
    )
    asked.add_argument("--small", action="store_true", help="few messages, one round: does it run at all?")
    asked.add_argument("--cache", type=Path, default=CACHE, help="where the messages that it makes are kept")
    asked.add_argument("--rounds", type=int, default=3, help="runs of each job")
    options = asked.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    bench = Bench(SMALL if options.small else Sizes(), options.cache, 1 if options.small else options.rounds)
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    print(f"load when it begins: {os.getloadavg()[0]:.1f}")
    figures: Figures = dict.fromkeys(ALWAYS)
    parts = {"peers": peers, "engines": engines, "tour": tours, "memory": memory, "questions": questions}
    for part in options.only or PARTS:
        figures |= parts[part](bench)
    print(f"\nload when it ends: {os.getloadavg()[0]:.1f}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
