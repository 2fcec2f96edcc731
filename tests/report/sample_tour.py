"""A tour written by hand: a service company, two languages, two sides, four tools, five years of quarters."""

import math
from dataclasses import replace

import sample_why

from estran.findings import (
    Coverage,
    Curve,
    Estimate,
    Movement,
    Notice,
    Provenance,
    Quote,
    Refused,
    Shape,
    Since,
    Spoken,
    Style,
    Successions,
    Tour,
    Volume,
)

PERIODS = tuple(f"{year}-Q{quarter}" for year in range(2019, 2024) for quarter in (1, 2, 3, 4))[:-1]
VOICES = tuple(300 + 14 * p for p in range(len(PERIODS)))


def share(value, spread, *, q=None):
    return Estimate(value, value / spread, min(value * spread, 1.0), "share of people", q)


def curve(start, end, turn, *, peak=None, seed=1, voices=VOICES):
    shares = []
    for p in range(len(PERIODS)):
        weight = 1 / (1 + math.exp(-(p - turn) / 1.3))
        level = start + (end - start) * weight
        if peak is not None:
            level += peak * math.exp(-(((p - turn + 4) / 3) ** 2))
        shares.append(level * (1 + 0.11 * math.sin(seed * 12.9 + p * 2.3) + 0.06 * math.sin(seed + p * 5.1)))
    noise = [math.sqrt(s * (1 - s) / n) for s, n in zip(shares, voices, strict=True)]
    return Curve(
        PERIODS,
        tuple(round(s, 5) for s in shares),
        tuple(round(max(s - 1.96 * e, 0), 5) for s, e in zip(shares, noise, strict=True)),
        tuple(round(s + 1.96 * e, 5) for s, e in zip(shares, noise, strict=True)),
        tuple(None if s * n < 5 else round(s * n) for s, n in zip(shares, voices, strict=True)),
    )


def spoken(word, language="en", times=1.6, evenness=0.93):
    return Spoken(word, language, Estimate(times, times / 1.3, times * 1.3, "ratio", 0.01), evenness)


def quote(text, day, side="outside", source="support", language="fr"):
    return Quote(text, day, side, source, language, f"m-{day}")


def moved(  # noqa: PLR0913
    label,
    labels,
    start,
    end,
    turn,
    shape,
    *,
    peak=None,
    spread=1.35,
    q=0.004,
    people=240,
    quotes=(),
    sides=None,
    also=(),
):
    seed = sum(map(ord, label)) % 17
    drawn = curve(start, end, turn, peak=peak, seed=seed)
    before = start + (peak or 0)
    at = min(max(turn if peak is None else turn - 2, 1), len(PERIODS) - 2)
    since = Since(
        PERIODS[at] if people >= 100 else None,
        PERIODS[at - 1],
        PERIODS[min(at + 2, len(PERIODS) - 1)],
        dict(zip(PERIODS[at - 1 : at + 3], (0.21, 0.58, 0.14, 0.04), strict=False)) if people >= 90 else {},
    )
    inside, outside = sides or (None, None)
    return Movement(
        id=label.replace(" ", "-").lower(),
        label=label,
        labels=labels,
        variants=tuple(labels.values()) + tuple(f"{v}s" for v in labels.values()),
        before=share(before, 1.2),
        after=share(end, 1.15),
        change=Estimate(end / before, end / before / spread, end / before * spread, "ratio", q),
        since=since,
        shape=shape,
        people=people,
        messages=people * 3,
        inside=share(inside, 1.25) if inside else None,
        outside=share(outside, 1.4) if outside else None,
        quotes=tuple(quotes),
        curve=drawn,
        detectable=1.4,
        also=also,
        languages=dict(zip(labels, (people * 2, people) if len(labels) > 1 else (people * 3,), strict=True)),
    )


def still(label, labels, level, *, people=300, shape=Shape.STEADY, detectable=1.3, sides=(0.05, 0.04)):
    held = moved(label, labels, level, level * 1.04, 9, shape, people=people, sides=sides, q=None)
    return replace(held, since=None, detectable=detectable)


