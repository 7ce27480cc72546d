"""Instalments: the deliveries due in a period, those ready, and those paid for."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.kernel.arrays import DUST, NONE, Elementwise, Index, added_at, pick, scatter, true_rows
from sim.kernel.inputs import TRANSFERRED
from sim.kernel.layout.layout import Layout
from sim.kernel.noise import Noise, uniform
from sim.kernel.rules import Rules
from sim.kernel.world import World
from sim.steps.orders import Deposits, date_due
from sim.steps.pipeline import held_up
from sim.steps.under_way import holder_of

LEAST = 1e-9  # of an instalment: a difference that does not count


@dataclass(frozen=True, kw_only=True, eq=False)
class Instalments:
    """Deliveries due in a period, by order: padded with NONE to the run with most.

    All instalments of an order that are due by now come at once. Rows of units that
    return from repair are included.
    """

    row: Index  # (most, runs) of the log
    recipient: Index
    supplier: Index
    offer: Index
    system: Index
    gift: Any  # whether it is transferred by an event
    number: Index  # of instalments of the order
    left: Index  # of these, still to come, one that has begun with them
    begun: Elementwise  # share of the next that has come
    start: Elementwise  # of the wait, in periods by date
    wait: Elementwise  # periods
    waits: Any  # whether only the supplier's wars delay it
    trusted: Any  # whether the buyer owes the supplier nothing overdue
    comes: Elementwise  # how many could come, and then come: 0 if they are held back
    bad: Any  # whether it has defects

    @property
    def there(self) -> Any:
        """Return whether there is one."""
        return self.row != NONE


def instalments_due(
    world: World, rules: Rules, noise: Noise, number: int, dt: float
) -> Instalments:
    """Return the instalments due in a period, and how many of them suppliers have ready."""
    layout, log = world.layout, world.log
    row = true_rows(((log.left > 0) & (log.due <= number)) | (log.mended == number))
    there = row != NONE
    offer = np.maximum(pick(log.offer, row), 0)
    recipient = holder_of(world, row)
    supplier, system, instalments = (
        pick(each[:, None], offer) for each in (layout.supplier, layout.system, layout.instalments)
    )
    gift = pick(log.forced, row) == TRANSFERRED
    free = ~held_up(world, recipient, offer)
    trusted = pick(world.arrears, recipient, supplier) <= DUST
    delay = rules.contract.delay(at_war=pick(world.strain, supplier))
    slips = rules.contract.slips(delay=delay, dt=dt)
    begun = pick(log.begun, row)
    parts = np.where(gift, 1, instalments)
    left, start, wait = (pick(each, row) for each in (log.left, log.start, log.wait))
    came = parts - left
    due = sum(
        (came <= which) & (which < parts) & (date_due(start, wait, parts, which + 1) <= number)
        for which in range(layout.most_instalments)
    )
    # 0 for an order of the market, 1 and on for orders by events: no matter who else buys
    slot = layout.event_slot(np.maximum(row, 0))
    recipient_key = pick(layout.state_keys[:, None], recipient)
    offer_key = pick(layout.offer_keys[:, None], offer)
    slot = _own_key(layout, row, slot).astype(np.uint32)
    keys = recipient_key, offer_key, slot
    draw = noise.draw(uniform("defect", *keys, wanted=there))
    return Instalments(
        row=row,
        recipient=recipient,
        supplier=supplier,
        offer=offer,
        system=system,
        gift=gift,
        number=parts,
        left=left,
        begun=begun,
        start=start,
        wait=wait,
        waits=there & ~gift & (due > 0) & free & trusted,
        trusted=trusted,
        comes=np.where(gift, due, (due - begun) * (due > 0) * free * (1 - slips)) * there,
        bad=(draw < pick(world.defect, offer)) & ~gift,
    )


def paid_for(world: World, rules: Rules, due: Instalments, deposits: Deposits) -> Elementwise:
    """Return how many of the ready instalments come: those paid for, or on account.

    Deposits, and payments for transfers, come first.
    """
    size, log = len(world.layout.states), world.log
    value, credit = pick(log.value, due.row), pick(log.credit, due.row)
    each = rules.contract.instalment(value=value, credit=credit, instalments=due.number * 1.0)
    cash = due.comes * each * ~due.gift
    claims, before = scatter((size,), (due.recipient,), cash, value * due.gift)
    before = added_at(before, (deposits.buyer,), deposits.amount)
    left = world.fund - before
    payable = rules.contract.payable(fund=left * (left > DUST), claims=claims)
    share = rules.contract.comes(
        payable=np.where(cash > 0, pick(payable, due.recipient), due.trusted),
        trusted=due.trusted * 1.0,
    )
    progress = due.begun + due.comes * np.where(due.gift, 1.0, share)
    whole = np.rint(progress)
    progress = np.where(np.abs(progress - whole) < LEAST, whole, progress)
    comes = progress - due.begun
    return comes * (comes > LEAST / 2)  # ignore rounding errors of a fund


def _own_key(layout: Layout, row: Index, slot: Index) -> Index:
    """Return the key of each order of an offer; those under way at the start have names."""
    if not layout.backlog:
        return slot
    place = row - len(layout.calendar) * layout.rows
    named = pick(layout.backlog_keys[:, None].astype(np.int64), np.maximum(place, 0))
    return np.where(place >= 0, named, slot)
