"""How good topics are, against others: `make bench-themes`, or `python -m bench.themes --only topics,labels --write`.

On messages whose meaning is known, which no method sees. Prints tables and, last, one line of JSON; a figure whose part
is not there, or could not run, is null. `--write` puts the tables into docs/methods/themes.md; `--shuffles 1` takes a third of the time for identity.
"""

from __future__ import annotations

import argparse
import importlib
import json
import tempfile
from pathlib import Path

import numpy as np

from bench.speed.runs import Job, run
from bench.themes import corpora, identities, naming, topics

PEERS = corpora.ROOT / ".venv" / "themes-peers" / "bin" / "python"
PAGE = corpora.ROOT / "docs" / "methods" / "themes.md"
NAMES = ("banking77", "clinc150", "parallel")
SHORT = {"banking77": "banking77", "clinc150": "clinc150", "parallel": "mixed"}
KEYS = (
    "nmi_banking77", "nmi_clinc150", "nmi_mixed", "language_mixing", "nmi_bertopic", "ari_new_seed", "ari_plus10",
    "ids_kept", "monthly_same_id", "variant_recall_fr", "variant_recall_en", "variant_wrong", "xlang_p1",
    "xlang_recall_p90", "antonym_merges", "label_mrr", "quote_cover", "valence_auc_en", "valence_auc_fr",
    "phrases_per_s", "encode_per_s",
)  # fmt: skip
OTHERS = ("variants", "antonyms", "bridging", "senses", "quotes", "judging", "speed")
"""Modules of this folder that fill other keys, where they have a function `figures() -> dict[str, float]`."""
PARTS = ("topics", "peers", "identities", "labels", "others")

Figures = dict[str, float | None]


def peers(known: corpora.Known) -> dict[str, dict[str, float] | None]:
    """What each peer's grouping is worth; LDA and NMF are told the true number of topics, BERTopic is not."""
    done: dict[str, dict[str, float] | None] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "asked.json"
        file.write_text(json.dumps({"texts": known.texts, "topics": len(known.names)}), encoding="utf-8")
        for method in ("LDA", "NMF", "BERTopic"):
            script = Path(__file__).with_name("peers.py")
            told = run(Job(method, [str(PEERS), str(script), method, str(file)], limit=1200))
            if isinstance(told, str):
                print(f"{known.name} {method}: no figure, {told}", flush=True)
                done[method] = None
            else:
                topic = np.array(told.told["topic"])
                done[method] = topics.told(known, topic) | {"seconds": told.told["seconds"]}
                if len(set(known.languages)) > 1:
                    done[method]["language_mixing"] = topics.language_mixing(topic, known.languages)
    return done


def row(*cells: object) -> str:
    shown = ("–" if c is None else f"{c:.3f}" if isinstance(c, float) else str(c) for c in cells)
    return "| " + " | ".join(shown) + " |"


def shown(figures: Figures) -> str:
    """Figures in a line, whole numbers as such; those that are not there are left out."""
    cells = (f"{name} {value:.0f}" if value == round(value) > 1 else f"{name} {value:.3f}"
             for name, value in figures.items() if value is not None)  # fmt: skip
    return ", ".join(cells) + "."


def topic_rows(known: corpora.Known, methods: dict[str, dict[str, float] | None]) -> list[str]:
    names = ("topics", "nmi", "ari", "language_mixing", "unplaced", "ari_new_seed", "stability", "seconds")
    return [
        row(known.name, method, *((told or {}).get(n) for n in names)) for method, told in methods.items()
    ]


def other_figures() -> Figures:
    """What the other parts tell; nothing of one that is not there."""
    told: Figures = {}
    for name in OTHERS:
        try:
            part = importlib.import_module(f"bench.themes.{name}")
        except ModuleNotFoundError as absent:
            if absent.name != f"bench.themes.{name}":
                raise
            continue
        if hasattr(part, "figures"):
            told |= part.figures()
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default=",".join(PARTS), help="parts: " + ", ".join(PARTS))
    parser.add_argument("--corpora", default=",".join(NAMES))
    parser.add_argument("--shuffles", type=int, default=3, help="of the messages, for identity over time")
    parser.add_argument("--write", action="store_true", help="the tables into docs/methods/themes.md")
    asked = parser.parse_args()
    only = asked.only.split(",")
    figures: Figures = dict.fromkeys(KEYS)
    table = ["| corpus | method | topics | NMI | ARI | languages mixed | unplaced | ARI of two seeds | stability | seconds |",
             "|---|---|---|---|---|---|---|---|---|---|"]  # fmt: skip
    lines: list[str] = []
    for name in asked.corpora.split(","):
        known = corpora.corpus(name)
        if known is None:
            print(f"{name}: not here, no figures", flush=True)
            continue
        told, first = topics.found(known)
        figures[f"nmi_{SHORT[name]}"] = told["nmi"]
        figures["language_mixing"] = told.get("language_mixing", figures["language_mixing"])
        methods: dict[str, dict[str, float] | None] = {"Estran": told}
        if "peers" in only:
            methods |= peers(known)
        made = topic_rows(known, methods)
        print("\n".join(made), flush=True)
        table += made
        if name == "banking77":
            figures["ari_new_seed"] = told["ari_new_seed"]
            figures["nmi_bertopic"] = (methods.get("BERTopic") or {}).get("nmi")
            if "labels" in only:
                for own in (first, topics.about_as_many(known)):
                    for how, named in zip(
                        ("counts", "counts and nearness"), naming.labels(known, own), strict=True
                    ):
                        rank = naming.reciprocal_rank(known, own.topic, named)
                        # of about as many topics as intents, by both: told last
                        figures["label_mrr"] = rank["mrr"]
                        lines.append(
                            f"Labels of {len(own.size)} topics of banking77, by {how}: {shown(rank)}"
                        )
                        print(lines[-1], flush=True)
        if "identities" in only and name == "banking77":
            stays = identities.identities(known, asked.shuffles)
            figures |= {key: stays[key] for key in ("ari_plus10", "ids_kept", "monthly_same_id")}
            lines.append(f"Identity on banking77 (shuffles: {asked.shuffles}): {shown(stays)}")
            print(lines[-1], flush=True)
    if "others" in only:
        others = other_figures()
        figures |= others
        lines.append(f"Of the other parts: {shown(others)}")
        print(lines[-1], flush=True)
    if asked.write:
        write([*table, "", *(f"- {line}" for line in lines)])
    print(json.dumps({key: None if value is None else round(value, 4) for key, value in figures.items()}))


def write(lines: list[str]) -> None:
    """The tables, between two marks of the page."""
    first, last = "<!-- figures -->", "<!-- end of figures -->"
    page = PAGE.read_text(encoding="utf-8")
    head, tail = page.split(first)[0], page.split(last)[1]
    PAGE.write_text(f"{head}{first}\n\n" + "\n".join(lines) + f"\n\n{last}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
