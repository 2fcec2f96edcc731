"""What is installed is what is written: the wheel holds every file that the package needs, and nothing else."""

from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Names of the files in the wheel, built as an installer builds it."""
    wheel = pytest.importorskip(
        "hatchling.builders.wheel", reason="hatchling, a tool of development, is not installed"
    )
    folder = tmp_path_factory.mktemp("wheel")
    (built,) = wheel.WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with ZipFile(built) as packed:
        return set(packed.namelist())


def test_the_wheel_holds_every_file_of_the_package(wheel):
    package = ROOT / "src"
    written = {p for p in (package / "estran").rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    assert {p.relative_to(package).as_posix() for p in written} <= wheel


def test_the_wheel_holds_the_texts_without_which_no_report_is_written(wheel):
    kinds = {Path(name).suffix for name in wheel if name.startswith("estran/")}
    assert {".mo", ".html", ".css", ".toml", ".typed"} <= kinds


def test_nothing_else_comes_with_the_package(wheel):
    assert {name.split("/")[0] for name in wheel if ".dist-info/" not in name} == {"estran"}
    assert {"LICENSE", "NOTICE"} <= {name.rpartition("licenses/")[2] for name in wheel}
    assert any(name.endswith("entry_points.txt") for name in wheel)
