"""The second pass: which concepts each message says, by exact match of their written forms.

All forms, and all beginnings of forms, lie in one hash table that is asked once per token of the text; only where a
form may begin does it look further. A form matches whole tokens in a row with nothing but blanks between, stop words
included, and only in messages of its language.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from estran.compiled import njit
from estran.text.scan import STOP, Room, Scanned, blocks, bytes_of, join, scan, scanner, token_hashes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

CHUNK_BYTES = 1 << 22
"""Text that a thread takes at a time."""

_U = np.uint64
_0, _1, _2, _32 = _U(0), _U(1), _U(2), _U(32)
_LOW = _U(0xFFFFFFFF)
_NO_CONCEPTS = np.empty(0, np.int32)
_MATCHES = 1 << 14  # room for the matches of one block, to begin with
_FEW = _U(64)  # postings that are sorted by insertion


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The forms of one language and the concept that each one means.

    Attributes:
        forms: tokens joined by one blank, as counting writes them; another spelling matches nothing.
        concept: (len(forms),) a number of at least 0; a form may come several times, with several concepts.
    """

    forms: tuple[str, ...]
    concept: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Postings:
    """Who says what: distinct pairs of message and concept, by message, then concept.

    Attributes:
        message: (M,) int32, row in the texts.
        concept: (M,) int32.
        free: (M,) whether the concept is said at least once outside every longer match of another concept.
        tokens: (n,) int32, tokens of each message, stop words included.
    """

    message: NDArray[np.int32]
    concept: NDArray[np.int32]
    free: NDArray[np.bool_]
    tokens: NDArray[np.int32]


class _Trie(NamedTuple):
    """The forms of all languages as a table of their beginnings.

    Attributes:
        slots: (slots, 2) hash of a beginning | 2 * (1 + the last form that ends here, or 0) + whether a longer form
            goes on from here; 0 where the slot is free.
        following: (forms,) 1 + another form that ends at the same place, or 0.
        concept: (forms,) place of the form's concept among the distinct ones.
        longest: (1,) tokens of the longest form.
    """

    slots: NDArray[np.uint64]
    following: NDArray[np.uint64]
    concept: NDArray[np.uint64]
    longest: NDArray[np.uint64]


Trie = _Trie


class _Messages(NamedTuple):
    """What goes with each message: the code of its language (0: none of the lexicons'), and its tokens, to be filled."""

    language: NDArray[np.uint64]
    sizes: NDArray[np.int32]


class _Found(NamedTuple):
    """Room for matches.

    Attributes:
        occurrences: (room, 3) first token, last token + 1, concept.
        postings: (room,) packed.
        seen: (concepts, 2) 1 + the last message that said the concept, and its place in `postings`.
    """

    occurrences: NDArray[np.uint64]
    postings: NDArray[np.uint64]
    seen: NDArray[np.uint64]


def match(
    texts: pa.LargeStringArray,
    languages: Sequence[str | None] | pl.Series,
    lexicons: Mapping[str, Lexicon],
    *,
    threads: int = 2,
    progress: Callable[[int], None] | None = None,
) -> Postings:
    """Which concepts each message says.

    Args:
        texts: (n,) the messages; null is an empty one.
        languages: (n,) of each message; the messages of a language without lexicon are only measured.
        lexicons: by language.
        threads: to share the messages among.
        progress: told the number of messages done, from the calling thread.
    """
    trie, concepts = trie_of(lexicons)
    codes = {language: code for code, language in enumerate(lexicons, start=1)}
    column = pl.Series("language", languages, dtype=pl.String)
    language = column.replace_strict(codes, default=0, return_dtype=pl.UInt64).to_numpy()
    messages = _Messages(language, np.zeros(len(texts), np.int32))
    text, offsets = bytes_of(texts)

    def work(chunk: tuple[int, int]) -> NDArray[np.uint64]:
        return _match_chunk(text, offsets, chunk, messages, trie)

    found: list[NDArray[np.uint64]] = [np.empty(0, np.uint64)]
    chunks = list(blocks(np.diff(offsets), most=CHUNK_BYTES))
    with ThreadPoolExecutor(threads) as pool:
        for (_, last), postings in zip(chunks, pool.map(work, chunks), strict=True):
            found.append(postings)
            if progress is not None:
                progress(last)
    packed = np.concatenate(found)
    return Postings(
        message=(packed >> _32).astype(np.int32),
        concept=concepts[((packed & _LOW) >> _1).astype(np.int64)],
        free=(packed & _1).astype(np.bool_),
        tokens=messages.sizes,
    )


def trie_of(lexicons: Mapping[str, Lexicon]) -> tuple[_Trie, NDArray[np.int32]]:
    """The table of all forms, and the distinct concepts in order."""
    forms = pa.array([form for each in lexicons.values() for form in each.forms], pa.large_string())
    words = pc.split_pattern(forms, " ")
    starts = words.offsets.to_numpy().astype(np.int64)
    hashes = token_hashes(words.flatten())
    codes = np.repeat(np.arange(1, len(lexicons) + 1), [len(each.forms) for each in lexicons.values()])
    concepts, concept = np.unique(
        np.concatenate([_NO_CONCEPTS, *(each.concept for each in lexicons.values())]), return_inverse=True
    )
    trie = _Trie(
        slots=np.zeros((1 << max(6, (3 * len(hashes)).bit_length()), 2), np.uint64),
        following=np.zeros(len(forms), np.uint64),
        concept=concept.astype(np.uint64),
        longest=np.array([np.diff(starts).max(initial=0)], np.uint64),
    )
    _fill(hashes, starts, codes.astype(np.uint64), trie)
    return trie, concepts


