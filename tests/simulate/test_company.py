"""The simulated company is what it says it is, by simple counting."""

import datetime as dt
import re

import numpy as np
import polars as pl
import pytest

from estran.errors import SettingsError
from estran.findings import Shape
from estran.model import MESSAGES, Side
from estran.simulate import company
from estran.simulate.truth import folded


def says(messages, forms):
    """Whether each message holds one of the forms."""
    pattern = r"(?:^|\W)(?:" + "|".join(re.escape(form.lower()) for form in forms) + r")(?:\W|$)"
    bare = messages["text"].str.to_lowercase()
    plain = re.sub(r"[^\x00-\x7f]", ".", pattern)  # some write without accents
    return bare.str.contains(pattern) | bare.str.contains(plain)


def shares(messages, forms, parts=3):
    """How many messages hold one of the forms, per word, in each equal part of the span: messages grow longer."""
    times = messages["time"].dt.epoch("ms").to_numpy()
    part = np.minimum((times - times.min()) * parts // (times.max() - times.min() + 1), parts - 1)
    hits = says(messages, forms).to_numpy()
    words = messages["text"].str.count_matches(r"\w+").to_numpy()
    return [float(hits[part == number].sum() / words[part == number].sum()) for number in range(parts)]


def all_forms(theme):
    return [form for forms in theme.forms.values() for form in forms]


def test_the_same_seed_gives_the_same_company_and_another_seed_another():
    first, again, other = (company(seed=seed, messages=800) for seed in (3, 3, 4))
    assert first.messages.equals(again.messages)
    assert first.truth == again.truth
    assert not first.messages["text"].equals(other.messages["text"])


def test_a_company_is_a_message_frame_in_order_of_time(maree):
    messages = maree.messages
    assert messages.schema == MESSAGES
    assert len(messages) == 12_000
    assert messages["time"].is_sorted()
    assert messages["id"].is_unique().all()
    assert (
        messages.select("id", "time", "text", "author", "source", "side").null_count().sum_horizontal()[0]
        == 0
    )
    assert messages["text"].str.strip_chars().str.len_chars().min() > 0


def test_the_span_ends_the_day_before_the_day_given():
    messages = company(messages=600, years=2, until=dt.date(2024, 7, 1)).messages
    assert messages["time"].dt.date().min() >= dt.date(2022, 6, 30)
    assert messages["time"].dt.date().max() <= dt.date(2024, 6, 30)


def test_every_planted_theme_is_in_as_many_messages_as_the_truth_says(maree):
    counted = {theme.name: int(says(maree.messages, all_forms(theme)).sum()) for theme in maree.truth.themes}
    assert counted == {theme.name: theme.messages for theme in maree.truth.themes}


@pytest.mark.parametrize(
    ("shape", "rises"),
    [(Shape.IN, True), (Shape.EMERGING, True), (Shape.ESTABLISHED, True), (Shape.OUT, False)],
)
def test_rising_themes_rise_and_falling_themes_fall(maree, shape, rises):
    themes = [theme for theme in maree.truth.themes if theme.shape is shape]
    before, *_, after = np.sum(
        [shares(maree.messages, all_forms(theme), parts=6) for theme in themes], axis=0
    )
    assert (after if rises else before) > 1.4 * (before if rises else after)


def test_peaks_are_highest_and_returning_themes_lowest_in_the_middle(maree):
    for theme in maree.truth.themes:
        before, middle, after = shares(maree.messages, all_forms(theme))
        if theme.shape is Shape.PEAKED_OUT:
            assert middle > after, theme.name
        if theme.shape is Shape.RETURNING:
            assert middle < min(before, after), theme.name


def test_half_of_the_people_speak_each_language_and_each_stays_with_one(maree):
    people = maree.messages.group_by("author").agg(
        pl.col("language").n_unique().alias("spoken"), pl.col("language").first()
    )
    assert people["spoken"].max() == 1
    assert 0.45 < (people["language"] == "fr").mean() < 0.55


def test_a_few_authors_write_a_lot(maree):
    counts = maree.messages["author"].value_counts(sort=True)["count"]
    assert counts.median() <= 3
    assert counts.head(len(counts) // 10).sum() > 0.3 * counts.sum()


def test_only_people_inside_have_a_unit_and_units_make_a_tree(maree):
    inside = maree.messages.filter(pl.col("side") == "inside")
    assert inside["unit"].null_count() == 0
    assert maree.messages.filter(pl.col("side") == "outside")["unit"].drop_nulls().is_empty()
    assert inside["unit"].str.split("/").list.first().n_unique() >= 4


def test_conversations_hold_several_people(maree):
    threads = (
        maree.messages.group_by("thread").agg(pl.col("author").n_unique(), pl.len()).drop_nulls("thread")
    )
    assert (threads["author"] > 2).sum() > 200


def test_the_volume_grows_fivefold(maree):
    months = maree.messages.group_by_dynamic("time", every="6mo").agg(pl.len())["len"]
    assert 2.5 < months[-1] / months[0] < 7


def test_a_tool_appears_and_another_falls_silent(maree):
    first, last = maree.messages["time"].min(), maree.messages["time"].max()
    middle = first + (last - first) * 0.545
    sources = maree.messages.with_columns(late=pl.col("time") > middle)
    assert sources.filter(~pl.col("late"))["source"].is_in(["chat"]).sum() == 0
    late_forum = sources.filter((pl.col("source") == "forum") & pl.col("late"))
    assert len(late_forum) < 60


def test_messages_grow_longer(maree):
    written = maree.messages.filter(~pl.col("text").str.contains("Marée"))["text"].str.len_chars()
    third = len(written) // 3
    assert written.tail(third).mean() > 1.2 * written.head(third).mean()


def test_the_side_that_leads_moves_first(maree):
    theme = next(theme for theme in maree.truth.themes if theme.name == "repair workshop")
    big = company(seed=2, messages=30_000)
    middle = {
        side: shares(big.messages.filter(pl.col("side") == side), all_forms(theme), parts=8)[4:7]
        for side in ("inside", "outside")
    }
    assert theme.leads is Side.OUTSIDE
    assert sum(middle["outside"]) > 1.5 * sum(middle["inside"])


def test_a_loud_author_is_one_person_and_an_event_one_conversation(maree):
    for trap in maree.truth.traps:
        if trap.kind == "loud author":
            assert maree.messages.filter(says(maree.messages, trap.forms))["author"].n_unique() == 1
        if trap.kind == "one conversation":
            said = maree.messages.filter(says(maree.messages, trap.forms))
            assert said["thread"].n_unique() == 1
            assert said["author"].n_unique() > 10


def test_every_kind_of_trap_is_laid_in_both_languages(maree):
    kinds = [trap.kind for trap in maree.truth.traps]
    assert {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)} == {
        "loud author": 6, "one conversation": 6, "template": 2, "footer": 2, "new source": 2, "silent source": 2,
    }  # fmt: skip


def test_without_traps_none_is_laid():
    simulation = company(messages=800, traps=False)
    assert simulation.truth.traps == ()
    assert (
        simulation.messages["text"].str.contains("Marée Mobile|relation client|customer relations").sum() == 0
    )


def test_a_company_can_speak_one_language_only():
    simulation = company(messages=600, languages=("en",))
    assert simulation.messages["language"].unique().to_list() == ["en"]
    assert all(list(theme.forms) == ["en"] for theme in simulation.truth.themes)


def test_the_words_are_as_many_as_in_a_real_corpus(maree):
    words = maree.messages["text"].str.to_lowercase().str.extract_all(r"\p{L}[\p{L}'-]+").explode()
    assert words.n_unique() > 4_000


def test_companions_never_appear_in_sentences_that_all_themes_share(maree):
    theme = next(theme for theme in maree.truth.themes if theme.name == "remote work")
    assert {"on ne se croise", "sujet du teletravail", "about remote work"} <= theme.companions
    assert not {"the", "de", folded("équipe"), "town"} & theme.companions


def test_too_small_a_company_or_an_unknown_language_is_refused():
    with pytest.raises(SettingsError, match="at least 500"):
        company(messages=10)
    with pytest.raises(SettingsError, match="fr, en, not de"):
        company(languages=("de",))
    with pytest.raises(SettingsError, match="nothing"):
        company(languages=())
