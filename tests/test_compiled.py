"""Kernels compile when they are called, wherever the package lies."""

import subprocess
import sys

from estran.compiled import njit


def test_where_nothing_can_be_written_kernels_compile_without_a_cache(tmp_path):
    not_a_folder = tmp_path / "package"
    not_a_folder.touch()
    space: dict = {}
    exec(compile("def successor(number): return number + 1", not_a_folder / "kernels.py", "exec"), space)
    assert njit(space["successor"])(1) == 2


def test_importing_compiles_nothing():
    program = (
        "import estran.store.counting, estran.text.scan as s, estran.text.matching as m\n"
        "print(len(s.scan.signatures), len(m._fill.signatures))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "0"]
