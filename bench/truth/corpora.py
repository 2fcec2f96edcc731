"""The corpora of the bench, counted once by the whole path: clean, count, make concepts, match."""

from __future__ import annotations

import hashlib
import pickle
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl

from estran.analysis.corpus import Corpus, prepare
from estran.analysis.progress import Silent
from estran.analysis.themes import Said, find_themes
from estran.model import MESSAGES, Step
from estran.settings import Settings
from estran.simulate import company
from estran.store.engines.threads import ThreadEngine

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
SCRATCH = ROOT / ".venv" / "bench" / "truth"
"""Outside git: what a killed run goes on from."""
SIMULATED = "simulated"
SMALL = "simulated_small"
STEPS = {
    "mixit_fr": Step.YEAR,
    "urho3d_forum": Step.HALF,
    SIMULATED: Step.QUARTER,
    "pyvideo": Step.YEAR,
    "slicer_forum": Step.HALF,
    "r_lists": Step.YEAR,
    SMALL: Step.QUARTER,
}
CHOSEN_ON = ("mixit_fr", "urho3d_forum", SIMULATED)
"""Settings are chosen on these; the others are only reported."""
EVENTS = frozenset({"pyvideo"})
"""Corpora whose conversations are events: a conference on one date."""


@dataclass(frozen=True)
class Counted:
    """A corpus and its themes."""

    name: str
    corpus: Corpus
    said: Said

    @property
    def support(self) -> np.ndarray:
        """(P,) messages that hold each theme."""
        return np.bincount(self.said.concept, minlength=len(self.said.concepts))


def here() -> tuple[str, ...]:
    """The corpora that can be measured on this machine; the simulated company always can."""
    return tuple(
        name for name in STEPS if name == SIMULATED or (name != SMALL and (DATA / f"{name}.parquet").exists())
    )


def stored(name: str) -> pl.DataFrame:
    """A public corpus as it is stored, labels among its columns."""
    return pl.read_parquet(DATA / f"{name}.parquet").rename({"lang": "language"}).drop_nulls("time")


@lru_cache(maxsize=1)
def counted(name: str) -> Counted:
    """A corpus, cleaned and counted, or taken from the scratch folder where the sources are those it was counted by."""
    kept = SCRATCH / fingerprint() / f"{name}.pickle"
    if kept.exists():
        return pickle.loads(kept.read_bytes())
    if name == SIMULATED:
        messages = company(seed=1).messages
    elif name == SMALL:
        messages = company(seed=1, messages=8_000).messages
    else:
        messages = stored(name).select(MESSAGES.names()).cast(dict(MESSAGES))
    corpus = prepare(messages, step=STEPS[name], progress=Silent())
    said = find_themes(corpus, ThreadEngine(threads=2), Settings(), progress=Silent())
    it = Counted(name, corpus, said)
    if name != SMALL:
        keep(kept, pickle.dumps(it, protocol=pickle.HIGHEST_PROTOCOL))
    return it


def keep(file: Path, content: bytes) -> None:
    """Write a file as a whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.partial")
    partial.write_bytes(content)
    partial.replace(file)


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Changes whenever anything does that the figures depend on, of Estran or of the bench; pages and plots do not."""
    package = ROOT / "src" / "estran"
    rooms = ("stats", "analysis", "text", "simulate", "store")
    sources = [
        *sorted(package.glob("*.py")),
        *(path for room in rooms for path in sorted((package / room).rglob("*")) if _is_source(path)),
        *(path for path in sorted(Path(__file__).parent.glob("*.py")) if path.name not in SHOWN_ONLY),
    ]
    digest = hashlib.sha256()
    for path in sources:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


SHOWN_ONLY = frozenset({"__main__.py", "page.py", "plots.py", "goals.py", "kernels.py", "matrices.py"})


def _is_source(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts
