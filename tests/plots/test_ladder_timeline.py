"""Timelines and contrasts over time: shares of runs, the two variants, the numbers of the table."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from matplotlib.figure import Figure

from sim.plots.contrast_panels import build as build_contrast
from sim.plots.contrast_panels import subjects
from sim.plots.figure_data import FigureData
from sim.plots.ladder_timeline import _events, _ladder
from sim.plots.pages import our_look
from tests.plots.built import build, words


def test_events_are_shares_of_the_runs_that_are_listed(made):
    tables = FigureData.read(made(dates=["2018"], runs=4))
    shares = _events(tables, {"AAA", "DDD", "UNION"}, ["baseline"]).set_index("row")["share"]
    assert shares.to_dict() == {
        "war of Beland on Aland": 1.0,
        "appeal of Aland": 0.75,
        "rescue loan, Celand to Aland": 0.5,
        "exit of Deland": 0.25,  # from the bloc itself
    }  # fmt: skip


def test_a_timeline_shows_both_variants_of_the_first_contrast(made):
    figure = build(made(variants=["baseline", "one", "two"]), "timeline")
    titles = [title for ax in figure.axes if (title := ax.get_title(loc="left"))]
    assert titles == ["one", "baseline"]
    names = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert names == ["Aland", "Deland"]  # the leader stays
    assert "2 of 3 variants" in words(figure)


def test_periods_in_which_a_bloc_has_no_member_are_empty_in_its_timeline():
    rows = [("A", 2018.0, 1.0), ("A", 2018.25, None), ("A", 2018.5, None), ("A", 2018.75, 3.0)]
    stages = pd.DataFrame([*rows, ("B", 2018.25, 2.0)], columns=["member", "year", "mean"])
    mesh = _ladder(Figure().subplots(), stages, ["A", "B"], 5)
    assert mesh.get_array().filled(-1).tolist() == [[1, -1, -1, 3], [-1, 2, -1, -1]]
    assert mesh.get_coordinates()[0, :, 0].tolist() == [2018, 2018.25, 2018.5, 2018.75, 2019]


def test_a_timeline_does_without_events(made):
    folder = made()
    (folder / "events.csv").unlink()
    assert "war" not in words(build(folder, "timeline"))


def test_a_contrast_is_drawn_as_the_table_has_it_under_its_question(made):
    folder = made()
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    about = ["exposure AAA>BBB mean 2018-Q1..2018-Q2", "exits UNION"]
    manifest["contrasts"] = {
        "what_for": {"of": "other", "versus": "baseline", "asks": "What for?", "about": about}
    }
    path.write_text(json.dumps(manifest))
    tables = FigureData.read(folder)
    assert subjects(tables) == ["what_for"]
    with our_look():
        figure = build_contrast(tables, "what_for")
    assert "What for?" in words(figure)
    (ax,) = (each for each in figure.axes if each.get_visible())  # exits have no course
    rows = pd.read_csv(folder / "contrasts_series.csv").query("metric == 'exposure'")
    assert ax.lines[1].get_ydata() == pytest.approx(rows["mean"].to_numpy())
