from hypothesis import given
from hypothesis import strategies as st

from estran.store.blocks import Block, blocks_of

months = st.builds("{:04d}-{:02d}".format, st.integers(2019, 2024), st.integers(1, 12))


def every_month(years, messages):
    return {f"{year}-{month:02d}": messages for year in years for month in range(1, 13)}


def names(messages, **bounds):
    return [block.name for block in blocks_of(messages, **bounds)]


def test_a_small_corpus_is_one_block():
    assert names({"2024-03": 60_000, "2021-01": 40_000}) == ["2021-01_2024-03"]
    assert len(names({"2024-03": 60_000, "2021-01": 40_001})) == 2
    assert blocks_of({}) == []


def test_a_larger_one_is_parted_by_the_longest_step_that_fits():
    years = range(2017, 2024)
    assert len(blocks_of(every_month(years, 4_000))) == 7
    assert len(blocks_of(every_month(years, 8_000))) == 14
    assert len(blocks_of(every_month(years, 12_000))) == 28
    assert len(blocks_of(every_month(years, 30_000))) == 84
    assert names(every_month([2024], 12_000))[:2] == ["2024-01_2024-03", "2024-04_2024-06"]


def test_a_huge_month_is_parted_by_its_people():
    assert names({"2024-01": 10, "2024-02": 500_000}) == [
        "2024-01", "2024-02.1of3", "2024-02.2of3", "2024-02.3of3",
    ]  # fmt: skip
    assert blocks_of({"2024-02": 500_000})[1] == Block(("2024-02",), 1, 3)


@given(st.dictionaries(months, st.integers(1, 900), max_size=40))
def test_every_month_lies_in_blocks_once_and_in_order(messages):
    blocks = blocks_of(messages, whole=500, most=300, bucket=400)
    whole = [month for block in blocks if block.bucket == 0 for month in block.months]
    assert whole == sorted(messages)
    assert all(block.buckets == 1 or len(block.months) == 1 for block in blocks)
    assert len({block.name for block in blocks}) == len(blocks)
    assert all(
        sum(messages[month] for month in block.months) <= 300 for block in blocks if len(block.months) > 1
    ) or len(blocks) == 1  # fmt: skip


@given(st.dictionaries(months, st.integers(1, 900), max_size=40))
def test_blocks_are_told_by_the_numbers_alone(messages):
    backwards = dict(reversed(messages.items()))
    assert blocks_of(messages, whole=500, most=300) == blocks_of(backwards, whole=500, most=300)
