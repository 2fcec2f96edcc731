"""Which column of a file is what: guessed from names and content, so that the guess can be said aloud.

A guess that could as well be another is not made: two columns that could be the text, or the only dates, are an
error that names both and the option that decides.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import polars as pl

from estran.errors import ColumnsError
from estran.model import MESSAGES
from estran.sources.names import AFTERTHOUGHTS, SYNONYMS, plain
from estran.sources.sides import known_share
from estran.sources.times import parse
from estran.sources.values import language, present, strings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_ROLES = ("text", "time", "side", "id", "thread", "author", "source", "unit", "language", "title")
_WORDY = r"[^\W\d_]|[^\x00-\x{2fff}]"  # a letter of any script, or a pictogram
_CODE = r"^(?:https?://\S+|\S+@\S+\.\S+|[0-9a-fA-F-]{16,}|\[.*\]|\{.*\}|(?i:true|false|yes|no|oui|non))$"


@dataclass(frozen=True, slots=True)
class Choice:
    """A column of the file and why it was taken.

    Attributes:
        column: its name in the file.
        why: "told", "name", "part of the name" or "content".
        confidence: how sure the guess is (0-1); 1 where told.
    """

    column: str
    why: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Columns:
    """What each column of Estran is read from.

    Attributes:
        chosen: column of Estran -> the file's column; what the file has not is absent.
        unused: columns of the file that are not read, in its order.
    """

    chosen: Mapping[str, Choice]
    unused: tuple[str, ...] = ()

    def of(self, role: str) -> str | None:
        """The file's column for a column of Estran, or None."""
        choice = self.chosen.get(role)
        return choice.column if choice else None

    @property
    def names(self) -> dict[str, str]:
        """Column of Estran -> column of the file."""
        return {role: choice.column for role, choice in self.chosen.items()}

    @property
    def said(self) -> str:
        """The guess in one line: "text <- body (name), time <- created_at (told)"."""
        return ", ".join(f"{role} <- {c.column} ({c.why})" for role, c in self.chosen.items())


def guess(sample: pl.DataFrame, *, file: str, told: Mapping[str, str] | None = None) -> Columns:
    """The columns of a file.

    Args:
        sample: some of its rows with all its columns, as the file has them.
        file: its name, for errors.
        told: column of Estran -> column of the file, which outweigh any guess; "" says that there is none.

    Raises:
        ColumnsError: no column holds a text or a date, two could, or one that was told is not there.
    """
    told = told or {}
    chosen = _told(sample.columns, told, file)
    looks = {name: _Look(sample[name], name) for name in sample.columns}
    free = {name: look for name, look in looks.items() if name not in {c.column for c in chosen.values()}}
    if "text" not in told:
        # other roles that a name fits exactly go first, so that a subject is never one of two texts
        taken = {
            n
            for n, look in free.items()
            if any(look.rank(r) is not None and _suits(look, r) for r in _ROLES[1:])
        }
        chosen["text"] = _text({n: look for n, look in free.items() if n not in taken}, free, file)
        free.pop(chosen["text"].column)
    if "time" not in told:
        chosen["time"] = _time(free, sample, file)
        free.pop(chosen["time"].column)
    for part in (False, True):
        for role in _ROLES:
            if role not in chosen and role not in told and (found := _named(free, role, part=part)):
                chosen[role] = found
                free.pop(found.column)
    ordered = {role: chosen[role] for role in MESSAGES if role in chosen}
    used = {choice.column for choice in ordered.values()}
    return Columns(MappingProxyType(ordered), tuple(n for n in sample.columns if n not in used))


def column_named(name: str, names: Sequence[str], *, file: str, option: str) -> str:
    """The column that a user meant by a name: exactly, or but for capitals and accents.

    Raises:
        ColumnsError: there is none; the message names those that come close.
    """
    if name in names:
        return name
    alike = [n for n in names if plain(n) == plain(name)]
    if len(alike) == 1:
        return alike[0]
    close = difflib.get_close_matches(plain(name), [plain(n) for n in names], n=3, cutoff=0.5)
    near = [n for n in names if plain(n) in close]
    hint = f"did you mean {_listed(near)}?" if near else f"it has {_listed(names)}"
    raise ColumnsError(f"{option}: {file} has no column {name!r}; {hint}")