def both(en, fr):
    return {"en": en, "fr": fr}


COMING_IN = (
    moved("generative AI", both("generative AI", "IA générative"), 0.002, 0.094, 15, Shape.EMERGING, spread=1.9, q=0.0002,
          also=("prompt", "assistant"), people=612, sides=(0.118, 0.052), quotes=(
              quote("On a essayé l'IA générative pour répondre aux avis, et il faut tout relire derrière.", "2023-05-11", "inside", "chat"),
              quote("Did a generative AI write this answer? It never mentions my order.", "2023-07-02", "outside", "reviews", "en"),
              quote("The managers ask for generative AI everywhere, but nobody says what for.", "2023-06-20", "inside", "meetings", "en"))),
    moved("delivery tracking", both("delivery tracking", "suivi de livraison"), 0.021, 0.067, 8, Shape.IN, people=540, q=0.001,
          sides=(0.028, 0.091), quotes=(
              quote("Le suivi de livraison affiche « en cours » depuis neuf jours.", "2022-11-29"),
              quote("Delivery tracking is the first thing I open in the morning.", "2023-02-14", "outside", "reviews", "en"))),
    moved("hybrid work", both("hybrid work", "travail hybride"), 0.004, 0.058, 6, Shape.ESTABLISHED, people=421, q=0.0006,
          sides=(0.089, 0.004), quotes=(
              quote("Le travail hybride, c'est surtout choisir ses jours de train.", "2022-03-08", "inside", "chat"),)),
    moved("customer journey", both("customer journey", "parcours client"), 0.018, 0.049, 9, Shape.IN, people=388,
          sides=(0.071, 0.012), quotes=(quote("Nobody owns the customer journey between the shop and the call centre.", "2022-09-14", "inside", "meetings", "en"),)),
    moved("refund in shop", both("refund in shop", "remboursement en magasin"), 0.009, 0.031, 11, Shape.IN, people=297,
          sides=(0.011, 0.048), quotes=(quote("Remboursement en magasin refusé alors que le site le promet.", "2023-01-17"),)),
    moved("sobriété énergétique", {"fr": "sobriété énergétique"}, 0.003, 0.022, 13, Shape.EMERGING, people=183,
          sides=(0.027, 0.014), quotes=(quote("La sobriété énergétique commence par l'éclairage des vitrines la nuit.", "2022-10-10", "inside", "chat"),)),
    moved("second-hand", both("second-hand", "seconde main"), 0.012, 0.034, 10, Shape.IN, people=276, sides=(0.019, 0.041),
          quotes=(quote("Why is the second-hand corner only online?", "2023-03-30", "outside", "reviews", "en"),)),
    moved("chat with an advisor", both("chat with an advisor", "discussion avec un conseiller"), 0.013, 0.029, 8, Shape.RETURNING,
          people=214, sides=(0.012, 0.037), quotes=(quote("Enfin une discussion avec un conseiller, et pas un robot.", "2023-04-04", "outside", "reviews"),)),
    moved("right to disconnect", both("right to disconnect", "droit à la déconnexion"), 0.005, 0.017, 7, Shape.IN, people=141,
          sides=(0.024, None), quotes=(quote("Le droit à la déconnexion, oui, mais les mails du dimanche continuent.", "2022-06-27", "inside", "chat"),)),
    moved("climate label", both("climate label", "étiquette climat"), 0.004, 0.014, 12, Shape.EMERGING, people=96,
          sides=(0.007, 0.018), quotes=(quote("The climate label is smaller than the price of the bag.", "2023-02-02", "outside", "reviews", "en"),)),
    moved("onboarding buddy", {"en": "onboarding buddy"}, 0.003, 0.011, 9, Shape.IN, people=88, spread=1.8, q=0.031, sides=(0.016, None)),
    moved("pay by instalments", both("pay by instalments", "paiement en plusieurs fois"), 0.011, 0.023, 10, Shape.IN, people=167, q=0.044,
          spread=1.6, sides=(0.008, 0.031), quotes=(quote("Le paiement en plusieurs fois a disparu au moment de valider.", "2023-08-19"),)),
)  # fmt: skip

