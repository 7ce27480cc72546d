"""The same theory as a plain Mesa model: one agent for each state and bloc, scalar loops.

It is written from the model's equations, not from the kernel, and uses neither its laws nor its
arrays, only the compiled scenario. A test compares it with the kernel on the same addressed draws;
with `random.Random` it is the speed baseline.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from bench.reference import (
    burdens,
    concessions,
    crises,
    events,
    facts,
    happenings,
    levers,
    market,
    metrics,
    money,
    orders,
    pipeline,
    sales,
    sanctions,
    ties,
    under_way,
)
from bench.reference.agents import DUST, BlocAgent, StateAgent, Theatre
from bench.reference.draws import AddressedDraws, Draws, OrdinaryDraws
from bench.reference.situation import Situation
from bench.reference.waits import Wait, waits_of
from sim.kernel.layout.layout import Layout
from sim.scenario.compile.build import Built, build
from sim.scenario.schema.root import Model

LONG_RANGE = 150.0  # km from which on a strike system counts as long-range
LEAST_HITS = 0.01  # below which a growth of hits has no meaning
LEAST_GROWTH = 1e-6  # below which a purchase added nothing
FROZEN = 3  # stage of the ladder
SUMS = (  # metrics that are sums over the periods so far
    "wars", "victories", "appeals", "answers", "internal_appeals", "internal_answers",
    "contributed", "declined", "voted", "abstained",
)  # fmt: skip

__all__ = ["AddressedDraws", "OrdinaryDraws", "ReferenceModel", "reference"]


def reference(model: Model, *, run: int, draws: Draws | None = None) -> ReferenceModel:
    """Return the reference of one run of a scenario's model, by default with addressed draws."""
    built = build(model, runs=np.array([run]), seed=model.seed)
    draws = AddressedDraws(model.seed, run) if draws is None else draws
    return ReferenceModel(built, draws, waits_of(model, draws, built.world.layout.calendar.dt))


def _sales(layout: Layout) -> tuple[list[pipeline.Sale], list[pipeline.Sale]]:
    """Return offer and recipient of the sales that events end, and of those that they suspend."""
    ended, held = (
        [(layout.offers[o], layout.states[i]) for o, i in table]
        for table in (layout.end_index, layout.hold_index)
    )
    return ended, held


def _threats(layout: Layout) -> list[tuple[Any, ...]]:
    """Return each threat: name, threatening state, buyer, seller, offers, first and last period."""
    names = layout.states
    return [
        (
            name,
            *(names[k] for k in layout.threat_parties[t]),
            {layout.offers[o] for n, o, _ in layout.threat_sales if n == t},
            int(layout.threat_from[t, 0]),
            int(layout.threat_until[t, 0]),
        )
        for t, name in enumerate(layout.threats)
    ]


