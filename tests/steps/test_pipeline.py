"""Orders under way, by hand: held up, cancelled, taken over; and what is repaired."""

import numpy as np
import pytest

from sim.conform.conservation import units
from sim.kernel.arrays import NONE
from sim.kernel.world import BY_EVENT, CANCELLED, DIVERTED
from tests.small import SMALL, built, event, merged, model, passing, record

# GAM orders 30 tanks of ALP's 10 for 40 at once: 84 to pay (30 % off), 40 % of it on credit, in
# three instalments over a year; it pays 0.1 * 0.6 * 84 = 5.04 ahead
SALE = {"supplier": "ALP", "recipient": "GAM", "system": "tank"}
ORDERED = event("2017-Q4", order={**SALE, "units": 30})
SURE = {
    "contract": {"spread": 0},
    "procurement": {"reserve": 4},
    "crisis": {"incidents": 0.1, "calculation": 25},
}
PREPAID = 5.04


CLOSED = {"offers": {name: {"open": False} for name in SMALL["offers"]}}  # but to events


def lived(folder, runs=4, laws=None, patch=None, **events):
    given = {"events": {"sale": ORDERED, **events}, "laws": {**SURE, **(laws or {})}}
    return built(model(folder, merged(merged(CLOSED, given), patch or {})), runs)


def row_in(parts):
    """Return the row of the log of the first event."""
    return parts.world.layout.buyers.size


def log_after(parts, period):
    return passing(parts)[period][1].world.log, row_in(parts)


def test_an_order_that_is_held_up_waits_and_then_comes(tmp_path):
    halt = event("2018-Q1", suspend=SALE)
    onward = event("2019-Q1", suspend={**SALE, "lift": True})
    parts = lived(tmp_path, halt=halt, onward=onward)
    log, row = log_after(parts, 4)  # 2018-Q4: all should have come
    assert np.all(log.delivered[row] == 0)
    assert np.all(log.suspended[row] == parts.world.layout.calendar.number("2018-Q1"))
    log, row = log_after(parts, 8)
    assert log.delivered[row] == pytest.approx(30)


def test_an_embargo_holds_up_what_is_under_way_if_it_says_so(tmp_path):
    parties = {"supplier": "ALP", "recipient": "GAM"}
    for pipeline in (False, True):
        ban = event("2018-Q1", embargo={**parties, "pipeline": pipeline})
        log, row = log_after(lived(tmp_path, ban=ban), 6)
        assert log.delivered[row] == pytest.approx(0 if pipeline else 30)


def test_a_cancelled_order_is_over_and_what_was_prepaid_is_lost(tmp_path):
    end = event("2018-Q1", cancel=SALE)
    calm = lived(tmp_path, laws={"contract": {"spread": 0}})
    parts = lived(tmp_path, laws={"contract": {"spread": 0}}, end=end)
    before, passed = passing(parts)[1]
    log, row = passed.world.log, row_in(parts)
    assert np.all(log.fate[row] == CANCELLED)
    assert np.all(log.cause[row] == BY_EVENT)
    assert np.all(log.ended[row] == parts.world.layout.calendar.number("2018-Q1"))
    assert np.all(log.left[row] == 0)
    assert np.all(log.delivered[row] == 0)
    gam = before.layout.states.index("GAM")
    alp = before.layout.states.index("ALP")
    back = passed.world.paid[gam, alp] - before.paid[gam, alp]
    other = passing(calm)[1]
    paid = other[1].world.paid[gam, alp] - other[0].paid[gam, alp]  # the first instalment
    assert paid == pytest.approx(0.9 * 0.6 * 84 / 3)
    assert back == pytest.approx(0)
    assert np.all(passing(parts)[-1][1].world.debt[gam, alp] == 0)  # no credit is drawn


def test_the_stock_gets_back_what_had_not_come(tmp_path):
    sale = {"supplier": "BET", "recipient": "GAM", "system": "shield"}
    closed = {"offers": {"shield_bet": {"lag": 3, "stock": 6}}}
    ordered = event("2017-Q4", order={**sale, "units": 2})
    parts = lived(
        tmp_path, patch=closed, sale=ordered, end=event("2018-Q3", cancel=sale),
    )  # fmt: skip
    offer = parts.world.layout.offers.index("shield_bet")
    stock = [float(passed.world.stock[offer].max()) for _, passed in passing(parts)]
    assert stock[:4] == [4, 4, 4, 6]


