"""A workspace to fill."""

import pytest

import estran as es


@pytest.fixture
def ws(tmp_path, monkeypatch):
    """An empty workspace, "acme", in the folder that the test stands in."""
    monkeypatch.chdir(tmp_path)
    return es.init("acme")
