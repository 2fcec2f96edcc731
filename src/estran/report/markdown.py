"""The tour as Markdown: tables and quotes that read well as plain text, on a forge and in a mail."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

from estran.findings import Report, Successions
from estran.report import footnotes, links, notices, sentences, why
from estran.report.blocks import blocks
from estran.report.faces import face_of
from estran.report.i18n import NOTHING, Words
from estran.report.plain import plain, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from estran.findings import Answer, Estimate, Movement, Quote, Tour
    from estran.report.faces import Face

ROWS = 100
"""Rows of a table; what does not fit is counted, and stands in full in the JSON."""


def to_markdown(found: Answer, *, language: str = "en") -> str:
    """An answer as one Markdown document in the reader's language.

    Raises:
        ValueError: no report is written in that language.
    """
    words = Words(language)
    face = face_of(found)
    if face is not None:
        parts = _answer(words, found, face)
    elif isinstance(found, Successions):
        parts = _successions(words, found)
    elif isinstance(found, Report):
        *above, coverage, method = _tour(words, found.tour)
        parts = (*above, *(_part(words, part) for part in found.parts), _left_out(found), coverage, method)
    else:
        parts = _tour(words, cast("Tour", found))
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _answer(words: Words, found: Answer, face: Face) -> tuple[Iterator[str], ...]:
    return (
        _titled(words, face.title(words, found), face.summary(words, found), found),
        face.markdown(words, found),
        _coverage(words, found),
        _method(words, found, face.method(words, found)),
    )


def _left_out(found: Report) -> Iterator[str]:
    yield from (f"> {plain(why)}" for why in found.left_out.values())
    yield ""


def _part(words: Words, part: Answer) -> Iterator[str]:
    """One of the answers that stand below a tour."""
    face = face_of(part)
    assert face is not None
    yield f"## {face.title(words, part)}"
    yield ""
    yield plain(face.summary(words, part))
    yield ""
    yield from face.markdown(words, part)
    yield ""


def _tour(words: Words, tour: Tour) -> tuple[Iterator[str], ...]:
    return (
        _opening(words, tour),
        _board(words, "In", tour.coming_in),
        _board(words, "Out", tour.going_out),
        took_over(words, tour.going_out, title=words.say("What came in their place"), level="##"),
        _followed(words, tour),
        _normal(words, tour.become_normal),
        _still(words, tour.steady, title=words.say("Steady"), seen=words.say("would have been seen")),
        _still(
            words, tour.too_early, title=words.say("Too early to say"), seen=words.say("could have been seen")
        ),
        _style(words, tour),
        _coverage(words, tour),
        _method(words, tour, footnotes.method(words, tour)),
    )


def _followed(words: Words, tour: Tour) -> Iterator[str]:
    if tour.followed:
        yield "## " + words.say("Followed")
        yield ""
        yield from (f"- {plain(said)}" for said in sentences.followed(words, tour.followed))
        yield ""


def _successions(words: Words, found: Successions) -> tuple[Iterator[str], ...]:
    return (
        _titled(words, words.say("What came in the place of what"), links.summary(words, found), found),
        took_over(words, found.going_out, title=words.say("Who took over from whom"), level="##"),
        _board(words, "Out", found.going_out),
        _coverage(words, found),
        _method(words, found, footnotes.method(words, found)),
    )


def _titled(words: Words, title: str, summary: str, found: Answer) -> Iterator[str]:
    yield f"# {title}"
    yield ""
    yield plain(summary)
    yield ""
    yield from _warnings(words, found)


def _opening(words: Words, tour: Tour) -> Iterator[str]:
    yield "# " + words.say("Estran tour")
    yield ""
    yield "".join(f"**{plain(text)}**" if column else text for text, column in sentences.summary(words, tour))
    yield ""
    yield " · ".join(sentences.extent(words, tour))
    yield ""
    yield from _warnings(words, tour)


def _warnings(words: Words, found: Answer) -> Iterator[str]:
    told = notices.notices(words, found)
    for grave, text in told:
        yield f"> {'⚠ ' if grave else ''}{plain(text)}  "
    if told:
        yield ""


def _names(words: Words, movement: Movement) -> str:
    others = "".join(f" / *{plain(label)}*" for _, label in sentences.other_labels(words, movement))
    return f"**{plain(sentences.headline(words, movement))}**{others}"


def _share(words: Words, estimate: Estimate | None) -> str:
    return words.share(estimate.value) if estimate else NOTHING


def _board(words: Words, title: str, themes: Sequence[Movement]) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    if not themes:
        yield words.say("Nothing that these data can show.")
        yield ""
        return
    head = (
        words.say("theme"),
        words.say("curve"),
        words.say("share before"),
        words.say("share now"),
        words.say("change"),
        words.say("interval"),
        words.say("since"),
        words.say("inside"),
        words.say("outside"),
        words.say("people"),
        words.say("false-discovery rate"),
    )
    rows = (
        (
            _names(words, m),
            blocks(m.curve.share, width=16),
            words.share(m.before.value),
            f"{words.share(m.after.value)} ({words.between(m.after)})",
            f"**{words.ratio(m.change.value)}**",
            words.between(m.change, ratio=True),
            _turn(words, m),
            _share(words, m.inside),
            _share(words, m.outside),
            words.number(m.people),
            NOTHING if m.change.q is None else words.rate(m.change.q),
        )
        for m in themes[:ROWS]
    )
    yield from table(head, rows)
    yield from _unseen(words, themes)
    for m in themes[:ROWS]:
        tongues, topic = sentences.by_language(words, m.languages), sentences.topic(words, m)
        senses = sentences.senses(words, m)
        if m.quotes or m.also or m.reasons or m.successors or topic or tongues or senses:
            along = ", ".join(map(plain, m.also))
            said = [f"- {_names(words, m)}. {sentences.shape(words, m)}."]
            said += [words.say("said with it: {themes}", themes=along)] if along else []
            said += [f"({plain(each)})" for each in (senses, topic, tongues) if each]
            yield " ".join(said)
            yield from (f"  > {_quote(words, q)}  " for q in sentences.for_reader(words, m.quotes))
            yield from _why(words, m)
    yield ""


def _why(words: Words, movement: Movement) -> Iterator[str]:
    """Why a theme went out, and what came in its place: points below that of the theme."""
    if movement.reasons and not why.held(movement):
        yield f"  - **{words.say('Reason not established')}.**"
    for reason in movement.reasons:
        holds = reason in why.held(movement)
        name = f"**{why.name(words, reason)}.**" if holds else f"{why.verdict(words, reason)}."
        yield f"  - {name} {plain(why.finding(words, movement, reason))}"
        if why.has_its_own_evidence(movement, reason):
            yield from (f"    > {_quote(words, q)}  " for q in sentences.for_reader(words, reason.quotes))
    for link in movement.successors:
        yield f"  - → {plain(links.shortly(words, link))}"
        yield f"    {plain(links.evidence(words, link))}"
        yield from (f"    > {_quote(words, q)}  " for q in sentences.for_reader(words, link.quotes))


def took_over(words: Words, themes: Sequence[Movement], *, title: str, level: str) -> Iterator[str]:
    """Who took over from whom: a row for each link."""
    if not any(m.successors for m in themes):
        return
    yield f"{level} {title}"
    yield ""
    head = (
        words.say("theme"), words.say("curve"), words.say("link"), words.say("in its place"), words.say("curve"),
        words.say("score"), words.say("right in known cases"),
    )  # fmt: skip
    rows = (
        (
            _names(words, m),
            blocks(m.curve.share, width=16),
            links.level(words, link),
            f"**{plain(sentences.headline(words, link))}**",
            blocks(link.curve.share, width=16),
            words.number(link.score, 2),
            f"{words.share(link.precision.value)} ({words.between(link.precision)})"
            if links.is_known(link)
            else NOTHING,
        )
        for m in themes[:ROWS]
        for link in m.successors
    )
    yield from table(head, rows)


def _normal(words: Words, themes: Sequence[Movement]) -> Iterator[str]:
    if not themes:
        return
    yield "## " + words.say("Become normal")
    yield ""
    yield words.say(
        "As many people say it as before, or nearly, but it leaves the headlines: out of the news, not out of use."
    )
    yield ""
    for m in themes[:ROWS]:
        yield (
            f"- {_names(words, m)} {blocks(m.curve.share, width=16)} {words.share(m.before.value)} → "
            f"{words.share(m.after.value)} ({words.between(m.after)}; {why.seen(words, m)})"
        )
        for reason in why.held(m):
            yield f"  - **{why.name(words, reason)}.** {plain(why.finding(words, m, reason))}"
            yield from (f"    > {_quote(words, q)}  " for q in sentences.for_reader(words, reason.quotes))
    yield ""


def _turn(words: Words, movement: Movement) -> str:
    turn = movement.since
    if turn is None:
        return NOTHING
    span = f"{words.period(turn.low)} – {words.period(turn.high)}"
    return span if turn.value is None else f"{words.period(turn.value)} ({span})"


def _quote(words: Words, quote: Quote) -> str:
    said = ", ".join((sentences.side(words, quote.side), quote.source, words.day(quote.date)))
    return f"{plain(sentences.quoted(words, quote))} ({plain(said)})"


def _still(words: Words, themes: Sequence[Movement], *, title: str, seen: str) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    if not themes:
        yield words.say("No theme.")
        yield ""
        return
    head = (
        words.say("theme"),
        words.say("curve"),
        words.say("share now"),
        words.say("interval"),
        words.say("people"),
        seen,
    )
    rows = (
        (
            _names(words, m),
            blocks(m.curve.share, width=16),
            words.share(m.after.value),
            words.between(m.after),
            words.number(m.people),
            words.ratio(m.detectable),
        )
        for m in themes[:ROWS]
    )
    yield from table(head, rows)
    yield from _unseen(words, themes)


def _unseen(words: Words, themes: Sequence[Movement]) -> Iterator[str]:
    if len(themes) > ROWS:
        yield words.count(
            "{n} more theme is in the JSON of this tour.",
            "{n} more themes are in the JSON of this tour.",
            len(themes) - ROWS,
        )
        yield ""


def _style(words: Words, tour: Tour) -> Iterator[str]:
    lists = ((words.say("heard more"), tour.style.coming_in), (words.say("heard less"), tour.style.going_out))
    if not any(said for _, said in lists):
        return
    yield "## " + words.say("How people speak")
    yield ""
    head = (words.say("word"), words.say("change"), words.say("interval"), words.say("evenness"))
    for name, heard in lists:
        if heard:
            yield f"**{name}**"
            yield ""
            yield from table(head, ((f"*{plain(s.label)}*", *why.spoken(words, s)) for s in heard))


def _coverage(words: Words, found: Answer) -> Iterator[str]:
    coverage = found.coverage
    yield "## " + words.say("What it stands on")
    yield ""
    cells: Counter[tuple[str, str | None, str]] = Counter()
    for v in coverage.volumes:
        cells[v.source, v.side, v.period] += v.messages
    series = {(source, side): [cells[source, side, p] for p in coverage.periods] for source, side, _ in cells}
    head = (words.say("source"), words.say("side"), words.say("messages"), words.say("per period"))
    if series:
        yield from table(
            head,
            (
                (
                    plain(source),
                    plain(sentences.side(words, side)),
                    words.number(sum(counts)),
                    blocks(counts),
                )
                for (source, side), counts in sorted(series.items(), key=lambda item: -sum(item[1]))
            ),
        )
    yield words.say(
        "Of {read} rows read, {kept} messages were counted.", read=coverage.read, kept=coverage.kept
    )
    yield from map(plain, sentences.removals(words, coverage.removed))
    yield ""
    for refused in coverage.refused:
        places = ", ".join(refused.places)
        why = f"{words.text(refused.why)} ({words.number(refused.rows)}; {places})"
        yield f"- {plain(refused.file)}: {plain(why)}"
    if coverage.refused:
        yield ""


def _method(words: Words, found: Answer, notes: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield "## " + words.say("How to read it")
    yield ""
    for title, text in notes:
        yield f"- **{title}.** {text}"
    yield ""
    made = found.provenance
    files = ", ".join(plain(f) for f in made.files) or NOTHING
    span = plain(f"{words.day(made.since)} – {words.day(made.until)}")
    by = words.say("by {step}", step=plain(sentences.step(words, made.step)))
    yield f"Estran {made.estran} · {files} · {span}, {by}"
