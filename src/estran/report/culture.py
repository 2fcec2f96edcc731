"""What people inside say of culture and behaviour, told on every face."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table

from estran.report import sentences
from estran.report.blocks import blocks
from estran.report.cards import Cards
from estran.report.faces import Face, footnoted
from estran.report.i18n import sentence
from estran.report.lines import Line
from estran.report.plain import plain, table
from estran.report.templating import filled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markupsafe import Markup
    from rich.console import RenderableType

    from estran.findings import Culture, FamilySaid, Grows, InUnit
    from estran.report.i18n import Words

ANSWERS = {
    "more": sentence("more than elsewhere"),
    "less": sentence("less than elsewhere"),
    "alike": sentence("no difference; one of two would have been seen"),
    "cannot be told": sentence("too few people to tell"),
    "withheld": sentence("withheld"),
}
NBSP = "\N{NO-BREAK SPACE}"
SIGNS = {"more": "▲", "less": "▼"}

METHOD = (
    (
        sentence("What is counted"),
        sentence(
            "A family is a list of words, in French and English, with their plurals and the variants of your own themes. A person "
            "counts once in a family and period, however many of its words, and only for what is said inside. The list is a start: "
            "read it, and put your own families.toml into the workspace."
        ),
    ),
    (
        sentence("What is tested"),
        sentence(
            "Families are tested as themes are, over people and conversations, at {rate} false claims at most; as they are "
            "few, smaller movements can be seen than in single words."
        ),
    ),
    (
        sentence("Units"),
        sentence(
            "The share of people of a unit who said it at all in the last twelve months, against everybody else, among people who speak "
            "as much and in the same language. All units and families together hold {rate} false claims at most."
        ),
    ),
    (
        sentence("Never a person"),
        sentence(
            "Nothing is shown of fewer than 5 people, of 5 who do not, or of what subtracting two figures would tell; then a cell says "
            "withheld. Nobody is quoted from a unit."
        ),
    ),
    (
        sentence("What it is not"),
        sentence(
            "Words, not minds: people who speak of workload may have less of it than those who have stopped to. It tells what is "
            "spoken of, and where; ask people before you conclude."
        ),
    ),
)


def title(words: Words, _found: Culture) -> str:
    """What was asked."""
    return words.say("Culture and behaviour, in people's words")


def label(words: Words, family: FamilySaid) -> str:
    """What a family is called in the reader's language."""
    return sentences.headline(words, family.movement)


def summary(words: Words, found: Culture) -> str:
    """The answer in one sentence or two."""
    moved = [f for f in found.families if f.movement.change.q is not None]
    names = ", ".join(f"{label(words, f)} ({words.ratio(f.movement.change.value)})" for f in moved)
    said = {
        "family": label(words, found.families[0]),
        "share": words.share(found.families[0].movement.after.value),
    }
    most = (
        words.say("Inside, people speak most of {family}: {share} of them.", **said)
        if found.sides_known
        else words.say("People speak most of {family}: {share} of them.", **said)
    )
    if moved:
        return " ".join((most, words.say("What moved: {families}.", families=names)))
    return " ".join((most, words.say("No family moved more than chance would have it.")))


def spoken(words: Words, family: FamilySaid) -> str:
    """A family and its commonest words."""
    return words.say("{family}: {words}", family=label(words, family), words=", ".join(family.words))


def between(words: Words, found: Culture) -> str:
    """The heading of what units say."""
    return words.say("Unit by unit, since {day}", day=words.day(found.units_since))


def differences(words: Words, found: Culture) -> list[str]:
    """The differences between units that are claimed, the largest first, as sentences."""
    claimed = [
        (family, cell)
        for family in found.families
        for cell in family.units
        if cell.answer in SIGNS and cell.ratio is not None
    ]

    def size(pair: tuple[FamilySaid, InUnit]) -> float:
        ratio = pair[1].ratio.value if pair[1].ratio else 1.0
        return max(ratio, 1 / ratio) if ratio else float("inf")

    told = {
        "more": sentence("{unit} speaks more of {family} than the others: {here} of its people, {rest} elsewhere ({ratio}, {interval})."),
        "less": sentence("{unit} speaks less of {family} than the others: {here} of its people, {rest} elsewhere ({ratio}, {interval})."),
    }  # fmt: skip
    return [
        words.say(
            told[cell.answer],
            unit=cell.unit,
            family=label(words, family),
            here=words.share(cell.share.value),
            rest=words.share(cell.rest.value),
            ratio=words.ratio(cell.ratio.value),
            interval=words.between(cell.ratio, ratio=True),
        )
        for family, cell in sorted(claimed, key=size, reverse=True)
        if cell.share is not None and cell.rest is not None and cell.ratio is not None
    ]


def aside(words: Words, found: Culture) -> list[str]:
    """What a reader has to know besides: families that nobody speaks of, what is withheld, units that are left out."""
    told = []
    if not found.sides_known:
        told.append(words.say("No side is known: everything is read as said inside."))
    if found.silent:
        names = ", ".join(labels.get(words.language, name) for name, labels in found.silent)
        told.append(words.say("Fewer than 5 people speak of: {families}.", families=names))
    if not found.units and found.scope:
        told.append(
            words.say("All is said in {unit}: there is no other unit to compare it with.", unit=found.scope)
        )
    elif not found.units:
        told.append(words.say("No unit is known: nothing can be told unit by unit."))
    elif not differences(words, found):
        told.append(words.say("No difference between units is larger than chance would have it."))
    if found.withheld:
        told.append(
            words.count(
                "{n} figure of a unit is withheld, so that nobody can be told from it.",
                "{n} figures of units are withheld, so that nobody can be told from them.",
                found.withheld,
            )
        )
    if found.more_units:
        told.append(
            words.count(
                "{n} more unit, in which fewer people speak, is not shown.",
                "{n} more units, in which fewer people speak, are not shown.",
                found.more_units,
            )
        )
    return told


