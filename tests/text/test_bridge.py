"""Across languages, phrases that say the same are linked, with the evidence; within one language nothing is."""

import tomllib
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from bench.themes.bridging import bridged, read
from hypothesis import given
from hypothesis import strategies as st

from estran.errors import SettingsError
from estran.text.bridge import NEIGHBOURS, SURE_PHRASES, kept_apart, mutual, which_say_the_same
from estran.text.encoders import open_encoder
from estran.text.opposites import opposed, oppositions

PAIRS = Path(__file__).parents[2] / "bench" / "themes" / "pairs.toml"


@pytest.fixture(scope="module")
def listed():
    table = tomllib.loads(PAIRS.read_text(encoding="utf-8"))
    pairs = [tuple(line.split(" | ")) for line in table["pairs"].strip().splitlines()]
    return pairs, *(table[name].strip().splitlines() for name in ("only_french", "only_english"))


@pytest.fixture(scope="module")
def links(listed, universal):
    pairs, french, english = listed
    french = [pair[0] for pair in pairs] + french
    english = [pair[1] for pair in pairs] + english
    phrases = [*french, *english]
    found = which_say_the_same(phrases, ["fr"] * len(french) + ["en"] * len(english), universal)
    return [(phrases[link.right], phrases[link.left], link) for link in found]


def linked(universal, *said):
    phrases, languages = zip(*said, strict=True)
    return which_say_the_same(phrases, languages, universal)


def fake(vectors, *, crosses_languages=True):
    return SimpleNamespace(
        id="fake", crosses_languages=crosses_languages, encode=lambda phrases: vectors[: len(phrases)]
    )


def test_links_made_without_asking_are_right(listed, links):
    wrong = [
        (left, right) for left, right, link in links if link.automatic and (left, right) not in listed[0]
    ]
    assert wrong == []
    assert sum(link.automatic for *_, link in links) >= 120


def test_by_vectors_alone_links_are_fewer_and_hardly_worse(listed, universal):
    found = bridged(read(PAIRS), universal, {})
    assert found.automatic >= 60
    assert [(left, right) for left, right, cosine, *_ in found.wrong if cosine >= SURE_PHRASES] == [
        ("levée de fonds", "hedge fund")
    ]


def test_what_is_nearly_sure_is_suggested_and_says_what_it_lacks(listed, links):
    suggested = [(left, right, link) for left, right, link in links if not link.automatic]
    right = [link for left, right, link in suggested if (left, right) in listed[0]]
    assert len(right) / len(suggested) >= 0.7
    assert all("to be confirmed" in link.why for *_, link in suggested)


def test_two_that_are_near_in_vectors_are_linked_with_the_evidence(universal):
    (link,) = linked(
        universal,
        ("migration des données", "fr"),
        ("data migration", "en"),
        ("télétravail", "fr"),
        ("annual report", "en"),
        ("parking", "en"),
    )
    assert (link.left, link.right) in {(0, 1), (1, 0)}
    assert f"cosine {link.cosine:.2f}, CSLS {link.csls:.2f}" in link.why


def test_within_one_language_nothing_is_linked(universal):
    assert linked(universal, ("price increase", "en"), ("price rise", "en"), ("hausse", None)) == ()


@pytest.mark.parametrize(
    ("french", "english", "why"),
    [
        ("hausse des prix", "price decrease", "hausse / decrease are opposites"),
        ("baisses des salaires", "wage increases", "baisse / increase are opposites"),
        ("temps partiel", "full-time", "temps partiel / full-time are opposites"),
        ("Python 2", "Python 3", "their numbers differ"),
        ("contrat CDI", "CDD contract", "their acronyms differ"),
        ("hausse des prix", "price increase", None),
        ("IA générative", "generative AI", None),
        ("RSE", "corporate responsibility", None),
        ("entrée et sortie", "exit", None),
        ("version 2.0", "version 2.0", None),
    ],
)
def test_opposites_numbers_and_acronyms_keep_phrases_apart(french, english, why):
    assert kept_apart(french, english, ("fr", "en")) == why


def test_what_is_kept_apart_is_not_even_suggested(universal):
    assert linked(universal, ("la hausse des prix", "fr"), ("the decrease in prices", "en")) == ()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_list_has_more_than_eighty_oppositions_and_sees_each_from_both_sides(language):
    sides = [each.sides[language] for each in oppositions()]
    assert len(sides) >= 80
    for one, other in sides:
        assert opposed(one[0], other[0], (language, language))
        assert opposed(other[0], one[0], (language, language))


def test_no_word_is_its_own_opposite():
    same = [
        (one, other)
        for each in oppositions()
        for language in ("fr", "en")
        for one, other in product(*each.sides[language])
        if one == other
    ]
    assert same == []


def test_of_languages_without_a_list_no_opposites_are_known():
    assert opposed("alza", "increase", ("es", "en")) is None


