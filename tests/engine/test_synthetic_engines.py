"""A synthetic world, which has no fact of any scenario that the engine was built on."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.engine.selection import Engine
from sim.experiments.batch import Batch
from tests.cases.test_synthetic_world import written


def test_both_engines_run_a_world_alike(tmp_path: Path) -> None:
    model = written(tmp_path, 12).variants["baseline"]
    answers = [
        Batch(
            model=model,
            runs=np.arange(3),
            seed=1,
            read=lambda batch: batch.record,
            engine=Engine(engine),
        ).result()
        for engine in ("numpy", "compiled")
    ]
    for name, values in answers[0].series.items():
        np.testing.assert_allclose(answers[1].series[name], values, rtol=1e-9, atol=1e-9)
    assert len(answers[0].series) > 5
