"""What the bench of topics must not break: its keys, its messages, and its own figures by hand."""

import json
import sys
import tomllib

import numpy as np
import pytest
from bench.themes import __main__ as bench
from bench.themes import antonyms, corpora, identities, judging, naming, quotes, speed, topics, variants

from estran.simulate import company


def test_every_parallel_message_has_its_counterpart():
    known = corpora.parallel()
    assert (len(known.texts), len(known.names)) == (400, 20)
    assert (known.truth[::2] == known.truth[1::2]).all()
    assert known.languages[:2].tolist() == ["fr", "en"]


def test_languages_are_mixed_where_both_share_each_topic():
    language = np.array(["fr", "en", "fr", "en"])
    assert topics.language_mixing(np.array([0, 0, 1, 1]), language) == pytest.approx(1.0)
    assert topics.language_mixing(np.array([0, 1, 0, 1]), language) == pytest.approx(0.0)


def test_the_rank_of_a_label_by_hand(monkeypatch):
    known = corpora.Known("two", ["a", "b", "c"], np.array([0, 0, 1]), ["x", "y"], np.full(3, "en"))
    near = {"x": [1.0, 0.0], "y": [0.0, 1.0], "says x": [0.9, 0.1], "says y, too": [0.8, 0.2]}
    monkeypatch.setattr(naming, "vectors", lambda texts: np.array([near[text] for text in texts]))
    rank = naming.reciprocal_rank(known, np.array([0, 0, 1]), [("says x",), ("says y", "too")])
    assert rank == {"mrr": 0.75, "top1": 0.5, "top3": 1.0}


def test_what_is_not_there_is_null_and_the_last_line_has_every_key(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(corpora, "DATA", tmp_path)
    monkeypatch.setattr(sys, "argv", ["bench.themes", "--only", "topics", "--corpora", "banking77"])
    bench.main()
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told == dict.fromkeys(bench.KEYS)


def test_tables_are_written_between_their_marks(monkeypatch, tmp_path):
    page = tmp_path / "themes.md"
    page.write_text("a\n<!-- figures -->\nold\n<!-- end of figures -->\nb\n", encoding="utf-8")
    monkeypatch.setattr(bench, "PAGE", page)
    bench.write(["| new |"])
    assert (
        page.read_text(encoding="utf-8") == "a\n<!-- figures -->\n\n| new |\n\n<!-- end of figures -->\nb\n"
    )


@pytest.mark.parametrize("file", [variants.FRESH, variants.FRESH.with_name("variants_chosen.toml")])
def test_pairs_of_variants_are_told_by_their_concepts(file):
    told = variants.joined(file)
    assert set(told) == {"fr", "en"}
    assert ("résumé", "resume") not in told["en"].merged
    assert all(each.recall > 0.7 and each.wrong < 0.05 for each in told.values())


def test_fresh_pairs_are_no_pairs_that_rules_were_chosen_on():
    fresh, chosen = (
        {(language, line) for language, of in tomllib.loads(file.read_text(encoding="utf-8")).items()
         for lines in of.values() for line in lines.strip().splitlines()}
        for file in (variants.FRESH, variants.FRESH.with_name("variants_chosen.toml"))
    )  # fmt: skip
    assert (len(fresh), len(chosen), fresh & chosen) == (400, 200, set())


def test_opposites_are_never_merged_without_asking():
    assert len(antonyms.oppositions()) == 80
    assert antonyms.figures() == {"antonym_merges": 0.0}


def test_what_quotes_are_worth_by_hand():
    intent = np.repeat([0, 1, 2], [12, 8, 1])  # the last is too small to be a sub-intent
    known = corpora.Known(
        "three", [f"text {n}" for n in range(21)], intent, ["x", "y", "z"], np.full(21, "en")
    )
    meaning, worth, group = np.eye(3)[intent], np.ones(21), np.zeros(21, int)

    def choose(*intents):
        return lambda rows: np.array(
            [np.flatnonzero(intent[rows] == one)[at] for at, one in enumerate(intents)]
        )

    both = quotes.told(known, meaning, worth, group, choose(0, 1))
    one = quotes.told(known, meaning, worth, group, choose(0, 0))
    assert (both["sub_intents"], both["cover"], one["cover"]) == (2, 1.0, 0.5)
    assert one["redundancy"] == pytest.approx(1.0)
    assert both["redundancy"] < 0
    assert both["of_all"] > one["of_all"]


def test_speed_is_told_of_all_messages_and_a_broken_run_is_no_figure(monkeypatch, tmp_path):
    file = tmp_path / "messages.parquet"
    company(seed=1, messages=1_000).messages.write_parquet(file)
    assert speed.phrases(file)["per_s"] > 0
    assert 0 < speed.encode(file)["messages"] <= 1_000
    monkeypatch.setattr(speed, "run", lambda job: f"{job.name} broke")
    assert speed.figures() == {}


def test_every_part_fills_keys_of_the_line():
    assert judging.figures().keys() == {"valence_auc_en", "valence_auc_fr"} < set(bench.KEYS)


def test_updates_keep_more_ids_than_a_run_on_all(monkeypatch):
    monkeypatch.setattr(identities, "MONTHS", 2)
    told = identities.month_by_month(corpora.parallel(), seed=0)
    assert told["monthly_same_id"] >= told["accepted_same_id"] > told["cold_same_id"]
    assert told["topics_first"] == told["topics_last"] <= told["topics_accepted"]


def test_about_as_many_topics_as_intents_can_be_asked_for():
    assert 15 <= len(topics.about_as_many(corpora.parallel()).size) <= 30


def test_figures_in_a_line():
    assert (
        bench.shown({"topics": 41, "kept": 1.0, "nmi": 0.7054, "absent": None})
        == "topics 41, kept 1.000, nmi 0.705."
    )
