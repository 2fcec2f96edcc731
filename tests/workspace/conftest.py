"""A small company's messages, and a workspace that holds them."""

import pytest

import estran as es
from estran import simulate


@pytest.fixture(scope="session")
def company():
    """The messages of a small company."""
    return simulate.company(seed=3, messages=1_200, years=3).messages


@pytest.fixture
def ws(tmp_path, monkeypatch):
    """An empty workspace, "acme", in the folder that the test stands in."""
    monkeypatch.chdir(tmp_path)
    return es.init("acme")
