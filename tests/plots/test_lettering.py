"""No text of a figure lies on another or leaves the page, at full and at half resolution."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from sim.experiments.ensemble import run
from sim.plots import figures_of
from sim.plots.figure_data import FigureData
from sim.plots.figure_query import FigureQuery
from sim.plots.pages import RECIPES, our_look, pages
from sim.records.kinds import RUN
from tests.plots.lettering import Lettering, faults

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
FULL, HALF = 150, 75  # dots per inch


def checked(tables, names):
    """Return the faults of figures, by figure and subject."""
    found = {}
    for name, subject in pages(tables, names, say=lambda _: None):
        with our_look():
            figure = RECIPES[name].build(tables, subject)
        for dpi in (FULL, HALF):
            if wrong := faults(figure, dpi):
                found[name, subject, dpi] = wrong
    return found


@pytest.mark.parametrize(
    "parts",
    [
        {},
        pytest.param(
            {"variants": [f"a_variant_of_the_sale_{k}" for k in range(7)]}, marks=pytest.mark.study
        ),
    ],
)
def test_no_text_of_a_made_result_lies_on_another(made, parts):
    assert checked(FigureData.read(made(**parts)), figures_of(RUN)) == {}


@pytest.mark.study
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_no_text_of_a_shipped_scenario_lies_on_another(path, tmp_path):
    run(path, runs=8, out=tmp_path / "result")
    assert checked(FigureData.read(tmp_path / "result"), figures_of(RUN)) == {}


@pytest.mark.study
def test_every_metric_and_subject_of_the_flagship_is_drawn(tmp_path):
    run("polonez_vs_iskander", runs=4, out=tmp_path / "result")
    tables = FigureData.read(tmp_path / "result")
    pairs = tables["series"][["metric", "subject"]].drop_duplicates()
    for metric, subject in pairs.to_numpy():
        name, build = FigureQuery(f"{metric} {subject}").figure(tables)
        with our_look(), warnings.catch_warnings():
            warnings.simplefilter("error")
            assert build().axes, name


def test_texts_that_overlap_are_found():
    one = Lettering("one", 0, 0.0, 0.0, 1.0, 0.2)
    assert one.meets(Lettering("other", 0, 0.9, 0.1, 2.0, 0.3))
    assert not one.meets(Lettering("other", 0, 1.0, 0.0, 2.0, 0.2))
