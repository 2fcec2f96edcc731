"""Which phrases become themes, style and dates, and which words they gather."""

import polars as pl
from counted import COUNTS, counts
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.text.concepts import find_concepts
from estran.text.quality import general_frequency

FILLER = [("en", f"gadget{i} and widget{i}, sprocket{i}") for i in range(60)]


def concepts(*said, times=6, **options):
    """The concepts of messages said six times each, among others."""
    messages = [*FILLER, *(message for message in said for _ in range(times))]
    totals = {language: sum(lang == language for lang, _ in messages) for language, _ in messages}
    return find_concepts(counts(messages), messages_total=totals, **options)


def labels(*said, kind="theme", **options):
    return {concept.label for concept in concepts(*said, **options) if concept.kind == kind}


def the(label, found):
    return next(concept for concept in found if concept.label == label)


def test_two_words_also_written_as_one_are_a_term_whatever_each_of_them_is():
    assert "use case" not in labels(("en", "a use case"))
    joint = the("use case", concepts(("en", "a use case"), ("en", "a use case"), ("en", "the usecase")))
    assert joint.variants == (("en", "use case"), ("en", "usecase"))


def test_variants_are_one_concept_named_as_most_people_write_it():
    found = concepts(
        ("fr", "le réseau social d'entreprise"),
        ("fr", "le réseau social d'entreprise"),
        ("fr", "les réseaux sociaux d'entreprises"),
    )
    network = the("réseau social d'entreprise", found)
    assert network.variants == (
        ("fr", "réseau social d' entreprise"),
        ("fr", "réseaux sociaux d' entreprises"),
    )


def test_links_may_stand_inside_and_other_stop_words_may_not():
    assert "voice of the customer" in labels(("en", "voice of the customer"))
    assert "voice without customer" not in labels(("en", "voice without customer"))
    assert "base de données" in labels(("fr", "une base de données"))


def test_a_joined_spelling_is_the_same_concept():
    found = concepts(("en", "the help desk"), ("en", "our helpdesk"), ("en", "the help desk is slow"))
    assert the("help desk", found).variants == (("en", "help desk"), ("en", "helpdesk"))


def test_a_version_is_one_concept_however_it_is_joined():
    found = concepts(("en", "slicer 4"), ("en", "slicer 4 is old"), ("en", "slicer-4"), ("en", "slicer4"))
    assert {form for _, form in the("slicer 4", found).variants} == {"slicer 4", "slicer-4", "slicer4"}


def test_general_words_in_all_their_forms_and_adverbs_are_style():
    said = ("en", "capabilities, approximately, specifically, mightily, onboarding")
    assert labels(said) >= {"onboarding"}
    assert {"capabilities", "approximately", "specifically", "mightily"} <= labels(said, kind="style")
    assert "elderly" in labels(("en", "the elderly"))


def test_a_word_that_lives_inside_one_phrase_is_dropped():
    assert labels(("en", "the chatbot rollout")) >= {"chatbot rollout"}
    assert "rollout" not in labels(("en", "the chatbot rollout"))


def test_nesting_is_seen_through_a_joined_spelling():
    found = labels(
        ("en", "the datalake helpdesk"),
        ("en", "the datalake help desk"),
        ("en", "the datalake help desk is slow"),
    )
    assert "datalake help" not in found


def test_function_like_words_are_no_themes():
    said = ("en", "things, ways, lot, using, really, simple, good, year, today, q1, 2019, 17")
    assert labels(said).isdisjoint(
        ["things", "ways", "lot", "using", "really", "simple", "good", "year", "today", "q1", "2019", "17"]
    )


def test_register_is_style():
    assert {"explore", "journey", "takeaways"} <= labels(
        ("en", "explore, journey, takeaways, onboarding"), kind="style"
    )
    assert {"découvrez", "astuces"} <= labels(("fr", "découvrez, astuces, alternance"), kind="style")


def test_forms_of_a_verb_are_one_style():
    found = concepts(("en", "explore"), ("en", "exploring"), ("en", "explored it"))
    assert the("explore", found).variants == (("en", "explore"), ("en", "explored"), ("en", "exploring"))


def test_times_are_dates():
    assert {"january", "2019", "weeks"} <= labels(("en", "january, 2019, weeks"), kind="date")


def test_a_phrase_that_holds_a_verb_or_a_month_is_nothing():
    every = {c.label for c in concepts(("en", "deploy kubernetes, kubernetes meeting january, learn rust"))}
    assert every.isdisjoint(
        {"deploy kubernetes", "kubernetes meeting january", "meeting january", "learn rust"}
    )


def test_versions_are_themes_and_steps_are_not():
    found = labels(("en", "slicer 5, step 2, 3 slicer, slicer 5 kubernetes, chapter 4"))
    assert "slicer 5" in found
    assert found.isdisjoint({"step 2", "3 slicer", "chapter 4", "slicer 5 kubernetes"})


