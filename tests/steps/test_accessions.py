"""Accessions: only candidates join, by a law or by an override."""

import numpy as np
import pytest

import sim
from sim.agents import StateAgent
from tests.small import built, model, record

DEL, DUO, PACT = 2, 0, 1
OPEN = {"rules": {"accession": "open"}, "laws": {"accession": {"rate": 4.0, "base": 2.0}}}
ASKS = {"blocs": {"PACT": {"candidates": ["DEL"]}, "DUO": {"candidates": ["GAM"]}}}
LIKED = {"affinities": {"DEL": {"toward": {"ALP": 0.9, "BET": 0.9}},
                        "ALP": {"toward": {"DEL": 0.8}}}}  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Return the results of 16 runs in which a candidate is welcome."""
    folder = tmp_path_factory.mktemp("welcome")
    model(folder, {**OPEN, **ASKS, **LIKED})
    return sim.run(folder / "small.yaml", runs=16, variants=["baseline"])


def joined(found, state, bloc):
    return (found.end.member[state, bloc] > 0).mean()


def test_candidates_that_are_welcome_join_and_others_stay_outside(tmp_path):
    found = record(model(tmp_path, {**OPEN, **ASKS, **LIKED}), 32)
    assert joined(found, DEL, PACT) > 0.5
    hated = {"affinities": {"ALP": {"toward": {"DEL": -0.8}}, "BET": {"toward": {"DEL": -0.5}}}}
    assert joined(record(model(tmp_path, {**OPEN, **ASKS, **hated}), 8), DEL, PACT) == 0


def test_an_accession_in_the_first_period_is_reported_too(results):
    events, members = results["events"], results["members"]
    inside = members[(members["metric"] == "membership") & (members["date"] == "2017-Q4")]
    told = events[(events["kind"] == "joined") & (events["date"] == "2017-Q4")]
    share = inside[(inside["state"] == "DEL") & (inside["bloc"] == "PACT")]["mean"].item()
    assert 0 < share == pytest.approx((told["bloc"] == "PACT").sum() / 16)


def test_an_accession_is_not_a_step_on_the_ladder_and_is_in_the_story(results):
    events = results["events"]
    joined = events[events["kind"] == "joined"]
    steps = events[events["kind"].isin(["step_back", "step_away"])]
    who = ["run", "date", "actor", "bloc"]
    assert joined.merge(steps, on=who).empty
    told = sim.story(results, run=int(joined["run"].iloc[0]))
    assert "joined" in {each.kind for each in told.entries}


def test_a_closed_bloc_admits_no_state_by_itself(tmp_path):
    assert joined(record(model(tmp_path, ASKS), 8), DEL, PACT) == 0


def test_a_state_that_joins_takes_part_by_the_law(tmp_path):
    parts = built(model(tmp_path, {**OPEN, **ASKS}), 3)
    assert parts.world.layout.candidate_rows.size == 2
    assert parts.rules.accession.part == 0.6
    assert np.all(parts.world.member[DEL, PACT] == 0)


def test_a_state_s_own_conduct_may_join_a_closed_bloc(tmp_path):
    asked = []

    class Joiner(StateAgent):
        def join(self, choice, candidacy):
            asked.append((choice, candidacy.bloc))
            return True

    run = sim.GeopoliticalModel(model(tmp_path, ASKS), agents={"DEL": Joiner}, metrics=[])
    run.step()
    assert asked == [(False, "PACT")]
    assert run.world.member[DEL, PACT, 0] == 1
    run.step()
    assert len(asked) == 1  # a member is not asked again
