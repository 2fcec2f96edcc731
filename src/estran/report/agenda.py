"""What a plan announced, and what people made of it, told on every face."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table

from estran.findings import Uptake
from estran.report import sentences
from estran.report.blocks import blocks
from estran.report.cards import Cards
from estran.report.faces import Face, footnoted
from estran.report.i18n import NOTHING, sentence
from estran.report.lines import Line
from estran.report.plain import plain, table
from estran.report.templating import filled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markupsafe import Markup
    from rich.console import RenderableType

    from estran.findings import Agenda, AnnouncedTheme, Notice
    from estran.report.i18n import Words

ANSWERS = {
    Uptake.TAKEN_UP: sentence("Taken up"),
    Uptake.SAID_LESS: sentence("Said less"),
    Uptake.ANYWAY: sentence("Spoken of anyway"),
    Uptake.FLAT: sentence("Fell flat"),
    Uptake.UNSEEN: sentence("Could not have been seen"),
    Uptake.SPOKEN: sentence("Spoken of"),
    Uptake.NEVER: sentence("Never said"),
}

MEANINGS = {
    Uptake.TAKEN_UP: sentence(
        "from the announcement on, more people say it than their own past and other themes explain"
    ),
    Uptake.SAID_LESS: sentence(
        "from the announcement on, fewer people say it than their own past and other themes explain"
    ),
    Uptake.ANYWAY: sentence("people said it before and go on; twice as many would have been seen"),
    Uptake.FLAT: sentence("at most one person in a hundred says it"),
    Uptake.UNSEEN: sentence("too few people or periods around the day to tell"),
    Uptake.SPOKEN: sentence("people say it; as no day is known, not because it was announced"),
    Uptake.NEVER: sentence("nobody says it in these words"),
}

NOTICES = {
    "plan-refused": sentence("{file}: entries that could not be read: {rows}."),
    "plan-long": sentence("The plan names many themes: {themes} that it names least are left out."),
    "plan-outside": sentence(
        "{day}: six periods do not fit on both sides of that day in what is said ({first} to {last}). No effect can be told."
    ),
}

PLACES = {"line": sentence("line {n}"), "slide": sentence("slide {n}"), "page": sentence("page {n}")}

METHOD = (
    (
        sentence("What is announced"),
        sentence(
            "The themes of the corpus that the plan names, by any of their variants, acronyms and counterparts in the other "
            "language; and phrases of the plan that are no theme, counted in the singular and plural. Words of register and dates are left out."
        ),
    ),
    (
        sentence("Taken up"),
        sentence(
            "Six periods before the day and six after it, person by person: a step beyond a straight line through all of them, held "
            "against the themes of like size that nobody announced. Of all that are said to be taken up, or said less, {rate} are "
            "expected to be false. A step at a day is no proof that the announcement made it."
        ),
    ),
    (
        sentence("Not taken up"),
        sentence(
            "“Spoken of anyway” is only said where a doubling would have been seen; “fell flat” where the upper bound is below "
            "one person in a hundred; else it “could not have been seen”."
        ),
    ),
    (
        sentence("Installed themselves"),
        sentence(
            "Themes that are coming In or have come to stay on the tour of the same days, and that no line of the plan names, nor a "
            "longer or shorter form of them."
        ),
    ),
    (
        sentence("Share of voice"),
        sentence(
            "Of all that people speak of (a person and a theme in a period count once), the part of announced themes."
        ),
    ),
)


def title(words: Words, _found: Agenda) -> str:
    """What was asked."""
    return words.say("What was announced, and what people made of it")


def summary(words: Words, found: Agenda) -> str:
    """The answer in two or three sentences."""
    told = [
        words.count(
            "{file} announces {n} theme.", "{file} announces {n} themes.", len(found.themes), file=found.file
        )
    ]
    taken = [sentences.headline(words, each) for each in found.themes if each.answer is Uptake.TAKEN_UP]
    never = sum(each.answer is Uptake.NEVER for each in found.themes)
    if taken:
        told.append(words.say("Taken up: {themes}.", themes=", ".join(taken)))
    elif found.days and found.step:
        told.append(words.say("Of none can it be said that people took it up."))
    if never:
        told.append(words.count("{n} is never said.", "{n} are never said.", never))
    if found.installed:
        names = ", ".join(sentences.headline(words, m) for m in found.installed[:3])
        told.append(words.say("Came In without being announced: {themes}.", themes=names))
    return " ".join(told)


def voice(words: Words, found: Agenda) -> str:
    """How much of all that is spoken of was announced; empty where nothing is."""
    if found.voice is None:
        return ""
    now = f"{words.share(found.voice.value)} ({words.between(found.voice)})"
    if found.voice_before is None:
        return words.say("Of all that people speak of, announced themes make {now}.", now=now)
    before = f"{words.share(found.voice_before.value)} ({words.between(found.voice_before)})"
    return words.say(
        "Of all that people speak of, announced themes made {before} before the first day, and make {now} from it on.",
        before=before,
        now=now,
    )


def notices(words: Words, found: Agenda) -> list[str]:
    """What has to be known of the plan."""
    told = [_notice(words, each) for each in found.notices]
    if not found.days:
        told.append(
            words.say("The plan says no day: what is spoken of is told, and no effect claimed (--date DAY).")
        )
    return told


def _notice(words: Words, of: Notice) -> str:
    facts = {
        k: words.day(v) if isinstance(v, str) and k in {"day", "first", "last"} else v
        for k, v in of.facts.items()
    }
    return words.say(NOTICES[of.kind], **facts)


def groups(found: Agenda) -> list[tuple[Uptake, list[AnnouncedTheme]]]:
    """The themes by what became of them, in order."""
    return [
        (answer, own)
        for answer in Uptake
        if (own := [each for each in found.themes if each.answer is answer])
    ]


def name(words: Words, answer: Uptake) -> str:
    """An answer in a word or two."""
    return words.text(ANSWERS[answer])


def meaning(words: Words, answer: Uptake) -> str:
    """What an answer means."""
    return words.text(MEANINGS[answer])


def shares(words: Words, theme: AnnouncedTheme) -> str:
    """The share of people before and after, or over the whole span."""
    if theme.after is None:
        return words.say("fewer than 5 people")
    after = f"{words.share(theme.after.value)} ({words.between(theme.after)})"
    if theme.before is None:
        return after
    return f"{words.share(theme.before.value)} ({words.between(theme.before)}) → {after}"


def _shortly(words: Words, theme: AnnouncedTheme) -> str:
    """The same where there is little room."""
    if theme.after is None or theme.before is None:
        return shares(words, theme)
    after = f"{words.share(theme.after.value)} ({words.between(theme.after)})"
    return f"{words.share(theme.before.value)} → {after}"


def step(words: Words, theme: AnnouncedTheme) -> str:
    """By how much it rose or fell at the day, or what could have been seen."""
    if theme.ratio is None:
        return NOTHING
    return f"{words.ratio(theme.ratio.value)} ({words.between(theme.ratio, ratio=True)})"


def seen(words: Words, theme: AnnouncedTheme) -> str:
    """The smallest step that would have been seen."""
    return NOTHING if theme.detectable is None else words.ratio(theme.detectable)


def people(words: Words, theme: AnnouncedTheme) -> str:
    """How many say it."""
    return words.say("fewer than 5") if theme.people is None else words.number(theme.people)


def _terminal(words: Words, found: Agenda, top: int | None) -> Iterator[RenderableType]:
    yield from (Line(f"· {told}", "dim") for told in notices(words, found))
    for answer, own in groups(found):
        head = Line(name(words, answer), "bold").append(f"  {meaning(words, answer)}", "dim")
        if answer is Uptake.NEVER:
            yield Group(
                head, Line("  " + _listed(words, [sentences.headline(words, each) for each in own], top))
            )
            continue
        grid = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
        for column in (
            words.say("theme"),
            words.say("share of people"),
            words.say("step"),
            words.say("could be seen"),
        ):
            grid.add_column(column)
        for each in own[:top]:
            grid.add_row(
                Line(sentences.headline(words, each)),
                Line(_shortly(words, each)),
                Line(step(words, each)),
                seen(words, each),
            )
        left = len(own) - len(own[:top])
        more = (Line("  " + words.count("{n} more", "{n} more", left), "dim"),) if left else ()
        yield Group(head, grid, *more)
    if found.installed:
        lines = [
            Line(
                f"  {sentences.headline(words, m)}  {words.share(m.before.value)} → {words.share(m.after.value)} ({words.ratio(m.change.value)})"
            )
            for m in found.installed[:top]
        ]
        yield Group(Line(words.say("Installed themselves, though nobody announced them"), "bold"), *lines)
    if voice(words, found):
        yield Line(voice(words, found))


def _listed(words: Words, names: Sequence[str], top: int | None) -> str:
    left = len(names) - len(names[:top])
    said = ", ".join(names[:top])
    return said + (f" … {words.count('{n} more', '{n} more', left)}" if left else "")


def _markdown(words: Words, found: Agenda) -> Iterator[str]:
    yield from (f"> {plain(told)}  " for told in notices(words, found))
    yield ""
    for answer, own in groups(found):
        yield f"## {name(words, answer)}"
        yield ""
        yield f"*{plain(meaning(words, answer))}*"
        yield ""
        if answer is Uptake.NEVER:
            yield from (
                f"- {plain(sentences.headline(words, each))} ({plain(places(words, each))})" for each in own
            )
            yield ""
            continue
        head = [
            words.say("theme"), words.say("announced"), words.say("share of people"), words.say("step"),
            words.say("could be seen"), words.say("people"),
        ]  # fmt: skip
        yield from table(
            head,
            (
                (
                    f"**{plain(sentences.headline(words, each))}**",
                    plain(_when(words, each)),
                    shares(words, each),
                    step(words, each),
                    seen(words, each),
                    people(words, each),
                )
                for each in own
            ),
        )
        for each in own:
            yield from (
                f"> {plain(sentences.quoted(words, q))} ({plain(q.source)}, {words.day(q.date)})  "
                for q in each.quotes
            )
        yield ""
    if found.installed:
        yield "## " + words.say("Installed themselves, though nobody announced them")
        yield ""
        head = [
            words.say("theme"),
            words.say("curve"),
            words.say("share before"),
            words.say("share now"),
            words.say("change"),
        ]
        yield from table(
            head,
            (
                (
                    f"**{plain(sentences.headline(words, m))}**",
                    blocks(m.curve.share, width=16),
                    words.share(m.before.value),
                    f"{words.share(m.after.value)} ({words.between(m.after)})",
                    words.ratio(m.change.value),
                )
                for m in found.installed
            ),
        )
    if voice(words, found):
        yield plain(voice(words, found))
        yield ""


def places(words: Words, theme: AnnouncedTheme) -> str:
    """Where the plan names a theme."""
    told = (place.split(" ", 1) for place in theme.places)
    return ", ".join(
        words.text(PLACES[kind]).format(n=number) if kind in PLACES else kind for kind, number in told
    )


def _when(words: Words, theme: AnnouncedTheme) -> str:
    where = places(words, theme)
    return f"{words.day(theme.day)}, {where}" if theme.day else where


def _html(words: Words, found: Agenda) -> Markup:
    told = {
        "groups": groups(found), "name": name, "meaning": meaning, "shares": shares, "step": step,
        "seen": seen, "people": people, "when": _when, "places": places, "notices": notices(words, found), "voice": voice(words, found),
    }  # fmt: skip
    view = Cards(words, found.installed, found)
    return filled("agenda.html", words, view=view, found=found, **told)


FACE = Face("agenda", title, summary, _terminal, _markdown, _html, footnoted(METHOD))
