"""The `estran` command without its start: a process that has imported all of it, and is doubled for each command.

    python -m bench.torture.warm

It reads a command a line (JSON) and does it in a child of its own, made by fork before any thread of Polars or
delta-rs runs, in a group of processes of its own. The child runs `estran.cli.main` as the real command does; only the
two seconds of importing are not done anew. It answers twice: the child's id, and how it ended.

Parts of a file and blocks of a corpus are made a few hundred messages small here, so that few messages have many of both.
"""

from __future__ import annotations

import importlib
import json
import mmap
import os
import pickle
import signal
import sys
import traceback
from contextlib import suppress
from functools import partial

from numba.core.dispatcher import Dispatcher

import estran.cli
import estran.workspace
from estran.sources.tables import Table
from estran.store.blocks import blocks_of
from estran.store.counts import Counts

PART_ROWS = 150
small_blocks = partial(blocks_of, whole=300, most=500, bucket=100)
TOUCHES = frozenset({"open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "os.truncate"})


def make_small() -> None:
    """A part of a file has few rows, and a block few messages: as if the corpus were hundreds of times larger."""
    Table.read.__kwdefaults__["batch_rows"] = PART_ROWS
    Counts.__init__.__kwdefaults__["layout"] = small_blocks


class Watch:
    """What a child touches in a folder, told to its parent: how often, and the last place."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, 4096)

    def begin(self, folder: str, last: int) -> None:
        """From now on (in the child) every touch is noted; at the `last` one the whole group of processes is killed."""
        self._folder, self._last, self._touches = folder, last, 0
        sys.addaudithook(self._note)

    def told(self) -> dict[str, int | str]:
        """How often the child touched files, and what it touched last."""
        touches, _, last = self._shared[:].rstrip(b"\0").decode("utf-8", "replace").partition(" ")
        self._shared[:] = bytes(4096)
        return {"touches": int(touches or 0), "last": last}

    def _note(self, event: str, arguments: tuple[object, ...]) -> None:
        if event not in TOUCHES:
            return
        place = (
            os.path.abspath(os.fsdecode(arguments[0]))  # noqa: PTH100  at every touch
            if isinstance(arguments[0], (str, bytes, os.PathLike))
            else ""
        )
        if not place.startswith(self._folder + os.sep):
            return
        self._touches += 1
        told = f"{self._touches} {place[len(self._folder) + 1 :]}".encode()[:4000]
        self._shared[:] = told + bytes(4096 - len(told))
        if self._touches == self._last:
            os.killpg(0, signal.SIGKILL)


def kernels() -> dict[str, Dispatcher]:
    """The compiled kernels of all modules that are imported."""
    return {
        f"{name}.{attribute}": kernel
        for name, module in sorted(sys.modules.items())
        if name.startswith("estran.")
        for attribute, kernel in vars(module).items()
        if isinstance(kernel, Dispatcher)
    }


def do(command: dict[str, object], learnt: int) -> int:
    """One command, in a child; its exit code."""
    os.chdir(command["folder"])
    for stream, file in ((1, command["printed"]), (2, command["said"])):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), stream)
    if command["arguments"][0] == "refresh":  # a tour without its statistics, which write nothing
        estran.workspace.open(command["arguments"][1]).refresh()
        code = 0
    else:
        code = estran.cli.main(command["arguments"])
    sys.stdout.flush()
    if command["learn"]:
        known = {name: kernel.signatures for name, kernel in kernels().items() if kernel.signatures}
        with os.fdopen(learnt, "wb") as out:
            pickle.dump((sorted(sys.modules), known), out)
    return code


def learn(pipe: int) -> None:
    """What a first child imported and compiled, so that later ones need not."""
    with os.fdopen(pipe, "rb") as source:
        told = source.read()
    if not told:
        return
    modules, known = pickle.loads(told)
    for name in modules:
        if name not in sys.modules and name.split(".")[0] in {
            "estran",
            "deltalake",
            "pyarrow",
            "jinja2",
            "babel",
            "scipy",
        }:
            importlib.import_module(name)
    for name, kernel in kernels().items():
        for signature in set(known.get(name, ())) - set(kernel.signatures):
            kernel.compile(signature)  # from the cache on the disk


def serve() -> None:
    """Answer commands until there are no more."""
    watch = Watch()
    answer = os.fdopen(os.dup(1), "w", buffering=1)
    for line in sys.stdin:
        command = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            code = 70
            try:
                os.setpgid(0, 0)
                os.close(reading)
                devnull = os.open(os.devnull, os.O_RDONLY)
                os.dup2(devnull, 0)
                watch.begin(command["watched"], command["touch"])
                code = do(command, writing)
            except BaseException:  # noqa: BLE001  told, and the child ends
                traceback.print_exc()
            finally:
                os._exit(code)
        os.close(writing)
        with suppress(OSError):  # the child may have been faster
            os.setpgid(child, child)
        answer.write(json.dumps({"child": child}) + "\n")
        learn(reading)
        _, status = os.waitpid(child, 0)
        answer.write(json.dumps({"code": os.waitstatus_to_exitcode(status), **watch.told()}) + "\n")


if __name__ == "__main__":
    make_small()
    serve()
