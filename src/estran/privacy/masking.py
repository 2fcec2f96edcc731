"""Personal data in what people write give way to a word in brackets.

Two kinds of patterns. What a plain pattern can tell (mail, @mention, URL with a credential) is replaced by Polars on
the whole column. What needs a check digit or a look around (IBAN, NIR, payment card, phone, IP) is sought by Polars
and judged in Python on the few messages that may hold it (`estran.privacy.numbers`).
Names of people are not masked here: no pattern tells them from other words.
"""

from __future__ import annotations

import polars as pl

from estran.privacy import numbers

_CREDENTIAL = (
    r"(?:access[_-]?token|auth[_-]?token|id[_-]?token|refresh[_-]?token|token|api[_-]?key|client[_-]?secret|secret"
    r"|password|passwd|pwd|signature|sig|session[_-]?id|jwt)"
)
_URLS = (
    r"(?i)\b[a-z][a-z0-9+.-]{1,15}://(?:"
    r"[^\s/@:]+:[^\s/@]+@\S*[^\s.,;:!?)\]}>'\"]"
    rf"|\S*[?&#;]{_CREDENTIAL}=[^\s&]\S*[^\s.,;:!?)\]}}>'\"]|\S*[?&#;]{_CREDENTIAL}=[^\s&.,;:!?)\]}}>'\"])"
)
# "@zoe@example.social" is one mention; "a@b.fr" is none, since a letter stands before its @
_MENTIONS = r"(^|[^\p{L}\p{N}_@.+-])@[\p{L}_][\p{L}\p{N}_]*(?:[.-][\p{L}\p{N}_]+)*(?:@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)?"
_MAILS = r"(?:mailto:)?[\p{L}\p{N}_.%+'-]*[\p{L}\p{N}_%+-]@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}"
# eight digits at least with what people write between them, or something like an address of a machine
_NUMBERS = (
    r"\d(?:[ \u{a0}\u{202f}./()-]{0,3}\d){7}"
    r"|\d\.\d{1,3}\.\d{1,3}\.\d"
    r"|[A-Fa-f\d]:[A-Fa-f\d]{0,4}:[A-Fa-f\d:]"
    r"|[A-Za-z]{2}\d\d(?:[ \u{a0}-]?[A-Za-z\d]){11}"
)


def mask(texts: pl.Series) -> pl.Series:
    """The same texts, with a word in brackets where personal data stood.

    Mails, phones (French and international), IBAN, French social security numbers (NIR), payment cards, IP addresses,
    URLs that carry a password or a token, and @mentions become one of `MASKS`. Numbers with a check digit are masked
    only if it is right. Nulls stay null; masking twice changes nothing.

    Args:
        texts: strings, of any length.

    Returns:
        A column of the same name and length.
    """
    found = texts.str.contains(r"[@\d]|://") & texts.is_not_null()
    rows = found.fill_null(value=False).arg_true()
    if rows.is_empty():
        return texts
    masked = (
        texts.gather(rows)
        .str.replace_all(_URLS, "[url]")
        .str.replace_all(_MENTIONS, "${1}[@]")
        .str.replace_all(_MAILS, "[mail]")
    )
    doubtful = masked.str.contains(_NUMBERS).fill_null(value=False).arg_true()
    if not doubtful.is_empty():
        judged = [numbers.mask(text) for text in masked.gather(doubtful)]
        masked = masked.scatter(doubtful, pl.Series(judged, dtype=pl.String))
    return texts.clone().scatter(rows, masked)  # scatter writes in place, the caller's column stays as it was
