"""Orders and deliveries by hand: stock, price, deposit, instalments, arrears, defects and age."""

from dataclasses import replace

import numpy as np
import pytest

from sim.kernel.arrays import NONE
from sim.kernel.inputs import ASKED, FORCED, TRANSFERRED
from sim.kernel.world import BLOCKED, NOTHING, ORDERED, REFUSED
from sim.steps.consents import Consents
from sim.steps.deliveries import deliver, still_owed
from sim.steps.objections import STALLED, STOPPED, Protests, RequestDraws
from sim.steps.orders import Deposits, order
from sim.steps.privileges import privilege
from sim.steps.requests import Requests
from tests.small import built, event, model

ALP, BET, DEL, GAM = range(4)
TANK_ALP, TANK_BET, MISSILE_ALP, ROCKET_BET, SHIELD_BET = range(5)
DT = 0.25
BATCH = {TANK_ALP: 10, TANK_BET: 10, MISSILE_ALP: 2, ROCKET_BET: 4}


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """The small scenario with two slots for events in its first period."""
    sale = {"supplier": "BET", "recipient": "GAM", "system": "tank", "units": 10}
    gift = {"supplier": "ALP", "recipient": "BET", "system": "tank", "units": 5, "value": 7}
    events = {"sale": event("2017-Q4", order=sale), "gift": event("2017-Q4", transfer=gift)}
    return built(model(tmp_path_factory.mktemp("orders"), {"events": events}), 3)


def column(*values, dtype=float):
    return np.array(values, dtype=dtype)[:, None] * np.ones(3, dtype=dtype)


def ordered(parts, offers, batches, agreed, response=None, *, wait=0.0, room=1e9):
    """Return world and deposits after requests by ALP, BET, DEL, GAM and two events."""
    layout = parts.world.layout
    assert layout.buyers.tolist() == [ALP, BET, DEL, GAM]
    recipient = np.array([[ALP], [BET], [DEL], [GAM], [GAM], [BET]])
    forced = np.array([[ASKED]] * 4 + [[FORCED], [TRANSFERRED]])
    requests = Requests(
        recipient=recipient,
        offer=column(*offers, dtype=np.int64),
        units=column(*[n * BATCH.get(o, 1) for n, o in zip(batches, offers, strict=True)]),
        forced=forced,
        value=column(0.0, 0.0, 0.0, 0.0, 0.0, 7.0),
        room=column(*[room] * 6),
    )
    return order(
        world=parts.world,
        rules=parts.rules,
        number=parts.inputs[0].number,
        part=0,
        requests=requests,
        draws=RequestDraws(
            objection=None, purchase=None, response=None, wait=column(*[wait] * 6), phase=None
        ),
        terms=privilege(parts.world, parts.rules),
        consent=Consents(
            agreed=column(*agreed, dtype=bool),
            refusers=column(*[2 * (not each) for each in agreed], dtype=np.int64),
            supplier=column(*[0.25] * 6),
            queried=column(),
        ),
        protests=Protests(
            objected=column(*[1] * 6, dtype=np.int64),
            response=column(*(response or [0] * 6), dtype=np.int64),
            blockers=column(*[4] * 6, dtype=np.int64),
        ),
        dt=DT / 3,
    )


def test_a_request_is_ordered_refused_blocked_or_empty(parts):
    offers = [NONE, TANK_ALP, TANK_ALP, TANK_ALP, TANK_ALP, TANK_ALP]
    world, _ = ordered(parts, offers, [1] * 6, [1, 1, 0, 1, 0, 0], [0, STALLED, 0] + [STOPPED] * 3)
    log = world.log
    stages = [
        NOTHING,
        ORDERED,
        REFUSED,
        BLOCKED,
        ORDERED,
        ORDERED,
    ]  # orders by events need no consent
    assert np.array_equal(log.stage[:6], column(*stages, dtype=np.int64))
    assert log.objected[:6, 0].tolist() == [0, 1, 0, 1, 0, 0]
    assert log.stalled[:6, 0].tolist() == [0, 1, 0, 0, 0, 0]
    assert log.opposed[:6, 0].tolist() == [0, 0, 2, 4, 0, 0]
    assert log.consent[:6, 0].tolist() == [0.0] + [0.25] * 5
    refusal = 0.0 * world.refusal
    refusal[DEL, ALP] = 1.0
    assert np.array_equal(world.refusal, refusal)


