"""Appeals: reasons of the members asked, cover of treaties, and the effect of answers on belief."""

from dataclasses import replace

import numpy as np
import pytest

from sim.kernel.arrays import NONE, logistic
from sim.kernel.collect import collect
from sim.steps.appeals import odds_of_coming
from sim.steps.assessment import assess, inventory
from sim.steps.privileges import own_budget
from tests.small import built, columns, event, model, passing, record, same

ALP, BET, DEL, GAM = range(4)
PACT = 1
RUNS = 12
MEMORY = np.linspace(2.0, 9.0, RUNS)  # years, another in each run


def test_an_appeal_in_a_small_war_teaches_by_its_intensity_where_the_law_says_so(tmp_path):
    war = {"states": ["GAM", "DEL"], "war": True, "attacker": "DEL", "intensity": 0.1}
    events = {"war": event("2017-Q4", incident=war)}
    for by_intensity, felt in ((0.0, 1.0), (0.5, 0.55), (1.0, 0.1)):
        patch = {"events": events, "laws": {"war": {"by_intensity": by_intensity}}}
        small = built(model(tmp_path, patch), 4)
        ((_, passed),) = passing(small)[:1]
        assert np.all(passed.answers.appeals.made[PACT] == 1)
        assert passed.answers.felt[PACT] == pytest.approx(felt)
        before, answer = small.world.belief[GAM, PACT], passed.answers.answer[PACT]
        learned = before + felt * small.rules.war.lesson * (answer - before)
        assert passed.world.belief[GAM, PACT] == pytest.approx(learned)


@pytest.fixture
def sold(tmp_path):
    """Return a world in which ALP sells DEL half a year of its budget every year, and one not."""
    parts = built(model(tmp_path), RUNS, given={"laws.precedent.memory": MEMORY})
    _, passed = passing(parts)[0]
    value = passed.world.recent_value.copy()
    value[DEL, ALP] = 0.0
    without = passed.world.but(recent_value=value)
    value = value.copy()
    value[DEL, ALP] = 0.5 * MEMORY * own_budget(without, parts.rules)[DEL]
    return parts.rules, passed, without.but(recent_value=value), without


def test_the_seller_alone_is_held_back_and_only_against_its_customer(sold):
    rules, passed, world, _ = sold
    terms = odds_of_coming(
        world,
        rules,
        passed.view.strength,
        bloc=np.array([[[PACT]]]),
        helper=np.arange(4)[:, None],
        victim=np.array([[[GAM]]]),
        attacker=np.array([DEL, BET, NONE])[:, None, None],
    )["stake"]  # (attackers, helpers, runs)
    np.testing.assert_allclose(terms[0, ALP], -0.5 * rules.answer.by_stake)
    assert np.all(terms[0, GAM] == 0)  # sells nothing
    assert np.all(terms[2] == 0)


def test_what_the_leader_sells_the_feared_makes_the_bloc_less_reliable(sold):
    rules, passed, world, without = sold
    before, after = (
        collect(replace(passed, world=each), rules)["reliability"] for each in (without, world)
    )
    assert np.all(after <= before)
    assert np.any(after < before - 0.01)
    assert np.all(before - after <= logistic(np.array(0.25)) - 0.5 + 1e-9)  # the most 0.5 can do


def test_a_run_has_its_own_stake_whichever_runs_are_beside_it(tmp_path):
    document = {
        "laws": {"crisis": {"incidents": 2.0}, "deterrence": {"threshold": 0.2}},
        "imports": {"DEL": {"from": {"ALP": 900, "BET": 80}, "source": "assumed"}},
    }
    which = model(tmp_path, document)
    whole = record(which, RUNS, given={"laws.precedent.memory": MEMORY})
    appealed = np.diff(whole.series["appeals"], axis=0).max(axis=1).mean(axis=1)
    assert np.any((appealed > 0) & (appealed < 1))  # in some of the runs, not in others
    some = [0, 5, 11]
    alone = record(which, some, given={"laws.precedent.memory": MEMORY[some]})
    assert same(columns(alone), columns(whole, some)) == []


@pytest.mark.parametrize(
    ("key", "covering", "other"),
    [("scope", ["DEL"], ["BET"]), ("area", ["GAM", "ALP"], ["ALP", "BET"])],
)
def test_a_treaty_binds_only_against_its_scope_and_for_its_area(tmp_path, key, covering, other):
    def parts(names):
        patch = {"blocs": {"PACT": {key: names}}} if names else {}
        return built(model(tmp_path, patch), 2)

    def commitment(names, attacker=DEL):
        small = parts(names)
        terms = odds_of_coming(
            small.world,
            small.rules,
            small.world.gdp,
            bloc=np.array([[PACT]]),
            helper=np.array([[ALP]]),
            victim=np.array([[GAM]]),
            attacker=np.array([[attacker]]),
            stranger=1.0,
        )
        return float(np.ravel(terms["commitment"])[0])

    assert commitment(None) == commitment(covering) > 0
    assert commitment(other) == 0
    from_nowhere = commitment(other, attacker=NONE)  # a state that the scenario has not
    assert from_nowhere == (0 if key == "area" else commitment(None))
    backed, bare = (
        assess(each.world, each.rules, inventory(each.world, each.rules)).support
        for each in (parts(None), parts(other))
    )
    row = parts(None).world.layout.subjects["dyad"].index("GAM>DEL")
    assert np.all(backed[row] > 0)
    assert np.all(bare[row] == 0)


def beliefs(folder, **appeal):
    """Return beliefs in PACT by state before and after a period with an appeal to it."""
    plea = event("2017-Q4", appeal={"bloc": "PACT", "answer": 0.0, **appeal})
    dispute = {"rivalries": {"GAM": {"with": {"BET": 0.1}, "source": "assumed"}}}
    joins = {"blocs": {"PACT": {"candidates": ["DEL"]}}, "rules": {"accession": "closed"}}
    parts = built(model(folder, {**dispute, **joins, "events": {"plea": plea}}), 2)
    before, passed = passing(parts)[0]
    return before.belief[:, PACT], passed.world.belief[:, PACT]


def test_a_member_against_which_another_appeals_does_not_change_its_belief(tmp_path):
    before, after = beliefs(tmp_path, state="GAM", attacker="BET")
    assert np.array_equal(after[BET], before[BET])
    assert (after[[ALP, GAM]] < before[[ALP, GAM]]).all()


def test_an_appeal_of_a_state_that_has_not_joined_is_not_put(tmp_path):
    before, after = beliefs(tmp_path, state="DEL")
    assert np.array_equal(after, before)


def test_without_its_leader_the_members_that_are_left_answer_for_a_bloc(tmp_path):
    plea = event("2018-Q1", appeal={"state": "GAM", "bloc": "PACT", "attacker": "DEL"})
    gone = event("2017-Q4", membership={"state": "ALP", "bloc": "PACT", "member": False})
    sure = {"rules": {"answer": "fixed"}, "laws": {"answer": {"reliability": 0.95}}}
    found = record(model(tmp_path, {**sure, "events": {"plea": plea, "gone": gone}}), 64)
    series, layout = found.series, found.end.layout
    row = layout.subjects["member"].index("GAM:PACT")
    assert (series["answers"][2, row] - series["answers"][0, row]).mean() > 0.8
    assert series["credibility"][1, row].mean() == pytest.approx(0.95)
