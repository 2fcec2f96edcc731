"""Names become keyed pseudonyms at the door, so that no name is ever kept."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from typing import TYPE_CHECKING

import polars as pl

from estran.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

KEY_BYTES = 32
PSEUDONYM_BYTES = 16


def new_key() -> bytes:
    """32 random bytes; whoever loses them can never make the same pseudonyms again, and nor can anybody else."""
    return secrets.token_bytes(KEY_BYTES)


def pseudonym(key: bytes) -> Callable[[pl.Series], pl.Series]:
    """A function that turns a column of names into pseudonyms.

    A pseudonym is BLAKE2b (RFC 7693), keyed, 16 bytes, as 32 hexadecimal digits, of the name in NFC, case-folded and
    trimmed: "  Zoé " and "ZOÉ" are one person. Without the key a pseudonym can neither be made nor be guessed from a
    list of names. Nulls stay null, and a blank name is nobody: null as well.

    Args:
        key: 16 to 64 bytes, from `new_key`.

    Raises:
        SettingsError: the key is shorter or longer.
    """
    if not 16 <= len(key) <= hashlib.blake2b.MAX_KEY_SIZE:
        raise SettingsError(
            f"a pseudonym key has 16 to 64 bytes, this one has {len(key)}: make one with new_key()"
        )

    def one(name: str) -> str | None:
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).strip()
        if not folded:
            return None
        return hashlib.blake2b(folded.encode(), digest_size=PSEUDONYM_BYTES, key=key).hexdigest()

    def pseudonyms(names: pl.Series) -> pl.Series:
        distinct = names.cast(pl.String).unique().drop_nulls()
        made = pl.Series([one(name) for name in distinct], dtype=pl.String)
        return names.cast(pl.String).replace_strict(distinct, made, default=None, return_dtype=pl.String)

    return pseudonyms
