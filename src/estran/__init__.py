"""Estran: what is coming In, what is going Out, why, and who carries it.

    import estran as es

    tour = es.tour("messages.parquet")
    tour.coming_in[0].label
    tour.going_out[0].reasons, tour.going_out[0].successors

    ws = es.init("acme")
    ws.ingest("tickets.csv", source="crm", side="outside")
    ws.tour()

Names load when they are first used, so that `import estran` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from estran import simulate
    from estran.errors import (
        ColumnsError,
        EstranError,
        InputError,
        NotEnoughError,
        SettingsError,
        WorkspaceError,
    )
    from estran.findings import (
        Agenda,
        Coverage,
        Culture,
        Curve,
        Estimate,
        Landscape,
        Link,
        Movement,
        Notice,
        Provenance,
        Pull,
        Quote,
        Reason,
        Report,
        Shape,
        Successions,
        Tour,
    )
    from estran.model import Grid, Mark, Scope, Side, Step
    from estran.report import to_html, to_json, to_markdown
    from estran.settings import Settings
    from estran.workspace import (
        Workspace,
        agenda,
        continuum,
        culture,
        demo,
        effects,
        everything,
        init,
        landscape,
        open,  # noqa: A004  es.open("acme")
        organisation,
        pull,
        succession,
        tour,
        unanswered,
    )

    __version__: str

_HOMES = {
    "estran.errors": (
        "ColumnsError",
        "EstranError",
        "InputError",
        "NotEnoughError",
        "SettingsError",
        "WorkspaceError",
    ),
    "estran.findings": (
        "Agenda",
        "Coverage",
        "Culture",
        "Curve",
        "Estimate",
        "Landscape",
        "Link",
        "Movement",
        "Notice",
        "Provenance",
        "Pull",
        "Quote",
        "Reason",
        "Report",
        "Shape",
        "Successions",
        "Tour",
    ),
    "estran.model": (
        "Grid",
        "Mark",
        "Scope",
        "Side",
        "Step",
    ),
    "estran.report": (
        "to_html",
        "to_json",
        "to_markdown",
    ),
    "estran.settings": ("Settings",),
    "estran.workspace": (
        "Workspace",
        "agenda",
        "continuum",
        "culture",
        "demo",
        "effects",
        "everything",
        "init",
        "landscape",
        "open",
        "organisation",
        "pull",
        "succession",
        "tour",
        "unanswered",
    ),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Agenda",
    "ColumnsError",
    "Coverage",
    "Culture",
    "Curve",
    "Estimate",
    "EstranError",
    "Grid",
    "InputError",
    "Landscape",
    "Link",
    "Mark",
    "Movement",
    "NotEnoughError",
    "Notice",
    "Provenance",
    "Pull",
    "Quote",
    "Reason",
    "Report",
    "Scope",
    "Settings",
    "SettingsError",
    "Shape",
    "Side",
    "Step",
    "Successions",
    "Tour",
    "Workspace",
    "WorkspaceError",
    "agenda",
    "continuum",
    "culture",
    "demo",
    "effects",
    "everything",
    "init",
    "landscape",
    "open",
    "organisation",
    "pull",
    "simulate",
    "succession",
    "to_html",
    "to_json",
    "to_markdown",
    "tour",
    "unanswered",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    if name == "simulate":
        return import_module("estran.simulate")
    if name == "__version__":
        return import_module("importlib.metadata").version("estran")
    raise AttributeError(f"module 'estran' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
