"""What a house says in two languages: the same subjects in both, and a word that means another thing in each."""

from itertools import cycle, islice

SUBJECTS = {
    "en": (
        ("digital transformation", "cloud migration", "software", "computer"),
        ("management", "salary", "team meeting", "contract"),
        ("location", "map", "street", "railway station"),
        ("bicycle", "helmet", "mountain", "tyre"),
    ),
    "fr": (
        ("transformation digitale", "migration vers le cloud", "logiciel", "ordinateur"),
        ("management", "salaire", "réunion d'équipe", "contrat"),
        ("location", "bail", "appartement", "loyer"),
        ("vélo", "casque", "montagne", "pneu"),
    ),
}
"""Language -> the words of each subject; "location" is a place in English, and a rent in French."""


def spoken(*, times=None, authors=16):
    """Rows of messages: in each, three of the four words of a subject.

    Args:
        times: language -> how often each message is said.
        authors: people of each language.
    """
    rows = []
    for language, subjects in SUBJECTS.items():
        for words in subjects:
            for number in range((times or {}).get(language, 16)):
                said = list(islice(cycle(words), number % 4, number % 4 + 3))
                rows.append(
                    {
                        "text": f"{', '.join(said)}: {number}.",
                        "author": f"{language}-{number % authors}",
                        "language": language,
                    }
                )
    return rows
