"""What keeping a workspace tells, as sentences and small tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table

from estran.report import notices, sentences
from estran.report.i18n import Words, sentence
from estran.report.lines import Line, Printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.console import RenderableType

    from estran.findings import (
        Compaction,
        Erasure,
        Fault,
        Health,
        Ingested,
        Notice,
        Refused,
        Run,
        Status,
    )

TOLD: dict[str, str] = {
    "waiting": sentence(
        "Another command is writing to {workspace}: waiting until it is done (Ctrl-C to stop)."
    ),
    "erasure-finished": sentence("A person was half forgotten when a command was stopped: that is done now."),
    "counted": sentence("Counted anew: {counted} of {blocks} blocks of months."),
    "themes-unwritten": sentence("The themes could not be written down, the next tour will do it: {why}"),
    "themes-salvaged": sentence("{lines} lines of the list of themes were damaged: the others are saved."),
    "mended": sentence("{files} files of counts were damaged: they were counted again from the messages."),
}
"""What is said while a command works, by the kind of its notice."""

FAULTS: dict[str, str] = {
    "folder-open": sentence("Others than you could read {path}."),
    "folder-missing": sentence("The folder {path} was missing."),
    "key-open": sentence("Others than you could read the key {path}."),
    "key-missing": sentence(
        "The key {path} is not there: put it back. If it was destroyed on purpose, "
        "`estran init {workspace} --new-key` makes another, under which everybody is a new person."
    ),
    "key-wrong": sentence("The key {path} is damaged, or that of another workspace: put the right one back."),
    "key-inside": sentence("The key lies in the folder of the messages: move it out of {path}."),
    "store-closed": sentence("The messages cannot be opened: {why}. Put them back from a copy."),
    "file-missing": sentence("Messages of {month} are gone: {file} is not there. Put it back from a copy."),
    "file-damaged": sentence(
        "Messages of {month} cannot be read: {file} is damaged. Put it back from a copy."
    ),
    "id-twice": sentence(
        "{ids} messages are there more than once. Make a new workspace and take the files in again."
    ),
    "counts-damaged": sentence(
        "Counts were damaged: {file} {why}. They are counted again from the messages."
    ),
    "vectors-damaged": sentence(
        "Vectors were damaged: {file} {why}. The next command that needs them makes them anew from the messages."
    ),
    "topics-damaged": sentence(
        "The list of topics was damaged: {file} {why}. `estran topics {workspace}` finds them anew; their ids are new, too."
    ),
    "corrections-wrong": sentence("{why}"),
    "identities-damaged": sentence(
        "{lines} lines of the list of known themes are damaged: put identities.jsonl back from a copy, or "
        "`estran themes rebuild {workspace}` saves the others."
    ),
    "units-damaged": sentence(
        "What is known of the units is damaged: put units.json back from a copy, or tell it again by "
        "`estran units {workspace} --from FILE`."
    ),
    "leftover": sentence("{files} files were left behind by a command that was killed."),
    "erasure-half": sentence("A person was half forgotten when a command was stopped."),
    "journal-torn": sentence("{lines} lines of the journal were torn, and are gone."),
    "rejected-damaged": sentence("The list of refused rows {file} is damaged: take its file in again."),
}
"""What can be wrong in a workspace, by the kind of the fault."""

CHECKED: dict[str, str] = {
    "format": sentence("format"),
    "key": sentence("key"),
    "messages": sentence("messages"),
    "ids": sentence("identities"),
    "counts": sentence("counts"),
    "vectors": sentence("vectors"),
    "topics": sentence("topics"),
    "themes": sentence("themes"),
    "units": sentence("units"),
    "journal": sentence("journal"),
    "leftovers": sentence("leftovers"),
}

RUNS: dict[str, str] = {
    "init": sentence("made"),
    "migrate": sentence("brought to a newer format"),
    "new key": sentence("given a new key"),
    "ingest": sentence("took in"),
    "units": sentence("was told of its units"),
    "refresh": sentence("counted"),
    "erase": sentence("forgot a person"),
    "compact": sentence("put files together"),
    "correct": sentence("corrected themes"),
    "rebuild": sentence("found themes anew"),
    "mark": sentence("changed the marks"),
    "topics": sentence("found topics"),
    "doctor": sentence("was looked over"),
}

FIGURES: dict[str, Callable[[Words, int], str]] = {
    "new": lambda words, n: words.count("{n} new message", "{n} new messages", n),
    "changed": lambda words, n: words.count("{n} changed", "{n} changed", n),
    "same": lambda words, n: words.count("{n} was there already", "{n} were there already", n),
    "refused": lambda words, n: words.count("{n} row refused", "{n} rows refused", n),
    "counted": lambda words, n: words.count("{n} block of months", "{n} blocks of months", n),
    "removed": lambda words, n: words.count("{n} message was removed", "{n} messages were removed", n),
    "masked": lambda words, n: words.count("{n} mention masked", "{n} mentions masked", n),
    "faults": lambda words, n: words.count("{n} fault", "{n} faults", n),
}
"""Figures of runs that are shown, by their name in the journal."""

UNITS = {"en": ("B", "kB", "MB", "GB", "TB"), "fr": ("o", "ko", "Mo", "Go", "To")}
CURSORS = 5
"""Inputs whose cursor is shown."""


def told(language: str, notice: Notice) -> str:
    """A sentence for a notice that comes while a command works."""
    words = Words(language)
    if notice.kind in TOLD:
        return words.say(TOLD[notice.kind], **notice.facts)
    return notices.notice(words, notice)


def made(language: str, *, path: str, key: str, new: bool) -> RenderableType:
    """That a workspace is there, and what to do next."""
    words = Words(language)
    said = (
        words.say("{path} is made.", path=path) if new else words.say("{path} is there already.", path=path)
    )
    advice = words.say("Its key is {key}: keep a copy of it, apart from the folder.", key=key)
    return _lines(f"{said} {advice}", _next(words, f"estran ingest {path} FILE..."))


def given_key(language: str, *, key: str) -> RenderableType:
    """That a workspace has a new key."""
    words = Words(language)
    return _lines(
        words.say(
            "{key} is a new key. Keep a copy of it, apart from the folder. "
            "Whoever spoke before is a new person from now on.",
            key=key,
        )
    )


def ingested(language: str, findings: Sequence[Ingested], *, path: str) -> RenderableType:
    """What became of the rows of each file, and what to do next."""
    words = Words(language)
    lines = [line for found in findings for line in _ingested(words, found)]
    return _lines(*lines, _next(words, f"estran tour {path}"))


def _ingested(words: Words, found: Ingested) -> Iterator[str]:
    if found.known:
        yield words.say("{file} is in already, all of it: nothing to do.", file=found.file)
        return
    rows = words.count("{n} row read", "{n} rows read", found.rows)
    facts = [
        words.count("{n} new message", "{n} new messages", found.new),
        words.count("{n} changed", "{n} changed", found.changed) if found.changed else "",
        words.count("{n} was there already", "{n} were there already", found.same) if found.same else "",
    ]
    yield words.say(
        "{file}: {rows}, {facts}.", file=found.file, rows=rows, facts=", ".join(filter(None, facts))
    )
    if found.before:
        yield "  " + words.count(
            "{n} part of it was in from a run that was stopped.",
            "{n} parts of it were in from a run that was stopped.",
            found.before,
        )
    if found.moved:
        yield "  " + words.count(
            "{n} message is dated in another month now: it stays in its first one.",
            "{n} messages are dated in another month now: they stay in their first one.",
            found.moved,
        )
    for notice in found.notices:
        yield f"  {notices.notice(words, notice)}"
    yield from _refused(words, found.refused)


def _refused(words: Words, refused: Iterable[Refused]) -> Iterator[str]:
    for of in refused:
        rows = words.count("{n} row refused", "{n} rows refused", of.rows)
        yield f"! {of.file}: {rows}, {words.text(of.why)} ({', '.join(of.places)})"


def status(language: str, found: Status) -> RenderableType:
    """What a workspace holds and how it does."""
    words = Words(language)
    opening = words.say(
        "{path}: {messages}, {people}",
        path=found.path,
        messages=words.count("{n} message", "{n} messages", found.messages),
        people=words.count("{n} person", "{n} people", found.people),
    )
    if found.first and found.last:
        opening += ", " + words.say(
            "from {first} to {last}", first=words.day(found.first), last=words.day(found.last)
        )
    parts: list[RenderableType] = [Line(opening, "bold")]
    parts.append(
        Line(
            words.say(
                "made on {day}, format {format}; messages in {store}",
                day=words.day(found.created), format=found.format, store=found.store,
            ),
            "dim",
        )
    )  # fmt: skip
    if found.holdings:
        parts += [Line(), _holdings(words, found)]
    else:
        parts.append(Line(_next(words, f"estran ingest {found.path} FILE...")))
    if found.refused:
        parts += [Line(), *map(Line, _refused(words, found.refused))]
    parts += [Line(), *map(Line, _figures(words, found))]
    if found.runs:
        parts += [Line(), Line(words.say("Last runs"), "bold"), _runs(words, found.runs)]
    return Printable(Group(*parts))


def _holdings(words: Words, found: Status) -> Table:
    table = _table(4)
    heads = (words.say("source"), words.say("side"), words.say("messages"), words.say("first and last day"))
    table.add_row(*(Line(head, "dim") for head in heads))
    for of in found.holdings:
        days = f"{words.day(of.first)} – {words.day(of.last)}"
        table.add_row(
            Line(of.source), Line(sentences.side(words, of.side)), Line(words.number(of.messages)), Line(days)
        )
    return table


def _figures(words: Words, found: Status) -> Iterator[str]:
    if found.blocks:
        blocks = words.count("{n} block of months", "{n} blocks of months", found.blocks)
        left = words.number(found.to_count)
        yield words.say(
            "Counts: {blocks}, of which {left} to be counted anew by the next tour.", blocks=blocks, left=left
        )
    size = found.size
    yield words.say(
        "On disk: {all} (messages {messages}, counts {counts}, vectors and topics {vectors}, the rest {rest}).",
        all=size_of(words, size.messages + size.counts + size.vectors + size.rest),
        messages=size_of(words, size.messages), counts=size_of(words, size.counts),
        vectors=size_of(words, size.vectors), rest=size_of(words, size.rest),
    )  # fmt: skip
    if found.cursors:
        shown = [f"{c.name[:17]} {words.number(c.done)}" for c in found.cursors[:CURSORS]]
        more = len(found.cursors) - CURSORS
        if more > 0:
            shown.append(words.count("and {n} more", "and {n} more", more))
        yield words.say("Parts taken in, by input: {parts}.", parts=", ".join(shown))


def _runs(words: Words, runs: Sequence[Run]) -> Table:
    table = _table(3)
    for run in runs:
        when = run.time[:16].replace("T", " ")
        done = words.text(RUNS.get(run.what, run.what))
        table.add_row(Line(when), Line(done), Line(", ".join(_run(words, run)), "dim"))
    return table


def _run(words: Words, run: Run) -> Iterator[str]:
    """What is worth reading of a run's figures."""
    if isinstance(file := run.figures.get("file"), str):
        yield file
    for name, written in FIGURES.items():
        number = run.figures.get(name)
        if isinstance(number, int) and number:
            yield written(words, number)