class _Look:
    """What a column's name and its sampled values say, worked out once."""

    def __init__(self, values: pl.Series, name: str) -> None:
        self.name = name
        self.plain = plain(name)
        self.strings = present(strings(values))
        self.values = values
        self.filled = len(self.strings) > 0
        wordy = self.strings.str.contains(_WORDY) & ~self.strings.str.contains(_CODE)
        self.wordy = _share(wordy) if values.dtype == pl.String else 0.0
        self.words = float(self.strings.str.count_matches(r"\S+").median() or 0.0)  # type: ignore[arg-type]
        self.distinct = self.strings.n_unique() / max(len(self.strings), 1)
        self._dated: float | None = None

    @property
    def dated(self) -> float:
        """The share of the values that are dates."""
        if self._dated is None:
            kept = self.values.drop_nulls()
            kept = present(kept) if kept.dtype == pl.String else kept
            self._dated = _share(parse(kept).is_not_null())
        return self._dated

    @property
    def prose(self) -> bool:
        """Does it read like what people write: several words, seldom twice the same?"""
        return self.wordy >= 0.8 and self.words >= 4 and self.distinct >= 0.3 and self.dated < 0.5

    def rank(self, role: str) -> int | None:
        """The place of its name among the names of a role; None where it is none of them."""
        last = plain(self.name.rpartition(".")[2])
        for name in (self.plain, last):
            if name in SYNONYMS[role]:
                return SYNONYMS[role].index(name)
        return None

    def part_rank(self, role: str) -> int | None:
        """The same for the end of its name: "via_source_channel" ends like "channel"."""
        ranks = [i for i, word in enumerate(SYNONYMS[role]) if self.plain.endswith(f"_{word}")]
        if role == "time":  # created_at_utc, timestamp_ms
            starts = SYNONYMS[role][:8]
            ranks += [50 + i for i, word in enumerate(starts) if self.plain.startswith(f"{word}_")]
        return min(ranks, default=None)


def _share(true: pl.Series) -> float:
    return float(true.sum()) / max(len(true), 1)


def _suits(look: _Look, role: str) -> bool:
    """Can the content of a column play a role?"""
    if not look.filled:
        return False
    tests: dict[str, Callable[[], bool]] = {
        "text": lambda: look.wordy >= 0.5 and look.dated < 0.5,
        "time": lambda: look.dated >= 0.5,
        "side": lambda: known_share(look.strings, look.plain) >= 0.8,
        # in a long table an identifier that often comes again belongs to something else; in a short one it is a mistake
        "id": lambda: look.distinct >= (0.9 if len(look.strings) >= 50 else 0.5),
        "thread": lambda: (
            len(look.strings) < 50 or look.strings.n_unique() > 5 or look.plain.startswith("thread")
        ),
        "language": lambda: _share(language(look.strings).is_not_null()) >= 0.5,
        "source": lambda: look.distinct <= 0.5 or look.strings.n_unique() <= 10,
        "title": lambda: look.wordy >= 0.5,
    }
    return tests.get(role, lambda: look.words <= 6)()


def _named(looks: Mapping[str, _Look], role: str, *, part: bool) -> Choice | None:
    """The best column for a role by its name, or by the end of its name."""
    ranked = [(look.part_rank(role) if part else look.rank(role), look) for look in looks.values()]
    fitting = [(rank, look.name) for rank, look in ranked if rank is not None and _suits(look, role)]
    if part and role == "id":  # whatever ends in _id names something, but only what never comes again the row
        fitting = [(rank, name) for rank, name in fitting if looks[name].distinct == 1.0]
    if not fitting:
        return None
    rank, name = min(fitting, key=lambda pair: pair[0])
    why, base = ("part of the name", 0.7) if part else ("name", 0.95)
    return Choice(name, why, round(base - 0.003 * rank, 2))


