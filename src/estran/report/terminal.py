"""The tour in a terminal: two columns where there is room, one where there is not; readable without colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.console import Group
from rich.padding import Padding
from rich.table import Table

from estran.findings import Report, Successions
from estran.report import links, notices, sentences, why
from estran.report.blocks import blocks
from estran.report.faces import face_of
from estran.report.i18n import Words
from estran.report.lines import Line, Printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType
    from rich.text import Text

    from estran.findings import Answer, Movement, Quote, Tour
    from estran.report.faces import Face

TWO_COLUMNS = 96
"""Characters from which In and Out stand side by side."""

COLOURS = {"In": "cyan", "Out": "yellow"}
MARKS = {"In": "▲", "Out": "▼"}


def to_terminal(
    found: Answer, *, language: str = "en", width: int = 100, top: int | None = 10
) -> RenderableType:
    """An answer for a terminal of `width` characters.

    Args:
        found: what is shown.
        language: of the reader.
        width: of the terminal.
        top: themes of each list, or all of them.

    Raises:
        ValueError: no report is written in that language.
    """
    words = Words(language)
    face = face_of(found)
    if face is not None:
        parts = _answer(words, found, face, top=top)
    elif isinstance(found, Successions):
        parts = _successions(words, found, width=width, top=top)
    elif isinstance(found, Report):
        parts = _tour(words, found.tour, width=width, top=top)
        for part in found.parts:
            parts += _part(words, part, top=top)
        parts += [Line(f"· {why}", "dim") for why in found.left_out.values()]
    else:
        parts = _tour(words, cast("Tour", found), width=width, top=top)
    return Printable(Group(*(Padding(part, (0, 0, 1, 0)) for part in parts)))


def _answer(words: Words, found: Answer, face: Face, *, top: int | None) -> list[RenderableType]:
    return [
        Line(face.summary(words, found), "bold"),
        *_warnings(words, found),
        *face.terminal(words, found, top),
        _read(words, found),
    ]


def _part(words: Words, part: Answer, *, top: int | None) -> Iterator[RenderableType]:
    """One of the answers that stand below a tour."""
    face = face_of(part)
    assert face is not None
    yield Line(face.title(words, part), "bold underline")
    yield Line(face.summary(words, part), "bold")
    yield from face.terminal(words, part, top)


def _tour(words: Words, tour: Tour, *, width: int, top: int | None) -> list[RenderableType]:
    two = width >= TWO_COLUMNS
    room = (width - 4) // 2 if two else width
    board = [
        _board(words, n, t, room=room, top=top) for n, t in (("In", tour.coming_in), ("Out", tour.going_out))
    ]
    if two:
        side_by_side = Table.grid(padding=(0, 4, 0, 0), expand=False)
        side_by_side.add_column(width=room)
        side_by_side.add_column(width=room)
        side_by_side.add_row(*board)
        board = [side_by_side]
    parts = [_opening(words, tour), *_warnings(words, tour), *board]
    parts += _followed(words, tour)
    parts += _normal(words, tour.become_normal, top=top)
    parts += _still(
        words,
        tour.steady,
        title=words.say("Steady"),
        told=words.say("a change as large as the last figure would have been seen"),
        top=top,
    )
    parts += _still(
        words,
        tour.too_early,
        title=words.say("Too early to say"),
        told=words.say("only a change as large as the last figure could have been seen"),
        top=top,
    )
    parts += _style(words, tour)
    parts.append(_closing(words, tour))
    return parts


def _followed(words: Words, tour: Tour) -> Iterator[RenderableType]:
    """The themes that somebody follows, whatever became of them."""
    if tour.followed:
        lines = [Line(f"  {said}") for said in sentences.followed(words, tour.followed)]
        yield Group(Line(words.say("Followed"), "bold"), *lines)


def _successions(words: Words, found: Successions, *, width: int, top: int | None) -> list[RenderableType]:
    parts: list[RenderableType] = [Line(links.summary(words, found), "bold"), *_warnings(words, found)]
    parts += [_succession(words, m, width=width) for m in found.going_out[:top]]
    parts += _more(words, found.going_out, top)
    parts.append(
        Line(
            words.say(
                "A link is a likeness that was measured, not a cause. “Superseded” is said only where people say so, "
                "or turned from the one to the other themselves."
            ),
            "dim",
        )
    )
    parts.append(_read(words, found))
    return parts


def _succession(words: Words, movement: Movement, *, width: int) -> RenderableType:
    """A theme that went out, why, and each that may have taken its place, with all that speaks for it."""
    parts: list[RenderableType] = [_heading(words, movement, colour=COLOURS["Out"])]
    wide = max(min(24, width - 24), 8)
    parts.append(_curve(words, movement, colour=COLOURS["Out"], width=wide))
    parts.append(Line(sentences.course(words, movement), "dim"))
    for reason in movement.reasons:
        holds = reason in why.held(movement)
        told = why.name(words, reason) if holds else why.verdict(words, reason)
        parts.append(Line(f"{told}. ", "bold" if holds else "dim").append(
            why.finding(words, movement, reason), "not bold" if holds else "dim"))  # fmt: skip
        if why.has_its_own_evidence(movement, reason):
            parts += [_said(words, quote) for quote in sentences.for_reader(words, reason.quotes)[:1]]
    if not movement.successors:
        parts.append(Line(words.say("No theme was found that came in its place."), "dim"))
    for link in movement.successors:
        parts.append(Line(f"→ {links.shortly(words, link)}", COLOURS["In"]))
        parts.append(Line(blocks(link.curve.share, width=wide), COLOURS["In"]))
        parts.append(Line(links.evidence(words, link), "dim"))
        parts += [_said(words, quote) for quote in sentences.for_reader(words, link.quotes)[:2]]
    return Group(*parts)


def _said(words: Words, quote: Quote) -> Line:
    return Line(sentences.quoted(words, quote), "italic")


def _normal(words: Words, themes: Sequence[Movement], *, top: int | None) -> Iterator[RenderableType]:
    if not themes:
        return
    lines = [Line(f"{words.say('Become normal')}  {words.number(len(themes))}", "bold")]
    for m in themes[:top]:
        line = Line(sentences.headline(words, m)).append(f"  {blocks(m.curve.share, width=16)}", "dim")
        line.append(f"  {words.share(m.after.value)}", "bold").append(f" ({why.seen(words, m)})", "dim")
        lines.append(line)
        lines += [Line(why.finding(words, m, reason), "dim") for reason in why.held(m)]
    yield Group(*lines, *_more(words, themes, top))


def _opening(words: Words, tour: Tour) -> Text:
    said = Line()
    styles = {"coming_in": f"bold {COLOURS['In']}", "going_out": f"bold {COLOURS['Out']}"}
    for text, column in sentences.summary(words, tour):
        said.append(text, styles.get(column, "bold"))
    return said.append("\n" + " · ".join(sentences.extent(words, tour)), "dim")


def _warnings(words: Words, found: Answer) -> Iterator[RenderableType]:
    totals = dict.fromkeys(found.coverage.periods, 0)
    for v in found.coverage.volumes:
        totals[v.period] = totals.get(v.period, 0) + v.messages
    lines = Line()
    if totals:
        told = words.say("messages per period")
        lines.append(f"{blocks(list(totals.values()), width=48)}  {told}\n", "dim")
    for grave, text in notices.notices(words, found):
        lines.append("! " if grave else "· ", "bold magenta" if grave else "dim").append(
            text + "\n", "" if grave else "dim"
        )
    lines.rstrip()
    if lines:
        yield lines


def _board(
    words: Words, name: str, themes: Sequence[Movement], *, room: int, top: int | None
) -> RenderableType:
    colour, mark = COLOURS[name], MARKS[name]
    parts: list[RenderableType] = [
        Line(f"{mark} {name}  {words.number(len(themes))}", f"bold {colour}"),
        Line("─" * room, colour),
    ]
    parts += [_theme(words, m, colour=colour, room=room) for m in themes[:top]]
    if not themes:
        parts.append(Line(words.say("Nothing that these data can show."), "dim italic"))
    return Group(*parts, *_more(words, themes, top))


def _heading(words: Words, movement: Movement, *, colour: str) -> RenderableType:
    """The name of a theme, and how much it moved."""
    first = Table.grid(expand=True, padding=(0, 2, 0, 0), pad_edge=False)
    first.add_column(overflow="fold", ratio=1)
    first.add_column(justify="right", no_wrap=True)
    names = Line(sentences.headline(words, movement), "bold")
    for _, label in sentences.other_labels(words, movement):
        names.append(f" / {label}", "dim italic")
    change = Line(words.ratio(movement.change.value), f"bold {colour}")
    change.append(f" ({words.between(movement.change, ratio=True)})", "dim not bold")
    first.add_row(names, change)
    return first


def _curve(words: Words, movement: Movement, *, colour: str, width: int) -> Line:
    curve = Line(blocks(movement.curve.share, width=width), colour)
    curve.append(f" {words.share(movement.before.value)} → ", "default")
    curve.append(words.share(movement.after.value), "bold default")
    return curve.append(f" ({words.between(movement.after)})", "dim default")


def _theme(words: Words, movement: Movement, *, colour: str, room: int) -> RenderableType:
    first = _heading(words, movement, colour=colour)
    curve = _curve(words, movement, colour=colour, width=max(min(24, room - 24), 8))
    facts = [sentences.course(words, movement)]
    facts.append(words.count("{n} person", "{n} people", movement.people))
    facts += filter(None, [sentences.by_language(words, movement.languages)])
    if movement.also:
        facts.append(words.say("said with it: {themes}", themes=", ".join(movement.also)))
    facts += filter(None, [sentences.senses(words, movement), sentences.topic(words, movement)])
    facts += [
        f"{sentences.side(words, side)} {words.share(estimate.value)}"
        for side, estimate in (("inside", movement.inside), ("outside", movement.outside))
        if estimate
    ]
    if movement.change.q is not None:
        facts.append(words.say("false-discovery rate {rate}", rate=words.rate(movement.change.q)))
    parts: list[RenderableType] = [first, curve, Line(" · ".join(facts), "dim")]
    if movement.reasons and not why.held(movement):
        parts.append(Line(words.say("Reason not established")))
    for reason in why.held(movement):
        said = Line(f"{why.name(words, reason)}. ", "bold")
        parts.append(said.append(why.finding(words, movement, reason), "not bold"))
    parts += [Line(f"→ {links.shortly(words, link)}", "dim") for link in movement.successors[:1]]
    parts += [_said(words, quote) for quote in sentences.for_reader(words, movement.quotes)[:1]]
    return Padding(Group(*parts), (0, 0, 1, 0))


def _still(
    words: Words, themes: Sequence[Movement], *, title: str, told: str, top: int | None
) -> Iterator[RenderableType]:
    if not themes:
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for m in themes[:top]:
        table.add_row(
            Line(sentences.headline(words, m)),
            Line(blocks(m.curve.share, width=16), "dim"),
            Line(words.share(m.after.value), "bold"),
            Line(words.ratio(m.detectable)),
        )
    heading = Line(f"{title}  {words.number(len(themes))}", "bold").append(f"  {told}", "dim not bold")
    yield Group(heading, table, *_more(words, themes, top))


def _more(words: Words, themes: Sequence[Movement], top: int | None) -> list[Text]:
    left = len(themes) - len(themes[:top])
    return [Line(words.count("and {n} more", "and {n} more", left), "dim")] if left > 0 else []


def _style(words: Words, tour: Tour) -> Iterator[RenderableType]:
    lists = ((words.say("heard more"), tour.style.coming_in), (words.say("heard less"), tour.style.going_out))
    if any(said for _, said in lists):
        lines = [
            Line(f"{name}: {', '.join(f'{s.label} {words.ratio(s.change.value)}' for s in said)}")
            for name, said in lists
            if said
        ]
        yield Group(Line(words.say("How people speak"), "bold"), *lines)


def _read(words: Words, found: Answer) -> Text:
    """What was read, what was left out, and what could not be read."""
    coverage = found.coverage
    said = Line(style="dim")
    said.append(
        words.say(
            "Of {read} rows read, {kept} messages were counted.", read=coverage.read, kept=coverage.kept
        )
    )
    for removal in sentences.removals(words, coverage.removed):
        said.append(f" {removal}")
    for refused in coverage.refused:
        why_not = f"{words.text(refused.why)} ({words.number(refused.rows)}; {', '.join(refused.places)})"
        said.append(f"\n! {refused.file}: {why_not}", "not dim")
    return said


def _closing(words: Words, tour: Tour) -> Text:
    told = words.say(
        "Estran reads words, not minds: a theme going Out of what people say is not proof that the thing is gone."
    )
    return _read(words, tour).append(f"\n{told}")
