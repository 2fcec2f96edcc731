"""The folder of a workspace: what lies where, and the version of its layout.

::

    acme/
      workspace.json     what this folder is; written last, so that a folder with it is whole
      estran.toml        settings, if there are any
      themes.toml        corrections of themes by hand, if there are any
      units.json         the units of the organisation and who works in them, if that was told
      environments.toml  what kind of tool each source is, if somebody wrote it down
      families.toml      families of words for culture and behaviour, if somebody has a list of their own
      marks.toml         what was decided when, if it was told
      identities.jsonl   the themes that are known, with ids that stay
      pseudonyms.key     the key that makes pseudonyms of names, as hexadecimal digits (0600); may lie elsewhere
      messages/          the messages; may lie in an object store
      counts/            derived: can be thrown away and made again
      vectors/           derived: what an encoder made of messages and phrases
      topics/            the topics that are known, with ids that stay, and where each message went
      rejected/          rows that could not become messages, one file for each part of an input that has some
      alerts.toml        what is watched, if anything is
      watch.json         what a watch remembers: how far it looked, what it raised, what is still to be sent
      runs.jsonl         what was done here
      tmp/               scratch of running work
      lock               held by whoever writes
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from estran.errors import WorkspaceError
from estran.workspace.atomic import HALF, write_whole
from estran.workspace.keys import checked, new_key

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = 1
"""Version of the layout; an older one is migrated step by step, a newer one is refused."""

CONFIG = "workspace.json"
KEY = "pseudonyms.key"
KNOWN = frozenset(
    {
        CONFIG,
        KEY,
        "estran.toml",
        "themes.toml",
        "environments.toml",
        "families.toml",
        "marks.toml",
        "identities.jsonl",
        "units.json",
        "messages",
        "counts",
        "vectors",
        "topics",
        "rejected",
        "alerts.toml",
        "watch.json",
        "watch.lock",
        "runs.jsonl",
        "tmp",
        "lock",
        "erasing.json",
    }
)
"""What may lie in the folder of a workspace."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that is a workspace.

    Attributes:
        path: where it lies.
        messages: "messages", or the address of an object store.
        key: file of the key, absolute, or a name in the folder.
        check: fingerprint of the key that made the pseudonyms; it says nothing about the key.
        created: ISO moment at which it was made.
        format: version of its layout.
    """

    path: Path
    messages: str = "messages"
    key: str = KEY
    check: str = ""
    created: str = ""
    format: int = FORMAT

    @property
    def url(self) -> str:
        """Where the messages lie."""
        return self.messages if "://" in self.messages else str(self.path.absolute() / self.messages)

    @property
    def key_file(self) -> Path:
        """Where the key lies."""
        return self.path / self.key  # an absolute path stays what it is

    @property
    def counts(self) -> Path:
        """Derived counts."""
        return self.path / "counts"

    @property
    def vectors(self) -> Path:
        """What an encoder made of messages and phrases."""
        return self.path / "vectors"

    @property
    def topics(self) -> Path:
        """The topics that are known."""
        return self.path / "topics"

    @property
    def rejected(self) -> Path:
        """Rows that could not become messages."""
        return self.path / "rejected"

    @property
    def runs(self) -> Path:
        """The journal."""
        return self.path / "runs.jsonl"

    @property
    def scratch(self) -> Path:
        """Scratch of running work."""
        return self.path / "tmp"

    @property
    def settings(self) -> Path:
        """The settings of this workspace."""
        return self.path / "estran.toml"

    @property
    def corrections(self) -> Path:
        """What somebody said of the themes."""
        return self.path / "themes.toml"

    @property
    def environments(self) -> Path:
        """What somebody said of the kinds of their sources."""
        return self.path / "environments.toml"

    @property
    def families(self) -> Path:
        """Somebody's own families of words."""
        return self.path / "families.toml"

    @property
    def marks(self) -> Path:
        """What was decided when."""
        return self.path / "marks.toml"

    @property
    def alerts(self) -> Path:
        """What is watched."""
        return self.path / "alerts.toml"

    @property
    def watch(self) -> Path:
        """What a watch remembers."""
        return self.path / "watch.json"

    @property
    def watch_lock(self) -> Path:
        """Held by whoever watches."""
        return self.path / "watch.lock"

    @property
    def identities(self) -> Path:
        """The themes that are known."""
        return self.path / "identities.jsonl"

    @property
    def units(self) -> Path:
        """The organisation, as it was told."""
        return self.path / "units.json"

    def write(self) -> None:
        """Says in the folder what it is."""
        said = {
            "format": self.format,
            "messages": self.messages,
            "key": self.key,
            "check": self.check,
            "created": self.created,
        }
        write_whole(self.path / CONFIG, json.dumps(said, indent=2) + "\n")


