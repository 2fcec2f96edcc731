"""The tour as JSON: the keys of docs/reference/json.md, nothing lost, nothing rounded."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from estran.findings import Tour


def to_json(tour: Tour) -> str:
    """The tour as indented JSON; a figure that is not finite is null, as JSON has no other word for it."""
    return json.dumps(_plain(tour.to_dict()), ensure_ascii=False, allow_nan=False, indent=2, default=_odd)


def _odd(value: Any) -> Any:
    """Values of settings that JSON has no word for.

    Raises:
        TypeError: there is no plain way to write the value.
    """
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, dt.date | Path):
        return str(value)
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no place in the JSON of a tour")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value
