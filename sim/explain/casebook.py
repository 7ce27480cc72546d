"""Casebook: a short list of the decisions of one run, with an account of each on request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.experiments.watch.choices import OF_MEMBERS, Choices
from sim.experiments.watch.recorder import Moment
from sim.explain.parties import ORDER, Parties, Register
from sim.explain.replay import Replay
from sim.explain.sentences import BY_OPTION, choice_of
from sim.kernel.arrays import NONE
from sim.kernel.world import BANNED, BLOCKED, REFUSED, SHUT, Log
from sim.seeing.running_text import articles

_STOPS = {SHUT: "not offered", BANNED: "banned"}  # the obstacle to an event's request, by cause


@dataclass(frozen=True, kw_only=True, eq=False)
class DecisionEntry:
    """A decision as a line of the list; for an order, how the request ended."""

    id: str
    kind: str
    date: str
    parties: Parties
    choice: str
    chance: float | None = None  # of the choice, from the reasons alone
    moment: Moment
    row: int  # among the choices of the kind, or in the log

    @property
    def changes(self) -> bool:
        """Return whether the decision changes something; members that stay do not."""
        return True

    @property
    def request(self) -> int | None:
        """Return the row of the request that it is about, among those of the period."""
        return self.row % self.moment.layout.rows


@dataclass(frozen=True, kw_only=True, eq=False)
class ChoiceEntry(DecisionEntry):
    """A choice of one actor."""

    choices: Choices

    @property
    def changes(self) -> bool:
        """Return whether the decision changes something; members that stay do not."""
        return self.kind not in OF_MEMBERS or bool(self.choices.choice[self.row])

    @property
    def request(self) -> int | None:
        """Return the row of the request that it is about, among those of the period."""
        rows = self.choices.request
        return None if rows is None else int(rows[self.row])

    @property
    def actor(self) -> int:
        """Return the state that chose."""
        return int(self.choices.actor[self.row])

    @property
    def made(self) -> int:
        """Return the choice: 0 or 1, an offer, a response, or an answer to a threat."""
        return int(self.choices.choice[self.row])

    @property
    def offer(self) -> int:
        """Return the offer that it is about."""
        return self._of("offer")

    @property
    def recipient(self) -> int:
        """Return the state that buys."""
        return self._of("recipient")

    def _of(self, part: str) -> int:
        return int(getattr(self.choices, part)[self.row])

    @property
    def buyer(self) -> int:
        """Return the place of a buyer among all."""
        return int(self.choices.cell[0][self.row])


@dataclass(frozen=True, eq=False)
class Casebook:
    """The decisions of the first of the runs that were replayed."""

    replay: Replay

    @cached_property
    def entries(self) -> tuple[DecisionEntry, ...]:
        """Return all decisions in the order in which they were made."""
        seen: dict[str, int] = {}
        entries = []
        for each in self._entries():
            count = seen[each.id] = seen.get(each.id, 0) + 1
            entries.append(each if count == 1 else replace(each, id=f"{each.id}:{count}"))
        return tuple(entries)

    def of_event(self, row: int) -> bool:
        """Return whether a request, a row of the log, was made by the scenario."""
        return bool(self.replay.layout.event_slot(np.asarray(row)) > 0)

    @cached_property
    def register(self) -> Register:
        """Return who is who."""
        return Register(self.replay.model, self.replay.layout)

    def _entries(self) -> Iterator[DecisionEntry]:
        for moment, period in zip(self.replay.moments, self.replay.by_moment, strict=True):
            for part, by_kind in period:
                for choices in by_kind.values():
                    mine = choices.of_runs(1)
                    for row in range(len(mine)):
                        yield self._entry(part, mine, row)
            yield from self._orders(moment)

    def _entry(self, moment: Moment, choices: Choices, row: int) -> ChoiceEntry:
        parties, kind = self.register.of_choice(choices, row), choices.kind
        made, chance = int(choices.choice[row]), float(choices.chance[row])
        date = self.replay.layout.calendar.label(moment.period)
        return ChoiceEntry(
            id=parties.identity(kind, date),
            kind=kind,
            date=date,
            parties=parties,
            choice=choice_of(kind, made, parties),
            chance=chance if made or kind in BY_OPTION else 1 - chance,
            moment=moment,
            choices=choices,
            row=row,
        )

    def _stage(self, log: Log, row: int, parties: Parties) -> str:
        """Return the result of a request in words."""
        stage, forced = int(log.stage[row, 0]), int(log.forced[row, 0])
        what = parties.phrase("{system} from {supplier} to {recipient}")
        if stage in (BLOCKED, REFUSED):
            names = self.opponents(log, row)
            verb = "blocked" if stage == BLOCKED else _STOPS.get(int(log.cause[row, 0]), "refused")
            by = f"{verb} by {' and '.join(names)}" if names else "no units were left"
            return articles(f"{what}: {by}")
        units, value = float(log.units[row, 0]), float(log.value[row, 0])
        by = {0: "", 1: " by an event", 2: " as a transfer by an event"}[forced]
        late = ", stalled" if log.stalled[row, 0] else ""
        return f"{what}: {units:,.0f} ordered for {value:,.0f} M USD{by}{late}"

    def opponents(self, log: Log, row: int) -> list[str]:
        """Return the names of the states that refused or blocked a request, by row of the log."""
        layout, bits = self.replay.layout, int(log.opposed[row, 0])
        blocked = int(log.stage[row, 0]) == BLOCKED
        who = layout.leader if blocked else layout.deciders[log.offer[row, 0]]
        names = [self.register.state(int(k)) for at, k in enumerate(who) if bits >> at & 1]
        return list(dict.fromkeys(names))

    def _orders(self, moment: Moment) -> Iterator[DecisionEntry]:
        layout, log = self.replay.layout, moment.passed.world.log
        date = layout.calendar.label(moment.period)
        for row in range(moment.period * layout.rows, (moment.period + 1) * layout.rows):
            offer, recipient = int(log.offer[row, 0]), int(log.recipient[row, 0])
            if NONE in (offer, recipient):
                continue
            parties = self.register.parties(offer=offer, recipient=recipient)
            yield DecisionEntry(
                id=parties.identity(ORDER, date),
                kind=ORDER,
                date=date,
                parties=parties,
                choice=self._stage(log, row, parties),
                moment=moment,
                row=row,
            )
