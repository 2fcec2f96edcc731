"""What is told of themes as such, as sentences and small tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table

from estran.report import notices, sentences
from estran.report.i18n import Words, sentence
from estran.report.lines import Line, Printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from estran.findings import (
        Because,
        Edited,
        Rebuilt,
        Suggestion,
        Theme,
        ThemeEvent,
        ThemeLog,
        Themes,
        ThemeShown,
    )

RULES: dict[str, str] = {
    "commonest": sentence("the commonest form"),
    "followed": sentence("followed by hand"),
    "by hand": sentence("by hand ({shown})"),
    "written alike": sentence("written as in another language: {shown}"),
    "link": sentence("the same words, linked otherwise: {shown}"),
    "joined": sentence("the same, in one word or in several: {shown}"),
    "spelling": sentence("another spelling: {shown}"),
    "accent": sentence("the accents: {shown}"),
    "lemma": sentence("the same word in the dictionary: {shown}"),
    "verb": sentence("forms of a verb: {shown}"),
    "ending": sentence("a plural or a feminine: {shown}"),
    "chain": sentence("through other words of the corpus: {shown}"),
    "translation": sentence("a translation: {shown}"),
    "glossary": sentence("a translation, by the glossary: {shown}"),
    "company": sentence("written as in another language, and said beside the same themes: {shown}"),
    "acronym": sentence("an acronym and its words: {shown}"),
    "told by itself": sentence("in messages that spell it out so: {shown}"),
    "told by its conversation": sentence("in conversations that spell it out so: {shown}"),
    "told by its words": sentence("where the words near it tell: {shown}"),
    "untold": sentence("the acronym, where nothing tells"),
}
"""Why a variant belongs to its theme, by rule."""

EVENTS: dict[str, str] = {
    "born": sentence("{theme} is new"),
    "split": sentence("{theme} parted from {parents}"),
    "merged": sentence("{parents} went into {theme}"),
    "gone": sentence("{theme} is said no more"),
    "back": sentence("{theme} is back"),
    "rebuilt": sentence("all themes were found anew"),
    "topic-born": sentence("the topic {theme} is new"),
    "topic-born, parents": sentence("the topic {theme} is new, out of {parents}"),
    "topic-retired": sentence("the topic {theme} is no more"),
    "topic-retired, parents": sentence("the topic {theme} is no more; its messages are in {parents}"),
    "topic-split": sentence("the topic {theme} was split from {parents}, by hand"),
    "topic-merged": sentence("the topic {parents} went into the topic {theme}, by hand"),
    "topic-parted": sentence("the topic {theme} parted from {parents} again"),
    "topic-rebuilt": sentence("all topics were found anew"),
}
"""What became of a theme or a topic; the second sentence of a kind is for those that have parents."""

KINDS: dict[str, str] = {
    "acronym": sentence("{other} may stand for {one}"),
    "sense": sentence("{other} may stand for {one} wherever nothing tells"),
    "wording": sentence("{one} and {other}, which have one acronym, may say the same"),
    "spelling": sentence("{other} may be {one}, spelt otherwise"),
    "translation": sentence("{one} ({language}) and {other} ({other_language}) may say the same"),
}
"""Why two themes may be one."""

MARKS: dict[str, str] = {
    "pinned": sentence("pinned"),
    "ignored": sentence("ignored"),
    "followed": sentence("followed"),
}

TOP = 20
SUGGESTED = 5


def listed(language: str, found: Themes, *, top: int | None = TOP, path: str) -> RenderableType:
    """The themes of a workspace, what may be one, and what no longer fits."""
    words = Words(language)
    number = words.count("{n} theme", "{n} themes", len(found.themes))
    corrections = words.count("{n} correction", "{n} corrections", found.corrections)
    parts: list[RenderableType] = [
        Line(
            words.say(
                "{themes}, {corrections}, until {day}", themes=number, corrections=corrections, day=words.day(found.until)
            ),
            "bold",
        )
    ]  # fmt: skip
    parts += [Line(f"! {notices.notice(words, notice)}") for notice in found.notices]
    shown = found.themes[:top]
    # what is pinned, ignored or followed is shown however rare
    shown += tuple(theme for theme in found.themes[len(shown) :] if theme.marks)
    parts += [Line(), _table(words, shown)]
    left = len(found.themes) - len(shown)
    if left:
        parts.append(Line(words.count("and {n} more", "and {n} more", left), "dim"))
    if found.suggestions:
        parts += [Line(), Line(words.say("May be one theme"), "bold")]
        parts += [Line(line) for line in _suggested(words, found.suggestions, top=top, path=path)]
    return Printable(Group(*parts))


def _table(words: Words, themes: Sequence[Theme]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    heads = (words.say("theme"), words.say("people"), words.say("messages"), "id")
    table.add_row(*(Line(head, "dim") for head in heads))
    for theme in themes:
        marks = "".join(f" ({words.text(MARKS[mark])})" for mark in theme.marks)
        name = sentences.headline(words, theme)
        people, messages = words.number(theme.people), words.number(theme.messages)
        table.add_row(Line(name + marks), Line(people), Line(messages), Line(theme.id, "dim"))
        others = " / ".join(dict.fromkeys(label for label in theme.labels.values() if label != name))
        along = "; ".join(filter(None, [others, sentences.per_language(words, theme.languages)]))
        for line in filter(None, (along, sentences.senses(words, theme))):
            table.add_row(Line(f"  {line}", "dim"))
    return table


def _suggested(
    words: Words, suggestions: Sequence[Suggestion], *, top: int | None, path: str
) -> Iterator[str]:
    shown = suggestions if top is None else suggestions[:SUGGESTED]
    for each in shown:
        template = KINDS.get(each.kind, KINDS["spelling"])
        one, other = (sentences.tongue(words, named.split(":")[0]) for named in (each.one, each.other))
        said = words.say(template, one=each.label, other=each.other_label, language=one, other_language=other)
        yield f"· {said}  [{each.key}]"
    if len(suggestions) > len(shown):
        more = len(suggestions) - len(shown)
        yield words.count("and {n} more", "and {n} more", more)
    yield words.say(
        "Yes: {yes}; no: {no}",
        yes=f'estran themes accept {path} "{shown[0].key}"', no=f'estran themes reject {path} "{shown[0].key}"',
    )  # fmt: skip


def shown(language: str, found: ThemeShown) -> RenderableType:
    """One theme, its variants with their reasons, and its history."""
    words = Words(language)
    theme = found.theme
    people = words.count("{n} person", "{n} people", theme.people)
    messages = words.count("{n} message", "{n} messages", theme.messages)
    marks = "".join(f", {words.text(MARKS[mark])}" for mark in theme.marks)
    lines = [
        f"{sentences.headline(words, theme)}: {people}, {messages}{marks}",
        f"{theme.id}, {words.day(theme.first)} – {words.day(theme.last)}",
    ]
    lines += filter(None, [sentences.by_language(words, theme.languages), sentences.senses(words, theme)])
    lines += [_because(words, variant) for variant in found.variants]
    lines += [_event(words, event) for event in found.history]
    return Printable(Group(*(Line(line, "bold" if n == 0 else "") for n, line in enumerate(lines))))


def _because(words: Words, variant: Because) -> str:
    reason = words.say(RULES.get(variant.rule, "{shown}"), shown=variant.shown).rstrip(" \N{NO-BREAK SPACE}:")
    return f"· {variant.form} ({sentences.tongue(words, variant.language)}): {reason}"


def log(language: str, found: ThemeLog) -> RenderableType:
    """What became of themes, oldest first."""
    words = Words(language)
    if not found.events:
        return _lines(words.say("Nothing is known of themes yet: a tour writes them down."))
    return _lines(*(_event(words, event) for event in found.events))


def _event(words: Words, event: ThemeEvent) -> str:
    day = words.day(event.date)
    if not event.id and event.kind == "born":
        first = words.count("{n} theme, the first ones", "{n} themes, the first ones", event.themes)
        return f"{day}: {first}"
    if not event.id and event.kind == "topic-born":
        first = words.count("{n} topic, the first ones", "{n} topics, the first ones", event.themes)
        return f"{day}: {first}"
    parents = ", ".join(event.parent_labels) or words.say("a theme that was forgotten")
    with_parents = f"{event.kind}, parents"
    kind = with_parents if event.parents and with_parents in EVENTS else event.kind
    return f"{day}: {words.say(EVENTS[kind], theme=event.label, parents=parents)} {event.id}".rstrip()


def edited(language: str, found: Edited, *, path: str) -> RenderableType:
    """What was written down, and when it holds."""
    words = Words(language)
    said = ", ".join(found.words)
    if found.verb == "undo":
        left = words.count("{n} correction is left", "{n} corrections are left", found.corrections)
        return _lines(
            words.say("Taken back: {verb} {words}; {left}.", verb=found.undone, words=said, left=left)
        )
    written = words.say(
        "Written down in {file}, line {line}: {verb} {words}.",
        file=found.file, line=found.line, verb=found.verb, words=said,
    )  # fmt: skip
    follows = {"topics": "topics", "families": "culture"}.get(found.about, "tour")
    return _lines(written, words.say("Next: {command}", command=f"estran {follows} {path}"))


def rebuilt(language: str, found: Rebuilt) -> RenderableType:
    """How many themes there are, and how many of them are the same as before."""
    words = Words(language)
    number = words.count("{n} theme", "{n} themes", found.themes)
    lines = [words.say("{themes} found anew; {kept} have the id they had.", themes=number, kept=found.kept)]
    return _lines(*lines, *(_event(words, event) for event in found.events[:TOP]))


def _lines(*lines: str) -> Printable:
    return Printable(Group(*map(Line, lines)))
