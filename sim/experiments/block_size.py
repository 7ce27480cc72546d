"""Block size: how many runs are computed together, as many as fit in memory.

A run of a large world takes much more memory than one of a small world: its dyads grow with the
square of the states. Bytes follow from the declarations of the world, the log and the metrics.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod

import numpy as np

from sim.engine.kernels import LANES
from sim.experiments.dyad_choice import TIES, TIES_AT_START
from sim.kernel.array_fields import arrays_of
from sim.kernel.collect import PERIODIC
from sim.kernel.layout.layout import Layout
from sim.kernel.world import Log, World

ROOM = 800_000_000  # bytes of a block; 500 runs of the flagship take 280 million
COPIES = 3  # of the world: at the start, at the end, and what a step works with
TABLES = len(TIES) + len(TIES_AT_START)  # numbers of every dyad


def block_size(most: int, layouts: Iterable[Layout]) -> int:
    """Return how many runs to compute together: as many as fit, in whole strips; `most` at most."""
    fitting = ROOM // max((bytes_of(layout) for layout in layouts), default=1)
    return int(most if most <= fitting else max(1, fitting // LANES * LANES or fitting))


def bytes_of(layout: Layout) -> int:
    """Return about how many bytes a run takes: its world, its log, its series."""
    sizes = axes(layout)
    moving = [each for each in arrays_of(World).values() if each.moves]
    world: int = 8 * sum(prod(sizes.get(axis, 1) for axis in each.axes[:-1]) for each in moving)
    entry = sum(np.dtype(each.dtype).itemsize for each in arrays_of(Log).values())
    kinds = {kind: len(names) for kind, names in layout.subjects.items()}
    cells: int = len(layout.calendar) * sum(kinds[metric.kind] for metric in PERIODIC.values())
    ties = TABLES * len(layout.states) ** 2
    return int(COPIES * world + entry * sizes["requests"] + 8 * (cells + ties))


def axes(layout: Layout) -> Mapping[str, int]:
    """Return the lengths of the axes of arrays that a run has of its own, by name."""
    return {
        "states": len(layout.states),
        "systems": len(layout.systems),
        "blocs": len(layout.blocs),
        "offers": len(layout.offers),
        "exporters": layout.exporters.size,
        "dyads": layout.dyad_from.size,
        "rival_dyads": layout.rival_dyads.size,
        "ahead": layout.payment_slots,
        "requests": layout.requested.size,
        "trades": len(layout.trade_index),
        "civils": len(layout.civil_index),
        "levers": len(layout.levers),
        "triggers": layout.triggers,
        "gauges": layout.gauges,
    }
