import pytest

from estran.text.encoders import open_encoder


@pytest.fixture(scope="session")
def universal():
    """The encoder that comes with Estran, loaded once."""
    return open_encoder("universal")
