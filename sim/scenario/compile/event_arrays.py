"""Events of a model, compiled to arrays of the same shape in every period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from sim.kernel.arrays import NONE
from sim.kernel.inputs import ASKED, FORCED, TRANSFERRED, Amendment, Edit, Inputs, TableChange
from sim.kernel.layout.layout import Layout
from sim.kernel.noise import entities
from sim.kernel.trigger import Trigger
from sim.scenario.compile.conditions import happened
from sim.scenario.compile.distributions import Draws
from sim.scenario.compile.goods import Goods
from sim.scenario.compile.layouts import slots_of
from sim.scenario.compile.threats import sale_of, threats_of
from sim.scenario.schema.bloc import BELIEF, ENGAGEMENT
from sim.scenario.schema.events import SETTABLE, Event
from sim.scenario.schema.root import Model

SALES = {"request": ASKED, "order": FORCED, "transfer": TRANSFERRED}
IN_TABLES = {*SALES, "incident", "appeal"}  # kinds of events


def inputs_of(
    model: Model, layout: Layout, draws: Draws, goods: Goods, triggers: tuple[Trigger, ...]
) -> list[Inputs]:
    """Return the events of every period, in the order of their kinds, then names.

    Those on condition are in every period, in rows of their own.
    """
    calendar = layout.calendar
    by_kind = sorted(model.events.items(), key=lambda item: (item[1].kind, item[0]))
    waiting = [(name, event) for name, event in by_kind if event.at is None]
    dated: list[list[tuple[str, Event]]] = [[] for _ in range(len(calendar))]
    for name, event in by_kind:
        if event.at is not None:
            dated[calendar.index(event.at)].append((name, event))
    appeals = slots_of(model, calendar, ("appeal",))
    happens = {name: happened(model, draws, name) for name in model.events}

    def period(number: int, events: list[tuple[str, Event]]) -> _Period:
        return _Period(
            model,
            layout,
            draws,
            goods,
            number=number,
            events=events,
            happens=happens,
            appeals=appeals,
        )

    quiet = period(calendar.first, []).tables()
    return [
        period(number, [*events, *waiting]).compiled(triggers, quiet)
        for number, events in enumerate(dated, start=calendar.first)
    ]


def event_number(draws: Draws, name: str, event: Event, key: str, value: Any) -> np.ndarray:
    """Return a number of an event, one for all runs or one for each."""
    number = draws.number(f"events.{name}.{event.kind}.{key}", value)
    return np.atleast_1d(np.asarray(number, dtype=np.float64))


class _Period:
    def __init__(
        self,
        model: Model,
        layout: Layout,
        draws: Draws,
        goods: Goods,
        *,
        number: int,
        events: list[tuple[str, Event]],
        happens: Mapping[str, np.ndarray],
        appeals: int,
    ) -> None:
        self.layout, self.draws, self.goods, self.events = layout, draws, goods, events
        self.number, self.happens, self.appeals = number, happens, appeals
        self.blocs, self.threats = model.blocs, threats_of(model)
        self.runs = draws.noise.runs.size
        self.at = {name: i for i, name in enumerate(layout.states)}
        self.party = {name: i for i, name in enumerate(layout.parties)}
        self.bloc = {name: b for b, name in enumerate(layout.blocs)}
        self.offer = {name: o for o, name in enumerate(layout.offers)}
        self.trigger = {name: row for row, name in enumerate(model.waiting)}
        self.entries: list[TableChange] = []

    def compiled(self, triggers: tuple[Trigger, ...], quiet: Mapping[str, np.ndarray]) -> Inputs:
        """Return the arrays of the period; `quiet` are the tables of all without such events."""
        edits = [edit for name, event in self.events for edit in self._edits(name, event)]
        edits += self._closed_lines()
        amendments = [
            Amendment(
                role=event.set_.path.entry,
                name=event.set_.path.key,
                value=self._number(name, event, "value", event.set_.value),
                **self._happens(name),
            )
            for name, event in self.events
            if event.set_ is not None and event.set_.path.of_law
        ]
        tables = self.tables() if any(e.kind in IN_TABLES for _, e in self.events) else quiet
        return Inputs(
            number=self.number,
            edits=tuple(edits),
            amendments=tuple(amendments),
            entries=tuple(self.entries),
            triggers=triggers,
            **tables,
        )

    def tables(self) -> dict[str, np.ndarray]:
        """Return the tables of what is asked for, of incidents and of appeals, by name."""
        return {**self._requests(), **self._incidents(), **self._appeals()}

    def _happens(self, name: str) -> dict[str, Any]:
        """Return the runs in which an event happens, and the row of its trigger, if it has one."""
        return {"happened": self.happens[name], "trigger": self.trigger.get(name, NONE)}

    def _enter(self, name: str, tables: dict[str, np.ndarray], row: int, **values: Any) -> None:
        """Write the effects of an event into a row of some tables, where and when it happens."""
        happens = self._happens(name)
        for table, value in values.items():
            if happens["trigger"] == NONE:
                tables[table][row] = np.where(happens["happened"] > 0, value, tables[table][row])
            else:
                cells = np.atleast_1d(value)
                self.entries.append(TableChange(table=table, row=row, value=cells, **happens))

    def _number(self, name: str, event: Event, key: str, value: Any) -> np.ndarray:
        return event_number(self.draws, name, event, key, value)

    def _edits(  # noqa: PLR0911 - one return for each kind of event
        self, name: str, event: Event
    ) -> list[Edit]:
        def edit(field: str, cell: tuple[int, ...], operation: str, value: Any) -> Edit:
            return Edit(
                field=field,
                cell=cell,
                operation=operation,
                value=np.atleast_1d(np.asarray(value, dtype=np.float64)),
                **self._happens(name),
            )

        if event.kind in {"loan", "forgive", "sanction"}:
            return self._dealings(name, event, edit)
        if (embargo := event.embargo) is not None:
            hit = [self.party[name] for name in embargo.recipient]
            if embargo.offers:
                goods, made = [self.offer[name] for name in embargo.offers], 2.0 * embargo.lift - 1
                return [edit("clientele", (i, o), "set", made) for i in hit for o in goods]
            by = [self.party[name] for name in embargo.supplier]
            banned = 0.0 if embargo.lift else 1.0 + embargo.pipeline
            return [edit("embargo", (j, i), "set", banned) for j in by for i in hit if i != j]
        if event.kind in {"membership", "exclude", "contribution"}:
            return self._membership(name, event, edit)
        if (budget := event.budget) is not None:
            factor = self._number(name, event, "factor", budget.factor)
            return [edit("burden", (self.at[budget.state],), "scale", factor)]
        if (ward := event.sponsor) is not None:
            willing = self._number(name, event, "willing", ward.willing)
            return [edit("sponsor", (self.at[ward.client], self.at[ward.sponsor]), "set", willing)]
        if event.rivalry is not None or event.affinity is not None:
            return self._moves(name, event, edit)
        if event.set_ is not None and not event.set_.path.of_law:
            return [self._set(name, event, edit)]
        return self._halts(name, event, edit)

    def _dealings(self, name: str, event: Event, edit: Any) -> list[Edit]:
        """Return the effects of an event on debts and trade."""
        if (loan := event.loan) is not None:
            amount = self._number(name, event, "amount", loan.amount)
            i, k = self.at[loan.borrower], self.at[loan.lender]
            if loan.for_ == "economy":
                return [edit("civil_debt", (row,), "add", amount) for row in self._civil(i, k)]
            return [
                edit("fund", (k,), "add", -amount),  # the treasury lends the rest
                edit("fund", (i,), "add", amount),
                edit("debt", (i, k), "add", amount),
            ]
        if (relief := event.forgive) is not None:
            left = 1 - self._number(name, event, "part", relief.part)
            i, k = self.at[relief.debtor], self.at[relief.creditor]
            owed = [edit(each, (i, k), "scale", left) for each in ("debt", "arms_debt", "arrears")]
            return owed + [edit("civil_debt", (n,), "scale", left) for n in self._civil(i, k)]
        assert event.sanction is not None  # noqa: S101 - the caller has checked
        cut = self._number(name, event, "cut", event.sanction.cut)
        return [edit("sanction", (row,), "set", cut) for row in self._hit(event.sanction)]

    def _civil(self, debtor: int, creditor: int) -> list[int]:
        """Return the row of the civil debt of one state to another, if it may have any."""
        rows = self.layout.civil_index.tolist()
        return [n for n, each in enumerate(rows) if each == [debtor, creditor]]

    def _hit(self, sanction: Any) -> list[int]:
        """Return the rows of the dyads, among those that trade, that a sanction is about."""
        pairs = {(self.at[i], self.at[j]) for i in sanction.against for j in sanction.by}
        return [n for n, each in enumerate(self.layout.trade_index.tolist()) if (*each,) in pairs]

    def _membership(self, name: str, event: Event, edit: Any) -> list[Edit]:
        """Return the effects of an event on a membership, or its call on members."""
        if event.contribution is not None:
            row = self.layout.asks.index(name)
            return [edit("asked", (row,), "set", float(self.number))]
        if (out := event.exclude) is not None:
            cell = self.at[out.state], self.bloc[out.bloc]
            return [edit("shut_out", cell, "set", float(not out.lift))]
        joins = event.membership
        assert joins is not None  # noqa: S101 - the caller has checked
        cell, now = (self.at[joins.state], self.bloc[joins.bloc]), float(joins.member)
        return [
            edit("member", cell, "set", now),
            edit("engagement", cell, "set", now * ENGAGEMENT),
            edit("belief", cell, "set", now * BELIEF),
            edit("exited", cell, "set", 1.0 - now),
        ]

    def _halts(self, name: str, event: Event, edit: Any) -> list[Edit]:
        """Return the effects of an event on orders under way, or on threats against them."""
        if (threat := event.threat) is not None:
            resolve = 0.0 if threat.lift else self._number(name, event, "resolve", threat.resolve)
            row = [sale_of(each) for each in self.threats.values()].index(sale_of(threat))
            return [edit("resolve", (row,), "set", resolve)]
        if (halt := event.suspend) is not None:
            rows = self._sales(halt, self.layout.hold_index)
            return [edit("suspended", (row,), "set", float(not halt.lift)) for row in rows]
        end = event.cancel or event.divert
        heir = NONE if event.divert is None else self.at[event.divert.to]
        return [
            edit(field, (row,), "set", float(value))
            for row in ([] if end is None else self._sales(end, self.layout.end_index))
            for field, value in (("ended", self.number), ("heir", heir))
        ]

    def _sales(self, sale: Any, sales: np.ndarray) -> list[int]:
        """Return the rows, among some sales, of the offers that an event means."""
        offers = self.goods.offers_of(sale.supplier, sale.system)
        mine = [(self.offer[name], self.at[sale.recipient]) for name in offers]
        return [row for row, each in enumerate(sales.tolist()) if (*each,) in mine]

    def _moves(self, name: str, event: Event, edit: Any) -> list[Edit]:
        move = event.rivalry if event.rivalry is not None else event.affinity
        assert move is not None  # noqa: S101 - the caller has checked
        cell: tuple[int, ...] = (self.at[move.state], self.at[move.toward])
        if event.rivalry is not None:
            cell = (int(self.layout.dyad_number[cell]),)
        operation, key = ("add", "change") if move.value is None else ("set", "value")
        size = move.change if move.value is None else move.value
        value = self._number(name, event, key, size)
        edits = [edit(event.kind, cell, operation, value)]
        if event.affinity is not None and event.affinity.lasting != 0.0:
            part = self._number(name, event, "lasting", event.affinity.lasting)
            if operation == "set":  # the base goes that part of the way to the value
                edits.append(edit("affinity_base", cell, "scale", 1 - part))
            edits.append(edit("affinity_base", cell, "add", part * value))
        return edits

    def _set(self, name: str, event: Event, edit: Any) -> Edit:
        assert event.set_ is not None  # noqa: S101 - the caller has checked
        block, name_, _, *states = event.set_.path.steps
        rows = {"states": self.at, "blocs": self.bloc, "offers": self.offer}[block]
        cell = (*(self.at[state] for state in states), rows[name_])
        value = self._number(name, event, "value", event.set_.value)
        edited: Edit = edit(SETTABLE[event.set_.form], cell, "set", value)
        return edited

    def _closed_lines(self) -> Iterator[Edit]:
        """Yield the lines of credit that are closed from the period on."""
        for name, bloc in self.blocs.items():
            for member, until in bloc.credit_until.items():
                if self.layout.calendar.last_number(until) + 1 == self.number:
                    yield Edit(
                        field="credit_left",
                        cell=(self.at[member], self.bloc[name]),
                        operation="set",
                        value=np.zeros(1),
                        happened=np.ones(self.runs),
                    )

    def _requests(self) -> dict[str, np.ndarray]:
        slots, runs = self.layout.slots, self.runs
        recipient, forced = np.full((slots, 1), NONE), np.full((slots, 1), ASKED)
        table = {"offer": np.full((slots, runs), NONE)}
        units, value = np.zeros((slots, runs)), np.zeros((slots, runs))
        taken = 0
        for name, event in self.events:
            if event.kind not in SALES:
                continue
            sale: Any = event.action
            number = self.offer[self.goods.offer_of(sale.supplier, sale.system, sale.recipient)]
            recipient[taken], forced[taken] = self.at[sale.recipient], SALES[event.kind]
            self._enter(name, table, taken, offer=number)
            if event.request is None:
                units[taken] = self._number(name, event, "units", sale.units)
            if event.transfer is not None:
                value[taken] = self._number(name, event, "value", sale.value)
            taken += 1
        return {
            **table, "recipient": recipient, "forced": forced, "units": units, "value": value,
        }  # fmt: skip

    def _incidents(self) -> dict[str, np.ndarray]:
        dyads, runs = self.layout.rival_dyads, self.runs
        table = {
            "incident": np.zeros((dyads.size, runs), dtype=np.int64),
            "war": np.full((dyads.size, runs), NONE),
            "attacker": np.full((dyads.size, runs), NONE),
            "winner": np.full((dyads.size, runs), NONE),
            "length": np.full((dyads.size, runs), -1.0),
            "intensity": np.ones((dyads.size, runs)),
            "pleads": np.ones((dyads.size, runs)),
        }
        for name, event in self.events:
            if (crisis := event.incident) is None:
                continue
            first, second = sorted(self.at[state] for state in crisis.states)
            row = int(np.searchsorted(dyads, self.layout.dyad_number[first, second]))
            known: dict[str, Any] = {
                "incident": 1,
                "war": crisis.war,
                "attacker": crisis.attacker and self.at[crisis.attacker] == second,
                "winner": crisis.winner and self.at[crisis.winner] == second,
                "length": self._length(name, event),
                "intensity": self._number(name, event, "intensity", crisis.intensity),
                "pleads": crisis.appeal,
            }
            known = {key: value for key, value in known.items() if value is not None}
            self._enter(name, table, row, **known)
        return table

    def _length(self, name: str, event: Event) -> Any:
        """Return the years that a war of an event lasts, up to the end of a date; None: unsaid."""
        crisis = event.incident
        assert crisis is not None  # noqa: S101 - the caller has checked
        calendar = self.layout.calendar
        if crisis.until is not None:
            return max(calendar.last_number(crisis.until) - self.number + 1, 1) * calendar.dt
        if crisis.length is not None:
            return self._number(name, event, "length", crisis.length)
        return None

    def _appeals(self) -> dict[str, np.ndarray]:
        size, runs = self.appeals, self.runs
        table = {name: np.full((size, 1), NONE) for name in ("victim", "bloc", "against")}
        table["appealed"], answer = np.zeros((size, runs)), np.full((size, runs), -1.0)
        names = [""] * size
        appeals = [(name, event) for name, event in self.events if event.appeal is not None]
        for row, (name, event) in enumerate(appeals):
            appeal = event.appeal
            assert appeal is not None  # noqa: S101 - the list has only those
            names[row] = name
            table["victim"][row], table["bloc"][row] = self.at[appeal.state], self.bloc[appeal.bloc]
            if appeal.attacker is not None:
                table["against"][row] = self.at[appeal.attacker]
            self._enter(name, table, row, appealed=1.0)
            if appeal.answer is not None:
                answer[row] = self._number(name, event, "answer", appeal.answer)
        keys = entities(names)
        return {**table, "answer": answer, "appeal_keys": keys}
