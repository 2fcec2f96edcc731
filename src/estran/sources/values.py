"""The values of a column as messages hold them: text in one normal form, null where nothing is said."""

from __future__ import annotations

import polars as pl

_UNWRITTEN = (pl.Null, pl.Duration, pl.Object)
_NOTHING = ("", "null", "none", "nan", "n/a", "\\n")
_LANGUAGES = {
    code: code2
    for code2, codes in {
        "ar": "ara arabic arabe", "de": "deu ger german deutsch allemand", "en": "eng english anglais",
        "es": "spa spanish español espagnol castellano", "fr": "fra fre french français francais",
        "it": "ita italian italiano italien", "ja": "jpn japanese japonais", "nl": "nld dut dutch nederlands néerlandais",
        "pl": "pol polish polski polonais", "pt": "por portuguese português portugais", "ru": "rus russian russe русский",
        "zh": "zho chi chinese chinois 中文", "ca": "cat catalan", "sv": "swe swedish svenska suédois",
        "tr": "tur turkish türkçe turc", "ko": "kor korean coréen", "uk": "ukr ukrainian ukrainien",
        "ro": "ron rum romanian roumain", "el": "ell gre greek grec", "cs": "ces cze czech tchèque",
    }.items()
    for code in codes.split()
}  # fmt: skip


def strings(values: pl.Series) -> pl.Series:
    """Any column as strings; what has no plain written form (lists, durations) is null."""
    if values.dtype == pl.String:
        return values
    if values.dtype == pl.Binary:
        return values.map_elements(_decoded, return_dtype=pl.String)
    if values.dtype.is_nested() or values.dtype in _UNWRITTEN:
        return pl.Series(values.name, [None] * len(values), dtype=pl.String)
    if values.dtype == pl.Boolean:
        return values.replace_strict([True, False], ["true", "false"], return_dtype=pl.String)
    if values.dtype.is_float():  # 12.0 is what tools make of an identifier beside gaps
        return values.cast(pl.String).str.replace(r"\.0$", "")
    return values.cast(pl.String)


def prose(values: pl.Series) -> pl.Series:
    r"""Texts in Unicode's composed form (NFC) without NUL, `\\n` ending lines, no blanks around; null where empty."""
    told = values.str.strip_chars()
    if told.str.contains("\0", literal=True).any():
        told = told.str.replace_all("\0", "", literal=True).str.strip_chars()
    if told.str.contains("\r", literal=True).any():
        told = told.str.replace_all("\r\n", "\n", literal=True).str.replace_all("\r", "\n", literal=True)
    foreign = (told.str.len_bytes() != told.str.len_chars()).fill_null(value=False)
    if foreign.any():  # ASCII is in normal form already, and normalising is slow
        told = told.scatter(foreign.arg_true(), told.filter(foreign).str.normalize("NFC"))
    return told.set(told == "", None)


def label(values: pl.Series) -> pl.Series:
    """Names and identifiers: as `prose`, and null for the words that tools write for nothing ("NULL", "nan")."""
    told = prose(values)
    return told.set(told.str.to_lowercase().is_in(_NOTHING), None)


def present(values: pl.Series) -> pl.Series:
    """The strings of a column that say something."""
    told = values.drop_nulls().str.strip_chars()
    return told.filter(~told.str.to_lowercase().is_in(_NOTHING))


def language(values: pl.Series) -> pl.Series:
    """ISO 639-1 codes from codes, locales and names ("fra", "fr-FR", "French"); null where it is none of them."""
    first = values.str.strip_chars().str.to_lowercase().str.extract(r"^([^\W_]+)", 1)
    named = first.replace_strict(
        list(_LANGUAGES), list(_LANGUAGES.values()), default=None, return_dtype=pl.String
    )
    two = first.set(~first.str.contains(r"^[a-z]{2}$"), None)
    return named.fill_null(two).alias("language")


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")
