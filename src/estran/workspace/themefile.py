"""themes.toml: corrections by hand, as people write them and commands do.

::

    [[edit]]
    merge = "télétravail"
    with = ["travail à distance", "home office"]

One block a correction, in the order in which they hold; commands add theirs at the end and touch nothing else. The verb
is the first key: `merge` (with), `split` (out), `rename` (label, or a label for each language: fr, en), `pin`,
`ignore`, `follow` (language), `accept` and `reject` (a pair of themes).
"""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

from estran.errors import SettingsError
from estran.handwritten import tables_of, text_of
from estran.text.edits import (
    VERBS,
    Accept,
    Edit,
    Follow,
    Ignore,
    Merge,
    Pin,
    Reject,
    Rename,
    Split,
    variant_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

HEAD = """\
# Corrections of themes, said again to them on every tour; in their order, one [[edit]] each.
# Write your own, take them out, keep the file under version control. A theme is named by any of its written forms,
# "fr:pain" where a form means another thing in another language. `estran themes undo` takes the last one out.
#
#   merge = "télétravail"      with = ["travail à distance", "home office"]
#   split = "réseau"           out = ["réseaux", "réseau social"]
#   rename = "rse"             label = "RSE"       (or fr = "...", en = "...")
#   pin = "click and collect"  always on the board, in its list
#   ignore = "bonjour"         never on the board
#   follow = ["métavers", "metaverse"]             tracked however rare; language = "fr" for one language alone
#   accept = ["rse", "responsabilité sociétale"]   one theme
#   reject = ["insert", "inert"]                   two themes, and not to be asked again
"""
"""What a new file begins with."""

BLOCK = re.compile(r"^\s*\[\[\s*edit\s*\]\]\s*(#.*)?$")
COMPANIONS: Mapping[str, frozenset[str]] = {
    "merge": frozenset({"with"}), "split": frozenset({"out"}), "follow": frozenset({"language"}),
    "pin": frozenset(), "ignore": frozenset(), "accept": frozenset(), "reject": frozenset(),
}  # fmt: skip
"""The keys that go with a verb; `rename` takes "label" and any language."""
LANGUAGE = re.compile(r"[a-z]{2,3}")
PAIR = 2


def read(file: Path) -> tuple[Edit, ...]:
    """The corrections of a workspace, in their order; none where there is no file.

    Raises:
        SettingsError: a line cannot be meant; it is named, with what to do.
    """
    if not file.exists():
        return ()
    return parse(text_of(file), name=str(file))


def parse(text: str, *, name: str = "themes.toml") -> tuple[Edit, ...]:
    """The corrections that a text holds.

    Args:
        text: of the file.
        name: to call it in an error.

    Raises:
        SettingsError: a line cannot be meant.
    """
    tables = tables_of(text, name=name)
    blocks = tables.pop("edit", [])
    if tables or not isinstance(blocks, list):
        key = next(iter(tables), "edit")
        line = line_of(text.splitlines(), key, 0)
        raise SettingsError(f"{name}, line {line}: {key!r} stands in no correction; begin each with [[edit]]")
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if BLOCK.match(line)]
    if len(starts) != len(blocks):  # a text of several lines holds what looks like a block
        starts = [0] * len(blocks)
    edits: list[Edit] = []
    for start, block in zip(starts, blocks, strict=True):
        try:
            edits += _edits(block, start + 1)
        except _WrongError as wrong:
            line = line_of(lines, wrong.key, start)
            raise SettingsError(f"{name}, line {line}: {wrong}") from wrong
        except SettingsError as error:
            raise SettingsError(f"{name}, line {start + 1}: {error}") from error
    return tuple(edits)


def written(edit: Edit) -> str:
    """A correction as a block of the file."""
    match edit:
        case Merge(theme, others):
            keys: dict[str, Any] = {"merge": theme, "with": list(others)}
        case Split(theme, variants):
            keys = {"split": theme, "out": list(variants)}
        case Rename(theme, label, language):
            keys = {"rename": theme, language or "label": label}
        case Follow(words, language):
            keys = {"follow": list(words)} | ({"language": language} if language else {})
        case Pin(theme) | Ignore(theme):
            keys = {VERBS[type(edit)]: theme}
        case Accept(one, other) | Reject(one, other):
            keys = {VERBS[type(edit)]: [one, other]}
    lines = [f"{key} = {value_of(value)}" for key, value in keys.items()]
    return "\n".join(["[[edit]]", *lines]) + "\n"


def added(text: str, edit: Edit) -> str:
    """The text with one more correction at its end; nothing else of it is touched."""
    whole = text or HEAD
    if not whole.endswith("\n"):
        whole += "\n"
    return f"{whole}\n{written(edit)}"


def undone(text: str) -> tuple[str, Edit] | None:
    """The text without its last correction, and that; None where there is none.

    What stands after the block, as a comment, stays, and so does all that stands before it.
    """
    lines = text.splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if BLOCK.match(line)]
    edits = parse(text)
    if not starts or not edits:
        return None
    first, whole = starts[-1], tomllib.loads(text)
    last = next(end for end in range(first + 1, len(lines) + 1) if _loads("".join(lines[:end])) == whole)
    before = first - 1 if first and not lines[first - 1].strip() else first
    return "".join(lines[:before] + lines[last:]), edits[-1]