def test_an_offer_sells_what_it_still_has_first_come_first_served_and_more_to_events(parts):
    # 120 second-hand tanks in batches of 10: 70 to DEL, of 80 the other 50 to GAM; none are left,
    # and the ten that an event orders are made for it
    offers = [NONE, NONE, TANK_BET, TANK_BET, TANK_BET, TANK_ALP]
    world, _ = ordered(parts, offers, [0, 0, 7, 8, 1, 0.5], [0, 0, 1, 1, 1, 1])
    assert world.log.units[:6, 0].tolist() == [0, 0, 70, 50, 10, 5]
    assert world.log.stage[4, 0] == ORDERED
    assert np.all(world.stock[TANK_BET] == 0)
    assert np.all(np.isinf(world.stock[TANK_ALP]))


def test_members_pay_the_leader_less_a_deposit_now_and_the_rest_later(parts):
    # the list says 40 for 10 tanks; GAM pays 70 % of it, 40 % of that on credit
    offers = [NONE, NONE, TANK_ALP, TANK_ALP, TANK_BET, TANK_ALP]
    world, deposits = ordered(parts, offers, [0, 0, 2, 3, 1, 0.5], [0, 0, 1, 1, 1, 1])
    log = world.log
    assert log.listed[:6, 0] == pytest.approx([0, 0, 80, 120, 12, 20])
    assert log.value[:6, 0] == pytest.approx([0, 0, 80, 84, 12, 7])  # a transfer at its own value
    assert log.credit[:6, 0] == pytest.approx([0, 0, 0, 0.4, 0, 0])
    paid = [0, 0, 8, 0.1 * 0.6 * 84, 1.2, 0]
    assert deposits.amount[:, 0] == pytest.approx(paid)
    later = column(0, 0, 72.0, 0.9 * 0.6 * 84 + 10.8, dtype=float)
    assert (world.owed - parts.world.owed).sum(axis=1) == pytest.approx(later)
    third = 0.9 * 0.6 * 84 / 3
    # in thirds of a year, from the middle of the first month on, and in a quarter of a year
    dated = [0, third + 10.8, third, 0, third]
    assert (world.owed - parts.world.owed)[GAM, :5, 0] == pytest.approx(dated)


def test_beyond_what_may_be_lent_an_order_is_paid_in_cash(parts):
    offers = [NONE, NONE, NONE, TANK_ALP, NONE, NONE]  # 84 after the discount, 40 % on credit
    world, deposits = ordered(parts, offers, [0, 0, 0, 3, 0, 0], [0, 0, 0, 1, 0, 0], room=21.0)
    assert world.log.credit[3, 0] == pytest.approx(0.25)
    assert deposits.amount[3, 0] == pytest.approx(0.1 * 0.75 * 84)
    assert (world.promised - parts.world.promised)[GAM].sum(axis=0) == pytest.approx(21.0)
    none, _ = ordered(parts, offers, [0, 0, 0, 3, 0, 0], [0, 0, 0, 1, 0, 0], room=0.0)
    assert none.log.credit[3, 0] == 0


def test_a_sale_comes_when_its_lag_has_passed_and_later_where_the_leader_stalls(parts):
    offers = [TANK_ALP, NONE, TANK_ALP, SHIELD_BET, TANK_BET, TANK_ALP]
    response = [0, 0, STALLED, 0, 0, 0]
    shock = 1.0  # a standard deviation, a quarter of the log
    world, _ = ordered(parts, offers, [1] * 6, [1] * 6, response, wait=shock)
    log, now = world.log, parts.inputs[0].number
    longer = np.exp(0.25)
    years = np.array([1.0, 0.0, 1.0, 0.75, 0.25, 1.0])
    assert log.wait[:5, 0] == pytest.approx((4 * years * longer)[:5])
    assert log.wait[5, 0] == 0
    stall = parts.rules.objection.stall_years / DT
    middle = now + 0.5 / 3  # of the first month of the quarter
    start = [middle, 0, middle + stall, middle, middle, now]
    assert log.start[:6, 0] == pytest.approx(start)
    assert log.left[:6, 0].tolist() == [3, 0, 3, 1, 1, 1]
    # 0.17 and a third of 5.1 quarters; 0.17 and 3.9 at once; 1.3; a transfer comes on its day
    due = [now + 1, 0, now + int(stall + 1.88), now + 4, now + 1, now]
    assert log.due[:6, 0].tolist() == due


