"""Findings as tables: a data frame, and what a notebook shows."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from estran.findings.why import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import polars as pl

    from estran.findings.tour import Movement, Successions, Tour


def board(tour: Tour) -> pl.DataFrame:
    """One row per theme on the board."""
    import polars as pl  # noqa: PLC0415  findings must stay light to import

    rows = [
        {
            "column": column,
            "id": m.id,
            "label": m.label,
            "shape": m.shape.value,
            "before": m.before.value,
            "after": m.after.value,
            "change": m.change.value,
            "change_low": m.change.low,
            "change_high": m.change.high,
            "q": m.change.q,
            "since": m.since.value if m.since else None,
            "people": m.people,
            "messages": m.messages,
            "detectable": m.detectable,
            "reason": _held(m) or None,
            "successor": m.successors[0].label if m.successors else None,
            "topic": m.topic.id if m.topic else None,
            "languages": [{"language": code, "messages": n} for code, n in m.languages.items()],
        }
        for column in ("coming_in", "going_out", "steady", "too_early", "become_normal", "followed")
        for m in getattr(tour, column)
    ]
    return pl.DataFrame(rows, schema=_board_schema(), orient="row")


def links(found: Successions) -> pl.DataFrame:
    """One row per link, the likeliest of each theme first."""
    import polars as pl  # noqa: PLC0415  findings must stay light to import

    rows = [
        {
            "earlier": m.label,
            "later": link.label,
            "level": link.level.value,
            "score": link.score,
            "precision": link.precision.value,
            "switches": link.switches,
            "switches_back": link.switches_back,
            "switchers": link.switchers,
            "earlier_id": m.id,
            "later_id": link.id,
        }
        for m in found.going_out
        for link in m.successors
    ]
    text, number, count = pl.String, pl.Float64, pl.Int64
    schema = {"earlier": text, "later": text, "level": text, "score": number, "precision": number, "switches": count,
              "switches_back": count, "switchers": count, "earlier_id": text, "later_id": text}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def shown(tour: Tour) -> str:
    """The two lists of the board as a plain HTML table."""
    made, read = tour.provenance, tour.coverage
    lists = (("In", tour.coming_in), ("Out", tour.going_out))
    rows = "".join(_row(name, m) for name, themes in lists for m in themes)
    return (
        f"<table><caption>Estran tour, {made.since} to {made.until}: {read.kept:,} messages of {made.people:,} "
        f"people, {made.tested:,} themes tested; {_seen(tour.steady, 'steady', 'would', max)}, "
        f"{_seen(tour.too_early, 'too early to say', 'could', min)}</caption><thead><tr>{_cells(_HEADINGS, 'th')}</tr></thead><tbody>{rows}</tbody></table>"
    )


_HEADINGS = ("", "theme", "how", "share of people", "change", "since", "why", "people")


def _row(name: str, m: Movement) -> str:
    share = f"{m.before.value:.1%} \N{RIGHTWARDS ARROW} {m.after.value:.1%}"
    change = f"{_times(m.change.value)} ({_times(m.change.low)} to {_times(m.change.high)})"
    since = ""
    if m.since:
        span = m.since.low if m.since.low == m.since.high else f"{m.since.low} to {m.since.high}"
        since = m.since.value or span
    why = _held(m) or ("reason not established" if m.reasons else "")
    return (
        f"<tr>{_cells((name, m.label, m.shape.value, share, change, since, why, f'{m.people:,}'), 'td')}</tr>"
    )


def _held(m: Movement) -> str:
    return ", ".join(reason.why.value for reason in m.reasons if reason.verdict is Verdict.HOLDS)


def _times(ratio: float) -> str:
    """A ratio as every face writes it: times 4, or divided by 4, a hundredfold at most."""
    sign, size = (
        ("\N{MULTIPLICATION SIGN}", ratio) if ratio >= 1 else ("\N{DIVISION SIGN}", 1 / max(ratio, 1e-9))
    )
    return f"{sign}100+" if size >= 99.5 else f"{sign}{size:.2g}"


def _seen(
    themes: Sequence[Movement], what: str, might: str, least: Callable[[Iterable[float]], float]
) -> str:
    """How many themes did not move, and the change that these data would or could have shown."""
    told = f"{len(themes)} {what}"
    if not themes:
        return told
    return f"{told} (a change of {_times(least(m.detectable for m in themes))} {might} have been seen)"


def _cells(texts: tuple[str, ...], tag: str) -> str:
    return "".join(f"<{tag}>{html.escape(text)}</{tag}>" for text in texts)


def _board_schema() -> dict[str, Any]:
    import polars as pl  # noqa: PLC0415

    text, number, count = pl.String, pl.Float64, pl.Int64
    return {
        "column": text,
        "id": text,
        "label": text,
        "shape": text,
        "before": number,
        "after": number,
        "change": number,
        "change_low": number,
        "change_high": number,
        "q": number,
        "since": text,
        "people": count,
        "messages": count,
        "detectable": number,
        "reason": text,
        "successor": text,
        "topic": text,
        "languages": pl.List(pl.Struct({"language": text, "messages": count})),
    }
