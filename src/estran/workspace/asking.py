"""What else is asked of a workspace, besides a tour: each question may be told what a tour is told."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from estran.analysis.ground import asked_of_ground
from estran.analysis.organisation import organisation
from estran.analysis.successions import succession

if TYPE_CHECKING:
    from typing import Unpack

    from estran.findings import Organisation, Successions
    from estran.workspace.asked import Found, OfWorkspace, Take


class Asking:
    """The part of a workspace that answers questions; see `estran.workspace.space.Workspace`.

    Each method raises what `Workspace.tour` raises.
    """

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
