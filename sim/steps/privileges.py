"""Preferential terms: what a leader grants members, as seen by every buyer and supplier."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.kernel.arrays import NONE, Dyadic, Elementwise, Exportwise, Index, pick, put
from sim.kernel.exports import exported
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.credit_lines import lines


@dataclass(frozen=True, kw_only=True, eq=False)
class Privilege:
    """Terms of each recipient with each exporter, shares from 0 to 1."""

    discount: Exportwise
    credit: Exportwise  # share of the rest on credit


def excludes(world: World, rules: Rules) -> bool:
    """Return whether some member may be excluded from a bloc."""
    return world.layout.excludes or rules.discipline.acts


def preferences(world: World, rules: Rules) -> Elementwise:
    """Return the preference of each member in each bloc, 0 to 1: (states, blocs, runs)."""
    preference = world.preference[None]
    if "preference" in world.layout.member_terms:
        preference = np.where(world.own_preference >= 0, world.own_preference, preference)
    return rules.patronage.preference(preference=preference, engagement=world.engagement)


def privilege(world: World, rules: Rules) -> Privilege:
    """Return the best terms of any common bloc between each recipient and its leader."""
    preference = preferences(world, rules)
    discount: dict[int, Elementwise] = {}
    credit: dict[int, Elementwise] = {}
    size = len(world.layout.states)
    for bloc, leader in enumerate(world.layout.leader.tolist()):
        if world.layout.export_column[leader] == NONE:
            continue
        client = world.member[:, bloc] * world.member[leader, bloc]
        client = client * (np.arange(size) != leader)[:, None]
        if excludes(world, rules):
            client = client * (1 - world.shut_out[:, bloc])
        if world.layout.asks:
            client = client * (1 - world.denied[:, bloc])
        lent = _better(lines(world)[:, bloc], world.credit[bloc])
        if "credit" in world.layout.member_terms:
            own = world.own_credit[:, bloc]
            lent = np.where(own >= 0, own, lent)
        for table, terms in ((discount, preference[:, bloc]), (credit, lent)):
            table[leader] = _better(table.get(leader), client * terms)
    return Privilege(discount=_by_exporter(world, discount), credit=_by_exporter(world, credit))


def _better(old: Elementwise | None, new: Elementwise) -> Elementwise:
    return new if old is None else np.maximum(old, new)


def _by_exporter(world: World, columns: dict[int, Elementwise]) -> Exportwise:
    """Return columns of a few exporters as a table, zero elsewhere."""
    layout = world.layout
    table = np.zeros((len(layout.states), layout.exporters.size, world.engagement.shape[-1]))
    for leader, values in columns.items():
        place = slice(None), int(layout.export_column[leader])
        table = put(table, place, values, inplace=True)
    return table


@dataclass(frozen=True, eq=False)
class Terms:
    """Terms of offers to buyers: the offer's own, otherwise those of the bloc.

    Shares are from 0 to 1. Both indices end with the runs.
    """

    world: World
    privilege: Privilege
    buyer: Index
    offer: Index

    @cached_property
    def _dyad(self) -> tuple[Index, Index]:
        return self.buyer, pick(self.world.layout.supplier[:, None], self.offer)

    @cached_property
    def _export(self) -> tuple[Index, Index]:
        return self.buyer, pick(self.world.layout.offer_column[:, None], self.offer)

    @cached_property
    def discount(self) -> Elementwise:
        """Return the share of the price that is waived."""
        return own(self.world, "discount", self.offer, pick(self.privilege.discount, *self._export))

    @cached_property
    def credit(self) -> Elementwise:
        """Return the share of the rest on credit."""
        return own(self.world, "credit", self.offer, pick(self.privilege.credit, *self._export))

    @cached_property
    def rate(self) -> Elementwise:
        """Return the yearly interest on the credit."""
        return own(self.world, "rate", self.offer, pick(self.world.rate, *self._dyad))

    @cached_property
    def tenor(self) -> Elementwise:
        """Return the years of the credit."""
        return own(self.world, "tenor", self.offer, pick(self.world.tenor, *self._dyad))


def own(world: World, name: str, offer: Index, otherwise: Elementwise) -> Elementwise:
    """Return an offer's own term, otherwise that of its supplier."""
    if name not in world.layout.own_terms:
        return otherwise
    there = pick(getattr(world, f"offer_{name}"), offer)
    return np.where(there >= 0, there, otherwise)


def fellows(world: World) -> Dyadic:
    """Return 1 where two states share a bloc, else 0."""
    layout = world.layout
    shared = np.zeros((world.member.shape[0], *world.member.shape[::2]))
    row, k = layout.fellow_index.T
    i, bloc = layout.member_index[row].T
    both = world.member[i, bloc] * world.member[k, bloc]
    return put(shared, tuple(layout.fellow_dyads.T), layout.fellows_by_dyad.max(both), inplace=True)


def familiarity(world: World) -> Exportwise:
    """Return the share of each state's remembered imports that came from each exporter."""
    total = np.maximum(world.recent_tiv.sum(axis=1), 1e-9)
    return world.recent_tiv * (1 / total)[:, None]


def willing(world: World, clients: np.ndarray) -> Elementwise:
    """Return how far each k would replace losses of clients that leave a bloc, 0 to 1: [i, k]."""
    own = np.maximum(0.0, np.moveaxis(world.affinity[:, clients], 1, 0))
    return np.where(world.sponsor[clients] >= 0, world.sponsor[clients], own)


def exits(
    world: World, rules: Rules, strength: Elementwise, only: int | None = None
) -> Elementwise:
    """Return how far each state could do without each bloc's leader, 0 to 1.

    A bloc has 0 for states that are not among its `Layout.clients`. With `only` a state, as if it
    were the only one outside.
    """
    layout, affinity = world.layout, world.affinity
    states = np.arange(strength.shape[0])
    found = np.zeros((states.size, len(layout.blocs), strength.shape[-1]))
    for bloc, leader in enumerate(layout.leader.tolist()):
        clients = layout.clients[bloc]
        there = (states != leader) if only is None else (states != leader) & (states == only)
        outside = (1 - world.member[:, bloc]) * there[:, None]
        pull = rules.exit_option.pull(strength=strength, leader=strength[leader], outside=outside)
        more = {}
        if rules.exit_option.asks_for_will:
            more = {
                "outside": outside,
                "strength": strength,
                "own": strength[clients],
                "willing": willing(world, clients),
                "shared": affinity[:, leader],
            }
        option = rules.exit_option.exit(affinity=affinity[clients], pull=pull, **more)
        found = put(found, (clients, bloc), option, inplace=True)
    return found


def exits_by(*, world: World, rules: Rules, strength: Elementwise) -> Elementwise:
    """Return `exits` as each state alone outside would make them: (states, blocs, states, runs)."""
    states = range(len(world.layout.states))
    return np.stack([exits(world, rules, strength, only) for only in states], axis=2)


def own_budget(world: World, rules: Rules) -> Elementwise:
    """Return the yearly import budget of each state, in which flows are measured."""
    return rules.economy.budget(import_share=world.import_share, burden=world.borne, gdp=world.gdp)


def sold(world: World, rules: Rules, *, seller: Any, buyer: Any) -> Elementwise:
    """Return the remembered yearly sales of sellers to buyers, in years of the buyer's budget.

    Both are indices whose last axis is the runs.
    """
    value = exported(world.layout, world.recent_value, buyer, seller)
    return value / pick(own_budget(world, rules), buyer) / rules.precedent.memory
