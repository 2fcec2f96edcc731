"""Reasons and successors of the tour written by hand: some hold, some fail, of some nothing can be told."""

import math

from estran.findings import Estimate, Level, Link, Quote, Reason, Verdict, Why


def figure(value, low, high, unit, q=None):
    return Estimate(value, low, high, unit, q)


def ratio(value, low, high, q=None):
    return figure(value, low, high, "ratio", q)


def uses(value, spread=1.3):
    return figure(value, value / spread, min(value * spread, 1.0), "share of uses")


def could_see(times):
    return ratio(times, times, times)


def said(text, day, side="inside", source="chat", language="fr"):
    return Quote(text, day, side, source, language, f"m-{day}")


def forgotten(verdict, *, left=None, slot=None, silent=None, quotes=()):
    figures = {
        "left": left and ratio(left, left * 0.7, left * 1.5),
        "headlines_left": left and ratio(left * 0.8, left * 0.3, left * 1.9),
        "slot": slot and ratio(slot, slot * 0.8, slot * 1.2),
        "silent": silent and figure(silent, silent - 0.09, silent + 0.07, "share of people"),
    }
    return Reason(Why.FORGOTTEN, verdict, present(figures), quotes)


def normalised(verdict, *, before=None, after=None, breadth=None, detectable=None, q=None, quotes=()):
    figures = {
        "headline_before": before and uses(before),
        "headline_after": after and uses(after),
        "headline_change": before and ratio(after / before, after / before / 1.4, after / before * 1.4, q),
        "breadth": breadth and ratio(breadth, breadth * 0.88, breadth * 1.13),
        "detectable": detectable and could_see(detectable),
    }
    return Reason(Why.NORMALISED, verdict, present(figures), quotes)


def superseded(verdict, link=None):
    figures = {
        "score": link and figure(link.score, link.score, link.score, "score"),
        "precision": link and link.precision,
        "slot": link and link.slot,
    }
    quotes = link.quotes if verdict is Verdict.HOLDS else ()
    return Reason(Why.SUPERSEDED, verdict, present(figures), quotes)


def worn_out(verdict, *, marked=None, base=0.011, growing=None, tone=None, detectable=None, quotes=()):
    figures = {
        "marked": marked and uses(marked),
        "base": marked and uses(base, 1.02),
        "times_base": marked and ratio(marked / base, marked / base / 1.3, marked / base * 1.3),
        "marked_before": growing and uses(marked / 2),
        "marked_after": growing and uses(marked * 1.4),
        "marked_change": growing and ratio(growing, growing / 1.8, growing * 1.8, 0.012),
        "tone": tone and figure(tone, tone - 0.05, tone + 0.05, "tone"),
        "detectable": detectable and could_see(detectable),
    }
    return Reason(Why.WORN_OUT, verdict, present(figures), quotes)


def present(figures):
    return {name: estimate for name, estimate in figures.items() if estimate is not None}


PRECISION = {
    Level.SUPERSEDED: figure(0.91, 0.83, 0.96, "share of links"),
    Level.LIKELY: figure(0.74, 0.64, 0.82, "share of links"),
    Level.POSSIBLE: figure(0.38, 0.29, 0.48, "share of links"),
}


def link(  # noqa: PLR0913
    theme, level, score, *, opposite=0.6, switches=0, back=0, switchers=0, z=0.3, quotes=()
):
    """A link to a theme of the sample."""
    rise = max(theme.after.value / theme.before.value, 1.1)
    return Link(
        id=theme.id,
        label=theme.label,
        labels=theme.labels,
        level=level,
        score=score,
        precision=PRECISION[level],
        context=round(0.3 + score / 2, 3),
        topic=round(0.1 + score / 3, 3),
        opposite=opposite,
        rise=ratio(rise, rise / 1.4, rise * 1.4),
        later_by=round(3 + 4 * score, 2),
        slot=ratio(0.94, 0.81, 1.09),
        switches=switches,
        switches_back=back,
        switchers=switchers,
        switching_z=z,
        quotes=quotes,
        curve=theme.curve,
    )


def no_reason(*likeliest):
    """Four times no, or too little to tell."""
    return (
        forgotten(Verdict.NOT_ENOUGH),
        normalised(Verdict.NOT_ENOUGH, before=0.21, after=0.17, detectable=2.4),
        superseded(Verdict.NOT_ENOUGH if likeliest else Verdict.FAILS, *likeliest),
        worn_out(Verdict.NOT_ENOUGH, detectable=math.inf),
    )


