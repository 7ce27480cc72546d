"""Purses: debts by date are compared with the income of the years until then."""

import numpy as np
import pytest

from sim.steps.purses import accounts, at_hand, income, owed_by, purse

DEL = np.array([[2]])


def owing(world, **by_slot):
    """Return a world in which DEL owes amounts by quarter."""
    owed = 0.0 * world.owed
    for slot, amount in by_slot.items():
        owed[2, int(slot[1:])] = amount
    return world.but(owed=owed)


def test_what_is_owed_adds_up_by_date_with_a_part_of_the_quarter_in_which_it_lies(small):
    world = owing(small.world, s0=10.0, s2=6.0, s4=12.0, s24=100.0)
    found = owed_by(world, DEL, part=0)  # a sixth of the quarter has passed
    assert list(found) == [0.5, 1, 2, 3, 4, 5, 6]
    assert found[0.5][0] == pytest.approx(10 + 6 / 6)  # of 0.5 to 0.75 years
    assert found[1][0] == pytest.approx(16 + 12 / 6)
    assert found[2][0] == pytest.approx(28)
    assert found[6][0] == pytest.approx(28 + 100 / 6)
    later = owed_by(world, DEL, part=2)
    assert later[1][0] == pytest.approx(16 + 12 * 5 / 6)


def test_the_scarcest_year_bounds_the_purse(small):
    world, rules = small.world, small.rules
    f, budget, fund = rules.procurement.foresight, world.budget[2, 0], world.fund[2, 0]
    known = accounts(world, DEL)
    assert income(world, known)[0] == pytest.approx(budget)  # DEL has no debts
    nothing = 0.0 * world.gdp
    hand = fund - budget * 0.25 * 5 / 6
    assert at_hand(world, known, 0, nothing)[0] == pytest.approx(hand)
    free = purse(world, rules, known, 0, nothing)
    assert free.served[0] == pytest.approx(hand + f * budget)
    assert free.soon[0] == pytest.approx(hand + 0.5 * f * budget)
    assert free.cash[0] == pytest.approx(hand)
    due = 1.5 * f * budget
    tight = purse(owing(world, s7=due), rules, known, 0, nothing)  # within two years
    assert tight.served[0] == pytest.approx(min(hand + f * budget, hand + 2 * f * budget - due))
    deposits = 0.0 * world.gdp
    deposits[2] = 5.0
    less = purse(world, rules, known, 0, deposits)
    assert free.served - less.served == pytest.approx(5.0)


def test_arms_credits_drawn_and_promised_leave_less_to_be_lent_and_civil_debts_do_not(small):
    world, rules = small.world, small.rules
    nothing = 0.0 * world.gdp

    def room(**changes):
        changed = world.but(**changes)
        return purse(changed, rules, accounts(changed, DEL), 0, nothing).room[0]

    debt, promised = 0.0 * world.debt, 0.0 * world.promised
    debt[2, 0], promised[2, 1] = 40.0, 10.0
    whole = rules.procurement.lending * world.budget[2, 0]
    assert room() == pytest.approx(whole)
    assert room(debt=debt) == pytest.approx(whole)
    assert room(debt=debt, arms_debt=debt, promised=promised) == pytest.approx(whole - 50)


def test_credit_promised_on_open_orders_weighs_on_the_income_to_come(small):
    world, rules = small.world, small.rules
    nothing, promised = 0.0 * world.gdp, 0.0 * world.promised
    promised[2, 0] = 50.0
    after = world.but(promised=promised)
    free, bound = (
        purse(each, rules, accounts(each, DEL), 0, nothing).served for each in (world, after)
    )
    service = 50 * (world.rate[2, 0] + 1 / world.tenor[2, 0])
    assert (free - bound)[0] == pytest.approx(rules.procurement.foresight * service)  # of a year
