"""Workspaces of earlier layouts, brought to that of today one version after the other.

Each step may be killed and begun again: it finds done what was done, and says the new version last.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from estran.workspace.folder import FORMAT, Folder, folder_of
from estran.workspace.keys import fingerprint, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def migrate(path: Path, said: Mapping[str, Any]) -> Folder:
    """Brings a workspace to the layout of today; the caller holds its lock.

    Args:
        path: its folder.
        said: what its workspace.json says.
    """
    while said["format"] < FORMAT:
        said = MIGRATIONS[said["format"]](path, said)
        folder_of(path, said).write()
    return folder_of(path, said)


def _separate_files(path: Path, said: Mapping[str, Any]) -> dict[str, Any]:
    """0 to 1: the key has a name that says so, refused rows a folder, and counts another form: they are made again."""
    _rename(path / "key", path / "pseudonyms.key")
    for inner in ("rejected", "tmp"):
        (path / inner).mkdir(exist_ok=True)
    _rename(path / "rejected.jsonl", path / "rejected" / "format-0.jsonl")
    shutil.rmtree(path / "partials", ignore_errors=True)
    folder = Folder(path, messages=said["store"], created=said["created"])
    return {
        "format": 1,
        "messages": folder.messages,
        "key": folder.key,
        "check": fingerprint(key_of(folder)),
        "created": folder.created,
    }


def _rename(old: Path, new: Path) -> None:
    if old.exists() and not new.exists():
        old.rename(new)


MIGRATIONS: dict[int, Callable[[Path, Mapping[str, Any]], dict[str, Any]]] = {0: _separate_files}
"""From each earlier version to the next one."""