def in_place_of(earlier, later):
    """The reasons and the successors of each theme that goes out, and the themes that became normal, by label."""
    chat, ai, hybrid, tracking = (
        later[k] for k in ("team chat", "generative AI", "hybrid work", "delivery tracking")
    )
    moved_to_chat = link(
        chat, Level.SUPERSEDED, 0.94, opposite=0.83, switches=7, back=None, switchers=23, z=5.1,
        quotes=(
            said("On est passés du réseau social d'entreprise à la messagerie d'équipe, et personne n'a demandé pourquoi.", "2021-03-16"),
            said("We moved from the enterprise social network to team chat in a week.", "2021-05-04", "inside", "meetings", "en"),
        ),
    )  # fmt: skip
    to_hybrid = link(hybrid, Level.SUPERSEDED, 0.81, opposite=0.7, switchers=None, z=2.4, switches=None,
                     quotes=(said("Moins d'open space, plus de travail hybride : c'est ce qu'on a signé.", "2021-09-21"),))  # fmt: skip
    to_tracking = link(tracking, Level.LIKELY, 0.66, opposite=0.44, switchers=9, z=1.4)
    reasons = {
        "enterprise social network": (
            forgotten(Verdict.FAILS, left=0.11, slot=0.92, silent=0.81),
            normalised(Verdict.FAILS, before=0.31, after=0.28, breadth=0.14),
            superseded(Verdict.HOLDS, moved_to_chat),
            worn_out(Verdict.FAILS, marked=0.012),
        ),
        "engagement": (
            forgotten(Verdict.FAILS, left=0.3, slot=0.71),
            normalised(Verdict.FAILS, before=0.22, after=0.2, breadth=0.3),
            superseded(Verdict.FAILS),
            worn_out(Verdict.HOLDS, marked=0.074, growing=2.8, tone=-0.13, quotes=(
                said("Encore un « plan engagement », et les mêmes horaires.", "2021-10-06"),
                said("The so-called engagement survey came with a pizza.", "2021-11-18", "inside", "meetings", "en"))),
        ),
        "click and collect": (
            forgotten(Verdict.FAILS, left=0.26),
            normalised(Verdict.FAILS, before=0.4, after=0.43, breadth=0.3),
            superseded(Verdict.NOT_ENOUGH, to_tracking),
            worn_out(Verdict.FAILS, marked=0.009),
        ),
        "sanitary pass": (
            forgotten(Verdict.HOLDS, left=0.03, slot=0.21, silent=0.97),
            normalised(Verdict.NOT_ENOUGH, detectable=4.6),
            superseded(Verdict.FAILS),
            worn_out(Verdict.NOT_ENOUGH, detectable=3.1),
        ),
        "open space": (
            forgotten(Verdict.FAILS, left=0.2, slot=0.9),
            normalised(Verdict.NOT_ENOUGH, detectable=2.9),
            superseded(Verdict.HOLDS, to_hybrid),
            worn_out(Verdict.HOLDS, marked=0.041, tone=-0.08, quotes=(
                said("Notre « open space » collaboratif, où tout le monde porte un casque.", "2021-02-11"),)),
        ),
    }  # fmt: skip
    successors = {
        "enterprise social network": (
            moved_to_chat,
            link(ai, Level.POSSIBLE, 0.31, opposite=0.37),
        ),
        "click and collect": (to_tracking,),
        "open space": (to_hybrid,),
        "community manager": (
            link(chat, Level.LIKELY, 0.58, opposite=0.51, switchers=6, z=1.7),
            link(later["customer journey"], Level.POSSIBLE, 0.35, opposite=0.29, switches=None, back=None, switchers=None, z=-0.4),
            link(ai, Level.POSSIBLE, 0.22, opposite=0.2),
        ),
    }  # fmt: skip
    return {
        theme.label: (
            reasons.get(theme.label, no_reason(*successors.get(theme.label, ())[:1])),
            successors.get(theme.label, ()),
        )
        for theme in earlier
    }


def quietly(before, after, breadth):
    """The four reasons of a theme that became normal."""
    return (
        forgotten(Verdict.FAILS, left=0.97),
        normalised(Verdict.HOLDS, before=before, after=after, breadth=breadth, q=0.003, quotes=(
            said("Je vous envoie le lien de la visioconférence, comme d'habitude.", "2023-06-12"),)),
        superseded(Verdict.FAILS),
        worn_out(Verdict.FAILS, marked=0.008),
    )  # fmt: skip
