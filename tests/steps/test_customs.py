"""Customs by hand: objections to purchases, responses, and harm within a bloc."""

from dataclasses import replace

import numpy as np
import pytest

from sim.kernel.world import BLOCKED, ORDERED
from sim.steps.customs import displeasure, offences
from sim.steps.deliveries import no_flows
from sim.steps.ties import deeds, regard, remember
from tests.small import SMALL, built, event, merged, model, record

ALP, BET, DEL, GAM = range(4)
PACT = 1
OWN = {  # GAM is at odds with DEL, from which its fellow member BET may buy; DEL is with its leader
    "blocs": {"PACT": {"custom": 0.5}},
    "rivalries": {"DEL": {"with": {"GAM": 0.7, "ALP": 0.4}, "source": "assumed"}},
    "offers": {"tank_del": {**SMALL["offers"]["tank_bet"], "supplier": "DEL"}},
}
ASK = {"supplier": "DEL", "recipient": "BET", "system": "tank"}
CERTAIN = {"consent": {"base": 5.0}, "objection": {"objection_constant": 20.0}}


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    return built(model(tmp_path_factory.mktemp("customs"), OWN), 3)


def bought(world):
    """Return flows in which BET got from DEL what a tenth of its budget buys."""
    listed = np.zeros(world.paid.shape)
    listed[BET, DEL] = 0.1 * 6e4 * 0.03 * 0.2
    return replace(no_flows(world), listed=listed)


def test_fellow_members_mind_purchases_from_their_rivals_by_custom_and_engagement(parts):
    expected = np.zeros((4, 4))
    expected[BET, DEL] = 0.5 * 0.6 * 0.8  # custom, part in the bloc, the dispute of GAM
    expected[ALP, DEL] = 0.5 * 1.0 * 0.8
    assert displeasure(parts.world)[..., 0] == pytest.approx(expected)


def test_what_was_bought_from_rivals_lowers_regard_and_adds_to_grievance(parts):
    world, rules = parts.world, parts.rules
    flows = bought(world)
    done = deeds(world, rules, flows, 0.25, refused=0.0 * world.member)
    expected = np.zeros((4, 4, 3))
    expected[GAM, BET] = 0.5 * 0.8 * 0.1
    assert done.custom[PACT] == pytest.approx(expected)
    assert offences(world, done.supply)[PACT] == pytest.approx(expected)
    kept = {"world": world, "rules": rules, "dt": 0.25}
    moved = regard(deeds=done, fellow=0 * world.affinity, **kept).affinity
    unmoved = regard(deeds=replace(done, custom={}), fellow=0 * world.affinity, **kept).affinity
    assert (moved < unmoved)[GAM, BET].all()
    after = remember(flows=flows, deeds=done, number=8071, **kept)
    assert after.grievance[GAM, PACT] == pytest.approx(0.5 * 0.8 * 0.1)
    assert np.count_nonzero(after.grievance) == 3


def test_objections_to_a_buyer_may_make_it_drop_its_request(tmp_path):
    def run(**objection):
        laws = merged(CERTAIN, {"objection": objection})
        patch = merged(OWN, {"laws": laws, "events": {"it": event("2017-Q4", request=ASK)}})
        return record(model(tmp_path, patch), 8).end

    dropped = run(block_constant=20.0)
    row = dropped.layout.buyers.size  # the event's
    assert (dropped.log.objected[row] == 1).any()
    stopped = dropped.log.stage[row] == BLOCKED
    assert np.array_equal(stopped, dropped.log.objected[row] == 1)
    assert (dropped.log.opposed[row][stopped] == 2**PACT).all()
    let_pass = run(block_constant=20.0, block_purchase=6.0, stall_constant=4.0)
    assert let_pass.log.stalled[row].sum() == 0  # blocking is still more
    free = run(block_constant=-6.0, block_purchase=6.0, stall_constant=-4.0)
    agreed = free.log.objected[row] == 1
    assert (free.log.stage[row][agreed] == ORDERED).all()


def test_arms_for_a_fellow_member_harm_its_rivals_in_the_bloc_by_what_counts_within(tmp_path):
    # BET arms GAM, with which ALP is at odds, all three in PACT
    patch = {"rivalries": {"ALP": {"with": {"GAM": 0.5}, "source": "assumed"}}}
    listed = np.zeros((4, 2, 3))
    listed[GAM, BET] = 0.2 * 1e4 * 0.04 * 0.3
    found = {}
    for inside in (None, 1, 0.25):
        blocs = {} if inside is None else {"blocs": {"PACT": {"inside": inside}}}
        made = built(model(tmp_path, merged(patch, blocs)), 3)
        flows = replace(no_flows(made.world), listed=listed)
        done = deeds(made.world, made.rules, flows, 0.25, refused=0.0 * made.world.member)
        after = remember(
            world=made.world, rules=made.rules, flows=flows, deeds=done, number=8071, dt=0.25
        )
        found[inside] = after.grievance
        assert done.betrayal[ALP, BET] == pytest.approx(0.5 * 0.2)  # between the two, all the same
    assert found[None][ALP, PACT] == pytest.approx(0.5 * 0.2)
    assert np.array_equal(found[None], found[1])
    assert found[0.25][ALP, PACT] == pytest.approx(0.25 * 0.5 * 0.2)