def _match_chunk(
    text: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    chunk: tuple[int, int],
    messages: _Messages,
    trie: _Trie,
) -> NDArray[np.uint64]:
    """The postings of consecutive messages, packed: message 32 bits, concept 31, free 1; fills their sizes."""
    begin, end = chunk
    begins, ends = offsets[begin:end], offsets[begin + 1 : end + 1]
    lengths = ends - begins
    seen = np.zeros((len(trie.concept) + 1, 2), np.uint64)
    found: list[NDArray[np.uint64]] = [np.empty(0, np.uint64)]
    room = Room()
    out = _Found(np.empty((_MATCHES, 3), np.uint64), np.empty(_MATCHES, np.uint64), seen)
    for first, last in blocks(lengths):
        tokens = room.tokens(int(lengths[first:last].sum()), last - first)
        scan(text, begins[first:last], ends[first:last], scanner(), len(text) + 1, tokens)
        done = 0
        while done < last - first:
            rest = tokens._replace(starts=tokens.starts[done:])
            written, fitted = _match_block(rest, begin + first + done, messages, trie, out)
            found.append(out.postings[: int(written)].copy())
            done += int(fitted)
            if fitted == 0:
                larger = 2 * len(out.postings)
                out = _Found(np.empty((larger, 3), np.uint64), np.empty(larger, np.uint64), seen)
    return np.concatenate(found)


@njit
def _fill(
    hashes: NDArray[np.uint64], starts: NDArray[np.int64], codes: NDArray[np.uint64], trie: _Trie
) -> None:
    """Put every form and its beginnings into the table."""
    slots = trie.slots
    mask = _U(len(slots) - 1)
    for form in range(_U(len(codes))):
        beginning = codes[form]
        last = _U(starts[form + _1]) - _1
        for at in range(_U(starts[form]), last + _1):
            beginning = join(beginning, hashes[at])
            slot = (beginning >> _32) & mask
            while slots[slot, _0] != beginning and slots[slot, _0] != _0:
                slot = (slot + _1) & mask
            slots[slot, _0] = beginning
            if at < last:
                slots[slot, _1] |= _1
            else:
                trie.following[form] = slots[slot, _1] >> _1
                slots[slot, _1] = ((form + _1) << _1) | (slots[slot, _1] & _1)


@njit
def _match_block(
    tokens: Scanned, first: int, messages: _Messages, trie: _Trie, out: _Found
) -> tuple[np.uint64, np.uint64]:
    """Match scanned messages, the first of which is number `first`, until one does not fit.

    Returns:
        The postings written, and how many messages fitted.
    """
    written, number = _0, _0
    room = _U(len(out.postings))
    while number < _U(len(tokens.starts) - 1):
        message = _U(first) + number
        begin, end = tokens.starts[number], tokens.starts[number + _1]
        size, matches = occurrences_of(
            tokens.hashes[begin:end], messages.language[message], trie, out.occurrences
        )
        if written + matches >= room:
            break
        messages.sizes[message] = size
        written = _add_postings(message, matches, trie.longest[_0], out, written)
        number += _1
    return written, number


@njit
def occurrences_of(
    hashes: NDArray[np.uint64], code: np.uint64, trie: _Trie, occurrences: NDArray[np.uint64]
) -> tuple[np.uint64, np.uint64]:
    """Fill (first token, last token + 1, concept) of every match, by first token, then length.

    Returns:
        The number of tokens and of matches; no more matches than there is room for.
    """
    slots, following, concept, _ = trie
    mask, room = _U(len(slots) - 1), _U(len(occurrences))
    size, matches = _0, _0
    for start in range(_U(len(hashes))):
        size += _U(hashes[start] != _0)
        at, beginning, more = _U(start), code, code != _0
        while more and hashes[at] != _0:
            beginning = join(beginning, hashes[at] & ~STOP)
            at += _1
            slot = (beginning >> _32) & mask
            while slots[slot, _0] != beginning and slots[slot, _0] != _0:
                slot = (slot + _1) & mask
            value = slots[slot, _1]
            if value == _0:
                break
            form = value >> _1
            while form != _0 and matches < room:
                occurrences[matches, _0], occurrences[matches, _1] = start, at
                occurrences[matches, _2] = concept[form - _1]
                matches += _1
                form = following[form - _1]
            more = value & _1 != _0
    return size, matches


@njit
def _add_postings(
    message: np.uint64, matches: np.uint64, longest: np.uint64, out: _Found, written: np.uint64
) -> np.uint64:
    """Add the distinct concepts of a message's matches, in order; the postings written then."""
    occurrences, postings, seen = out
    first = written
    for item in range(matches):
        start, end, concept = occurrences[item, _0], occurrences[item, _1], occurrences[item, _2]
        if seen[concept, _0] != message + _1:
            seen[concept, _0], seen[concept, _1] = message + _1, written
            postings[written] = (message << _32) | (concept << _1)
            written += _1
        other = _U(item)
        while other > _0 and occurrences[other - _1, _0] + longest > start:
            other -= _1
        nested = False  # inside a longer match of another concept; such a one begins here or little before
        while not nested and other < matches and occurrences[other, _0] <= start:
            longer = occurrences[other, _1] - occurrences[other, _0] > end - start
            nested = longer and occurrences[other, _1] >= end and occurrences[other, _2] != concept
            other += _1
        postings[seen[concept, _1]] |= _U(not nested)
    if written - first > _FEW:
        postings[first:written].sort()
        return written
    for item in range(first + _1, written):
        posting, at = postings[item], _U(item)
        while at > first and postings[at - _1] > posting:
            postings[at] = postings[at - _1]
            at -= _1
        postings[at] = posting
    return written
