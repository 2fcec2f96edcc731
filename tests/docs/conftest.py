import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import pages


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A folder with the files that the pages say are there, and the tours that were taken in it."""
    from estran import simulate

    folder = tmp_path_factory.mktemp("desk")
    small = simulate.company(seed=3, messages=1_000, years=4).messages
    small.write_csv(folder / "messages.csv")
    small.write_parquet(folder / "messages.parquet")
    return folder, {}


@pytest.fixture
def desk(folder):
    """A terminal in that folder, for one test."""
    with pages.desk(*folder):
        yield
