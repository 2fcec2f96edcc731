"""Dates as people and machines write them, to UTC.

ISO 8601 and its looser kin, RFC 2822, day/month/year in both orders, months in English and French words, epoch
numbers (seconds to nanoseconds, told by their size). A time without a zone is UTC. Units: everything comes out as
`Datetime("ms", "UTC")`; what cannot be read comes out null.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

TIME = pl.Datetime("ms", "UTC")

_CLOCK = (
    r"(?:(?:T|,?\s+|,?\s+(?:at|à)\s+)(?P<hour>\d{1,2})(?:[:hH](?P<minute>\d{2})?)(?::(?P<second>\d{2})"
    r"(?:[.,](?P<fraction>\d{1,9}))?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
)
_TIGHT_CLOCK = r"(?:T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?)?"
_ZONE = r"\s*(?:(?P<zone>[A-Za-z]{1,4})?(?P<offset>[+-]\d{1,2}(?::?\d{2})?)?)?(?:\s*[\[(][^\])]*[\])])?"
_WEEKDAY = r"(?:[^\W\d_]+\.?,?\s+)?"
_WORD = r"(?P<word>[^\W\d_]{3,}\.?)"

_FORMS = tuple(
    rf"^(?:{head}){tail}$".replace(r"\d", "[0-9]")  # \d would take the digits of all scripts
    for head, tail in (
        (r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})", _CLOCK + _ZONE),
        (r"(?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})", _TIGHT_CLOCK + _ZONE),
        (r"(?P<year>\d{4})(?:[-/](?P<month>\d{1,2}))?", ""),
        (
            rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)?[\s-]+{_WORD},?[\s-]+(?P<year>\d{{4}})",
            _CLOCK + _ZONE,
        ),
        (rf"{_WEEKDAY}{_WORD}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})", _CLOCK + _ZONE),
        # the order of C's ctime, of git and of Twitter: the year comes last
        (rf"{_WEEKDAY}{_WORD}\s+(?P<day>\d{{1,2}})", _CLOCK + _ZONE + r"\s+(?P<year>\d{4})"),
    )
)
_PAIR = r"(?P<one>\d{1,2})[-/.](?P<two>\d{1,2})[-/.](?P<year>\d{4}|\d{2})"
_PAIR_FORM = rf"^{_PAIR}{_CLOCK}{_ZONE}$"
_NUMBER = r"^[+-]?\d{9,}(?:\.\d+)?$"
_PARTS = (
    "year",
    "month",
    "day",
    "one",
    "two",
    "word",
    "hour",
    "minute",
    "second",
    "fraction",
    "half",
    "zone",
    "offset",
)

_MONTHS = {
    word: str(month)
    for month, words in enumerate(
        (
            "jan january janv janvier", "feb february fév févr février fevr fevrier fev", "mar march mars",
            "apr april avr avril", "may mai", "jun june juin", "jul july juil juillet", "aug august août aout aoû",
            "sep sept september septembre", "oct october octobre", "nov november novembre",
            "dec december déc décembre decembre",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_ZONES = {  # minutes east of Greenwich; the American ones are RFC 2822's
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120, "eet": 120,
    "eest": 180, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
    "pdt": -420,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Orders:
    """What the dates of a column say about the order of day and month.

    Attributes:
        day_first: dates that only fit day before month (31/12/2024).
        month_first: dates that only fit month before day (12/31/2024).
        open: dates that fit both (03/04/2024).
        dotted: of these, how many use points or hyphens, as those do who write the day first.
    """

    day_first: int = 0
    month_first: int = 0
    open: int = 0
    dotted: int = 0

    def __add__(self, other: Orders) -> Orders:
        """Both together."""
        return Orders(
            self.day_first + other.day_first,
            self.month_first + other.month_first,
            self.open + other.open,
            self.dotted + other.dotted,
        )

    @property
    def decided(self) -> bool | None:
        """Is the day first? None where no date decides."""
        if self.day_first or self.month_first:
            return self.day_first >= self.month_first
        return None


def orders(values: pl.Series) -> Orders:
    """The evidence in a column about the order of day and month."""
    if values.dtype != pl.String:
        return Orders()
    parts = values.str.strip_chars().str.extract_groups(f"^{_PAIR}").struct.unnest()
    one, two = parts["one"].cast(pl.Int16), parts["two"].cast(pl.Int16)
    both = (one <= 12) & (two <= 12) & (one != two)
    dotted = both & ~values.str.contains("/", literal=True)
    return Orders(
        day_first=int((one.is_between(13, 31) & (two <= 12)).sum()),
        month_first=int((two.is_between(13, 31) & (one <= 12)).sum()),
        open=int(both.sum()),
        dotted=int(dotted.sum()),
    )


def zoneless(values: pl.Series) -> bool:
    """Does a column hold clock times that name no zone?"""
    if values.dtype == pl.String:
        naive = r"\d[T\s]\s*\d{1,2}[:hH]\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?$"
        return bool(values.str.strip_chars().str.contains(naive).any())
    return isinstance(values.dtype, pl.Datetime) and values.dtype.time_zone is None


def parse(values: pl.Series, *, day_first: bool = True) -> pl.Series:
    """Moments in UTC, null where a value is none.

    Args:
        values: strings, numbers, dates or datetimes.
        day_first: how 03/04/2024 is read.

    Returns:
        Datetime("ms", "UTC"), as long as `values`.
    """
    dtype = values.dtype
    if isinstance(dtype, pl.Datetime):
        zoned = values if dtype.time_zone else values.dt.replace_time_zone("UTC")
        return zoned.dt.convert_time_zone("UTC").dt.cast_time_unit("ms")
    if dtype == pl.Date:
        return values.cast(pl.Datetime("ms")).dt.replace_time_zone("UTC")
    if dtype.is_integer():
        return _from_strings(values.cast(pl.String), day_first=day_first)
    if dtype.is_numeric():
        finite = values.cast(pl.Float64)
        finite = finite.set(~finite.is_finite(), None)
        return _from_strings(
            finite.cast(pl.Decimal(38, 6), strict=False).cast(pl.String), day_first=day_first
        )
    if dtype != pl.String:
        return pl.Series(values.name, [None] * len(values), dtype=TIME)
    return _from_strings(values, day_first=day_first)


def _from_strings(values: pl.Series, *, day_first: bool) -> pl.Series:
    """Each form in turn, on what no earlier form could read."""
    left = pl.DataFrame({"row": pl.int_range(len(values), eager=True), "value": values.str.strip_chars()})
    left = left.drop_nulls("value")
    read: list[pl.DataFrame] = []
    for form in (_NUMBER, *_FORMS, _PAIR_FORM):
        fitting = left.filter(pl.col("value").str.contains(form))
        if fitting.is_empty():
            continue
        if form == _NUMBER:
            found = fitting.select("row", time=_from_number(pl.col("value")))
        else:
            parts = fitting["value"].str.extract_groups(form).struct.unnest()
            parts = parts.with_columns(
                pl.lit(None, pl.String).alias(p) for p in _PARTS if p not in parts.columns
            )
            if form == _PAIR_FORM:
                parts = parts.with_columns(
                    day=pl.col("one" if day_first else "two"), month=pl.col("two" if day_first else "one")
                )
            found = fitting.select("row").with_columns(parts.select(time=_moment())["time"])
        found = found.drop_nulls("time")
        read.append(found)
        left = left.join(found, on="row", how="anti", maintain_order="left")
    rows = pl.DataFrame({"row": pl.int_range(len(values), eager=True)})
    known = pl.concat([pl.DataFrame(schema={"row": pl.Int64, "time": TIME}), *read])
    return rows.join(known, on="row", how="left", maintain_order="left")["time"].alias(values.name)


def _from_number(value: pl.Expr) -> pl.Expr:
    """Epoch numbers of 9 digits and more: seconds, milli-, micro- or nanoseconds by their size."""
    whole = value.str.extract(r"^([+-]?\d+)", 1).cast(pl.Int64, strict=False)
    size = whole.abs()
    # 14 digits beginning with a century are 20240301120000, not milliseconds of the year 2600
    tight = value.str.contains(r"^(?:19|20)\d{12}$")
    thousandths = (
        value.str.extract(r"\.(\d+)$", 1).str.pad_end(3, "0").str.slice(0, 3).cast(pl.Int64).fill_null(0)
    )
    ms = (
        pl.when(tight)
        .then(None)
        .when(size < 10**11)
        .then(whole * 1000 + thousandths * pl.when(whole < 0).then(-1).otherwise(1))
        .when(size < 10**14)
        .then(whole)
        .when(size < 10**17)
        .then(whole // 1000)
        .otherwise(whole // 10**6)
    )
    return ms.cast(pl.Datetime("ms")).dt.replace_time_zone("UTC")


def _moment() -> pl.Expr:
    """The moment that a row of parts names; null where there is no such day, hour or zone."""

    def number(name: str, default: int) -> pl.Expr:
        return pl.col(name).cast(pl.Int32).fill_null(default)

    two_digits = pl.col("year").str.len_chars() == 2
    short = pl.col("year").cast(pl.Int32)
    year = pl.when(two_digits).then(short + pl.when(short < 69).then(2000).otherwise(1900)).otherwise(short)
    word = pl.col("word").str.to_lowercase().str.strip_chars_end(".").replace_strict(_MONTHS, default=None)
    month = (
        pl.when(pl.col("word").is_not_null())
        .then(word)
        .otherwise(pl.col("month").fill_null("1"))
        .cast(pl.Int32)
    )
    day = number("day", 1)
    clock, half = number("hour", 0), pl.col("half").str.to_lowercase().str.slice(0, 1)
    hour = (
        pl.when(half.is_null()).then(clock).otherwise(clock % 12 + pl.when(half == "p").then(12).otherwise(0))
    )
    minute, second = number("minute", 0), number("second", 0)
    ms = pl.col("fraction").str.pad_end(3, "0").str.slice(0, 3).cast(pl.Int32).fill_null(0)
    east = _minutes_east()
    real = (
        year.is_not_null() & (year > 0) & month.is_between(1, 12) & day.is_between(1, 31)
        & (clock <= 24) & (half.is_null() | (clock <= 12)) & (minute <= 59) & (second <= 60) & east.is_not_null()
    )  # fmt: skip
    first = pl.datetime(
        pl.when(real).then(year).otherwise(2000), pl.when(real).then(month).otherwise(1), 1, time_unit="ms"
    )
    date = first + pl.duration(days=day - 1)
    real = real & (date.dt.month() == month)
    clocked = date + pl.duration(hours=hour, minutes=minute - east, seconds=second, milliseconds=ms)
    return pl.when(real).then(clocked).dt.replace_time_zone("UTC").dt.cast_time_unit("ms")


def _minutes_east() -> pl.Expr:
    named = pl.col("zone").str.to_lowercase().replace_strict(_ZONES, default=None, return_dtype=pl.Int32)
    named = pl.when(pl.col("zone").is_null()).then(0).otherwise(named)
    digits = pl.col("offset").str.replace_all(r"[+:-]", "")
    hours = pl.when(digits.str.len_chars() > 2).then(digits.str.head(-2)).otherwise(digits).cast(pl.Int32)
    minutes = (
        pl.when(digits.str.len_chars() > 2).then(digits.str.tail(2)).otherwise(pl.lit("0")).cast(pl.Int32)
    )
    sign = pl.when(pl.col("offset").str.starts_with("-")).then(-1).otherwise(1)
    return named + pl.when(digits.is_null()).then(0).otherwise(sign * (hours * 60 + minutes))
