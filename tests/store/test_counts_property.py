"""However a corpus came to be what it is, its counts are those of counting it from scratch."""

import itertools
import tempfile
from functools import partial
from pathlib import Path

from atrest import Shelf, message
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.store.blocks import blocks_of
from estran.store.counts import Counts
from estran.store.engines.threads import ThreadEngine

ENGINE = ThreadEngine(threads=2)
LAYOUT = partial(blocks_of, whole=25, most=40, bucket=30)
"""Bounds so low that a corpus grows over all of them."""

days = st.integers(0, 110)
numbers = st.integers(0, 60)
steps = st.one_of(
    st.tuples(st.just("batch"), st.lists(st.tuples(numbers, days), min_size=1, max_size=40)),
    st.tuples(st.just("edit"), st.lists(numbers, min_size=1, max_size=3)),
    st.tuples(st.just("delete"), st.lists(numbers, min_size=1, max_size=5)),
    st.tuples(st.just("erase"), st.integers(0, 6)),
    st.tuples(st.just("compact messages"), st.none()),
    st.tuples(st.just("compact counts"), st.none()),
    st.tuples(st.just("refresh"), st.none()),
)


def after(store, counts, what, which, editions):
    """The store after one step; the counts after it where the step is theirs."""
    match what:
        case "batch":
            return store.put(*(message(number, day=day) for number, day in which))
        case "edit":
            known = [number for number in which if f"m{number}" in store.rows]
            return store.put(
                *(
                    message(number, edition=next(editions)) | {"time": store.rows[f"m{number}"]["time"]}
                    for number in known
                )
            )
        case "delete":
            return store.without(lambda row: row["id"] in {f"m{number}" for number in which})
        case "erase":
            counts.forget()
            return store.without(lambda row: row["author"] == f"a{which}")
        case "compact messages":
            return store.rearranged()
        case "compact counts":
            counts.compact()
        case "refresh":
            counts.refresh(store, ENGINE)
    return store


@given(st.lists(steps, min_size=3, max_size=12), st.integers(1, 4))
@settings(max_examples=max(15, settings().max_examples // 10), deadline=None)
def test_a_refresh_equals_a_count_from_scratch(steps, at_least):
    with tempfile.TemporaryDirectory() as folder:
        counts = Counts(Path(folder) / "kept", at_least=2, layout=LAYOUT)
        store, editions = Shelf(), itertools.count(1)
        for what, which in [("batch", [(n, n) for n in range(20)]), *steps]:
            store = after(store, counts, what, which, editions)
        counts.refresh(store, ENGINE)
        scratch = Counts(Path(folder) / "scratch", at_least=2, layout=LAYOUT)
        scratch.refresh(store, ENGINE)
        assert counts.digest(at_least=at_least) == scratch.digest(at_least=at_least)
        assert counts.totals(at_least=at_least).equals(scratch.totals(at_least=at_least))
        assert [block.columns(["id"])["id"].to_list() for block in counts.blocks] == [
            block.columns(["id"])["id"].to_list() for block in scratch.blocks
        ]
        again = Counts(Path(folder) / "kept", at_least=2, layout=LAYOUT)
        assert again.digest(at_least=at_least) == scratch.digest(at_least=at_least)
        assert counts.check() == []
