"""What can go wrong, as one tree.

::

    EstranError              everything that Estran raises on purpose; str(e) is one sentence for a person
    ├── InputError           a file, its columns or its content cannot be used
    │   ├── ColumnsError     a column is missing, or two could be meant
    │   └── NotEnoughError   nothing is left to read, or it lies all at one date
    ├── SettingsError        an option or a setting has a value that it cannot have
    ├── ScopeError           somebody asked about a part of the organisation that is not theirs, or is not there
    ├── StoreError           messages cannot be kept or read there: no store, a newer one, a place that refuses
    ├── EngineError          work cannot be done where it was sent: no such place, or its workers die of it
    └── WorkspaceError       a workspace cannot be opened, read or written

A bad row is not an error: it is a `estran.model.Rejected`, returned and counted.
"""


class EstranError(Exception):
    """Something that the user can mend; the message says what was wrong and what to do."""


class InputError(EstranError):
    """A file, its columns or its content cannot be used."""


class ColumnsError(InputError):
    """A column is missing, or two could be meant."""


class NotEnoughError(InputError):
    """Nothing is left to read, or it lies all at one date."""


class SettingsError(EstranError):
    """An option or a setting has a value that it cannot have."""


class ScopeError(EstranError):
    """Somebody asked about a part of the organisation that is not theirs, or is not there."""


class WorkspaceError(EstranError):
    """A workspace cannot be opened, read or written."""


class StoreError(EstranError):
    """Messages cannot be kept or read there: it is no store, a newer one, or the place refuses."""


class EngineError(EstranError):
    """Work could not be done where it was sent: no such place, or its workers die of it."""
