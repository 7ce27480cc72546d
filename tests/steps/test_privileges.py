"""What privilege, fellowship, familiarity and ways out come to among four states, by hand."""

import numpy as np
import pytest

from sim.steps.privileges import exits, familiarity, fellows, own_budget, privilege, sold
from tests.small import built, model, record

ALP, BET, DEL, GAM = range(4)
DUO, PACT = range(2)


def test_members_pay_their_leader_less_and_partly_later(small):
    terms = privilege(small.world, small.rules)
    discount, credit = np.zeros((4, 2, 3)), np.zeros((4, 2, 3))
    discount[[BET, GAM], ALP], credit[[BET, GAM], ALP] = 0.3, 0.4  # of PACT; DUO grants nothing
    assert terms.discount == pytest.approx(discount)
    assert terms.credit == pytest.approx(credit)


def test_a_line_of_credit_counts_where_it_is_longer_and_terms_end_with_membership(small):
    line, member = small.world.credit_line.copy(), small.world.member.copy()
    line = np.broadcast_to(line, member.shape).copy()
    line[BET, PACT], line[GAM, PACT] = 0.1, 0.9
    world = small.world.but(credit_line=line)
    assert privilege(world, small.rules).credit[:, ALP] == pytest.approx(
        np.array([[0.0], [0.4], [0.0], [0.9]]) * np.ones(3)
    )
    for gone, left in ((GAM, [BET]), (ALP, [])):
        member = small.world.member.copy()
        member[gone, PACT] = 0.0
        terms = privilege(world.but(member=member), small.rules)
        for table in (terms.discount, terms.credit):
            assert np.flatnonzero(table[:, ALP, 0]).tolist() == left


def test_of_two_blocs_with_one_leader_the_better_terms_count(tmp_path):
    both = {"leader": "ALP", "members": ["ALP", "GAM"], "preference": 0.5, "credit": 0.1}
    patch = {"blocs": {"TWIN": {**both, "commitment": 0.5, "norm": 0, "source": "assumed"}}}
    parts = built(model(tmp_path, patch), 2)
    terms = privilege(parts.world, parts.rules)
    assert terms.discount[:, ALP, 0] == pytest.approx([0.0, 0.3, 0.0, 0.5])
    assert terms.credit[:, ALP, 0] == pytest.approx([0.0, 0.4, 0.0, 0.4])


def test_fellows_share_a_bloc_of_which_both_are_members(small):
    member = small.world.member.copy()
    member[GAM, PACT, 1] = 0.0
    shared = fellows(small.world.but(member=member))
    pairs = {(ALP, BET), (BET, ALP), (BET, DEL), (DEL, BET)}
    with_gam = pairs | {(ALP, GAM), (GAM, ALP), (BET, GAM), (GAM, BET)}
    for run, expected in enumerate((with_gam, pairs, with_gam)):
        assert {tuple(pair) for pair in np.argwhere(shared[:, :, run])} == expected
    assert set(np.unique(shared)) == {0.0, 1.0}


def test_the_familiar_supplier_has_the_largest_share_of_remembered_imports(small):
    known = familiarity(small.world)
    assert known[DEL, [ALP, BET]] == pytest.approx(np.array([[100 / 180], [80 / 180]]) * np.ones(3))
    assert np.all(known[GAM] == 0)  # remembers nothing
    few = 0.001 * small.world.recent_tiv
    assert familiarity(small.world.but(recent_tiv=few)) == pytest.approx(known)


def test_a_way_out_is_a_strong_friend_outside_the_bloc(small):
    strength = np.array([60.0, 30.0, 20.0, 10.0])[:, None] * np.ones(3)
    ways = exits(small.world, small.rules, strength)
    # outside PACT stands DEL, a quarter of both strengths: BET likes it by 0.4, GAM hates it
    assert ways[BET, PACT] == pytest.approx(0.4 * 20 / 80)
    assert np.all(ways[GAM, PACT] == 0)
    # outside DUO stand ALP and GAM: BET likes ALP by 0.5
    assert ways[BET, DUO] == pytest.approx(0.5 * 60 / 80)


def test_what_is_sold_is_counted_in_years_of_the_buyers_budget(small):
    assert own_budget(small.world, small.rules)[:, 0] == pytest.approx([400.0, 360.0, 750.0, 120.0])
    value = np.zeros((4, 2, 3))
    value[DEL, BET] = 1500.0  # of all the years that are remembered
    world = small.world.but(recent_value=value)
    seller, buyer = np.array([[BET]]), np.array([[DEL]])
    years = sold(world, small.rules, seller=seller, buyer=buyer)
    assert years == pytest.approx(2.0 / small.rules.precedent.memory)
    assert np.all(sold(world, small.rules, seller=buyer, buyer=seller) == 0)


def test_a_world_without_blocs_lives_through_its_periods(tmp_path):
    lived = record(model(tmp_path, {"blocs": None, "outcomes": ["affinity GAM>BET"]}), 8)
    assert lived.series["cohesion"].shape == (12, 0, 8)
    assert np.all(np.isfinite(lived.series["strength"]))
    assert np.any(lived.end.log.stage == 3)  # arms are sold
