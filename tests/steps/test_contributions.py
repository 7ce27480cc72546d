"""Contributions: a member makes or refuses a contribution, and the costs of a refusal."""

import numpy as np
import pytest

from sim.kernel.decision_points import ContributionPoint
from sim.kernel.errors import InputError
from sim.kernel.simulate import simulate
from sim.steps.privileges import privilege
from tests.small import built, columns, event, model, passing, record, same, unconserved

ALP, BET, DEL, GAM = range(4)
PACT = 1
BASE = {"bloc": "PACT", "of": ["GAM"], "for": "base", "cost": 0.1, "worth": 0.5, "resolve": 1.0}
FOLLOWING = {"base": -5.0, "by_regard": 0.0, "by_gain": 0.0, "by_leverage": 0.0}


def asking(at="2018-Q2", laws=None, more=None, **call):
    patch = {"events": {"ask": event(at, contribution={**BASE, **call}), **(more or {})}}
    return {
        **patch,
        "laws": {"contribution": laws or {}},
        "blocs": {"PACT": {"rent": {"GAM": 1.0}}},
    }


@pytest.fixture
def lived(tmp_path):
    """Return a function that gives the worlds before and after the period of an event that asks."""

    def runs(laws=None, runs=64, **call):
        pairs = passing(built(model(tmp_path, asking(laws=laws, **call)), runs))
        return pairs[2][0], pairs[2][1]

    return runs


def seen(folder, patch, runs=64):
    """Return the decision points at which a member was asked."""
    points = []

    def looked(choice, point):
        if isinstance(point, ContributionPoint) and point.asked.any():
            points.append(point)
        return choice

    parts = built(model(folder, patch), runs)
    simulate(parts.world, parts.rules, parts.inputs, parts.noise, decide=looked)
    return points


def test_a_decision_on_a_burden_has_its_cost_its_return_and_its_target(tmp_path):
    (point,) = seen(tmp_path, asking(against="DEL"))
    known = {name: np.broadcast_to(each, (1, 64)) for name, each in point.inputs.items()}
    assert np.all(known["cost"] == 0.1)
    assert np.all(known["target"] < -0.5)
    # the terms of a year, a little faded, and certain to end
    assert known["at_stake"] == pytest.approx(np.log(2), rel=0.1)
    (free,) = seen(tmp_path, asking(resolve=0.0))
    assert np.all(free.inputs["at_stake"] == 0)
    assert np.all(free.inputs["target"] == 0)


def test_all_members_are_asked_except_the_leader_and_those_shut_out(tmp_path):
    (point,) = seen(tmp_path, asking(of=None))
    assert np.all(point.asked == 1)
    assert point.asked.shape[0] == 2  # BET and GAM
    out = {"out": event("2018-Q1", exclude={"state": "GAM", "bloc": "PACT"})}
    (other,) = seen(tmp_path, asking(of=None, more=out))
    assert other.asked.mean(axis=1).tolist() == [1.0, 0.0]


def test_a_refusal_embitters_fellow_members_and_a_burden_that_is_borne_does_not(tmp_path):
    def grown(base, rows):
        laws = {"base": base, "offence": 1.0}
        pairs = passing(built(model(tmp_path, asking(laws={**FOLLOWING, **laws})), 16))
        before, after = pairs[2][0].affinity, pairs[2][1].world.affinity
        return (after - before)[rows, GAM].mean(axis=-1)

    assert np.all(np.abs(grown(20.0, [ALP, BET])) < 0.05)
    assert np.all(grown(-5.0, [ALP, BET]) < -0.1)
    assert abs(grown(-5.0, DEL)) < 0.05


def test_a_refusal_is_a_harm_to_each_fellow_member_in_that_bloc_alone(tmp_path):
    def grievance(share):
        laws = {**FOLLOWING, "aggrieved": share}
        return passing(built(model(tmp_path, asking(laws=laws)), 16))[2]

    (_, none), (_, whole) = grievance(0.0), grievance(1.0)
    more = (whole.world.grievance - none.world.grievance) * whole.burdens.refused
    assert more[[ALP, BET], PACT].max(axis=1) == pytest.approx(0.5)
    assert np.all(more[[DEL, GAM]] == 0)
    assert np.all(more[:, 0] == 0)


