"""The nouns that go out: plain frozen data, the same for every face.

- `tour`: what Estran claims, with its interval, its error rate, its evidence and its origin.
- `keeping`: what keeping a workspace tells.

They know no data frame and no page.
"""

from estran.findings.keeping import (
    Compaction,
    Cursor,
    Erasure,
    Fault,
    Health,
    Holding,
    Ingested,
    Plain,
    Proof,
    Refresh,
    Run,
    Size,
    Status,
)
from estran.findings.tour import (
    SCHEMA,
    Coverage,
    Curve,
    Estimate,
    Movement,
    Notice,
    Provenance,
    Quote,
    Refused,
    Shape,
    Since,
    Style,
    Tour,
    Volume,
)

__all__ = [
    "SCHEMA",
    "Compaction",
    "Coverage",
    "Cursor",
    "Curve",
    "Erasure",
    "Estimate",
    "Fault",
    "Health",
    "Holding",
    "Ingested",
    "Movement",
    "Notice",
    "Plain",
    "Proof",
    "Provenance",
    "Quote",
    "Refresh",
    "Refused",
    "Run",
    "Shape",
    "Since",
    "Size",
    "Status",
    "Style",
    "Tour",
    "Volume",
]
