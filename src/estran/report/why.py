"""Why a theme went out, and what came in its place, in words: shared by all the written faces."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from estran.findings import Level, Shape, Verdict, Why
from estran.report import sentences
from estran.report.i18n import Words, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estran.findings import Estimate, Link, Movement, Reason, Since, Spoken

NAMES = {
    Why.FORGOTTEN: sentence("Forgotten"),
    Why.NORMALISED: sentence("Become normal"),
    Why.SUPERSEDED: sentence("Superseded"),
    Why.WORN_OUT: sentence("Worn out"),
}

RULES = {
    Why.FORGOTTEN: sentence(
        "Fewer people say it, in headlines and elsewhere, until at most a quarter of its peak is left; its whole subject "
        "recedes, those who used it still speak and leave it out, and nothing took its place."
    ),
    Why.NORMALISED: sentence(
        "As many people say it as before, or nearly (not a fifth less), but those who say it put it in the headline less and less."
    ),
    Why.SUPERSEDED: sentence(
        "Another theme came in its place, and people say so, or turned from the one to the other themselves."
    ),
    Why.WORN_OUT: sentence(
        "People hold it at a distance (in quotation marks, “so-called”, “buzzword”) more and more, "
        "or three times as often as other themes."
    ),
}
"""The rule of each reason, in one sentence."""

VERDICTS = {
    Verdict.HOLDS: sentence("yes"),
    Verdict.FAILS: sentence("no"),
    Verdict.NOT_ENOUGH: sentence("cannot be told"),
}

FIGURES = {
    (Why.FORGOTTEN, "left"): sentence("left of its peak"),
    (Why.FORGOTTEN, "headlines_left"): sentence("left of its peak in headlines"),
    (Why.FORGOTTEN, "slot"): sentence("left of its subject"),
    (Why.FORGOTTEN, "silent"): sentence("used it, still speak, no longer say it"),
    (Why.NORMALISED, "headline_before"): sentence("in the headline, before"),
    (Why.NORMALISED, "headline_after"): sentence("in the headline, now"),
    (Why.NORMALISED, "headline_change"): sentence("change in headlines"),
    (Why.NORMALISED, "breadth"): sentence("change of its share of people"),
    (Why.NORMALISED, "detectable"): sentence("change that could have been seen"),
    (Why.SUPERSEDED, "score"): sentence("score of the likeliest successor"),
    (Why.SUPERSEDED, "precision"): sentence("links like it that were right"),
    (Why.SUPERSEDED, "slot"): sentence("both together, now over before"),
    (Why.WORN_OUT, "marked"): sentence("held at a distance"),
    (Why.WORN_OUT, "base"): sentence("the same of all themes"),
    (Why.WORN_OUT, "times_base"): sentence("the one over the other"),
    (Why.WORN_OUT, "marked_before"): sentence("at a distance, before"),
    (Why.WORN_OUT, "marked_after"): sentence("at a distance, now"),
    (Why.WORN_OUT, "marked_change"): sentence("change of it"),
    (Why.WORN_OUT, "tone"): sentence("tone around it, from -1 to 1"),
    (Why.WORN_OUT, "detectable"): sentence("change that could have been seen"),
}
"""What a figure of a reason is called; one that is not known here goes by its own name."""

PARTS_LEFT = frozenset({"left", "headlines_left", "slot"})
"""Ratios that say what is left of a peak: they read as per cents."""

GONE = (Shape.OUT, Shape.PEAKED_OUT)

A_QUARTER, NEARLY_AS_MANY, SURE = 0.25, 0.8, 0.05
"""Lines that the rules of reasons draw (docs/methods/reasons.md)."""


def name(words: Words, reason: Reason) -> str:
    """What a reason is called."""
    return words.text(NAMES[reason.why])


def rule(words: Words, reason: Reason) -> str:
    """The rule of a reason, in one sentence."""
    return words.text(RULES[reason.why])


def verdict(words: Words, reason: Reason) -> str:
    """A reason and what became of its rule: yes, no, or that it cannot be told."""
    return words.say(
        "{reason}: {verdict}", reason=name(words, reason), verdict=words.text(VERDICTS[reason.verdict])
    )


def held(movement: Movement) -> tuple[Reason, ...]:
    """The reasons that hold."""
    return tuple(reason for reason in movement.reasons if reason.verdict is Verdict.HOLDS)


def others(movement: Movement) -> tuple[Reason, ...]:
    """The reasons that do not hold, or cannot be told."""
    return tuple(reason for reason in movement.reasons if reason.verdict is not Verdict.HOLDS)


def established(words: Words, movement: Movement) -> str:
    """The reasons that hold by their names, or that none is established; nothing where none was looked for."""
    if not movement.reasons:
        return ""
    named = [name(words, reason) for reason in held(movement)]
    return ", ".join(named) if named else words.say("Reason not established")


def has_its_own_evidence(movement: Movement, reason: Reason) -> bool:
    """Whether its quotes and figures are to be shown with it; those of a successor stand with the successor."""
    return reason.why is not Why.SUPERSEDED or not movement.successors


def finding(words: Words, movement: Movement, reason: Reason) -> str:
    """What was found of a reason, as a sentence; what could have been seen, where it cannot be told."""
    match reason.why:
        case Why.FORGOTTEN:
            said = _forgotten(words, movement, reason)
        case Why.NORMALISED:
            said = _normalised(words, movement, reason)
        case Why.SUPERSEDED:
            said = _superseded(words, movement, reason)
        case Why.WORN_OUT:
            said = _worn_out(words, reason)
    if reason.verdict is Verdict.NOT_ENOUGH and reason.why is not Why.SUPERSEDED:
        return f"{said} {_could_have_been_seen(words, movement, reason)}"
    return said


def _could_have_been_seen(words: Words, movement: Movement, reason: Reason) -> str:
    seen = reason.figures.get("detectable")
    if seen is None and reason.why is Why.FORGOTTEN:
        return words.say(
            "Only a change of its share by {ratio} or more could have been seen.",
            ratio=words.ratio(movement.detectable),
        )
    if seen is None or not math.isfinite(seen.value):
        return words.say("No change over time could have been seen.")
    return words.say(
        "Only a change as large as {rise} or {fall} could have been seen.",
        rise=words.ratio(seen.value),
        fall=words.ratio(1 / seen.value),
    )


def _not_forgotten(words: Words, movement: Movement, reason: Reason) -> str:
    left, slot = reason.figures.get("left"), reason.figures.get("slot")
    if left is not None and left.value > A_QUARTER:
        return words.say("{left} of its peak is left.", left=words.share(left.value))
    if _best(movement, Level.SUPERSEDED, Level.LIKELY):
        return words.say("Something took its place, or is likely to have.")
    if slot is not None and slot.value > A_QUARTER:
        return words.say("Its subject holds.")
    return words.say("It does not fit the rule.")


def _forgotten(words: Words, movement: Movement, reason: Reason) -> str:
    if reason.verdict is Verdict.NOT_ENOUGH:
        return words.say("Too little to say that it is forgotten.")
    if reason.verdict is Verdict.FAILS:
        return _not_forgotten(words, movement, reason)
    left, silent = reason.figures.get("left"), reason.figures.get("silent")
    if left is None:
        return words.say("Hardly anybody says it any more, and its subject recedes with it.")
    facts = {"left": words.share(left.value), "interval": words.between(left)}
    if silent is None:
        return words.say("{left} of its peak is left ({interval}), and its subject recedes with it.", **facts)
    return words.say(
        "{left} of its peak is left ({interval}), its subject recedes with it, and {silent} of those who used it and still "
        "speak no longer say it.",
        **facts,
        silent=words.share(silent.value),
    )


def _normalised(words: Words, movement: Movement, reason: Reason) -> str:
    figures = reason.figures
    if reason.verdict is Verdict.NOT_ENOUGH:
        return words.say("Too few uses to see it leave the headlines.")
    if reason.verdict is Verdict.FAILS:
        breadth = figures.get("breadth")
        if movement.shape in GONE or (breadth is not None and breadth.low < NEARLY_AS_MANY):
            return words.say("Fewer people say it.")
        return words.say("It stands in headlines as often as before.")
    if not {"headline_before", "headline_after"} <= figures.keys():
        return words.say("It leaves the headlines, while as many people say it.")
    return words.say(
        "In the headline in {before} of its uses before, {after} now, while as many people say it.",
        before=words.share(figures["headline_before"].value),
        after=words.share(figures["headline_after"].value),
    )


def _superseded(words: Words, movement: Movement, reason: Reason) -> str:
    if reason.verdict is Verdict.NOT_ENOUGH:
        return words.say(
            "A successor is possible, but too few say so: it would take more sentences that do, or more people who turned from "
            "the one to the other."
        )
    if reason.verdict is Verdict.FAILS:
        return words.say("No successor found.")
    best = _best(movement, Level.SUPERSEDED)
    if best is None:
        return words.say("Another theme came in its place.")
    return words.say("In its place: {theme}.", theme=sentences.headline(words, best))


def _worn_out(words: Words, reason: Reason) -> str:
    figures = reason.figures
    if reason.verdict is Verdict.NOT_ENOUGH:
        said = words.say("Too few uses to say whether it is worn out.")
    elif reason.verdict is Verdict.FAILS:
        said = words.say("Hardly anybody holds it at a distance.")
    elif not {"marked", "base"} <= figures.keys():
        said = words.say("People hold it at a distance.")
    else:
        change = figures.get("marked_change")
        more = change is not None and change.q is not None and change.q <= SURE and change.value > 1
        template = (
            words.text(
                "Held at a distance in {marked} of its uses, more and more; in {base} of those of all themes."
            )
            if more
            else words.text("Held at a distance in {marked} of its uses, in {base} of those of all themes.")
        )
        said = template.format(
            marked=words.share(figures["marked"].value), base=words.share(figures["base"].value)
        )
    return f"{said} {tone}" if (tone := _tone(words, figures)) else said


def _tone(words: Words, figures: Mapping[str, Estimate]) -> str:
    tone = figures.get("tone")
    if tone is None or tone.low <= 0 <= tone.high:
        return ""
    if tone.value < 0:
        return words.say("Around it, people speak worse of things than they do elsewhere.")
    return words.say("Around it, people speak better of things than they do elsewhere.")


def figures(words: Words, reason: Reason) -> list[tuple[str, str]]:
    """(name, value with its interval) of each figure that a rule looked at."""
    known = [key for of, key in FIGURES if of is reason.why and key in reason.figures]
    keys = [*known, *(key for key in reason.figures if key not in known)]
    return [
        (
            words.text(FIGURES.get((reason.why, key), key)),
            _figure(words, reason.why, key, reason.figures[key]),
        )
        for key in keys
        if key != "times_base" or reason.figures[key].value > 0  # so many times nothing is no figure
    ]


def _figure(words: Words, of: Why, key: str, estimate: Estimate) -> str:
    if estimate.unit in {"score", "tone"}:
        value, ends = words.number(estimate.value, 2), (estimate.low, estimate.high)
        interval = " – ".join(words.number(end, 2) for end in ends)
    elif estimate.unit == "ratio" and not (of is Why.FORGOTTEN and key in PARTS_LEFT):
        value, interval = words.ratio(estimate.value), words.between(estimate, ratio=True)
    else:
        value, interval = words.share(estimate.value), words.between(estimate)
    if estimate.low == estimate.high:
        return value
    claimed = estimate.q is not None and estimate.q <= SURE
    rate = words.say(", false-discovery rate {rate}", rate=words.rate(estimate.q or 0.0)) if claimed else ""
    return f"{value} ({interval}{rate})"


def _best(movement: Movement, *levels: Level) -> Link | None:
    return next((link for link in movement.successors if link.level in levels), None)


def likeliest(words: Words, since: Since) -> str:
    """The likeliest periods of a turn, with how likely they are; empty where that is not known."""
    foremost = sorted(since.posterior.items(), key=lambda item: -item[1])[:4]
    return ", ".join(f"{words.period(period)} ({words.rate(round(p, 2))})" for period, p in foremost)


def spoken(words: Words, word: Spoken) -> tuple[str, str, str]:
    """(change, its interval, evenness) of a word of register."""
    return (
        words.ratio(word.change.value),
        words.between(word.change, ratio=True),
        words.number(word.evenness, 2),
    )


def seen(words: Words, movement: Movement) -> str:
    """Beside a theme that holds, or of which it is too early to speak: the change that could have been seen."""
    if movement.shape is Shape.STEADY:
        return words.say("a change by {ratio} would have been seen", ratio=words.ratio(movement.detectable))
    return words.say("a change by {ratio} could have been seen", ratio=words.ratio(movement.detectable))
