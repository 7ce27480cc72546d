"""The figure of a structural run: rule sets as dots, spreads as shares of a bar."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from matplotlib.collections import LineCollection
from matplotlib.text import Text

from sim.kernel.errors import ResultError
from sim.plots import draw_all, spread_bars
from sim.plots.figure_data import FigureData
from sim.plots.pages import our_look

LONG = "affinity_mean UNION mean 2018-Q1..2018-Q4"
OUTCOMES = ["cohesion UNION", LONG, "exits UNION", "hhi AAA"]


def row(outcome, variant, versus):
    shares = {"chance": 0.5, "parameters": 0.2, "rules": 0.3}
    known = outcome not in {"exits UNION", "hhi AAA"}
    cells = {"outcome": outcome, "variant": variant, "versus": versus, "mean": 0.4}
    for name, share in shares.items():
        cells |= {name: 12345.678 * share if known else 0.0}
        cells |= {f"{name}_share": share if known else float("nan")}
    largest = {"exits UNION": "none", "hhi AAA": "undefined"}.get(outcome, "chance")
    return cells | {"largest": largest, "driver": "patronage" if known else "", "driver_share": 1.0}


@pytest.fixture
def folder(tmp_path):
    pairs = [("baseline", ""), ("other", ""), ("other", "baseline")]
    keys = [(outcome, *pair) for outcome in OUTCOMES for pair in pairs]
    pd.DataFrame([row(*key) for key in keys]).to_csv(tmp_path / "spreads.csv", index=False)
    means = [0.1, 0.2, 0.3, 0.4]
    rows = [
        {
            "outcome": o,
            "variant": v,
            "versus": w,
            "rule_set": at,
            "mean": 0.0 if "exits" in o else m,
        }
        for o, v, w in keys
        for at, m in enumerate(means)
    ]
    pd.DataFrame(rows).to_csv(tmp_path / "structural.csv", index=False)
    manifest = {
        "format": 3,
        "inputs": {"scenario": "made", "seed": 3},
        "scenario": {"name": "made"},
        "variants": ["baseline", "other"],
        "structural": {"rule_sets": [{}] * 4, "points": 2, "replicates": 3},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return tmp_path


def build(folder, subject):
    with our_look():
        figure = spread_bars.build(FigureData.read(folder), subject)
        figure.draw_without_rendering()
    return figure


def words(figure):
    texts = [text.get_text() for text in figure.findobj(Text) if text.get_visible()]
    return " ".join(" ".join(texts).split())


def test_a_structural_result_has_this_figure_alone(folder):
    said = []
    stems = {path.stem for path in draw_all(folder, say=said.append)}
    assert stems == {f"spreads_{v}_{k}" for v in ("baseline", "other") for k in ("blocs", "states")}
    assert said == []


def test_the_figure_names_design_units_and_source(folder):
    text = words(build(folder, "baseline blocs"))
    for part in ("levels of baseline", "4 rule sets, 2 parameter points, 3 replicates of each"):
        assert part in text
    for part in ("never varies", "-1 to 1", "patronage 100%", "Source: blocsim, made, seed 3."):
        assert part in text
    assert "undefined in some runs" in words(build(folder, "baseline states"))
    assert "other less baseline" in words(build(folder, "other blocs"))


def test_the_bars_are_the_shares_and_the_dots_the_means(folder):
    left, right = build(folder, "baseline blocs").axes
    widths = [bar.get_width() for bar in right.patches]
    assert widths == pytest.approx([0.5, 0.2, 0.3, 0.5, 0.2, 0.3])
    others, own, *_ = left.lines
    assert own.get_xdata() == pytest.approx([0.0])
    assert others.get_xdata() == pytest.approx([1 / 3, 2 / 3, 1.0])


def test_differences_show_where_zero_is(folder):
    left = build(folder, "other blocs").axes[0]
    upright = [
        line
        for line in left.findobj(LineCollection)
        if line.get_segments()[0][0][0] == line.get_segments()[0][1][0]
    ]
    assert len(upright) == 2  # the third outcome is zero everywhere


def test_no_text_leaves_the_figure(folder):
    for subject in spread_bars.subjects(FigureData.read(folder)):
        figure = build(folder, subject)
        drawn, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
        assert drawn.x0 >= 0
        assert drawn.y0 >= 0
        assert drawn.x1 <= width
        assert drawn.y1 <= height


def test_a_table_without_a_row_is_refused(folder):
    path = folder / "spreads.csv"
    rows = pd.read_csv(path)
    rows[(rows["variant"] != "other") | (rows["outcome"] != LONG)].to_csv(path, index=False)
    with pytest.raises(ResultError, match=rf"spreads\.csv: no row of {LONG} in other"):
        draw_all(folder)