GOING_OUT = (
    moved("enterprise social network", both("enterprise social network", "réseau social d'entreprise"), 0.081, 0.009, 7, Shape.OUT,
          people=498, q=0.0003, sides=(0.014, None), quotes=(
              quote("Le réseau social d'entreprise, plus personne n'y répond, tout passe par la messagerie.", "2021-02-03", "inside", "chat"),
              quote("We spent 80 % of the time explaining the enterprise social network.", "2020-05-12", "inside", "meetings", "en"))),
    moved("engagement", both("engagement", "engagement"), 0.064, 0.019, 9, Shape.OUT, people=431, q=0.0011, sides=(0.03, 0.002),
          quotes=(quote("Encore un plan engagement, et les mêmes horaires.", "2021-10-06", "inside", "chat"),)),
    moved("click and collect", both("click and collect", "cliquer-retirer"), 0.018, 0.021, 10, Shape.PEAKED_OUT, peak=0.062, people=522,
          q=0.0008, sides=(0.017, 0.026), quotes=(quote("Click and collect: forty minutes in the rain.", "2020-12-05", "outside", "reviews", "en"),)),
    moved("community manager", both("community manager", "animateur de communauté"), 0.031, 0.008, 6, Shape.OUT, people=244,
          sides=(0.012, 0.003), quotes=(quote("Le poste d'animateur de communauté ne sera pas remplacé.", "2020-11-20", "inside", "meetings"),)),
    moved("loyalty card", both("loyalty card", "carte de fidélité"), 0.047, 0.021, 11, Shape.OUT, people=389, sides=(0.013, 0.029),
          quotes=(quote("Ma carte de fidélité ne passe plus depuis la mise à jour.", "2021-12-18"),)),
    moved("sanitary pass", both("sanitary pass", "passe sanitaire"), 0.001, 0.001, 12, Shape.PEAKED_OUT, peak=0.043, people=301,
          spread=2.6, q=0.0004, sides=(0.001, 0.001), quotes=(quote("On demande le passe sanitaire pour entrer au café, pas au rayon bricolage ?", "2021-09-01"),)),
    moved("open space", both("open space", "open space"), 0.028, 0.011, 5, Shape.OUT, people=203, sides=(0.019, None),
          quotes=(quote("L'open space est vide le vendredi, et bruyant le mardi.", "2021-06-15", "inside", "chat"),)),
    moved("paper catalogue", both("paper catalogue", "catalogue papier"), 0.022, 0.007, 8, Shape.OUT, people=178, q=0.012,
          sides=(0.004, 0.011), quotes=(quote("I miss the paper catalogue on the kitchen table.", "2021-11-23", "outside", "reviews", "en"),)),
    moved("digital native", {"en": "digital native"}, 0.013, 0.004, 6, Shape.OUT, people=92, spread=1.9, q=0.027, sides=(0.006, None)),
    moved("gilets jaunes", {"fr": "gilets jaunes"}, 0.024, 0.002, 3, Shape.OUT, people=156, spread=2.2, q=0.002, sides=(0.002, 0.003),
          quotes=(quote("Livraison bloquée au rond-point par les gilets jaunes.", "2019-02-09"),)),
)  # fmt: skip

LATER = {
    "team chat": moved(
        "team chat", both("team chat", "messagerie d'équipe"), 0.006, 0.071, 6, Shape.ESTABLISHED, people=470
    ),
    **{theme.label: theme for theme in COMING_IN},
}
WHY = sample_why.in_place_of(GOING_OUT, LATER)
GOING_OUT = tuple(
    replace(theme, reasons=WHY[theme.label][0], successors=WHY[theme.label][1]) for theme in GOING_OUT
)

