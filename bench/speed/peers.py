# ruff: noqa: PLC0415  a peer is loaded only where it is the one that is measured
"""What others do with the same messages, one a process: `python bench/speed/peers.py PEER FILE [STOP_WORDS]`.

It runs in an environment of its own (peers.txt), without Estran. STOP_WORDS is a JSON file, language -> words.
The last line is JSON.
"""

import json
import sys
from pathlib import Path

import polars as pl

AT_LEAST = 5
LONGEST = 4
WORD = r"[\p{L}\p{M}\p{N}_]"
ELISION = r"(?:jusqu|lorsqu|puisqu|quoiqu|qu|[ldjmtsnc])['’ʼ]"
TOKEN = rf"{ELISION}|{WORD}+(?:['’ʼ\-‐‑]{WORD}+)*|[^\p{{L}}\p{{M}}\p{{N}}_\p{{Zs}}\t]"


def messages(file):
    month = pl.col("time").dt.strftime("%Y%m")
    return pl.read_parquet(file, columns=["time", "side", "language", "author", "text"]).with_columns(
        cell=(month + pl.col("side")).rank("dense").cast(pl.Int32) - 1, month=month
    )


def sklearn(file, _):
    """CountVectorizer of one to three words, the sums of each month and side, and chi2 against the month."""
    import numpy as np
    import scipy.sparse as sp
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.feature_selection import chi2

    frame = messages(file)
    texts, cell, month = frame["text"].to_list(), frame["cell"].to_numpy(), frame["month"].to_list()
    del frame
    said = CountVectorizer(ngram_range=(1, 3), min_df=AT_LEAST, binary=True).fit_transform(texts)
    here = sp.csr_matrix((np.ones(len(cell), np.int64), (cell, np.arange(len(cell)))))
    table = (here @ said).tocsr()
    chi2(said, month)
    return {"phrases": said.shape[1], "rows": table.nnz, "said": int(table.sum())}


def polars(file, stop_words):
    """Phrases of one to four words per cell, messages and people, with the same tokens and stop words as Estran's.

    Words become numbers; a phrase of n words is looked for only where its first n-1 words and its last word are common
    (a phrase is no commoner than its parts), and its number comes from a group_by of the two numbers.
    """
    stops = json.loads(Path(stop_words).read_text())
    codes = {language: code for code, language in enumerate(stops)}
    frame = messages(file).with_row_index("message")
    known = frame.select("message", "cell", pl.col("author").cast(pl.Categorical).to_physical())
    text = pl.col("text").str.to_lowercase().str.replace_many(["’", "ʼ", "‐", "‑"], ["'", "'", "-", "-"])
    said = (
        frame.lazy()
        .select("message", pl.col("language").replace_strict(codes), token=text.str.extract_all(TOKEN))
        .explode("token", empty_as_null=True)  # a message without a token is a break
        .collect(engine="streaming")
    ).with_columns(pl.col("token").cast(pl.Categorical))
    del frame
    key = pl.col("token").to_physical().cast(pl.Int64) * len(codes) + pl.col("language")
    common = (
        said.lazy()
        .drop_nulls("token")
        .group_by("token", "language")
        .agg(pl.len(), key=key.first())
        .with_columns(pl.col("token").cast(pl.String))
        .filter(pl.col("token").str.contains(rf"^{WORD}"))
        .with_columns(
            word=pl.col("token").rank("dense").cast(pl.UInt32),
            stop=pl.col("token").str.ends_with("'")
            | pl.any_horizontal(
                (pl.col("language") == codes[each]) & pl.col("token").is_in(own)
                for each, own in stops.items()
            ),
        )
        .filter((pl.col("len").sum().over("token") >= AT_LEAST) | pl.col("stop"))
        .collect()
    )
    keys = said.select(key).to_series()
    rows = (
        pl.repeat(None, keys.max() + 1, dtype=pl.UInt32, eager=True)
        .scatter(common["key"], pl.Series(range(common.height), dtype=pl.UInt32))
        .gather(keys)
    )
    said = said.select("message", common["word"].gather(rows), common["stop"].gather(rows))
    phrases = rows = total = people = 0
    level = (
        said.with_row_index("place").filter(~pl.col("stop")).select("place", "message", "stop", number="word")
    )
    for length in range(1, LONGEST + 1):
        if length > 1:
            level = _longer(level, said, length)
        per_cell = (
            level.lazy()
            .filter(~pl.col("stop"))
            .select("number", "message")
            .unique()
            .join(known.lazy(), on="message")
            .group_by("number", "cell")
            .agg(messages=pl.len(), people=pl.col("author").n_unique())
            .filter(pl.col("messages").sum().over("number") >= AT_LEAST)
            .collect(engine="streaming")
        )
        phrases += per_cell["number"].n_unique()
        rows += per_cell.height
        total += int(per_cell["messages"].sum())
        people += int(per_cell["people"].sum())
    return {"phrases": phrases, "rows": rows, "said": total, "people": people}


def _longer(level, said, length):
    """The common phrases of one word more: where a shorter one is common and its next word is."""
    last = level["place"] + (length - 1)
    within = last < said.height
    level, last = level.filter(within), last.filter(within)
    pairs = level.select("place", "message", "number").with_columns(
        said["word"].gather(last), said["stop"].gather(last), same=said["message"].gather(last)
    )
    pairs = pairs.filter((pl.col("message") == pl.col("same")) & pl.col("word").is_not_null())
    if length == LONGEST:
        pairs = pairs.filter(~pl.col("stop"))
    common = (
        pairs.lazy().group_by("number", "word").agg(pl.len()).filter(pl.col("len") >= AT_LEAST).drop("len")
    )
    return (
        pairs.lazy()
        .join(common.with_row_index("longer"), on=["number", "word"], maintain_order="left")
        .select("place", "message", "stop", number="longer")
        .collect(engine="streaming")
    )


def gensim(file, _):
    """Two passes of Phrases, then counts of the phrases of each month and side."""
    from collections import Counter

    from gensim.models.phrases import ENGLISH_CONNECTOR_WORDS, Phrases
    from gensim.utils import simple_preprocess

    frame = messages(file)
    said = [simple_preprocess(text, min_len=1, max_len=256) for text in frame["text"]]
    pairs = Phrases(said, min_count=AT_LEAST, threshold=5, connector_words=ENGLISH_CONNECTOR_WORDS).freeze()
    longer = Phrases(pairs[said], min_count=AT_LEAST, threshold=5).freeze()
    counts = {}
    for cell, words in zip(frame["cell"].to_list(), said, strict=True):
        counts.setdefault(cell, Counter()).update(set(longer[pairs[words]]))
    total = sum(counts.values(), Counter())
    return {
        "phrases": sum(number >= AT_LEAST for number in total.values()),
        "rows": sum(map(len, counts.values())),
    }


def pycorpdiff(file, _):
    """The keyness of every single word of one side against the other."""
    import pycorpdiff as pcd

    frame = messages(file).select("time", "side", "text").to_pandas()
    corpus = pcd.from_dataframe(frame, text_col="text", meta_cols=("time", "side"))
    found = pcd.compare(corpus.slice(side="inside"), corpus.slice(side="outside")).keyness(min_count=AT_LEAST)
    return {"phrases": len(found.to_df())}


if __name__ == "__main__":
    peer, file, *rest = sys.argv[1:]
    chosen = {each.__name__: each for each in (sklearn, polars, gensim, pycorpdiff)}[peer]
    print(json.dumps(chosen(file, *(rest or [None]))))
