"""The figures of a backtest stay on their page, their remarks included."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from sim.plots.figure_data import FigureData
from sim.plots.forecast_skill import DRAWN, build_reliability, build_skill
from sim.plots.pages import our_look
from sim.records.study_tables import FORECASTS, SCORES


def test_no_text_leaves_the_figures_of_a_backtest(tmp_path):
    rng = np.random.default_rng(1)
    given = {name: rng.random(40) for name in DRAWN}
    cases = pd.DataFrame({"target": "transfer", "observed": rng.integers(0, 2, 40), **given})
    scores = pd.DataFrame(
        {
            "target": "transfer", "score": "pr_auc", "forecaster": ["persistence", "base_rate"],
            "skill_of_model": [-3.0, 0.2], "low": [-4.0, 0.1], "high": [-2.5, 0.3],
        }
    )  # fmt: skip
    for table, frame in ((FORECASTS, cases), (SCORES, scores)):
        frame.reindex(columns=table.names()).to_csv(tmp_path / table.file, index=False)
    about = {"format": 3, "inputs": {"scenario": "made", "seed": 3}, "files": {}}
    (tmp_path / "backtest.json").write_text(json.dumps(about))
    tables = FigureData.read(tmp_path)
    with our_look():
        for figure in (build_reliability(tables, ""), build_skill(tables, "")):
            figure.draw_without_rendering()
            drawn, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
            assert drawn.x0 >= 0
            assert drawn.y0 >= 0
            assert drawn.x1 <= width
            assert drawn.y1 <= height
            assert figure.texts[-1].get_text() == (
                "Source: blocsim, made, seed 3. A scenario, not a forecast."
            )
