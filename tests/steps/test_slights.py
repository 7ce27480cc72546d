"""Slights by hand: embargoes on usual or ordered arms, by customer and supplier."""

import numpy as np
import pytest

from sim.steps.slights import embargoed
from tests.small import built, event, model, passing

ALP, BET, DEL, GAM = range(4)


def after(folder, **parts):
    """Return the world after the first period with an event."""
    return passing(built(model(folder, {**parts, "rules": {"slight": "felt"}}), 2))[0][1].world


def test_an_embargo_counts_by_a_customers_share_of_arms_and_not_for_others(tmp_path):
    ban = event("2017-Q4", embargo={"supplier": "ALP", "recipient": ["DEL", "BET"]})
    found = embargoed(after(tmp_path, events={"ban": ban}))
    assert found[DEL, ALP] == pytest.approx(100 / 180, abs=0.02)  # it had 100 of 180 of ALP
    assert np.count_nonzero(found) == 2  # one in each run: BET had nothing of ALP


@pytest.mark.parametrize(
    "halt", [{"embargo": {"supplier": "ALP", "recipient": "GAM", "pipeline": True}},
             {"suspend": {"supplier": "ALP", "recipient": "GAM", "system": "tank"}}],
)  # fmt: skip
def test_an_order_held_up_counts_and_by_its_supplier(tmp_path, halt):
    order = event(
        "2017-Q4", order={"supplier": "ALP", "recipient": "GAM", "system": "tank", "units": 30}
    )
    found = embargoed(after(tmp_path, events={"sold": order, "halt": event("2017-Q4", **halt)}))
    assert (found[GAM, ALP] == 1).all()
    assert np.count_nonzero(found) == 2
    assert not embargoed(after(tmp_path, events={"sold": order})).any()


def test_an_embargoed_state_regards_its_supplier_less(tmp_path):
    ban = event("2017-Q4", embargo={"supplier": "ALP", "recipient": "DEL"})
    calm, banned = (after(tmp_path, events=events) for events in ({}, {"ban": ban}))
    assert (banned.affinity[DEL, ALP] < calm.affinity[DEL, ALP]).all()
