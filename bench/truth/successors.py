"""What came in the place of what: known successions of real corpora, and successions planted in real talk.

`python -m bench.truth.successors` prints the figures. The model was fitted on `FITTED` (see `bench.truth.succeeded`);
everything here is on other corpora.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import beta

from bench.truth.corpora import DATA, counted
from bench.truth.succeeded import answers
from estran.analysis.movement import judge
from estran.analysis.progress import Silent
from estran.analysis.succession import candidates, lay_ground, related
from estran.findings import Level
from estran.settings import Settings
from estran.stats.likelihood import first_guess, likelihood
from estran.store.engines.threads import ThreadEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bench.truth.succeeded import Answer
    from estran.stats.likelihood import Evidence

TALKS = {
    "nose": "pytest", "py test": "pytest", "ipython notebook": "jupyter|jupyter notebook|jupyter notebooks",
    "ipython": "jupyter|jupyter notebook|jupyter notebooks|jupyterlab", "theano": "tensorflow|pytorch|keras",
    "tensorflow": "pytorch", "gevent": "asyncio|async", "twisted": "asyncio|async|trio", "tornado": "asyncio|fastapi|aiohttp",
    "hadoop": "spark|dask|apache spark|pyspark", "python 2": "python 3", "mercurial": "git|github",
    "puppet": "ansible|docker|terraform", "fabric": "ansible|docker", "south": "migrations|django migrations",
    "virtualenv": "poetry|pipenv|conda|docker", "nltk": "spacy|language models|llms|transformers", "blaze": "dask",
    "buildout": "pip|docker|poetry|conda", "app engine": "lambda|aws lambda|serverless|kubernetes",
    "google app engine": "lambda|aws lambda|serverless|kubernetes", "jquery": "react|angular|htmx",
    "openstack": "kubernetes|docker", "nosql": "postgresql|postgres", "big data": "data science|machine learning|ai",
    "pyramid": "flask|fastapi", "zope": "django|flask|fastapi", "plone": "django|flask|wagtail", "wsgi": "asgi",
    "restful": "graphql|fastapi", "zeromq": "kafka|rabbitmq|celery", "vagrant": "docker",
    "ec2": "lambda|kubernetes|docker|serverless", "mapreduce": "spark|dask", "django 1": "django 2|django 3",
    "easy_install": "pip", "optparse": "click|argparse", "word2vec": "transformers|bert|llms|language models",
    "travis": "github actions", "ironpython": "pyodide|micropython", "pypy": "numba|rust", "cython": "rust|numba",
    "mpi": "dask|gpu", "jython": "micropython|pyodide",
}  # fmt: skip
"""Themes of conference talks that went out, and what is known to have come in their place; written before Estran was."""

KNOWN = {
    "r_lists": {"rgdal": "sf|terra", "rgeos": "sf|terra", "maptools": "sf|terra", "raster": "terra"},
    "slicer_forum": {"aiaa": "monai label|monailabel|monai", "slicer 4": "slicer 5"},
}
"""Successions announced by those who made the things."""

PLANTED_IN = ("pyvideo", "slicer_forum", "r_lists")
PLANTS = 120
LEVEL = 0.9


def successors(*, plants: int = PLANTS, seed: int = 1) -> dict[str, object]:
    """Every figure; those of plants where the corpora are there."""
    talks = ranks("pyvideo", TALKS)
    figures: dict[str, object] = {"pairs": len(talks)} | _hits(talks.values())
    plain = ranks("pyvideo", TALKS, by=first_guess)
    figures |= {f"by_formula_{key}": value for key, value in _hits(plain.values()).items()}
    for name, pairs in KNOWN.items():
        if (DATA / f"{name}.parquet").exists():
            told = ranks(name, pairs)
            figures |= {f"{name}_pairs": len(told)} | {
                f"{name}_{k}": v for k, v in _hits(told.values()).items()
            }
    given = [
        answer
        for name in PLANTED_IN
        if (DATA / f"{name}.parquet").exists()
        for answer in answers(name, plants=plants, seed=seed)[0]
    ]
    return figures | planted(given) | {"ranks": talks}


def ranks(
    name: str, pairs: Mapping[str, str], *, by: Callable[[Evidence], np.ndarray] = likelihood
) -> dict[str, int | None]:
    """Place of the first known successor among the candidates of each known theme that the corpus has.

    The theme is asked about whether or not the test found that it went out. Of candidates that hold each other only the
    likeliest counts, as on a card; no candidate is too unlikely. A pair of which the corpus lacks one is left out.

    Args:
        name: of the corpus.
        pairs: theme -> what is known to have followed it, "|" between several.
        by: what ranks the candidates.
    """
    it = counted(name)
    said = it.said
    number = {form: j for j, c in enumerate(said.concepts) for _, form in c.variants}
    known = {
        number[a]: {number[b] for b in bs.split("|") if b in number} for a, bs in pairs.items() if a in number
    }
    known = {a: bs for a, bs in known.items() if bs}
    judgement = judge(it.corpus, said, Settings(), progress=Silent())
    gone = np.array(sorted(known), np.int64)
    ground = lay_ground(it.corpus, said, judgement, gone, ThreadEngine(threads=2), progress=Silent())
    places = {}
    for a, bs in known.items():
        found = candidates(ground, a)
        ordered = found.themes[np.argsort(-by(found.evidence), kind="stable")]
        places[said.concepts[a].label] = _place(said.concepts, ordered.tolist(), bs)
    return places


def _place(concepts: Sequence[object], ordered: Sequence[int], right: set[int]) -> int | None:
    kept: list[int] = []
    for theme in ordered:
        if not related(concepts, theme, np.array(kept, np.int64)).any():
            kept.append(theme)
            if theme in right:
                return len(kept)
    return None


def _hits(places: Sequence[int | None]) -> dict[str, float]:
    told = list(places)
    return {f"hit{k}": sum(place is not None and place <= k for place in told) / len(told) for k in (1, 3)}


def planted(given: Sequence[Answer]) -> dict[str, float]:
    """Of the planted falls that were found: how many links of each level are right, and how many successors are named."""
    succeeded = [answer for answer in given if answer.planted.into is not None]
    first = [answer.named[0][0] if answer.named else -1 for answer in succeeded]
    figures: dict[str, float] = {
        "plants": len(given),
        "plants_succeeded": len(succeeded),
        "plants_hit1": np.mean([k >= 0 and a.right[k] for a, k in zip(succeeded, first, strict=True)]),
        "plants_hit3": np.mean([any(a.right[k] for k, _ in a.named) for a in succeeded]),
        "plants_forgotten_silent": np.mean([not a.named for a in given if a.planted.into is None]),
    }
    for level in Level:
        right = [bool(a.right[k]) for a in given for k, of in a.named if of is level]
        yes, no = sum(right), len(right) - sum(right)
        figures |= {
            f"{level.value}_links": len(right),
            f"{level.value}_right": yes / max(len(right), 1),
            f"{level.value}_low": float(beta.ppf((1 - LEVEL) / 2, yes + 0.5, no + 0.5)),
            f"{level.value}_high": float(beta.ppf((1 + LEVEL) / 2, yes + 0.5, no + 0.5)),
        }
    return {name: round(float(value), 3) for name, value in figures.items()}


if __name__ == "__main__":
    print(json.dumps(successors(), indent=1))
