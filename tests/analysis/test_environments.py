"""What is said in which kind of tool, and what crosses, over the whole path, on talk in which it is known."""

import numpy as np
import polars as pl
import pytest

from estran.analysis.corpus import prepare
from estran.analysis.environments import landscape
from estran.analysis.ground import asked_of_ground
from estran.analysis.kinds import OTHER, kinds_of, told_kinds
from estran.analysis.origin import Origin
from estran.analysis.progress import Silent
from estran.errors import SettingsError
from estran.model import Step
from estran.settings import Settings
from estran.simulate import company
from estran.store.engines.threads import ThreadEngine

CROSSES, STAYS = "quokka blanket", "wombat ladder"
TWO = {"reviews": "reviews", "support": "reviews", "forum": "reviews", "social": "reviews", "chat": "reviews"}
INSIDE = {"agora": "chat", "mail": "chat", "meetings": "chat"}


@pytest.fixture(scope="module")
def plain():
    return company(seed=6, messages=8_000, languages=("en",), traps=False, years=8).messages


def with_themes(messages, rng):
    """One theme rises in what customers write two years before it does in the chat; one only in the mail."""
    time = (messages["time"] - messages["time"].min()).dt.total_days().to_numpy() / 365.25
    source, text = messages["source"].to_numpy(), messages["text"].to_numpy().astype(object)
    middle = np.where(np.isin(source, list(INSIDE)), 4.5, 2.5)
    chance = 0.35 * np.maximum(1.0 / (1.0 + np.exp(-(time - middle) / 0.4)), 0.02)
    for theme, p in ((CROSSES, chance), (STAYS, np.where(source == "mail", 0.2 * time / 8, 0.0))):
        said = rng.random(len(text)) < p
        text[said] = [f"{one} We speak of the {theme}." for one in text[said]]
    return messages.with_columns(text=pl.Series(text.tolist(), dtype=pl.String))


def asked(messages, told, *, step=Step.HALF):
    settings = Settings()
    corpus = prepare(messages, step=step, settings=settings)
    return asked_of_ground(landscape(told))(
        corpus, Origin(messages.height), ThreadEngine(threads=2), settings, progress=Silent()
    )


@pytest.fixture(scope="module")
def themed(plain):
    return with_themes(plain, np.random.default_rng(2))


@pytest.fixture(scope="module")
def two(themed):
    return asked(themed, TWO | INSIDE)


@pytest.fixture(scope="module")
def many(themed):
    return asked(themed, {"agora": "our network"})


def spread(found, label):
    (theme,) = (theme for theme in found.themes if theme.label == label)
    return dict(zip((e.kind for e in found.environments), theme.shares, strict=True))


def test_a_theme_that_reviews_showed_two_years_before_the_chat_crosses_in_that_order(two):
    (crossing,) = (c for c in two.crossings if c.label == CROSSES)
    assert (crossing.first, crossing.then) == ("reviews", "chat")
    assert crossing.time.low <= 24 <= crossing.time.high
    assert crossing.ahead.q <= 0.05


def test_a_theme_of_one_tool_is_said_there_only(many):
    shares = spread(many, STAYS)
    assert shares["mail"].value == 1.0
    assert shares["mail"].low > 0.9


def test_the_shares_that_are_shown_add_up_to_one_or_two_parts_at_least_are_withheld(many):
    for theme in many.themes:
        shown = [share.value for share in theme.shares if share is not None]
        assert sum(shown) <= 1 + 1e-9
        if abs(sum(shown) - 1) > 1e-9:
            assert theme.shares.count(None) >= 2


def test_what_was_guessed_and_what_was_told_are_told_apart(many):
    kinds = {e.kind: e for e in many.environments}
    assert (kinds["our network"].sources, kinds["our network"].guessed) == (("agora",), ())
    assert (kinds["helpdesk"].sources, kinds["helpdesk"].guessed) == (("support",), ("support",))


def test_a_tool_that_came_late_and_one_that_fell_silent_are_not_compared_with_each_other(many):
    """The chat takes the place of the forum: what they have in common is one period."""
    speaks = {e.kind: (e.since, e.until) for e in many.environments}
    assert speaks["chat"][0] >= speaks["forum"][1]
    assert many.pairs < len(many.environments) * (len(many.environments) - 1) / 2
    assert not any({c.first, c.then} == {"chat", "forum"} for c in many.crossings)


def test_a_tool_that_is_connected_late_shows_no_crossing(plain):
    """Nothing leads here; half of the sources only begin in the third year."""
    early = plain["time"].min()
    late = plain.filter(
        ~pl.col("source").is_in(list(INSIDE)) | ((pl.col("time") - early).dt.total_days() > 2 * 365)
    )
    assert asked(late, TWO | INSIDE).crossings == ()


def test_before_and_now_are_halves_of_the_periods_in_which_all_that_last_speak(two):
    first, middle, after, last = two.halves
    assert first < middle < after < last
    assert all(len(theme.before) == len(theme.now) == len(two.environments) for theme in two.themes)


def test_one_kind_of_tool_is_said_in_words(plain):
    found = asked(plain.head(1_500), dict.fromkeys(plain["source"].unique(), "chat"))
    assert found.cannot.kind == "one-environment"
    assert [e.kind for e in found.environments] == ["chat"]


def test_few_common_periods_are_said_in_words(plain):
    found = asked(plain.head(1_500), TWO | INSIDE, step=Step.YEAR)
    assert found.cannot.kind == "no-common-periods"
    assert found.crossings == ()


def test_a_tool_of_three_people_is_withheld(plain):
    few = plain.with_columns(
        source=pl.when(pl.col("author").rank("dense") <= 3).then(pl.lit("slack")).otherwise(pl.lit("mail"))
    )
    found = asked(few.head(3_000), {})
    assert {e.kind: e.people for e in found.environments}["chat"] is None


def test_a_finding_is_a_table_with_a_row_for_each_theme_and_tool(two):
    assert two.to_polars().height == len(two.themes) * len(two.environments)


@pytest.mark.parametrize(
    ("source", "kind"),
    [("acme-slack", "chat"), ("Zendesk tickets", "helpdesk"), ("Réunions 2024", "meetings"), ("r_lists", "mail"),
     ("slicer_forum", "forum"), ("Avis clients", "reviews"), ("Marée", OTHER)],
)  # fmt: skip
def test_the_kind_of_a_source_is_guessed_from_its_name(source, kind):
    assert kinds_of([source], {}) == {source: (kind, True)}


def test_kinds_are_read_from_a_file_and_hold(tmp_path):
    file = tmp_path / "environments.toml"
    file.write_text('"acme" = "chat"\n"rayon" = "shop floor"\n', encoding="utf-8")
    assert kinds_of(["acme", "rayon"], told_kinds(file)) == {
        "acme": ("chat", False),
        "rayon": ("shop floor", False),
    }
    assert told_kinds(None) == {}


@pytest.mark.parametrize(
    ("content", "says"),
    [("acme = 3", "between quotation marks"), ("acme", "not valid TOML"), (b"\xff", "UTF-8")],
)
def test_a_file_of_kinds_that_cannot_be_read_is_refused_in_words(tmp_path, content, says):
    file = tmp_path / "environments.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SettingsError, match=says):
        told_kinds(file)


def test_a_file_of_kinds_that_is_not_there_is_said(tmp_path):
    with pytest.raises(SettingsError, match="does not exist"):
        told_kinds(tmp_path / "none.toml")
