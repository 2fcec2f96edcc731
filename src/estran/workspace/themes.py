"""The themes of a workspace: which there are, what somebody said of them, and what became of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from estran.analysis.hands import Hands
from estran.analysis.progress import Silent
from estran.analysis.stock import take_stock
from estran.analysis.topic_hands import answered, key_of
from estran.errors import SettingsError
from estran.findings import Because, Notice, Rebuilt, ThemeEvent, ThemeLog, Themes, ThemeShown
from estran.store import topics as at_rest
from estran.text.edits import FAMILY, TOPIC_ID, Accept, Reject, rejected, variant_of
from estran.text.families import families as families_of
from estran.text.kinship import why
from estran.text.suggestions import suggestions
from estran.text.variants import readable
from estran.workspace import correcting, journal, known, themefile
from estran.workspace.answering import Answering, carried
from estran.workspace.correcting import Vocabulary
from estran.workspace.touring import counts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estran.analysis.hands import Concepts
    from estran.analysis.identities import Identities
    from estran.analysis.progress import Progress
    from estran.findings import Edited
    from estran.settings import Settings
    from estran.store.topics import TopicsAtRest
    from estran.text.edits import Edit


ANSWERS: dict[str, type[Accept | Reject]] = {"accept": Accept, "reject": Reject}
"""What may be said of a proposal."""


class ByHand(Answering):
    """The part of a workspace that is about its themes; see `estran.workspace.space.Workspace`."""

    def themes(self, *, settings: Settings | None = None, progress: Progress | None = None) -> Themes:
        """The themes that at least five people said, most people first, and what may be one theme.

        Args:
            settings: by default those of the workspace.
            progress: told about each stage.

        Raises:
            NotEnoughError: there is nothing to count.
            SettingsError: a line of themes.toml cannot be meant.
            WorkspaceError: the list of known themes is damaged.
        """
        found = self._found(take_stock, settings=settings, progress=progress)
        edits = themefile.read(self._folder.corrections)
        return Themes(
            themes=tuple(theme for theme, _ in found.themes),
            suggestions=suggestions(
                [concept for _, concept in found.themes], answered=rejected(edits), near=found.near
            ),
            notices=found.notices,
            corrections=len(edits),
            until=found.until.isoformat(),
        )

    def theme(
        self, label: str, *, settings: Settings | None = None, progress: Progress | None = None
    ) -> ThemeShown:
        """One theme: how much it is said, why each variant belongs to it, and what became of it.

        Args:
            label: its label, a written form of it, or its id.
            settings: by default those of the workspace.
            progress: told about each stage.

        Raises:
            SettingsError: no theme is called so; the nearest are told.
            NotEnoughError: there is nothing to count.
            WorkspaceError: the list of known themes is damaged.
        """
        found = self._found(take_stock, settings=settings, progress=progress)
        identities = known.read(self._folder.identities)
        edits = themefile.read(self._folder.corrections)
        meant = Vocabulary.of(identities, edits).theme(label)
        theme, concept = next(
            ((t, c) for t, c in found.themes if meant is not None and t.id == meant.id), (None, None)
        )
        if theme is None or concept is None:
            raise SettingsError(f"too few people said {label!r} to show it")
        variants = tuple(
            Because(each.variant[0], readable(each.variant[1]), each.rule, each.shown)
            for each in why(concept)
        )
        history = tuple(e for e in identities.log if theme.id == e.id or theme.id in e.parents)
        return ThemeShown(theme, variants, history)

    def edit(
        self,
        verb: str,
        *words: str,
        language: str | None = None,
        progress: Progress | None = None,
    ) -> Edited:
        """Writes a correction down; it is said to the themes on every tour from the next one on.

        ::

            ws.edit("merge", "télétravail", "home office")
            ws.edit("rename", "rse", "Social responsibility", language="en")
            ws.edit("follow", "metaverse", "métavers")

        Args:
            verb: "merge" (a theme, what goes into it), "split" (a theme, the variants that leave it), "rename" (a theme,
                its label), "pin", "ignore" (themes), "follow" (words), "accept", "reject" (a suggestion's key).
            words: a theme is named by its label, by a written form, or by its id.
            language: of the label, or of the words that are followed; by default all.
            progress: told about each stage, where the themes have to be found first.

        Raises:
            SettingsError: there is no such verb or theme; the nearest are told.
            WorkspaceError: nothing can be written.
        """
        progress = progress or Silent()
        edits = self._meant(verb, words, language, progress)
        with self._writing(progress):
            done = correcting.add(self._folder, edits)
            journal.note(self._folder.runs, "correct", corrections=done.corrections)
        return done

    def undo(self, *, progress: Progress | None = None) -> Edited:
        """Takes the last correction back; again and again, the one before it.

        Args:
            progress: told where another command is waited for.

        Raises:
            SettingsError: there is none.
            WorkspaceError: nothing can be written.
        """
        with self._writing(progress or Silent()):
            done = correcting.undo(self._folder)
            journal.note(self._folder.runs, "correct", corrections=done.corrections)
        return done

    def themes_log(self) -> ThemeLog:
        """What became of the themes and topics: born, split, merged, gone, back, with their parents and the date of the data.

        Raises:
            WorkspaceError: the list of known themes is damaged.
        """
        events = (*known.read(self._folder.identities).log, *_of_topics(at_rest.read(self._folder.topics)))
        return ThemeLog(tuple(sorted(events, key=lambda event: event.date)))

    def rebuild_themes(
        self, *, settings: Settings | None = None, progress: Progress | None = None
    ) -> Rebuilt:
        """Finds the themes anew, from the messages up; those that are the same keep their ids.

        Counts are made again, and a damaged list of known themes is saved as far as its lines are sound.

        Args:
            settings: by default those of the workspace.
            progress: told about each stage.

        Raises:
            NotEnoughError: there is nothing to count.
            WorkspaceError: nothing can be written.
        """
        asked, progress = settings or self.settings, progress or Silent()
        before, bad = known.salvaged(self._folder.identities)
        if bad:
            progress.say(Notice("themes-salvaged", {"lines": bad}))
        counts_of(self._folder, asked).forget()
        now = None

        def identify(found: Concepts) -> Sequence[str]:
            nonlocal now
            now = carried(before, found)
            return now.ids

        edits = themefile.read(self._folder.corrections)
        self._found(take_stock, settings=asked, progress=progress, hands=Hands(edits, identify))
        assert now is not None
        ids = {id_ for id_ in now.ids if id_}
        kept = len(ids & {theme.id for theme in before.themes})
        day = max(theme.seen for theme in now.identities.themes) if ids else ""
        told = ThemeEvent(day, "rebuilt", "", "", themes=len(ids))
        with self._writing(progress):
            after = replace(now.identities, log=(*now.identities.log, told))
            known.write(self._folder.identities, after)
            journal.note(self._folder.runs, "rebuild", themes=len(ids), kept=kept)
        return Rebuilt(len(ids), kept, (*now.events, told))

    def _meant(
        self, verb: str, words: Sequence[str], language: str | None, progress: Progress
    ) -> tuple[Edit, ...]:
        """The corrections that are meant; a theme that the last tour did not know is looked for in the messages."""
        edits = themefile.read(self._folder.corrections)
        if verb in ANSWERS and words and TOPIC_ID.fullmatch(words[0].split("+")[0].strip()):
            return (self._of_proposal(verb, words, edits),)
        if verb in ANSWERS and words and words[0].strip().startswith(FAMILY):
            return (self._of_family(verb, words),)

        def meant(identities: Identities) -> tuple[Edit, ...]:
            return correcting.edit_of(verb, words, language, Vocabulary.of(identities, edits))

        before = known.read(self._folder.identities)
        try:
            return meant(before)
        except SettingsError:
            if not self._store.snapshot().months or not self._unseen(before):
                raise
            self._found(take_stock, progress=progress)
            return meant(known.read(self._folder.identities))

    def _of_proposal(self, verb: str, words: Sequence[str], edits: Sequence[Edit]) -> Edit:
        """The answer to a proposal about topics.

        Raises:
            SettingsError: there is no such proposal.
        """
        key = "+".join(words)
        rest = at_rest.read(self._folder.topics)
        if rest is not None:
            open_ = {key_of(each, rest.splits) for each in rest.proposals} - answered(edits).keys()
            pair = next((pair for pair in open_ if "+".join(pair) == key), None)
            if pair is not None:
                return ANSWERS[verb](*pair)
        raise SettingsError(
            f"no proposal has the key {key!r}: `estran topics {self._folder.path}` tells those that are open"
        )

    def _of_family(self, verb: str, words: Sequence[str]) -> Edit:
        """The answer to whether a family has a word.

        Raises:
            SettingsError: there is no such family, or it is no word.
        """
        pair = [part.strip() for part in "+".join(words).split("+")]
        if len(pair) != themefile.PAIR:
            raise SettingsError(f"say which word the family has, as {FAMILY}autonomy+fr:initiative")
        known = [family.name for family in families_of(self._own.families)]
        if pair[0].removeprefix(FAMILY) not in known:
            raise SettingsError(
                f"no family is called {pair[0]!r}; there are {', '.join(FAMILY + n for n in known)}"
            )
        variant_of(pair[1])
        return ANSWERS[verb](pair[0], pair[1])

    def _unseen(self, identities: Identities) -> bool:
        """Whether the messages or the corrections may hold themes that the last tour did not see."""
        recorded = self._folder.identities
        if not identities.themes or counts_of(self._folder, self.settings).stale(self._store):
            return True
        newest = [file.stat().st_mtime_ns for file in (self._folder.corrections,) if file.exists()]
        return any(moment > recorded.stat().st_mtime_ns for moment in newest)


def _of_topics(rest: TopicsAtRest | None) -> list[ThemeEvent]:
    """What became of the topics, under the names that they have, or had last."""
    if rest is None:
        return []

    def name(id_: str) -> str:
        return next((label for _, label in rest.labels.get(id_, ()) if label), id_)

    return [
        ThemeEvent(
            event.day, f"topic-{event.kind}", event.id, name(event.id) if event.id else "", event.parents,
            tuple(map(name, event.parents)), event.topics,
        )
        for event in rest.events
    ]  # fmt: skip
