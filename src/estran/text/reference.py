"""Counting and matching in plain Python: slow, short, and the meaning that the compiled kernels equal exactly."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from estran.text.tokens import ELISIONS, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


def phrases(text: str, stop_words: frozenset[str], *, longest: int = 4) -> set[str]:
    """The phrases said in a text: 1 to `longest` tokens in a row, written with one blank between, no stop word at either end."""
    stops = stop_words.union(ELISIONS)
    return {
        " ".join(stretch[start:end])
        for stretch in tokens(text)
        for start in range(len(stretch))
        for end in range(start + 1, min(start + longest, len(stretch)) + 1)
        if stretch[start] not in stops and stretch[end - 1] not in stops
    }


def count(
    messages: Iterable[tuple[str, int, str, int]],
    stop_words: Mapping[str, frozenset[str]],
    *,
    at_least: int,
    longest: int = 4,
) -> dict[tuple[str, int], tuple[int, int]]:
    """The messages and people that said each phrase, per cell.

    Args:
        messages: (text, author, language, cell key) of each message.
        stop_words: by language; a language without any has only the elisions.
        at_least: a phrase is kept when this many messages said it, all cells together.
        longest: tokens in the longest phrase.

    Returns:
        (phrase, cell key) -> (distinct messages, distinct authors).
    """
    total: Counter[str] = Counter()
    said: Counter[tuple[str, int]] = Counter()
    people: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for text, author, language, key in messages:
        for phrase in phrases(text, stop_words.get(language, frozenset()), longest=longest):
            total[phrase] += 1
            said[phrase, key] += 1
            people[phrase, key].add(author)
    return {at: (number, len(people[at])) for at, number in said.items() if total[at[0]] >= at_least}


def match(text: str, forms: Sequence[tuple[str, int]]) -> tuple[dict[int, bool], int]:
    """The concepts said in one text, and its number of tokens.

    Args:
        text: the message.
        forms: (form, concept); a form is tokens joined by one blank.

    Returns:
        concept -> whether it is said at least once outside every longer match of another concept; number of tokens.
    """
    stretches = tokens(text)
    free: dict[int, bool] = {}
    for stretch in stretches:
        found = list(_occurrences(stretch, forms))
        for start, end, concept in found:
            nested = any(
                a <= start and end <= b and b - a > end - start and other != concept for a, b, other in found
            )
            free[concept] = free.get(concept, False) or not nested
    return dict(sorted(free.items())), sum(map(len, stretches))


def _occurrences(stretch: list[str], forms: Sequence[tuple[str, int]]) -> Iterator[tuple[int, int, int]]:
    for form, concept in forms:
        words = form.split(" ")
        for start in range(len(stretch) - len(words) + 1):
            if stretch[start : start + len(words)] == words:
                yield start, start + len(words), concept
