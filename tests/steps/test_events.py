"""Events of every kind have their effect, in the runs in which they happen."""

import numpy as np
import pytest

from sim.kernel.arrays import NONE
from sim.kernel.errors import InputError
from sim.kernel.inputs import edited
from sim.kernel.simulate import amended
from sim.kernel.world import BLOCKED, ORDERED, REFUSED
from tests.small import built, event, model, passing, record

AT = "2018-Q2"  # two quarters after the start
INDEX = 2


@pytest.fixture
def after(tmp_path):
    """Return a function that gives a world, and the same after one event's change of numbers."""

    def change(**kind):
        parts = built(model(tmp_path, {"events": {"it": event(AT, **kind)}}), 8)
        return parts.world, edited(parts.world, parts.inputs[INDEX].edits)

    return change


def place(world, *names):
    """Return the numbers of states, systems, blocs or offers by name."""
    layout = world.layout
    tables = (layout.states, layout.systems, layout.blocs, layout.offers)
    return tuple(next(t.index(name) for t in tables if name in t) for name in names)


def row_of_event(found):
    """Return the row of the log that the event of AT fills."""
    layout = found.end.layout
    return INDEX * layout.rows + layout.buyers.size


def differing(before, after):
    """Return the names of the arrays that an event has changed."""
    names = [name for name in vars(before) if name not in {"layout", "log", "period"}]
    return {
        name
        for name in names
        if not np.array_equal(*np.broadcast_arrays(getattr(before, name), getattr(after, name)))
    }


def test_a_transfer_delivers_at_its_date_without_order_wait_or_defect(found):
    given = {"supplier": "ALP", "recipient": "GAM", "system": "missile", "units": 6}
    gift = found(transfer=given)
    log, row = gift.end.log, row_of_event(gift)
    assert np.all(log.forced[row] == 2)
    assert np.all(log.delivered[row] == 6)
    assert np.all(log.withdrawn[row] == 0)
    assert np.all(log.first[row] == gift.end.layout.calendar.number(AT))
    (gam,) = place(gift.end, "GAM")
    imports = gift.series["imports"][INDEX, gam]
    assert np.all(imports >= 6 * 20 - 1e-9)  # 20 TIV each
    sold = found(transfer={**given, "value": 30})
    assert np.all(sold.end.log.value[row] == 30)


def test_a_transfer_above_the_list_price_is_not_a_side_payment(found):
    given = {"supplier": "ALP", "recipient": "BET", "system": "tank", "units": 1}
    dear = found(transfer={**given, "value": 1e6})
    assert np.all(dear.end.rent >= 0)
    assert np.all(np.isfinite(dear.end.engagement))


HOLDS = {"BET": {"units": {"shield": 120}, "source": "assumed"}}


def test_a_transfer_leaves_the_stock_of_the_offer_alone(found):
    given = {"supplier": "BET", "recipient": "GAM", "system": "shield", "units": 100}
    rare = {"laws": {"procurement": {"reserve": 4}}, "arsenals": HOLDS}
    moved = found(transfer=given, patch=rare)
    (offer,) = place(moved.end, "shield_bet")
    assert np.all(moved.end.log.delivered[row_of_event(moved)] == 100)
    assert np.all(moved.end.stock[offer] >= 0)


def test_an_order_needs_neither_consent_nor_objection(found):
    sale = found(order={"supplier": "BET", "recipient": "DEL", "system": "rocket", "units": 8})
    log, row = sale.end.log, row_of_event(sale)
    assert np.all(log.forced[row] == 1)
    assert np.all(log.stage[row] == ORDERED)
    assert np.all(log.units[row] == 8)
    assert log.value[row] == pytest.approx(120.0)  # two batches of 60
    assert np.all(log.objected[row] == 0)
    assert np.all(log.stalled[row] == 0)
    assert np.all(log.delivered[row] == 8)
    assert len(np.unique(log.wait[row])) == 32  # drawn


def test_an_order_of_the_leader_to_a_member_is_on_preferential_terms(found):
    sale = found(order={"supplier": "ALP", "recipient": "GAM", "system": "missile", "units": 4})
    log, row = sale.end.log, row_of_event(sale)
    assert log.listed[row] == pytest.approx(180.0)
    assert log.value[row] == pytest.approx(0.7 * 180.0)
    assert log.credit[row] == pytest.approx(0.4)


def test_a_transfer_takes_from_the_giver_what_it_brings(tmp_path):
    given = {"supplier": "BET", "recipient": "GAM", "system": "shield", "units": 30}
    closed = {"arsenals": HOLDS, "offers": {"shield_bet": {"open": False}}}
    parts = built(model(tmp_path, {**closed, "events": {"it": event(AT, transfer=given)}}), 8)
    before, passed = passing(parts)[INDEX]
    bet, gam, shield = place(before, "BET", "GAM", "shield")
    kept = np.exp(-0.25 / 25)
    old, new = before.arsenal[:, shield] * kept, passed.world.arsenal[:, shield]
    refurbished = 0.66  # of new
    assert old[bet] - new[bet] == pytest.approx(30 * refurbished)
    assert new[gam] - old[gam] == pytest.approx(30 * refurbished)