def test_the_leader_ends_its_terms_for_a_refuser_until_a_burden_is_borne(tmp_path, lived):
    before, passed = lived(laws=FOLLOWING)
    refused = passed.burdens.refused[0] > 0
    assert 0.9 < refused.mean() <= 1.0
    world, rules = passed.world, built(model(tmp_path, asking())).rules
    assert np.array_equal(world.denied[GAM, PACT] > 0, refused)
    assert np.median(world.rent[GAM, PACT]) == 0  # but for what was ordered at the old terms
    assert np.all(world.affinity[GAM, ALP][refused] < before.affinity[GAM, ALP][refused])
    assert np.all(privilege(world, rules).discount[GAM, ALP][refused] == 0)
    assert privilege(world, rules).discount[BET, ALP].min() > 0
    again = {
        "again": event("2019-Q1", contribution={**BASE, "for": "vote"}),
        "kind": event("2019-Q1", set={"path": "laws.contribution.base", "value": 20}),
    }
    end = record(model(tmp_path, asking(laws=FOLLOWING, more=again)), 16).end
    assert np.all(end.denied == 0)


def test_without_resolve_no_terms_end(lived):
    _, passed = lived(laws=FOLLOWING, resolve=0.0)
    assert passed.burdens.refused.any()
    assert not passed.world.denied.any()


def test_a_refusal_is_what_an_event_may_wait_for_and_votes_are_counted_apart(tmp_path):
    vote = {"bloc": "PACT", "for": "vote", "worth": 0.1}
    more = {
        "vote": event("2019-Q1", contribution=vote),
        "answer": {
            "when": {"outcome": "declined GAM:PACT", "least": 1},
            "exclude": {"state": "GAM", "bloc": "PACT"},
            "source": "assumed",
        },
    }
    found = record(model(tmp_path, asking(laws=FOLLOWING, more=more)), 32)
    series, layout = found.series, found.end.layout
    assert layout.subjects["bearer"] == ["BET:PACT", "GAM:PACT"]
    assert layout.subjects["asker"] == ["PACT"]
    refused = series["declined"][-1, 1] > 0
    assert np.array_equal(series["declined"][2, 1] > 0, refused)
    stays = found.end.member[GAM, PACT] > 0
    assert np.array_equal(found.end.shut_out[GAM, PACT][stays], 1.0 * refused[stays])
    assert np.all(series["contributions"][1] == 1)
    assert np.array_equal(series["contributions"][-1, 0], 1.0 - refused)
    voted = series["voted"][-1] + series["abstained"][-1]
    assert np.array_equal(voted[1], 1.0 - refused)  # who is shut out is not asked
    assert series["votes"][-1].min() >= 0
    assert series["votes"][-1].max() < 1


def test_a_burden_moves_no_money_and_no_arms(tmp_path):
    assert unconserved(built(model(tmp_path, asking(of=None)), 16)) == []


def test_without_burdens_the_law_of_contributions_changes_no_byte(tmp_path):
    plain = columns(record(model(tmp_path), 8))
    laws = {"laws": {"contribution": {"base": -5, "offence": 2}}}
    assert same(plain, columns(record(model(tmp_path, laws), 8))) == []


def test_contributions_that_are_not_asked_cannot_be_read_and_shares_are_not_a_condition(tmp_path):
    with pytest.raises(InputError, match="no event asks it for a contribution there: add an event"):
        model(tmp_path, {"outcomes": ["declined GAM:PACT"]})
    wait = {"when": {"outcome": "contributions PACT", "most": 0.5}, "source": "assumed"}
    out = {"out": {**wait, "exclude": {"state": "GAM", "bloc": "PACT"}}}
    with pytest.raises(InputError, match="contributions is not recorded each period"):
        model(tmp_path, asking(more=out))