def cell(words: Words, of: InUnit) -> str:
    """A family in a unit, shortly."""
    if of.share is None:
        return words.say("withheld")
    sign = SIGNS.get(of.answer, "")
    return f"{sign}{NBSP if sign else ''}{words.share(of.share.value)}"


def hover(words: Words, family: FamilySaid, of: InUnit) -> str:
    """The same at length."""
    answer = words.text(ANSWERS[of.answer])
    if of.share is None or of.rest is None:
        return f"{of.unit}, {label(words, family)}: {answer}"
    return words.say(
        "{unit}, {family}: {here} ({interval}), elsewhere {rest}: {answer}",
        unit=of.unit,
        family=label(words, family),
        here=words.share(of.share.value),
        interval=words.between(of.share),
        rest=words.share(of.rest.value),
        answer=answer,
    )


def grows(words: Words, found: Culture, each: Grows) -> str:
    """A question about a theme, as a sentence."""
    names = {name: labels.get(words.language, name) for name, labels in found.silent}
    names |= {family.name: label(words, family) for family in found.families}
    return words.say(
        "{theme} ({people} people) may belong to {family}: it is near to {near}",
        theme=each.theme,
        people=each.people,
        family=names.get(each.family, each.family),
        near=each.near,
    )


def _terminal(words: Words, found: Culture, top: int | None) -> Iterator[RenderableType]:
    grid = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
    grid.add_column(words.say("family"))
    grid.add_column(words.say("curve"), no_wrap=True)
    grid.add_column(words.say("share"), no_wrap=True)
    for name in (words.say("interval"), words.say("change"), words.say("movement")):
        grid.add_column(name)
    for family in found.families:
        m = family.movement
        grid.add_row(
            Line(label(words, family), "bold"),
            blocks(m.curve.share, width=8),
            f"{words.share(m.before.value)} → {words.share(m.after.value)}",
            Line(words.between(m.after)),
            words.ratio(m.change.value),
            Line(sentences.shape(words, m)),
        )
    yield grid
    yield _listed(
        words.say("The words that most people use"), [spoken(words, f) for f in found.families if f.words]
    )
    told = differences(words, found)
    if told:
        yield _listed(between(words, found), _first(words, told, top))
    yield from (Line(said_aside, "dim") for said_aside in aside(words, found))
    if found.grows:
        asked = [f"{grows(words, found, each)} [{each.key}]" for each in found.grows]
        how = words.say("Answer with: {command}", command="estran themes accept|reject PLACE KEY")
        yield _listed(words.say("May belong to a family: yes or no?"), [*_first(words, asked, top), how])


def _listed(name: str, lines: Iterable[str]) -> Group:
    return Group(Line(name, "bold"), *(Line(f"  {line}") for line in lines))


def _first(words: Words, lines: Sequence[str], top: int | None) -> list[str]:
    """The first lines, and how many more there are."""
    left = len(lines) - len(lines[:top])
    return [*lines[:top], *([words.count("{n} more", "{n} more", left)] if left else [])]


def _markdown(words: Words, found: Culture) -> Iterator[str]:
    head = [
        words.say(n) for n in ("family", "curve", "share before", "share now", "change", "movement", "people")
    ]
    yield from table(
        head,
        (
            (
                f"**{plain(label(words, f))}**",
                blocks(f.movement.curve.share, width=16),
                words.share(f.movement.before.value),
                f"{words.share(f.movement.after.value)} ({words.between(f.movement.after)})",
                words.ratio(f.movement.change.value),
                plain(sentences.shape(words, f.movement)),
                words.number(f.movement.people),
            )
            for f in found.families
        ),
    )
    for family in found.families:
        if family.words:
            yield f"- {plain(spoken(words, family))}"
    yield ""
    if found.units:
        yield "## " + between(words, found)
        yield ""
        yield from (f"- {plain(said)}" for said in differences(words, found))
        yield ""
        yield from table(
            [words.say("unit"), words.say("people"), *(plain(label(words, f)) for f in found.families)],
            (
                (
                    plain(unit),
                    words.say("withheld") if people is None else words.number(people),
                    *(cell(words, f.units[at]) for f in found.families),
                )
                for at, (unit, people) in enumerate(found.units.items())
            ),
        )
    yield from (f"{plain(said)}  " for said in aside(words, found))
    yield ""
    if found.grows:
        yield "## " + words.say("May belong to a family: yes or no?")
        yield ""
        yield from (f"- {plain(grows(words, found, g))}: `{g.key}`" for g in found.grows)
        yield ""


def _html(words: Words, found: Culture) -> Markup:
    view = Cards(words, [family.movement for family in found.families], found)
    told = {
        "differences": differences(words, found), "aside": aside(words, found), "label": label, "cell": cell,
        "hover": hover, "grows": grows, "between": between(words, found),
    }  # fmt: skip
    return filled("culture.html", words, view=view, found=found, **told)


FACE = Face("culture", title, summary, _terminal, _markdown, _html, footnoted(METHOD))
