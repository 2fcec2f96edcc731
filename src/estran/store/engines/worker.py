"""A worker process: does the pieces of work that come on its input, one by one, and ends when its parent does."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import IO, TYPE_CHECKING

from estran.store.engines.outcomes import outcome_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LENGTH = struct.Struct("<Q")
_START = "import sys; sys.path[:] = sys.argv[1:]; from estran.store.engines.worker import main; main()"


class Worker:
    """A process that this one started, which does one piece of work at a time.

    It is a plain interpreter and not a child of `multiprocessing`, so a script that starts one needs no
    `if __name__ == "__main__"`, and its environment is set before anything is imported.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Start the process.

        Args:
            environment: what it adds to this process' own.
        """
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, with this process' module path
            [sys.executable, "-c", _START, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | environment,
        )

    def outcome(self, piece: bytes) -> bytes | None:
        """What a piece of work gave, or None when the process died of it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            send(self._process.stdin, piece)
        except BrokenPipeError:
            return None
        return receive(self._process.stdout)

    def kill(self) -> None:
        """End the process at once, in the middle of its work."""
        self._process.kill()

    def end(self) -> int:
        """End the process where it still runs, and forget it; its exit status, negative for a signal."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.kill()
        with suppress(BrokenPipeError):  # of what it never read
            self._process.stdin.close()
        self._process.stdout.close()
        return self._process.wait()


def send(sink: IO[bytes], message: bytes) -> None:
    """Write a message with its length before it."""
    sink.write(_LENGTH.pack(len(message)))
    sink.write(message)
    sink.flush()


def receive(source: IO[bytes]) -> bytes | None:
    """Read a message; None where the source ended, also in its middle."""
    head = source.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    message = source.read(length)
    return message if len(message) == length else None


def serve(source: IO[bytes], sink: IO[bytes], *, at_end: Callable[[], None]) -> None:
    """Do the pieces of work that come from a source, and send what they gave, until it ends.

    A thread of its own reads them: it sees the end of the source also while a piece of work is done.

    Args:
        source: pieces of work.
        sink: takes their outcomes.
        at_end: called by the thread when the source has ended.
    """
    pieces: SimpleQueue[bytes | None] = SimpleQueue()

    def read() -> None:
        while (piece := receive(source)) is not None:
            pieces.put(piece)
        pieces.put(None)
        at_end()

    Thread(target=read, daemon=True).start()
    while (piece := pieces.get()) is not None:
        send(sink, outcome_of(piece))


def main() -> None:  # pragma: no cover - replaces the input and the output of its process
    """Serve on standard input and output; what the work prints goes to standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent says what ends
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    # A worker without a parent would go on writing files that somebody else now holds the lock of.
    serve(source, sink, at_end=lambda: os._exit(0))
