"""Money: budgets, debt service, payment and rescue. All money has a source and a sink.

Budgets come from a state's treasury into its fund; payments for arms go to the supplier's
treasury, loans and their service from fund to fund. Unpaid sums are owed.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import DUST, Elementwise, Index, pick, put, put_at, share
from sim.kernel.noise import Noise, gumbel, normal
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.deliveries import Flows
from sim.steps.privileges import own_budget


def grow(*, world: World, rules: Rules, noise: Noise, dt: float) -> World:
    """Return the world after growth and the period's share of the budget."""
    layout = world.layout
    gdp = rules.economy.gdp(
        gdp=world.gdp,
        growth=world.growth,
        shock=noise.draw(normal("growth", layout.state_keys[:, None])),
        dt=dt,
    )
    world = world.but(gdp=gdp)
    return world.but(fund=world.fund + world.budget * dt)


def serve(*, world: World, rules: Rules, dt: float) -> World:
    """Return the world after debt service; payments that a fund cannot make are overdue.

    Payments are capped at what is due, and that at the debt, so that both stay non-negative. Civil
    loans are repaid from treasury to treasury.
    """
    if world.layout.civils:
        cells = tuple(world.layout.civil_index.T)
        repaid = rules.finance.due(
            debt=world.civil_debt, rate=0.0 * world.rate[cells], tenor=world.tenor[cells], dt=dt
        )
        world = world.but(civil_debt=world.civil_debt - repaid)
    service = rules.finance.due(debt=world.debt, rate=world.rate, tenor=world.tenor, dt=dt)
    owed = world.debt * (1 + world.rate * dt)
    due = np.minimum(service + world.arrears, owed)
    paid = due * _share(world, due)
    for_arms = np.minimum(world.arms_debt, world.debt)  # events may have cancelled some
    return world.but(
        fund=_floored(world.fund - paid.sum(axis=1) + paid.sum(axis=0)),
        debt=owed - paid,
        arms_debt=for_arms * share(owed - paid, world.debt, nothing=0.0),
        arrears=due - paid,
    )


def settle(*, world: World, flows: Flows) -> World:
    """Return the world after the period's payments for arms."""
    paid = flows.claims * _share(world, flows.claims)
    unpaid = flows.claims - paid
    owed, toward = flows.lent + unpaid, (slice(None), world.layout.exporters)
    return world.but(
        fund=_floored(world.fund - paid.sum(axis=1)),
        paid=world.paid + paid,
        debt=put(world.debt, toward, world.debt[toward] + owed),
        arms_debt=put(world.arms_debt, toward, world.arms_debt[toward] + owed),
        arrears=put(world.arrears, toward, world.arrears[toward] + unpaid),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Rescue:
    """The rescue loan of a period, by run: at most one."""

    borrower: Index  # (runs,)
    lender: Index  # (runs,)
    amount: Elementwise  # (runs,) million USD; 0 if there is none


def no_rescue(runs: int) -> Rescue:
    """Return the record of a period without a rescue loan."""
    nobody = np.zeros(runs, dtype=np.int64)
    return Rescue(borrower=nobody, lender=nobody, amount=np.zeros(runs))


def rescue(*, world: World, rules: Rules, noise: Noise) -> tuple[World, Rescue]:
    """Return the world after the state most in arrears got, or did not get, a rescue loan."""
    layout = world.layout
    law = rules.finance
    states = np.arange(len(layout.states))[:, None]
    overdue = world.arrears.sum(axis=1)
    budget = own_budget(world, rules)
    borrower = law.distress(overdue=overdue, budget=budget).argmax(axis=0)
    need = pick(overdue, borrower)
    claimant = pick(world.arrears, borrower, states).argmax(axis=0)
    terms = law.lending(
        affinity=pick(world.affinity, states, borrower),
        fund=world.fund,
        need=need[None],
        debt=pick(world.debt, borrower, states) / pick(budget, borrower),
    )
    by_chance, none = noise.draws(
        gumbel("rescue", layout.state_keys[:, None]), gumbel("rescue.none")
    )
    utility = sum(terms.values()) + by_chance
    able = (world.fund >= need) & (states != borrower) & (states != claimant)
    utility = np.where(able, utility, -np.inf)
    lender = utility.argmax(axis=0)
    lent = (need > DUST) & (utility.max(axis=0) > none)
    amount = need * lent
    cell = borrower, lender
    regard = pick(world.affinity, *cell)
    fund = put_at(world.fund, (borrower,), pick(world.fund, borrower) + amount)
    world = world.but(
        fund=put_at(fund, (lender,), pick(fund, lender) - amount),
        debt=put_at(world.debt, cell, pick(world.debt, *cell) + amount),
        affinity=put_at(world.affinity, cell, regard + law.thanks * lent * (1 - regard)),
    )
    return world, Rescue(borrower=borrower, lender=lender, amount=amount)


def _share(world: World, claims: Elementwise) -> Elementwise:
    """Return the share of its claims, 0 to 1, that each state's fund can pay."""
    total = claims.sum(axis=1)
    return np.minimum(1.0, world.fund / np.maximum(total, 1e-12))[:, None]


def _floored(amount: Elementwise) -> Elementwise:
    """Return amounts with negative rounding errors removed."""
    return np.maximum(amount, 0.0)
