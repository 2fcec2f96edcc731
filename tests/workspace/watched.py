"""Eight months of a small company's talk in which one word comes up in the end, and a watch on it."""

import csv
import datetime as dt
import random

START = dt.date(2024, 1, 1)
DAYS = 250
WORDS = [
    "harbour",
    "lantern",
    "granite",
    "meadow",
    "copper",
    "willow",
    "saddle",
    "violin",
    "orchard",
    "thunder",
    "anchor",
    "basket",
    "candle",
    "diamond",
    "engine",
    "feather",
    "garden",
    "hammer",
    "island",
    "jacket",
    "kettle",
    "ladder",
    "marble",
    "needle",
    "oyster",
    "pepper",
    "quarry",
    "ribbon",
    "saucer",
    "temple",
]
RULES = """\
[[alert]]
name = "harbours"
themes = ["harbour", "lantern", "unicorn"]
send = ["journal"]

[[send]]
name = "journal"
file = "alarms.jsonl"
"""


def talk(file, *, days=DAYS, rises=21, also=None, source="chat", first=START, seed=1):
    """Nine messages a day by many people; in the last `rises` days more than half of what is said outside is of the harbour.

    Args:
        file: where to.
        days: how many.
        rises: the last days, with the harbour.
        also: what else is said on a day: given its number from the end, a list of (person, side, unit, word).
        source: where it is said.
        first: day.
        seed: of chance.
    """
    draw = random.Random(seed)
    with file.open("w", newline="") as written:
        rows = csv.writer(written)
        rows.writerow(["id", "time", "text", "author", "side", "unit", "source", "thread"])
        for day in range(days):
            said = []
            for _ in range(9):
                author = draw.randrange(90)
                side = "inside" if author % 3 == 0 else "outside"
                comes = day >= days - rises and side == "outside" and draw.random() < 0.6
                said.append(
                    (author, side, "sales/north" if author % 2 else "sales/south", "harbour" if comes else "")
                )
            said += also(days - day) if also else []
            for n, (author, side, unit, word) in enumerate(said):
                words = [w for w in draw.sample(WORDS, 6) if w != word][:5]
                if word:
                    words[0] = word
                text = f"The {words[0]} and the {words[1]} of a {words[2]}, with {words[3]} or {words[4]}."
                at = dt.datetime.combine(first, dt.time(8, n)) + dt.timedelta(days=day)
                thread = f"{source}-{day}-{n}"
                rows.writerow([thread, at.isoformat(), text, f"person {author}", side, unit, source, thread])
    return file
