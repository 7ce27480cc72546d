from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.experiments.outcomes import outcome_values
from sim.kernel.errors import InputError
from sim.kernel.simulate import simulate
from sim.kernel.world import BLOCKED, ORDERED, REFUSED
from sim.scenario.compile.build import build
from sim.scenario.load import load
from sim.scenario.schema.outcome_syntax import is_former, parse_outcome

RUNS = 4


@pytest.fixture(scope="module")
def record(small):
    scenario = load(small)
    built = build(scenario.variants["sale"], runs=np.arange(RUNS), seed=3)
    return simulate(built.world, built.rules, built.inputs, built.noise)


def read(record, text, **changes):
    dates = {"deal": "2020-Q2"}
    return outcome_values([parse_outcome(text)], record, dates=dates, ends=Given(changes))[0]


class Given(dict):
    """Metrics of the end of a run, (blocs, runs), by name."""

    def metric(self, name, bloc):
        return self[name][bloc]


def test_a_difference_is_taken_run_by_run(record):
    one, other = "cohesion NORTH at 2020-Q3", "engagement NORTH mean 2020..2020"
    apart = read(record, one) - read(record, other)
    assert np.array_equal(read(record, f"{one} less {other}"), apart)


def test_every_window_takes_its_periods(record):
    series = record.series["cohesion"][:, 0]
    assert np.array_equal(read(record, "cohesion NORTH"), series[3])
    assert np.array_equal(read(record, "cohesion NORTH at 2020-Q3"), series[2])
    mean = read(record, "cohesion NORTH mean 2020-Q2..2020-Q4")
    assert mean == pytest.approx(series[1:4].mean(axis=0))
    after = read(record, "cohesion NORTH after deal 1..2")
    assert after == pytest.approx(series[2:4].mean(axis=0))


def test_a_window_that_begins_after_the_end_is_not_defined(record):
    assert np.isnan(read(record, "cohesion NORTH after deal 50..60")).all()


def test_a_state_by_a_date_counts_what_was_so_until_then(record):
    series = record.series["strike_ordered"][:, 3]
    assert np.array_equal(read(record, "strike_ordered DEL by 2020-Q1"), series[0])
    assert np.array_equal(read(record, "strike_ordered DEL by 2020-Q2"), np.ones(RUNS))


def test_metrics_of_the_end_are_read_off_those_given(record):
    given = np.array([[0.1, 0.2, 0.3, 0.4]])
    assert np.array_equal(read(record, "frustration NORTH", frustration=given), given[0])


@pytest.fixture
def sale(record):
    """Return a function that reads a sale off a log of one row, one change a run."""
    log, layout = record.end.log, record.end.layout
    row, offer = layout.rows * 2, layout.offers.index("alfa_missile")  # asked for in 2020-Q3

    def stages(metric, by="", **fields):
        blank = {name: np.zeros_like(getattr(log, name)) for name in ("stage", "forced", "left")}
        blank |= {"offer": np.full_like(log.offer, -1), "withdrawn": log.withdrawn * 0}
        blank |= {"objected": log.objected * 0, "stalled": log.stalled * 0}
        blank |= {"first": np.full_like(log.first, -1), "last": log.last * 0}
        blank["recipient"] = np.full_like(log.recipient, -1)
        blank["recipient"][row] = layout.states.index("DEL")
        blank["offer"][row] = offer
        for name, value in fields.items():
            blank[name][row] = value
        end = replace(record.end, log=replace(log, **blank))
        text = f"{metric} ALF>DEL missile {by}".strip()
        return read(replace(record, end=end), text)

    return stages


def test_each_stage_of_a_sale_is_distinguished_from_the_others(sale):
    each = {"stage": [REFUSED, BLOCKED, ORDERED, ORDERED], "forced": [0, 0, 0, 1]}
    each |= {"first": [-1, -1, 8082, -1], "last": [0, 0, 8083, 0], "left": [0, 0, 0, 2]}
    assert sale("requested", **each).tolist() == [1, 1, 1, 0]
    assert sale("refused", **each).tolist() == [1, 0, 0, 0]
    assert sale("blocked", **each).tolist() == [0, 1, 0, 0]
    assert sale("sold", **each).tolist() == [0, 0, 1, 1]
    assert sale("delivered", **each).tolist() == [0, 0, 1, 0]
    assert sale("objected", objected=[1, 0, 0, 1], **each).tolist() == [1, 0, 0, 1]
    assert sale("stalled", stalled=[0, 0, 1, 0], **each).tolist() == [0, 0, 1, 0]
    assert sale("withdrawn", withdrawn=[0, 0, 4, 0], **each).tolist() == [0, 0, 1, 0]


def test_a_sale_by_a_date_counts_what_came_until_then(sale):
    each = {"stage": ORDERED, "first": 8082, "last": [8082, 8083, 8084, 8085]}
    assert sale("sold", by="by 2020-Q2", **each).tolist() == [0, 0, 0, 0]
    assert sale("sold", by="by 2020-Q3", **each).tolist() == [1, 1, 1, 1]
    assert sale("delivered", by="by 2020-Q4", **each).tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize("text", ["win ALF>CHA", "sold ALF>XYZ missile", "stage XYZ:NORTH"])
def test_what_a_variant_does_not_record_is_not_defined(record, text):
    assert np.isnan(read(record, text)).all()


def test_an_outcome_on_a_dyad_without_a_dispute_is_bad_input(tmp_path, small):
    text = small.read_text().replace("exposure DEL>BRA at 2020-Q4", "win ALF>CHA", 1)
    text = text[: text.index("expect:")]
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    line = text[: text.index("win ALF")].count("\n") + 1
    with pytest.raises(InputError) as caught:
        load(path)
    assert str(caught.value) == (
        f"{path}:{line}:5: outcomes[2]: no ALF>CHA is recorded "
        "(the scenario has no dispute between the two: add one to rivalries)"
    )


def test_a_removed_metric_is_known_only_by_its_name():
    assert is_former("cost_of_stability CSTO")
    assert is_former("hhi ARM less best_coalition CSTO")
    assert not is_former("subsidy CSTO")
    assert not is_former("cohesoin CSTO")
