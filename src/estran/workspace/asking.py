"""What else is asked of a workspace, besides a tour: each question may be told what a tour is told."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from estran.analysis.agenda import agenda
from estran.analysis.continuum import continuum
from estran.analysis.culture import culture
from estran.analysis.environments import landscape
from estran.analysis.everything import everything as answer_everything
from estran.analysis.ground import asked_of_ground
from estran.analysis.kinds import told_kinds
from estran.analysis.organisation import organisation
from estran.analysis.pull import pull
from estran.analysis.successions import succession
from estran.analysis.unanswered import unanswered
from estran.sources.plans import read_plan
from estran.text.families import families as families_of
from estran.workspace import markfile
from estran.workspace.asked import asked_day

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path
    from typing import Unpack

    from estran.analysis.ground import Ground
    from estran.findings import (
        Agenda,
        Continuum,
        Culture,
        Landscape,
        Organisation,
        Pull,
        Report,
        Successions,
        Unanswered,
    )
    from estran.workspace.asked import Found, OfWorkspace, Take
    from estran.workspace.folder import Folder


class Asking:
    """The part of a workspace that answers questions; see `estran.workspace.space.Workspace`.

    Each method raises what `Workspace.tour` raises.
    """

    _folder: Folder
    if TYPE_CHECKING:  # what the rest of a workspace has

        def _found(self, question: Take[Found], **asked: Unpack[OfWorkspace]) -> Found: ...

    def succession(self, **asked: Unpack[OfWorkspace]) -> Successions:
        """What went out, and what came in its place, in the workspace as it is now.

        Args:
            asked: what `tour` takes.
        """
        return self._found(asked_of_ground(succession), **asked)

    def organisation(self, **asked: Unpack[OfWorkspace]) -> Organisation:
        """What each unit says more, or less, than the rest of what it lies in.

        Args:
            asked: what `tour` takes; `unit` is what the units lie in.
        """
        unit = asked.pop("unit", None)
        return self._found(asked_of_ground(partial(organisation, unit=unit)), **asked)

    def everything(self, **asked: Unpack[OfWorkspace]) -> Report:
        """The tour, and every other question that the messages can answer, from one count.

        Args:
            asked: what `tour` takes.
        """
        own = self._folder.families if self._folder.families.exists() else None
        marks = markfile.read(self._folder.marks)
        kinds = told_kinds(self._folder.environments if self._folder.environments.exists() else None)
        question = partial(answer_everything, marks=marks, families=families_of(own), kinds=kinds)
        return self._found(asked_of_ground(question), **asked)

    def culture(self, *, families: str | Path | None = None, **asked: Unpack[OfWorkspace]) -> Culture:
        """What people inside say of culture and behaviour, over time and unit by unit.

        Args:
            families: file of families of words; by default `families.toml` of the workspace, or what is shipped.
            asked: what `tour` takes.
        """
        own = self._folder.families if self._folder.families.exists() else None
        listed = families_of(families or own)

        def question(ground: Ground) -> Culture:
            return culture(ground, listed)

        return self._found(asked_of_ground(question), **asked)

    def pull(self, **asked: Unpack[OfWorkspace]) -> Pull:
        """Who said each theme that moved first, those outside or those inside, and by how long.

        Args:
            asked: what `tour` takes.
        """
        return self._found(asked_of_ground(pull), **asked)

    def agenda(
        self, plan: str | Path, *, date: dt.date | str | None = None, **asked: Unpack[OfWorkspace]
    ) -> Agenda:
        """What became of what a programme or plan announced, and what came In though nobody announced it.

        Args:
            plan: text, Markdown, CSV, iCalendar, slides (.pptx) or PDF.
            date: day on which it was announced, where the plan does not say; without one no effect is claimed.
            asked: what `tour` takes.
        """
        question = partial(agenda, plan=read_plan(plan), day=asked_day(date, "date"))
        return self._found(asked_of_ground(question), **asked)

    def continuum(self, **asked: Unpack[OfWorkspace]) -> Continuum:
        """What the inside and the outside say of the same themes, in the workspace as it is now.

        Args:
            asked: what `tour` takes.
        """
        return self._found(asked_of_ground(continuum), **asked)

    def unanswered(self, **asked: Unpack[OfWorkspace]) -> Unanswered:
        """What one side raises and the other does not take up, in the workspace as it is now.

        Args:
            asked: what `tour` takes.
        """
        return self._found(asked_of_ground(unanswered), **asked)

    def landscape(self, *, environments: str | Path | None = None, **asked: Unpack[OfWorkspace]) -> Landscape:
        """What is said in which kind of tool, and what crosses from one to another.

        Args:
            environments: file that says what kind of tool each source is; by default `environments.toml` of the
                workspace, else it is guessed.
            asked: what `tour` takes.
        """
        own = self._folder.environments if self._folder.environments.exists() else None
        return self._found(asked_of_ground(landscape(told_kinds(environments or own))), **asked)
