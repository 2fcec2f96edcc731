import os
from pathlib import Path

import pytest
import sample_tour

SNAPSHOTS = Path(__file__).parents[1] / "snapshots/report"


@pytest.fixture(scope="session")
def tour():
    return sample_tour.sample_tour()


@pytest.fixture(scope="session")
def successions():
    return sample_tour.sample_successions()


@pytest.fixture(scope="session")
def wary_tour():
    """The same with every kind of notice."""
    return sample_tour.sample_tour(every_notice=True)


@pytest.fixture(scope="session")
def empty_tour():
    return sample_tour.empty_tour()


@pytest.fixture(scope="session")
def hostile_tour():
    """The same where every text of a user tries to become part of the page."""
    return sample_tour.hostile_tour()


@pytest.fixture
def snapshot():
    """Compares a text with the one kept under a name; `SNAPSHOTS=write` keeps it anew."""

    def compare(name, text):
        kept = SNAPSHOTS / name
        if os.environ.get("SNAPSHOTS") == "write":
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(text, encoding="utf-8")
        assert text == kept.read_text(encoding="utf-8"), "if this is meant: SNAPSHOTS=write make test"

    return compare
