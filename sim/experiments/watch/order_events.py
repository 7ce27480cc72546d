"""Order events: changes of orders under way in a period, read from the log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.experiments.watch.recorder import Moment
from sim.kernel.arrays import NONE
from sim.kernel.world import CANCELLED, DIVERTED

SUSPENDED, ENDED, HANDED_ON, REPAIRED = "suspended", "cancelled", "diverted", "repaired"
THREATENED = "threatened"
ORDER_EVENTS = (THREATENED, SUSPENDED, ENDED, HANDED_ON, REPAIRED)  # in the order of a period


def order_events(moment: Moment) -> Iterator[tuple[np.ndarray, dict[str, Any]]]:
    """Yield (offers, columns of events) for each kind: who ordered, sells and takes over."""
    log, layout, number = moment.passed.world.log, moment.layout, moment.inputs.number
    there = log.offer != NONE
    masks = {
        THREATENED: log.threatened == number,
        SUSPENDED: log.suspended == number,
        ENDED: (log.ended == number) & (log.fate == CANCELLED),
        HANDED_ON: (log.ended == number) & (log.fate == DIVERTED),
        REPAIRED: (log.mended == number) & (log.repaired > 0),
    }
    amounts = {
        REPAIRED: log.repaired,
        HANDED_ON: log.units - log.kept,
        THREATENED: log.units - np.where(log.heir == NONE, log.delivered, log.kept),
    }
    for kind in ORDER_EVENTS:
        row, run = np.nonzero(masks[kind] & there)
        offer, amount = log.offer[row, run], amounts.get(kind, log.units - log.delivered)
        heir = log.heir[row, run] if kind == HANDED_ON else np.full(row.size, NONE)
        yield (
            offer,
            {
                "kind": kind,
                "run": run,
                "actor": log.recipient[row, 0],
                "against": layout.supplier[offer],
                "aided": heir,
                "amount": amount[row, run],
            },
        )
