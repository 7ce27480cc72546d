from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.records.statistics import NAMES, QUANTILES, statistics

CELLS = arrays(
    np.float64,
    st.tuples(st.integers(1, 4), st.integers(2, 30)),
    elements=st.floats(-1e6, 1e6, width=32),
)


@given(CELLS)
def test_they_are_those_of_numpy(cells):
    found = dict(zip(NAMES, statistics(cells).T, strict=True))
    assert found["mean"] == pytest.approx(cells.mean(axis=1), rel=1e-9, abs=1e-9)
    assert found["sd"] == pytest.approx(cells.std(axis=1, ddof=1), rel=1e-6, abs=1e-6)
    for name, share in zip(NAMES[2:], QUANTILES, strict=True):
        assert found[name] == pytest.approx(np.quantile(cells, share, axis=1), rel=1e-9, abs=1e-9)


def test_a_row_does_not_feel_the_others():
    cells = np.random.default_rng(1).random((700, 33))
    assert np.array_equal(statistics(cells[500:501]), statistics(cells)[500:501])


def test_a_constant_has_no_spread():
    found = statistics(np.full((1, 1000), 0.1))[0]
    assert found.tolist() == [0.1, 0.0, 0.1, 0.1, 0.1, 0.1, 0.1]


def test_runs_in_which_a_number_is_not_defined_do_not_count():
    cells = np.array([[1.0, np.nan, 3.0], [np.nan] * 3, [1.0, 2.0, 3.0]])
    found = statistics(cells)
    assert found[0, 0] == found[2, 0] == 2.0
    assert np.isnan(found[1]).all()


def test_one_run_has_no_standard_deviation():
    found = statistics(np.array([[2.0]]))[0]
    assert found[0] == found[4] == 2.0
    assert np.isnan(found[1])
