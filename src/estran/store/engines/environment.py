"""The environment of processes, on their way into workers."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def thread_limits(threads: int) -> dict[str, str]:
    """The environment of a worker that may use so many threads; to be there before its libraries are loaded."""
    names = ("POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    return dict.fromkeys(names, str(threads)) | {"NUMBA_NUM_THREADS": "1"}


@contextmanager
def kept_environment() -> Iterator[None]:
    """The environment variables of this process are afterwards as they were before."""
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in set(os.environ) - set(before):
            del os.environ[name]
        os.environ.update(before)
