"""Programmes and plans, as the lines that announce something: text, Markdown, CSV, calendars, slides (PPTX) and PDF.

    plan = read_plan("strategy-2025.pptx")
    plan.lines[0].text, plan.lines[0].place       # "Customer promise", "slide 2"

What the file is, its content tells; its extension only tells a table from a text.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from estran.errors import InputError
from estran.sources.calendars import columns_of, is_icalendar, read_calendar
from estran.sources.delimited import Delimited
from estran.sources.opening import Lines, recognise
from estran.sources.values import prose

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from estran.model import Rejected
    from estran.sources.opening import Container

MOST_LINES = 20_000
"""Lines of one plan; what is longer announces nothing in particular."""

_ROWS = 10_000
_TABLES = (".csv", ".tsv", ".tab")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r"\s{0,3}(?:=+|-{2,})\s*$")
_BULLET = re.compile(r"\s*(?:[-*+•–—▪◦●○■□►▸✓✔➔→]|\(?\d{1,3}[.)]|[A-Za-z][.)])\s+")
_BOX = re.compile(r"\[[ xX]\]\s+")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+")
_MARKS = re.compile(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)|`+|~~|<[^>\n]*>")
_KINDS = "a plan may be text, Markdown, CSV, iCalendar, PowerPoint slides (.pptx) or PDF"


@dataclass(frozen=True, slots=True)
class Line:
    """Something that a plan says.

    Attributes:
        text: one line, without what marks it as a point or a heading; NFC.
        place: where it stands, "line 12", "slide 3", "page 2".
        heading: whether it is the title of a part, or of a slide.
        day: the day that it is announced for, where the plan says one.
    """

    text: str
    place: str
    heading: bool = False
    day: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a programme or a plan says, line by line.

    Attributes:
        file: its name.
        lines: those that hold a word, in the order of the file.
        rejected: what could not be read.
    """

    file: str
    lines: tuple[Line, ...]
    rejected: tuple[Rejected, ...] = ()


def read_plan(path: str | Path) -> Plan:
    """The lines of a programme or a plan.

    Raises:
        InputError: there is no such file, it is empty, damaged or locked, no word can be read in it, or it is of a kind
            that is not read.
        ColumnsError: a CSV file has no column of labels.
    """
    path = Path(path)
    opened = _opened(path)
    if opened == "pdf":
        found = Plan(path.name, tuple(_pdf(path)))
    elif opened == "slides":
        found = Plan(path.name, tuple(_slides(path)))
    else:
        found = _text(path)
    lines = tuple(
        line
        for line in found.lines[: MOST_LINES + 1]
        if any(unicodedata.category(character)[0] == "L" for character in line.text)
    )
    if not lines:
        raise InputError(f"no word can be read in {path.name}: {_why_empty(opened)}")
    if len(lines) > MOST_LINES:
        raise InputError(
            f"{path.name} has more than {MOST_LINES:,} lines: give the part that announces something"
        )
    return Plan(found.file, lines, found.rejected)


def _opened(path: Path) -> str:
    """What the file is: "pdf", "slides" or "text"."""
    try:
        with path.open("rb") as raw:
            head = raw.read(8)
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        head = b""  # `recognise` says it
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        try:
            names = zipfile.ZipFile(path).namelist()
        except (zipfile.BadZipFile, OSError):
            raise InputError(
                f"{path.name} is damaged: it cannot be unpacked; copy or export it again"
            ) from None
        if "ppt/presentation.xml" in names:
            return "slides"
        raise InputError(
            f"{path.name} holds no slides: {_KINDS}; save a Word document or a sheet as one of these"
        )
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(f"{path.name} is locked by a password, or of an old Office: save it as .pptx or PDF")
    kind = path.suffix.lower()
    if head and kind in {".pptx", ".pdf"}:
        raise InputError(f"{path.name} is no {kind[1:]}, whatever its name says: copy or export it again")
    return "text"


def _why_empty(opened: str) -> str:
    if opened == "text":
        return "it holds no line with a letter"
    return "it holds pictures only, perhaps; give its text, or its outline"


