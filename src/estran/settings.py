"""Every figure that can be set, in one frozen place: the defaults, then an `estran.toml`, then `ESTRAN_*`."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from estran.errors import SettingsError
from estran.handwritten import tables_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TRUE = frozenset({"true", "yes", "on", "1"})
SECRETS = frozenset(
    {
        "ESTRAN_EMBEDDINGS_KEY",
        "ESTRAN_SMTP_FROM",
        "ESTRAN_SMTP_HOST",
        "ESTRAN_SMTP_PASSWORD",
        "ESTRAN_SMTP_PORT",
        "ESTRAN_SMTP_SECURITY",
        "ESTRAN_SMTP_USER",
        "ESTRAN_WEBHOOK_SECRET",
    }
)
"""Variables that are no settings: a tour keeps its settings, and must not keep these."""
FALSE = frozenset({"false", "no", "off", "0"})


@dataclass(frozen=True, slots=True)
class Settings:
    """What a tour is made with; kept in its provenance.

    Attributes:
        false_discovery_rate: share of wrong claims that is accepted among all the claims of a board.
        least_messages: a phrase said in fewer messages is not counted.
        concepts: the most concepts that are counted and tested.
        longest_phrase: words in the longest phrase.
        threads: threads that count.
        top: themes shown in each column of the board.
        recent: the test also looks for what moved in the last quarter of the talk.
        unanswered_times: how many times as many people of a side must say a theme that the other does not take up.
        encoder: what turns texts into vectors (`estran.text.encoders`).
        tone_encoder: what turns the sentences into vectors from which a tone is read (`estran.text.valence`).
        allow_remote: whether an encoder may fetch a model, or send texts, over the network.
    """

    false_discovery_rate: float = 0.05
    least_messages: int = 5
    concepts: int = 20_000
    longest_phrase: int = 4
    threads: int = 2
    top: int = 12
    recent: bool = False
    unanswered_times: float = 3.0
    encoder: str = "universal"
    tone_encoder: str = "universal"
    allow_remote: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.false_discovery_rate < 1:
            raise SettingsError(
                f"false_discovery_rate must lie between 0 and 1, not {self.false_discovery_rate}"
            )
        if not self.unanswered_times >= 1:
            raise SettingsError(f"unanswered_times must be 1 or more, not {self.unanswered_times}")
        for name in ("least_messages", "concepts", "threads", "top"):
            if getattr(self, name) < 1:
                raise SettingsError(f"{name} must be 1 or more, not {getattr(self, name)}")
        if not 1 <= self.longest_phrase <= 4:
            raise SettingsError(f"longest_phrase must lie between 1 and 4, not {self.longest_phrase}")

    @classmethod
    def load(cls, toml: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
        """The defaults, changed by a TOML file where there is one, then by `ESTRAN_*` variables.

        Raises:
            SettingsError: a key is unknown, or a value is not of its kind.
        """
        environ = os.environ if environ is None else environ
        found: dict[str, tuple[str, Any]] = {}
        if toml is not None and toml.exists():
            read = tables_of(text_of(toml), name=str(toml))
            found |= {key: (str(toml), value) for key, value in read.items()}
        found |= {
            name.removeprefix("ESTRAN_").lower(): (name, value)
            for name, value in environ.items()
            if name.startswith("ESTRAN_") and name not in SECRETS
        }
        parsed: dict[str, Any] = {key: _parse(key, place, value) for key, (place, value) in found.items()}
        return replace(cls(), **parsed)


def _parse(key: str, place: str, value: Any) -> float | str:
    kinds = {f.name: str(f.type) for f in fields(Settings)}
    if key not in kinds:
        raise SettingsError(f"{place}: unknown setting {key!r}; the settings are {', '.join(sorted(kinds))}")
    if "bool" in kinds[key]:
        return _truth(key, place, value)
    if "str" in kinds[key]:
        if not isinstance(value, str) or not value.strip():
            raise SettingsError(f"{place}: {key} must be a name, not {value!r}")
        return value.strip()
    try:
        return float(value) if "float" in kinds[key] else int(value)
    except (TypeError, ValueError) as error:
        raise SettingsError(f"{place}: {key} must be a number, not {value!r}") from error


def _truth(key: str, place: str, value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in TRUE | FALSE:
        raise SettingsError(f"{place}: {key} must be true or false, not {value!r}")
    return word in TRUE
