"""Money by hand: debt service, payment and rescue among four states."""

from dataclasses import replace

import numpy as np
import pytest

from sim.steps.deliveries import no_flows
from sim.steps.money import grow, rescue, serve, settle
from tests.small import built, model

ALP, BET, DEL, GAM = range(4)


def dyads(**amounts):
    """Return a table of dyads, `GAM_ALP` for what GAM owes ALP, the same in three runs."""
    names = {"ALP": ALP, "BET": BET, "DEL": DEL, "GAM": GAM}
    table = np.zeros((4, 4, 3))
    for name, amount in amounts.items():
        debtor, creditor = name.split("_")
        table[names[debtor], names[creditor]] = amount
    return table


def funds(*amounts):
    return np.array(amounts, dtype=float)[:, None] * np.ones(3)


def in_debt(small, fund):
    rate, tenor = np.zeros((4, 4, 1)), np.full((4, 4, 1), 10.0)
    rate[BET, ALP], tenor[BET, ALP] = 0.04, 6.0
    tenor[BET, GAM] = 0.2  # less than the period: the whole falls due
    return small.world.but(
        debt=dyads(BET_ALP=120.0, BET_GAM=40.0),
        arrears=dyads(BET_ALP=8.0),
        rate=rate,
        tenor=tenor,
        fund=funds(0.0, fund, 0.0, 5.0),
    )


def test_a_debtor_pays_a_share_of_the_debt_its_interest_and_what_is_overdue(small):
    # to ALP 120 / 24 + 120 * 0.01 + 8 = 14.2 of 121.2, to GAM all 40
    after = serve(world=in_debt(small, 100.0), rules=small.rules, dt=0.25)
    assert after.debt == pytest.approx(dyads(BET_ALP=107.0))
    assert after.arrears == pytest.approx(dyads())
    assert after.fund == pytest.approx(funds(14.2, 45.8, 0.0, 45.0))


def test_a_poor_debtor_pays_all_creditors_the_same_share(small):
    after = serve(world=in_debt(small, 27.1), rules=small.rules, dt=0.25)
    assert after.debt == pytest.approx(dyads(BET_ALP=114.1, BET_GAM=20.0))
    assert after.arrears == pytest.approx(dyads(BET_ALP=7.1, BET_GAM=20.0))
    assert after.fund == pytest.approx(funds(7.1, 0.0, 0.0, 25.0))


def test_no_more_falls_due_than_is_owed(small):
    world = in_debt(small, 100.0).but(debt=dyads(BET_ALP=10.0), arrears=dyads(BET_ALP=10.0))
    after = serve(world=world, rules=small.rules, dt=0.25)
    assert after.debt == pytest.approx(dyads())
    assert after.fund == pytest.approx(funds(10.1, 89.9, 0.0, 5.0))


def exports(**cells):
    """Return numbers by dyad as a table of exporters: ALP and BET."""
    return dyads(**cells)[:, :2]


def test_what_a_fund_cannot_pay_for_arms_is_owed_and_overdue(small):
    world = small.world.but(
        fund=funds(3.0, 0.0, 20.0, 50.0), debt=dyads(DEL_ALP=1.0), arrears=dyads(DEL_BET=2.0)
    )
    flows = replace(
        no_flows(world), claims=exports(DEL_ALP=30.0, DEL_BET=10.0, GAM_ALP=8.0),
        lent=exports(DEL_ALP=7.0),
    )  # fmt: skip
    after = settle(world=world, flows=flows)
    assert after.fund == pytest.approx(funds(3.0, 0.0, 0.0, 42.0))  # suppliers' treasuries are paid
    paid = exports(DEL_ALP=15.0, DEL_BET=5.0, GAM_ALP=8.0)
    assert after.paid == pytest.approx(world.paid + paid)
    assert after.debt == pytest.approx(dyads(DEL_ALP=1.0 + 7.0 + 15.0, DEL_BET=5.0))
    assert after.arrears == pytest.approx(dyads(DEL_ALP=15.0, DEL_BET=7.0))


