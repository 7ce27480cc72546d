"""Risk of suppliers by hand: rivals that they arm, and customers that they refused."""

import numpy as np
import pytest

from sim.steps.supplier_risk import stops, ties_to_rivals

ALP, BET, DEL, GAM = range(4)


def told(small, **tables):
    """Return the small world with some cells of tables of exporters set, all others zero."""
    full = {}
    for name, cells in tables.items():
        table = np.zeros((4, 2, 1))  # ALP and BET export
        for cell, value in cells.items():
            table[cell] = value
        full[name] = table
    return small.world.but(**full)


def test_ties_are_the_deliveries_to_rivals_by_the_dispute(small):
    sent = {(DEL, ALP): 60.0, (GAM, ALP): 40.0, (DEL, BET): 80.0}
    found = ties_to_rivals(told(small, recent_tiv=sent))[..., 0]
    # GAM holds 0.8 against DEL, which got six tenths of ALP's arms and all of BET's
    assert found[GAM] == pytest.approx([0.8 * 0.6, 0.8])
    assert found[DEL] == pytest.approx([0.7 * 0.4, 0])
    assert not found[[ALP, BET]].any()


def test_stops_are_the_customers_that_were_refused_by_what_they_bought(small):
    world = told(
        small,
        recent_tiv={(DEL, ALP): 60.0, (GAM, ALP): 30.0, (BET, ALP): 10.0},
        refusal={(GAM, ALP): 0.5, (DEL, ALP): 1.0, (GAM, BET): 1.0},
    )
    found = stops(world)[..., 0]
    assert found[BET, ALP] == pytest.approx((60 + 15) / 90)
    assert found[DEL, ALP] == pytest.approx(15 / 40)  # its own refusal is another term's
    assert not found[:, BET].any()  # it sold no arms
    assert np.all((found >= 0) & (found <= 1))


def test_a_state_without_purchases_is_not_a_customer(small):
    sent, refused = {(DEL, ALP): 60.0}, {(GAM, ALP): 1.0}
    assert not stops(told(small, recent_tiv=sent, refusal=refused)).any()
