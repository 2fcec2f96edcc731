"""What is asked of messages, wherever they lie: each question is said here, once.

A workspace answers as it is (`Workspace.pull`); `estran.workspace.anywhere` makes of each method the function that is
asked of files or of a workspace (`estran.pull`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from estran.analysis.agenda import agenda
from estran.analysis.continuum import continuum
from estran.analysis.culture import culture
from estran.analysis.effects import effects
from estran.analysis.environments import landscape
from estran.analysis.everything import everything
from estran.analysis.ground import asked_of_ground
from estran.analysis.kinds import told_kinds
from estran.analysis.organisation import organisation
from estran.analysis.pull import pull
from estran.analysis.successions import succession
from estran.analysis.tour import tour
from estran.analysis.unanswered import unanswered
from estran.errors import SettingsError
from estran.sources.plans import read_plan
from estran.text.families import families as families_of
from estran.workspace import markfile
from estran.workspace.asked import Asked, asked_day, spelled
from estran.workspace.marking import asked_marks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import Unpack

    from estran.analysis.ground import Ground
    from estran.findings import (
        Agenda,
        Continuum,
        Culture,
        Effects,
        Landscape,
        Organisation,
        Pull,
        Report,
        Successions,
        Tour,
        Unanswered,
    )
    from estran.model import Mark
    from estran.workspace.asked import Found, Take


@dataclass(frozen=True, slots=True)
class Own:
    """Files that lie beside the messages and are meant where a question names no other.

    Attributes:
        families: of words of culture and behaviour.
        environments: what kind of tool each source is.
        marks: what was decided when; it need not be there.
    """

    families: Path | None = None
    environments: Path | None = None
    marks: Path | None = None


class Asking(ABC):
    """Messages that can be asked: those of files, or of a workspace.

    Each question takes what `tour` takes, and raises what `tour` raises.
    """

    @abstractmethod
    def _found(self, question: Take[Found], **asked: Unpack[Asked]) -> Found:
        """The answer to a question about messages that lie on their periods."""

    @property
    @abstractmethod
    def _own(self) -> Own:
        """What lies beside the messages."""

    def _answer(self, question: Callable[[Ground], Found], **asked: Unpack[Asked]) -> Found:
        """The answer to a question about the themes of messages."""
        return self._found(asked_of_ground(question), **asked)

    @spelled
    def tour(self, **asked: Unpack[Asked]) -> Tour:
        """What is coming In and what is going Out.

        Args:
            step: length of a period: week, month, quarter, half, year; by default chosen from the span and the volume.
            since: first day to look at.
            until: last day to look at.
            unit: path of the part of the organisation to look at, with all that lies below it.
            engine: of a workspace, where counting runs: "threads" (the default), "pool", "dask" or "spark".
            scheduler: of a workspace, address of a Dask scheduler, "tcp://host:8786"; by default a cluster of this machine.
            workers: of a workspace, threads or processes that count; by default what the settings or the cores say.
            settings: by default those of the workspace, or of the `estran.toml` here, and of the environment.
            progress: told about each stage.

        Raises:
            InputError: a file cannot be used; `ColumnsError` and `NotEnoughError` say how.
            SettingsError: an option has a value that it cannot have.
            WorkspaceError: the workspace cannot be opened or written.
        """
        return self._answer(tour, **asked)

    @spelled
    def succession(self, **asked: Unpack[Asked]) -> Successions:
        """What went out, and what came in its place.

        Args:
            asked: the rest, as `tour` takes it.
        """
        return self._answer(succession, **asked)

    @spelled
    def organisation(self, **asked: Unpack[Asked]) -> Organisation:
        """What each unit says more, or less, than the rest of what it lies in.

        Args:
            asked: the rest, as `tour` takes it; `unit` is what the units lie in.
        """
        unit = asked.pop("unit", None)
        return self._answer(partial(organisation, unit=unit), **asked)

    @spelled
    def everything(self, **asked: Unpack[Asked]) -> Report:
        """The tour, and every other question that the messages can answer, from one count.

        Args:
            asked: the rest, as `tour` takes it.
        """
        own = self._own
        question = partial(
            everything,
            marks=markfile.read(own.marks) if own.marks else (),
            families=families_of(own.families),
            kinds=told_kinds(own.environments),
        )
        return self._answer(question, **asked)

    @spelled
    def culture(self, *, families: str | Path | None = None, **asked: Unpack[Asked]) -> Culture:
        """What people inside say of culture and behaviour, over time and unit by unit.

        Args:
            families: file of families of words; by default `families.toml` of the workspace, or what is shipped.
            asked: the rest, as `tour` takes it.
        """
        question = partial(culture, families=families_of(families or self._own.families))
        return self._answer(question, **asked)

    @spelled
    def effects(
        self,
        *,
        marks: Sequence[Mark | str] = (),
        calendar: str | Path | None = None,
        scope: str = "",
        themes: Sequence[str] = (),
        **asked: Unpack[Asked],
    ) -> Effects:
        """What each decision moved: moved, did not move, or could not have been seen.

        ::

            es.effects("messages.parquet", marks=["2024-03-01=New returns policy"], themes=["returns"])

        Args:
            marks: `Mark`, or a day and a label; of a workspace by default those that it keeps.
            calendar: a CSV or iCalendar file of more marks.
            scope: whom the marks that are written as text concern: a unit, "side=outside", "source=crm".
            themes: that they should move; by default all themes are asked.
            asked: the rest, as `tour` takes it.
        """
        own = self._own.marks
        if own is None or marks or calendar is not None:
            told = asked_marks(marks, calendar=calendar, scope=scope, themes=themes)
        elif not (told := markfile.read(own)):
            raise SettingsError(
                f"{own.parent} has no mark: `estran mark {own.parent} 2024-03-01 'New returns policy'` writes one down"
            )
        return self._answer(partial(effects, marks=told), **asked)

    @spelled
    def pull(self, **asked: Unpack[Asked]) -> Pull:
        """Who said each theme that moved first, those outside or those inside, and by how long.

        Args:
            asked: the rest, as `tour` takes it.
        """
        return self._answer(pull, **asked)

    @spelled
    def agenda(
        self, plan: str | Path, *, date: dt.date | str | None = None, **asked: Unpack[Asked]
    ) -> Agenda:
        """What became of what a programme or plan announced, and what came In though nobody announced it.

        Args:
            plan: text, Markdown, CSV, iCalendar, slides (.pptx) or PDF; of files it may be named last, as one of the places.
            date: day on which it was announced, where the plan does not say; without one no effect is claimed.
            asked: the rest, as `tour` takes it.
        """
        return self._answer(partial(agenda, plan=read_plan(plan), day=asked_day(date, "date")), **asked)

    @spelled
    def continuum(self, **asked: Unpack[Asked]) -> Continuum:
        """What the inside and the outside say of the same themes, and whether the gaps close.

        Args:
            asked: the rest, as `tour` takes it.
        """
        return self._answer(continuum, **asked)

    @spelled
    def unanswered(self, **asked: Unpack[Asked]) -> Unanswered:
        """What one side raises and the other does not take up.

        Args:
            asked: the rest, as `tour` takes it.
        """
        return self._answer(unanswered, **asked)

    @spelled
    def landscape(self, *, environments: str | Path | None = None, **asked: Unpack[Asked]) -> Landscape:
        """What is said in which kind of tool, and what crosses from one to another.

        Args:
            environments: file that says what kind of tool each source is; by default `environments.toml` of the
                workspace, else it is guessed.
            asked: the rest, as `tour` takes it.
        """
        return self._answer(landscape(told_kinds(environments or self._own.environments)), **asked)
