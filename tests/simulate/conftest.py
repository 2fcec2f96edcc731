"""One company for all the tests that only read it."""

import pytest

from estran.simulate import company


@pytest.fixture(scope="session")
def maree():
    return company(seed=1, messages=12_000)
