"""Prospects: what is on sale to whom, who is looked at, and what the same sum buys."""

from itertools import pairwise

import numpy as np
import pytest

from sim.steps.assessment import assess, inventory
from sim.steps.gains import gains
from sim.steps.privileges import familiarity, privilege
from sim.steps.prospects import in_stock, is_open, on_sale_to, prospects
from tests.small import built, model

ALP, BET, DEL, GAM = range(4)
TANK_ALP, TANK_BET, MISSILE_ALP, ROCKET_BET, SHIELD_BET = range(5)


def offered(parts, world=None, rules=None):
    world, rules = world or parts.world, rules or parts.rules
    number = world.layout.calendar.first
    return prospects(
        world,
        rules,
        parts.noise.at(number).year(3),
        view=assess(world, rules, inventory(world, rules)),
        terms=privilege(world, rules),
        familiarity=familiarity(world),
        number=number,
    )


def test_an_offer_is_open_from_its_first_to_its_last_period(small):
    layout = small.world.layout
    now = layout.calendar.first
    available = np.ones((5, 1))
    available[ROCKET_BET] = 0.0
    found = is_open(small.world.but(available=available), now)
    assert not found[ROCKET_BET].any()
    assert found[[TANK_ALP, TANK_BET, MISSILE_ALP, SHIELD_BET]].all()
    assert not is_open(small.world, int(layout.closes.max()) + 1).any()
    assert not is_open(small.world, int(layout.opens.min()) - 1).any()


def test_there_is_a_stock_while_the_least_that_is_sold_is_left(small):
    stock, least = small.world.stock.copy(), np.ones((5, 1))
    stock[TANK_BET], least[TANK_BET] = [9.0, 10.0, 11.0], 10.0
    found = in_stock(small.world.but(stock=stock, least=least))
    assert found[TANK_BET].tolist() == [False, True, True]
    stock[TANK_BET] = [0.9, 1.0, 9.0]  # a unit is the least unless something else is said
    found = in_stock(small.world.but(stock=stock))
    assert found[TANK_BET].tolist() == [False, True, True]


def test_no_state_buys_from_itself_or_against_an_embargo(small):
    embargo = 0.0 * small.world.embargo
    embargo[BET, DEL] = 1.0
    found = on_sale_to(small.world.but(embargo=embargo), small.world.layout.calendar.first)
    expected = np.ones((4, 5), dtype=bool)
    expected[ALP, [TANK_ALP, MISSILE_ALP]] = False
    expected[BET, [TANK_BET, ROCKET_BET, SHIELD_BET]] = False
    expected[DEL, [TANK_BET, ROCKET_BET, SHIELD_BET]] = False
    assert np.array_equal(found[..., 0], expected)


def test_the_gain_is_what_one_sum_buys_at_the_buyers_own_terms(small):
    world, rules = small.world, small.rules
    found = offered(small)
    # GAM pays 70 % of the list of its leader, and of that 40 % on credit at 4 % over 8 years
    gift = (0.08 - 0.04) / (0.08 + 1 / 8)
    units = rules.procurement.trial / (40 / 10 * 0.7 * (1 - 0.4 * gift))
    view = assess(world, rules, inventory(world, rules))
    drop = gains(world, rules, view, np.full((4, 5, 1), units))[GAM, TANK_ALP]
    assert found.inputs["gain"][GAM, TANK_ALP] == pytest.approx(drop / view.insecurity[GAM])
    assert found.cost[GAM, TANK_ALP] == pytest.approx(4 * 0.7)


def test_terms_are_held_against_the_best_use_of_the_money(small):
    found = offered(small)
    best = found.inputs["best"][:, 0]
    assert np.array_equal(best, found.inputs["gain"].max(axis=1))
    gain = found.terms["gain"]
    assert (gain <= 0).all()
    assert (gain.max(axis=1) == 0).all()


def test_known_suppliers_are_looked_at_and_others_where_a_draw_says_so(small):
    law = small.rules.procurement
    never = small.rules.but({("procurement", "approach"): -500.0})
    always = small.rules.but({("procurement", "approach"): 500.0})
    assert offered(small, rules=always).looked_at.all()
    found = offered(small, rules=never).looked_at
    sellers = small.world.layout.sellers.tolist()
    assert found[DEL].all()  # it remembers deliveries of both
    assert not found[GAM].any()
    tiv = 1.0 * small.world.recent_tiv
    tiv[GAM, ALP] = law.known + 0.1
    found = offered(small, world=small.world.but(recent_tiv=tiv), rules=never).looked_at
    assert found[GAM, sellers.index(ALP)].all()
    assert not found[GAM, sellers.index(BET)].any()


def test_customers_lead_other_states_to_consider_their_supplier(small):
    """Ln(1 + customers), here 0, 1 or 2, and a constant that only two of them lift above 0."""
    world, layout = small.world, small.world.layout
    alp = layout.sellers.tolist().index(ALP)
    law = {("procurement", "by_regard"): 0.0, ("procurement", "by_legacy"): 0.0}
    law |= {("procurement", "approach"): -900.0, ("procurement", "by_renown"): 1000.0}
    for customers, seen in (((), False), ((BET,), False), ((BET, DEL), True)):
        tiv = 0.0 * world.recent_tiv
        tiv[list(customers), ALP] = 2 * small.rules.procurement.known
        bare = world.but(recent_tiv=tiv)
        found = offered(small, world=bare, rules=small.rules.but(law)).looked_at
        assert found[GAM, alp].all() == found[GAM, alp].any() == seen


def test_a_state_with_one_design_of_a_family_considers_the_makers_of_the_others(tmp_path):
    kin = {"systems": {name: {"family": "kin"} for name in ("rocket", "missile")}}
    for patch, seen in (({}, False), (kin, True)):
        parts = built(model(tmp_path, patch), 3)
        world, layout = parts.world, parts.world.layout
        arsenal = 0.0 * world.arsenal
        arsenal[GAM, layout.systems.index("rocket")] = 5.0  # which Alp, maker of the missile, lacks
        bare = world.but(arsenal=arsenal, recent_tiv=0.0 * world.recent_tiv)
        law = {("procurement", "approach"): -500.0, ("procurement", "by_legacy"): 1000.0}
        found = offered(parts, world=bare, rules=parts.rules.but(law)).looked_at[GAM]
        place = layout.sellers.tolist().index
        assert found[place(BET)].all()
        assert found[place(ALP)].all() == seen


def test_a_look_at_a_supplier_lasts_for_some_years(small):
    """The draw of a dyad changes once in `hold` years, at a date of its own."""
    world, rules, layout = small.world, small.rules, small.world.layout
    view = assess(world, rules, inventory(world, rules))
    seen = [
        prospects(
            world.but(recent_tiv=0.0 * world.recent_tiv),
            rules,
            small.noise.at(number).year(3),
            view=view,
            terms=privilege(world, rules),
            familiarity=familiarity(world),
            number=number,
        ).looked_at
        for number in range(layout.calendar.first, layout.calendar.first + 32)
    ]
    moved = np.array([a != b for a, b in pairwise(seen)])
    assert moved.any()
    assert (moved.sum(axis=0) <= 2).all()  # in eight years
