"""Chronicler: selects the important events of a run, by date, with reasons and consequences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.experiments.watch.run_events import EventNotes, RunEvent
from sim.explain.accountant import Accountant
from sim.explain.casebook import Casebook, DecisionEntry
from sim.explain.chronicle import ChronicleEntry, Movement
from sim.explain.focus import Focus
from sim.explain.movements import MovementReader
from sim.explain.period_teller import SALE, PeriodTeller
from sim.explain.refrains import reasons_once, told_once

FEWEST, MOST = 10, 30  # entries
ENOUGH = 20  # weight from which an entry is always included


@dataclass(frozen=True, eq=False)
class Chronicler:
    """Writes the story of the first run of a casebook."""

    book: Casebook
    notes: EventNotes  # of the same run
    movements: MovementReader

    def entries(self, about: Sequence[str] = ()) -> tuple[list[ChronicleEntry], int]:
        """Return 10 to 30 entries by date, or all of a run with fewer, and how many there were.

        For a story about a state or bloc all of its entries are included, as far as there is room.
        """
        everything = [
            each for each in self._told() if all(self._concerns(each, name) for name in about)
        ]
        found = told_once(everything)
        ranked = sorted(range(len(found)), key=lambda at: (-found[at].weight, at))
        matter = sum(each.weight >= ENOUGH for each in found) if not about else MOST
        kept = sorted(ranked[: min(max(matter, FEWEST), MOST)])
        return self._moved(reasons_once(found[at] for at in kept)), len(everything)

    def _concerns(self, entry: ChronicleEntry, about: str) -> bool:
        """Return whether an entry concerns a state or a bloc.

        Its members' sales of strike systems to rivals of fellow members concern a bloc.
        """
        if about in (*entry.parties, *entry.rivals):
            return True
        bloc = self.book.replay.model.blocs.get(about)
        if bloc is None or entry.kind != SALE:
            return False
        return entry.parties[1] in bloc.members and bool({*bloc.members} & {*entry.rivals})

    def _told(self) -> Iterator[ChronicleEntry]:
        """Yield all candidate entries, by date and in the order of a period."""
        events: dict[int, list[RunEvent]] = defaultdict(list)
        for each in self.notes.events(1):
            events[each.period].append(each)
        decided: dict[int, list[DecisionEntry]] = defaultdict(list)
        for entry in self.book.entries:
            decided[entry.moment.period].append(entry)
        accountant = Accountant(self.book)
        focus = Focus.of(self.book.replay.scenario)
        barred = np.zeros((len(self.book.replay.layout.states), len(self.book.replay.layout.blocs)))
        for moment in self.book.replay.moments:
            at = moment.period
            yield from PeriodTeller(
                book=self.book,
                accountant=accountant,
                moment=moment,
                events=events[at],
                decided=decided[at],
                barred=barred,
                focus=focus,
            ).told()
            barred = moment.passed.world.shut_out[..., 0]

    def _moved(self, entries: list[ChronicleEntry]) -> list[ChronicleEntry]:
        """Return the entries with their movements, each movement only with the weightiest entry."""
        told: dict[int, ChronicleEntry] = {}
        seen: set[tuple[object, ...]] = set()
        for at in sorted(range(len(entries)), key=lambda at: (-entries[at].weight, at)):
            each = entries[at]
            period = self.book.replay.layout.calendar.index(each.date)
            found = self.movements.most(period, each.parties)
            new = tuple(m for m in found if not {*_marks(each.date, m)} & seen)
            seen |= {mark for m in new for mark in _marks(each.date, m)}
            told[at] = replace(each, moved=new)
        return [told[at] for at in range(len(entries))]


def _marks(date: str, moved: Movement) -> tuple[tuple[object, ...], ...]:
    """Return the identity of a movement: its date, or its ends if two dates share it."""
    about = (moved.metric, moved.subject)
    return (*about, date), (*about, moved.before, moved.after)
