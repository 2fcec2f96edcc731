"""The tone of a theme is of many people together, and what it was read from is kept nowhere."""

import numpy as np
import polars as pl
import pytest

import estran as es
from estran import simulate
from estran.analysis.meanings import Meanings
from estran.analysis.tone import FEWEST
from estran.settings import Settings

BLAME = "Nobody trusts the quokka any more."
AROUND = "Nobody trusts the … any more."


@pytest.fixture(scope="module")
def toured(tmp_path_factory):
    """A workspace in which people complain about something that they say less and less, and its tour."""
    folder = tmp_path_factory.mktemp("tone")
    messages = simulate.company(seed=3, messages=6_000, years=4).messages
    times = messages["time"].to_physical().to_numpy().astype(float)
    moment = (times - times.min()) / np.ptp(times)
    adds = np.random.default_rng(3).random(messages.height) < 0.15 * np.maximum(0, 1 - 1.6 * moment) ** 2
    text = pl.when(pl.Series(adds)).then(pl.col("text") + " " + BLAME).otherwise(pl.col("text"))
    messages.with_columns(text=text).write_parquet(folder / "messages.parquet")
    ws = es.init(folder / "acme")
    ws.ingest(folder / "messages.parquet")
    return ws, ws.tour(settings=Settings(top=40))


def told(thing, way=()):
    """(way, figure) of every tone in a finding."""
    if isinstance(thing, dict):
        if thing.get("unit") == "tone":
            yield way, thing
        for key, part in thing.items():
            yield from told(part, (*way, key))
    elif isinstance(thing, list | tuple):
        for part in thing:
            yield from told(part, way)


def holders(folder, vector):
    """The files in which a vector stands, in half precision or in single."""
    wanted = [vector.astype(kind).tobytes() for kind in (np.float16, np.float32)]
    contents = ((file, file.read_bytes()) for file in sorted(folder.rglob("*")) if file.is_file())
    return [file for file, content in contents if any(each in content for each in wanted)]


def test_people_who_complain_are_heard_together_and_a_tone_is_told_of_no_message(toured):
    tour = toured[1]
    found = next(m for m in tour.going_out if "quokka" in {*m.variants, *m.also})
    assert found.reasons[3].figures["tone"].high < 0
    tones = list(told(tour.to_dict()))
    assert {way[-3:] for way, _ in tones} == {("reasons", "figures", "tone")}
    assert all(set(figure) == {"value", "low", "high", "unit", "q"} for _, figure in tones)


def test_a_theme_of_few_people_has_no_tone(toured):
    tour = toured[1]
    for movement in (*tour.going_out, *tour.become_normal):
        if movement.people < FEWEST:
            assert not list(told([reason.figures for reason in movement.reasons]))


def test_the_vectors_of_sentences_are_not_kept(toured, tmp_path):
    ws = toured[0]
    kept = Meanings(Settings(), folder=tmp_path)
    vector = kept.of([AROUND])[0]
    assert holders(tmp_path, vector), "a vector that is kept is found"
    assert holders(ws.path, vector) == []
