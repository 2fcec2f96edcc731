"""Who may be known, and what may be shown: pseudonyms at the door, masks in the text, thresholds at the exit.

- `new_key`, `pseudonym`: a name becomes 32 hexadecimal digits that only the owner of the key can make again.
- `mask`: personal data that a pattern and a check digit can find give way to a word in brackets.
- `mentions`: where texts name a person who is to be forgotten.
- `FIGURES`, `QUOTES`, `figure_allowed`, `quote_allowed`: how many distinct people a claim must stand on.
- `withheld`, `withheld_parts`: which figures of a whole and its parts must stay away, so that no difference tells more.
- `not_alone`: the same where shares add up to one, along any axis.
"""

from estran.model import MASKS
from estran.privacy.masking import mask
from estran.privacy.named import Mentions, mentions
from estran.privacy.pseudonyms import new_key, pseudonym
from estran.privacy.release import (
    FIGURES,
    QUOTES,
    figure_allowed,
    not_alone,
    quote_allowed,
    withheld,
    withheld_parts,
)

__all__ = [
    "FIGURES",
    "MASKS",
    "QUOTES",
    "Mentions",
    "figure_allowed",
    "mask",
    "mentions",
    "new_key",
    "not_alone",
    "pseudonym",
    "quote_allowed",
    "withheld",
    "withheld_parts",
]
