"""A workspace that is made, or one that is there."""

from __future__ import annotations

from pathlib import Path

from estran.analysis.progress import Silent
from estran.errors import SettingsError, StoreError, WorkspaceError
from estran.store.files import is_remote
from estran.store.messages import MessageStore
from estran.workspace import folder as folders
from estran.workspace import journal, keys, lock
from estran.workspace.migrations import migrate
from estran.workspace.refusing import writing
from estran.workspace.space import Workspace


def init(
    path: str | Path, *, store: str | None = None, key: str | Path | None = None, new_key: bool = False
) -> Workspace:
    """Makes a workspace; one that is there already is opened, and stays as it is.

    Args:
        path: a new folder, or an empty one.
        store: where the messages are to lie, as "s3://bucket/acme"; in the folder by default.
        key: file of the key that makes pseudonyms; in the folder by default. It is made if it is not there.
        new_key: makes another key for a workspace whose key is gone: whoever spoke before is a new person from then on.

    Raises:
        WorkspaceError: the folder holds something else, or cannot be written.
        SettingsError: the store is no address, or the workspace is there and lies elsewhere than asked.
    """
    path = Path(path)
    if store and not is_remote(store):
        raise SettingsError(
            f"the store is an address such as s3://bucket/acme, not {store!r}; by default it is in {path}"
        )
    if folders.is_workspace(path):
        return _there_already(open(path), store=store, key=key, new_key=new_key)
    with writing(path):
        folders.clear_for(path)
        with lock.alone(path, Silent()):
            if not folders.is_workspace(path):  # another init may have been first
                folder = folders.make(path, store=store, key=Path(key) if key else None)
                _made_store(folder.url)
                folder.write()
                journal.note(folder.runs, "init")
    return open(path)


def open(path: str | Path) -> Workspace:  # noqa: A001  es.open("acme")
    """A workspace that is there; one of an earlier Estran is brought to the layout of today.

    Raises:
        WorkspaceError: there is none, or a newer Estran made it.
    """
    path = Path(path)
    said = folders.load(path)
    if said["format"] == folders.FORMAT:
        return Workspace(folders.folder_of(path, said))
    with writing(path), lock.alone(path, Silent()):
        before = folders.load(path)  # another may have migrated it meanwhile
        folder = migrate(path, before)
        if before["format"] < folders.FORMAT:
            journal.note(folder.runs, "migrate", before=before["format"], after=folder.format)
    return Workspace(folder)


def _there_already(
    there: Workspace, *, store: str | None, key: str | Path | None, new_key: bool
) -> Workspace:
    folder = there._folder  # noqa: SLF001
    if store and store.rstrip("/") != folder.messages.rstrip("/"):
        raise SettingsError(
            f"{folder.path} is a workspace already and keeps its messages in {folder.messages}: "
            "give another name for a new one"
        )
    if key and Path(key).absolute() != folder.key_file.absolute():
        raise SettingsError(
            f"{folder.path} is a workspace already and its key is {folder.key_file}: give another name for a new one"
        )
    if new_key:
        folder = keys.with_new_key(folder)
        journal.note(folder.runs, "new key")
    return Workspace(folder)


def _made_store(url: str) -> None:
    """The store of a new workspace; an empty one that a killed run has made is taken up.

    Raises:
        WorkspaceError: there are messages already.
    """
    try:
        there = MessageStore.open(url)
    except StoreError:
        MessageStore.create(url)
        return
    if there.snapshot().months:
        raise WorkspaceError(
            f"{url} holds messages of another workspace already: choose another place for the store"
        )
