"""Numbers that belong to a person, told from all other numbers by their form, check digits and neighbours."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from stdnum import iban, luhn
from stdnum.fr import nir

if TYPE_CHECKING:
    from collections.abc import Callable

_GAP = r"[ \u00a0\u202f.-]"
_ALONE = r"(?<![\w.,/+-])"  # a number starts here: no letter, digit, or sign that goes on a longer one
_OVER = r"(?![\w]|[.,/-]\d)"

_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?:[ \u00a0-]?[A-Za-z\d]){11,30}")
_NIR = re.compile(
    rf"{_ALONE}[1-478](?P<gap>{_GAP}?)\d\d(?P=gap)\d\d(?P=gap)(?:\d\d|2[AaBb])(?P=gap)\d{{3}}(?P=gap)\d{{3}}(?:[ \u00a0\u202f./-]{{0,3}}|\s*cl[ée]\s*:?\s*)\d\d{_OVER}"
)
_CARD = re.compile(
    rf"{_ALONE}(?:\d{{14,16}}|\d{{19}}|\d{{4}}(?:([ \u00a0.-])\d{{4}})(?:\1\d{{4}}){{2}}(?:\1\d{{3}})?|\d{{4}}([ \u00a0-])\d{{6}}\2\d{{4,5}}){_OVER}"
)
_PHONE = re.compile(
    r"(?<![\w.,/+-])(?<!\d )(?:"
    rf"(?:\+|00[ \u00a0\u202f]?)(?P<abroad>[1-9](?:{_GAP}?(?:\(\d{{1,4}}\){_GAP}?)?\d){{6,14}})"
    rf"|\(\+(?P<enclosed>[1-9]\d{{0,2}}\)(?:{_GAP}?\d){{6,12}})"
    rf"|0[1-9](?:(?P<gap>{_GAP}?)\d\d)(?:(?P=gap)\d\d){{3}}"  # France: 06 39 98 12 34
    r"|04\d\d[ ./](?:\d\d[ .]\d\d[ .]\d\d|\d{3} \d{3})"  # Belgium, mobile
    r"|0[1-9]\d? \d{3} \d\d \d\d"  # Belgium, fixed; Switzerland
    r"|\(0[12]\d{1,3}\) ?\d{3,4} \d{3,4}|0(?:20 \d{4} \d{4}|20\d \d{3} \d{4}|1\d1 \d{3} \d{4}|11\d \d{3} \d{4}|1\d{3} \d{6}|7\d{3} ?\d{3} ?\d{3})"  # United Kingdom
    r"|(?:1[-. ])?\([2-9]\d\d\) ?\d{3}[-. ]\d{4}|(?:1[-. ])?[2-9]\d\d(?P<dash>[-. ])[2-9]\d\d(?P=dash)\d{4}"  # North America
    rf"){_OVER}"
)
_IPV4 = re.compile(r"(?<![\w.-])(?<!\w/)(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d|-\d)")
_IPV6 = re.compile(
    r"(?<![\w:.])(?:[\dA-Fa-f]{1,4}:|:(?=:)){1,7}:?(?:[\dA-Fa-f]{1,4}(?::[\dA-Fa-f]{1,4}){0,6})?(?![\w:])"
)

# a word just before that says what the number is: an order, a parcel, a company; or a release of a program
_REFERENCE = re.compile(
    r"(?:commandes?|cde|orders?|tickets?|r[ée]f(?:[ée]rences?|\.)?|factures?|invoices?|dossiers?|colis|parcels?|suivi"
    r"|tracking|articles?|sku|ean|isbn|siret|siren|devis|contrats?|contract|case|issue|bug|id|bon|lot|batch|serial|s[ée]rie"
    r"|num[ée]ro de s[ée]rie|#)"
    r"(?:\s+(?:is|was|est|id|number|no\.?|num[ée]ro|n[°o]))?\s*(?:[:=#]|n[°º]|no\.|est|is)?\s*$",
    re.IGNORECASE,
)
_RELEASE = re.compile(
    r"(?:\bversions?|\bv|\breleases?|\bbuild|\bfirmware|\bdriver|\bpilote)[ .:=\"'“«\u00a0]*$", re.IGNORECASE
)
_NETWORK = re.compile(
    r"(?:\bip|address|adresse|serveu?r|host|h[ôo]te|ping|dns|://|connect|depuis|from)", re.IGNORECASE
)
_AMOUNT = re.compile(r"\s?(?:[,.]\d|€|\$|£|%|k€|euros?\b|eur\b|usd\b|chf\b)", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")

# E.164 country codes, and how many digits may follow: those of our readers exactly, the others 6 to 12
_FOLLOWING = {
    "1": (10, 10),
    "7": (10, 10),
    "33": (9, 9),
    "44": (9, 10),
    "32": (8, 9),
    "41": (9, 9),
    "352": (6, 9),
    "34": (9, 9),
}
_CODES = re.compile(
    r"1|7|20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1234569]\d|3[578]\d|42\d|5[09]\d|6[789]\d|8[0578]\d|9(?:6[0-8]|7[0-79]|9[2-8])"
)


def mask(text: str) -> str:
    """The text with its IBAN, NIR, cards, phones and IP addresses masked."""
    for pattern, judge in _JUDGES:
        text = pattern.sub(judge, text)
    return text


def _iban(match: re.Match[str]) -> str:
    """Masks the longest beginning that is a valid IBAN: the words after it look like more of it."""
    found = match.group()
    for end in range(len(found), 14, -1):
        if (
            found[end - 1].isalnum()
            and not found[end : end + 1].isalnum()
            and iban.is_valid(found[:end], check_country=False)
        ):
            return "[iban]" + found[end:]
    return found


def _nir(match: re.Match[str]) -> str:
    compact = re.sub(r"[^\dABab]", "", match.group()).upper()
    named = compact == match.group() and _REFERENCE.search(match.string[: match.start()])
    return "[nir]" if nir.is_valid(compact) and not named else match.group()


def _card(match: re.Match[str]) -> str:
    compact = "".join(_DIGITS.findall(match.group()))
    named = compact == match.group() and _REFERENCE.search(match.string[: match.start()])
    return "[card]" if _issued(compact) and luhn.is_valid(compact) and not named else match.group()


def _issued(number: str) -> bool:
    """Whether a card network issues numbers that begin so, at this length (ISO/IEC 7812)."""
    first, two, four = number[0], int(number[:2]), int(number[:4])
    match len(number):
        case 14:
            return two in {36, 38} or 300 <= four // 10 <= 305
        case 15:
            return two in {34, 37}
        case 16:
            mastercard = 51 <= two <= 55 or 2221 <= four <= 2720
            discover = two in {65, 62} or four == 6011 or 644 <= four // 10 <= 649
            return first == "4" or mastercard or discover or 3528 <= four <= 3589
        case _:
            return first == "4" or two == 62


def _phone(match: re.Match[str]) -> str:
    found = match.group()
    before, after = match.string[: match.start()], match.string[match.end() :]
    abroad = match["abroad"] or match["enclosed"]
    if abroad and not _dialled(abroad):
        return found
    bare = found.isdigit()  # "+33..." and "06 39..." speak for themselves, "0639981234" could be an order
    if _AMOUNT.match(after) or (bare and _REFERENCE.search(before)):
        return found
    return "[phone]"


def _dialled(written: str) -> bool:
    """Whether digits after "+" or "00" are a country code and as many digits as that country dials."""
    code = _CODES.match(written)  # nobody writes a blank inside a country code
    if code is None:
        return False
    low, high = _FOLLOWING.get(code.group(), (6, 12))
    following = "".join(_DIGITS.findall(written[code.end() :]))
    if "(0)" in written:
        following = following.replace("0", "", 1)
    return low <= len(following) <= high


def _ip(match: re.Match[str]) -> str:
    found, before = match.group(), match.string[: match.start()]
    try:
        address = ipaddress.ip_address(found)
    except ValueError:
        return found
    if (
        address.is_loopback
        or address.is_unspecified
        or address.is_multicast
        or found.startswith(("0.", "255."))
    ):
        return found  # the address of nobody
    if address.version == 4:
        return found if _released(found, before) else "[ip]"
    return "[ip]" if any(sign.isdigit() for sign in found) else found  # "a::b" is code


def _released(dotted: str, before: str) -> bool:
    """Whether four numbers read like a release of a program: called so, or small and with no word of networks near."""
    parts = [int(part) for part in dotted.split(".")]
    small = parts[0] <= 10 and max(parts) < 100
    return bool(_RELEASE.search(before)) or (small and not _NETWORK.search(before[-30:]))


_JUDGES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_IBAN, _iban),
    (_NIR, _nir),
    (_CARD, _card),
    (_IPV6, _ip),
    (_IPV4, _ip),
    (_PHONE, _phone),
)
