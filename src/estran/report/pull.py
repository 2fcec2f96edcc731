"""Who said it first, told on every face."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from markupsafe import Markup
from rich.console import Group
from rich.table import Table

from estran.findings import Curve, First
from estran.report import charts
from estran.report.ahead import duration, in_periods, interval, lasted
from estran.report.faces import Face, footnoted
from estran.report.i18n import NOTHING, Words, sentence
from estran.report.lines import Line
from estran.report.plain import plain, table
from estran.report.sentences import headline
from estran.report.templating import filled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from estran.findings import Lead, Notice, Pull
LISTED = 40
"""Themes of a list without pictures that are named on a page; the JSON has all."""

CANNOT: Mapping[str, str] = {
    "no-sides": sentence(
        "Nobody can be said to be first: no message says whether it comes from inside or outside. "
        "Tell it with --side, --inside or --outside."
    ),
    "one-side-only": sentence(
        "Nobody can be said to be first: all messages whose side is known come from one side, and none from the other ({side})."
    ),
    "side-too-small": sentence(
        "Nobody can be said to be first: fewer than {least} people speak on one side ({side})."
    ),
    "few-common-periods": sentence(
        "Nobody can be said to be first: both sides speak in {periods} periods only, and {least} are needed. "
        "Shorter periods may help (--step)."
    ),
}
SIDES = {"inside": sentence("inside"), "outside": sentence("outside")}

ANSWERS = {
    First.OUTSIDE: sentence("outside first"),
    First.INSIDE: sentence("inside first"),
    First.CLOSE: sentence("too close to call"),
    First.UNLIKE: sentence("the sides do not move alike"),
    First.NOT_ENOUGH: sentence("not enough to tell"),
}

METHOD = (
    (
        sentence("What “first” means"),
        sentence(
            "A side is first where it shows the same movement as the other, earlier. Both must move, one curve must fit both "
            "once the lag is taken off, and two tests must agree that there is one; people are counted, each once a period. "
            "At most {rate} of the leads shown are expected to be none."
        ),
    ),
    (
        sentence("What may deceive"),
        sentence(
            "A side that is merely slower, around the same middle, is taken for one that leads in about one case of eleven; where "
            "the movement fills the whole span, in one of three. A side that begins with the other and takes longer is behind on "
            "average, and is said to be."
        ),
    ),
    (
        sentence("Only what both sides could say"),
        sentence(
            "Periods in which one side is silent, or not connected yet, are left out: they would make the other look first."
        ),
    ),
    (
        sentence("Being first is not causing"),
        sentence(
            "That customers say a thing before the organisation does is no proof that it took it from them."
        ),
    ),
)


def cannot(words: Words, why: Notice) -> str:
    """Why two sides cannot be compared."""
    facts = {name: words.text(SIDES.get(str(value), "")) or value for name, value in why.facts.items()}
    return words.say(CANNOT[why.kind], **facts)


def summary(words: Words, found: Pull) -> str:
    """Of the themes with a lead, how many came from outside."""
    if found.cannot is not None:
        return cannot(words, found.cannot)
    outside, led = len(found.told(First.OUTSIDE)), found.from_outside
    if led is None:
        return words.count(
            "Nobody is shown to be first: {n} theme moved, and no lead of a side can be told.",
            "Nobody is shown to be first: {n} themes moved, and no lead of a side can be told.",
            len(found.leads),
        )
    many = outside + len(found.told(First.INSIDE))
    return words.count(
        "Of {n} theme with a lead, {outside} came from outside: {share} ({interval}).",
        "Of {n} themes with a lead, {outside} came from outside: {share} ({interval}).",
        many,
        outside=outside,
        share=words.share(led.value),
        interval=words.between(led),
    )


def counted(words: Words, found: Pull) -> list[tuple[str, int]]:
    """Each answer and how many themes have it."""
    return [(words.text(ANSWERS[first]), len(found.told(first))) for first in First]


def _first_lists(words: Words, found: Pull) -> list[tuple[str, str, tuple[Lead, ...]]]:
    return [
        (words.say("Outside first"), "outside", found.told(First.OUTSIDE)),
        (words.say("Inside first"), "inside", found.told(First.INSIDE)),
    ]


def terminal(words: Words, found: Pull, top: int | None) -> Iterator[RenderableType]:
    """A table of those who were first, then how many themes have each other answer."""
    if found.cannot is not None:
        return
    for title, _, leads in _first_lists(words, found):
        grid = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
        grid.add_column(overflow="fold")
        grid.add_column()
        grid.add_column(style="dim")
        for lead in leads[:top]:
            q = words.say("false-discovery rate {rate}", rate=_q(words, lead))
            grid.add_row(Line(headline(words, lead), "bold"), Line(lasted(words, lead.time)), Line(q))
        head = Line(f"{title}  {words.number(len(leads))}", "bold cyan" if leads else "bold")
        more = (
            [Line(words.count("and {n} more", "and {n} more", len(leads) - top), "dim")]
            if top and len(leads) > top
            else []
        )
        yield Group(head, grid, *more) if leads else head
    close = found.told(First.CLOSE)[:top]
    if close:
        lines = [Line(f"  {headline(words, lead)}: {within(words, lead)}", "dim") for lead in close]
        yield Group(
            Line(f"{words.say('Too close to call')}  {words.number(len(found.told(First.CLOSE)))}", "bold"),
            *lines,
        )
    yield Line(spoken(words, found), "dim")
    yield Line(words.text(METHOD[1][1]), "dim")


def spoken(words: Words, found: Pull) -> str:
    """How many themes have each answer, and in which periods both sides speak."""
    told = " · ".join(f"{name} {words.number(many)}" for name, many in counted(words, found))
    if not found.periods:
        return told
    span = " – ".join(words.period(period) for period in found.periods)
    return words.say(
        "{told}. Compared: {many} periods in which both sides speak, {span}; lags of up to {longest} periods were tried.",
        told=told[:1].upper() + told[1:],
        many=found.compared,
        span=span,
        longest=words.number(found.longest),
    )


def within(words: Words, lead: Lead) -> str:
    """How large a lead might be that is not shown."""
    if lead.time is None:
        return NOTHING
    outside = _at_most(words, lead.time.high, lead.time.unit)
    inside = _at_most(words, -lead.time.low, lead.time.unit)
    return words.say("outside ahead by {outside}, inside by {inside}", outside=outside, inside=inside)


def _at_most(words: Words, end: float, unit: str) -> str:
    if not math.isfinite(end):
        return words.text("any length that was tried")
    return words.say("{length} at most", length=duration(words, max(end, 0.0), unit))


def _q(words: Words, lead: Lead) -> str:
    return words.rate(lead.ahead.q) if lead.ahead and lead.ahead.q is not None else NOTHING


def markdown(words: Words, found: Pull) -> Iterator[str]:
    """Tables of those who were first, and the rest in one."""
    if found.cannot is not None:
        return
    for title, _, leads in _first_lists(words, found):
        yield f"## {title}"
        yield ""
        if not leads:
            yield words.say("Nothing that these data can show.")
            yield ""
            continue
        head = (
            words.say("theme"), words.say("ahead by"), words.say("periods"), words.say("people outside"),
            words.say("people inside"), words.say("false-discovery rate"),
        )  # fmt: skip
        yield from table(head, (_row(words, lead) for lead in leads))
    close = found.told(First.CLOSE)
    if close:
        yield f"## {words.say('Too close to call')}"
        yield ""
        yield from (f"- **{plain(headline(words, lead))}**: {within(words, lead)}" for lead in close[:LISTED])
        yield ""
    yield plain(spoken(words, found))
    yield ""


def _row(words: Words, lead: Lead) -> tuple[str, ...]:
    return (
        f"**{plain(headline(words, lead))}**",
        lasted(words, lead.time),
        in_periods(words, lead.ahead),
        words.number(lead.outside) if lead.outside is not None else words.say("withheld"),
        words.number(lead.inside) if lead.inside is not None else words.say("withheld"),
        _q(words, lead),
    )


def html(words: Words, found: Pull) -> Markup:
    """Leads as intervals on one axis, outside first to the left, with their curves; then the rest by name."""
    lists = _first_lists(words, found)
    shown = [lead for _, _, leads in lists for lead in leads]
    return filled(
        "pull.html",
        words,
        found=found,
        lists=lists,
        shown=shown,
        far=_far(shown, found.longest),
        told=_Told(words),
        close=found.told(First.CLOSE),
        listed=LISTED,
    )


def _far(shown: Sequence[Lead], longest: float) -> float:
    """Periods at the ends of the axis."""
    ends = [
        abs(end)
        for lead in shown
        if lead.ahead
        for end in (lead.ahead.low, lead.ahead.high)
        if math.isfinite(end)
    ]
    return max([*ends, 1.0]) if ends else longest or 1.0


def _of_its_peak(curve: Curve) -> Curve:
    """A curve as a part of its largest share: each side has its own level."""
    peak = max((s for s in curve.share if math.isfinite(s)), default=0.0) or 1.0
    share = tuple(s / peak for s in curve.share)
    return Curve(curve.periods, share, share, share, curve.people)


class _Told:
    """What the template asks for."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def label(self, lead: Lead) -> str:
        return headline(self._words, lead)

    def answer(self, lead: Lead) -> str:
        return self._words.text(ANSWERS[lead.first])

    def lasted(self, lead: Lead) -> str:
        return lasted(self._words, lead.time)

    def within(self, lead: Lead) -> str:
        return within(self._words, lead)

    def periods(self, lead: Lead) -> str:
        return in_periods(self._words, lead.ahead)

    def q(self, lead: Lead) -> str:
        return _q(self._words, lead)

    def spoken(self, found: Pull) -> str:
        return spoken(self._words, found)

    def interval(self, lead: Lead, far: float) -> Markup:
        return interval(
            lead.ahead,
            far=far,
            label=self.sentence(lead),
            css="inside" if lead.first is First.INSIDE else "outside",
        )

    def curves(self, lead: Lead) -> Markup:
        outside, inside = lead.outside_curve, lead.inside_curve
        if outside is None or inside is None:
            return Markup("")
        label = self._words.say(
            "{theme}: share of the people outside (dashed) and inside (solid), per period",
            theme=self.label(lead),
        )
        return charts.overlay(_of_its_peak(outside), _of_its_peak(inside), label=label)

    def sentence(self, lead: Lead) -> str:
        return f"{self.label(lead)}: {self.answer(lead)}, {self.lasted(lead)}"


FACE = Face(
    name="pull",
    title=lambda words, _: words.say("Who said it first"),
    summary=summary,
    terminal=terminal,
    markdown=markdown,
    html=html,
    method=footnoted(METHOD),
)
