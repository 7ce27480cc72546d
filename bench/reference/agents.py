"""The agents: states and blocs as Mesa agents with plain numbers and dictionaries."""

from __future__ import annotations

import math
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import mesa

from bench.reference.draws import Draws
from bench.reference.facts import Asset, Grant, Offer, System, Trade, WeaponClass, row
from bench.reference.levers import Lever
from sim.kernel.arrays import NONE
from sim.kernel.world import World

DUST = 1e-6  # million USD: smaller sums are not lent, left or overdue
TINY = 1e-300  # added to denominators, so that 0 / 0 is 0
NUMBERS = (
    "gdp", "fund", "growth", "burden", "import_share", "reputation", "find", "export_scale",
    "strain", "arming", "insecurity_before", "faith_before",
)  # fmt: skip
DYADS = (
    "affinity", "affinity_base", "debt", "arms_debt", "arrears", "rate", "tenor", "sponsor",
)  # fmt: skip
EXPORTS = ("recent_tiv", "recent_value", "refusal", "unused")  # by exporter
MEMBERSHIPS = (
    "member", "engagement", "belief", "grievance", "rent", "supplied_members",
    "supplied_rivals", "credit_line", "credit_left", "exited", "shut_out", "denied", "shaken",
    "frozen", "own_preference", "own_credit", "to_leader", "by_land",
)  # fmt: skip


class Theatre(mesa.Model):
    """The state of the model that the steps of a period use: agents, goods, laws and draws."""

    states: dict[str, StateAgent]
    blocs: dict[str, BlocAgent]
    classes: dict[str, WeaponClass]
    systems: dict[str, System]
    offers: dict[str, Offer]
    assets: dict[str, Asset]
    grants: list[Grant]
    civil: dict[tuple[str, str], float]  # debts of civil loans
    trade: dict[tuple[str, str], Trade]  # by the state that may be hit and the one that cuts
    pairs: list[tuple[str, str]]  # directed rival dyads
    buyers: list[str]
    levers: list[Lever]
    burdens: list[Any]  # contributions that blocs ask of members
    log: list[Any]  # of orders
    threats: list[tuple[Any, ...]]  # name, by, buyer, seller, offers, first and last period
    resolve: dict[str, float]
    ended_sales: Any  # effects of events on sales
    shift: dict[tuple[str, str], float]  # loss of an attacker by waiting
    law: SimpleNamespace
    draws: Draws
    embargo: dict[tuple[str, str], float]  # by party: supplier and recipient
    clientele: dict[tuple[str, str], float]  # by party and offer: 1 made, -1 refused to it
    wars: dict[tuple[str, str], Any]  # the latest of each rival dyad that has fought
    dt: float  # years
    number: int  # of the period, by date
    rounds: int  # of the market, in a period
    part: int  # number of the round
    first: int  # period, by date
    worths: dict[str, dict[str, float]]  # of offers to each buyer, in the period
    refusals: dict[str, dict[str, float]]  # remembered at the beginning of the period

    def gifts(self) -> list[Grant]:
        """Return the grants that are paid in the period."""
        return [each for each in self.grants if each.first <= self.number <= each.last]

    def fellow(self, i: str, j: str) -> bool:
        """Return whether two states share a bloc."""
        return any(b.member[i] and b.member[j] for b in self.blocs.values())

    def parties(self, i: str) -> list[str]:
        """Return a state and the blocs that it is a member of."""
        return [i, *(name for name, bloc in self.blocs.items() if bloc.member[i])]

    def withholder(self, offer: str, buyer: str) -> str | None:
        """Return the state that withholds an offer from a buyer, or None."""
        for each in self.levers:
            if each.done and each.buyer == buyer and offer in each.offers:
                return each.holder
        return None

    def ban(self, deciders: Iterable[str], buyer: str) -> float:
        """Return the strictest embargo of some states on a buyer; 2 holds up orders, too."""
        theirs = self.parties(buyer)
        return max(self.embargo[a, b] for j in deciders for a in self.parties(j) for b in theirs)


