"""Conservation: every dollar and every unit has a source and a sink, in each run and period.

Each check returns the first fault as text, empty if there is none, for built runs, by default those
of the small world.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.conform.claims import apart
from sim.conform.small_world import built, passing, small
from sim.kernel.exports import whole_table
from sim.kernel.inputs import TRANSFERRED
from sim.kernel.world import CANCELLED, ORDERED, Log, World
from sim.laws.contract import Contract
from sim.laws.quality import Quality
from sim.scenario.compile.build import Built
from sim.steps.grants import given, granted

RUNS = 32
CENT = 1e-8  # relative to the sums compared


def money(parts: Built | None = None) -> str:
    """Return where money appears or is lost, given budgets, payments for arms, and loans.

    A change of debt, apart from interest and unpaid amounts, moves money between funds.
    """
    parts = _small() if parts is None else parts
    contract, dt = parts.rules.contract, parts.world.layout.calendar.dt
    for (before, after), inputs in zip(passing(parts), parts.inputs, strict=True):
        loans = np.zeros(before.debt.shape)
        owed = 1.0 * before.debt  # without what creditors cancel
        for edit in inputs.resolved(after.due).edits:
            if edit.field == "debt" and edit.operation == "scale":
                owed[edit.cell] *= np.where(edit.happened > 0, edit.value, 1.0)
            elif edit.field == "debt":
                loans[edit.cell] += edit.value * edit.happened
        lent = np.minimum(loans.sum(axis=0), before.fund)  # the treasury lends the rest
        layout, number = before.layout, after.period
        worth = granted(before, number, dt) * layout.grant_of_arms
        gifts = given(before, worth) if layout.grants else 0.0 * before.debt
        ready = before.fund + loans.sum(axis=1) - lent
        gained = gifts.sum(axis=1) - np.minimum(gifts.sum(axis=0), ready)
        budget = after.but(arming=before.arming).budget * dt  # before the budget responded
        paid = after.paid - before.paid
        called = _called(after, contract) - _called(before, contract)
        unpaid = whole_table(layout, called - paid)
        moved = after.debt - (owed + loans) * (1 + before.rate * dt) - unpaid
        expected = (
            budget
            + gained
            - paid.sum(axis=1)
            + (loans + moved).sum(axis=1)
            - moved.sum(axis=0)
            - lent
        )
        change = after.fund - before.fund
        scale = 1.0 + before.fund.sum()  # relative to all money
        if fault := _fault(change / scale, expected / scale, "funds and what moved", after):
            return fault
        whole = (budget + gained - paid.sum(axis=1) + loans.sum(axis=1) - lent).sum(axis=0)
        if fault := _fault(change.sum(axis=0), whole, "all funds, budgets less payments", after):
            return fault
    return ""


def contracts(parts: Built | None = None) -> str:
    """Return where the value of a contract is not the sum paid, owed and still to be called."""
    parts = _small() if parts is None else parts
    end = passing(parts)[-1][1]
    log, contract = end.log, parts.rules.contract
    still = (log.stage == ORDERED) * log.value - sum(_called_for(log, contract))
    owed = _called(end, contract) - end.paid
    low = min(float(still.min()), float(owed.min()))
    if low < -CENT * max(float(log.value.max()), 1.0):
        return f"{low:.6g} million USD are still to come or owed"
    done = still[(log.left == 0) & (log.fate != CANCELLED)]
    return _fault(done, 0.0 * done, "fully delivered, and still to be called for", end)


def units(parts: Built | None = None) -> str:
    """Return where a unit appears or is lost between stocks, orders, arsenals and withdrawals."""
    parts = _small() if parts is None else parts
    peace = {("war", "loss_winner"): 0.0, ("war", "loss_loser"): 0.0}
    world, layout = parts.world, parts.world.layout
    ageing = np.exp(-layout.calendar.dt / world.life[layout.class_of])
    for before, after in passing(replace(parts, rules=parts.rules.but(peace))):
        old, log = before.log, after.log
        arsenal = before.arsenal * ageing * _unspent(before, after)
        law = parts.rules.quality
        holders = np.broadcast_to(log.recipient, log.offer.shape), log.heir
        for now, then, holder in zip(
            _serviceable(log, law), _serviceable(old, law), holders, strict=True
        ):
            row, run = np.nonzero(now - then)
            offer = log.offer[row, run]
            cells = holder[row, run], layout.system[offer], run
            moved = (now - then)[row, run] * before.condition[offer, 0]
            np.add.at(arsenal, cells, moved)
            gift = log.forced[row, run] == TRANSFERRED
            np.subtract.at(arsenal, (layout.supplier[offer], *cells[1:]), moved * gift)
        if fault := _fault(after.arsenal, arsenal, "arsenals and deliveries", after):
            return fault
        taken = np.zeros(after.stock.shape)
        ordered = _bought(log) - _bought(old)
        row, run = np.nonzero(ordered)
        np.add.at(taken, (log.offer[row, run], run), ordered[row, run])
        limited = np.isfinite(before.stock)
        left = np.maximum(before.stock - taken, 0.0)[limited]  # orders of events do not need stock
        if fault := _fault(after.stock[limited], left, "stocks and orders", after):
            return fault
        if np.any(log.delivered > log.units * (1 + CENT)) or np.any(log.withdrawn > log.delivered):
            return f"more was delivered than ordered, or withdrawn than delivered ({_when(after)})"
    return ""


def _small() -> Built:
    return built(small(), RUNS)


def _unspent(before: World, after: World) -> np.ndarray:
    """Return the share of each arsenal that remains after the wars of a period: (states, ...)."""
    layout, number = after.layout, after.period
    left = np.ones(after.arsenal.shape)
    begun = after.war_since != before.war_since
    for pair, dyad in enumerate(layout.rival_dyads.tolist()):
        for world, last, goes_on in (
            (after, number, after.war_until[pair] >= number),
            (before, before.war_until[pair], begun[pair] & (before.war_until[pair] >= number)),
        ):
            whole = world.war_until[pair] - world.war_since[pair] + 1
            part = (last - number + 1) / whole * goes_on
            for side in (dyad, int(layout.reverse[dyad])):
                ways = world.reach[layout.shot_dyad == side].min(axis=0, initial=np.inf)
                reaches = (world.range >= ways) & (world.cep > 0)
                fired = world.war_intensity[pair] * world.expended * reaches
                left[layout.dyad_from[side]] *= (1 - fired) ** part
    return left


def _serviceable(log: Log, law: Quality) -> tuple[np.ndarray, np.ndarray]:
    """Return the units of each row in service: by the buyer, and by the state that took over."""
    whole = np.asarray(log.delivered - log.withdrawn + log.repaired)
    repaired = np.minimum(log.repaired, law.back(withdrawn=log.kept_withdrawn))
    own = np.where(log.heir >= 0, log.kept - log.kept_withdrawn + repaired, whole)
    return own, whole - own


def _bought(log: Log) -> np.ndarray:
    """Return the units of each row taken from stock; of a cancelled order, those delivered."""
    units = np.where(log.fate == CANCELLED, log.delivered, log.units)
    return np.asarray((log.stage == ORDERED) * units * (log.forced != TRANSFERRED))


def _called_for(log: Log, contract: Contract) -> tuple[np.ndarray, np.ndarray]:
    """Return the money that each row of a log has called for: deposit, instalments and credit.

    The first array is for the buyer, the second for the state that took the order over.
    """
    prepaid = np.where(log.forced == TRANSFERRED, 0.0, contract.deposit * (1 - log.credit))
    ahead, whole = prepaid * log.value, np.where(log.units > 0, log.units, 1.0)
    came, kept = log.delivered / whole, log.kept / whole
    called = (log.stage == ORDERED) * (ahead + came * (log.value - ahead))
    own = np.where(log.heir >= 0, kept * log.value, called)
    return own, called - own


def _called(world: World, contract: Contract) -> np.ndarray:
    """Return the money called for so far: (payers, exporters, runs)."""
    log, layout = world.log, world.layout
    table = np.zeros((len(layout.states), layout.exporters.size, log.offer.shape[1]))
    payers = np.broadcast_to(log.recipient, log.offer.shape), log.heir
    for rows, payer in zip(_called_for(log, contract), payers, strict=True):
        row, run = np.nonzero(rows)
        cells = payer[row, run], layout.offer_column[log.offer[row, run]], run
        np.add.at(table, cells, rows[row, run])
    return table


def _fault(one: np.ndarray, other: np.ndarray, what: str, world: World) -> str:
    gap = apart(one, other, what)
    return f"{gap.seen} ({_when(world)})" if gap.size > CENT else ""


def _when(world: World) -> str:
    calendar = world.layout.calendar
    return calendar.label(world.period - calendar.first)
