"""Events of runs: impositions, their results, and the same bytes by every way of computing."""

from __future__ import annotations

import pytest

from sim.experiments.ensemble import run
from sim.experiments.watch.run_events import KINDS
from sim.scenario.compile.conditions import happened
from sim.scenario.load import load
from tests.experiments.watch.conftest import RUNS
from tests.small import built


def of_kind(results, kind, variant="baseline"):
    rows = results["events"]
    return rows[(rows["kind"] == kind) & (rows["variant"] == variant)]


def test_impositions_of_events_are_reported_with_parties_and_number(watched):
    rows = of_kind(watched, "imposed").set_index("about")
    names = ["actor", "against", "aided", "bloc"]

    def parts(name):
        return rows.loc[name, [*names, "amount"]].drop_duplicates().to_numpy().tolist()

    assert parts("loan") == [["ALP", "", "GAM", "", 30.0]]
    assert parts("ban") == [["ALP", "DEL", "", "", 1.0]]
    assert parts("war") == [["DEL", "GAM", "", "", 1.0]]
    assert parts("call") == [["GAM", "", "", "PACT", 0.25]]
    assert parts("sale") == [["BET", "", "DEL", "", 4.0]]
    assert parts("dearer") == [["", "", "", "", 2.5]]
    assert parts("out") == [["BET", "", "", "PACT", 0.0]]
    assert (rows.groupby(level=0).size().drop("war") == RUNS).all()


def test_a_random_event_is_reported_for_the_runs_in_which_it_happens(watched, eventful):
    model = load(eventful).variants["baseline"]
    draws = built(model, RUNS, seed=model.seed).draws
    chosen = happened(model, draws, "war").nonzero()[0].tolist()
    rows = of_kind(watched, "imposed")
    assert 0 < len(chosen) < RUNS
    assert rows.loc[rows["about"] == "war", "run"].tolist() == chosen
    wars = of_kind(watched, "war")
    at_once = wars[wars["date"] == "2018-Q2"]
    assert set(chosen) <= set(at_once.loc[at_once["actor"] == "DEL", "run"])


def test_an_event_on_condition_is_reported_in_its_runs_and_periods(watched):
    rows, orders = of_kind(watched, "imposed"), watched["transfers"].query("variant == 'baseline'")
    shunned = rows[rows["about"] == "shunned"]
    sold = orders[(orders["offer"] == "rocket_bet") & (orders["recipient"] == "DEL")]
    first = sold[sold["ordered"] != ""].groupby("run")["ordered"].min()
    dates = sorted({*watched["series"]["date"]})
    assert len(shunned) > 0
    assert shunned["run"].tolist() == sorted(first.index)
    assert shunned["date"].tolist() == [dates[dates.index(each) + 1] for each in first]


def test_each_war_has_a_victor_among_its_sides(watched):
    keys = ["variant", "run", "date"]
    wars, won = (watched["events"].query("kind == @kind") for kind in ("war", "victory"))
    assert len(wars) == len(won) > 0
    both = wars.merge(won, on=keys, suffixes=("", "_won"))
    sides = both[["actor", "against"]].apply(frozenset, axis=1)
    assert (sides == both[["actor_won", "against_won"]].apply(frozenset, axis=1)).any()


def test_all_who_are_asked_come_or_stay_away(watched):
    calls = of_kind(watched, "appeal").query("date == '2018-Q3' and amount == 0.25")
    assert sorted(calls["run"]) == list(range(RUNS))
    came = of_kind(watched, "came").query("date == '2018-Q3' and aided == 'GAM'")
    assert set(came.loc[came["amount"] == 0.25, "actor"]) == {"ALP", "BET"}
    rows = watched["events"]
    stayed = rows[rows["kind"] == "stayed_away"]
    assert (stayed["amount"] == 0).all()
    assert (rows.loc[rows["kind"] == "came", "amount"] > 0).all()
    assert (stayed["aided"] != "").all()


def test_wars_add_up_to_those_of_the_series(watched):
    series = watched["series"].query("variant == 'baseline' and metric == 'wars'")
    wars = of_kind(watched, "war").groupby(["actor", "against"]).size()
    for row in series[series["date"] == series["date"].max()].itertuples():
        one, _, other = row.subject.partition(">")
        told = wars.get((one, other), 0) + wars.get((other, one), 0)
        assert row.mean * RUNS == pytest.approx(told)


def test_rows_come_by_run_then_date_then_the_order_of_a_period(watched):
    rows = of_kind(watched, KINDS[0]).iloc[:0]
    rows = watched["events"].query("variant == 'strict'")
    keys = list(zip(rows["run"], rows["date"], rows["kind"].map(KINDS.index), strict=True))
    assert keys == sorted(keys)
    assert set(rows["kind"]) <= set(KINDS)


def test_objections_are_those_of_the_transfers(watched):
    transfers = watched["transfers"].query("objected == 1")
    sales = set(
        zip(
            *(transfers[n] for n in ("variant", "run", "requested", "offer", "recipient")),
            strict=True,
        )
    )
    rows = watched["events"].query("kind == 'objection'")
    keys = (rows[n] for n in ("variant", "run", "date", "about", "aided"))
    assert set(zip(*keys, strict=True)) == sales
    assert sales


def test_events_and_reasons_are_the_same_bytes_whichever_engine_runs(
    eventful, tmp_path, monkeypatch
):
    for place in ("options", "ensemble"):
        monkeypatch.setattr(f"sim.experiments.{place}.FIRST", 3)

    def bytes_of(engine, *uncompiled):
        monkeypatch.setattr("sim.engine.selection.Engine.uncompiled", lambda *_: uncompiled)
        folder = run(eventful, runs=5, engine=engine, out=tmp_path / f"{engine}{uncompiled}").folder
        return [(folder / f"{name}.csv").read_bytes() for name in ("events", "why")]

    events, why = bytes_of("numpy")
    assert b",2," in events
    assert b"baseline,3," not in events
    assert bytes_of("compiled") == bytes_of("compiled", 1) == [events, why]


def test_without_transfers_no_run_is_watched(eventful):
    results = run(eventful, runs=2, transfers=0)
    assert results.manifest["event_runs"] == 0
    for name in ("events", "why", "transfers"):
        assert results[name].empty
