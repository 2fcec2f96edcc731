"""A tour held against the truth."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from estran.errors import SettingsError
from estran.simulate.curves import Curve
from estran.simulate.truth import Planted, Truth, folded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estran.findings import Movement, Since, Tour


@dataclass(frozen=True, slots=True)
class Score:
    """How much of the truth a tour found, and what it claimed beside it.

    Attributes:
        recall: share of the moving themes that stand in the right column, 0-1.
        false_discovery_proportion: share of all claims that are false: traps, wrong directions, and what does not move.
        found: names of the themes in the right column, folded into another one's card or not.
        missed: names of the moving themes that stand in neither column.
        called_steady: those of `missed` that the tour calls steady.
        wrong_direction: names of the themes in the wrong column.
        traps_taken: kind of trap -> labels shown as In or Out because of it.
        false: labels of other claims about what does not move.
        companions: labels that move only because a planted theme does: claims that are not false, and find nothing.
        shape_accuracy: share of the themes found on their own card with the planted shape, or None where none is found.
        turn_error_periods: mean distance of the dates to the nearest planted turn, or None where no date is given.
        turn_coverage: share of the date intervals that hold a planted turn, or None where no interval is given.
    """

    recall: float
    false_discovery_proportion: float
    found: tuple[str, ...]
    missed: tuple[str, ...]
    called_steady: tuple[str, ...]
    wrong_direction: tuple[str, ...]
    traps_taken: tuple[tuple[str, str], ...]
    false: tuple[str, ...]
    companions: tuple[str, ...]
    shape_accuracy: float | None
    turn_error_periods: float | None
    turn_coverage: float | None


def score(tour: Tour, truth: Truth, *, at_least: int = 0) -> Score:
    """What a tour found of the truth, and what it claimed beside it.

    A claim is a card in the In or the Out column. It is about a planted theme if one of its variants is a form of it,
    accents, case and hyphens apart; it is true as well if such a theme is folded into it (`also`), and counts once,
    whatever is folded in. Shapes and dates are those of the themes that have a card of their own. Established, emerging, rising and returning themes belong to In; falling and
    peaked ones to Out. Themes listed as steady or too early claim nothing, so they count for recall only.

    Args:
        tour: what was found.
        truth: what was planted.
        at_least: only planted themes held by so many messages count for recall.
    """
    known = {
        folded(form): theme for theme in truth.themes for forms in theme.forms.values() for form in forms
    }
    right: dict[str, tuple[Planted, Movement]] = {}
    folded_in: dict[str, Planted] = {}
    true = 0
    wrong: list[str] = []
    traps: list[tuple[str, str]] = []
    false: list[str] = []
    companions: list[str] = []
    for rises, movement in [(True, m) for m in tour.coming_in] + [(False, m) for m in tour.going_out]:
        forms = {folded(form) for form in (*movement.variants, movement.label)}
        theme = next((known[form] for form in sorted(forms) if form in known), None)
        others = [known[form] for form in map(folded, movement.also) if form in known]
        beside = {other.name: other for other in others if _rises(other) == rises}
        if theme is not None and _rises(theme) == rises:
            true += 1  # one theme may be claimed in each language
            right.setdefault(theme.name, (theme, movement))
        elif theme is not None and _rises(theme) is not None:
            wrong.append(theme.name)
        elif theme is not None:
            false.append(movement.label)
        elif beside:
            true += 1
        elif any(_follows(forms, other, rises=rises) for other in truth.themes):
            companions.append(movement.label)
        elif kind := _trap(forms, truth):
            traps.append((kind, movement.label))
        else:
            false.append(movement.label)
        folded_in |= beside

    moving = [
        theme.name for theme in truth.themes if _rises(theme) is not None and theme.messages >= at_least
    ]
    found = list(dict.fromkeys((*right, *folded_in)))
    missed = [name for name in moving if name not in found and name not in wrong]
    steady = {known[form].name for m in tour.steady for form in map(folded, m.variants) if form in known}
    errors = len(wrong) + len(traps) + len(false)
    shapes = [movement.shape is theme.shape for theme, movement in right.values()]
    starts = [_start(label) for label in tour.coverage.periods]
    dated = [
        (_turn_periods(theme, starts), m.since) for theme, m in right.values() if m.since and theme.turns
    ]
    distances = [min(abs(turn - _period(s.value, starts)) for turn in turns) for turns, s in dated if s.value]
    return Score(
        recall=sum(name in found for name in moving) / max(len(moving), 1),
        false_discovery_proportion=errors / max(errors + true + len(companions), 1),
        found=tuple(found),
        missed=tuple(missed),
        called_steady=tuple(name for name in missed if name in steady),
        wrong_direction=tuple(wrong),
        traps_taken=tuple(traps),
        false=tuple(false),
        companions=tuple(companions),
        shape_accuracy=_mean(shapes),
        turn_error_periods=_mean(distances),
        turn_coverage=_mean(any(_holds(s, turn, starts) for turn in turns) for turns, s in dated),
    )


def _rises(theme: Planted) -> bool | None:
    return Curve(theme.shape).rises if theme.ratio > 1 else None


def _follows(forms: Iterable[str], theme: Planted, *, rises: bool) -> bool:
    """Whether words move because a theme does: of its own sentences, part of its name, or around its name."""
    if _rises(theme) != rises:
        return False
    names = [folded(name) for written in theme.forms.values() for name in written]
    return any(
        not theme.companions.isdisjoint((form, *_parts(form)))
        or any(_within(form, name) or _within(name, form) for name in names)
        for form in forms
    )


def _parts(form: str) -> set[str]:
    """The phrases of three words and more in a form."""
    words = form.split()
    return {" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 3, len(words) + 1)}


def _trap(forms: Iterable[str], truth: Truth) -> str | None:
    laid = [
        (trap.kind, piece)
        for trap in truth.traps
        for form in trap.forms
        for piece in re.split(r"\{\w+\}", form)
    ]
    return next((kind for kind, piece in laid if any(_within(form, folded(piece)) for form in forms)), None)


def _within(part: str, whole: str) -> bool:
    return f" {part} " in f" {whole} "


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return sum(listed) / len(listed) if listed else None


def _turn_periods(theme: Planted, starts: list[dt.date]) -> list[int]:
    """Periods of the planted turns, on the side that leads and on the side that follows."""
    later = [turn + dt.timedelta(days=round(theme.lag_years * 365.25)) for turn in theme.turns if theme.leads]
    return [max(bisect_right(starts, turn) - 1, 0) for turn in (*theme.turns, *later)]


def _period(label: str | None, starts: list[dt.date]) -> int:
    return bisect_right(starts, _start(label or "")) - 1


def _holds(since: Since, turn: int, starts: list[dt.date]) -> bool:
    return _period(since.low, starts) <= turn <= _period(since.high, starts)


def _start(label: str) -> dt.date:
    """First day of a period written 2025, 2025-H1, 2025-Q3, 2025-03 or 2025-W07."""
    parts = re.fullmatch(r"(\d{4})(?:-([HQW]?)(\d{1,2}))?", label)
    if parts is None:
        raise SettingsError(f"{label!r} is no label of a period")
    year, kind, number = int(parts[1]), parts[2], int(parts[3] or 1)
    if kind == "W":
        return dt.date.fromisocalendar(year, number, 1)
    return dt.date(year, (number - 1) * {"H": 6, "Q": 3}.get(kind, 1) + 1, 1)