class StateAgent(mesa.Agent):
    """A state: its money, arms and regards."""

    def __init__(self, model: Theatre, name: str, world: World) -> None:
        """Read the state's row of the world."""
        super().__init__(model)
        layout, at = world.layout, world.layout.states.index(name)
        self.name = name
        for each in NUMBERS:
            setattr(self, each, row(getattr(world, each), at))
        for each in DYADS:
            table = getattr(world, each)
            others = {j: row(table, at, k) for k, j in enumerate(layout.states) if k != at}
            setattr(self, each, others)
        exporters = {layout.states[j]: n for n, j in enumerate(layout.exporters) if j != at}
        for each in EXPORTS:
            table = {j: row(getattr(world, each), at, n) for j, n in exporters.items()}
            setattr(self, each, dict.fromkeys(self.affinity, 0.0) | table)
        units = {w: row(world.arsenal, at, n) for n, w in enumerate(layout.systems)}
        self.arsenal = {w: held for w, held in units.items() if held > 0}
        towards = [p for p, i in enumerate(layout.dyad_from) if i == at]
        names = {p: layout.states[layout.dyad_to[p]] for p in towards}
        self.rivalry = {names[p]: row(world.rivalry, p) for p in towards}
        self.distance = {names[p]: row(world.distance, p) for p in towards}
        self.strike_growth = {names[p]: row(world.last_strike_growth, p) for p in towards}
        self.strike_value = row(world.last_strike_value, at)
        self.neighbours = [layout.states[k] for k in layout.neighbours[at] if k != NONE]

    @property
    def borne(self) -> float:
        """Return the burden: the scenario's times the factor of the law of budgets."""
        return min(self.burden * self.arming, 1.0)

    @property
    def spending(self) -> float:
        """Return military spending, million USD a year."""
        return self.borne * self.gdp

    @property
    def budget(self) -> float:
        """Return the yearly import budget."""
        return self.import_share * self.spending

    @property
    def measure(self) -> float:
        """Return the budget in which flows are measured."""
        share = max(self.import_share, self.model.law.economy.least_imports)
        return max(share * self.spending, 1e-6)

    def familiarity(self, supplier: str) -> float:
        """Return the share of the state's remembered imports that came from a supplier."""
        return self.recent_tiv.get(supplier, 0.0) / max(sum(self.recent_tiv.values()), 1e-9)

    def grow(self) -> None:
        """Let the economy grow, and put the period's share of the budget aside."""
        model, dt = self.model, self.model.dt
        sigma = model.law.economy.volatility
        shock = model.draws.normal("growth", self.name)
        self.gdp *= math.exp((self.growth - sigma**2 / 2) * dt + sigma * math.sqrt(dt) * shock)
        self.fund += self.budget * dt

    def faith(self) -> float:
        """Return the state's faith in aid by the bloc in which it is highest."""
        blocs = self.model.blocs.values()
        return max([b.commitment * b.belief[self.name] * b.member[self.name] for b in blocs] or [0])

    def respond(self, insecurity: float) -> None:
        """Let the budget follow threat and lost faith."""
        law, dt = self.model.law.budget, self.model.dt
        if law.form == "FixedBudget":
            return
        if law.form != "ResponsiveBudget":
            raise ValueError(law.form)
        threat = (insecurity + 0.01) / (self.insecurity_before + 0.01)
        lost = self.faith_before - self.faith()
        aim = threat**law.elasticity * math.exp(law.by_faith * lost)
        aim = min(max(aim, 1 / law.ceiling), law.ceiling)
        self.arming += (aim - self.arming) * chance(1 / law.delay, dt)

    def age(self) -> None:
        """Let the arsenal age."""
        model = self.model
        for w in self.arsenal:
            self.arsenal[w] *= math.exp(-model.dt / model.classes[model.systems[w].cls].life)


