"""Stages of sales, read off a log of six requests."""

import numpy as np
import pytest

from sim.kernel.array_fields import arrays_of
from sim.kernel.world import BLOCKED, NOTHING, ORDERED, REFUSED, Log
from sim.metrics.catalogue import METRICS
from sim.metrics.sales import DATED, OF_HOLDER, STAGES

# nothing, refused, blocked, ordered and delivered, ordered by an event, transferred
LOG = {
    "stage": [NOTHING, REFUSED, BLOCKED, ORDERED, ORDERED, ORDERED],
    "forced": [0, 0, 0, 0, 1, 2],
    "objected": [0, 0, 1, 1, 0, 0],
    "stalled": [0, 0, 0, 1, 0, 0],
    "left": [0, 0, 0, 0, 2, 0],
    "first": [-1, -1, -1, 8070, 8071, 8069],
    "withdrawn": [0, 0, 0, 0.5, 0, 0],
}


@pytest.mark.parametrize(
    ("stage", "rows"),
    [
        ("requested", [1, 2, 3]),
        ("refused", [1]),
        ("objected", [2, 3]),
        ("stalled", [3]),
        ("blocked", [2]),
        ("sold", [3, 4]),
        ("delivered", [3, 5]),
        ("withdrawn", [3]),
    ],
)
def test_a_stage_is_reached_by_these_requests(stage, rows):
    table = {name: LOG.get(name, [0] * 6) for name in arrays_of(Log)}
    log = Log(
        **{
            name: np.repeat(np.array(table[name], dtype=about.dtype)[:, None], 2, axis=1)
            for name, about in arrays_of(Log).items()
        }
    )
    reached = STAGES[stage](log)
    assert np.array_equal(np.nonzero(reached[:, 0])[0], rows)
    assert np.array_equal(reached[:, 0], reached[:, 1])


def test_what_is_delivered_is_dated_by_its_last_instalment():
    assert set(STAGES) > set(DATED) > OF_HOLDER
    assert set(STAGES) == {name for name, each in METRICS.items() if each.kind == "sale"}
