"""Files that a disk has spoilt: noticed, made anew from the messages, and said."""

import json
import os
from pathlib import Path

import pytest

DERIVED = {
    "a partial": "blocks/*/spoken.arrow",
    "a partial of headlines": "blocks/*/headline.arrow",
    "a prepared block": "blocks/*/prepared.arrow",
    "the base": "base/*/rows.arrow",
    "the strings of the base": "base/*/strings.arrow",
    "the list": "manifest.json",
}


def flipped(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 16
    file.write_bytes(content)


def truncated(file):
    os.truncate(file, file.stat().st_size * 2 // 3)


def chosen(acme, pattern):
    return min((acme / "counts").glob(pattern))


@pytest.mark.parametrize("spoil", [flipped, truncated])
def test_a_doctor_finds_each_spoilt_file_and_makes_it_anew(acme, estran, made, spoil):
    files = [chosen(acme, pattern) for pattern in DERIVED.values()]
    for file in files[:-1]:
        spoil(file)
    doctor = estran("doctor", "acme", "--json")
    faults = json.loads(doctor.printed)["faults"]
    assert doctor.code == 0
    assert {fault["facts"]["file"] for fault in faults} == {
        str(file.relative_to(acme)) for file in files[:-1]
    }
    assert all(fault["mended"] for fault in faults)
    spoil(files[-1])
    again = estran("doctor", "acme")
    assert "Counts were damaged: counts/manifest.json" in again.printed
    assert json.loads(estran("doctor", "acme", "--json").printed)["faults"] == []
    assert estran("tour", "acme", "--json").printed == made[1]


@pytest.mark.parametrize("kind", DERIVED)
def test_a_tour_finds_a_spoilt_file_says_so_and_makes_it_anew(acme, estran, made, kind):
    truncated(chosen(acme, DERIVED[kind]))
    tour = estran("tour", "acme", "--json", "--language", "en")
    assert (tour.code, tour.printed) == (0, made[1])
    assert "damaged: they were counted again from the messages" in tour.said


def test_spoilt_messages_are_said_and_never_counted_as_gone(acme, estran):
    file = max(Path("acme/messages").glob("month=2024-05/*.parquet"))
    content = file.read_bytes()
    for harm in (truncated, Path.unlink):
        harm(file)
        doctor = estran("doctor", "acme")
        assert (doctor.code, "month=2024-05" in doctor.printed) == (2, True)
        file.write_bytes(content)
    assert estran("doctor", "acme").code == 0


def test_a_schema_with_a_wrong_bit_does_not_end_the_process(acme, estran):
    file = max(Path("acme/messages").glob("month=2024-05/*.parquet"))
    content = file.read_bytes()
    schema = content.rindex(b"ARROW:schema")
    codes = set()
    for offset in (60, 300, 500, 700):
        wrong = bytearray(content)
        wrong[schema + offset] ^= 16
        file.write_bytes(wrong)
        codes.add(estran("doctor", "acme").code)
    assert 2 in codes
    assert codes <= {0, 2}
