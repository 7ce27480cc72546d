"""Some variants of a scenario are run alone, and are the same as among all."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.experiments.ensemble import run
from sim.experiments.reproduction import reproduce
from sim.kernel.errors import InputError


def test_a_variant_run_alone_is_the_same_as_among_all(small, tmp_path, blocsim):
    whole = run(small, runs=3)["outcomes"].query("variant == 'sale'").reset_index(drop=True)
    alone = run(small, runs=3, variants=["sale"], out=tmp_path / "sale")
    pd.testing.assert_frame_equal(alone["outcomes"], whole)
    assert alone.manifest["inputs"]["options"]["variants"] == ["sale"]
    assert reproduce(tmp_path / "sale").holds
    line = ("run", small, "--runs", 3, "--jobs", 1, "--no-figures", "--out", tmp_path / "sale")
    code, _, err = blocsim(*line, "--variant", "sale")
    assert code == 0, err
    assert "already holds this result" in err
    code, _, err = blocsim(*line)
    assert code == 2
    assert "holds a result with other inputs (options)" in err


def test_a_variant_that_is_not_there_is_named(small):
    with pytest.raises(InputError, match=r'--variant: no variant "salt" \(did you mean "sale"\?\)'):
        run(small, variants=["salt"])
