"""Only the costly metrics that outcomes ask for are worked out, and they are the same."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.exact import NAMES, exact_metrics
from sim.experiments.options import Options
from sim.experiments.outcomes import asked_metrics
from sim.kernel.simulate import simulate
from sim.scenario.compile.build import build
from sim.scenario.load import load
from sim.scenario.schema.outcome_syntax import parse_outcome


@pytest.fixture(scope="module")
def record(small):
    built = build(load(small).variants["sale"], runs=np.arange(6), seed=3)
    return simulate(built.world, built.rules, built.inputs, built.noise)


@pytest.mark.parametrize("name", NAMES)
def test_a_metric_asked_for_alone_is_the_one_among_all(record, name):
    options = Options(xi=0.2, nu=0.3)
    found = asked_metrics([parse_outcome(f"{name} NORTH")], record, options)
    assert list(found) == [name]
    wanted = exact_metrics(record, options).metrics[name]
    row = record.end.layout.blocs.index("NORTH")
    np.testing.assert_array_equal(found[name][row], wanted[row])


def test_blocs_that_nobody_asks_for_are_left_out(record):
    asked = [parse_outcome(f"{name} NORTH") for name in ("frustration", "cost_of_stability")]
    found = asked_metrics(asked, record, Options())
    row = record.end.layout.blocs.index("NORTH")
    for values in found.values():
        assert np.isfinite(values[row]).all()
        assert np.isnan(np.delete(values, row, axis=0)).all()


def test_outcomes_of_other_kinds_ask_for_nothing(record):
    asked = [parse_outcome(text) for text in ("cohesion NORTH", "hhi DEL")]
    assert asked_metrics(asked, record, Options()) == {}
