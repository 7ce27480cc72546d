"""A backtest uses deliveries before its origin, and no data after it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from sim.cli import main
from sim.experiments.backtest import gravity
from sim.experiments.backtest.backtest import BacktestPlan, backtest
from sim.experiments.backtest.forecast import Forecaster, at_origin
from sim.experiments.backtest.forecast_cases import any_year, normed, persistence, recent
from sim.experiments.backtest.gravity import base_rate
from sim.experiments.backtest.observed import Observed, read_transfers
from sim.kernel.errors import InputError, ResultError
from sim.kernel.simulate import simulate
from sim.scenario.compile.build import build
from sim.scenario.load import load
from sim.seeing.study_sentences import left_out_sentences
from tests.experiments.backtest.test_observed import HISTORY, LATER
from tests.small import SMALL, merged

pytest.importorskip("sklearn")
pytest.importorskip("scoringrules")

SPAN = {"time": {"start": "2011-Q1", "end": "2016-Q4"}}
EVENTS = {
    "war": {
        "at": "2013-Q2",
        "incident": {"states": ["GAM", "DEL"], "war": True},
        "source": "assumed",
    },
    "later_war": {
        "at": "2015-Q2",
        "incident": {"states": ["GAM", "DEL"], "war": True},
        "source": "assumed",
    },
    "old_order": {
        "at": "2012-Q1",
        "order": {"supplier": "BET", "recipient": "GAM", "system": "tank", "units": 50},
        "source": "assumed",
    },
}


@pytest.fixture(scope="module", autouse=True)
def few_tries():
    """Have gravity tried at two earlier origins: what comes of it is held in test_gravity.py."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gravity, "TRIES", 2)
        yield


