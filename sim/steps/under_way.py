"""Orders under way: those with instalments still to come, and their recipients."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.kernel.arrays import NONE, Elementwise, Index, pick, true_rows
from sim.kernel.inputs import TRANSFERRED
from sim.kernel.world import World


@dataclass(frozen=True, kw_only=True, eq=False)
class UnderWay:
    """Orders under way, padded with NONE to the run with most."""

    row: Index  # of the log
    holder: Index  # the state that ordered it, or took it over
    offer: Index
    parts: Index  # instalments
    left: Index  # of these, still to come, one that has begun with them
    begun: Elementwise  # share of the next that has come

    @property
    def part(self) -> Elementwise:
        """Return the share of the order that is still to come."""
        return (self.left - self.begun) / self.parts

    @property
    def there(self) -> Any:
        """Return whether there is one."""
        return self.row != NONE


def under_way(world: World) -> UnderWay:
    """Return the orders with instalments still to come."""
    layout, log = world.layout, world.log
    row = true_rows(log.left > 0)
    offer = np.maximum(pick(log.offer, row), 0)
    number = pick(layout.instalments[:, None], offer)
    parts = np.where(pick(log.forced, row) == TRANSFERRED, 1, number)
    left = pick(log.left, row) * (row != NONE)
    begun = pick(log.begun, row) * (row != NONE)
    return UnderWay(
        row=row, holder=holder_of(world, row), offer=offer, parts=parts, left=left, begun=begun
    )


def holder_of(world: World, row: Index) -> Index:
    """Return the recipients of rows of the log: the states that ordered or took over."""
    holder = pick(world.log.recipient, row)
    if world.layout.passes_on:
        heir = pick(world.log.heir, row)
        holder = np.where(heir == NONE, holder, heir)
    return np.maximum(holder, 0)
