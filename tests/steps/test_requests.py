"""What events ask for beside the market: closed offers and embargoes bind requests, not orders."""

import numpy as np
import pytest

from sim.kernel.arrays import NONE
from sim.kernel.world import NOTHING, ORDERED
from tests.small import built, event, model, passing

FIRST = "2017-Q4"


@pytest.fixture
def logged(tmp_path):
    """Return a function that gives the log's rows of the events of the first period."""

    def rows(**events):
        known = {name: event(FIRST, **kind) for name, kind in events.items()}
        parts = built(model(tmp_path, {"events": known}), 8)
        layout = parts.world.layout
        log = passing(parts)[0][1].world.log
        events = slice(layout.buyers.size, layout.first_row(1))
        names = ("stage", "offer", "forced", "units", "value")
        return layout, {name: getattr(log, name)[events] for name in names}

    return rows


PARTIES = {"supplier": "BET", "recipient": "DEL"}
ROCKETS = {**PARTIES, "system": "rocket"}


def test_where_an_embargo_stands_nothing_is_asked_for_and_what_history_ordered_comes(logged):
    _, log = logged(ban={"embargo": PARTIES}, ask={"request": ROCKETS})
    assert np.all(log["offer"] == NONE)
    assert np.all(log["stage"] == NOTHING)
    layout, log = logged(ban={"embargo": PARTIES}, sale={"order": {**ROCKETS, "units": 8}})
    assert np.all(log["offer"] == layout.offers.index("rocket_bet"))
    assert np.all(log["stage"] == ORDERED)


def test_of_a_closed_offer_nothing_is_asked_for(logged):
    closed = {"set": {"path": "offers.rocket_bet.open", "value": 0}}
    _, log = logged(closed=closed, ask={"request": ROCKETS})
    assert np.all(log["offer"] == NONE)
    layout, log = logged(ask={"request": ROCKETS})
    assert np.all(log["offer"] == layout.offers.index("rocket_bet"))


def test_an_order_is_of_as_many_units_as_it_says_and_a_request_of_what_the_purse_suggests(logged):
    _, log = logged(sale={"order": {**ROCKETS, "units": 12}})
    assert np.all(log["units"] == 12)
    assert np.all(log["value"] == 180)  # three batches of 60
    _, log = logged(ask={"request": ROCKETS})
    assert np.array_equal(log["stage"] == ORDERED, log["units"] > 0)
    assert np.all(log["units"] == np.floor(log["units"]))  # whole ones
    assert log["units"].any()
