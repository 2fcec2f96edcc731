"""What the tests of a workspace keep in it, and who listens."""

import datetime as dt

import polars as pl

from estran.model import MESSAGES


def frame(
    messages,
    *,
    author="user {}",
    start=0,
    source="chat",
    text="the delivery of order number {} to jo{}@example.org came late again",
):
    """Something that seventeen people say again and again, once a day."""
    first = dt.datetime(2024, 1, 1, 9, tzinfo=dt.UTC)
    said = [
        {
            "id": f"m{n}", "time": first + dt.timedelta(days=n), "author": author.format(n % 17), "source": source,
            "text": text.format(n, n), "title": "late",
        }
        for n in range(start, start + messages)
    ]  # fmt: skip
    return pl.DataFrame(said, schema={k: v for k, v in MESSAGES.items() if k in said[0]})


class Listening:
    """Progress that remembers what it was told."""

    def __init__(self):
        self.stages, self.said, self.steps = [], [], {}

    def stage(self, name, total):
        self.stages.append(name)
        self.steps[name] = [0, total]

    def advance(self, steps):
        self.steps[self.stages[-1]][0] += steps

    def say(self, sentence):
        self.said.append(sentence)