STEADY = tuple(
    still(en, {"en": en} if fr is None else both(en, fr), level, detectable=1.2 + 0.05 * i)
    for i, (en, fr, level) in enumerate((
        ("order", "commande", 0.212), ("shop", "magasin", 0.188), ("price", "prix", 0.141), ("team meeting", "réunion d'équipe", 0.096),
        ("customer service", "service client", 0.093), ("return", "retour", 0.081), ("stock", "stock", 0.066), ("planning", "planning", 0.061),
        ("training", "formation", 0.052), ("invoice", "facture", 0.047), ("works council", "comité social", 0.031),
        ("sales assistant", "conseiller de vente", 0.029), ("gift card", "carte cadeau", 0.022), ("parking", "parking", 0.019),
        ("Black Friday", None, 0.017)))
)  # fmt: skip

TOO_EARLY = tuple(
    still(en, {"en": en} if fr is None else both(en, fr), 0.002, people=people, shape=Shape.TOO_EARLY, detectable=detectable, sides=(None, None))
    for en, fr, people, detectable in (
        ("four-day week", "semaine de quatre jours", 31, 3.4), ("quick commerce", None, 19, 4.6), ("digital product passport", "passeport produit", 12, 7.2),
        ("agentic shopping", None, 6, 18.0), ("metaverse", "métavers", 22, 4.1))
)  # fmt: skip

BECOME_NORMAL = (
    replace(still("video meeting", both("video meeting", "visioconférence"), 0.074, detectable=1.25),
            reasons=sample_why.quietly(0.34, 0.11, 1.04)),
    replace(still("contactless payment", both("contactless payment", "paiement sans contact"), 0.038, detectable=1.45),
            reasons=sample_why.quietly(0.28, 0.12, 0.93)),
)  # fmt: skip


def volumes():
    for p, period in enumerate(PERIODS):
        bump = 1 + 0.2 * math.sin(p * 1.7)
        yield Volume(period, "support", "outside", round((640 + 22 * p) * bump), 190 + 6 * p)
        yield Volume(period, "chat", "inside", round((420 + 30 * p) * bump), 120 + 5 * p)
        if p < 14:
            yield Volume(period, "meetings", "inside", round(180 * bump), 60)
        if p >= 7:
            yield Volume(period, "reviews", "outside", round((160 + 40 * (p - 7)) * bump), 80 + 8 * (p - 7))
            yield Volume(period, "reviews", "inside", 4, 2)
        if p in {3, 9}:
            yield Volume(period, "survey", None, 210, 205)


NOTICES = (
    Notice("day-first", {"file": "crm.csv"}),
    Notice("source-new", {"source": "reviews", "period": "2020-Q4"}),
    Notice("source-silent", {"source": "meetings", "period": "2022-Q2"}),
    Notice("length-drift", {"before": 31.4, "after": 52.0, "source": "chat"}),
    Notice("language-drift", {"language": "en", "before": 0.22, "after": 0.34}),
    Notice("last-period-incomplete", {"period": "2023-Q3"}),
    Notice("first-period-incomplete", {"period": "2019-Q1"}),
    Notice("incomplete-period", {"period": "2023-Q3"}),
    Notice("no-conversations", {}),
    Notice("few-periods", {"periods": 6}),
    Notice("no-side", {}),
    Notice("one-side", {"side": "inside"}),
    Notice("no-author", {"messages": 1204}),
    Notice("guessed-columns", {"columns": "text = body, time = created_at"}),
    Notice("future-dates", {"messages": 12}),
    Notice("step-chosen", {"step": "quarter"}),
    Notice("encoding", {"file": "crm.csv", "encoding": "cp1252"}),
    Notice("naive-times", {"file": "crm.csv"}),
    Notice("moon-phase", {"phase": "full"}),
)
"""Every kind of notice, and one that no face knows."""

SHOWN = (
    "source-new",
    "source-silent",
    "language-drift",
    "last-period-incomplete",
    "step-chosen",
    "naive-times",
    "day-first",
)


