"""Worker processes: what goes over the wire, and that they never outlive the one who started them."""

import io
import os
import pickle
import signal
import subprocess
import sys
from queue import SimpleQueue

import pytest
from engine_processes import running, until

from estran.errors import EngineError
from estran.store.engines.outcomes import outcome_of, packed, settled
from estran.store.engines.pool import PoolEngine, Run
from estran.store.engines.worker import Worker, receive, send, serve

PARENT = """
import sys
from estran.store.engines.pool import PoolEngine
with PoolEngine(workers=2) as engine:  # no `if __name__ == "__main__"` is needed
    engine.map(exec, [f"import os, time; open({sys.argv[1]!r} + f'/{{os.getpid()}}', 'w').close(); time.sleep(60)"] * 4)
"""


class UnreturnableError(Exception):
    """Can be pickled, but not made again."""

    def __reduce__(self):
        return int, ("no number",)


def fails_for_good(number):
    raise UnreturnableError(f"line {number}: no date")


def message(content):
    stream = io.BytesIO()
    send(stream, content)
    return stream.getvalue()


def test_messages_follow_each_other_on_a_stream():
    stream = io.BytesIO(message(b"one") + message(b"") + message(b"three"))
    assert [receive(stream) for _ in range(4)] == [b"one", b"", b"three", None]


@pytest.mark.parametrize("length", [0, 3, 8, 10])
def test_a_message_cut_off_is_none(length):
    assert receive(io.BytesIO(message(b"one")[:length])) is None


def test_a_worker_answers_in_order_until_the_source_ends():
    source = io.BytesIO(b"".join(message(packed(abs, number)) for number in (-3, 4)))
    sink, ends = io.BytesIO(), []
    serve(source, sink, at_end=lambda: ends.append("end"))
    answers = io.BytesIO(sink.getvalue())
    assert [settled(receive(answers)) for _ in range(2)] == [3, 4]
    assert until(lambda: ends == ["end"])


def test_work_that_cannot_be_loaded_is_an_error_of_the_work():
    nowhere = pickle.dumps((abs, 1)).replace(b"builtins", b"buildins")
    with pytest.raises(ModuleNotFoundError, match="buildins"):
        settled(outcome_of(nowhere))


def test_leaving_the_work_is_an_error_of_the_work():
    with pytest.raises(SystemExit):
        settled(outcome_of(packed(sys.exit, 3)))


def test_an_error_that_cannot_be_made_again_is_told_in_its_words():
    with pytest.raises(EngineError, match=r"^UnreturnableError: line 3: no date\nIn the worker:\n") as raised:
        settled(outcome_of(packed(fails_for_good, 3)))
    assert "in fails_for_good" in raised.value.__notes__[0]


def test_a_dead_worker_has_no_outcome():
    worker = Worker({})
    worker.kill()
    assert worker.outcome(b"x" * 1_000_000) is None
    assert worker.outcome(b"x" * 1_000_000) is None
    assert worker.end() == -signal.SIGKILL


def test_workers_are_kept_for_the_next_map_and_ended_with_the_engine():
    with PoolEngine(workers=1) as engine:
        first = engine.map(eval, ["__import__('os').getpid()"])
        assert engine.map(eval, ["__import__('os').getpid()"]) == first
        assert running(first) == first
    assert running(first) == []


def test_an_engine_can_be_entered_again():
    engine = PoolEngine(workers=1)
    for _ in range(2):
        with engine:
            assert engine.map(abs, [-1]) == [1]


def test_a_map_that_is_given_up_begins_no_work(tmp_path):
    idle = SimpleQueue()
    idle.put(None)
    run = Run(idle, {})
    run.stop()
    with pytest.raises(EngineError):
        run.result(packed(os.mkdir, tmp_path / "begun"))
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_cannot_be_started_is_an_error_each_time(monkeypatch):
    with PoolEngine(workers=1) as engine:
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
        for _ in range(2):
            with pytest.raises(FileNotFoundError):
                engine.map(abs, [-1])


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_workers_end_with_their_parent(tmp_path, how):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], start_new_session=True, stderr=subprocess.PIPE
    )
    assert until(lambda: len(list(tmp_path.iterdir())) == 2)
    if how == signal.SIGINT:
        os.killpg(parent.pid, how)  # as a terminal does: to the whole group
    else:
        parent.kill()
    errors = parent.communicate(timeout=20)[1].decode()
    workers = [int(path.name) for path in tmp_path.iterdir()]
    assert until(lambda: not running(workers))
    assert (len(workers), errors.count("Traceback")) == (2, 1 if how == signal.SIGINT else 0)
