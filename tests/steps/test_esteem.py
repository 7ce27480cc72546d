"""Esteem by hand: how members stand with their blocs, and what leaving would cost."""

from dataclasses import replace

import numpy as np
import pytest

from sim.laws.engagement import MutualEngagement
from sim.laws.membership import PricedMembership
from sim.scenario.compile.bloc_arrays import by_land
from sim.steps.assessment import assess, inventory
from sim.steps.esteem import esteem, leaving, standing
from tests.small import built, model

ALP, BET, DEL, GAM = range(4)
DUO, PACT = range(2)


def view_of(parts):
    return assess(parts.world, parts.rules, inventory(parts.world, parts.rules))


def row(world, state, bloc):
    return world.layout.member_index.tolist().index([state, bloc])


def test_a_member_is_regarded_by_its_leader_and_the_mean_of_the_other_members(small):
    leader, others = esteem(small.world)
    at = row(small.world, GAM, PACT)
    assert leader[at] == pytest.approx(small.world.affinity[ALP, GAM])
    assert others[at] == pytest.approx(small.world.affinity[BET, GAM])


def test_threats_from_within_count_the_leader_s_most_and_its_dispute_ends_protection(tmp_path):
    quarrel = {"ALP": {"with": {"GAM": 0.6}, "source": "assumed"},
               "GAM": {"with": {"DEL": 0.8, "ALP": 0.5, "BET": 0.2}, "source": "assumed"},
               "BET": {"with": {"GAM": 0.4}, "source": "assumed"}}  # fmt: skip
    parts = built(model(tmp_path, {"rivalries": quarrel}), 3)
    rules = replace(parts.rules, engagement=MutualEngagement(leader_share=0.7))
    view = view_of(parts)
    found = standing(parts.world, rules, view)
    number = parts.world.layout.dyad_number
    by_alp, by_bet = view.threat[number[GAM, ALP]], view.threat[number[GAM, BET]]
    assert by_alp.min() > 0
    assert found["within"][GAM, PACT] == pytest.approx(0.7 * by_alp + 0.3 * by_bet)
    assert found["dispute"][GAM, PACT] == pytest.approx(0.6)
    assert found["within"][BET, DUO].max() == found["dispute"][BET, DUO].max() == 0.0


def test_leaving_costs_what_the_leader_could_do_over_land(tmp_path):
    parts = built(model(tmp_path, {"blocs": {"PACT": {"coercion": 0.5}}}), 3)
    rules = replace(parts.rules, membership=PricedMembership(overseas=0.2))
    view, at = view_of(parts), row(parts.world, GAM, PACT)
    price = leaving(parts.world, rules, view)["price"][at]
    share = view.strength[ALP] / (view.strength[ALP] + view.strength[GAM])
    near = np.exp(-parts.world.to_leader[GAM, PACT] / parts.rules.threat.reach)
    way = 1.0 if parts.world.by_land[GAM, PACT, 0] else 0.2
    assert price == pytest.approx(0.5 * share * near * way)
    assert leaving(parts.world, parts.rules, view) == {}


def test_the_way_by_land_leads_through_members_alone(tmp_path):
    borders = {"ALP": ["BET"], "BET": [], "GAM": ["DEL"], "DEL": ["ALP"]}
    states = {name: {"neighbours": near} for name, near in borders.items()}
    patch = {"states": states, "blocs": {"PACT": {"members": ["ALP", "BET", "GAM"]}}}
    table = by_land(model(tmp_path, patch))[:, PACT, 0]
    assert table[[ALP, BET]].tolist() == [1.0, 1.0]
    assert table[GAM] == 0.0  # beyond DEL, which is no member
    near = {**patch, "states": {**states, "GAM": {"neighbours": ["BET"]}}}
    assert by_land(model(tmp_path, near))[GAM, PACT, 0] == 1.0
