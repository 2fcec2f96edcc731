"""Vectors of the messages of a workspace: of all texts, or of a sample that stays the same as they become more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estran.analysis.meanings import BATCH, MESSAGES
from estran.text.encoders.sampled import MANY, SHARE, learned_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from estran.analysis.corpus import Corpus
    from estran.analysis.meanings import Meanings
    from estran.analysis.progress import Progress
    from estran.store.prepared import PreparedBlock
    from estran.store.vectors import Hashes


@dataclass(frozen=True, slots=True)
class Texts:
    """What n messages say.

    Attributes:
        message: (n,) hashes of their ids.
        text: (n,) hashes of what they say.
        distinct: (T,) hashes of the texts, rising, each once.
        node: (n,) which of them each message says.
        sample: (T,) whether the encoder reads it.
        starts: first message of each block, and the end of the last one.
    """

    message: Hashes
    text: Hashes
    distinct: Hashes
    node: NDArray[np.intp]
    sample: NDArray[np.bool_]
    starts: tuple[int, ...]


def texts_of(corpus: Corpus, meanings: Meanings, *, many: int = MANY) -> Texts:
    """What the messages of a whole corpus say.

    Up to 200,000 distinct texts all are encoded. Of more, those of the smallest hashes are, a fifth of all and at most
    200,000: as the corpus grows, hardly a text leaves the sample.

    Args:
        corpus: of all days.
        meanings: who has the key of the hashes.
        many: distinct texts above which a sample is taken.
    """
    message, text, starts = [], [], [0]
    for block in corpus.counted.blocks:
        frame = block.columns(["id", "spoken"])
        message.append(meanings.hashes(frame["id"].to_list()))
        pieces = frame.select("spoken").iter_slices(BATCH)
        text += [meanings.hashes(_lines(some["spoken"].to_list())) for some in pieces]
        starts.append(starts[-1] + frame.height)
    texts = np.concatenate(text)
    distinct, node = np.unique(texts, return_inverse=True)
    count = len(distinct)
    if count > many:
        count = min(max(round(SHARE * count), round(SHARE * many)), many)
    sample = np.arange(len(distinct)) < count
    return Texts(np.concatenate(message), texts, distinct, node, sample, tuple(starts))


def encode(corpus: Corpus, texts: Texts, meanings: Meanings, *, progress: Progress) -> NDArray[np.float16]:
    """The vectors (S, d) of the sample, in order of the hashes; those that are kept already are only read.

    Block by block, so that who is killed goes on after the last 4,096 texts. Vectors of texts that nobody says any more
    are removed.

    Args:
        corpus: the messages.
        texts: what they say.
        meanings: who encodes and keeps.
        progress: told of each text that is encoded.

    Raises:
        StoreError: what is kept is of another encoder.
    """
    own = texts.distinct[texts.sample]
    kept = meanings.kept(MESSAGES)
    progress.stage("encode", len(own) if kept is None else len(kept.missing(own)))
    vectors = np.empty((len(own), meanings.encoder.dim), np.float16)
    names = []
    for block, nodes, rows in _wanted(corpus, texts, texts.sample):
        for some, said in _pieces(block, rows):
            vectors[nodes[some]] = meanings.of(said, kind=MESSAGES, block=block.name, progress=progress)
        meanings.keep_hashes(texts.distinct[nodes], kind=MESSAGES, block=block.name)
        names.append(block.name)
    if kept is not None:
        kept.keep_only(names)
    return vectors


def mapped(
    corpus: Corpus, texts: Texts, vectors: NDArray[np.float16], wanted: NDArray[np.bool_], meanings: Meanings
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.float32]]]:
    """Vectors of texts that the encoder did not read, by a map learned from those that it read; a piece at a time.

    Args:
        corpus: the messages.
        texts: what they say.
        vectors: (S, d) of the sample.
        wanted: (T,) texts outside the sample.
        meanings: whose encoder is imitated.

    Yields:
        Numbers of some texts, and their vectors.
    """
    if not wanted.any():
        return
    sample: list[str] = [""] * len(vectors)
    for block, nodes, rows in _wanted(corpus, texts, texts.sample):
        for some, said in _pieces(block, rows):
            for node, text in zip(nodes[some].tolist(), said, strict=True):
                sample[node] = text
    encoder = learned_from(sample, vectors.astype(np.float32), meanings.encoder)
    del sample
    for block, nodes, rows in _wanted(corpus, texts, wanted):
        for some, said in _pieces(block, rows):
            yield nodes[some], encoder.encode(said)


def _wanted(
    corpus: Corpus, texts: Texts, wanted: NDArray[np.bool_]
) -> Iterator[tuple[PreparedBlock, NDArray[np.intp], NDArray[np.intp]]]:
    """The wanted texts of each block, each once: their numbers among all, and rows of the block that say them."""
    for block, first, last in zip(corpus.counted.blocks, texts.starts[:-1], texts.starts[1:], strict=True):
        nodes, rows = np.unique(texts.node[first:last], return_index=True)
        rows, nodes = rows[wanted[nodes]], nodes[wanted[nodes]]
        yield block, nodes, rows


def _pieces(block: PreparedBlock, rows: NDArray[np.intp]) -> Iterator[tuple[slice, list[str]]]:
    """What some rows of a block say, a piece at a time: all of them at once would be a good part of the memory."""
    for first in range(0, len(rows), BATCH):
        some = slice(first, first + BATCH)
        yield some, _lines(block.take(rows[some], ["spoken"])["spoken"].to_list())


def _lines(said: list[str]) -> list[str]:
    """Each message as one line; its title, where it has one, is the first thing that an encoder reads."""
    return [each.replace("\n", " ") for each in said]
