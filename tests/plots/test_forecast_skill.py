"""The figures of a backtest stay on their page, their remarks included."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.plots.forecast_skill import DRAWN, _reliability, _skill
from sim.plots.pages import our_look


def test_nothing_leaves_the_figures_of_a_backtest():
    rng = np.random.default_rng(1)
    given = {name: rng.random(40) for name in DRAWN}
    cases = pd.DataFrame({"target": "transfer", "observed": rng.integers(0, 2, 40), **given})
    scores = pd.DataFrame(
        {
            "target": "transfer", "score": "pr_auc", "forecaster": ["persistence", "base_rate"],
            "skill_of_model": [-3.0, 0.2], "low": [-4.0, 0.1], "high": [-2.5, 0.3],
        }
    )  # fmt: skip
    with our_look():
        for figure in (_reliability(cases), _skill(scores)):
            figure.draw_without_rendering()
            drawn, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
            assert drawn.x0 >= 0
            assert drawn.y0 >= 0
            assert drawn.x1 <= width
            assert drawn.y1 <= height
