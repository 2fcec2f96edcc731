"""Among messages of one length, language, source and side nothing moves but what is planted."""

import numpy as np
import polars as pl
import pytest

from estran.findings import Shape
from estran.simulate import company
from estran.simulate.company import _curve
from estran.simulate.grammar import grammar, themes
from estran.simulate.truth import folded, phrases


@pytest.fixture(scope="module")
def spoken():
    """Texts in lower case without accents, titles in front; strata, thirds of the span and conversations."""
    simulation = company(seed=5, messages=50_000, traps=False)
    text = pl.concat_str(pl.col("title").fill_null(""), pl.lit(" . "), pl.col("text")).str.to_lowercase()
    text = text.str.normalize("NFD").str.replace_all(r"\p{M}", "")
    words = text.str.count_matches(r"\w+")
    hours = pl.col("time").dt.epoch("s") - pl.col("time").min().dt.epoch("s")
    return simulation.truth, simulation.messages.select(
        "language",
        text=text,
        stratum=pl.struct("language", "source", "side", (words.log(2) * 2).floor().alias("length")),
        third=(hours * 3 // (hours.max() + 1)),
        talk=pl.coalesce("thread", "id"),
    )


def drift(messages, hits):
    """How many standard errors the share among the like rises from the first third to the last; talks are the units."""
    late = (pl.col("third") == 2) * 1.0
    ends = messages.with_columns(hit=hits * 1.0).filter(pl.col("third") != 1)
    residual = (pl.col("hit") - pl.col("hit").mean().over("stratum")) * (late - late.mean().over("stratum"))
    moved = ends.with_columns(moved=residual).group_by("talk").agg(pl.col("moved").sum())
    return moved["moved"].sum() / np.sqrt((moved["moved"] ** 2).sum())


def says(messages, language, words):
    pattern = "|".join(rf"\b{folded(form)}\b".replace(" ", r"\W+") for form in words)
    return messages["text"].str.contains(pattern) & (messages["language"] == language)


def test_no_steady_theme_moves(spoken):
    truth, messages = spoken
    steady = [theme.forms for theme in truth.themes if theme.shape is Shape.STEADY]
    drifts = np.array([drift(messages, says(messages, *said)) for forms in steady for said in forms.items()])
    assert len(drifts) == 28
    assert np.abs(drifts).max() < 3.6
    assert (drifts**2).mean() < 1.6  # 28 squared standard errors: 1.6 is beyond the 98th percentile
    assert abs(drifts.mean()) < 0.6


def test_no_town_product_or_common_word_moves(spoken):
    truth, messages = spoken
    moving = {w for t in truth.themes if t.shape is not Shape.STEADY for c in t.companions for w in c.split()}
    for language in ("fr", "en"):
        lists = grammar(language).texts["lists"]
        said = phrases(
            entry.split("|")[0] for kind in ("towns", "products", "seasons") for entry in lists[kind]
        )
        own = [
            text
            for theme in themes()
            for side in ("inside", "outside")
            for text in theme[language].get(side, ())
        ]
        drifts = [
            drift(messages, says(messages, language, [w])) for w in sorted(said - moving - phrases(own))
        ]
        assert len(drifts) > 100
        assert np.mean(np.square(drifts)) < 1.4


def test_moving_themes_do_move(spoken):
    truth, messages = spoken
    for theme in truth.themes:
        if theme.shape in {Shape.IN, Shape.OUT, Shape.ESTABLISHED} and theme.ratio >= 4:
            french, english = (says(messages, code, theme.forms[code]) for code in ("fr", "en"))
            moved = drift(messages, french | english)
            assert (moved > 3) if theme.shape is not Shape.OUT else (moved < -3), theme.name


def test_all_themes_together_take_the_same_room_at_all_times():
    moments = np.linspace(0, 1, 61)
    for side in ("inside", "outside"):
        together = sum(_share(theme, side, moments) for theme in themes())
        assert together.max() < 1.05 * together.min()


def _share(theme, side, moments):
    late = theme.get("lag", 0.0) / 6 if theme.get("leads", side) != side else 0.0
    return theme["level"] * theme[side] * _curve(theme).at(moments - late)
