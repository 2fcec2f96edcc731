"""Topics as they are told: each rule in its sentence, names in the language of the reader, and on the cards of a tour."""

from dataclasses import replace

import pytest
from rich.console import Console

from estran.findings import Family, InTopic, Living, Notice, Proposal, Topic, Topics
from estran.report import to_html, to_markdown, to_terminal, topics


def topic(id_, family, labels, messages, **more):
    plain = {
        "people": 9,
        "share": messages / 100,
        "stability": 0.8,
        "languages": {"en": messages},
        "themes": (),
    }
    return Topic(id=id_, family=family, labels=labels, messages=messages, **(plain | more))


@pytest.fixture
def found():
    """Three topics in two families."""
    both = {"fr": "télétravail, bureau", "en": "remote work"}
    living = tuple(Living(f"t{n}", f"theme {n}", {"en": f"theme {n}"}, 9) for n in range(7))
    named = {"en": "loyalty card"}
    return Topics(
        topics=(
            topic("A", 1, both, 40, languages={"fr": 30, "en": 10}, themes=living),
            topic("B", 1, named, 20, stability=None),
            topic("C", 2, {}, 10, stability=0.3),
        ),
        families=(Family(1, both, 2, 60, 15, 0.6), Family(2, {}, 1, 10, 9, 0.1)),
        messages=100, placed=75, unplaced={"empty": 1, "lonely": 20, "crumbs": 4}, withheld=1, encoded=50, mapped=40,
        encoder="universal", encoder_id="universal 1", crosses_languages=True,
        proposals=(
            Proposal("A+B", "merge", ("A", "B"), (both, named), (40, 20), 0.01),
            Proposal("A+split", "split", ("A",), (both,), (25, 15), 1.0),
        ),
        notices=(Notice("topics-dissolving", {"topics": 1, "of": 3}),), until="2025-03-31",
    )  # fmt: skip


def printed(language, found, **how):
    console = Console(width=80, file=None, record=True, force_terminal=False)
    with console.capture() as capture:
        console.print(topics.listed(language, found, path="acme", **how))
    shown = capture.get()
    assert max(map(len, shown.splitlines())) <= 80
    return " ".join(
        shown.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ").split()
    )


def test_every_rule_has_its_sentence(found):
    shown = printed("en", found)
    for said in (
        "3 topics in 2 families: 75 of 100 messages, until 31 March 2025",
        "25 messages belong to no topic: 1 says nothing that can be compared; ",
        "20 have fewer than three others near them; 4 are in groups of fewer than five, with no topic near.",
        "1 topic of fewer than five people is not shown.",
        "Encoder: universal, which brings a text and its translation together.",
        "It read 50 texts; the other 40 were placed by a map learned from those.",
        "Topics below a stability of one half: 1 of 3.",
        "remote work 2 topics, 60.0%",
        "40 messages (40.0%) from 9 people; stability 80%",
        "French 30, English 10",
        "in French: télétravail, bureau",
        "themes: theme 0, theme 1, theme 2, theme 3, theme 4, and 2 more",
        "stability not known yet",
        "without a name",
        "“remote work” and “loyalty card” may be one topic (40 + 20 messages).",
        "no: estran themes reject acme A+split",
    ):
        assert said in shown


def test_in_french_too(found):
    shown = printed("fr", found)
    for said in (
        "3 sujets en 2 familles : 75 messages sur 100, jusqu’au 31 mars 2025",
        "1 ne dit rien qui se compare",
        "4 sont dans des groupes de moins de cinq, sans sujet proche.",
        "télétravail, bureau 2 sujets, 60,0 %",
        "en anglais : remote work",
        "stabilité pas encore connue",
        "« télétravail, bureau » est peut-être plusieurs sujets (25 + 15 messages).",
    ):
        assert said in shown


def test_of_an_encoder_that_keeps_languages_apart_that_is_said(found):
    assert "Encoder: plain, which keeps languages apart." in printed(
        "en", replace(found, encoder="plain", crosses_languages=False)
    )


def test_the_largest_topics_are_shown_and_the_others_counted(found):
    shown = printed("en", found, top=1)
    assert ("remote work" in shown, "and 2 more" in shown, "without a name" in shown) == (True, True, False)


@pytest.mark.parametrize(("language", "said"), [("en", "topic: remote work"), ("fr", "sujet : télétravail")])
def test_a_card_names_the_topic_of_its_theme(tour, language, said):
    where = InTopic("A", {"fr": "télétravail", "en": "remote work"})
    tour = replace(tour, coming_in=(replace(tour.coming_in[0], topic=where), *tour.coming_in[1:]))
    console = Console(width=80, file=None)
    with console.capture() as capture:
        console.print(to_terminal(tour, language=language, width=80))
    for shown in (capture.get(), to_html(tour, language=language), to_markdown(tour, language=language)):
        plain = " ".join(
            shown.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ").split()
        )
        assert said in plain