def test_what_a_giver_lacks_does_not_move_and_the_log_says_so(tmp_path):
    # BET holds 120 in new units, less age, and gives 120 and 100 of 0.66 each on one day
    given = {"supplier": "BET", "recipient": "GAM", "system": "shield", "units": 120}
    events = {
        "first": event(AT, transfer={**given, "value": 40}),
        "second": event(AT, transfer={**given, "recipient": "DEL", "units": 100}),
        "third": event("2018-Q3", transfer=given),
    }
    patch = {"arsenals": HOLDS, "offers": {"shield_bet": {"open": False}}, "events": events}
    lived = record(model(tmp_path, patch), 8)
    log, row = lived.end.log, row_of_event(lived)
    there = 120 * np.exp(-3 * 0.25 / 25) / 0.66
    assert log.units[row] == pytest.approx(there * 120 / 220)  # all get the same share
    assert log.units[row + 1] == pytest.approx(there * 100 / 220)
    assert log.value[row] == pytest.approx(40 * there / 220)
    assert log.short[row] == pytest.approx(120 - there * 120 / 220)
    assert np.all(log.stage[row] == ORDERED)
    nothing = row + lived.end.layout.rows
    assert np.all(log.stage[nothing] == REFUSED)
    assert np.all(log.short[nothing] == 120)
    assert np.all(log.first[nothing] == NONE)


def test_an_order_is_made_where_the_offer_has_too_little_left(found):
    sale = found(order={"supplier": "BET", "recipient": "DEL", "system": "shield", "units": 100})
    assert np.all(sale.end.log.units[row_of_event(sale)] == 100)
    (offer,) = place(sale.end, "shield_bet")
    assert np.all(sale.end.stock[offer] == 0)


def test_a_request_goes_through_consent_and_objection(found):
    asked = found(256, request={"supplier": "BET", "recipient": "DEL", "system": "rocket"})
    log, row = asked.end.log, row_of_event(asked)
    assert np.all(log.forced[row] == 0)
    assert np.all(log.offer[row] == place(asked.end, "rocket_bet")[0])
    assert set(np.unique(log.stage[row])) == {REFUSED, BLOCKED, ORDERED}
    assert np.all((log.consent[row] > 0) & (log.consent[row] < 1))
    assert 0 < log.objected[row].mean() < 1
    assert 0 < log.stalled[row].mean() < 1
    assert np.all(log.objected[row][log.stage[row] == BLOCKED] == 1)
    assert np.all(log.stage[row][log.stalled[row] == 1] == ORDERED)


def test_a_loan_fills_the_fund_and_is_owed(after):
    old, new = after(loan={"lender": "ALP", "borrower": "GAM", "amount": 70})
    gam, alp = place(old, "GAM", "ALP")
    assert new.fund[gam] - old.fund[gam] == pytest.approx(70.0)
    assert new.debt[gam, alp] - old.debt[gam, alp] == pytest.approx(70.0)
    assert differing(old, new) == {"fund", "debt"}


def test_an_embargo_closes_all_offers_until_it_is_lifted(tmp_path):
    parties = {"supplier": "BET", "recipient": "DEL"}
    events = {
        "ban": event("2018-Q1", embargo=parties),
        "end": event("2019-Q1", embargo={**parties, "lift": True}),
    }
    end = record(model(tmp_path, {"events": events}), 64).end
    layout, log = end.layout, end.log
    mine = (layout.supplier[log.offer] == place(end, "BET")[0]) & (log.offer != NONE)
    mine &= log.recipient == place(end, "DEL")[0]
    asked = mine.reshape(len(layout.calendar), layout.rows, -1).any(axis=(1, 2))
    assert asked[0]
    assert not asked[1:5].any()
    assert asked[5:].any()


def test_a_membership_ends_or_begins(after):
    old, left = after(membership={"state": "GAM", "bloc": "PACT", "member": False})
    gam, pact = place(old, "GAM", "PACT")
    assert np.all(left.member[gam, pact] == 0)
    assert np.all(left.engagement[gam, pact] == 0)
    assert np.all(left.exited[gam, pact] == 1)
    old, joined = after(membership={"state": "GAM", "bloc": "DUO", "member": True})
    duo = place(old, "DUO")[0]
    assert np.all(old.member[gam, duo] == 0)
    assert np.all(joined.member[gam, duo] == 1)
    assert np.all(joined.engagement[gam, duo] == pytest.approx(0.6))


