"""Events of runs, one row each: those that the scenario imposed, and those by the model.

They are read from the periods of some runs while numpy computes them. A single run has two columns,
of which the first counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.experiments.watch.choices import EXIT, OBJECTION, Choices
from sim.experiments.watch.imposed_events import imposed_events
from sim.experiments.watch.order_events import ORDER_EVENTS, order_events
from sim.experiments.watch.recorder import Moment
from sim.kernel.arrays import NONE
from sim.kernel.dates import first_day
from sim.kernel.decision_points import HonourPoint, WithdrawalPoint
from sim.kernel.layout.layout import Layout
from sim.records.columns import field, numbers
from sim.scenario.compile.distributions import Draws
from sim.scenario.schema.root import Model

SHUT, READMITTED, EXPELLED = "shut_out", "readmitted", "expelled"  # by the bloc itself
JOINED = "joined"
IMPOSED, INCIDENT, WAR, VICTORY = "imposed", "incident", "war", "victory"
APPEAL, CAME, AWAY, RESCUE = "appeal", "came", "stayed_away", "rescue"
CONTRIBUTED, DECLINED, ENDS_TERMS = "contributed", "declined", "ends_terms"
WITHHELD = "withheld"  # by a holder of leverage
DOWN, UP = "step_away", "step_back"  # on the ladder of disengagement
LOST, REGAINED = "deterrence_lost", "deterrence_regained"
KINDS = (  # in the order of a period
    IMPOSED, INCIDENT, WAR, VICTORY, APPEAL, CAME, AWAY, CONTRIBUTED, DECLINED, ENDS_TERMS,
    WITHHELD, OBJECTION, *ORDER_EVENTS, RESCUE, SHUT, READMITTED, EXPELLED, JOINED, DOWN, UP, EXIT,
    LOST, REGAINED,
)  # fmt: skip
COLUMNS = 9  # period, run, kind, actor, against, aided, bloc, about, amount


@dataclass(frozen=True, kw_only=True)
class RunEvent:
    """One event of a run; states and the bloc are numbers, or NONE."""

    run: int  # column
    period: int
    kind: str
    actor: int
    against: int
    aided: int
    bloc: int
    about: str
    amount: float


Rows = dict[str, Any]  # column -> an array, or one value for all rows


class EventNotes:
    """The events of some runs, recorded period by period."""

    def __init__(self, layout: Layout, *variants: tuple[Model, Draws]) -> None:
        """Start before the first period; each variant has a part of the columns, in order."""
        self.layout, self.variants = layout, variants
        self._rows: list[np.ndarray] = []
        self._about: list[str] = [""]
        self._gain: np.ndarray | None = None  # of an attack, at the end of the previous period
        self._frozen: Any = np.zeros(1)  # members, at the same time
        self._shut: Any = 0.0
        self._member: Any = layout.founders

    def see(self, moment: Moment, choices: Sequence[Mapping[str, Choices]]) -> None:
        """Record the events of a period; the choices are those of its rounds."""
        for rows in self._happened(moment, choices):
            self._add(moment.period, **rows)
        world, members = moment.passed.world, tuple(self.layout.member_index.T)
        self._gain, self._frozen = moment.passed.view.gain, world.frozen[members]
        self._shut, self._member = world.shut_out[members], world.member[members]

    def lines(self, variant: str, runs: np.ndarray, first: int = 0) -> list[str]:
        """Return the events of the columns from `first` on as rows of the table, by run, date."""
        layout = self.layout
        dates = [f"{date},{first_day(date)}" for date in layout.calendar.labels()]
        states, blocs = ["", *layout.states], ["", *layout.blocs]
        table = self._table(runs.size, first)
        whole = table[:8].astype(np.int64).T.tolist()
        known = {at: field(self._about[at]) for at in {*table[7].astype(np.int64).tolist()}}
        return [
            f"{variant},{runs[run]},{dates[date]},{KINDS[kind]},{states[actor + 1]},"
            f"{states[against + 1]},{states[aided + 1]},{blocs[bloc + 1]},"
            f"{known[about]},{amount}"
            for (date, run, kind, actor, against, aided, bloc, about), amount in zip(
                whole, numbers(table[8:].T), strict=True
            )
        ]

    def events(self, runs: int) -> list[RunEvent]:
        """Return the events of the first columns, by run and date."""
        return [
            RunEvent(
                period=int(period),
                run=int(run),
                kind=KINDS[int(kind)],
                actor=int(actor),
                against=int(against),
                aided=int(aided),
                bloc=int(bloc),
                about=self._about[int(about)],
                amount=amount,
            )
            for period, run, kind, actor, against, aided, bloc, about, amount in self._table(
                runs
            ).T.tolist()
        ]

    def _table(self, runs: int, first: int = 0) -> np.ndarray:
        """Return the events of some runs: (columns, events), by run and date."""
        table = np.concatenate([np.zeros((COLUMNS, 0)), *self._rows], axis=1)
        table[1] -= first
        table = table[:, (table[1] >= 0) & (table[1] < runs)]
        return table[:, np.lexsort(table[[6, 5, 4, 3, 2, 0, 1]])]

    def _add(
        self,
        period: int,
        *,
        kind: str,
        run: np.ndarray,
        amount: Any = np.nan,
        about: Any = 0,
        **parts: Any,
    ) -> None:
        if not run.size:
            return
        rows = np.empty((COLUMNS, run.size))
        parts = {"actor": NONE, "against": NONE, "aided": NONE, "bloc": NONE, **parts}
        for row, each in zip(
            rows, (period, run, KINDS.index(kind), *parts.values(), about, amount), strict=True
        ):
            row[:] = each
        self._rows.append(rows)

    def _named(self, name: str) -> int:
        """Return the number of a name in the column `about`."""
        self._about.append(name)
        return len(self._about) - 1

    def _offers(self, offers: np.ndarray) -> np.ndarray:
        """Return the numbers of the names of offers in the column `about`."""
        about = {o: self._named(self.layout.offers[o]) for o in sorted({*offers.tolist()})}
        return np.array([about[o] for o in offers.tolist()], dtype=np.int64)

    def _happened(self, moment: Moment, rounds: Sequence[Mapping[str, Choices]]) -> Iterator[Rows]:
        yield from self._imposed(moment)
        yield from self._clashes(moment)
        yield from self._appeals(moment)
        yield self._withheld(moment)
        yield from self._burdens(moment)
        for choices in rounds:
            if OBJECTION in choices:
                yield from self._objections(choices[OBJECTION])
        for offer, rows in order_events(moment):
            yield {**rows, "about": self._offers(offer)}
        rescue = moment.passed.rescue
        (run,) = np.nonzero(rescue.amount)
        parts = {"actor": rescue.lender[run], "aided": rescue.borrower[run]}
        yield {"kind": RESCUE, "run": run, "amount": rescue.amount[run], **parts}
        yield from self._judged(moment)
        yield from self._ladder(moment)
        for choices in rounds:
            if EXIT in choices:
                left = choices[EXIT].rows(choices[EXIT].choice > 0)
                yield {"kind": EXIT, "run": left.column, "actor": left.actor, "bloc": left.bloc}
        yield from self._deterrence(moment)

    def _imposed(self, moment: Moment) -> Iterator[Rows]:
        """Yield the events that the scenario imposed."""
        start = 0
        for model, draws in self.variants:
            stop = start + draws.noise.runs.size
            for name, rows in imposed_events(moment, model, draws, slice(start, stop)):
                yield {"kind": IMPOSED, "about": self._named(name), **rows}
            start = stop

    def _clashes(self, moment: Moment) -> Iterator[Rows]:
        """Yield incidents, beginning wars with their attackers, and victories in ending wars."""
        layout, wars = self.layout, moment.passed.wars
        first, second = layout.rival_dyads, layout.reverse[layout.rival_dyads]
        pair, run = np.nonzero((wars.incident > 0) & (wars.war == 0))
        sides = {"actor": layout.dyad_from[first[pair]], "against": layout.dyad_to[first[pair]]}
        yield {"kind": INCIDENT, "run": run, **sides}
        pair, run = np.nonzero(wars.war)
        one, other = layout.dyad_from[first[pair]], layout.dyad_to[first[pair]]
        attacked = (wars.pleading + wars.alone)[second[pair], run] > 0  # by the first
        size = np.broadcast_to(wars.intensity, wars.war.shape)[pair, run]
        sides = _sides(attacked, one, other)
        yield {"kind": WAR, "run": run, "amount": size, **sides}
        yield self._victories(moment)

    def _victories(self, moment: Moment) -> Rows:
        """Return the victors of ending wars, with the years if they lasted several periods."""
        layout, world = self.layout, moment.passed.world
        pair, run = np.nonzero(world.war_until == world.period)
        one, other = (side[layout.rival_dyads[pair]] for side in (layout.dyad_from, layout.dyad_to))
        periods = (world.war_until - world.war_since)[pair, run] + 1
        years = np.where(periods > 1, periods * layout.calendar.dt, np.nan)
        sides = _sides(world.war_won[pair, run] > 0, one, other)
        return {"kind": VICTORY, "run": run, "amount": years, **sides}

    def _appeals(self, moment: Moment) -> Iterator[Rows]:
        """Yield appeals with the bloc's answer, and the members that came or stayed away."""
        answers, (choice, point) = moment.passed.answers, moment.point(HonourPoint)
        row, run = np.nonzero(point.made)
        parts = {"actor": point.victim[row, run], "against": point.attacker[row, run]}
        amount = answers.answer[row, run]
        yield {"kind": APPEAL, "run": run, "amount": amount, "bloc": point.bloc[row, 0], **parts}
        came = np.where(point.imposed[:, None] >= 0, point.imposed[:, None], choice)
        row, state, run = np.nonzero((point.asked > 0) & (point.made > 0)[:, None])
        for kind in (CAME, AWAY):
            some = (came[row, state, run] > 0) == (kind == CAME)
            a, k, r = row[some], state[some], run[some]
            parts = {"actor": k, "against": point.attacker[a, r], "aided": point.victim[a, r]}
            amount = came[a, k, r]
            yield {"kind": kind, "run": r, "amount": amount, "bloc": point.bloc[a, 0], **parts}

    def _withheld(self, moment: Moment) -> Rows:
        """Return the levers that are carried out, and the fall of the target's regard."""
        layout, withheld = self.layout, moment.passed.withheld
        lever, run = np.nonzero(withheld.done)
        holder, buyer = layout.lever_parties[lever].T
        named = np.array([self._named(name) for name in layout.levers], dtype=np.int64)
        return {
            "kind": WITHHELD,
            "run": run,
            "actor": holder,
            "against": buyer,
            "about": named[lever],
            "amount": withheld.regard[lever, run],
        }

    def _burdens(self, moment: Moment) -> Iterator[Rows]:
        """Yield the contributions borne and refused, and the ends of terms that followed."""
        layout, burdens = self.layout, moment.passed.burdens
        ask, state, bloc = layout.duty_index.T
        about = np.array([self._named(name) for name in layout.asks], dtype=np.int64)
        worth = moment.passed.world.ask_worth
        kinds = {CONTRIBUTED: burdens.borne, DECLINED: burdens.refused, ENDS_TERMS: burdens.denied}
        for kind, which in kinds.items():
            duty, run = np.nonzero(which)
            each = ask[duty]
            yield {
                "kind": kind,
                "run": run,
                "actor": state[duty],
                "against": layout.ask_target[each],
                "bloc": bloc[duty],
                "about": about[each],
                "amount": np.broadcast_to(worth, (worth.shape[0], which.shape[-1]))[each, run],
            }

    def _objections(self, choices: Choices) -> Iterator[Rows]:
        """Yield the objections to sales and purchases of fellow members."""
        objected: Any = choices.rows(choices.choice > 0)
        if len(objected):
            buys = objected.other["purchase"] > 0
            supplier = self.layout.supplier[objected.offer]
            yield {
                "kind": OBJECTION,
                "run": objected.column,
                "actor": objected.actor,
                "against": np.where(buys, objected.recipient, supplier),
                "aided": np.where(buys, supplier, objected.recipient),
                "bloc": objected.bloc,
                "about": self._offers(objected.offer),
            }

    def _judged(self, moment: Moment) -> Iterator[Rows]:
        """Yield the members that blocs themselves shut out, readmitted, expelled or admitted."""
        if not (moment.rules.discipline.acts or self.layout.candidate_rows.size):
            return
        choice, _ = moment.point(WithdrawalPoint)
        world, (i, b) = moment.passed.world, self.layout.member_index.T
        here, shut = world.member[i, b] > 0, world.shut_out[i, b]
        before = {"shut_out": self._shut + 0.0 * shut, "member": self._member + 0.0 * shut}
        for edit in moment.inputs.edits:
            if edit.field in before:
                at = np.nonzero((i == edit.cell[0]) & (b == edit.cell[1]))[0]
                before[edit.field][at] = edit.changed(before[edit.field][at])
        was = before["shut_out"]
        left = choice[i, b] > 0
        changes = {
            SHUT: here & (shut > was),
            READMITTED: here & (shut < was),
            JOINED: here & (before["member"] == 0),
            EXPELLED: ~here & ~left & (was > 0) & (before["member"] > 0),
        }
        for kind, which in changes.items():
            row, run = np.nonzero(which)
            yield {"kind": kind, "run": run, "actor": i[row], "bloc": b[row]}

    def _ladder(self, moment: Moment) -> Iterator[Rows]:
        """Yield steps of members on the ladder of disengagement, with the stage that they reach."""
        _, point = moment.point(WithdrawalPoint)
        world, law = moment.passed.world, moment.rules.membership
        i, b = self.layout.member_index.T
        there = (point.engagement[i, b] > 0) | (point.shut_out[i, b] > 0)  # not if just joined
        follows = there & (world.member[i, b] > 0) & (self.layout.leader[b] != i)[:, None]
        before = law.stage(engagement=point.before[i, b], frozen=self._frozen)
        after = law.stage(engagement=world.engagement[i, b], frozen=world.frozen[i, b])
        for kind, moved in ((DOWN, after > before), (UP, after < before)):
            row, run = np.nonzero(follows & moved)
            stage = after[row, run]
            yield {"kind": kind, "run": run, "actor": i[row], "bloc": b[row], "amount": stage}

    def _deterrence(self, moment: Moment) -> Iterator[Rows]:
        """Yield the dyads in which an attack begins, or ceases, to promise a gain."""
        if self._gain is None:
            return
        layout, gain = self.layout, moment.passed.view.gain
        was, now = self._gain > 0, gain > 0
        for kind, moved in ((LOST, now & ~was), (REGAINED, was & ~now)):
            dyad, run = np.nonzero(moved)
            sides = {"actor": layout.dyad_to[dyad], "against": layout.dyad_from[dyad]}
            yield {"kind": kind, "run": run, "amount": -gain[dyad, run], **sides}


def _sides(first: np.ndarray, one: np.ndarray, other: np.ndarray) -> Rows:
    """Return `one` as actor against `other` where `first`, else the other way round."""
    return {"actor": np.where(first, one, other), "against": np.where(first, other, one)}