class ReferenceModel(Theatre):
    """States and blocs in one run."""

    def __init__(self, built: Built, draws: Draws, waits: list[Wait]) -> None:
        """Read the first run of a compiled scenario into plain objects."""
        super().__init__(seed=0)
        world, layout = built.world, built.world.layout
        self.draws, self.dt, self.wars = draws, layout.calendar.dt, {}
        self.law = facts.laws_of(built.rules)
        self.classes, self.systems = facts.classes_of(world), facts.systems_of(world)
        self.offers, self.assets = facts.offers_of(world), facts.assets_of(world)
        self.grants = facts.grants_of(world)
        self.trade = facts.trade_of(world)
        names = layout.states
        self.civil = {(names[i], names[j]): 0.0 for i, j in layout.civil_index}
        rivals = zip(layout.dyad_from, layout.dyad_to, strict=True)
        self.pairs = [(names[i], names[j]) for i, j in rivals]
        self.buyers = [names[i] for i in layout.buyers]
        self.slots = layout.slots  # of events that ask for, order or transfer arms
        self.rounds, self.first = layout.rounds, layout.calendar.first
        self.queries = layout.queries
        self.embargo = facts.named_cells(world.embargo, layout.parties, layout.parties)
        self.clientele = facts.named_cells(world.clientele, layout.parties, layout.offers)
        self.inputs, self.layout, self.waits = built.inputs, layout, waits
        self.states = {name: StateAgent(self, name, world) for name in names}
        self.blocs = {name: BlocAgent(self, name, world) for name in layout.blocs}
        self.log = under_way.under_way(self, world)
        rows = zip(self.pairs, world.shift[:, 0], strict=True)
        self.shift = {pair: float(shift) for pair, shift in rows}
        self.threats = _threats(layout)
        self.levers = levers.levers_of(layout, [float(each) for each in world.lever_resolve[:, 0]])
        self.burdens = burdens.burdens_of(world)
        self.resolve = {n: float(world.resolve[t, 0]) for t, n in enumerate(layout.threats)}
        self.ended_sales = pipeline.EndedSales(*_sales(layout), list(names))
        self.series: list[metrics.Metrics] = []  # one entry a period

    def run(self) -> list[metrics.Metrics]:
        """Return the metrics of every period."""
        while self.running:
            self.step()
        return self.series

    def step(self) -> None:
        """Run one period."""
        inputs = self.inputs[len(self.series)]
        self.number = self.draws.period = inputs.number
        now = happenings.happenings_of(inputs, self.layout, self._due())
        events.happen(self, now)
        sanctions.lose(self)
        money.give(self)
        self.agents_by_type[StateAgent].do("grow")
        money.serve(self)

        before = Situation(self)
        wars = crises.clash(self, before, now, concessions.pressed(self, before, self.log))
        fought = crises.under_way(self, wars)
        crises.aftermath(self, before, wars, fought)
        heard = crises.answer(self, before, crises.appeals(self, before, wars, now))
        crises.strain(self, fought)

        pipeline.interrupt(self, self.log)
        concessions.concede(self, before, self.log)
        levers.carry_out(self)
        view = Situation(self, before.neighbour)
        duties = burdens.put(self, view)
        precedents = {name: bloc.precedent() for name, bloc in self.blocs.items()}
        exits = {
            (name, i): bloc.exit_option(i, view.strength)
            for name, bloc in self.blocs.items()
            for i in bloc.members
        }
        self.refusals = {name: dict(each.refusal) for name, each in self.states.items()}
        self.worths, self.draws.year = {}, self.number * self.rounds // 12
        for bloc in self.blocs.values():
            bloc.open_lines()
        at, flows = sales.Moment(self, precedents, view.strength), orders.Flows()
        for part in range(self.rounds):
            self.part = part
            self.draws.period = self.number * self.rounds + self.part  # a month, by date
            asks = self._asks(now, view, flows)
            for each in asks:
                sales.ask(at, each)
            if part == 0:
                queries = self._queries(at)
            self.log += orders.order(self, asks, flows)
        self.draws.period = self.number
        self._trade(flows)

        betrayal = ties.betrayals(self, flows)
        cut = sanctions.harms(self)
        ties.regard(self, flows, betrayal, cut)
        for dyad, harm in cut.items():
            betrayal[dyad] += harm
        harms = ties.remember(self, flows, betrayal, burdens.harms(self, duties))
        ties.shake(self, heard, harms)
        worth = ties.take_part(self, view, exits)
        after = Situation(self, before.neighbour)
        after.foresee(pipeline.coming(self, self.log))
        concessions.press(self, after, self.log, self.number + 1)
        self._last_strike(view, after, flows)
        for name, state in self.states.items():
            state.respond(after.insecurity[name])
        ended = metrics.Ended(after, flows, wars, fought, heard, precedents, worth, queries)
        self._record(metrics.measure(self, ended) | burdens.counts(self, duties))
        for wait in self.waits:
            wait.look(self, self.series[-1], self.log)

    def _due(self) -> set[int]:
        """Return the rows of the events on condition that are due."""
        return {at for at, wait in enumerate(self.waits) if wait.due == self.number}

    def _asks(
        self, now: happenings.Happenings, view: Situation, flows: orders.Flows
    ) -> list[sales.Ask]:
        """Return the requests of the market in a round, and in the first one those of events."""
        first = self.part * len(self.buyers) + (self.slots if self.part else 0)
        wishes = [
            market.wish(self, self.states[i], first + n, view, flows)
            for n, i in enumerate(self.buyers)
        ]
        asks = [wish for wish in wishes if wish is not None]
        if self.part:
            return asks
        for sale in now.sales:
            offer, state = self.offers[sale.offer], self.states[sale.recipient]
            why, by = market.stopped(self, offer, state.name)
            if sale.forced == happenings.ASKED and why:
                self.log.append(orders.stopped(self, sale, why, by))
                continue
            money = market.purse(self, state, flows)
            units = max(market.suggested(self, state, offer, money), offer.least)
            if sale.units > 0:
                units = sale.units
            kind = sale.forced, sale.value, money.room
            asks.append(sales.Ask(sale.slot, sale.recipient, offer, units, *kind))
        return asks

    def _queries(self, at: sales.Moment) -> metrics.Values:
        """Return the probability of consent to one batch of each sale that is watched."""
        found = {}
        for name, recipient in self.queries:
            query = sales.Ask(-1, recipient, self.offers[name], self.offers[name].batch)
            sales.ask(at, query)
            found[f"{query.offer.supplier}>{recipient} {name}"] = query.consent
        return found

    def _trade(self, flows: orders.Flows) -> None:
        """Deliver, pay and borrow."""
        self.agents_by_type[StateAgent].do("age")
        orders.deliver(self, self.log, self.slots, flows)
        orders.blend(self, flows)
        money.settle(self, flows.claims, flows.lent)
        money.rescue(self)

    def _last_strike(self, before: Situation, after: Situation, flows: orders.Flows) -> None:
        """Keep price and effect of the last strike purchase of each state."""
        for i, value in flows.strike_value.items():
            if value > DUST:
                state = self.states[i]
                state.strike_value = value
                for j in state.rivalry:
                    old = sum(before.hits[i, j].values()) + LEAST_HITS
                    new = sum(after.hits[i, j].values()) + LEAST_HITS
                    growth = math.log(new / old)
                    state.strike_growth[j] = growth if growth > LEAST_GROWTH else 0.0

    def _answered(self, found: metrics.Metrics, bloc: BlocAgent) -> float:
        """Return the share of appeals to a bloc so far that were answered."""
        if len(bloc.members) < metrics.PAIR:
            return math.nan
        rows = [f"{i}:{bloc.name}" for i in bloc.eligible]
        made = sum(found["appeals"][row] for row in rows)
        return sum(found["answers"][row] for row in rows) / made if made else 1.0

    def _record(self, found: metrics.Metrics) -> None:
        """Keep the metrics of the period, with the sums over the periods so far."""
        last = self.series[-1] if self.series else {}
        for name in SUMS:
            before = last.get(name, {})
            found[name] = {at: now + before.get(at, 0.0) for at, now in found[name].items()}
        found["answered"] = {name: self._answered(found, bloc) for name, bloc in self.blocs.items()}
        found |= burdens.shares(found)
        months = last.get("months_frozen", {})
        found["months_frozen"] = {
            bloc: months.get(bloc, 0.0) + (12 * self.dt if stage >= FROZEN else 0.0)
            for bloc, stage in found["ladder_stage"].items()
        }
        found["strike_ordered"] = dict.fromkeys(self.states, 0.0)
        found["strike_delivered"] = dict.fromkeys(self.states, 0.0)
        for entry in self.log:
            system = self.systems[entry.offer.system]
            if system.strike and system.range >= LONG_RANGE and entry.stage == orders.ORDERED:
                if entry.name is None:  # not under way before the start
                    found["strike_ordered"][entry.recipient] = 1.0
                came = entry.first is not None and entry.last >= self.inputs[0].number
                if came and (entry.heir is None or entry.kept > 0):
                    found["strike_delivered"][entry.recipient] = 1.0
                if came and entry.heir is not None and entry.delivered > entry.kept:
                    found["strike_delivered"][entry.heir] = 1.0
        self.series.append(found)
        self.running = len(self.series) < len(self.inputs)