LAW = ("on_account", "late", "slight")


def delivered(parts, number, *, arrears=0.0, defect=0.0, fund=1e4, strain=0.0, **known):
    """Return world and flows of a period in which three instalments of tanks come to GAM."""
    law = {("contract", name): known.pop(name) for name in LAW if name in known}
    offers = [NONE, NONE, NONE, TANK_ALP, NONE, NONE]
    world, _ = ordered(parts, offers, [0, 0, 0, 3, 0, 0], [0, 0, 0, 1, 0, 0])
    assert np.all(world.log.due[3] <= number)
    table = 0.0 * world.arrears
    table[GAM, ALP] = arrears
    owed = world.owed
    for _ in range(parts.inputs[0].number, number):  # periods in which nothing came
        owed = still_owed(owed, np.zeros((4, 3)))
    world = world.but(
        arrears=table,
        owed=owed,
        fund=0 * world.fund + fund,
        strain=0 * world.strain + strain,
        refusal=0 * world.refusal,
        defect=np.full((5, 1), defect),
        log=replace(
            world.log, **{n: np.full_like(getattr(world.log, n), v) for n, v in known.items()}
        ),
    )
    nothing = Deposits(
        buyer=np.zeros((0, 3), dtype=np.int64), supplier=np.zeros((0, 3), dtype=np.int64),
        amount=np.zeros((0, 3)),
    )  # fmt: skip
    after, flows = deliver(
        world=world, rules=parts.rules.but(law), noise=parts.noise.at(number), number=number,
        deposits=nothing, remaining=column(1, 1, 1, 0.5), dt=DT,
    )  # fmt: skip
    return world, after, flows


def test_an_instalment_is_a_third_of_the_goods_of_their_price_and_of_the_credit(parts):
    number = parts.inputs[0].number + 1
    before, after, flows = delivered(parts, number)
    tiv, listed, claims, lent = (0.0 * before.paid for _ in range(4))
    tiv[GAM, ALP], listed[GAM, ALP] = 10 * 2.0, 40.0
    claims[GAM, ALP], lent[GAM, ALP] = 0.9 * 0.6 * 84 / 3, 0.4 * 84 / 3
    assert flows.tiv == pytest.approx(tiv)
    assert flows.listed == pytest.approx(listed)
    assert flows.claims == pytest.approx(claims)
    assert flows.lent == pytest.approx(lent)
    assert np.all(flows.strike_value == 0)
    # the discount, and on credit at 4 % over 8 years, against 8 %, a fifth is a gift
    gift = (120 - 84) / 3 + 0.4 * 84 / 3 * (0.08 - 0.04) / (0.08 + 1 / 8)
    waived = 0.0 * before.member
    waived[GAM, 1] = gift
    assert flows.waived == pytest.approx(waived)
    assert (before.owed - after.owed).sum(axis=1) == pytest.approx(
        column(0, 0, 0, 0.9 * 0.6 * 84 / 3)
    )

    aged = before.arsenal * np.exp(-DT / np.array([20.0, 25.0, 25.0, 25.0]))[:, None]
    aged[GAM] *= 0.5  # by war
    aged[GAM, 0] += 10
    assert after.arsenal == pytest.approx(aged)
    log = after.log
    assert (log.left[3, 0], log.first[3, 0], log.last[3, 0]) == (2, number, number)
    assert log.due[3, 0] == int(before.log.start[3, 0] + 4 * 2 / 3)
    assert (log.delivered[3, 0], log.withdrawn[3, 0]) == (pytest.approx(10), 0)
    pace = parts.rules.quality.pace
    reputed = 1.0 * before.reputation
    reputed[ALP] = (reputed[ALP] + pace) / (1 + pace)
    assert after.reputation == pytest.approx(reputed)


def test_defects_are_withdrawn_and_cost_the_maker_its_name(parts):
    number = parts.inputs[0].number + 1
    before, after, flows = delivered(parts, number, defect=1.0)
    assert after.log.withdrawn[3] == pytest.approx(10.0)
    assert after.arsenal[GAM, 0] == pytest.approx(0.5 * 60 * np.exp(-DT / 20))
    assert flows.tiv[GAM, ALP] == pytest.approx(20.0)  # it was accepted
    pace = parts.rules.quality.pace
    assert after.reputation[ALP] == pytest.approx(before.reputation[ALP] / (1 + pace))