def sample_tour(*, every_notice=False):
    counted = tuple(volumes())
    kept = sum(v.messages for v in counted)
    return Tour(
        coming_in=COMING_IN,
        going_out=GOING_OUT,
        steady=STEADY,
        too_early=TOO_EARLY,
        style=Style(
            coming_in=(
                spoken("clairement", "fr", 2.2),
                spoken("in terms of"),
                spoken("super", None, 1.9, 0.88),
                spoken("no worries", times=3.1),
            ),
            going_out=(
                spoken("cordialement", "fr", 0.55),
                spoken("kind regards", times=0.6),
                spoken("force est de constater", "fr", 0.3, 0.81),
            ),
        ),
        coverage=Coverage(
            periods=PERIODS,
            volumes=counted,
            languages={"fr": round(kept * 0.7), "en": round(kept * 0.29), "?": round(kept * 0.01)},
            read=kept + 1893,
            kept=kept,
            refused=(
                Refused("crm.csv", "no date", 41, ("line 12", "line 408", "line 1 220")),
                Refused("reviews.jsonl", "no text", 7, ("line 3",)),
            ),
            removed={"near-duplicate": 1204, "bot": 388, "signature": 9120, "quote": 4407, "confetti": 3},
            notices=tuple(n for n in NOTICES if every_notice or n.kind in SHOWN),
        ),
        provenance=Provenance(
            estran="0.1.0", schema="1", files=("crm.csv", "chat.parquet", "reviews.jsonl"),
            columns={"time": "created_at", "text": "body", "author": "user", "side": "channel = support: outside"},
            step="quarter", since="2019-01-01", until="2023-09-30",
            settings={"rate": 0.05, "limit": 10000, "languages": ("fr", "en")},
            people=2871, conversations=18204, tested=3412, found=22, false_discovery_rate=0.05,
        ),
        become_normal=BECOME_NORMAL,
    )  # fmt: skip


def sample_successions():
    """What came in the place of what, in the same company."""
    tour = sample_tour()
    return Successions(GOING_OUT, tour.coverage, tour.provenance)


def empty_tour():
    """What a corpus too small for any claim gives."""
    full = sample_tour()
    return replace(
        full, coming_in=(), going_out=(), steady=(), too_early=(), style=Style(), become_normal=(),
        coverage=Coverage((), (), {}, 0, 0, (), {}, ()),
        provenance=replace(full.provenance, files=(), columns={}, settings={}, conversations=0, tested=0, found=0),
    )  # fmt: skip


ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7*7 }} {0} | `code` **x**"


def hostile_tour():
    """A tour in which every text of a user tries to become part of the page."""
    full = sample_tour()
    theme = replace(
        full.coming_in[0],
        id=ATTACK,
        label=ATTACK,
        labels={"en": ATTACK, "fr": ATTACK + "fr"},
        variants=(ATTACK,),
        also=(ATTACK,),
        quotes=(quote(ATTACK, "2023-01-02", ATTACK, ATTACK, ATTACK), quote(ATTACK, ATTACK)),
    )
    link = sample_why.link(theme, sample_why.Level.SUPERSEDED, 0.9, switches=2, quotes=theme.quotes)
    held = sample_why.superseded(sample_why.Verdict.HOLDS, link)
    theme = replace(theme, successors=(link,), reasons=(held,))
    still_theme = replace(theme, shape=Shape.STEADY)
    coverage = replace(
        full.coverage,
        volumes=tuple(Volume(v.period, ATTACK, ATTACK, v.messages, v.people) for v in full.coverage.volumes),
        languages={ATTACK: 3},
        refused=(Refused(ATTACK, ATTACK, 9, (ATTACK,)),),
        removed={ATTACK: 2},
        notices=(
            Notice(ATTACK, {ATTACK: ATTACK}),
            Notice("source-new", {"source": ATTACK, "period": ATTACK}),
        ),
    )
    provenance = replace(
        full.provenance,
        files=(ATTACK,),
        columns={ATTACK: ATTACK},
        settings={ATTACK: ATTACK},
        step=ATTACK,
        since=ATTACK,
    )
    return replace(
        full, coming_in=(theme,), going_out=(theme,), steady=(still_theme,), too_early=(still_theme,),
        style=Style((spoken(ATTACK),), (spoken(ATTACK),)), coverage=coverage, provenance=provenance,
        become_normal=(still_theme,),
    )  # fmt: skip
