"""Terms by offer: an offer's own discount, credit, interest and tenor come before its bloc's."""

import numpy as np
import pytest

from sim.steps.privileges import Terms, privilege
from sim.steps.prospects import lent_to
from tests.small import built, columns, event, model, passing, record, same, unconserved

OWN = {"discount": 0.1, "credit": 0.8, "rate": 0.02, "tenor": 15}
SALE = {"supplier": "ALP", "recipient": "DEL", "system": "missile", "units": 4}


def offering(**keys):
    return {"offers": {"missile_alp": keys}}


@pytest.fixture
def terms(tmp_path):
    """Return a function that gives what GAM, a member, and DEL, none, are offered."""

    def found(offer, **keys):
        world = (parts := built(model(tmp_path, offering(**keys)), 2)).world
        layout, granted = world.layout, privilege(world, parts.rules)
        buyers = np.array([[layout.states.index(name)] for name in ("GAM", "DEL")])
        number = np.full((2, 1), layout.offers.index(offer))
        asked = Terms(world, granted, buyers, number)
        lent, gift = (
            each[np.searchsorted(layout.buyers, buyers[:, 0]), layout.terms_place[number[0, 0]]]
            for each in lent_to(world, parts.rules, granted)
        )
        assert lent == pytest.approx(asked.credit + 0 * lent)
        by_law = parts.rules.contract.gift(rate=asked.rate, tenor=asked.tenor, market_rate=0.08)
        assert gift[lent > 0] == pytest.approx((by_law + 0 * gift)[lent > 0])
        names = ("discount", "credit", "rate", "tenor")
        return {name: getattr(asked, name)[:, 0].tolist() for name in names}

    return found


def test_an_offer_without_terms_of_its_own_has_those_of_the_bloc(terms):
    usual = {"discount": [0.3, 0], "credit": [0.4, 0], "rate": [0.04, 0.04], "tenor": [8, 10]}
    found = terms("missile_alp")
    assert {name: found[name] for name in ("discount", "credit")} == {
        name: pytest.approx(usual[name]) for name in ("discount", "credit")
    }
    assert found == terms("tank_alp", **OWN)  # those of another offer


def test_terms_of_an_offer_hold_for_whoever_buys_it(terms):
    found = terms("missile_alp", **OWN)
    assert found == {name: pytest.approx([value, value]) for name, value in OWN.items()}
    assert terms("missile_alp", credit=0)["credit"] == [0, 0]  # none, to members neither


def test_a_sale_has_the_terms_of_its_offer(tmp_path):
    patch = {**offering(**OWN), "events": {"sale": event("2017-Q4", order=SALE)}}
    parts = built(model(tmp_path, patch), 2)
    first = passing(parts)[0][1].world
    row = parts.world.layout.buyers.size
    assert first.log.value[row] == pytest.approx(0.9 * 180)
    assert first.log.credit[row] == pytest.approx(0.8)


def test_a_credit_on_own_terms_is_blended_into_the_debt(tmp_path):
    """Interest and repayment of the first year are those of the two credits."""
    old = {"debtor": "DEL", "creditor": "ALP", "amount": 100, "rate": 0.06, "tenor": 5}
    patch = {
        **offering(**OWN, instalments=1),
        "debts": {"older": {**old, "source": "assumed"}},
        "events": {"sale": event("2017-Q4", order=SALE)},
    }
    parts = built(model(tmp_path, patch), 2)
    i, s = (parts.world.layout.states.index(name) for name in ("DEL", "ALP"))
    before, after = next(
        (b, p.world) for b, p in passing(parts) if p.world.rate[i, s, 0] != b.rate[i, s, 0]
    )
    lent, left = 0.8 * 0.9 * 180, 1 - parts.world.layout.calendar.dt / 5  # after service
    debt = before.debt[i, s, 0] * left
    whole = debt + lent
    assert after.rate[i, s, 0] == pytest.approx((0.06 * debt + 0.02 * lent) / whole, rel=0.01)
    assert after.tenor[i, s, 0] == pytest.approx(whole / (debt / 5 + lent / 15), rel=0.01)
    assert after.rate[s, i, 0] == before.rate[s, i, 0]


def test_money_is_conserved(tmp_path):
    assert unconserved(built(model(tmp_path, offering(**OWN)), 16)) == []


def test_an_event_changes_the_terms_of_an_offer(tmp_path):
    events = {
        "dear": event("2018-Q1", set={"path": "offers.missile_alp.credit", "value": 0}),
        "sale": event("2018-Q1", order=SALE),
    }
    patch = {**offering(**OWN), "events": events}
    end = record(model(tmp_path, patch), 2).end
    row = end.layout.rows + end.layout.buyers.size
    assert np.all(end.log.credit[row] == 0)
    assert np.all(end.log.value[row] == pytest.approx(0.9 * 180))


def test_offers_that_name_the_terms_of_the_bloc_sell_the_same(tmp_path):
    """One bloc, one member that buys: its terms are equivalent to those of an offer."""
    patch = {"states": {i: {"import_share": 0} for i in ("ALP", "BET", "DEL")}}
    named = {"discount": 0.3, "credit": 0.4}
    told = {**patch, "offers": dict.fromkeys(("tank_alp", "missile_alp"), named)}
    one, other = (columns(record(model(tmp_path, each), 16)) for each in (patch, told))
    assert [name for name in same(one, other) if not np.allclose(one[name], other[name])] == []


def test_a_discount_of_its_own_sells_more_of_an_offer(tmp_path):
    def sold(**keys):
        end = record(model(tmp_path, offering(**keys)), 128).end
        mine = end.log.offer == end.layout.offers.index("missile_alp")
        return (mine * end.log.units).sum()

    assert sold(discount=0.6) > sold() > 0


def test_an_offset_makes_an_offer_sell_better(tmp_path):
    def asked(**keys):
        end = record(model(tmp_path, offering(**keys)), 256).end
        return (end.log.offer == end.layout.offers.index("missile_alp")).sum()

    assert asked(offset=1.0) > asked() > 0
