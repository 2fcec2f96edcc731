"""What is said of marks and of what they moved: sentences, the rows of a table, a picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from estran.findings import Comparison, Outcome
from estran.report import charts, sentences
from estran.report.i18n import NOTHING, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from estran.findings import Effect, Estimate, MarkEffects, Notice
    from estran.report.i18n import Words

DRIFTING = 0.05
"""p value under which what was under way before a mark is told as a warning."""
DIGITS = 3

NOTICES = {
    "mark-outside": sentence("The mark lies outside the messages, which go from {first} to {last}."),
    "mark-near-the-edge": sentence(
        "Six periods are needed before the mark and six after it, of a {step} at least: the messages go from {first} to {last}."
    ),
    "mark-few-people": sentence(
        "Fewer than five people spoke in {scope} before the mark, or after it: nothing is told of so few."
    ),
    "mark-no-units": sentence(
        "No message says which part of the organisation it comes from, so nobody knows what {scope} said. "
        "Name the column that does (--unit-column), or tell who works where (estran units)."
    ),
    "mark-nobody": sentence("Nobody spoke in {scope}. There are {known}."),
    "mark-nothing-like-it": sentence(
        "Too few people speak who are like {scope} and whom the decision did not concern: it is compared with itself before."
    ),
    "mark-few-others": sentence(
        "Only {others} other themes are said enough around the mark: a place among so few tells little."
    ),
    "mark-no-theme": sentence("No theme is called “{word}”, or fewer than five people say it."),
    "mark-no-theme-but": sentence(
        "No theme is called “{word}”, or fewer than five people say it. The nearest: {nearest}."
    ),
}


def heading(words: Words, mark: MarkEffects) -> str:
    """A mark and its day, or days."""
    days = words.day(mark.day)
    if mark.end != mark.day:
        days = words.say("{first} to {last}", first=days, last=words.day(mark.end))
    scope = f" · {scope_of(words, mark.scope)}" if mark.scope else ""
    return f"{mark.label} · {days}{scope}"


def scope_of(words: Words, scope: str) -> str:
    """Whom a mark concerns, as people say it."""
    parts = []
    for part in scope.split(", "):
        key, _, value = part.partition("=")
        parts.append(sentences.side(words, value) if key == "side" else value or key)
    return ", ".join(parts)


def how(words: Words, mark: MarkEffects) -> list[str]:
    """Whom a mark is compared with, over which periods, and what came out."""
    told = [notice(words, each) for each in mark.notices]
    if not mark.counts:
        return told
    step = sentences.step(words, mark.step)
    names = ", ".join(sentences.side(words, n) if mark.compared == "side" else n for n in mark.against)
    if mark.compared:
        told.insert(
            0,
            words.say(
                "Compared with those whom it did not concern: {names}. Six periods of a {step} on either side.",
                names=names, step=step,
            ),
        )  # fmt: skip
    else:
        told.insert(
            0,
            words.say(
                "Compared with itself before, as everybody was concerned or nobody else can be compared. Six periods of a "
                "{step} on either side.",
                step=step,
            ),
        )
    before, after, *elsewhere = mark.people
    people = words.say("People who spoke: {before} before, {after} after", before=before, after=after)
    if elsewhere:
        people += words.say("; elsewhere {before} and {after}", before=elsewhere[0], after=elsewhere[1])
    told.append(f"{people}.")
    told.append(
        words.say(
            "{moved} moved, {still} did not move, {unseen} could not have been seen.",
            moved=mark.counts.get(Outcome.MOVED, 0),
            still=mark.counts.get(Outcome.STILL, 0),
            unseen=mark.counts.get(Outcome.UNSEEN, 0),
        )
    )
    return told


def notice(words: Words, of: Notice) -> str:
    """Why something could not be asked."""
    kind = f"{of.kind}-but" if of.facts.get("nearest") else of.kind
    facts = dict(of.facts)
    for name in ("first", "last"):
        if name in facts:
            facts[name] = words.day(str(facts[name]))
    if "step" in facts:
        facts["step"] = sentences.step(words, str(facts["step"]))
    if "scope" in facts:
        facts["scope"] = scope_of(words, str(facts["scope"]))
    return words.say(NOTICES[kind], **facts)


def outcome(words: Words, effect: Effect) -> tuple[str, str]:
    """The verdict, and what it stands on."""
    seen = words.ratio(effect.detectable)
    if effect.outcome is Outcome.STILL:
        return words.say("Did not move"), words.say("a change of {ratio} would have been seen", ratio=seen)
    if effect.outcome is Outcome.UNSEEN:
        if not math.isfinite(effect.detectable):
            return words.say("Could not have been seen"), words.say("too few people say it")
        return words.say("Could not have been seen"), words.say(
            "only a change of {ratio} or more would have been", ratio=seen
        )
    verdict = words.say("Moved: said more") if effect.rises else words.say("Moved: said less")
    if effect.ratio is None:
        return verdict, words.say(
            "by how much is withheld, as fewer than five people stand behind a part of it"
        )
    return verdict, f"{words.ratio(effect.ratio.value)} ({words.between(effect.ratio, ratio=True)})"


def evidence(words: Words, mark: MarkEffects, effect: Effect) -> list[str]:
    """Shares before and after, here and elsewhere; the place among other themes; what was under way before the mark."""
    told = [words.say("share of people {shares}", shares=_pair(words, effect.before, effect.after))]
    paired = effect.comparison is Comparison.DIFFERENCES
    if paired:
        shares = _pair(words, effect.elsewhere_before, effect.elsewhere_after)
        told.append(words.say("elsewhere {shares}", shares=shares))
    elif mark.compared:
        told.append(words.say("too few say it elsewhere: compared with itself before"))
    if effect.outcome is not Outcome.MOVED and effect.ratio is not None:
        interval = words.between(effect.ratio, ratio=True)
        told.append(
            words.say(
                "measured {ratio} ({interval})", ratio=words.ratio(effect.ratio.value), interval=interval
            )
        )
    if effect.ratio is not None and effect.ratio.q is not None:
        told.append(words.say("false-discovery rate {rate}", rate=words.rate(effect.ratio.q)))
    told.append(
        words.say(
            "number {rank} of {n} themes of like use by how far it moved",
            rank=effect.rank,
            n=effect.others + 1,
        )
    )
    told.append(_drift(words, effect, paired=paired))
    return told


def _drift(words: Words, effect: Effect, *, paired: bool) -> str:
    p = words.number(effect.drift or 0.0, DIGITS)
    if paired:
        if effect.drift is not None and effect.drift < DRIFTING:
            return words.say("before the mark the two were parting already (p = {p}): be careful", p=p)
        return words.say("before the mark the two went the same way (p = {p})", p=p)
    if effect.drift is not None and effect.drift < DRIFTING:
        return words.say("told beside a line that was under way before (p = {p})", p=p)
    return words.say("no line was under way before (p = {p})", p=p)


def _pair(words: Words, before: Estimate | None, after: Estimate | None) -> str:
    return " → ".join(_share(words, each) for each in (before, after))


def _share(words: Words, share: Estimate | None) -> str:
    return words.say("withheld") if share is None else words.share(share.value)


def rows(words: Words, effect: Effect) -> Iterator[tuple[str, ...]]:
    """The table twin of the picture: first day of each period, share and interval, and the same elsewhere."""
    for i, first in enumerate(effect.curve.periods):
        row = [words.day(first)]
        for curve in filter(None, (effect.curve, effect.elsewhere)):
            if math.isfinite(curve.share[i]):
                interval = f"{words.share(curve.low[i])} – {words.share(curve.high[i])}"
                row += [words.share(curve.share[i]), interval]
            else:
                row += [words.say("withheld"), NOTHING]
        yield tuple(row)


def columns(words: Words, effect: Effect) -> tuple[str, ...]:
    """The heads of that table."""
    head = (words.say("from"), words.say("share"), words.say("interval"))
    return head if effect.elsewhere is None else (*head, words.say("elsewhere"), words.say("interval"))


def top(effect: Effect) -> float:
    """The share at the upper edge of the picture."""
    return charts.frame_beside(effect.curve, effect.elsewhere).top


def gaps(mark: MarkEffects) -> bool:
    """Whether a curve of the mark has periods that are withheld."""
    return any(not math.isfinite(share) for effect in mark.effects for share in effect.curve.share)


def picture(words: Words, mark: MarkEffects, effect: Effect) -> Markup:
    """The curve of the scope, that of those elsewhere, and the mark."""
    hover = []
    for first, share, *rest in rows(words, effect):
        elsewhere = f" · {words.say('elsewhere {shares}', shares=rest[1])}" if len(rest) > 1 else ""
        hover.append(f"{first}: {share}{elsewhere}")
    half = len(effect.curve.periods) // 2
    label = words.say(
        "{theme}: share of people around “{mark}”", theme=sentences.headline(words, effect), mark=mark.label
    )
    return charts.beside(effect.curve, effect.elsewhere, at=half, label=label, hover=hover)
