"""The tables of a small ensemble are consistent, and their columns are described."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from sim.experiments.ensemble import run
from sim.kernel.errors import ResultError
from sim.records.frames import header
from sim.records.kinds import RUN

SMALL = Path(__file__).parents[1] / "experiments" / "small.yaml"
RUNS = 5


@pytest.fixture(scope="module")
def results():
    return run(SMALL, runs=RUNS, transfers=3)


def test_every_column_of_every_table_is_described(results):
    known = results["columns"].groupby("file")["column"].agg(set)
    for name, frame in results.items():
        if name != "columns":
            assert set(frame.columns) <= known[f"{name}.csv"]


def test_every_table_has_the_columns_that_are_declared(results):
    for name, frame in results.items():
        table = RUN.table(name)
        more = [column for column in frame.columns if column not in table.names()]
        assert list(frame.columns) == table.in_order(more) if more else table.names()
        assert bool(more) == (name == "outcomes")


def test_every_metric_has_a_row_with_its_unit(results):
    known = results["columns"]
    for name in ("series", "states", "members", "ties"):
        about = known[known["file"] == f"{name}.csv"].set_index("column")
        assert set(results[name]["metric"]) <= set(about.index)
        assert (about.loc[sorted(set(results[name]["metric"])), "unit"] != "").all()
    assert (known["definition"] != "").all()


def test_exact_metrics_are_said_to_be_of_the_end(results):
    known = results["columns"]
    row = known[(known["file"] == "series.csv") & (known["column"] == "frustration")].iloc[0]
    assert row["when"] == "end of run"
    series = results["series"]
    assert set(series.loc[series["metric"] == "frustration", "date"]) == {"2020-Q4"}


def test_states_and_members_are_parts_of_the_series(results):
    series = results["series"].set_index(["variant", "date", "metric", "subject"])["mean"]
    for row in results["members"].itertuples():
        assert series[row.variant, row.date, row.metric, f"{row.state}:{row.bloc}"] == row.mean
    for row in results["states"].head(200).itertuples():
        subject = f"{row.supplier}>{row.state}" if row.supplier else row.state
        assert series[row.variant, row.date, row.metric, subject] == row.mean


def test_transfers_are_of_the_first_runs_and_know_their_stages(results):
    rows = results["transfers"]
    assert set(rows["run"]) <= {0, 1, 2}
    assert set(rows["stage"]) <= {
        "refused", "blocked", "ordered", "delivering", "delivered", "withdrawn",
    }  # fmt: skip
    ordered = rows[rows["ordered"] != ""]
    assert (ordered["units"] > 0).all()
    assert (ordered["delivered"] <= ordered["units"] * (1 + 1e-9)).all()
    assert ((rows["first"] == "") == (rows["last"] == "")).all()
    assert (rows.loc[rows["first"] != "", "first"] <= rows.loc[rows["first"] != "", "last"]).all()
    assert (ordered["due"] > ordered["requested"]).all()
    refused = rows[rows["stage"] == "refused"]
    assert (refused["refused"] == 1).all()
    assert (refused["ordered"] == "").all()


def test_transfers_name_who_refused_and_which_leader_blocked(results):
    rows = results["transfers"]
    assert (rows["blocked_by"] != "").tolist() == (rows["stage"] == "blocked").tolist()
    refused = rows[rows["refused_by"] != ""]
    assert (refused["stage"] == "refused").all()
    states = set(results["states"]["state"])
    for names in refused["refused_by"]:
        assert set(names.split(" ")) <= states


def test_the_forced_sale_is_one_row_a_run(results):
    rows = results["transfers"]
    forced = rows[rows["origin"] == "ordered"]
    assert forced["variant"].unique().tolist() == ["sale"]
    assert forced["run"].tolist() == [0, 1, 2]
    assert set(zip(forced["supplier"], forced["recipient"], forced["system"], strict=True)) == {
        ("ALF", "DEL", "missile")
    }
    assert set(forced["units"]) == {8}
    assert set(forced["requested"]) == {"2020-Q2"}


def test_ties_hold_what_was_delivered(results):
    ties, transfers = results["ties"], run(SMALL, runs=RUNS)["transfers"]
    assert (ties["from"] != ties["to"]).all()
    worth = {"missile": 12.0, "tank": 2.0}
    tiv = transfers["delivered"] * transfers["system"].map(worth)
    total = tiv.groupby([transfers["variant"], transfers["recipient"]]).sum() / RUNS
    delivered = ties[ties["metric"] == "delivered"].groupby(["variant", "from"])["mean"].sum()
    for key, value in delivered.items():
        assert value == pytest.approx(total.get(key, 0.0), abs=1e-6)


def test_quantiles_are_in_order(results):
    for name in ("series", "ties"):
        frame = results[name]
        ranked = frame[["q05", "q25", "q50", "q75", "q95"]].to_numpy()
        assert (np.diff(ranked, axis=1) >= -1e-12 * np.abs(ranked[:, 1:])).all()


def test_a_pipe_is_not_a_table_and_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "series.csv")
    with pytest.raises(ResultError, match="it is not an ordinary file"):
        header(tmp_path / "series.csv")