def without(text: str, names: Callable[[str], bool], *, instead: str) -> str:
    """The text without the corrections that say something; comments and the other corrections stay.

    Args:
        text: of the file.
        names: whether a word of a correction says it; told the words as they are meant, not as they are escaped.
        instead: what stands in their place.
    """
    lines = text.splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if BLOCK.match(line)]
    blocks = (_loads(text) or {}).get("edit", [])
    if len(starts) != len(blocks):
        return text
    left, before = [], 0
    for start, end, block in zip(starts, [*starts[1:], len(lines)], blocks, strict=True):
        last = end
        while last > start + 1 and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
            last -= 1
        if any(names(word) for word in _texts(block)):
            left += [*lines[before:start], instead]
            before = last
    return "".join([*left, *lines[before:]])


def _texts(value: Any) -> list[str]:
    """Every text inside a value."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [value] if isinstance(value, str) else []


class _WrongError(SettingsError):
    """What is wrong with a block, and the key of the line that says it."""

    def __init__(self, why: str, key: str) -> None:
        super().__init__(why)
        self.key = key


def _edits(block: Mapping[str, Any], line: int) -> list[Edit]:
    """The corrections of a block: one, or one for each language of a rename, or for each theme of a pin."""
    verbs = [key for key in block if key in VERBS.values()]
    if len(verbs) != 1:
        known = ", ".join(VERBS.values())
        why = "has no verb" if not verbs else f"has several verbs ({', '.join(verbs)})"
        raise _WrongError(
            f"this correction {why}; give it one of {known}", verbs[-1] if verbs else "[[edit]]"
        )
    verb = verbs[0]
    for key in block:
        named = verb == "rename" and (key == "label" or LANGUAGE.fullmatch(key))
        if key != verb and not named and key not in COMPANIONS.get(verb, ()):
            goes = ", ".join(sorted(COMPANIONS.get(verb, ()))) or "nothing else"
            raise _WrongError(
                f"{key!r} does not go with {verb}; {'label, fr or en' if verb == 'rename' else goes} does",
                key,
            )
    return _MAKERS[verb](block, verb, line)


def _marked(block: Mapping[str, Any], verb: str, line: int) -> list[Edit]:
    made = Pin if verb == "pin" else Ignore
    return [made(word, line) for word in _words(block, verb)]


def _followed(block: Mapping[str, Any], verb: str, line: int) -> list[Edit]:
    return [Follow(_words(block, verb), _language(block), line)]


def _answered(block: Mapping[str, Any], verb: str, line: int) -> list[Edit]:
    words = _words(block, verb)
    if len(words) != PAIR:
        raise _WrongError(f'{verb} needs a pair of themes, as {verb} = ["one", "other"]', verb)
    made = Accept if verb == "accept" else Reject
    return [made(words[0], words[1], line)]


def _moved(block: Mapping[str, Any], verb: str, line: int) -> list[Edit]:
    words, companion = _words(block, verb), "with" if verb == "merge" else "out"
    if len(words) != 1:
        raise _WrongError(f"{verb} names one theme, not {len(words)}", verb)
    if companion not in block:
        raise _WrongError(f'{verb} needs {companion}, as {companion} = ["other words"]', verb)
    made = Merge if verb == "merge" else Split
    return [made(words[0], _words(block, companion), line)]


def _renamed(block: Mapping[str, Any], verb: str, line: int) -> list[Edit]:
    (theme, *more) = _words(block, verb)
    labels = {key: value for key, value in block.items() if key != verb}
    if more or not labels:
        raise _WrongError('rename names one theme, and gives it a label = "..."', "rename")
    for key, label in labels.items():
        if not isinstance(label, str) or not label.strip():
            raise _WrongError(f'{key} must be a text, as {key} = "Remote work"', key)
    return [
        Rename(theme, " ".join(label.split()), None if key == "label" else key, line)
        for key, label in labels.items()
    ]


_MAKERS: dict[str, Callable[[Mapping[str, Any], str, int], list[Edit]]] = {
    "merge": _moved, "split": _moved, "rename": _renamed, "pin": _marked, "ignore": _marked, "follow": _followed,
    "accept": _answered, "reject": _answered,
}  # fmt: skip


def _words(block: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """The themes that a key names: one as a text, several as a list of texts.

    Raises:
        _WrongError: they are no texts, or none, or no phrase can be read in one.
    """
    value = block[key]
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
        raise _WrongError(f'{key} must be a text, or a list of texts, as {key} = ["one", "another"]', key)
    for word in words:
        try:
            variant_of(word)
        except SettingsError as error:
            raise _WrongError(str(error), key) from error
    return tuple(words)


def _language(block: Mapping[str, Any]) -> str | None:
    language = block.get("language")
    if language is not None and not (isinstance(language, str) and LANGUAGE.fullmatch(language)):
        raise _WrongError('language must be a code of two letters, as language = "fr"', "language")
    return language


def line_of(lines: list[str], key: str, start: int, block: re.Pattern[str] = BLOCK) -> int:
    """The line on which a key stands, at or after a line; that line where it is not found."""
    pattern = re.compile(rf"\s*(\[+\s*)?[\"']?{re.escape(key)}[\"']?\s*[=\].]")
    for number in range(start, len(lines)):
        if number > start and block.match(lines[number]):
            break
        if pattern.match(lines[number]):
            return number + 1
    return start + 1


def value_of(value: str | list[str]) -> str:
    """A text or a list of texts as TOML writes it; its escapes are those of JSON."""
    if isinstance(value, list):
        return f"[{', '.join(map(value_of, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\N{DELETE}", "\\u007f")


def _loads(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