def is_workspace(path: str | Path) -> bool:
    """Whether a folder is a workspace."""
    return (Path(path) / CONFIG).is_file()


def clear_for(path: Path) -> None:
    """Makes a folder (0700) for a workspace, unless it is there and holds nothing else.

    Raises:
        WorkspaceError: it is a file, or holds other things.
    """
    if path.exists() and not path.is_dir():
        raise WorkspaceError(f"{path} is a file: choose another name for the workspace")
    there = {p.name for p in path.iterdir()} if path.exists() else set()
    others = sorted(name for name in there - KNOWN if not name.startswith(HALF))
    if others:
        raise WorkspaceError(
            f"{path} holds other things ({', '.join(others[:3])}): give the name of a new folder, or of an empty one"
        )
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)


def make(path: Path, *, store: str | None, key: Path | None) -> Folder:
    """What lies in a new workspace, with a key (0600); what a killed run has left of it is taken up again.

    `Folder.write` is to be called last: then it is a workspace.

    Raises:
        WorkspaceError: the file of the key holds none.
    """
    folder = Folder(
        path,
        messages=store or "messages",
        key=KEY if key is None else str(key.absolute()),
        created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    )
    furnish(folder)
    remove_halves(folder)
    if not folder.key_file.exists():
        new_key(folder.key_file)
    return checked(folder)


def furnish(folder: Folder) -> tuple[Path, ...]:
    """Makes the folders that are missing inside, as on a machine that was given only the description and the key."""
    missing = tuple(inner for inner in (folder.rejected, folder.scratch) if not inner.is_dir())
    for inner in missing:
        inner.mkdir()
    return missing


def load(path: Path) -> dict[str, Any]:
    """What a folder says of itself, of whatever format.

    Raises:
        WorkspaceError: it is no workspace, or one of a newer Estran.
    """
    config = path / CONFIG
    if not path.exists():
        raise WorkspaceError(f"{path} does not exist: `estran init {path}` makes a workspace of that name")
    if not config.is_file():
        raise WorkspaceError(
            f"{path} is no workspace, it has no {CONFIG}: `estran init` makes one; for a tour of files, name the files"
        )
    try:
        said = json.loads(config.read_text(encoding="utf-8"))
        made = int(said["format"])
    except OSError as error:
        raise WorkspaceError(
            f"{config} cannot be read ({error.strerror}): ask for the right to read it"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise WorkspaceError(f"{config} is damaged: put it back from a copy of the folder") from error
    if made > FORMAT:
        raise WorkspaceError(
            f"{path} was made by a newer Estran (format {made}; this one knows {FORMAT}): upgrade Estran"
        )
    return dict(said)


def folder_of(path: Path, said: Mapping[str, Any]) -> Folder:
    """The folder that says this of itself, in the format of today.

    Raises:
        WorkspaceError: something is missing in it.
    """
    try:
        return Folder(path, said["messages"], said["key"], said["check"], said["created"], said["format"])
    except KeyError as error:
        raise WorkspaceError(
            f"{path / CONFIG} does not say {error.args[0]}: put it back from a copy of the folder"
        ) from error


def empty(scratch: Path) -> tuple[str, ...]:
    """Removes what a killed run left in the scratch folder; the names of it."""
    left = tuple(sorted(p.name for p in scratch.iterdir())) if scratch.exists() else ()
    for name in left:
        one = scratch / name
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)
    return left


def remove_halves(folder: Folder) -> tuple[str, ...]:
    """Removes files that a killed run left half-written, as the note of an erasure; the names of them."""
    halves = [half for place in (folder.path, folder.rejected) for half in sorted(place.glob(f"{HALF}*"))]
    for half in halves:
        half.unlink(missing_ok=True)
    return tuple(half.name for half in halves)