def test_in_arrears_what_is_not_paid_for_is_held_back(parts):
    number = parts.inputs[0].number + 1
    before, after, flows = delivered(parts, number, arrears=1.0, fund=0.0)
    for name in ("tiv", "listed", "claims", "lent", "waived"):
        assert np.all(getattr(flows, name) == 0), name
    assert after.log.left[3, 0] == 3
    assert after.log.due[3, 0] == before.log.due[3, 0]  # what is overdue stays so
    assert after.log.first[3, 0] == NONE
    assert np.array_equal(after.reputation, before.reputation)
    assert after.owed.sum(axis=1) == pytest.approx(before.owed.sum(axis=1))
    assert after.owed[GAM, 0, 0] == pytest.approx(before.owed[GAM, :2, 0].sum())  # now due
    _, after, _ = delivered(parts, number, arrears=1.0)  # with the money for all of it
    assert after.log.left[3, 0] == 2


def test_the_part_that_is_paid_for_comes_and_of_the_rest_a_share_on_account(parts):
    number, cash = parts.inputs[0].number + 1, 0.9 * 0.6 * 84 / 3
    some = {"fund": 0.25 * cash}
    before, after, flows = delivered(parts, number, on_account=0.0, **some)
    assert flows.tiv[GAM, ALP] == pytest.approx(0.25 * 20)
    assert flows.claims[GAM, ALP] == pytest.approx(0.25 * cash)
    assert flows.lent[GAM, ALP] == pytest.approx(0.25 * 0.4 * 84 / 3)
    assert (after.log.left[3, 0], after.log.delivered[3, 0]) == (3, pytest.approx(2.5))
    assert after.log.begun[3] == pytest.approx(0.25)
    assert after.log.due[3, 0] == before.log.due[3, 0]
    _, half, _ = delivered(parts, number, on_account=0.5, **some)
    assert half.log.begun[3] == pytest.approx(0.25 + 0.5 * 0.75)
    _, rest, flows = delivered(parts, number, on_account=0.0, begun=0.625)
    assert (rest.log.left[3, 0], rest.log.begun[3, 0]) == (2, 0)
    assert flows.tiv[GAM, ALP] == pytest.approx(0.375 * 20)
    assert flows.claims[GAM, ALP] == pytest.approx(0.375 * cash)
    _, owing, _ = delivered(parts, number, on_account=0.5, arrears=1.0, **some)
    assert owing.log.begun[3] == pytest.approx(0.25)  # nothing more on account


def test_a_supplier_at_war_delivers_late_and_the_buyer_remembers(parts):
    number = parts.inputs[0].number + 1
    law = {"late": 0.5, "slight": 0.4}
    _, after, flows = delivered(parts, number, strain=0.5, **law)
    slips = np.exp(-DT / 0.25)  # three months late in the mean
    assert flows.tiv[GAM, ALP] == pytest.approx((1 - slips) * 20)
    assert after.log.begun[3] == pytest.approx(1 - slips)
    assert after.refusal[GAM, ALP] == pytest.approx(0.4 * np.exp(-1 / 0.25))
    _, peace, _ = delivered(parts, number, **law)
    assert peace.log.left[3, 0] == 2
    assert np.all(peace.refusal[GAM, ALP] == 0)
    _, owing, _ = delivered(parts, number, strain=0.5, arrears=1.0, **law)
    assert np.all(owing.refusal[GAM, ALP] == 0)  # its own fault


def test_an_order_that_has_come_late_keeps_its_first_date(parts):
    now = parts.inputs[0].number
    _, after, _ = delivered(parts, now + 9, left=1, first=now + 2)
    assert (after.log.left[3, 0], after.log.first[3, 0]) == (0, now + 2)
    assert after.log.last[3, 0] == now + 9


def test_all_that_is_due_by_now_comes_at_once(parts):
    now = parts.inputs[0].number
    before, after, flows = delivered(parts, now + 3)  # of instalments after 1.5, 2.8 and 4.2
    assert after.log.left[3, 0] == 1
    assert flows.tiv[GAM, ALP] == pytest.approx(2 * 20.0)
    assert after.log.delivered[3, 0] == pytest.approx(20.0)
    goods, pace = before.reputation[ALP], parts.rules.quality.pace
    assert after.reputation[ALP] == pytest.approx((goods + 2 * pace) / (1 + 2 * pace))
    assert after.log.due[3, 0] == now + 4