def laid_out(folder):
    """Write the scenario and its transfers into a folder."""
    document = merged(SMALL, {**SPAN, "events": EVENTS})
    document["offers"]["shield_bet"] = {**document["offers"]["shield_bet"], "opens": "2015-Q1"}
    (folder / "small.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    (folder / "tiv.csv").write_text(HISTORY + LATER)
    return folder


@pytest.fixture
def places(tmp_path):
    return laid_out(tmp_path)


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    """A backtest that is done, in `one`: to be read only."""
    folder = laid_out(tmp_path_factory.mktemp("standing"))
    tables(folder, "one")
    return folder


def shown(arguments):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return left.value.code


def plan(places, **rest):
    about = {"transfers": [places / "tiv.csv"], "origins": (2014,), "horizon": 2, "runs": 20}
    return BacktestPlan(**{**about, **rest})


def tables(places, out, **rest):
    backtest(places / "small.yaml", plan=plan(places, **rest), out=places / out)
    return written(places / out)


def written(folder):
    return pd.read_csv(folder / "forecasts.csv"), pd.read_csv(folder / "backtest.csv")


def test_a_backtest_from_python_uses_one_thread_as_the_command_does(places):
    control, threads = pytest.importorskip("threadpoolctl"), set()

    def seen(*_):
        threads.update(each["num_threads"] for each in control.threadpool_info())

    with control.threadpool_limits(2):
        backtest(places / "small.yaml", plan=plan(places), out=places / "one", progress=seen)
        assert threads == {1}
        seen()
    assert 2 in threads  # as before


def test_later_events_change_no_forecast(places, standing):
    before, scores = written(standing / "one")
    (places / "tiv.csv").write_text(HISTORY + "GAM,BET,2015,900\nALP,BET,2016,70\nBET,GAM,2015,3\n")
    after, other = tables(places, "two")
    pd.testing.assert_frame_equal(before.drop(columns="observed"), after.drop(columns="observed"))
    assert not before["observed"].equals(after["observed"])
    assert not scores["value"].equals(other["value"])


def test_what_happened_before_the_origin_does_change_it(places, standing):
    before, _ = written(standing / "one")
    (places / "tiv.csv").write_text(HISTORY.replace("ALP,DEL,2014,60", "BET,DEL,2014,60") + LATER)
    after, _ = tables(places, "two")
    for name in ("model", "persistence", "recent", "gravity"):
        assert not before[name].equals(after[name])


def test_the_scenario_after_the_origin_is_unknown_unless_given(places):
    model = load(places / "small.yaml").base
    observed = read_transfers([places / "tiv.csv"])
    blind = at_origin(model, observed, origin=2014, horizon=2).model
    assert "war" in blind.events
    assert "later_war" not in blind.events
    assert "old_order" not in blind.events
    assert not blind.offers["shield_bet"].open
    told = at_origin(model, observed, origin=2014, horizon=2, given=True).model
    assert "later_war" in told.events
    assert told.offers["shield_bet"].open
    free = at_origin(model, observed, origin=2014, horizon=2, free=True)
    assert "old_order" in free.model.events
    assert not free.shares


def test_observed_deliveries_are_delivered_and_paid_from_what_was_set_aside(places):
    model = load(places / "small.yaml").base
    at = at_origin(model, read_transfers([places / "tiv.csv"]), origin=2014, horizon=2)
    assert at.left_out == 5  # OTH is no state of the scenario
    job = Forecaster(at, seed=5)
    runs = np.arange(4)
    paid = job._paid(runs)
    parts = build(at.model, runs=runs, seed=5, numbers=paid)
    record = simulate(parts.world, parts.rules, parts.inputs, parts.noise)
    layout = record.end.layout
    year = np.array([int(label[:4]) for label in layout.calendar.labels()])
    row = layout.supply_index.tolist().index(
        [layout.states.index("DEL"), layout.states.index("ALP")]
    )
    supplied = record.series["supplied"][:, row]
    assert supplied[year == 2012].sum(axis=0) == pytest.approx(np.full(4, 40.0))
    assert supplied[year == 2011].sum() == 0
    alp = paid["events.delivered_ALP_DEL_2012.transfer.value"]
    assert (alp > 0).all()
    assert np.ptp(alp) > 0  # each run pays from its own economy
    funds = record.series["fund"][year == 2012, layout.states.index("DEL")]
    assert (funds >= 0).all()
    assert record.series["arrears"][year == 2012, layout.states.index("DEL")].max() == 0


@pytest.mark.study
@pytest.mark.usefixtures("warm")
def test_processes_and_stages(places):
    (places / "stages.csv").write_text("state,bloc,year,stage\nGAM,PACT,2015,3\nBET,DUO,2016,6\n")
    one, scores = tables(places, "one", stages=places / "stages.csv", runs=260)
    two, _ = tables(places, "two", stages=places / "stages.csv", runs=260, jobs=2)
    pd.testing.assert_frame_equal(one, two)
    assert set(scores["target"]) == {"transfer", "share", "flow", "tie", "stage", "exit"}
    stage = one[one["target"] == "stage"].set_index(["from", "to"])
    assert stage.loc[("GAM", "PACT"), "observed"] == 3
    assert stage.loc[("GAM", "PACT"), "persistence"] == 0
    left = one[one["target"] == "exit"].set_index(["from", "to"])["observed"]
    assert left[("BET", "DUO")] == 1
    assert ("ALP", "PACT") not in left.index  # leaders do not leave


def test_rolling_origins_pool_their_cases(places):
    one, scores = tables(places, "one", origins=(2013, 2014), horizon=1)
    assert set(one["origin"]) == {2013, 2014}
    cases = one[(one["target"] == "transfer") & one["observed"].notna()]
    assert (scores["cases"][scores["target"] == "transfer"] == len(cases)).all()
    brier = scores[(scores["score"] == "brier") & (scores["forecaster"] == "persistence")]
    by_hand = ((cases["persistence"] - cases["observed"]) ** 2).mean()
    assert brier["value"].item() == pytest.approx(by_hand)


def test_naive_forecasts_are_what_they_say():
    known = Observed(
        {("A", "B", 2010): 3.0, ("A", "B", 2012): 1.0, ("C", "B", 2005): 2.0}, 2003, 2012
    )
    dyads = [("A", "B"), ("C", "B")]
    assert persistence(known, dyads).tolist() == [1, 0]
    assert recent(known, dyads) == pytest.approx([2.5 / 6, 0.5 / 6])
    assert base_rate(known, dyads) == pytest.approx(3.5 / 21)
    assert normed(np.array([3.0, 1.0]), dyads).tolist() == [0.75, 0.25]
    assert np.isnan(normed(np.zeros(2), dyads)).all()


def test_who_arms_whom_is_asked_of_all_years_ahead_together(standing):
    cases, scores = written(standing / "one")
    rows = cases.set_index(["target", "from", "to"])
    flows = rows.loc["flow"]
    # HISTORY up to 2014, LATER after it
    assert flows.loc[("ALP", "GAM"), "observed"] == 15
    assert flows.loc[("BET", "DEL"), "observed"] == 25
    assert flows["observed"].sum() == 40
    assert flows.loc[("ALP", "DEL"), "persistence"] == 120
    assert flows.loc[("BET", "GAM"), "persistence"] == 8
    ties = rows.loc["tie"]
    assert set(ties.index[ties["observed"] == 1]) == {("ALP", "GAM"), ("BET", "DEL")}
    assert ties["persistence"].sum() == 4
    assert ties["gravity_recalibrated"].between(0, 1).all()
    assert {("flow", "rank"), ("tie", "pr_auc"), ("share", "crps")} <= {
        *zip(scores["target"], scores["score"], strict=True)
    }


def test_a_tie_is_a_delivery_in_any_year():
    assert any_year(np.array([[0.5, 0.5], [0.0, 0.0]])) == pytest.approx([0.75, 0.0])


def test_a_posterior_that_knows_more_than_the_origin_is_refused(places):
    posterior = places / "posterior.csv"
    posterior.write_text("weight,laws.consent.base\n1,1.0\n1,2.0\n")
    (places / "calibration.json").write_text(
        json.dumps({"format": 3, "inputs": {"vantage": "2015-Q2"}})
    )
    sets = ["parameters.posterior=posterior.csv"]
    with pytest.raises(InputError, match=r"vantage 2015-Q2, after the origin 2014"):
        backtest(places / "small.yaml", plan=plan(places), out=places / "one", sets=sets)
    (places / "calibration.json").write_text(
        json.dumps({"format": 3, "inputs": {"vantage": "2014"}})
    )
    backtest(places / "small.yaml", plan=plan(places), out=places / "one", sets=sets)
    about = json.loads((places / "one" / "backtest.json").read_text())
    assert about["parameters"]["vantage"] == "2014"


def test_origins_outside_the_record_are_refused(places):
    for origin, said in ((2010, "after the origin 2010"), (2016, "no year after 2016")):
        with pytest.raises(InputError, match=said):
            tables(places, "one", origins=(origin,))


def test_another_result_is_not_replaced(places, standing):
    with pytest.raises(ResultError, match="--force replaces it"):
        tables(standing, "one")
    (places / "mine").mkdir()
    (places / "mine" / "notes.txt").write_text("keep")
    with pytest.raises(ResultError, match=r"holds notes\.txt"):
        tables(places, "mine")


def test_the_command_prints_skill_and_draws(places, capsys):
    out = Path(places / "shown")
    code = shown(["backtest", str(places / "small.yaml"), "--transfers", str(places / "tiv.csv"),
                 "--origin", "2014", "--horizon", "2", "--runs", "20", "--jobs", "1",
                 "--out", str(out)])  # fmt: skip
    assert code == 0
    said = capsys.readouterr().out
    assert "Delivery: Brier score" in said
    assert "skill of the model" in said
    assert "Who arms whom, all years ahead together" in said
    assert "Rank correlation of flows: the model is " in said
    assert (out / "figures" / "reliability.svg").stat().st_size > 5000
    assert shown(["backtest", str(places / "small.yaml"), "--transfers", "none.csv"]) == 2
    assert shown(["backtest", str(places / "small.yaml"), "--transfers", "none.csv",
                 "--origins", "2014-2015"]) == 2  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("alp,GAM,2014,3\n", 'tiv.csv:2:1: supplier: no state "alp" in the scenario: write ALP'),
        (
            "AL,GM,2014,3\n",
            "no row names a state of the scenario, but two-letter codes AL, GM",
        ),
        (
            "ALPP,GAN,2014,3\n",
            'ALPP (did you mean "ALP"?), GAN (did you mean "GAM"?): write the codes',
        ),
    ],
)
def test_transfers_of_other_codes_are_refused_with_the_right_one(places, text, said):
    (places / "tiv.csv").write_text("supplier,recipient,year,tiv_m\n" + text)
    with pytest.raises(InputError) as error:
        backtest(places / "small.yaml", plan=plan(places), out=places / "one")
    assert said in str(error.value)
    assert not (places / "one").exists()


def test_stages_of_other_codes_are_refused(places):
    (places / "stages.csv").write_text("state,bloc,year,stage\nGAM,Pact,2015,3\n")
    with pytest.raises(InputError, match='bloc: no bloc "Pact" in the scenario: write PACT'):
        tables(places, "one", stages=places / "stages.csv")


def test_rows_of_states_that_the_scenario_lacks_are_named(standing):
    manifest = json.loads((standing / "one" / "backtest.json").read_text())
    (sentence,) = left_out_sentences(manifest)
    assert sentence == (
        "transfers: 1 of 10 rows, 5 of 233 TIV, have codes that are not in the scenario "
        "and are left out: OTH 1"
    )