class BlocAgent(mesa.Agent):
    """A bloc: its terms, and its numbers about each member."""

    credit_open: dict[str, bool]  # whether lines had credit left at the beginning of the period
    credit_before: dict[str, float]  # credit left at the beginning of a round

    def __init__(self, model: Theatre, name: str, world: World) -> None:
        """Read the bloc's row of the world."""
        super().__init__(model)
        layout, b = world.layout, world.layout.blocs.index(name)
        self.name = name
        self.leader = layout.states[layout.leader[b]]
        for each in (
            "commitment", "norm", "custom", "inside", "pivotal", "preference", "credit", "coercion",
        ):  # fmt: skip
            setattr(self, each, row(getattr(world, each), b))
        for each in MEMBERSHIPS:
            table = getattr(world, each)
            setattr(self, each, {i: row(table, n, b) for n, i in enumerate(layout.states)})
        self.eligible = [i for n, i in enumerate(layout.states) if layout.eligible[n, b]]
        self.founders = self.members
        self.scope = {i for n, i in enumerate(layout.states) if layout.scope[b, n] > 0}
        self.area = {i for n, i in enumerate(layout.states) if layout.area[b, n] > 0}
        self.candidates = [i for n, i in enumerate(layout.states) if layout.candidates[n, b]]
        self.weights = [row(world.cohesion_weights, part, b) for part in range(3)]

    @property
    def members(self) -> list[str]:
        """Return the members, by name."""
        return [i for i in self.eligible if self.member[i]]

    def spared(self, regard: float) -> float:
        """Return the regard for an attacker that still shields it from the bloc."""
        return regard - self.pivotal * max(0.0, regard)

    def open_lines(self) -> None:
        """Keep which lines have credit left."""
        self.credit_open = {i: left > DUST for i, left in self.credit_left.items()}

    def terms(self, member: str) -> float:
        """Return the share of the price that the leader waives for a member."""
        law, own = self.model.law.patronage, self.own_preference[member]
        preference = own if own >= 0 else self.preference
        if law.form == "FixedPatronage":
            return preference
        if law.form != "AdaptivePatronage":
            raise ValueError(law.form)
        missing = max(0.0, law.expected - self.engagement[member])
        return min(0.9, preference + law.generosity * missing)

    def precedent(self) -> float:
        """Return how far arming a fellow member's rival has become normal, 0 to 1."""
        harmful = total = 0.0
        for k in self.eligible:
            harmful += self.supplied_rivals[k]
            total += self.supplied_rivals[k] + self.supplied_members[k]
        return harmful / max(total, 1e-9)

    def exit_option(self, client: str, strength: dict[str, float]) -> float:
        """Return how far a client could walk away from the leader, 0 to 1."""
        state, law = self.model.states[client], self.model.law.exit_option
        if law.form == "Sponsors":
            return self.sponsored(state, strength)
        if law.form != "ExitOption":
            raise ValueError(law.form)
        best = 0.0
        for k, regard in state.affinity.items():
            if k != self.leader and not self.member[k]:
                pull = strength[k] / max(strength[k] + strength[self.leader], TINY)
                best = max(best, regard * pull)
        return best

    def sponsored(self, client: StateAgent, strength: dict[str, float]) -> float:
        """Return how far states that are willing to replace the bloc could do so, 0 to 1."""
        total = 0.0
        for k, regard in client.affinity.items():
            if k == self.leader or self.member[k]:
                continue
            sponsor = self.model.states[k]
            willing = client.sponsor[k]
            if willing < 0:
                willing = max(0.0, sponsor.affinity[client.name])
            against = max(strength[k] + strength[client.name], TINY)
            shared = max(0.0, sponsor.affinity[self.leader])
            total += willing * max(0.0, regard) * (1 - shared) * strength[k] / against
        return 1 - math.exp(-self.model.law.exit_option.satiation * total)


def logistic(x: float) -> float:
    """Return 1 / (1 + exp(-x)), 0 to 1, without overflow."""
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    odds = math.exp(x)
    return odds / (1.0 + odds)


def chance(rate: float, dt: float) -> float:
    """Return the probability that something of this yearly rate happens in dt years."""
    return 1.0 - math.exp(-rate * dt)


def terms(model: Theatre, buyer: str, offer: Offer) -> tuple[float, float]:
    """Return the shares waived and put on credit: the offer's own, else those of the bloc."""
    discount, credit = privilege(model, buyer, offer.supplier)
    if offer.offer_discount >= 0:
        discount = offer.offer_discount
    if offer.offer_credit >= 0:
        credit = offer.offer_credit
    return discount, credit


def privilege(model: Theatre, buyer: str, supplier: str) -> tuple[float, float]:
    """Return the shares waived and put on credit when a buyer asks a leader of its bloc."""
    discount = credit = 0.0
    for bloc in model.blocs.values():
        if bloc.shut_out[buyer] or bloc.denied[buyer]:
            continue
        if bloc.leader == supplier != buyer and bloc.member[buyer] and bloc.member[supplier]:
            discount = max(discount, bloc.terms(buyer))
            line = bloc.credit_line[buyer] if bloc.credit_open[buyer] else 0.0
            own = bloc.own_credit[buyer]
            credit = max(credit, own if own >= 0 else max(bloc.credit, line))
    return discount, credit


def lines_of(model: Theatre, buyer: str, offer: Offer) -> list[BlocAgent]:
    """Return the blocs on whose line of credit a buyer would draw."""
    return [
        bloc
        for bloc in model.blocs.values()
        if bloc.leader == offer.supplier
        and bloc.member[buyer]
        and bloc.member[bloc.leader]
        and bloc.credit_line[buyer] > bloc.credit
        and bloc.own_credit[buyer] < 0
        and offer.offer_credit < 0
    ]
