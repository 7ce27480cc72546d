"""Costs of steps: named as in `period`, by either engine, with the total as their sum."""

from __future__ import annotations

import platform

import pytest
import yaml

from sim.engine.costs import COUNTERS, DRAWS, REST, costs_by_numpy, costs_compiled
from sim.engine.machine import MachineError
from sim.experiments.batch import NO_NUMBERS, cases_of
from sim.kernel.period import period
from tests.small import SMALL, model


@pytest.fixture
def case(tmp_path):
    (case,) = cases_of([(model(tmp_path), NO_NUMBERS)], 20)
    return case


def known(steps):
    """Return whether names are those of what `period` calls, of methods too, and of metrics."""
    return {*steps} <= {*period.__code__.co_names, "collect", DRAWS, REST}


def test_numpy_is_watched_step_by_step(case):
    costs = costs_by_numpy(case)
    assert costs.engine == "numpy"
    assert costs.seconds > 0
    assert known(costs.shares)
    assert {"wishes", "deliver", "regard", "collect", "left"} <= {*costs.shares}
    assert sum(costs.shares.values()) == pytest.approx(1)
    assert min(costs.shares.values()) > 0


@pytest.mark.skipif(platform.machine().lower() not in COUNTERS, reason="no counter of cycles")
def test_a_kernel_counts_cycles_step_by_step(case):
    costs = costs_compiled(case)
    assert costs.engine == "compiled"
    assert costs.seconds > 0
    assert known(costs.shares)
    assert {"wishes", "deliver", "regard", "collect", DRAWS} <= {*costs.shares}
    assert sum(costs.shares.values()) == pytest.approx(1)
    assert min(costs.shares.values()) > 0


def test_cycles_are_counted_only_where_a_program_may(case, monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(MachineError, match="riscv64"):
        costs_compiled(case)


def test_a_profile_is_a_table_of_both_engines_and_writes_no_file(blocsim, tmp_path):
    (tmp_path / "small.yaml").write_text(yaml.safe_dump(SMALL), encoding="utf-8")
    code, out, err = blocsim("run", "small.yaml", "--profile", "--runs", "20")
    assert code == 0
    title, *lines = out.splitlines()
    assert title.startswith("small, baseline: microseconds a run,")
    rows = {line.split()[0]: line.split() for line in lines if "%" in line}
    both = platform.machine().lower() in COUNTERS
    assert len(rows["wishes"]) == len(rows["collect"]) == (5 if both else 3)
    assert ("by numpy alone" in err) == (not both)
    assert not (tmp_path / "results").exists()


def test_a_profile_refuses_options_of_results(blocsim, tmp_path):
    (tmp_path / "small.yaml").write_text(yaml.safe_dump(SMALL), encoding="utf-8")
    options = ["--out=x", "--force", "--structural", "--roles=threat", "--points=2"]
    options += ["--engine=numpy"]
    code, out, err = blocsim("run", "small.yaml", "--profile", *options)
    assert (code, out) == (2, "")
    named = [
        line.partition(":")[0] for line in err.splitlines() if "combined with --profile" in line
    ]
    assert named == ["--engine", "--force", "--out", "--points", "--roles", "--structural"]
