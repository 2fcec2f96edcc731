"""Work on Spark, for those whose messages live beside it: `mapInArrow` over the places of pickled pieces of work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

import pyarrow as pa

from estran.errors import EngineError, SettingsError
from estran.store.engines import TRIES, Result, Task, cores, deadly, require
from estran.store.engines.environment import kept_environment, thread_limits
from estran.store.engines.outcomes import failed, outcome_of, packed, settled
from estran.store.engines.threads import at_least_one

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import TracebackType

JAVA = 17
"""The oldest Java that Spark 4 runs on."""

_LOOK = 0.1  # seconds between two looks at what has arrived
_MASTERS = r"(spark|k8s)://|yarn$|local(\[.*\])?$"
_QUIET = """
rootLogger.level = fatal
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %m%n
logger.gateway.name = org.apache.spark.api.python.PythonGatewayServer
logger.gateway.level = fatal
"""


class SparkEngine:
    """Runs work on the executors of a Spark session: the one that is active, or one of its own.

    The executors need the same Estran, and see the folders that the work reads and writes under the same paths. Nothing
    is started before there is work.
    """

    def __init__(
        self, *, master: str | None = None, workers: int | None = None, scratch: Path | None = None
    ) -> None:
        """Set the means.

        Args:
            master: "spark://host:7077", "yarn"; the active session, or else this machine, where it is not given.
            workers: processes on this machine; one per core where it is not given.
            scratch: where Spark on this machine puts its temporary files; the system's folder where it is not given.

        Raises:
            EngineError: `pyspark` is not installed.
        """
        if master is not None and workers is not None:
            raise SettingsError("a Spark master has workers of its own: leave out workers")
        if master is not None and not re.match(_MASTERS, master):
            raise SettingsError(
                f"{master!r} is no Spark master: try spark://host:7077, yarn, k8s://..., or none"
            )
        self._pyspark = require("pyspark", "spark")
        require("pandas", "spark")  # `mapInArrow` asks for it, and then does without
        self._sql = require("pyspark.sql", "spark")
        self._master = master
        self._workers = at_least_one("workers", workers)
        self._scratch = scratch
        self._started = ExitStack()
        self._session: Any = None

    def map(
        self,
        work: Callable[[Task], Result],
        tasks: Sequence[Task],
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[Result]:
        """The result of each task; see `Engine.map`."""
        pieces = [packed(work, task) for task in tasks]
        if not pieces:
            return []
        if self._session is None:
            self._session = self._sql.SparkSession.getActiveSession() or self._own_session()
        context = self._session.sparkContext
        arrived = context.accumulator([], Lists())
        sent = context.broadcast(pieces)
        # One place a partition: a Spark task of its own, begun again on its own.
        places = self._session.range(0, len(pieces), 1, len(pieces))
        done = places.mapInArrow(outcomes(sent, arrived), "place long, outcome binary")
        group = f"estran-{uuid4().hex}"

        def collected() -> pa.Table:
            context.setJobGroup(group, "pieces of work of Estran", interruptOnCancel=True)
            return done.toArrow()

        with ThreadPoolExecutor(1) as thread:
            job = thread.submit(self._pyspark.inheritable_thread_target(self._session)(collected))
            try:
                _watch(job, arrived, progress)
            except BaseException:  # Ctrl-C too
                context.cancelJobGroup(group)
                raise
            rows = self._rows(job)
        sent.destroy()
        return [settled(outcome) for outcome in rows.sort_by("place").column("outcome").to_pylist()]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session = None
        self._started.close()

    def _rows(self, job: Future[pa.Table]) -> pa.Table:
        """What a job gave."""
        try:
            return job.result()
        except Exception as error:  # Spark's own: those of the work are outcomes
            said = str(error)
            if "Python worker exited unexpectedly" in said or "ExecutorLostFailure" in said:
                raise deadly("Spark lost its worker") from error
            raise EngineError(
                f"Spark did not do the work: {said.strip().partition(os.linesep)[0]}"
            ) from error

    def _own_session(self) -> Any:
        """A session that ends with the engine."""
        check_java()
        with ExitStack() as started:
            folder = Path(
                started.enter_context(tempfile.TemporaryDirectory(prefix="estran-spark-", dir=self._scratch))
            )
            started.callback(self._end)
            builder = self._sql.SparkSession.builder.appName("estran").master(
                self._master or f"local[{self._workers},{TRIES}]"
            )
            for name, value in self._settings(folder).items():
                builder = builder.config(name, value)
            with kept_environment():
                if self._master is None:
                    os.environ["PYSPARK_PYTHON"] = sys.executable
                try:
                    session = builder.getOrCreate()
                except Exception as error:
                    raise EngineError(
                        f"Spark does not start at {self._master or 'this machine'}: {error}"
                    ) from error
            self._started = started.pop_all()
        return session

    def _settings(self, folder: Path) -> dict[str, str]:
        """What Spark is started with: no pages, no words, and on this machine nothing outside of a folder."""
        settings = {
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.adaptive.enabled": "false",  # there is nothing to adapt, and it makes a job of each step
        }
        if self._master is not None:
            return settings
        quiet = folder / "log4j2.properties"
        quiet.write_text(_QUIET, encoding="utf-8")
        limits = thread_limits(max(1, cores() // self._workers)) | {
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path))
        }
        return (
            settings
            | {f"spark.executorEnv.{name}": value for name, value in limits.items()}
            | {
                "spark.driver.host": "127.0.0.1",
                "spark.driver.bindAddress": "127.0.0.1",
                # Java only hands pieces over: to compile it well would take longer than most of the work.
                "spark.driver.extraJavaOptions": (
                    f"-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dlog4j2.configurationFile={quiet.as_uri()}"
                ),
                "spark.sql.codegen.wholeStage": "false",
                "spark.sql.codegen.factoryMode": "NO_CODEGEN",
                "spark.local.dir": str(folder),
                "spark.sql.warehouse.dir": str(folder / "warehouse"),
                "spark.sql.artifact.isolation.enabled": "false",
            }
        )

    def _end(self) -> None:
        """End the session, and the Java that was started for it."""
        session, context = self._sql.SparkSession.getActiveSession(), self._pyspark.SparkContext
        if session is not None:
            session.stop()
        gateway, context._gateway, context._jvm = context._gateway, None, None  # noqa: SLF001 - pyspark has no other way
        if gateway is not None:
            gateway.shutdown()
            gateway.proc.stdin.close()
            gateway.proc.wait()


class Lists:
    """How Spark adds up lists that come from its workers; see `pyspark.AccumulatorParam`."""

    def zero(self, value: list[bytes | None]) -> list[bytes | None]:  # noqa: ARG002 - as Spark calls it
        """The empty list."""
        return []

    def addInPlace(  # noqa: N802 - as Spark calls it
        self, value: list[bytes | None], more: list[bytes | None]
    ) -> list[bytes | None]:
        """Both lists."""
        value.extend(more)
        return value


def outcomes(sent: Any, arrived: Any) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Work for `mapInArrow`: the places of pieces -> place and outcome.

    Args:
        sent: the broadcast pieces, by their place.
        arrived: an accumulator of `Lists`: gets None for each piece that was done, the outcome of each that failed.
    """

    def each(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            places = batch.column(0)
            given = [outcome_of(sent.value[place]) for place in places.to_pylist()]
            arrived.add([outcome if failed(outcome) else None for outcome in given])
            yield pa.record_batch({"place": places, "outcome": pa.array(given, pa.binary())})

    return each


def check_java() -> None:
    """See that there is a Java that Spark can run on.

    Raises:
        EngineError: there is none, or one that is too old.
    """
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin") if home else None)
    mend = f"install Java {JAVA} or newer (on Debian: apt install openjdk-17-jre-headless) or set JAVA_HOME"
    if java is None:
        raise EngineError(f"Spark needs Java, and there is none: {mend}")
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603 - Java
    version = re.search(r'version "(\d+)', said)
    if version is None or int(version[1]) < JAVA:
        raise EngineError(f"Spark cannot run on {said.partition(os.linesep)[0] or java}: {mend}")


def _watch(job: Future[pa.Table], arrived: Any, progress: Callable[[int], None] | None) -> None:
    """Wait for a job, tell what has arrived, and raise the first error of its work."""
    told = 0
    running = True
    while running:
        running = not wait([job], timeout=_LOOK).done
        for outcome in arrived.value[told:]:
            told += 1
            if outcome is not None:
                settled(outcome)
            if progress is not None:
                progress(told)
