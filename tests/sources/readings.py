"""What a test reads from a small file, and a pseudonym that shows what it was given."""

import datetime as dt
from dataclasses import dataclass

import polars as pl

NOW = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)


def pseudonym(names: pl.Series) -> pl.Series:
    assert names.n_unique() == len(names)
    assert names.null_count() == 0
    return names.str.to_uppercase() + "*"


@dataclass(frozen=True)
class Reading:
    messages: pl.DataFrame
    rejected: tuple
    notices: tuple

    @property
    def refused(self):
        return [(r.place, r.why) for r in self.rejected]

    @property
    def texts(self):
        return self.messages["text"].to_list()

    @property
    def times(self):
        return self.messages["time"].dt.strftime("%Y-%m-%d %H:%M:%S").to_list()
