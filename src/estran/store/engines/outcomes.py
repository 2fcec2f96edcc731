"""Pieces of work as bytes, to be sent to a worker, and what they gave, to be sent back."""

from __future__ import annotations

import pickle
import traceback
from typing import TYPE_CHECKING, Any

from estran.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from estran.store.engines import Task


def packed(work: Callable[[Task], object], task: Task) -> bytes:
    """A piece of work, pickled.

    Raises:
        pickle.PicklingError, AttributeError, TypeError: the work is no function of a module, or the task holds what
            cannot leave this process.
    """
    return pickle.dumps((work, task))


def outcome_of(piece: bytes) -> bytes:
    """Do a piece of work: whether it succeeded, and its result or its error, pickled."""
    try:
        work, task = pickle.loads(piece)  # noqa: S301 - comes from the process that started this one
        return pickle.dumps((True, work(task)))
    except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to the caller
        return _failed(error)


def failed(outcome: bytes) -> bool:
    """Whether a piece of work raised an error."""
    succeeded, _ = pickle.loads(outcome)  # noqa: S301 - made by this process
    return not succeeded


def settled(outcome: bytes) -> Any:
    """The result of a piece of work, or its error, raised again."""
    succeeded, value = pickle.loads(outcome)  # noqa: S301 - comes from a worker of this process
    if not succeeded:
        raise value
    return value


def _failed(error: BaseException) -> bytes:
    """The outcome of work that raised an error; where the worker was then is added as a note."""
    trace = "In the worker:\n" + "".join(traceback.format_exception(error)).rstrip()
    error.add_note(trace)
    try:
        outcome = pickle.dumps((False, error))
        pickle.loads(outcome)  # noqa: S301 - some errors can be pickled, but not be made again
    except Exception:  # noqa: BLE001 - pickling runs code of the error's class
        stand_in = EngineError(f"{type(error).__name__}: {error}")
        stand_in.add_note(trace)
        outcome = pickle.dumps((False, stand_in))
    return outcome
