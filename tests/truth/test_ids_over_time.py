"""While a corpus doubles in twelve updates, its themes stay who they are."""

from bench.themes.monthly import kept

from estran import simulate


def test_messages_keep_the_ids_of_their_themes_while_the_corpus_doubles():
    found = kept("small company", simulate.company(seed=5, messages=3_000, years=3).messages)
    assert found.monthly_same_id >= 0.95
    assert found.ids_changed == 0
    assert found.ids_kept >= 0.97