def test_a_link_said_in_other_company_is_only_suggested():
    vectors = np.eye(30, dtype=np.float32)[[0, 0, *range(1, 29)]]
    languages = ["en", "fr", *(["en", "fr"] * 14)]
    phrases = [f"phrase {'abcdefghijklmnopqrstuvwxyzABCD'[n // 2]}x" for n in range(30)]
    near, far = np.ones((30, 2), np.float32), np.ones((30, 2), np.float32)
    far[0] = [1, -1]
    (sure,) = which_say_the_same(phrases, languages, fake(vectors), company=near)
    (unsure,) = which_say_the_same(phrases, languages, fake(vectors), company=far)
    (unknown,) = which_say_the_same(phrases, languages, fake(vectors), company=0 * near)
    assert (sure.automatic, unsure.automatic, unknown.automatic) == (True, False, True)
    assert "said in other company" in unsure.why


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("note de frais", "expense report"),
        ("notes de frais", "expense claims"),
        ("pare-feu", "firewall"),
        ("recouvrement de créances", "debt collection"),
        ("PDG", "CEO"),
    ],
)
def test_what_is_not_translated_word_by_word_is_linked_by_the_glossary(universal, french, english):
    said = (french, "fr"), (english, "en"), ("rapport annuel", "fr"), ("travel budget", "en")
    (link,) = (link for link in linked(universal, *said) if link.listed)
    assert (link.left, link.right) == (1, 0)
    assert link.automatic
    assert link.why == "the glossary has them as one"


def test_without_the_glossary_the_same_two_are_not_linked(universal):
    said = ("note de frais", "expense report")
    assert which_say_the_same(said, ("fr", "en"), universal, glossary={}) == ()


def test_an_entry_said_in_other_company_is_only_suggested():
    company = np.array([[1, 0], [-1, 1]], np.float32)
    vectors = np.eye(2, dtype=np.float32)
    (link,) = which_say_the_same(("pare-feu", "firewall"), ("fr", "en"), fake(vectors), company=company)
    assert not link.automatic
    assert "said in other company" in link.why


def test_an_encoder_that_does_not_cross_languages_is_refused():
    with pytest.raises(SettingsError, match="does not cross languages"):
        which_say_the_same(["a"], ["fr"], open_encoder("plain"))


def test_csls_is_twice_the_cosine_less_the_usual_cosines_of_both():
    one = np.array([[1, 0], [0, 1]], np.float32)
    other = np.array([[0.8, 0.6], [0, 1], [-1, 0]], np.float32)
    at, to, cosine, csls = mutual(one, other)
    assert (at.tolist(), to.tolist()) == ([0, 1], [0, 1])
    assert cosine == pytest.approx([0.8, 1.0])
    # the mean cosines: of (1, 0) -0.2/3, of (0, 1) 1.6/3; of (.8, .6) 0.7, of (0, 1) 0.5
    assert csls == pytest.approx([1.6 + 0.2 / 3 - 0.7, 2 - 1.6 / 3 - 0.5])


def test_those_that_are_known_to_say_the_same_count_as_equal():
    rows = np.eye(4, dtype=np.float32)
    at, to, cosine, csls = mutual(rows[:2], rows[2:], np.array([[0, 1]]))
    assert (at.tolist(), to.tolist()) == ([0, 1], [1, 0])
    # the mean cosines with all of the other side: of the first (0 + 1) / 2, of the second 0, and so there
    assert cosine.tolist() == [1, 0]
    assert csls.tolist() == [1, 0]


def test_without_phrases_there_is_nothing():
    assert all(len(part) == 0 for part in mutual(np.empty((0, 3), np.float32), np.eye(3, dtype=np.float32)))


@given(seed=st.integers(0, 99), rows=st.integers(1, 40), columns=st.integers(1, 40))
def test_neighbours_are_mutual_and_do_not_depend_on_order(seed, rows, columns):
    rng = np.random.default_rng(seed)
    one, other = (rng.standard_normal((n, 8)).astype(np.float32) for n in (rows, columns))
    order = rng.permutation(columns)
    at, to, _, csls = mutual(one, other)
    again = mutual(one, other[order])
    back = mutual(other, one)
    assert sorted(zip(back[1], back[0], strict=True)) == list(zip(at, to, strict=True))
    assert order[again[1]].tolist() == to.tolist()
    assert again[3] == pytest.approx(csls, abs=1e-5)
    assert len(set(to.tolist())) == len(to)


def test_many_phrases_are_compared_a_part_at_a_time():
    rng = np.random.default_rng(5)
    one = rng.standard_normal((2_500, 16)).astype(np.float32)
    one /= np.linalg.norm(one, axis=1, keepdims=True)
    at, to, cosine, _ = mutual(one, one)
    assert at.tolist() == to.tolist() == list(range(2_500))
    assert cosine == pytest.approx(1, abs=1e-5)
    assert NEIGHBOURS == 10
