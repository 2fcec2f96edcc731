import datetime as dt
import os

import polars as pl
import pytest
from hypothesis import settings

import estran as es
from estran import simulate
from estran.cli import main, terminal
from estran.model import MESSAGES

# The gate draws the same cases each time: whether a change passes must not depend on chance. `make torture` draws new ones.
settings.register_profile("gate", derandomize=True, deadline=None)
settings.register_profile("torture", max_examples=1_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("CASES", "gate"))


@pytest.fixture(scope="session")
def frame():
    """Builds a message frame: rows of a few columns, the others filled in."""

    def build(rows):
        start = dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC)
        plain = {"author": None, "side": None, "source": "chat", "unit": None, "thread": None, "title": None}
        filled = [
            plain
            | {
                "id": str(n),
                "time": start + dt.timedelta(days=n),
                "text": f"message number {n}",
                "language": "en",
            }
            | row
            for n, row in enumerate(rows)
        ]
        return pl.DataFrame(filled, schema=MESSAGES, orient="row")

    return build


@pytest.fixture(scope="session")
def company():
    """The messages of a small company."""
    return simulate.company(seed=3, messages=1_200, years=3).messages


@pytest.fixture(scope="session")
def shop():
    """The messages of a smaller one, in order of time."""
    return simulate.company(seed=3, messages=600, years=2).messages.sort("time")


@pytest.fixture(scope="session")
def sorted_shop(shop, tmp_path_factory):
    """A folder with a workspace of it, "acme", that knows its topics; a test that changes it takes a copy.

    Its encoder needs no model: it is the fastest.
    """
    place = tmp_path_factory.mktemp("shop")
    shop.write_parquet(place / "a.parquet")
    ws = es.init(place / "acme")
    (place / "acme/estran.toml").write_text('encoder = "plain"\n')
    ws.ingest(place / "a.parquet", source="talk")
    ws.topics()
    return place


@pytest.fixture
def columns():
    """How wide the terminal is."""
    return 100


@pytest.fixture
def plain_terminal(monkeypatch, tmp_path, columns):
    """An English terminal without colours, in an empty folder."""
    for name in ("LC_ALL", "LC_MESSAGES", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("COLUMNS", str(columns))
    # a console keeps the terminal that it was made in
    monkeypatch.setattr(terminal, "out", terminal.Console())
    monkeypatch.setattr(terminal, "err", terminal.Console(stderr=True))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def estran(plain_terminal, capfd):
    """Runs the command: (exit code, standard output without blanks at the ends of lines, error stream)."""

    def run(*arguments):
        code = main([str(a) for a in arguments])
        printed = capfd.readouterr()
        return code, "".join(f"{line.rstrip()}\n" for line in printed.out.splitlines()), printed.err

    return run
