"""Findings as JSON: the keys of docs/reference, nothing lost, nothing rounded."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from estran.findings import Answer, Plain


def to_json(found: Answer | Plain | Sequence[Plain]) -> str:
    """A finding, or a list of them, as indented JSON; a figure that is not finite is null, as JSON has no word for it."""
    plain = [each.to_dict() for each in found] if isinstance(found, Sequence) else found.to_dict()
    return json.dumps(_plain(plain), ensure_ascii=False, allow_nan=False, indent=2, default=_odd)


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