def test_a_budget_grows_with_output_and_fills_the_fund(small):
    calm = replace(small.rules, economy=replace(small.rules.economy, volatility=0.0))
    world = small.world.but(growth=np.full((4, 1), 0.1), fund=funds(1.0, 2.0, 3.0, 4.0))
    after = grow(world=world, rules=calm, noise=small.noise.at(8071), dt=0.5)
    assert after.gdp == pytest.approx(world.gdp * np.exp(0.05))
    # a half year of 5e4 * 0.05 * 0.3 = 750 million, grown by 5 %
    assert after.fund[DEL] == pytest.approx(3.0 + 0.5 * 750.0 * np.exp(0.05))


@pytest.fixture
def rescued(small):
    """Return a function that returns the world after a rescue, for a given utility of lending.

    Budgets are 360 (BET), 750 (DEL) and 120 (GAM): GAM owes less than DEL, but more of a year.
    """

    def after(base, fund, **overdue):
        finance = replace(small.rules.finance, base=base, by_debt=0.0, by_fund=0.0)
        arrears = dyads(**(overdue or {"DEL_ALP": 300.0, "GAM_ALP": 40.0, "GAM_BET": 20.0}))
        world = small.world.but(arrears=arrears, debt=2 * arrears, fund=funds(*fund))
        rules = replace(small.rules, finance=finance)
        return world, rescue(world=world, rules=rules, noise=small.noise.at(8071))[0]

    return after


def test_the_state_in_most_distress_is_lent_all_that_it_owes_overdue(rescued):
    before, after = rescued(50.0, (9e9, 50.0, 500.0, 1.0))  # ALP claims, BET has not enough
    assert after.fund == pytest.approx(funds(9e9, 50.0, 440.0, 61.0))
    assert after.debt - before.debt == pytest.approx(dyads(GAM_DEL=60.0))
    assert np.array_equal(after.arrears, before.arrears)
    # a tenth of the way from -0.7 to full regard
    assert after.affinity - before.affinity == pytest.approx(dyads(GAM_DEL=0.17))


def test_a_state_that_does_not_want_to_lend_or_cannot_does_not_lend(rescued):
    for base, fund in ((-50.0, (9e9, 9e9, 9e9, 9e9)), (50.0, (9e9, 59.0, 59.0, 9e9))):
        before, after = rescued(base, fund)
        for name in ("fund", "debt", "affinity"):
            assert np.array_equal(getattr(before, name), getattr(after, name)), name


def test_only_states_in_arrears_are_rescued(rescued):
    before, after = rescued(50.0, (9e9, 9e9, 9e9, 9e9), GAM_ALP=0.0)
    assert np.array_equal(before.fund, after.fund)
    assert np.array_equal(before.affinity, after.affinity)


def test_rounding_leaves_no_fund_below_zero(small):
    rng = np.random.default_rng(1)
    claims, zero = rng.random((4, 2, 5000)), np.zeros((4, 4, 5000))
    fund = claims.sum(axis=1) * rng.random((4, 5000))  # less than is claimed
    world = small.world.but(fund=fund, paid=0 * claims, debt=zero, arms_debt=zero, arrears=zero)
    after = settle(world=world, flows=replace(no_flows(world), claims=claims, lent=0 * claims))
    assert (fund - after.paid.sum(axis=1)).min() < 0  # by the last digit
    assert after.fund.min() == 0.0


def test_usual_terms_of_debts_hold_where_neither_a_bloc_nor_a_debt_says_others(tmp_path):
    which = model(tmp_path)
    terms = {"laws.finance.rate": np.linspace(0.0, 0.2, 4), "laws.finance.tenor": 20.0}
    world = built(which, 4, given=terms).world
    gam_to_del, bet_to_alp = (GAM, DEL), (BET, ALP)
    assert world.rate[*gam_to_del] == pytest.approx(terms["laws.finance.rate"])
    assert np.all(world.tenor[*gam_to_del] == 20.0)
    assert np.all(world.rate[*bet_to_alp] == 0.03)
    assert np.all(world.tenor[*bet_to_alp] == 6.0)
    assert np.all(built(which, 4).world.rate[*gam_to_del] == 0.03)