def erasure(language: str, found: Erasure) -> RenderableType:
    """What forgetting a person will take away."""
    words = Words(language)
    if found.nothing:
        return _lines(words.say("Nobody of that name or pseudonym is in the workspace: nothing to forget."))
    lines = [
        words.say(
            "To be removed: {messages}, in {months}.",
            messages=words.count("{n} message", "{n} messages", found.messages),
            months=words.count("{n} month", "{n} months", len(found.months)),
        )
    ]
    if found.mentions:
        lines.append(_mentions(words, found))
    return _lines(*lines)


def _mentions(words: Words, found: Erasure) -> str:
    return words.count(
        "{n} message of somebody else holds the name: [name] is to stand there.",
        "{n} messages of others hold the name: [name] is to stand there.",
        found.mentions,
    )


def question(language: str) -> str:
    """Whether a person is to be forgotten."""
    return Words(language).say("Forget this person? It cannot be undone.")


def erased(language: str, found: Erasure) -> RenderableType:
    """What was taken away, and how it was made sure."""
    words = Words(language)
    removed = words.count("{n} message was removed", "{n} messages were removed", found.messages)
    masked = words.count("{n} mention masked", "{n} mentions masked", found.mentions)
    lines = [words.say("{removed}, {masked}.", removed=removed, masked=masked)]
    if found.proof is not None:
        proof = found.proof
        lines.append(
            words.say(
                "Proof: {needles} forms of the pseudonym, the name and the texts were sought in {files} files "
                "({size}), byte by byte and decoded: {found}.",
                needles=proof.needles, files=proof.files, size=size_of(words, proof.bytes),
                found=words.count("found in {n} file", "found in {n} files", len(proof.found))
                if proof.found else words.say("none was found"),
            )
        )  # fmt: skip
        lines += [f"! {file}" for file in proof.found]
    return _lines(*lines)


