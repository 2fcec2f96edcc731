"""What `import estran` gives, and what it costs."""

import subprocess
import sys
from importlib.metadata import version

import pytest

import estran

HEAVY = {"numpy", "polars", "numba", "scipy", "rich", "pyarrow", "jinja2", "wordfreq"}


def loaded_after(code):
    """Heavy modules that a fresh Python has loaded once the code has run."""
    ask = f"{code}\nimport sys\nsys.stderr.write(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    return HEAVY & set(done.stderr.split())


def test_importing_estran_loads_nothing_heavy():
    assert loaded_after("import estran as es\nes.Tour, es.Settings, es.EstranError") == set()


def test_asking_the_command_for_help_loads_no_more_than_the_terminal():
    assert loaded_after("from estran.cli import main\nmain(['--help'])\nmain(['tour', '--help'])") == {"rich"}


@pytest.mark.parametrize("name", estran.__all__)
def test_every_public_name_is_there_and_says_what_it_is(name):
    assert getattr(estran, name).__doc__


def test_the_names_are_listed_for_those_who_look():
    assert set(dir(estran)) == {*estran.__all__, "__version__"}
    assert list(estran.__all__) == sorted(estran.__all__)


def test_the_simulator_is_a_public_room():
    assert estran.__getattr__("simulate") is sys.modules["estran.simulate"]


def test_a_name_that_is_not_there_is_said_to_be_missing():
    with pytest.raises(AttributeError, match="no attribute 'tours'"):
        _ = estran.tours


def test_the_version_is_that_of_the_package():
    assert estran.__version__ == version("estran")
