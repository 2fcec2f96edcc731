"""Corpora with a planted truth, and scores against it: public, so that anybody can put Estran to the test.

- `company`: a bilingual retailer and its customers, with themes that come in, go out, peak, return and hold, and traps.
- `plant_trend`, `plant_succession`, `plant_loud_author`, `plant_event`: truth and traps for any corpus.
- `shuffle_time`: corpora in which nothing moves.
- `score`: how much of the truth a tour found, and what it claimed beside it.
"""

from estran.simulate.company import company
from estran.simulate.curves import Curve
from estran.simulate.planters import (
    LEVELS,
    plant_event,
    plant_loud_author,
    plant_succession,
    plant_trend,
    shuffle_time,
)
from estran.simulate.scores import Score, score
from estran.simulate.truth import Planted, Simulation, Trap, Truth

__all__ = [
    "LEVELS",
    "Curve",
    "Planted",
    "Score",
    "Simulation",
    "Trap",
    "Truth",
    "company",
    "plant_event",
    "plant_loud_author",
    "plant_succession",
    "plant_trend",
    "score",
    "shuffle_time",
]
