"""docs/methods/accuracy.md, written wholly by the bench: what was asked, a table, a plot, and what was missed."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from bench.truth import plots
from bench.truth.corpora import CHOSEN_ON, ROOT, SIMULATED
from bench.truth.goals import ESTRAN, GOALS, NOTES, by_corpus, method, plant, worst
from bench.truth.plants import COURSES, HUMP, RATIOS
from bench.truth.plots import METHODS
from bench.truth.rivals import RIVALS
from bench.truth.runs import ELSEWHERE
from bench.truth.shapes import GOAL_SIZE, SIZES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from bench.truth.goals import Goal, Number, Results
    from bench.truth.runs import Sizes

PAGE = ROOT / "docs" / "methods" / "accuracy.md"
IMAGES = "img"
LEVELS = {
    "message": "messages",
    "author": "people, in blocks",
    "thread": "conversations, in blocks",
    "thread_dates": "dates of conversations",
    "author_rotation": "time lines of people",
}
NONE = "–"
WAYS_TO_READ = """
- **Nulls.** Time is shuffled, so that no theme moves, and every claim is false. At a false-discovery rate of 5 % one
  shuffle in twenty may hold a claim; the goal leaves room for chance, one in ten.
- **Plants.** Up to 400 themes of 60 to 3,000 messages are thinned, person by person, in a corpus that was shuffled first,
  so that their share changes by a known ratio along a known course. A claim is false if the theme was not planted, or
  stands in the wrong column of the board. *Recall* is the share of planted themes that are claimed rightly.
- **The whole path.** Themes are those that a tour makes of the corpus (clean, count, make concepts, match), judged as a
  tour judges them. The other methods get the same themes, the same messages and, where they have p values, the same
  control of false claims. They are written after their papers (`bench/truth/rivals.py`), PELT is that of `ruptures`.
"""


def write(results: Results, sizes: Sizes, *, page: Path = PAGE) -> None:
    """Write the page and its plots."""
    images = page.parent / IMAGES
    images.mkdir(parents=True, exist_ok=True)
    corpora = {name: parts for name, parts in results.items() if name != ELSEWHERE and parts}
    told = Told(images, corpora)
    each = by_corpus(results)
    sections = [
        _head(corpora, sizes),
        _goals(each),
        _missed(each),
        _nulls(told),
        _drifts(told),
        _plants(told),
        _halves(told),
        _tags(told),
        _shapes(told),
        _elsewhere(results.get(ELSEWHERE, {})),
        _foot(),
    ]
    blocks = "\n\n".join(section.strip() for section in sections if section).split("\n\n")
    page.write_text("\n\n".join(map(wrapped, blocks)) + "\n", encoding="utf-8")


def wrapped(block: str) -> str:
    """A paragraph in lines of 120 signs; tables, pictures, headings and lists stay as they are."""
    if block.lstrip().startswith(("|", "!", "#", "-")):
        return block
    return textwrap.fill(" ".join(block.split()), 120, break_long_words=False, break_on_hyphens=False)


class Told:
    """The results of the corpora, and where plots go."""

    def __init__(self, images: Path, corpora: Results) -> None:
        self.images, self.corpora = images, corpora

    def plot(self, name: str, spec: Mapping[str, object] | None, alt: str, english: str, french: str) -> str:
        """A plot, drawn and shown, with its captions; empty where there is nothing to draw."""
        if spec is None:
            return ""
        (self.images / f"{name}.svg").write_text(plots.svg(spec) + "\n", encoding="utf-8")
        return f"![{alt}]({IMAGES}/{name}.svg)\n\n{captions(english, french)}"

    def per_method(self, part: str, figure: str) -> list[list[str]]:
        """A row a method, a column a corpus."""
        return [
            [METHODS[who], *(number(method(parts, part, who).get(figure)) for parts in self.corpora.values())]
            for who in (ESTRAN, *RIVALS)
        ]


def captions(english: str, french: str) -> str:
    """What a table or a plot shows, in both languages."""
    return f"*{english}*\n\n*{french}*"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(figure: Number, *, digits: int = 3) -> str:
    """A figure as it stands in a table: small ones with three digits, large ones whole."""
    if figure is None:
        return NONE
    if isinstance(figure, int) or abs(figure) >= 100:
        return f"{figure:,.0f}"
    return f"{figure:.1f}" if abs(figure) >= 10 else f"{figure:.{digits if abs(figure) < 1 else 2}f}"


def _head(corpora: Results, sizes: Sizes) -> str:
    chosen = ", ".join(name for name in corpora if name in CHOSEN_ON)
    reported = ", ".join(name for name in corpora if name not in CHOSEN_ON)
    others = (
        f"**{reported}** and the State of the Union addresses were kept for reporting. That is a rule of today: all of "
        "these corpora were at hand when the methods were first compared, so none of them is a corpus that nobody had seen."
        if reported
        else "No other corpus was at hand in this run."
    )
    public = (
        "The corpora are public archives (conference talks, forums, mailing lists) that lie beside the repository where it "
        "is developed, and the company that [`estran.simulate`](../guides/simulate.md) makes; where they are absent the "
        "simulated one is measured alone."
        if set(corpora) - {SIMULATED}
        else "Only the company that [`estran.simulate`](../guides/simulate.md) makes was at hand."
    )
    return f"""# How often it is true

