"""Names in figures: long ones, ones without a glyph, ones that look like formulas."""

from __future__ import annotations

import warnings

import pytest

from sim.plots import draw_all, figures_of
from sim.plots.labels import difference_unit_of
from sim.plots.pages import our_look
from sim.plots.style import drawable
from sim.records.kinds import RUN
from tests.plots.built import build, subjects, words
from tests.plots.conftest import STATES

LONG = "The_Federated_Republics_and_Overseas_Territories_of_the_Greater_Delta_and_Dependencies"


def renamed(folder, old, new):
    """Write a name in place of another in every file of a result."""
    for path in (*folder.glob("*.csv"), folder / "manifest.json"):
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    return folder


def test_long_names_keep_to_the_page(made):
    folder = made()
    for old in ("Aland", "AAA", "BBB", "UNION", "rocket", "other", "made"):
        renamed(folder, old, f"{LONG}_{old[0]}")
    for name in figures_of(RUN):
        for subject in subjects(folder, name):
            figure = build(folder, name, subject)
            with our_look():
                drawn, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
            assert drawn.x0 >= 0, (name, subject)
            assert drawn.y0 >= 0, (name, subject)
            assert drawn.x1 <= width, (name, subject)
            assert drawn.y1 <= height, (name, subject)


@pytest.mark.parametrize(
    "name",
    ["\u53f0\u7063", "\u4e2d\u83ef $x_1$", "\u0540\u0561\u0575\u0561\u057d\u057f\u0561\u0576"],
)
def test_a_name_of_any_script_is_drawn(made, name):
    folder = made(states={**STATES, "AAA": {**STATES["AAA"], "name": name}})
    renamed(folder, "made", "\u53f0")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        paths = draw_all(folder, ["supplier_shares"], formats=["svg", "png"])
    text = next(path for path in paths if path.name == "supplier_shares_AAA.svg").read_text("utf-8")
    assert f"Suppliers of {name}" in text  # the viewer has the glyphs
    assert "\\u53f0" not in text


def test_a_letter_without_a_glyph_is_drawn_as_its_code_where_it_is_drawn():
    assert drawable("A\u53f0\nB") == "A\\u53f0\nB"


def test_a_dollar_in_a_name_is_not_a_formula(made):
    folder = renamed(made(), "made", "$\\\\frac$")
    assert "blocsim, $\\frac$, seed" in words(build(folder, "cohesion"))


def test_the_unit_of_a_difference_does_not_have_the_bounds_of_the_level():
    metrics = ("cohesion", "affinity", "exposure", "insecurity", "exits")
    assert [difference_unit_of(metric) for metric in metrics] == [
        "scale of 0 to 1", "scale of -1 to 1", "points", "index", "states",
    ]  # fmt: skip
