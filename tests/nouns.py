"""Ten words that are neither style nor names nor dates."""

NOUNS = (
    "harbour", "lantern", "granite", "meadow", "copper", "willow", "saddle", "violin", "orchard", "thunder",
)  # fmt: skip