def _told(names: Sequence[str], told: Mapping[str, str], file: str) -> dict[str, Choice]:
    unknown = [role for role in told if role not in SYNONYMS]
    if unknown:
        raise ColumnsError(f"{unknown[0]!r} is no column of Estran: there are {_listed(tuple(SYNONYMS))}")
    for role in ("text", "time"):
        if told.get(role) == "":
            raise ColumnsError(
                f"--{role}: a message cannot do without; name the column of {file} that holds it"
            )
    return {
        role: Choice(column_named(name, names, file=file, option=f"--{role}"), "told", 1.0)
        for role, name in told.items()
        if name
    }


def _text(looks: Mapping[str, _Look], free: Mapping[str, _Look], file: str) -> Choice:
    for part in (False, True):
        ranks = {n: look.part_rank("text") if part else look.rank("text") for n, look in looks.items()}
        named = [look for n, look in looks.items() if ranks[n] is not None and _suits(look, "text")]
        prose = [look for look in named if look.prose]
        fitting = _without_twins(prose or named)
        if len(fitting) == 1:
            return Choice(fitting[0].name, "part of the name" if part else "name", 0.7 if part else 0.95)
        if fitting:
            raise _two("text", fitting, file)
    fitting = _without_twins([look for look in looks.values() if look.prose])
    if len(fitting) == 1:
        return Choice(fitting[0].name, "content", 0.5)
    if fitting:
        raise _two("text", fitting, file)
    # a table of subjects or of titles alone: they are what was said
    if alone := _named(free, "title", part=False):
        return Choice(alone.column, "name", 0.6)
    raise ColumnsError(
        f"{file} has no column that reads like a text; it has {_listed(tuple(free))}: "
        "name the one that holds it with --text COLUMN"
    )


def _without_twins(looks: Sequence[_Look]) -> list[_Look]:
    """Without the HTML or raw form of a text that is there in plain form too."""
    plainer = [
        look for look in looks if not {"html", "raw", "cooked", "rendered"} & set(look.plain.split("_"))
    ]
    plainer = plainer or list(looks)
    same = [look for look in plainer[1:] if look.strings.equals(plainer[0].strings)]
    return [look for look in plainer if look not in same]


def _time(looks: Mapping[str, _Look], sample: pl.DataFrame, file: str) -> Choice:
    for part in (False, True):
        first = {n: look for n, look in looks.items() if not _afterthought(look)}
        if found := _named(first, "time", part=part):
            return found
    dated = [look for look in looks.values() if look.filled and look.dated >= 0.8 and not _bare_number(look)]
    fitting = [look for look in dated if not _afterthought(look)] or dated
    if len(fitting) == 1:
        return Choice(fitting[0].name, "content", 0.5)
    if fitting:
        raise _two("time", fitting, file)
    if empty := [look.name for look in looks.values() if look.rank("time") is not None]:
        what = "holds no date that Estran can read" if looks[empty[0]].filled else "is empty"
        raise ColumnsError(
            f"the column {empty[0]} of {file} {what}: name another with --time COLUMN, or write its dates as "
            "2024-03-01; without dates nothing can be said to come or go"
        )
    raise ColumnsError(
        f"{file} has no column of dates that Estran can read; it has {_listed(tuple(sample.columns))}: "
        "name the one that holds them with --time COLUMN, or add one; without dates nothing can be said to come or go"
    )


def _afterthought(look: _Look) -> bool:
    return any(look.plain == word or look.plain.endswith(f"_{word}") for word in AFTERTHOUGHTS)


def _bare_number(look: _Look) -> bool:
    """Only digits: an identifier may look like an epoch or a year, so the name must say that it is a date."""
    return bool(look.strings.str.contains(r"^[+-]?\d+(?:\.\d+)?$").all())


def _two(role: str, looks: Sequence[_Look], file: str) -> ColumnsError:
    names = [look.name for look in looks]
    return ColumnsError(
        f"in {file}, {' and '.join(names)} could each be the {role}: say which, for example --{role} {names[0]}"
    )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:30])
    return f"{shown} and {len(names) - 30} more" if len(names) > 30 else shown or "no other"
