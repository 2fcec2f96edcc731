"""Which phrases hold together: a term's words need each other, a fragment's words only met.

The *tie* of a phrase to one of its words is the share of the messages with the word that have the phrase. Words side by
side are a term until something speaks against it; the more a phrase needs to be held together, the more tie it must show:

- joined by a close link ("retour d'expérience"): `CLOSE` of the rarer end;
- by a loose link, which joins anything ("call for papers", but "module in slicer"): `LOOSE`;
- by a fixed link ("terms and conditions"): `STICKY`, and `MUTUAL` of all words where one is a verb ("click and collect");
- with a general word ("new business"): `MIXED` when side by side, `FIRM` with a close link, `STICKY` with a loose one;
- of general words only ("second hand"): `STICKY` of one and `MUTUAL` of all.

A link that hangs a word on a much commoner term makes no new one ("corner for [in-store pickup]"), and a phrase that cuts a term in two ("real corner for click", where "click" lives in "click and collect") is no phrase.
"""

from __future__ import annotations

import polars as pl

from estran.text import quality

CLOSE = 0.1
LOOSE = 0.4
STICKY = 0.5
FIRM = 0.3
MIXED = 0.15
MUTUAL = 0.1

LEAST_MESSAGES = 8
"""Messages below which an expression of general words, or with a fixed link, is chance."""

COMMONER = 2
"""So many times the messages of a linked phrase has the term that only a word was hung on."""

HOME = 0.8
"""A word that has this share of its messages inside one longer phrase lives there."""

PLACES = range(quality.LONGEST)
NAMES = [f"n{i}" for i in PLACES]


def holding(candidates: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    """Those of the candidates that are no fragments.

    Args:
        candidates: what `candidates.candidates` gave.
        words: each class of words: `word` and `messages`.

    Returns:
        Rows of `candidates` in their order, with `words` (classes, stop words left out).
    """
    keyed = candidates.with_columns(
        words=pl.concat_list(NAMES).list.drop_nulls(),
        key=pl.concat_str(NAMES, separator=" ", ignore_nulls=True),
    )
    own = words.select("word", "messages")
    for i in PLACES:
        keyed = keyed.join(
            own.rename({"word": f"n{i}", "messages": f"f{i}"}), on=f"n{i}", how="left", maintain_order="left"
        )
    tied = keyed.with_columns(whole=pl.col("messages").sum().over("key", "link")).filter(_tied())
    tied = tied.filter(~_hung(tied))
    return tied.filter(~_cut(tied, own)).select(*candidates.columns, "words")


def _tied() -> pl.Expr:
    """Whether a phrase shows the tie that it needs; single words need none."""
    rarest = pl.min_horizontal(f"f{i}" for i in PLACES)
    commonest = pl.max_horizontal(f"f{i}" for i in PLACES)
    solid = [pl.when(~pl.col(f"weak{i}")).then(f"f{i}") for i in PLACES]
    whole, link = pl.col("whole"), pl.col("link")
    weak = pl.any_horizontal(f"weak{i}" for i in PLACES)
    hollow = pl.all_horizontal(s.is_null() for s in solid)
    sticky = whole >= STICKY * rarest
    mutual = sticky & (whole >= MUTUAL * commonest)
    enough = whole >= LEAST_MESSAGES
    return (
        pl.when(pl.col("words").list.len() == 1)
        .then(statement=True)
        .when(pl.col("verbal"))
        .then(mutual & enough & (link == "fixed"))
        .when(hollow)
        .then(mutual & enough)
        .when(link == "fixed")
        .then(pl.when(weak).then(mutual).otherwise(sticky) & enough)
        .when(weak & (link == "close"))
        .then(whole >= FIRM * rarest)
        .when(weak & (link == "loose"))
        .then(whole >= STICKY * rarest)
        .when(link == "loose")
        .then(whole >= LOOSE * rarest)
        .when(link == "close")
        .then(whole >= CLOSE * rarest)
        .when(weak)
        .then(whole >= MIXED * rarest)
        .otherwise(statement=True)
    )


def _hung(tied: pl.DataFrame) -> pl.Series:
    """Whether each phrase is a much commoner term of two words, and another one after or (loosely) before its link."""
    pairs = tied.group_by("key").agg(common=pl.col("messages").sum())
    after = (pl.col("link") != "none") & pl.col("n1").is_null() & pl.col("n3").is_not_null()
    before = pl.col("link").is_in(["loose", "fixed"]) & pl.col("n2").is_null() & pl.col("n3").is_not_null()
    term = (
        pl.when(after)
        .then(pl.col("n2") + " " + pl.col("n3"))
        .when(before)
        .then(pl.col("n0") + " " + pl.col("n1"))
    )
    joined = tied.select("whole", key=term).join(pairs, on="key", how="left", maintain_order="left")
    return joined.select((pl.col("common") >= COMMONER * pl.col("whole")).fill_null(value=False)).to_series()


def _cut(tied: pl.DataFrame, own: pl.DataFrame) -> pl.Series:
    """Whether an end of each phrase lives in a longer term that the phrase does not hold whole."""
    wholes = (
        tied.group_by("words").agg(pl.col("messages").sum()).with_columns(size=pl.col("words").list.len())
    )
    homes = (
        wholes.filter(pl.col("size") > 1)
        .select(home="words", word="words", said="messages", size="size")
        .explode("word")
        .join(own.rename({"messages": "all"}), on="word")
        .filter(pl.col("said") >= HOME * pl.col("all"))
        .sort("size", pl.col("said"), "home", descending=[False, True, False])
        .unique("word", keep="first", maintain_order=True)
        .select("word", home=pl.col("home").list.join(" "), elsewhere=pl.col("all") - pl.col("said"))
    )
    phrases = tied.select(
        "messages",
        size=pl.col("words").list.len(),
        text=pl.lit(" ") + pl.col("words").list.join(" ") + " ",
        first=pl.col("words").list.first(),
        last=pl.col("words").list.last(),
    )
    for end in ("first", "last"):
        phrases = phrases.join(
            homes.rename({"word": end, "home": f"home_{end}", "elsewhere": f"elsewhere_{end}"}),
            on=end,
            how="left",
            maintain_order="left",
        )
    cut = [
        ~pl.col("text").str.contains(pl.lit(" ") + pl.col(f"home_{end}") + " ", literal=True)
        # most of the phrase must lie where the term is
        & (pl.col("messages") > 2 * pl.col(f"elsewhere_{end}"))
        for end in ("first", "last")
    ]
    return phrases.select(((pl.col("size") > 1) & pl.any_horizontal(*cut)).fill_null(value=False)).to_series()
