"""Personal data give way to a word in brackets; other numbers stay."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.fr import nir

from estran.privacy import MASKS, mask

# (text with personal data, the same text masked); nobody has these numbers: fiction ranges, published test numbers
LEAKS = [
    # mails
    ("écrivez à zoe.martin@example.org svp", "écrivez à [mail] svp"),
    ("Contact: JEAN-PAUL.D@Example.COM.", "Contact: [mail]."),
    ("my address is o'neil+shop@mail.example.co.uk, thanks", "my address is [mail], thanks"),
    ("<a.b@example.fr>", "<[mail]>"),
    ("mailto:info@example.net", "[mail]"),
    ("élodie@exemple.fr et max@exemple.fr", "[mail] et [mail]"),
    ("first_last%dept@sub.example.org", "[mail]"),
    ("x@y.museum", "[mail]"),
    ("mon mail(perso@example.org)", "mon mail([mail])"),
    ("répondez-moi:a1@example.io", "répondez-moi:[mail]"),
    ("user@例え.jp", "[mail]"),
    ("De : Anne <anne@example.org>, Objet : retour", "De : Anne <[mail]>, Objet : retour"),
    # phones, France
    ("appelez le 06 39 98 12 34", "appelez le [phone]"),
    ("tél 0639981234", "tél [phone]"),
    ("06.39.98.12.34", "[phone]"),
    ("06-39-98-12-34 le soir", "[phone] le soir"),
    ("+33 6 39 98 12 34", "[phone]"),
    ("+33639981234", "[phone]"),
    ("+33 (0)6 39 98 12 34", "[phone]"),
    ("0033 6 39 98 12 34", "[phone]"),
    ("0033639981234", "[phone]"),
    ("standard : 01 99 00 12 34.", "standard : [phone]."),
    ("01 99 00 12 34 ou 06 39 98 00 01", "[phone] ou [phone]"),
    ("(06 39 98 12 34)", "([phone])"),
    ("Tel:0199001234", "Tel:[phone]"),
    ("mon numéro est le 07\u00a045\u00a067\u00a089\u00a001", "mon numéro est le [phone]"),
    ("joignable au 06 39 98 12 34, merci", "joignable au [phone], merci"),
    ("08 36 65 65 65", "[phone]"),
    ("fixe 02.61.91.12.34 / portable 06.39.98.12.34", "fixe [phone] / portable [phone]"),
    # phones, elsewhere
    ("call me on +44 7700 900123", "call me on [phone]"),
    ("+44 (0)20 7946 0958", "[phone]"),
    ("020 7946 0958 is the office", "[phone] is the office"),
    ("07700 900123", "[phone]"),
    ("07700900123", "[phone]"),
    ("0161 496 0123", "[phone]"),
    ("01632 960123", "[phone]"),
    ("0113 496 0123", "[phone]"),
    ("+1 202-555-0143", "[phone]"),
    ("(202) 555-0143", "[phone]"),
    ("202-555-0143", "[phone]"),
    ("202.555.0143", "[phone]"),
    ("1-202-555-0143", "[phone]"),
    ("+32 475 12 34 56", "[phone]"),
    ("0475 12 34 56", "[phone]"),
    ("+41 79 123 45 67", "[phone]"),
    ("079 123 45 67", "[phone]"),
    ("+49 30 23125 000", "[phone]"),
    ("+34 600 123 456", "[phone]"),
    ("+352 621 123 456", "[phone]"),
    ("+353 1 234 5678", "[phone]"),
    ("+216 20 123 456", "[phone]"),
    ("+7 495 123-45-67", "[phone]"),
    ("0044 20 7946 0958", "[phone]"),
    ("(+33) 6 39 98 12 34", "[phone]"),
    ("1 (202) 555-0143", "[phone]"),
    ("phone: 202 555 0143", "phone: [phone]"),
    ("(020) 7946 0958 or 0207 946 0958", "[phone] or [phone]"),
    ("02 512 34 56", "[phone]"),
    ("022 345 67 89", "[phone]"),
    # IBAN
    ("IBAN FR76 3000 6000 0112 3456 7890 189", "IBAN [iban]"),
    ("FR7630006000011234567890189", "[iban]"),
    ("fr76 3000 6000 0112 3456 7890 189", "[iban]"),
    ("FR76 3000 6000 0112 3456 7890 189 merci de virer", "[iban] merci de virer"),
    ("GB82 WEST 1234 5698 7654 32", "[iban]"),
    ("mon compte DE89370400440532013000.", "mon compte [iban]."),
    ("BE68 5390 0754 7034", "[iban]"),
    ("CH93 0076 2011 6238 5295 7", "[iban]"),
    ("LU28 0019 4006 4475 0000", "[iban]"),
    ("ES91-2100-0418-4502-0005-1332", "[iban]"),
    ("IT60X0542811101000000123456", "[iban]"),
    # NIR
    ("mon numéro de sécu 1 85 05 78 006 084 91", "mon numéro de sécu [nir]"),
    ("185057800608491", "[nir]"),
    ("2 69 05 49 588 157 80", "[nir]"),
    ("2.69.05.49.588.157.80", "[nir]"),
    ("NIR : 1850578006084 91", "NIR : [nir]"),
    ("2 69 05 49 588 157 / 80", "[nir]"),
    ("n° SS 1850578006084 clé 91", "n° SS [nir]"),
    # cards
    ("carte 4111 1111 1111 1111", "carte [card]"),
    ("4111111111111111", "[card]"),
    ("unionpay 6212345678901234569", "unionpay [card]"),
    ("5500-0000-0000-0004", "[card]"),
    ("4111.1111.1111.1111", "[card]"),
    ("5105105105105100", "[card]"),
    ("2223 0031 2200 3222", "[card]"),
    ("3782 822463 10005", "[card]"),
    ("371449635398431", "[card]"),
    ("6011 1111 1111 1117", "[card]"),
    ("3530111333300000", "[card]"),
    ("3056 930902 5904", "[card]"),
    ("ma visa 4012888888881881 a été débitée", "ma visa [card] a été débitée"),
    ("4000\u00a00000\u00a00000\u00a00002", "[card]"),
    # IP
    ("connexion depuis 192.168.1.24", "connexion depuis [ip]"),
    ("from 203.0.113.7:8080", "from [ip]:8080"),
    ("my ip is 8.8.4.4", "my ip is [ip]"),
    ("http://198.51.100.23/admin", "http://[ip]/admin"),
    ("2001:db8::ff00:42:8329", "[ip]"),
    ("fe80::1ff:fe23:4567:890a est bloqué", "[ip] est bloqué"),
    ("2001:0db8:0000:0000:0000:ff00:0042:8329", "[ip]"),
    ("[172.16.254.1] refused", "[[ip]] refused"),
    # URLs
    ("https://anna:s3cret@example.org/x", "[url]"),
    ("ftp://bob:pw@files.example.org, merci", "[url], merci"),
    ("https://example.org/reset?token=abc123", "[url]"),
    ("voir https://example.org/a?x=1&api_key=zz9 svp", "voir [url] svp"),
    ("(https://example.org/#access_token=eyJ0)", "([url])"),
    ("https://zoom.example.org/j/9410538?pwd=aXd1", "[url]"),
    ("postgres://app:hunter2@db:5432/prod", "[url]"),
    # mentions
    ("merci @zoe", "merci [@]"),
    ("@Jean-Paul.Durand, tu peux ?", "[@], tu peux ?"),
    ("<@U02ABCDEF> regarde", "<[@]> regarde"),
    ("@anna@social.example on Mastodon", "[@] on Mastodon"),
    ("@élodie @max_33!", "[@] [@]!"),
    ("cc:@ops_team", "cc:[@]"),
    ("(@support)", "([@])"),
]

KEPT = [
    # releases and addresses of nobody
    "5.2.2", "version 5.2.2", "v10.0.19045", "python 3.11.7", "cmake-2.8.12.2.zip", "version 4.11.0.1", "Slicer 5.2.2.2",
    "build 192.168.0.1", "127.0.0.1", "0.0.0.0", "255.255.255.0", "::1", "std::vector", "a::b", "300.1.2.3", "1.2.3.4.5",
    # dates and times
    "2023-10-24 16:28", "24/10/2023", "24.10.2023 à 16.28.30", "le 24 10 2023", "2023-10-24T16:28:30Z", "16:28:30.123",
    "20231024162830", "2023-W07", "du 01/02/2023 au 05/06/2023", "01.02.2023", "1999-2023", "Screen Shot 2020-05-31 at 00.27.14",
    "1700000000", "1700000000123", "12:34:56:78", "00:1A:2B:3C:4D:5E",
    # amounts and measures
    "1 234 567,89", "1 234 567,89 €", "1.234.567,89 EUR", "1,234,567.89", "12 345 678 €", "+12 345 678 €", "$1,000,000.00",
    "+3,5 %", "+33 %", "-12 345,67", "10 000 000 habitants", "3 000 000 000 d'euros", "48.8566, 2.3522", "1920x1080", "0,25 l",
    "12 cm x 34 cm x 56 cm", "1e-10", "06 h 30", "6,022 140 76", "100 000 msg/s", "0123456,78",
    # references
    "commande 0639981234", "commande n° 4111111111111111", "order #4012888888881881", "facture 0199001234", "ticket 0612345678",
    "colis 6A12345678901", "406-1234567-1234567", "ISBN 978-2-07-036822-8", "EAN 3017620422003", "SIRET 55210055400013",
    "SIREN 552 100 554", "siret 38012986646850", "réf. 0102030405", "MA4821973", "bug 1234567890", "case number 0412345678",
    "550e8400-e29b-41d4-a716-446655440000", "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3", "lot 20231024", "#12345678", "suivi: 8N00123456789",
    # nearly right
    "4111 1111 1111 1112", "4111111111111110", "1 85 05 78 006 084 92", "FR76 3000 6000 0112 3456 7890 180", "9999 9999 9999 9999",
    "FR12 ABCD", "GB00WEST12345698765432", "1 85 13 78 006 084 36 2", "1234 5678 9012 3456", "+999 123 456 78", "+1 234 567 89",
    # signs that mean something else
    "10 @ 2,50 €", "a @ b", "@", "rdv @ 15h", "2@", "C++@2", "https://example.org/a?page=2", "https://example.org/tokenisation",
    "http://example.org:8080/x", "token=", "password: ?", "mailto:", "foo@bar", "(+999) 12 34 56 78", "7.53922271728516", "US 002 013 023 029 030", "007.837000", "dossier 185057800608491", "3 760 123 4567", "taille 36/38/40/42/44", "10 11 12 13 14", "99,99 €/mois", "TVA FR83404833048", "zip 75001", "12 34", "06 39 98", "room 101.102",
]  # fmt: skip


@pytest.mark.parametrize(("text", "masked"), LEAKS)
def test_what_belongs_to_a_person_is_masked(text, masked):
    assert mask(pl.Series([text])).to_list() == [masked]


@pytest.mark.parametrize("text", KEPT)
def test_a_number_that_belongs_to_nobody_stays(text):
    assert mask(pl.Series([text])).to_list() == [text]


def test_there_are_a_hundred_examples_of_either_kind_and_no_leak_survives_in_a_long_message():
    assert len(LEAKS) >= 100
    assert len(KEPT) >= 100
    leaking = "Bonjour, " + "\n".join(text for text, _ in LEAKS)
    assert mask(pl.Series([leaking]))[0] == "Bonjour, " + "\n".join(masked for _, masked in LEAKS)


def test_masking_twice_changes_nothing():
    once = mask(pl.Series([text for text, _ in LEAKS] + KEPT))
    assert mask(once).equals(once)


def test_nulls_empty_texts_and_the_name_of_the_column_stay_and_the_given_column_is_untouched():
    texts = pl.Series("text", [None, "", "écrire à a@example.org", "rien"])
    assert mask(texts).equals(pl.Series("text", [None, "", "écrire à [mail]", "rien"]), check_names=True)
    assert texts.to_list() == [None, "", "écrire à a@example.org", "rien"]


def test_a_column_without_texts_stays_as_it_is():
    assert mask(pl.Series("text", [], dtype=pl.String)).to_list() == []
    assert mask(pl.Series("text", [None, None], dtype=pl.String)).to_list() == [None, None]


@settings(deadline=None, max_examples=60)
@given(st.integers(10**14, 10**15 - 1), st.sampled_from(["4", "51", "2221", "6011"]))
def test_every_card_number_with_a_right_check_digit_is_masked(digits, begins):
    body = (begins + str(digits))[:15]
    number = body + luhn.calc_check_digit(body)
    assert mask(pl.Series([f"ma carte {number} est bloquée"])).to_list() == ["ma carte [card] est bloquée"]


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from("12"),
    st.integers(0, 99),
    st.integers(1, 12),
    st.integers(1, 95).filter(lambda d: d != 20),
    st.integers(1, 990),
)
def test_every_social_security_number_with_a_right_key_is_masked_and_no_other(
    sex, year, month, county, order
):
    body = f"{sex}{year:02d}{month:02d}{county:02d}{order:03d}{order:03d}"
    right = body + nir.calc_check_digits(body)
    wrong = body + f"{(int(right[-2:]) + 1) % 97:02d}"
    assert mask(pl.Series([f"sécu {right}", f"sécu {wrong}"])).to_list() == ["sécu [nir]", f"sécu {wrong}"]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.text(alphabet="a1 @.:/-+0[]", max_size=40)))
def test_masking_never_fails_and_keeps_the_number_of_texts(texts):
    assert len(mask(pl.Series(texts, dtype=pl.String))) == len(texts)


def test_the_masks_are_the_words_that_are_written():
    written = {word for _, masked in LEAKS for word in MASKS if word in masked}
    assert written == set(MASKS) - {"[name]"}  # that one is for people who are forgotten
