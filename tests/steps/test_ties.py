"""Ties by hand: effects of deliveries on others, memories, and regard within blocs."""

from dataclasses import replace

import numpy as np
import pytest

from sim.steps.assessment import assess, inventory
from sim.steps.deliveries import no_flows
from sim.steps.ties import deeds, remember, worth_of_membership

ALP, BET, DEL, GAM = range(4)
DUO, PACT = range(2)


def flows_of(world, **tables):
    """Return flows of BET to DEL and of ALP to GAM: (to DEL, to GAM) by name."""
    flows = {}
    for name, (first, second) in tables.items():
        flows[name] = np.zeros((4, 2, 3))  # from ALP and BET
        flows[name][DEL, BET], flows[name][GAM, ALP] = first, second
    return replace(no_flows(world), **flows)


def test_a_delivery_arms_one_and_harms_its_rival_by_the_dispute(small):
    done = deeds(
        small.world,
        small.rules,
        flows_of(small.world, listed=(75.0, 60.0)),
        0.25,
        refused=0.0 * small.world.member,
    )
    supply, betrayal = np.zeros((4, 2, 3)), np.zeros((4, 4, 3))
    supply[DEL, BET], supply[GAM, ALP] = 0.1, 0.5  # of budgets of 750 and 120
    betrayal[GAM, BET], betrayal[DEL, ALP] = 0.8 * 0.1, 0.7 * 0.5
    assert done.supply == pytest.approx(supply)
    assert done.betrayal == pytest.approx(betrayal)


def test_memories_fade_and_take_in_what_was_delivered(small):
    flows = flows_of(small.world, tiv=(9.0, 6.0), listed=(75.0, 60.0))
    waived = 0.0 * small.world.member
    waived[GAM, PACT], waived[BET, PACT] = 12.0, -5.0  # BET paid more than the list
    flows = replace(flows, waived=waived)
    done = deeds(small.world, small.rules, flows, 0.25, refused=0.0 * small.world.member)
    before = small.world.but(
        rent=0.2 * small.world.member, grievance=0.1 * small.world.member
    )  # fmt: skip
    after = remember(world=before, rules=small.rules, flows=flows, deeds=done, number=8071, dt=0.5)
    fade = np.exp(-0.5 / small.rules.precedent.memory)
    forget = np.exp(-0.5 / small.rules.patronage.memory)

    recent = before.recent_tiv * fade
    recent[DEL, BET] += 9.0
    recent[GAM, ALP] += 6.0
    assert after.recent_tiv == pytest.approx(recent)
    value = before.recent_value * fade
    value[DEL, BET] += 75.0
    value[GAM, ALP] += 60.0
    assert after.recent_value == pytest.approx(value)
    assert after.imported_tiv - before.imported_tiv == pytest.approx(flows.tiv)

    # ALP armed a fellow member; BET a fellow member of DUO that is a rival of one of PACT, by 0.8
    members = before.supplied_members * fade
    members[ALP, PACT] += 6.0
    members[BET, DUO] += 9.0
    assert after.supplied_members == pytest.approx(members)
    rivals = before.supplied_rivals * fade
    rivals[BET, PACT] += 0.8 * 9.0
    assert after.supplied_rivals == pytest.approx(rivals)

    rent = before.rent * forget
    rent[GAM, PACT] += 12.0 / 120.0
    assert after.rent == pytest.approx(rent)
    grievance = before.grievance * forget
    grievance[GAM, PACT] += 0.8 * 0.1  # by BET, a fellow; DEL has none in ALP
    assert after.grievance == pytest.approx(grievance)


def test_a_member_regards_its_bloc_by_its_leader_and_the_mean_of_the_other_members(small):
    view = assess(small.world, small.rules, inventory(small.world, small.rules))
    law = replace(small.rules.engagement, by_affinity=1.0, leader_share=0.6)
    rules = replace(small.rules, engagement=law)
    ways_out = 0.0 * small.world.member
    regard = worth_of_membership(small.world, rules, view, ways_out)["affinity"]
    assert regard[GAM, PACT] == pytest.approx(0.6 * 0.4 + 0.4 * 0.2)  # ALP; BET
    assert regard[BET, PACT] == pytest.approx(0.6 * 0.5 + 0.4 * 0.1)  # ALP; GAM
    assert regard[BET, DUO] == pytest.approx(0.6 * 0.4)  # DEL; no other member
    member = small.world.member.copy()
    member[BET, PACT] = 0.0
    alone = worth_of_membership(small.world.but(member=member), rules, view, ways_out)
    assert alone["affinity"][GAM, PACT] == pytest.approx(0.6 * 0.4)


def test_without_flows_memories_only_fade(small):
    flows = no_flows(small.world)
    assert not any(table.any() for table in vars(flows).values())
    before = small.world.but(rent=0.2 * small.world.member)
    nothing = deeds(before, small.rules, flows, 0.25, refused=0.0 * before.member)
    after = remember(
        world=before, rules=small.rules, flows=flows, deeds=nothing, number=8071, dt=0.5
    )
    assert after.rent == pytest.approx(before.rent * np.exp(-0.5 / small.rules.patronage.memory))
    assert np.array_equal(after.imported_tiv, before.imported_tiv)
