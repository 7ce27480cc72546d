"""What attackers would lose by waiting: nothing where nothing comes, or where both get as much."""

import numpy as np
import pytest

from tests.small import SMALL, built, event, merged, model, passing

QUIET = {
    "rules": {"deterrence": "preventive"},
    "laws": {"crisis": {"incidents": 0.1, "calculation": 25}},
    "offers": {name: {"open": False} for name in SMALL["offers"]},
}
EQUAL = {"gdp": 3e4, "growth": 0.02, "burden": 0.04, "import_share": 0.3}


def shifts(folder, patch, period=0):
    world = passing(built(model(folder, merged(QUIET, patch)), 4))[period][1].world
    layout = world.layout
    gam, del_ = (layout.states.index(name) for name in ("GAM", "DEL"))
    return world.shift[layout.dyad_number[gam, del_]], world.shift[layout.dyad_number[del_, gam]]


def order(recipient, units=12):
    sale = {"supplier": "ALP", "recipient": recipient, "system": "missile", "units": units}
    return event("2017-Q4", order=sale)


def test_without_orders_under_way_no_state_loses_by_waiting(tmp_path):
    assert np.all(np.concatenate(shifts(tmp_path, {})) == 0)


def test_the_rival_of_a_state_with_orders_under_way_loses_by_waiting(tmp_path):
    own, rivals = shifts(tmp_path, {"events": {"sale": order("GAM")}})
    assert np.all(own == 0)
    assert np.all(rivals > 0.01)


def test_a_state_with_larger_orders_of_its_own_does_not(tmp_path):
    both = {"events": {"sale": order("GAM"), "more": order("DEL", 60)}}
    _, rivals = shifts(tmp_path, both)
    _, alone = shifts(tmp_path, {"events": {"sale": order("GAM")}})
    assert np.all(rivals < alone)


def test_equal_states_with_equal_orders_under_way_do_not_lose_by_waiting(tmp_path):
    alike = {
        "states": {"GAM": EQUAL, "DEL": EQUAL},
        "arsenals": {"GAM": None, "DEL": None},
        "blocs": {"PACT": None, "DUO": None},
        "outcomes": ["affinity GAM>BET"],
        "rivalries": {"GAM": {"with": {"DEL": 0.8}}, "DEL": {"with": {"GAM": 0.8}}},
        "assets": dict.fromkeys(SMALL["assets"]),
        "laws": {"economy": {"volatility": 0}},
        "events": {"one": order("GAM"), "other": order("DEL")},
    }
    assert np.concatenate(shifts(tmp_path, alike)) == pytest.approx(0, abs=1e-3)


def test_by_the_standard_law_no_state_looks_ahead(tmp_path):
    plain = {"rules": {"deterrence": "standard"}, "events": {"sale": order("GAM")}}
    assert np.all(np.concatenate(shifts(tmp_path, plain)) == 0)
