"""Requests by events: closed offers and embargoes stop them, but not orders by events."""

import numpy as np
import pytest

from sim.kernel.world import BANNED, ORDERED, REFUSED, SHUT, SOLD_OUT
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
        names = ("stage", "offer", "forced", "units", "value", "cause", "opposed")
        return layout, {name: getattr(log, name)[events] for name in names}

    return rows


PARTIES = {"supplier": "BET", "recipient": "DEL"}
ROCKETS = {**PARTIES, "system": "rocket"}


def test_a_request_against_an_embargo_is_refused_by_its_makers_but_orders_of_events_come(
    logged,
):
    layout, log = logged(ban={"embargo": PARTIES}, ask={"request": ROCKETS})
    assert np.all(log["offer"] == layout.offers.index("rocket_bet"))
    assert np.all(log["stage"] == REFUSED)
    assert np.all(log["cause"] == BANNED)
    assert np.all(log["opposed"] == 1)  # the supplier
    assert np.all(log["units"] == 0)
    layout, log = logged(ban={"embargo": PARTIES}, sale={"order": {**ROCKETS, "units": 8}})
    assert np.all(log["offer"] == layout.offers.index("rocket_bet"))
    assert np.all(log["stage"] == ORDERED)


def test_a_request_for_an_offer_that_is_closed_or_not_open_to_the_buyer_is_refused(logged):
    closed = {"set": {"path": "offers.rocket_bet.open", "value": 0}}
    others = {"embargo": {**PARTIES, "offers": ["rocket_bet"]}}
    for shut in (closed, others):
        _, log = logged(shut=shut, ask={"request": ROCKETS})
        assert np.all(log["stage"] == REFUSED)
        assert np.all(log["cause"] == SHUT)
        assert np.all(log["opposed"] == 1)
    layout, log = logged(ask={"request": ROCKETS})
    assert np.all(log["offer"] == layout.offers.index("rocket_bet"))
    assert np.all(log["cause"] == 0)


def test_a_request_for_an_empty_stock_is_refused_by_no_state(tmp_path):
    patch = {"events": {"ask": event(FIRST, request=ROCKETS)}}
    parts = built(model(tmp_path, {**patch, "offers": {"rocket_bet": {"stock": 0.5}}}), 8)
    log, row = passing(parts)[0][1].world.log, parts.world.layout.buyers.size
    assert np.all(log.stage[row] == REFUSED)
    assert np.all(log.cause[row] == SOLD_OUT)
    assert np.all(log.opposed[row] == 0)


def test_a_state_that_was_not_asked_does_not_refuse_the_next_time(tmp_path):
    ask = {"ask": event(FIRST, request=ROCKETS), "ban": event(FIRST, embargo=PARTIES)}
    world = passing(built(model(tmp_path, {"events": ask}), 8))[0][1].world
    buyer, supplier = (world.layout.states.index(name) for name in ("DEL", "BET"))
    assert np.all(world.refusal[buyer, supplier] == 0)


def test_an_order_is_of_as_many_units_as_it_says_and_a_request_of_what_the_purse_suggests(logged):
    _, log = logged(sale={"order": {**ROCKETS, "units": 12}})
    assert np.all(log["units"] == 12)
    assert np.all(log["value"] == 180)  # three batches of 60
    _, log = logged(ask={"request": ROCKETS})
    assert np.array_equal(log["stage"] == ORDERED, log["units"] > 0)
    assert np.all(log["units"] == np.floor(log["units"]))  # whole ones
    assert log["units"].any()


def test_a_request_for_a_withheld_offer_has_no_recipient(tmp_path):
    lever = {
        "by": "ALP", "supplier": "BET", "recipient": "GAM", "system": "tank", "resolve": 1.0,
        "withholds": ["rocket_bet", "tank_alp"], "source": "assumed",
    }  # fmt: skip
    ask = {"supplier": "BET", "recipient": "GAM", "system": "rocket"}
    events = {
        "deed": event(FIRST, order={**ask, "system": "tank", "units": 4}),
        "before": event(FIRST, request=ask),
        "after": event("2018-Q3", request=ask),
        "own": event("2018-Q3", request={**ask, "supplier": "ALP", "system": "tank"}),
    }
    patch = {"events": events, "leverage": {"arms": lever}}
    world = passing(built(model(tmp_path, patch), 8))[-1][1].world
    log, layout = world.log, world.layout
    rows = {name: at * layout.rows + layout.buyers.size for name, at in (("old", 0), ("new", 3))}
    assert np.all(log.cause[rows["old"] : rows["old"] + 2] == 0)
    assert world.withheld.all()
    new = slice(rows["new"], rows["new"] + 2)
    assert np.all(log.cause[new] == SHUT)
    assert np.all(log.stage[new] == REFUSED)
    by = {
        layout.offers[o]: who for o, who in zip(log.offer[new, 0], log.opposed[new, 0], strict=True)
    }
    assert by == {"rocket_bet": 2, "tank_alp": 1}  # the holder: a maker of parts, the supplier