def test_a_state_that_takes_an_order_over_receives_it_and_pays_for_it(tmp_path):
    parts = lived(tmp_path, handed_on=event("2018-Q1", divert={**SALE, "to": "BET"}))
    before, passed = passing(parts)[1]
    log, row, layout = passed.world.log, row_in(parts), before.layout
    gam, bet, alp = (layout.states.index(name) for name in ("GAM", "BET", "ALP"))
    assert np.all(log.fate[row] == DIVERTED)
    assert np.all(log.heir[row] == bet)
    moved = passed.world.paid - before.paid
    assert moved[gam, alp] == pytest.approx(-PREPAID)
    first = 0.9 * 0.6 * 84 / 3
    assert moved[bet, alp] == pytest.approx(PREPAID + first)
    end = passing(parts)[-1][1].world
    assert end.log.delivered[row] == pytest.approx(30)
    assert np.all(end.log.kept[row] == 0)
    assert np.all(end.imported_tiv[gam, alp] == 0)
    assert np.all(end.imported_tiv[bet, alp] > 0)


def test_a_poor_heir_owes_what_it_cannot_pay_back(tmp_path):
    poor = {"states": {"BET": {"fund": 0, "import_share": 0.000001}}}
    handed_on = event("2018-Q1", divert={**SALE, "to": "BET"})
    parts = lived(tmp_path, patch=poor, handed_on=handed_on)
    before, passed = passing(parts)[1]
    gam, bet = (before.layout.states.index(name) for name in ("GAM", "BET"))
    assert np.all(passed.world.debt[bet, gam] > 0.9 * PREPAID)


def test_an_event_ends_no_order_that_is_made_later(tmp_path):
    end = event("2017-Q4", cancel=SALE)
    log, row = log_after(lived(tmp_path, end=end), 6)
    assert np.all(log.fate[row] == 0)
    assert log.delivered[row] == pytest.approx(30)


def test_where_an_event_does_not_happen_the_order_comes_as_without_it(tmp_path):
    maybe = {"end": {**event("2018-Q1", cancel=SALE), "probability": 0.5}}
    with_event = record(model(tmp_path, {"events": {"sale": ORDERED, **maybe}, "laws": SURE}), 32)
    without = record(model(tmp_path, {"events": {"sale": ORDERED}, "laws": SURE}), 32)
    row = with_event.end.layout.buyers.size
    spared = with_event.end.log.fate[row] == 0
    assert 0.2 < spared.mean() < 0.8
    for name in ("fund", "affinity", "exposure", "cohesion"):
        one, other = (each.series[name][..., spared] for each in (with_event, without))
        assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize(("share", "back"), [(0.0, 0.0), (0.6, 18.0), (1.0, 30.0)])
def test_what_is_withdrawn_returns_as_far_as_it_is_repaired(tmp_path, share, back):
    bad = {"offers": {"tank_alp": {"defect": 1, "instalments": 1, "lag": 0.5}}}
    laws = {"quality": {"repaired": share, "repair_years": 0.75}}
    parts = lived(tmp_path, laws=laws, patch=bad)
    states, row = passing(parts), row_in(parts)
    gone, returned = states[3][1].world, states[5][1].world
    assert gone.log.withdrawn[row] == pytest.approx(30)
    assert np.all(gone.log.repaired[row] == 0)
    assert returned.log.repaired[row] == pytest.approx(back)
    gam, tank = 3, 0
    one, other = (state.world.arsenal[gam, tank] for state in (states[4][1], states[5][1]))
    kept = np.exp(-0.25 / 20)
    assert np.any(np.abs(other - one * kept - back) < 1e-9)
    assert np.all(states[2][1].world.log.mended[row] == (NONE if share == 0 else 8071 + 5))


def test_units_delivered_before_a_takeover_return_to_their_first_owner(tmp_path):
    bad = {"offers": {"tank_alp": {"defect": 1, "instalments": 2, "lag": 1}}}
    laws = {"quality": {"repaired": 1, "repair_years": 1.25}}
    handed_on = event("2018-Q4", divert={**SALE, "to": "BET"})
    parts = lived(tmp_path, laws=laws, patch=bad, handed_on=handed_on)
    states, row = passing(parts), row_in(parts)
    log = states[-1][1].world.log
    assert log.kept_withdrawn[row] == pytest.approx(15)
    assert log.repaired[row] == pytest.approx(30)
    back = [now.world.log.repaired[row] - before.log.repaired[row] for before, now in states]
    assert sum(np.any(each > 0) for each in back) == 1  # the latest withdrawal sets the date
    assert units(parts) == ""  # each half returns to who had it
