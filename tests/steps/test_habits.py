"""Habits and slights by hand: usual deliveries to both sides, and resentment of customers."""

from dataclasses import replace

import numpy as np
import pytest

from sim.steps.deliveries import no_flows
from sim.steps.habits import accustomed, used
from sim.steps.slights import cooled, pressing
from sim.steps.ties import deeds, regard, remember
from tests.small import built, model, passing

ALP, BET, DEL, GAM = range(4)
PACT = 1
BUDGET = 5e4 * 0.05 * 0.3  # of DEL


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    rules = {"harm": "departure", "slight": "felt", "breach": "noted", "war": "by_duty"}
    laws = {"harm": {"habit": 1.0, "by_dependence": 0.5, "memory": 5.0}}
    return built(model(tmp_path_factory.mktemp("habits"), {"rules": rules, "laws": laws}), 3)


def delivered(world, amount):
    """Return flows in which DEL got arms from ALP."""
    listed = np.zeros(world.paid.shape)
    listed[DEL, ALP] = amount
    return replace(no_flows(world), listed=listed)


def test_a_patron_may_go_on_as_it_did_before_the_dispute_and_no_further(parts):
    world, rules = parts.world, parts.rules
    # 100 TIV at 2 M USD in five years' memory: 40 a year, of which a year's worth is free
    free = 40 * 5 * (1 - np.exp(-0.2))
    assert world.unused[DEL, ALP] == pytest.approx(free)
    usual = deeds(world, rules, delivered(world, free), 0.25, refused=0.0 * world.member)
    assert not usual.betrayal.any()
    more = deeds(world, rules, delivered(world, free + 75.0), 0.25, refused=0.0 * world.member)
    assert more.betrayal[GAM, ALP] == pytest.approx(0.8 * 75 / BUDGET)
    assert more.supply[DEL, ALP] == pytest.approx((free + 75) / BUDGET)  # friends as ever
    after = used(world, rules, delivered(world, free), 0.25)
    assert after.unused[DEL, ALP] == pytest.approx(40 * 5 * (1 - np.exp(-0.05)))


def test_a_dependent_state_minds_less(parts):
    recent = parts.world.recent_tiv.copy()
    recent[GAM, ALP], recent[GAM, BET] = 30.0, 10.0
    world = parts.world.but(recent_tiv=recent, unused=0.0 * parts.world.unused)
    done = deeds(world, parts.rules, delivered(world, 75.0), 0.25, refused=0.0 * world.member)
    assert done.betrayal[GAM, ALP] == pytest.approx((1 - 0.5 * 0.75) * 0.8 * 75 / BUDGET)


def test_without_the_rule_no_habits_are_kept(small):
    assert accustomed(small.world, small.rules) is small.world
    assert not small.world.unused.any()


def test_debts_press_by_what_is_overdue_and_falls_due_in_a_year(parts):
    world, budget = parts.world, 6e4 * 0.03 * 0.2  # of BET, which owes ALP 120 at 0.03 for 6 years
    assert pressing(world, parts.rules)[BET, ALP] == pytest.approx(120 * (0.03 + 1 / 6) / budget)
    world = world.but(refusal=0.0 * world.refusal)
    moved = cooled(world.affinity, world, parts.rules, 0.25)
    assert (moved < world.affinity)[BET, ALP].all()
    assert np.count_nonzero(moved != world.affinity) == 3


def test_harm_by_fellow_members_is_noted_in_the_bloc(parts):
    world, rules = parts.world, parts.rules
    flows = delivered(world, world.unused[DEL, ALP] + 75.0)
    done = deeds(world, rules, flows, 0.25, refused=0.0 * world.member)
    after = remember(world=world, rules=rules, flows=flows, deeds=done, number=8071, dt=0.25)
    harm, law = 0.8 * 75 / BUDGET, rules.breach
    belief = world.belief[:, PACT]
    assert after.belief[GAM, PACT] == pytest.approx(belief[GAM] * np.exp(-law.by_harm * harm))
    noted = belief[BET] * np.exp(-law.by_harm * law.note * harm)
    assert after.belief[BET, PACT] == pytest.approx(noted)
    assert np.array_equal(after.belief[DEL], world.belief[DEL])
    kept = regard(world=world, rules=rules, deeds=done, fellow=0 * world.affinity, dt=0.25)
    assert (kept.affinity[GAM, ALP] < world.affinity[GAM, ALP]).all()


def test_all_stays_in_range_through_a_run(parts):
    for _, passed in passing(parts):
        world = passed.world
        assert (world.unused >= 0).all()
        assert (abs(world.affinity) <= 1).all()
        assert ((world.belief >= 0) & (world.belief <= 1)).all()
