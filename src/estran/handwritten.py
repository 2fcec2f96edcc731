"""Files that people write by hand, in TOML: read, or refused in one sentence that says what to mend."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from estran.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path


def text_of(file: Path) -> str:
    """What a file says; a byte-order mark does not count.

    Raises:
        SettingsError: it is not there, or is no text.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SettingsError(f"{file} does not exist: check the name and the folder") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} cannot be read ({error}): it must be text in UTF-8") from error


def tables_of(text: str, *, name: str) -> dict[str, Any]:
    """The tables of a text.

    Args:
        text: of a file.
        name: to call the file in an error.

    Raises:
        SettingsError: it is not TOML; the line is told.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        why = str(error).replace("end of document", f"line {len(text.splitlines())}, the last one")
        raise SettingsError(f"{name} is not valid TOML: {why}; mend that line, or take it out") from error
