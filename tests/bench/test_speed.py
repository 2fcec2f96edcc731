"""What measures must not break: a failing peer is a figure that is missing, and messages are made the same each time."""

import sys

import polars as pl
from bench.speed import corpora
from bench.speed.counting import months
from bench.speed.runs import Job, Run, in_turn, median, run


def job(code, **options):
    return Job("job", [sys.executable, "-c", code], **options)


def test_a_run_tells_its_seconds_its_memory_and_its_last_line():
    done = run(job("b = bytearray(200_000_000); print('first'); print('{\"rows\": 3}')"))
    assert (done.told, done.wall >= 0, done.peak_gb >= 0.2) == ({"rows": 3}, True, True)


def test_what_its_children_took_is_in_a_run():
    spin = "import time\nwhile time.process_time() < 0.3: pass"
    done = run(
        job(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {spin!r}]); print('{{}}')")
    )
    assert done.cpu >= 0.3


def test_a_run_that_fails_or_is_late_is_a_reason_and_no_error():
    assert run(job("raise SystemExit('no such peer')")) == "exit code 1: no such peer"
    assert run(job("import time; time.sleep(60)", limit=0.2)) == "stopped after 0 s"
    assert run(job("print('no figures')")) == "its last line is no JSON"
    assert "No such file" in run(Job("absent", ["./no-such-python"]))


def test_a_job_that_fails_leaves_the_others_their_figures(capsys):
    done = in_turn([job("print('{}')"), Job("absent", ["./no-such-python"])], rounds=2)
    assert (done["absent"], done["job"].told) == (None, {})
    assert "absent: no figure" in capsys.readouterr().out


def test_the_median_of_runs_is_taken_figure_by_figure():
    runs = [
        Run(1, 5, 0.1, {"x": 1.0, "n": 2}),
        Run(3, 4, 0.3, {"x": 9.0, "n": 2}),
        Run(2, 6, 0.2, {"x": 3.0, "n": 2}),
    ]
    assert median(runs) == Run(2, 5, 0.2, {"x": 3.0, "n": 2})


def test_the_messages_of_a_corpus_are_the_same_each_time_and_in_order_of_time(tmp_path, monkeypatch):
    monkeypatch.setattr(corpora, "SHARED", tmp_path)  # simulated text only
    made, again = (pl.concat(corpora.frames(3_000)) for _ in range(2))
    assert made.equals(again)
    assert (made.height, made["id"].n_unique(), made["time"].is_sorted()) == (3_000, 3_000, True)
    made.write_parquet(tmp_path / "made.parquet")
    by_month = list(months(tmp_path / "made.parquet"))
    assert len(by_month) == made["time"].dt.strftime("%Y%m").n_unique()
    assert pl.concat(by_month)["text"].equals(made["text"])
