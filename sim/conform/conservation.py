"""Conservation: every dollar and every unit of a small simulated world has a source and a sink."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.conform.claims import apart
from sim.conform.small_world import built, passing, small
from sim.kernel.inputs import TRANSFERRED
from sim.kernel.layout.layout import Layout
from sim.kernel.world import ORDERED, Log, World

RUNS = 32
CENT = 1e-8  # relative to the sums compared


def fault_in(one: np.ndarray, other: np.ndarray, what: str, where: str = "") -> str:
    """Return how two arrays differ, or nothing where they agree."""
    gap = apart(one, other, what)
    return f"{gap.seen} ({where})" if gap.size > CENT else ""


def money() -> str:
    """Return where money appears or is lost: funds change by budgets in and payments out."""
    parts = built(small(), RUNS)
    dt = parts.world.layout.calendar.dt
    for before, after in passing(parts):
        paid = (after.paid - before.paid).sum(axis=1)
        expected = (after.budget * dt - paid).sum(axis=0)
        change = (after.fund - before.fund).sum(axis=0)
        if fault := fault_in(change, expected, "funds and budgets less payments", _when(after)):
            return fault
    return ""


def contracts() -> str:
    """Return where a contract is more, or less, than what is paid, owed and still to come."""
    parts = built(small(), RUNS)
    end = passing(parts)[-1][1]
    log, layout = end.log, end.layout
    deposit = parts.rules.contract.deposit
    ordered = log.stage == ORDERED
    ahead = np.where(log.forced == TRANSFERRED, 0.0, deposit * (1 - log.credit)) * log.value
    share = log.delivered / np.where(log.units > 0, log.units, 1.0)
    called = ordered * (ahead + share * (log.value - ahead))
    still = ordered * log.value - called
    owed = _by_dyad(called, log, layout) - end.paid
    low = min(float(still.min()), float(owed.min()))
    if low < -CENT * max(float(log.value.max()), 1.0):
        return f"{low:.6g} million USD are still to come or owed"
    done = still[log.left == 0]
    return fault_in(done, np.zeros_like(done), "fully delivered, and still to be called for")


def units() -> str:
    """Return where a unit appears or is lost between orders, arsenals and withdrawals."""
    parts = built(small(), RUNS)
    peace = {("war", "loss_winner"): 0.0, ("war", "loss_loser"): 0.0}
    rules = parts.rules.but(peace)
    world, layout = parts.world, parts.world.layout
    ageing = np.exp(-layout.calendar.dt / world.life[layout.class_of])
    for before, after in passing(replace(parts, rules=rules)):
        old, log = before.log, after.log
        good = (log.delivered - log.withdrawn) - (old.delivered - old.withdrawn)
        row, run = np.nonzero(good)
        offer = log.offer[row, run]
        arsenal = before.arsenal * ageing
        cells = log.recipient[row, 0], layout.system[offer], run
        np.add.at(arsenal, cells, good[row, run] * before.condition[offer, 0])
        if fault := fault_in(after.arsenal, arsenal, "arsenals and deliveries", _when(after)):
            return fault
        if np.any(log.delivered > log.units * (1 + CENT)):
            return f"more was delivered than ordered ({_when(after)})"
    return ""


def _by_dyad(rows: np.ndarray, log: Log, layout: Layout) -> np.ndarray:
    """Return rows (rows, runs) added up by recipient and supplier."""
    table = np.zeros((len(layout.states), len(layout.states), rows.shape[1]))
    row, run = np.nonzero(rows)
    cells = log.recipient[row, 0], layout.supplier[log.offer[row, run]], run
    np.add.at(table, cells, rows[row, run])
    return table


def _when(world: World) -> str:
    """Return the date of a world."""
    calendar = world.layout.calendar
    return calendar.label(world.period - calendar.first)
