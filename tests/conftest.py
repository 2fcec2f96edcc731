import datetime as dt
import os

import polars as pl
import pytest
from hypothesis import settings

from estran.model import MESSAGES

# The gate draws the same cases each time: whether a change passes must not depend on chance. `make torture` draws new ones.
settings.register_profile("gate", derandomize=True, deadline=None)
settings.register_profile("torture", max_examples=1_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("CASES", "gate"))


@pytest.fixture(scope="session")
def frame():
    """Builds a message frame: rows of a few columns, the others filled in."""

    def build(rows):
        start = dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC)
        plain = {"author": None, "side": None, "source": "chat", "unit": None, "thread": None, "title": None}
        filled = [
            plain
            | {
                "id": str(n),
                "time": start + dt.timedelta(days=n),
                "text": f"message number {n}",
                "language": "en",
            }
            | row
            for n, row in enumerate(rows)
        ]
        return pl.DataFrame(filled, schema=MESSAGES, orient="row")

    return build
