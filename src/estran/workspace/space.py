"""A workspace: a folder where messages are kept, counted, and forgotten on request."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from estran.analysis.progress import Silent
from estran.errors import SettingsError, StoreError, WorkspaceError
from estran.findings import Notice
from estran.sources import Options
from estran.store.messages import MessageStore
from estran.workspace import folder as folders
from estran.workspace import ingest as ingesting
from estran.workspace import journal, lock
from estran.workspace.migrations import migrate
from estran.workspace.refusing import writing
from estran.workspace.status import status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from estran.analysis.progress import Progress
    from estran.findings import Ingested, Status
    from estran.model import Side
    from estran.workspace.folder import Folder


class Workspace:
    """Messages that are kept, counted, and forgotten on request.

    ::

        ws = es.init("acme")            # once; es.open("acme") from then on
        ws.ingest("tickets.csv", source="crm", side="outside")
        ws.tour()
        ws.erase(author="Zoé Martin")

    One process at a time writes to a workspace; others wait for it. Whatever is killed goes on where it was when it
    is called again.
    """

    def __init__(self, folder: Folder) -> None:
        """Use `es.init` or `es.open`, which check what they find."""
        self._folder = folder

    def __repr__(self) -> str:
        return f"Workspace({str(self.path)!r})"

    @property
    def path(self) -> Path:
        """Its folder."""
        return self._folder.path

    @property
    def key(self) -> Path:
        """The file of its key."""
        return self._folder.key_file

    def ingest(
        self,
        *files: str | Path,
        source: str | None = None,
        side: Side | str | None = None,
        columns: Mapping[str, str] | None = None,
        inside: Sequence[str] = (),
        outside: Sequence[str] = (),
        day_first: bool | None = None,
        progress: Progress | None = None,
    ) -> tuple[Ingested, ...]:
        """Takes in files of dated messages; what is in already stays, once.

        A run that was killed is gone on with by calling it again. Names become pseudonyms and personal data masks
        before anything is written.

        Args:
            files: CSV, TSV, JSON Lines or Parquet.
            source: what to call where they come from, "crm"; by default a column says it, or the file's name.
            side: "inside" or "outside", where no rule and no column named here says it.
            columns: column of Estran ("text", "time", "author", ...) -> column of the file; the others are guessed.
            inside: rules "column=value" for what the organisation's people said.
            outside: rules "column=value" for what those it serves said.
            day_first: whether 03/04/2024 is the third of April; by default the other dates of the file decide.
            progress: told about each stage.

        Returns:
            What became of the rows, a finding for each file.

        Raises:
            InputError: a file cannot be used; those before it are in.
            SettingsError: an option has a value that it cannot have.
            WorkspaceError: the key is not there, or nothing can be written.
        """
        if not files:
            raise SettingsError("no file was given; name one or more CSV, TSV, JSON Lines or Parquet files")
        progress, said = progress or Silent(), ingesting.side_of(side)
        options = Options(columns or {}, outside, inside, source, day_first)
        inputs = [ingesting.recognise(path, options, said) for path in files]
        for table in (file.table for file in inputs):
            progress.say("; ".join([f"{table.file} ({table.form}): {table.columns.said}", *table.assumed]))
        with self._writing(progress):
            return tuple(
                ingesting.ingest(self._folder, self._store, file, progress=progress) for file in inputs
            )

    def status(self) -> Status:
        """What the workspace holds and how it does: messages, sources, refused rows, runs, bytes."""
        return status(self._folder, self._store)

    @property
    def _store(self) -> MessageStore:
        return MessageStore.open(self._folder.url)

    @contextmanager
    def _writing(self, progress: Progress) -> Iterator[None]:
        """Shuts out other writers; what a killed one left in the scratch folder is gone by then."""
        with writing(self.path), _alone(self.path, progress):
            folders.empty(self._folder.scratch)
            yield


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
        SettingsError: the workspace is there, and lies elsewhere than asked.
    """
    path = Path(path)
    if folders.is_workspace(path):
        return _there_already(open(path), store=store, key=key, new_key=new_key)
    with writing(path):
        folders.clear_for(path)
        with _alone(path, Silent()):
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
    with writing(path), _alone(path, Silent()):
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
        folder = folders.with_new_key(folder)
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


@contextmanager
def _alone(path: Path, progress: Progress) -> Iterator[None]:
    def waiting() -> None:
        progress.say(Notice("waiting", {"workspace": path.name}))

    with lock.held(path / "lock", waiting=waiting):
        yield
