"""How fast Estran is: `make bench-speed`, or `python -m bench.speed [messages]`.

The counting kernel beside reading the file it counts (`bench.speed.kernel`), then the whole tour of a file in a process
of its own: wall seconds from the command to the board, CPU seconds, and peak memory. The last line is JSON.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.speed.corpora import short_messages
from bench.speed.kernel import measure
from estran.simulate import company

ROUNDS = 3
SCRIPT = """
import resource, sys
from estran.cli import app
app(sys.argv[1:], standalone_mode=False)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


def tour(file: Path) -> dict[str, float]:
    """The whole command on a file, as a user runs it: the median of a few runs, the first of them unmeasured."""
    command = [sys.executable, "-c", SCRIPT, "tour", str(file), "--json"]
    runs = []
    for _ in range(ROUNDS + 1):
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=True, text=True)
        wall = time.perf_counter() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        runs.append((wall, cpu, int(done.stderr.split()[-1]) / 1e6))
    wall, cpu, peak = sorted(runs[1:])[ROUNDS // 2]
    board = json.loads(done.stdout)
    print(
        f"\n{file.name}: {board['coverage']['kept']:,} messages kept, {board['provenance']['tested']:,} themes tested"
    )
    print(f"tour {wall:6.1f} s wall {cpu:6.1f} CPU s   peak memory {peak:.2f} GB")
    return {"wall": wall, "cpu": cpu, "peak_gb": peak}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "company.parquet"
        company(seed=0, messages=count).messages.write_parquet(file)
        whole = tour(file)
        data = Path(__file__).resolve().parents[3] / "shared" / "data" / "r_lists.parquet"
        long = tour(data) if data.exists() else None
        figures = measure("short", short_messages(count), Path(folder))
    figures |= {"tour_100k_s": round(whole["wall"], 1), "tour_100k_cpu_s": round(whole["cpu"], 1),
                "tour_100k_rss_gb": round(whole["peak_gb"], 2)}  # fmt: skip
    if long:
        figures |= {
            "tour_r_lists_s": round(long["wall"], 1),
            "tour_r_lists_rss_gb": round(long["peak_gb"], 2),
        }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
