"""A small organisation whose talk is made to order."""

import datetime as dt

import numpy as np
import polars as pl

from estran.analysis.corpus import prepare
from estran.analysis.ground import lay_ground
from estran.analysis.origin import Origin
from estran.analysis.progress import Silent
from estran.model import MESSAGES, Step
from estran.settings import Settings
from estran.store.engines.threads import ThreadEngine

WORDS = (  # noqa: SIM905  a list of words is read more easily so
    "warehouse invoice delivery customer ticket printer canteen parking laptop supplier budget forecast pallet barcode "
    "catalogue discount voucher receipt courier packaging showroom window shelf storage scanner keyboard monitor cable"
).split()
PLAIN = Settings(encoder="plain", threads=1)
"""Settings of a run that asks nothing of an encoder."""


def talk(  # noqa: PLR0913  an organisation has many sides
    people,
    months,
    *,
    said,
    seed=0,
    units=("north", "south", "east", "west"),
    side=lambda _: "inside",
    start=dt.date(2022, 1, 1),
    commas=False,
):
    """A message a person and month: ordinary words, and whatever `said(person, unit, month, rng)` adds.

    With `commas`, no two words make a phrase. Everybody works in one unit for good, unless `units` is None.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(people):
        unit = units[person % len(units)] if units else None
        for month in range(months):
            day = start.replace(
                year=start.year + (start.month - 1 + month) // 12, month=(start.month - 1 + month) % 12 + 1
            )
            extra = said(person, unit, month, rng)
            # as many words whatever is said: length is a stratum, and must tell nothing
            words = list(rng.choice(WORDS, 12 - len(extra.split()), replace=False))
            text = (
                ", ".join([*words[:4], *extra.split(), *words[4:]])
                if commas
                else " ".join([*words[:4], extra, *words[4:]])
            )
            time = dt.datetime.combine(day, dt.time(9), dt.UTC) + dt.timedelta(
                days=int(rng.integers(0, 27)), minutes=person
            )
            rows.append(
                {"id": f"m{person}-{month}", "time": time, "text": text, "author": f"p{person:04}", "side": side(person),
                 "source": "chat", "unit": unit, "language": "en"}
            )  # fmt: skip
    empty = dict.fromkeys(MESSAGES)
    return pl.DataFrame([empty | row for row in rows], schema=MESSAGES, orient="row")


def ground_of(messages, *, step=Step.MONTH, settings=PLAIN, origin=None):
    """What a question is asked of."""
    corpus = prepare(messages, step=step, settings=settings)
    origin = origin or Origin(messages.height, files=("talk",))
    return lay_ground(corpus, origin, ThreadEngine(threads=1), settings, progress=Silent())
