"""Messages whose meaning is known, with their vectors. The truth is a column that no method sees."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from estran.text.encoders import open_encoder

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
CACHE = ROOT / ".venv" / "bench" / "vectors"
PARALLEL = Path(__file__).with_name("parallel.toml")
NOWHERE = "oos"
"""CLINC's utterances of no intent: they are no topic, and are left out."""


@dataclass(frozen=True)
class Known:
    """n messages, what each is about (n,), its language, and the names of what they are about."""

    name: str
    texts: list[str]
    truth: np.ndarray
    names: list[str]
    languages: np.ndarray


def corpus(name: str) -> Known | None:
    """banking77, clinc150, parallel; None where its file is not there."""
    if name == "parallel":
        return parallel()
    file = DATA / f"{name}.parquet"
    if not file.exists():
        return None
    stored = pl.read_parquet(file, columns=["text", "labels"])
    intent = stored["labels"].list.first()
    stored = stored.with_columns(intent=intent).filter(intent != NOWHERE)
    names, truth = np.unique(stored["intent"].to_numpy(), return_inverse=True)
    texts = stored["text"].to_list()
    return Known(name, texts, truth, [n.replace("_", " ") for n in names], np.full(len(texts), "en"))


def parallel() -> Known:
    """200 messages in two languages, as 400."""
    table = tomllib.loads(PARALLEL.read_text(encoding="utf-8"))
    rows = [
        (text, intent, language)
        for intent, lines in table.items()
        for line in lines.strip().splitlines()
        for text, language in zip(line.split(" | "), ("fr", "en"), strict=True)
    ]
    texts, intents, languages = zip(*rows, strict=True)
    names, truth = np.unique(np.array(intents), return_inverse=True)
    return Known("parallel", list(texts), truth, [n.replace("_", " ") for n in names], np.array(languages))


def vectors(texts: list[str], encoder: str = "universal") -> np.ndarray:
    """(n, d) of texts; kept between runs of the bench."""
    told = hashlib.sha256("\0".join([encoder, *texts]).encode()).hexdigest()[:24]
    file = CACHE / f"{told}.npy"
    if not file.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        np.save(file, open_encoder(encoder).encode(texts).astype(np.float16))
    return np.load(file)