This page is written by `make bench-truth`, figures, plots and all: no figure on it is typed. {public}

Settings are chosen on {chosen}. {others}

Each corpus: {sizes.shuffles} shuffles a level, {sizes.plantings} plantings of each course and size, {sizes.splits} splits;
the other methods meet {sizes.rivals} of the shuffles and all of the plantings and splits. Seeds are 0 and up.
{WAYS_TO_READ}"""


def _goals(each: Mapping[str, Mapping[str, Number]]) -> str:
    rows = []
    for goal in GOALS:
        figure, name = worst(goal, each)
        verdict = "not measured" if figure is None else "yes" if goal.reached(figure) else "**no**"
        of = NONE if name in {None, ELSEWHERE} else str(name)
        rows.append([f"{goal.what}<br>*{goal.quoi}*", number(figure), of, goal.range, verdict])
    return "\n\n".join(
        [
            "## The goals",
            table(["figure", "worst", "of", "goal", "reached"], rows),
            captions(
                "Each goal was set before this code was written. The figure is that of the corpus that does worst.",
                "Chaque objectif a été fixé avant d'écrire ce code. Le chiffre est celui du corpus le moins bon.",
            ),
        ]
    )


def _missed(each: Mapping[str, Mapping[str, Number]]) -> str:
    missed, absent = [], []
    for goal in GOALS:
        figure, _ = worst(goal, each)
        if figure is None:
            absent.append(goal.what)
        elif not goal.reached(figure):
            missed.append(_miss(goal, each))
    listed = "\n".join(missed) or "None, in this run."
    not_measured = f"\n\nNot measured in this run: {'; '.join(absent)}." if absent else ""
    return f"## Goals not reached\n\n{listed}{not_measured}"


def _miss(goal: Goal, each: Mapping[str, Mapping[str, Number]]) -> str:
    figures = {name: told[goal.key] for name, told in each.items() if told.get(goal.key) is not None}
    told = ", ".join(
        number(figure) if name == ELSEWHERE else f"{name} {number(figure)}"
        for name, figure in figures.items()
        if not goal.reached(figure)
    )
    right = sum(goal.reached(figure) for figure in figures.values())
    rest = f"; reached on {right} of {len(figures)} corpora" if len(figures) > 1 else ""
    notes = "".join(f"\n  {'*' * nth}{note}{'*' * nth}" for nth, note in enumerate(NOTES.get(goal.key, ())))
    return f"- {goal.what} (*{goal.quoi}*), goal {goal.range}: {told}{rest}.{notes}"


def _nulls(told: Told) -> str:
    rows = []
    most = number(max(max(plots.mean_false(parts)[ESTRAN]) for parts in told.corpora.values()))
    for name, parts in told.corpora.items():
        levels = [parts.get(f"null {level}") for level in LEVELS]
        shares = [number(each["shuffles_with_false"] / each["shuffles"]) if each else NONE for each in levels]
        rejected = max(each["p01_rate"] for each in levels if each)
        themes = next(each["themes"] for each in levels if each)
        some = [each for each in levels if each]
        pooled = sum(each["shuffles_with_false"] for each in some) / sum(each["shuffles"] for each in some)
        rows.append([name, number(themes), *shares, number(pooled), number(rejected, digits=4)])
    return "\n\n".join(
        [
            "## When nothing moves",
            (
                "How often is anything claimed at all, when time was shuffled? What is kept together tells how hard the null is: "
                "a person who writes in bursts, or an event in which everybody speaks of one thing, looks like a trend to "
                "whoever counts messages."
            ),
            table(["corpus", "themes", *LEVELS.values(), "all", "p ≤ .01, worst"], rows),
            captions(
                "Share of shuffles in which at least one theme is claimed, by what was shuffled; and the share of single "
                "tests under .01, where .01 is right and less is cautious. A dash: conversations are as long as periods.",
                "Part des mélanges où au moins un thème est affirmé, selon ce qui est mélangé ; et part des tests sous "
                "0,01, où 0,01 est juste et moins est prudent. Un tiret : les conversations durent autant que les périodes.",
            ),
            told.plot(
                "false-claims",
                plots.false_claims(told.corpora),
                f"Dot plot of the mean number of false claims, a line for each corpus, a mark for each method; Estran has {most} at most",
                f"False claims when nothing moves, mean of all shuffles, by method (the scale is logarithmic above 1). Estran has {most} at most.",
                "Affirmations fausses quand rien ne bouge, moyenne de tous les mélanges, par méthode (échelle logarithmique au-dessus de 1). "
                f"Estran en a {most} au plus.",
            ),
        ]
    )


def _drifts(told: Told) -> str:
    rows = []
    for who in (ESTRAN, *RIVALS):
        cells = [METHODS[who]]
        for parts in told.corpora.values():
            for part in ("length", "mix"):
                each = parts[part]
                cells.append(number(each["false_mean"] if who == ESTRAN else each["rivals"].get(who)))
        rows.append(cells)
    head = ["method", *(f"{name}: {what}" for name in told.corpora for what in ("length", "mix"))]
    return "\n\n".join(
        [
            "## When only length, or the mix, moves",
            (
                "Messages are put in a new order, in which long ones come late; among messages of one length (within a quarter of "
                "an octave) the dates are drawn, so that no theme moves. Or dates are shuffled within each language, source and "
                "side, so that only their mix drifts, as it did. How many themes are claimed?"
            ),
            table(head, rows),
            captions(
                "Mean number of false claims where messages grow three to ten times as long over the span, and where the "
                "mix of languages, sources and sides drifts.",
                "Nombre moyen d'affirmations fausses quand les messages deviennent trois à dix fois plus longs, et quand le "
                "mélange des langues, des sources et des côtés dérive.",
            ),
        ]
    )


def _plants(told: Told) -> str:
    rows = []
    for course in COURSES:
        for ratio in RATIOS:
            estran = [method(parts, plant(course, ratio)) for parts in told.corpora.values()]
            rows.append(
                [
                    f"{course} ×{ratio:g}",
                    *(
                        f"{number(each.get('fdp'))} ({number(each.get('wrong_way'))}) / {number(each.get('recall_well'))}"
                        for each in estran
                    ),
                ]
            )
    fairly = "; ".join(
        f"{name} {number(method(parts, plant(HUMP, 5.0)).get('recall_fairly'))}"
        for name, parts in told.corpora.items()
    )
    compared = []
    for who in (ESTRAN, *RIVALS):
        cells = [METHODS[who]]
        for parts in told.corpora.values():
            each = method(parts, plant("linear", 5.0), who)
            cells.append(f"{number(each.get('fdp'))} / {number(each.get('recall_all'))}")
        compared.append(cells)
    return "\n\n".join(
        [
            "## What is planted is found",
            (
                "Courses: *linear*, steadily over the span; *hump*, up and down again (or the reverse); *step*, at once at six "
                "tenths of the span; *late*, in its last three tenths; *hinge*, in its second half. Half of the themes rise and "
                "half fall. Before planting, every person's own time line is turned by a random shift (talks: events exchange "
                "their dates)."
            ),
            table(["course", *told.corpora], rows),
            captions(
                "Estran: false share of the claims (in brackets the part of it that is planted themes in the wrong column) / recall of "
                "themes in over 200 messages after thinning (a dash: there are none). "
                f"Recall of a hump of ×5 in over 80 messages: {fairly}.",
                "Estran : part fausse des affirmations (entre parenthèses, celle des thèmes plantés mais dans la mauvaise colonne) / "
                "rappel des thèmes de plus de 200 messages après amincissement (un tiret : il n'y en a pas).",
            ),
            table(["linear ×5", *told.corpora], compared),
            captions(
                "All methods, on the same plantings: false share of the claims / recall of all planted themes, rare ones among them.",
                "Toutes les méthodes, sur les mêmes thèmes plantés : part fausse des affirmations / rappel de tous, les rares compris.",
            ),
            told.plot(
                "plants-methods",
                plots.false_share_and_recall(told.corpora, "linear", 5.0),
                "Scatter plot of the false share of the claims against recall, a mark for each method and corpus",
                "Linear ×5, a mark a corpus: what a reader may not believe (right) against what is found (up). The dashed line is .05.",
                "Linéaire ×5, un point par corpus : ce qu'on ne peut pas croire (à droite) contre ce qui est trouvé (en haut). "
                "La ligne est à 0,05.",
            ),
            told.plot(
                "plants-recall",
                plots.recall_by_course(told.corpora),
                "Line plots of recall by size of the change, one panel for each course, one line for each corpus",
                "What Estran finds of the well supported themes, by course and size of the change.",
                "Ce qu'Estran trouve parmi les thèmes bien attestés, selon le parcours et l'ampleur du changement.",
            ),
        ]
    )


def _halves(told: Told) -> str:
    rows = []
    for who in (ESTRAN, *RIVALS):
        cells = [METHODS[who]]
        for parts in told.corpora.values():
            each = method(parts, "halves", who)
            cells.append(
                f"{number(each.get('agreement'))} / {number(each.get('agreement_own'))} of {number(each.get('claims'))}"
            )
        rows.append(cells)
    return "\n\n".join(
        [
            "## Other people say the same",
            (
                "Nothing is planted here: the dates are the real ones. What is claimed among one half of the people (talks: of the "
                "series of events) is looked up among the other half. A true claim goes the same way there; a false one does so "
                "half of the time, so that an agreement of .90 means that about a fifth of the claims are false."
            ),
            table(["method", *told.corpora], rows),
            captions(
                "Claims with the same direction in the other half: counted by people, at one length of text / by the method's "
                "own measure / of how many claims in a half, on average. Under 30 claims in all, no share.",
                "Affirmations de même sens dans l'autre moitié : comptées par personnes, à longueur de texte égale / selon la "
                "mesure propre de la méthode / sur combien d'affirmations par moitié, en moyenne. Sous 30 en tout, pas de part.",
            ),
            told.plot(
                "split-halves",
                plots.agreement(told.corpora),
                "Dot plot of the share of claims that go the same way among other people, a line for each corpus, a mark for each method",
                "Same direction among other people, by method; the dashed line is the goal of .95.",
                "Même sens chez d'autres personnes, par méthode ; la ligne est l'objectif de 0,95.",
            ),
        ]
    )


def _tags(told: Told) -> str:
    tagged = {name: parts["tags"] for name, parts in told.corpora.items() if "tags" in parts}
    if not tagged:
        return ""
    name, figures = next(iter(tagged.items()))
    rows = [
        [METHODS[who], number(each["found"]), number(each["wrong"]), number(each["claims"])]
        for who, each in figures["methods"].items()
    ]
    return "\n\n".join(
        [
            "## Tags that the method never saw",
            (
                f"Some talks of {name} bear tags that people gave them. {figures['with_trend']} of {figures['tags']} tags that are "
                "also themes have a trend of their own (p < .05 when the dates of events are permuted). Does the theme, read from "
                "the texts alone, go the same way?"
            ),
            table(["method", "found", "wrong way", "claims in all"], rows),
            captions(
                f"Tags with a trend whose theme is claimed, and how many of those go the other way. {figures['other_column']} "
                "of Estran's stand in the other column of the board: a theme that rose and has fallen since is Out, and its tag "
                "may have risen over the years in which tags were given.",
                "Étiquettes ayant une tendance dont le thème est affirmé, et combien vont à contresens. "
                f"{figures['other_column']} de celles d'Estran sont dans l'autre colonne du tableau : un thème monté puis "
                "retombé est Out, et son étiquette a pu monter les années où l'on étiquetait.",
            ),
        ]
    )


def _shapes(told: Told) -> str:
    rows, errors = [], []
    for size in SIZES:
        part = " ".join(map(str, ("shapes", *size)))
        for name, parts in told.corpora.items():
            each = parts.get(part, {})
            if not each.get("planted"):
                continue
            ratio, low, high = size
            rows.append(
                [
                    f"×{ratio:g}, {low}-{high} voices",
                    name,
                    number(each["planted"]),
                    number(each["accuracy"]),
                    number(each["accuracy_shown"]),
                    f"{number(each['turn_mae'][ESTRAN])} of {each['periods']}",
                    number(each["coverage"]),
                    number(each["width"]),
                ]
            )
            if size == GOAL_SIZE:
                errors.append([name, *(number(each["turn_mae"].get(who)) for who in _DATERS)])
    if not rows:
        return ""
    return "\n\n".join(
        [
            "## Shapes and turns",
            ("Seven shapes (steady, in, out, emerging, established, peaked out, returning) are planted in equal numbers; the "
            "last four have a turn."),
            table(
                ["planted", "corpus", "themes", "named right", "of those shown", "turn off by, periods", "interval holds it", "periods wide"],
                rows,
            ),
            captions(
                "Voices are counted before thinning. “Named right”: the curve is fitted to every planted theme; “of those shown”: "
                "among the themes that the test finds, with the label that a reader sees. The interval is the 90 % one.",
                "Les voix sont comptées avant amincissement. « Named right » : la courbe de chaque thème planté ; « of those shown » : "
                "parmi les thèmes que le test trouve, l'étiquette que le lecteur voit. L'intervalle est celui à 90 %.",
            ),
            table(["turn off by, periods", *(METHODS[who] for who in _DATERS)], errors),
            captions(
                "At ×6 and 400 to 1,000 voices. Of several dates of the other methods the nearest to the truth counts; where they "
                "say none, the middle of the span.",
                "À ×6 et 400 à 1 000 voix. Des dates multiples des autres méthodes, la plus proche de la vérité compte ; "
                "sans date, le milieu de la période étudiée.",
            ),
            told.plot(
                "turns",
                plots.turns(told.corpora),
                "Dot plot of the mean error of the date of a turn, a line for each corpus, a mark for each method",
                "Mean error of the date of a planted turn, by method; the dashed line is the goal of 0.9 period.",
                "Erreur moyenne de la date d'un tournant planté, par méthode ; la ligne est l'objectif de 0,9 période.",
            ),
        ]
    )  # fmt: skip


_DATERS = (ESTRAN, "pelt_lines", "pelt", "kleinberg", "middle")


def _elsewhere(parts: Mapping[str, Mapping[str, object]]) -> str:
    sections = []
    if "successors" in parts:
        sections += _successions(parts["successors"])
    if "sotu" in parts:
        told = parts["sotu"]
        rows = [
            [METHODS[who], str(each["hits"]), str(each["exact"]), number(each["starts_per_word"]), ", ".join(each["missed"])]
            for who, each in told["methods"].items()
        ]  # fmt: skip
        sections += [
            "## Starts in the State of the Union",
            (
                f"The press printed in which years bursts of {told['words']} words start in the addresses from 1790 to 2002, by "
                "Kleinberg's own count. [How a start is found](starts.md)."
            ),
            table(["method", "within a year", "in the year", "starts a word", "missed"], rows),
            captions(
                "Of the printed starts, how many are said; and how many starts are said for each word, as who says many hits many.",
                "Des débuts imprimés, combien sont dits ; et combien de débuts sont dits par mot : qui en dit beaucoup touche souvent.",
            ),
        ]
    if "speed" in parts:
        seconds = number(parts["speed"]["seconds_100k_10k"])
        sections += [
            "## Speed",
            f"The test of 10,000 themes in 100,000 messages took {seconds} seconds here (two cores), the same to the last bit each time.",
            captions(
                "See also [performance](../performance.md).", "Voir aussi [performance](../performance.md)."
            ),
        ]
    return "\n\n".join(sections)


def _successions(told: Mapping[str, object]) -> list[str]:
    """Sections on known pairs and on planted ones; a corpus that is absent has no row."""
    known = [
        [name, str(told.get(f"{key}pairs", told["pairs"])), *(number(told[f"{key}hit{k}"]) for k in (1, 3))]
        for name, key in (
            ("talks (pyvideo)", ""),
            ("the same, by the formula of the prototype", "by_formula_"),
            ("r_lists", "r_lists_"),
            ("slicer_forum", "slicer_forum_"),
        )
        if f"{key}hit1" in told
    ]
    levels = [
        [
            level,
            str(round(told[f"{level}_links"])),
            number(told[f"{level}_right"]),
            f"{number(told[f'{level}_low'])} to {number(told[f'{level}_high'])}",
        ]
        for level in ("superseded", "likely", "possible")
        if f"{level}_links" in told
    ]
    return [
        "## What came in its place",
        (
            "Pairs of themes, one of which is known to have replaced the other: is the known successor the first candidate, or "
            "among the first three? [How candidates are found](succession.md)."
        ),
        table(["pairs of", "pairs", "first", "among three"], known),
        captions(
            "Known successors. The 40 pairs of talks were typed before the method was written.",
            "Successeurs connus. Les 40 paires d'exposés ont été écrites avant la méthode.",
        ),
        (
            f"Falls planted in pyvideo, slicer_forum and r_lists, {round(told['plants_succeeded'])} with a "
            f"successor and {round(told['plants'] - told['plants_succeeded'])} without: the planted one is named "
            f"first in {number(told['plants_hit1'])}, at all in {number(told['plants_hit3'])}; where there is none, nothing is "
            f"named in {number(told['plants_forgotten_silent'])}."
        ),
        table(["level", "links", "right", "90 % interval"], levels),
        captions(
            "Links that are shown, three a theme at the most, one of which can be right.",
            "Liens montrés, trois par thème au plus, dont un seul peut être juste.",
        ),
    ]


def _foot() -> str:
    return """## What this page does not tell

The accuracy of sides, leads and marks (they come with their pages). Whether a theme is worth a reader's time: that is no
matter of statistics. And whether your corpus is like these: plant your own truth with [`estran.simulate`](../guides/simulate.md).

Calibration and power of the kernels alone: [the In/Out test](in-out-test.md), [change](change.md),
[shape and turn](shape-and-turn.md)."""