def _text(path: Path) -> Plan:
    container = recognise(path)
    if container.kind != "delimited":
        raise InputError(f"{container.file} is a file of another kind: {_KINDS}")
    if is_icalendar(path):
        return _dated(path)
    if path.suffix.lower() in _TABLES:
        return _table(container)
    return Plan(container.file, tuple(_marked(Lines(container))))


def _dated(path: Path) -> Plan:
    """A calendar: what it calls things and says of them, on their days."""
    calendar = read_calendar(path)
    lines = [
        Line(text, entry.place, heading=text is entry.label, day=entry.day)
        for entry in calendar.entries
        for text in (entry.label, *entry.themes, *_said(entry.description))
    ]
    return Plan(calendar.file, tuple(lines), calendar.rejected)


def _table(container: Container) -> Plan:
    """A table: with a column of dates it is a calendar, else a list of labels."""
    reader = Delimited(container)
    columns = columns_of(reader.names, container.file, needed=("label",))
    if "day" in columns:
        return _dated(container.path)
    wanted = {role: columns[role] for role in ("label", "themes", "description") if role in columns}
    lines: list[Line] = []
    for chunk in reader.chunks(list(wanted.values()), rows=_ROWS):
        texts = chunk.values.select(
            prose(chunk.values[column]).alias(role) for role, column in wanted.items()
        )
        for place, row in zip(chunk.places.to_list(), texts.to_dicts(), strict=True):
            for role in wanted:
                lines += [Line(said, f"line {place}", role == "label") for said in _said(row[role] or "")]
    return Plan(container.file, tuple(lines))


def _said(text: str) -> Iterator[str]:
    for line in text.splitlines():
        plain = _plain(line)
        if plain:
            yield plain


def _marked(lines: Iterable[str]) -> Iterator[Line]:
    """The lines of a text, Markdown or not; code is left out."""
    fenced = False
    held: Line | None = None
    for number, line in enumerate(lines, 1):
        if _FENCE.match(line):
            fenced = not fenced
            continue
        if fenced:
            continue
        if held is not None and _UNDERLINE.match(line):
            held = Line(held.text, held.place, heading=True)
            continue
        if held is not None:
            yield held
        title = _HEADING.match(line)
        text = _plain(title[2] if title else line)
        held = Line(text, f"line {number}", heading=bool(title)) if text else None
    if held is not None:
        yield held


def _plain(line: str) -> str:
    """A line without bullet, emphasis and addresses, as counting expects it."""
    bare = _BOX.sub("", _BULLET.sub("", line, count=1), count=1)
    bare = _MARKS.sub("", _ADDRESS.sub(" ", _LINK.sub(r"\1", bare)))
    return unicodedata.normalize("NFC", " ".join(bare.split()))


def _slides(path: Path) -> Iterator[Line]:
    """The titles, texts and tables of slides; not what is noted for the speaker."""
    try:
        from estran.sources.slides import paragraphs  # noqa: PLC0415  its library is an extra
    except ImportError:
        raise _missing(path, "slides") from None
    for number, heading, text in paragraphs(path):
        for said in _said(text):
            yield Line(said, f"slide {number}", heading)


def _pdf(path: Path) -> Iterator[Line]:
    """The lines of a PDF; a sentence that goes on is one line again."""
    try:
        from estran.sources.pdfs import pages  # noqa: PLC0415  its library is an extra
    except ImportError:
        raise _missing(path, "a PDF") from None
    for number, text in enumerate(pages(path), 1):
        for said in _said(_whole(text)):
            yield Line(said, f"page {number}")


def _whole(text: str) -> str:
    """The text with words and sentences that were broken at the edge put together again."""
    text = re.sub(r"(?<=[^\W\d_])[-\u00ad]\n(?=[^\W\d_A-Z])", "", text)
    return re.sub(r"(?<=[^\s.:;!?])[ \t]*\n[ \t]*(?=[^\W\d_])(?=[^A-ZÀ-Ý])", " ", text)


def _missing(path: Path, what: str) -> InputError:
    return InputError(f"{path.name} is {what}, which needs one more package: pip install 'estran[sources]'")
