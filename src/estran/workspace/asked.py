"""What a user may say of a tour, told from what cannot be meant."""

from __future__ import annotations

import datetime as dt
import inspect
from typing import TYPE_CHECKING, Protocol, TypedDict, TypeVar

from estran.errors import SettingsError
from estran.findings import Notice
from estran.model import EVERYTHING, Scope, Step, unit_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from estran.analysis.corpus import Corpus
    from estran.analysis.origin import Origin
    from estran.analysis.progress import Progress
    from estran.settings import Settings
    from estran.store.engines import Engine

Found = TypeVar("Found")
Found_co = TypeVar("Found_co", covariant=True)
Function = TypeVar("Function", bound="Callable[..., object]")


class Take(Protocol[Found_co]):
    """A question asked of messages that lie on their periods: a tour, or what came in the place of what."""

    def __call__(
        self, corpus: Corpus, origin: Origin, engine: Engine, settings: Settings, *, progress: Progress
    ) -> Found_co:
        """The answer."""


class Asked(TypedDict, total=False):
    """What a user may say of any question; `Asking.tour` tells what each means."""

    step: Step | str | None
    since: dt.date | str | None
    until: dt.date | str | None
    unit: str | None
    engine: str | None
    scheduler: str | None
    workers: int | None
    settings: Settings | None
    progress: Progress | None


class AskedAnywhere(Asked, total=False):
    """What a user may say where files may be meant; `estran.tour` tells what each means."""

    columns: Mapping[str, str] | None
    inside: Sequence[str] | None
    outside: Sequence[str] | None
    day_first: bool | None


def spelled(function: Function) -> Function:
    """The same function, its `**asked` spelt out option by option for `help` and whatever else inspects it."""
    signature = inspect.signature(function)
    *own, asked = signature.parameters.values()
    options = AskedAnywhere if "AskedAnywhere" in asked.annotation else Asked
    spelt = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind.__forward_arg__)
        for name, kind in options.__annotations__.items()
    ]
    vars(function)["__signature__"] = signature.replace(parameters=[*own, *spelt])
    return function


def asked_days(
    since: dt.date | str | None, until: dt.date | str | None
) -> tuple[dt.date | None, dt.date | None]:
    """The first day and the last, where they are bounded.

    Raises:
        SettingsError: one is no day, or the first lies after the last.
    """
    first, last = asked_day(since, "since"), asked_day(until, "until")
    if first and last and first > last:
        raise SettingsError(f"no day lies between {first} (since) and {last} (until); exchange them")
    return first, last


def asked_day(day: dt.date | str | None, option: str) -> dt.date | None:
    """A day that was asked for.

    Raises:
        SettingsError: it is none.
    """
    if isinstance(day, dt.datetime):
        return day.date()
    if not isinstance(day, str):
        return day
    try:
        return dt.date.fromisoformat(day)
    except ValueError as error:
        raise SettingsError(f"{option} must be a day such as 2024-03-01, not {day!r}") from error


def asked_scope(unit: str | None) -> Scope:
    """Which messages are asked about.

    Raises:
        SettingsError: the unit is no path.
    """
    if unit is not None and not unit_path(unit):
        raise SettingsError(f"unit must be a path such as sales/north, not {unit!r}")
    return EVERYTHING if unit is None else Scope(unit_path(unit))


def asked_notices(scope: Scope) -> tuple[Notice, ...]:
    """What a reader must know about the messages that were asked about."""
    return (Notice("scope", {"unit": scope.unit}),) if scope.unit else ()


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
