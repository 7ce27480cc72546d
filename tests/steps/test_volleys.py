"""Wars expend missiles that reach the other's assets, on both sides."""

import numpy as np
import pytest

from sim.conform.conservation import units
from tests.small import built, event, merged, model, passing

KEEP = {"loss_winner": 0, "loss_loser": 0.05}
PATCH = {
    "systems": {"missile": {"expended": 0.4}, "tank": {"expended": 1}, "rocket": {"expended": 0.5}},
    "laws": {"war": KEEP},
}
GAM, TANK, MISSILE = "GAM", "tank", "missile"


def war(**more):
    return event("2018-Q2", incident={"states": ["DEL", "GAM"], "war": True, **more})


def share_left(folder, patch=PATCH, **events):
    """Return the shares of GAM's missiles and tanks left, relative to a world without volleys."""
    known = {"events": events}
    unfired = {"systems": {name: {"expended": 0} for name in patch["systems"]}}
    worlds = [
        passing(built(model(folder, merged(merged(patch, known), each)), 4))[-1][1].world
        for each in ({}, unfired)
    ]
    layout = worlds[0].layout
    state = layout.states.index(GAM)
    cells = [(state, layout.systems.index(name)) for name in (MISSILE, TANK)]
    return [worlds[0].arsenal[cell] / worlds[1].arsenal[cell] for cell in cells]


CLOSED = {
    "offers": {
        name: {"open": False}
        for name in ("tank_alp", "missile_alp", "rocket_bet", "tank_bet", "shield_bet")
    },
    "laws": {"war": KEEP, "crisis": {"incidents": 0}},
}


def test_a_war_expends_systems_in_reach_and_no_tanks(tmp_path):
    missiles, tanks = share_left(tmp_path, merged(PATCH, CLOSED), war=war())
    assert missiles == pytest.approx(0.6)
    assert tanks == pytest.approx(1)


@pytest.mark.parametrize("more", [{"length": 1}, {"until": "2018-Q3"}])
def test_a_war_that_lasts_fires_as_much_in_parts(tmp_path, more):
    missiles, _ = share_left(tmp_path, merged(PATCH, CLOSED), war=war(**more))
    assert missiles == pytest.approx(0.6)


def test_a_war_of_half_the_intensity_fires_half_as_much(tmp_path):
    missiles, _ = share_left(tmp_path, merged(PATCH, CLOSED), war=war(intensity=0.5))
    assert missiles == pytest.approx(0.8)


def test_what_is_fired_is_lacking_in_the_exposure_of_the_other_and_units_are_conserved(tmp_path):
    parts = built(model(tmp_path, merged(merged(PATCH, CLOSED), {"events": {"war": war()}})), 4)
    (_, before), (_, after) = passing(parts)[1:3]
    dyad = parts.world.layout.dyad_number[
        parts.world.layout.states.index("GAM"), parts.world.layout.states.index("DEL")
    ]
    assert np.all(after.view.exposure[dyad] < 0.9 * before.view.exposure[dyad])
    assert units(parts) == ""


def test_without_expendable_systems_no_volleys_are_computed(tmp_path):
    parts = built(model(tmp_path, {"events": {"war": war()}}), 4)
    assert not parts.world.layout.volley_index.size
