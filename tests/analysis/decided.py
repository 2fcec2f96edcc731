"""A talk in which a decision was taken: what one part of the organisation says of it then, and the others do not."""

import datetime as dt

import numpy as np
import polars as pl

from estran.simulate import company

DAY = dt.date(2024, 1, 10)
WORD, TAIL = "quokka", " The quokka is here."


def talk(*, messages=7_000, people=(0.5, 0.4, 0.1)):
    """Four years of a company whose people, all of them, work in three units, in these shares."""
    said = company(seed=3, messages=messages, years=4, languages=("en",), traps=False).messages
    units = np.array(["sales/north", "sales/south", "hr"])
    rng = np.random.default_rng(0)
    authors = said["author"].unique().sort()
    works = dict(zip(authors, units[rng.choice(3, len(authors), p=people)], strict=True))
    return said.with_columns(unit=pl.col("author").replace_strict(works))


def decided(said, *, before=0.06, after=0.3, unit="sales/north", day=DAY, seed=1):
    """The word is said in a share of the messages, in all units; in one of them more, from a day on."""
    rng = np.random.default_rng(seed)
    later = (pl.col("time").dt.date() >= day) & (pl.col("unit").str.starts_with(unit))
    chance = pl.Series(rng.random(said.height))
    share = said.select(pl.when(later).then(after).otherwise(before)).to_series()
    return said.with_columns(text=pl.when(chance < share).then(pl.col("text") + TAIL).otherwise("text"))
