"""Defects have consequences: a supplier whose goods are withdrawn sells less later on."""

import numpy as np
import pytest

from sim.kernel.world import ORDERED
from tests.small import event, model, record

RUNS = 1024


@pytest.fixture(scope="module")
def histories(tmp_path_factory):
    """The end of runs in which tanks of ALP fail, all or none, and are sold no more after that."""
    sale = {"supplier": "ALP", "recipient": "DEL", "system": "tank", "units": 60}
    closed = {"path": "offers.tank_alp.open", "value": 0}
    events = {"sale": event("2017-Q4", order=sale), "closed": event("2018-Q3", set=closed)}
    return [
        record(
            model(
                tmp_path_factory.mktemp("defects"),
                {"offers": {"tank_alp": {"defect": defect, "lag": 0.25}}, "events": events},
            ),
            RUNS,
        )
        for defect in (1.0, 0.0)
    ]


def later_sales(found):
    """Return the value of all sales of ALP from a year on: (runs,) million USD."""
    log, layout = found.end.log, found.end.layout
    mine = (layout.supplier[log.offer] == layout.states.index("ALP")) & (log.offer >= 0)
    asked = (log.stage == ORDERED) & (log.forced == 0) & (layout.requested[:, None] >= 4)
    return (mine * asked * log.value).sum(axis=0)


def test_defects_cost_reputation_and_sales_of_other_goods(histories):
    defective, sound = histories
    alp = sound.end.layout.states.index("ALP")
    assert defective.end.reputation[alp].mean() < sound.end.reputation[alp].mean()
    lost = later_sales(sound) - later_sales(defective)
    assert lost.mean() > 2 * lost.std(ddof=1) / np.sqrt(RUNS)
