"""How kernels are compiled: without Python's lock, kept on disk, and only when first called.

The kernels use unsigned indices and never re-bind an array in a loop: with signed ones numba adds wrap-around to every
access, and with re-bound ones it counts references in the loop. Both together cost a factor 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., object]")


def njit(function: F) -> F:
    """A kernel, compiled on its first call."""
    return _compiled(function, inside=False)


def njit_inlined(function: F) -> F:
    """A part of a kernel that is used in its inner loops and takes numbers only: compiled into it, without a call.

    Arrays are not for it: their references would be counted at each use, in atomic operations that threads fight for.
    """
    return _compiled(function, inside=True)


def _compiled(function: F, *, inside: bool) -> F:
    options = {"nogil": True, "error_model": "numpy", "forceinline": inside}
    try:
        return cast("F", numba.njit(cache=True, **options)(function))
    except (
        RuntimeError
    ):  # neither the package nor a cache folder can be written: compiled anew in each process
        return cast("F", numba.njit(**options)(function))