def test_code_and_crumbs_of_another_language_are_nothing():
    every = {c.label for c in concepts(("fr", "get_data, est-elle, with, alternance"))}
    assert every.isdisjoint({"get_data", "est-elle", "with"})
    assert "alternance" in every


def test_few_people_make_no_theme():
    assert "onboarding" not in labels(("en", "onboarding"), times=4)
    assert "onboarding" in labels(("en", "onboarding"), times=4, least_people=4)


def test_a_name_said_in_two_languages_is_one_concept():
    found = concepts(
        ("en", "docker"), ("fr", "docker"), ("en", "machine learning"), ("fr", "machine learning")
    )
    assert the("docker", found).variants == (("en", "docker"), ("fr", "docker"))
    assert {language for language, _ in the("machine learning", found).variants} == {"en", "fr"}


def test_false_friends_stay_apart():
    found = [c for c in concepts(("en", "the chat"), ("fr", "le chat")) if c.label == "chat"]
    assert sorted(c.variants for c in found) == [(("en", "chat"),), (("fr", "chat"),)]


def test_a_headline_counts_three_times():
    said = [*FILLER, *[("en", "onboarding, offboarding")] * 8]
    plain = find_concepts(counts(said), messages_total={"en": 68})
    titled = find_concepts(counts(said, headlines=[("en", "offboarding")] * 4), messages_total={"en": 68})
    assert the("offboarding", plain).quality < the("offboarding", titled).quality


def test_the_limit_is_on_themes_alone():
    found = concepts(("en", "onboarding, offboarding, takeaways, january"), limit=1)
    assert [concept.kind for concept in found] == ["theme", "style", "date"]


def test_no_phrase_no_concept():
    assert find_concepts(pl.DataFrame(schema=COUNTS), messages_total={}) == ()


def test_an_unknown_language_has_themes_too():
    assert "onboarding" in labels(("?", "onboarding"))


WORDS = st.sampled_from(
    ["onboarding", "chatbots", "chatbot", "help desk", "helpdesk", "explore", "may", "docker", "3", "de"]
)


@settings(deadline=None, max_examples=20)
@given(
    st.lists(
        st.tuples(st.sampled_from(["en", "fr"]), st.lists(WORDS, max_size=5).map(" ".join)), max_size=12
    ),
    st.integers(0, 9),
)
def test_the_order_of_the_counts_does_not_matter_and_no_form_is_said_twice(said, seed):
    table = counts(said * 3)
    found = find_concepts(table, messages_total={"en": 30, "fr": 30})
    shuffled = table.sample(fraction=1.0, shuffle=True, seed=seed)
    assert find_concepts(shuffled, messages_total={"en": 30, "fr": 30}) == found
    forms = [variant for concept in found for variant in concept.variants]
    assert len(forms) == len(set(forms))


SPANISH = [
    "después",
    "luego",
    "entonces",
    "siempre",
    "ahora",
    "nunca",
    "mismo",
    "casi",
    "tanto",
    "ayer",
    "claro",
    "pues",
    "aunque",
    "mientras",
    "además",
]
"""Words of Spanish beyond the commonest: no list of ours holds them."""


def spanish(*more):
    """Messages with such words as often as any text has them, and others."""
    usual = [
        ("es", f"{word}, ballena{n}")
        for word in SPANISH
        for n in range(round(2e4 * general_frequency(word, "es")))
    ]
    return [*usual, *more]


def kinds(said):
    found = find_concepts(counts(said), messages_total={"es": len(said)})
    return {concept.label: concept.kind for concept in found}


def test_in_a_language_without_a_pack_words_that_any_text_says_as_often_are_no_themes():
    found = kinds(spanish(*[("es", "la facturación, siempre")] * 9))
    assert found["facturación"] == "theme"
    told = [found[word] for word in SPANISH if word in found]  # some are stop words
    assert told == ["style"] * len(told)
    assert len(told) >= 6


def test_in_a_language_without_a_pack_a_common_word_is_a_theme_where_it_is_said_more_than_others():
    education = general_frequency("educación", "es")
    few, many = (round(times * 2e4 * education) for times in (2, 20))
    assert kinds(spanish(*[("es", "la educación")] * few))["educación"] == "style"
    assert kinds(spanish(*[("es", "la educación")] * many))["educación"] == "theme"


def test_a_word_commoner_here_than_in_the_language_whose_stop_word_it_is_is_no_crumb_of_it():
    assert "ci" in labels(("en", "the ci"))
    much = [("en", f"lorry{n} pallet{n}") for n in range(40)]
    assert "avec" not in labels(*much, ("en", "avec"))
