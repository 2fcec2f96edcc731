"""The key of a workspace, which makes pseudonyms of names: made once, never overwritten, known again by its fingerprint."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from secrets import token_hex
from typing import TYPE_CHECKING

from estran import privacy
from estran.errors import WorkspaceError
from estran.privacy.pseudonyms import KEY_BYTES
from estran.workspace.atomic import HALF, settle, write_through
from estran.workspace.refusing import writing

if TYPE_CHECKING:
    from pathlib import Path

    from estran.workspace.folder import Folder


def new_key(file: Path) -> None:
    """Makes a key where none is; 0600 from the first byte on.

    Raises:
        WorkspaceError: there is a file already, or none can be written there.
    """
    with writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        whole = file.with_name(f"{HALF}{token_hex(8)}")
        try:
            write_through(whole, privacy.new_key().hex() + "\n")
            os.link(whole, file)  # unlike a renaming, it never takes the place of a key that is there
        except FileExistsError:
            raise WorkspaceError(f"{file} is there already: a key is never overwritten") from None
        finally:
            whole.unlink(missing_ok=True)
        settle(file.parent)


def key_of(folder: Folder) -> bytes:
    """The key of the workspace.

    Raises:
        WorkspaceError: it is not there, is damaged, or is that of another workspace.
    """
    file = folder.key_file
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        raise WorkspaceError(
            f"the key {file} is not there: put it back; if it was destroyed on purpose, "
            f"`estran init {folder.path} --new-key` makes another, under which everybody is a new person"
        ) from None
    except OSError as error:
        raise WorkspaceError(
            f"the key {file} cannot be read ({error.strerror}): ask for the right to read it"
        ) from error
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise WorkspaceError(
            f"{file} holds no key of {2 * KEY_BYTES} hexadecimal digits: put the right one back"
        )
    if folder.check and fingerprint(key) != folder.check:
        raise WorkspaceError(
            f"{file} is not the key that {folder.path} was made with: put the right one back, "
            "or every person would become two"
        )
    return key


def fingerprint(key: bytes) -> str:
    """Tells a key from another, and nothing else."""
    return hashlib.blake2b(b"estran workspace", digest_size=8, key=key).hexdigest()


def with_new_key(folder: Folder) -> Folder:
    """The workspace with another key; that it had is gone, or was put away.

    Raises:
        WorkspaceError: the key is there.
    """
    new_key(folder.key_file)
    changed = checked(replace(folder, check=""))
    with writing(folder.path):
        changed.write()
    return changed


def checked(folder: Folder) -> Folder:
    """The workspace, with the fingerprint of the key that lies there.

    Raises:
        WorkspaceError: there is none that can be used.
    """
    return replace(folder, check=fingerprint(key_of(folder)))
