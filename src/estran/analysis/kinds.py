"""What kind of tool each source is: told by somebody, or guessed from its name by a list of words."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from estran.errors import SettingsError
from estran.handwritten import tables_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OTHER = "other"

KINDS: Mapping[str, tuple[str, ...]] = {
    "helpdesk": (
        "helpdesk", "support", "ticket", "tickets", "zendesk", "freshdesk", "intercom", "servicenow", "glpi", "sav",
        "servicedesk", "desk", "incidents", "assistance", "rt",
    ),
    "reviews": (
        "review", "reviews", "avis", "trustpilot", "appstore", "playstore", "tripadvisor", "rating", "ratings",
        "notes",
    ),
    "survey": ("survey", "surveys", "enquete", "enquetes", "sondage", "questionnaire", "nps", "feedback", "barometre"),
    "crm": ("crm", "salesforce", "hubspot", "dynamics", "pipedrive", "sugarcrm", "comptes", "accounts"),
    "meetings": (
        "meeting", "meetings", "reunion", "reunions", "zoom", "webex", "visio", "visioconference", "transcript",
        "transcripts", "calls", "appels", "entretiens", "interviews",
    ),
    "talks": (
        "talk", "talks", "conference", "conferences", "slides", "pyvideo", "brownbag", "agenda", "programme",
        "presentations", "keynote", "keynotes",
    ),
    "forum": (
        "forum", "forums", "discourse", "community", "communaute", "stackoverflow", "reddit", "phpbb", "board",
    ),
    "tracker": ("github", "gitlab", "jira", "redmine", "trac", "issues", "bugs", "bugzilla", "mantis"),
    "mail": (
        "mail", "mails", "email", "emails", "courriel", "courriels", "imap", "mbox", "outlook", "gmail", "exchange",
        "list", "lists", "liste", "listes", "newsletter", "devel",
    ),
    "social": (
        "social", "twitter", "facebook", "linkedin", "instagram", "mastodon", "tiktok", "youtube", "bluesky", "tweets",
    ),
    "chat": (
        "chat", "slack", "teams", "mattermost", "zulip", "discord", "yammer", "viva", "workplace", "rocketchat", "matrix",
        "whatsapp", "esn", "rse", "tchat", "messagerie", "irc",
    ),
}  # fmt: skip
"""Kind -> words in the name of a source, without accents; the first kind that has one of them holds."""


def told_kinds(file: str | Path | None) -> dict[str, str]:
    """Source -> kind, of a file with one line a source, `"acme-slack" = "chat"`; empty where there is none.

    Raises:
        SettingsError: the file cannot be read, or a line is of another form.
    """
    if file is None:
        return {}
    told = tables_of(text_of(Path(file)), name=str(file))
    for source, kind in told.items():
        if not isinstance(kind, str) or not kind.strip():
            raise SettingsError(
                f'{file}: {source} must be a kind of tool between quotation marks, as {source} = "chat"; '
                f"Estran knows {', '.join(KINDS)}"
            )
    return {source: kind.strip() for source, kind in told.items()}


def kinds_of(sources: Iterable[str], told: Mapping[str, str]) -> dict[str, tuple[str, bool]]:
    """Source -> its kind, and whether that was guessed.

    Args:
        sources: their names.
        told: source -> kind, as somebody wrote it down; a kind may be one of their own.
    """
    return {
        source: (told[source], False) if source in told else (_guessed(source), True) for source in sources
    }


def _guessed(source: str) -> str:
    bare = "".join(
        sign for sign in unicodedata.normalize("NFD", source.casefold()) if not unicodedata.combining(sign)
    )
    words = set(re.findall(r"[a-z]+", bare))
    return next((kind for kind, known in KINDS.items() if words & set(known)), OTHER)