def test_one_that_left_by_an_event_stays_out(found):
    gone = found(membership={"state": "GAM", "bloc": "PACT", "member": False})
    gam, pact = place(gone.end, "GAM", "PACT")
    assert np.all(gone.end.member[gam, pact] == 0)
    assert np.all(gone.series["exits"][INDEX:, pact] >= 1)


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        ({"change": 0.1}, 0.9),
        ({"change": 0.5}, 1.0),
        ({"change": -0.9}, 0.0),
        ({"value": 0.3}, 0.3),
    ],
)
def test_a_dispute_moves_by_a_step_or_to_a_value_within_its_range(after, move, expected):
    old, new = after(rivalry={"state": "GAM", "toward": "DEL", **move})
    pair = old.layout.dyad_number[place(old, "GAM", "DEL")]
    assert new.rivalry[pair] == pytest.approx(expected)
    assert np.array_equal(np.delete(new.rivalry, pair, 0), np.delete(old.rivalry, pair, 0))


@pytest.mark.parametrize(
    ("move", "expected"), [({"change": -0.5}, -0.3), ({"change": -2}, -1.0), ({"value": 0.9}, 0.9)]
)
def test_regard_moves_by_a_step_or_to_a_value_within_its_range(after, move, expected):
    old, new = after(affinity={"state": "GAM", "toward": "BET", **move})
    assert new.affinity[place(old, "GAM", "BET")] == pytest.approx(expected)
    assert differing(old, new) == {"affinity"}


def test_a_budget_shock_multiplies_the_burden_from_then_on(tmp_path):
    shock = {"events": {"it": event(AT, budget={"state": "GAM", "factor": 0.5})}}
    worlds = [passed.world for _, passed in passing(built(model(tmp_path, shock), 4))]
    burden = [float(world.burden[place(world, "GAM")[0]].min()) for world in worlds]
    assert burden == pytest.approx([0.04] * 2 + [0.02] * 10)


@pytest.mark.parametrize(
    ("path", "value", "field", "names"),
    [
        ("states.GAM.find", 0.6, "find", ("GAM",)),
        ("blocs.PACT.norm", 2.5, "norm", ("PACT",)),
        ("offers.rocket_bet.price", 99.0, "price", ("rocket_bet",)),
        ("offers.rocket_bet.lag", 3.0, "lag", ("rocket_bet",)),
    ],
)
def test_a_number_may_be_set_from_a_date_on(after, path, value, field, names):
    old, new = after(set={"path": path, "value": value})
    cell = place(old, *names)
    assert getattr(new, field)[cell] == pytest.approx(value)
    assert differing(old, new) == {field}


def test_a_parameter_of_a_law_may_be_set_from_a_date_on(tmp_path):
    change = event(AT, set={"path": "laws.consent.base", "value": -1.5}, probability=0.5)
    parts = built(model(tmp_path, {"events": {"it": change}}), 64)
    before = amended(parts.rules, parts.inputs[0])
    assert before is parts.rules
    after = amended(parts.rules, parts.inputs[INDEX]).consent.base
    assert set(after) == {1.5, -1.5}


def happened(folder, **other):
    events = {
        "it": event(AT, loan={"lender": "ALP", "borrower": "GAM", "amount": 1}, probability=0.5),
        **other,
    }
    parts = built(model(folder, {"events": events}), 512)
    return parts.inputs[INDEX].edits[-1].happened


def test_an_event_with_probability_one_half_happens_in_half_of_the_runs(tmp_path):
    assert 0.43 < happened(tmp_path).mean() < 0.57


def test_whether_an_event_happens_does_not_depend_on_other_events(tmp_path):
    loan = {"lender": "ALP", "borrower": "BET", "amount": 1}
    other = {"also": event(AT, loan=loan, probability=0.5)}
    assert np.array_equal(happened(tmp_path), happened(tmp_path, **other))
    parts = built(
        model(tmp_path, {"events": {"it": event(AT, loan=loan, probability=0.5), **other}}), 512
    )
    first, second = (parts.inputs[INDEX].edits[at].happened for at in (0, -1))
    assert 0.4 < np.mean(first == second) < 0.6


def test_where_an_event_does_not_happen_the_run_is_as_if_it_were_not_there(tmp_path):
    sale = {"supplier": "BET", "recipient": "DEL", "system": "rocket", "units": 8}
    maybe = record(model(tmp_path, {"events": {"it": event(AT, order=sale, probability=0.5)}}), 64)
    never = record(model(tmp_path), 64)
    missed = maybe.end.log.offer[row_of_event(maybe)] == NONE
    assert 0.3 < missed.mean() < 0.7
    for name in ("cohesion", "fund", "exposure", "affinity"):
        assert np.array_equal(maybe.series[name][..., missed], never.series[name][..., missed])
    assert not np.array_equal(maybe.series["exposure"], never.series["exposure"])


def test_an_event_cannot_change_what_counts_at_the_start_alone(tmp_path):
    change = event(set={"path": "laws.finance.tenor", "value": 5})
    with pytest.raises(InputError, match=r"set\.path: is used only at the start"):
        model(tmp_path, {"events": {"it": change}})
