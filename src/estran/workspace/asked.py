"""What a user may say of a tour, told from what cannot be meant."""

from __future__ import annotations

import datetime as dt

from estran.errors import SettingsError
from estran.model import Step


def asked_days(
    since: dt.date | str | None, until: dt.date | str | None
) -> tuple[dt.date | None, dt.date | None]:
    """The first day and the last, where they are bounded.

    Raises:
        SettingsError: one is no day, or the first lies after the last.
    """
    first, last = _day(since, "since"), _day(until, "until")
    if first and last and first > last:
        raise SettingsError(f"no day lies between {first} (since) and {last} (until); exchange them")
    return first, last


def _day(day: dt.date | str | None, option: str) -> dt.date | None:
    if isinstance(day, dt.datetime):
        return day.date()
    if not isinstance(day, str):
        return day
    try:
        return dt.date.fromisoformat(day)
    except ValueError as error:
        raise SettingsError(f"{option} must be a day such as 2024-03-01, not {day!r}") from error


def asked_step(step: Step | str | None) -> Step | None:
    """The length of a period, where it is told.

    Raises:
        SettingsError: there is no such step.
    """
    if step is None:
        return None
    try:
        return Step(step)
    except ValueError as error:
        raise SettingsError(f"step must be one of {', '.join(Step)}, not {step!r}") from error
