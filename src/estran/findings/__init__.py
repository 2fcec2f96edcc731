"""The nouns that go out: plain frozen data, the same for every face.

- `tour`: what Estran claims, with its interval, its error rate, its evidence and its origin.
- `why`: why a theme went out, and what came in its place.
- `tables`: the same as a data frame, and in a notebook.
- `agenda`: what a programme announced, and what people made of it.
- `culture`: what people inside say of culture and behaviour, over time and unit by unit.
- `keeping`: what keeping a workspace tells.
- `themes`: which themes there are, why their variants are one, and what became of them.
- `watch`: what was looked at for changes, what was raised, and where it was sent.
- `answer`: what every answer about messages has.
- `organisation`: what each unit says more or less than the rest.
- `units`: which units there are, and how many people speak in each.
- `effects`: what decisions moved.
- `pull`: who said each theme first, those outside or those inside.
- `report`: a tour together with all else that its data can answer.
- `sided`: what both sides say of the same themes, and what one of them never takes up.
- `environments`: what is said in which kind of tool, and what crosses from one to another.
- `topics`: which topics the messages make, how sure each is, and what lives in it.

They know no page, and load a data frame's library only when asked for one.
"""

from estran.findings.agenda import Agenda, AnnouncedTheme, Uptake
from estran.findings.answer import Answer
from estran.findings.culture import Culture, FamilySaid, Grows, InUnit
from estran.findings.effects import Comparison, Effect, Effects, MarkEffects, Marks, MarkTold, Outcome
from estran.findings.environments import Crossing, Environment, Landscape, Spread
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
from estran.findings.organisation import Organisation, ThemeByUnit, UnitCompared, UnitShare
from estran.findings.pull import First, Lead, Pull
from estran.findings.report import Report
from estran.findings.sided import (
    Coherent,
    Continuum,
    Course,
    Facing,
    Gap,
    Place,
    SidedTheme,
    Unanswered,
    Untaken,
)
from estran.findings.themes import (
    Because,
    Edited,
    Rebuilt,
    Suggestion,
    Theme,
    ThemeEvent,
    ThemeLog,
    Themes,
    ThemeShown,
)
from estran.findings.topics import Family, InTopic, Living, Proposal, Topic, Topics
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
    Spoken,
    Style,
    Successions,
    Tour,
    Volume,
)
from estran.findings.units import UnitPeople, UnitsTold, UnitTree
from estran.findings.watch import Alarm, Delivery, Letter, RuleLooked, Watch, Watched, Weeks
from estran.findings.why import Level, Link, Reason, Verdict, Why

__all__ = [
    "SCHEMA",
    "Agenda",
    "Alarm",
    "AnnouncedTheme",
    "Answer",
    "Because",
    "Coherent",
    "Compaction",
    "Comparison",
    "Continuum",
    "Course",
    "Coverage",
    "Crossing",
    "Culture",
    "Cursor",
    "Curve",
    "Delivery",
    "Edited",
    "Effect",
    "Effects",
    "Environment",
    "Erasure",
    "Estimate",
    "Facing",
    "Family",
    "FamilySaid",
    "Fault",
    "First",
    "Gap",
    "Grows",
    "Health",
    "Holding",
    "InTopic",
    "InUnit",
    "Ingested",
    "Landscape",
    "Lead",
    "Letter",
    "Level",
    "Link",
    "Living",
    "MarkEffects",
    "MarkTold",
    "Marks",
    "Movement",
    "Notice",
    "Organisation",
    "Outcome",
    "Place",
    "Plain",
    "Proof",
    "Proposal",
    "Provenance",
    "Pull",
    "Quote",
    "Reason",
    "Rebuilt",
    "Refresh",
    "Refused",
    "Report",
    "RuleLooked",
    "Run",
    "Shape",
    "SidedTheme",
    "Since",
    "Size",
    "Spoken",
    "Spread",
    "Status",
    "Style",
    "Successions",
    "Suggestion",
    "Theme",
    "ThemeByUnit",
    "ThemeEvent",
    "ThemeLog",
    "ThemeShown",
    "Themes",
    "Topic",
    "Topics",
    "Tour",
    "Unanswered",
    "UnitCompared",
    "UnitPeople",
    "UnitShare",
    "UnitTree",
    "UnitsTold",
    "Untaken",
    "Uptake",
    "Verdict",
    "Volume",
    "Watch",
    "Watched",
    "Weeks",
    "Why",
]