def compacted(language: str, found: Compaction) -> RenderableType:
    """How much less room a workspace takes."""
    words = Words(language)
    before, after = size_of(words, found.before), size_of(words, found.after)
    return _lines(words.say("On disk: {after}, {before} before.", after=after, before=before))


def health(language: str, found: Health) -> RenderableType:
    """What a look over a workspace found, and what was put right."""
    words = Words(language)
    checked = ", ".join(words.text(CHECKED.get(of, of)) for of in found.checked)
    lines = [words.say("Looked over: {checked}.", checked=checked)]
    lines += [_fault(words, fault) for fault in found.faults]
    if not found.faults:
        lines.append(words.say("Nothing is wrong."))
    elif found.well:
        lines.append(words.say("All of it is put right."))
    else:
        left = sum(not fault.mended for fault in found.faults)
        lines.append(words.count("{n} fault remains.", "{n} faults remain.", left))
    return _lines(*lines)


def _fault(words: Words, fault: Fault) -> str:
    said = words.say(FAULTS[fault.kind], **fault.facts) if fault.kind in FAULTS else fault.kind
    return words.say("· {fault} Put right.", fault=said) if fault.mended else f"! {said}"


def size_of(words: Words, size: int) -> str:
    """Bytes as people write them: 12.3 MB, 12,3 Mo."""
    value, unit = float(size), 0
    while value >= 999.5 and unit < len(UNITS["en"]) - 1:
        value, unit = value / 1000, unit + 1
    digits = 0 if unit == 0 or value >= 99.5 else 1
    return f"{words.number(value, digits)}\N{NO-BREAK SPACE}{UNITS[words.language][unit]}"


def _next(words: Words, command: str) -> str:
    return words.say("Next: {command}", command=command)


def _lines(*lines: str) -> Printable:
    return Printable(Group(*map(Line, lines)))


def _table(columns: int) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    for number in range(columns):
        table.add_column(overflow="fold", justify="right" if columns == 4 and number == 2 else "left")
    return table
