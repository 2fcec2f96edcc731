# ruff: noqa: FBT002, PLR0913, PLR0917  the options of a command line have names
"""The commands that ask something of messages: a tour, and what came in the place of what."""

import inspect
from collections.abc import Callable
from typing import Any

from estran.cli.options import (
    AuthorColumn,
    CalendarOption,
    DateOption,
    DayFirst,
    EngineOption,
    EnvironmentsOption,
    FamiliesOption,
    HtmlOption,
    IdColumn,
    InsideRule,
    JsonOption,
    LanguageColumn,
    LanguageOption,
    MarkdownOption,
    MarksOption,
    OutsideRule,
    Places,
    SchedulerOption,
    ScopeOption,
    SideColumn,
    SinceOption,
    SourceColumn,
    StepOption,
    TextColumn,
    ThemesOption,
    ThreadColumn,
    TimeColumn,
    TitleColumn,
    TopOption,
    UnitColumn,
    UnitOption,
    UntilOption,
    WorkersOption,
    reader_language,
)
from estran.cli.terminal import check_places, show, shown


def _asking(name: str, says: str, **own: Any) -> Callable[..., None]:
    """A command that asks something of files or of a workspace: all of them can be told the same.

    Args:
        name: of the function of the workspace.
        says: what it tells.
        own: options that it has besides, each with its type.
    """

    def asked(
        files: Places,
        step: StepOption = None,
        since: SinceOption = None,
        until: UntilOption = None,
        unit: UnitOption = None,
        language: LanguageOption = None,
        top: TopOption = None,
        as_json: JsonOption = False,
        html: HtmlOption = None,
        markdown: MarkdownOption = None,
        text: TextColumn = None,
        time: TimeColumn = None,
        author: AuthorColumn = None,
        side: SideColumn = None,
        source: SourceColumn = None,
        unit_column: UnitColumn = None,
        thread: ThreadColumn = None,
        title: TitleColumn = None,
        message_language: LanguageColumn = None,
        message_id: IdColumn = None,
        day_first: DayFirst = None,
        inside: InsideRule = None,
        outside: OutsideRule = None,
        engine: EngineOption = None,
        scheduler: SchedulerOption = None,
        workers: WorkersOption = None,
        **besides: Any,
    ) -> None:
        told = {
            "text": text, "time": time, "author": author, "side": side, "source": source, "unit": unit_column,
            "thread": thread, "title": title, "language": message_language, "id": message_id,
        }  # fmt: skip
        language = language or reader_language()
        check_places(html, markdown, files=files)
        from estran import workspace  # noqa: PLC0415

        with shown(quiet=as_json, language=language) as progress:
            found = getattr(workspace, name)(
                *files,
                step=step,
                since=since,
                until=until,
                unit=unit,
                columns={name: column for name, column in told.items() if column is not None},
                inside=inside or (),
                outside=outside or (),
                day_first=day_first,
                engine=engine,
                scheduler=scheduler,
                workers=workers,
                settings=workspace.settings(*files, top=top),
                progress=progress,
                **{option: value for option, value in besides.items() if value is not None},
            )
        show(found, language=language, as_json=as_json, html=html, markdown=markdown)

    asked.__name__, asked.__doc__ = name, says
    common = inspect.signature(asked)
    options = [
        inspect.Parameter(option, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for option, kind in own.items()
    ]
    named = [p for p in common.parameters.values() if p.kind is not inspect.Parameter.VAR_KEYWORD]
    vars(asked)["__signature__"] = common.replace(parameters=[*named, *options])
    return asked


tour = _asking(
    "tour", "Tell what is coming In and what is going Out in files of dated messages, or in a workspace."
)
succession = _asking(
    "succession", "Tell what came in the place of what went Out, and who says so, in files or in a workspace."
)
organisation = _asking(
    "organisation",
    "Tell what each unit says more, or less, than the rest of what it lies in, in files or in a workspace.",
)

culture = _asking(
    "culture",
    "Tell what people inside say of culture and behaviour, over time and unit by unit, never of a person.",
    families=FamiliesOption,
)

pull = _asking(
    "pull",
    "Tell who said each theme first, customers or the organisation, and by how long, in files or in a workspace.",
)

agenda = _asking(
    "agenda",
    "Tell what people took up of a programme or plan, named last (text, CSV, calendar, slides, PDF), and what came In without it.",
    date=DateOption,
)


effects = _asking(
    "effects",
    "Tell what decisions moved, and what could have been seen of it, in files or in a workspace.",
    marks=MarksOption,
    calendar=CalendarOption,
    scope=ScopeOption,
    themes=ThemesOption,
)
landscape = _asking(
    "landscape",
    "Tell what is said in which kind of tool, and what crosses from one to another, in files or in a workspace.",
    environments=EnvironmentsOption,
)


report = _asking(
    "everything",
    "Tell all that files or a workspace can answer: the tour, and every other question, on one page.",
)
report.__name__ = "report"

continuum = _asking(
    "continuum",
    "Tell which side says a theme more, the inside or the outside, whether the gap closes, and how coherent both are.",
)
unanswered = _asking(
    "unanswered",
    "Tell what customers raise that nobody inside takes up, and what the inside speaks of that no customer does.",
)


def demo(
    language: LanguageOption = None,
    top: TopOption = None,
    as_json: JsonOption = False,
    html: HtmlOption = None,
    markdown: MarkdownOption = None,
) -> None:
    """Take the tour of a simulated company, in French and English, whose truth is known."""
    language = language or reader_language()
    check_places(html, markdown)
    from estran import workspace  # noqa: PLC0415

    with shown(quiet=as_json, language=language) as progress:
        found = workspace.demo(settings=workspace.settings(top=top), progress=progress)
    show(found, language=language, as_json=as_json, html=html, markdown=markdown)
