"""Numbers that made the data lie in the intervals that calibration gives for them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.documents.leaves import Uncertain
from sim.experiments.calibration import inference
from sim.experiments.calibration.calibration import CALIBRATION
from sim.experiments.calibration.inference import recovery
from sim.experiments.calibration.solution import (
    Exercise,
    learn,
    observation,
    simulated,
    solved,
)
from sim.experiments.calibration.targets import Target
from sim.experiments.chunk_store import ChunkStore
from sim.experiments.executor import executor_of
from sim.experiments.priors import Prior, PriorPoints, prior_points
from sim.kernel.errors import ResultError
from sim.kernel.noise import Noise, entities, uniform

pytest.importorskip("sklearn")

PRIORS = tuple(
    Prior(path, "", Uncertain((low + high) / 2, dist, low, high))
    for path, dist, low, high in (
        ("rate", "uniform", 0.0, 4.0),
        ("scale", "loguniform", 0.1, 10.0),
        ("share", "uniform", 0.0, 1.0),
        ("idle", "uniform", -1.0, 1.0),
    )
)
TARGETS = (
    Target(name="A.level", low=1.0, high=3.0, historical=2.0, ends="2016-12"),
    Target(name="A.size", low=-1.0, high=1.0, historical=0.0, ends="2016-12"),
    Target(name="B.share", low=0.4, high=0.6, historical=0.5, ends="2016-12"),
    Target(name="B.ratio", low=5.0, ends="2016-12"),
    Target(name="C.nothing", low=0.0, high=1.0, historical=0.5, ends="2016-12"),
)


def simulate(values, runs):
    """Quantities of a process with known laws; a ratio may be infinite or undefined."""
    draws = Noise(11, np.asarray(runs, dtype=np.uint32))
    u, v, w, x = draws.draw(uniform("test", entities("uvwx")[:, None], constant=True))
    normal = np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v)
    level = values["rate"] + 0.3 * normal
    size = np.log10(values["scale"]) + 0.2 * np.sqrt(-2 * np.log(u)) * np.sin(2 * np.pi * v)
    share = np.clip(values["share"] + 0.1 * (w - 0.5), 0, 1)
    with np.errstate(divide="ignore"):
        ratio = np.where(x < 0.05, np.nan, np.round(4 * share) / np.round(4 * (1 - share)))
    return np.stack([level, size, share, ratio, x], axis=1)


def simulate_rows(rows):
    return simulate(rows.numbers, rows.runs)


def simulate_nothing(rows):
    return simulate_rows(rows)[:, 4:]


ASKED, AGAIN = [], []  # first runs of the chunks that two interrupted calibrations asked for


def stops(rows):
    if len(ASKED) == 2:
        raise KeyboardInterrupt
    ASKED.append(int(rows.runs[0]))
    return simulate_rows(rows)


def counts(rows):
    AGAIN.append(int(rows.runs[0]))
    return simulate_rows(rows)


def quiet(*_):
    pass


def exercise(points=1500, **rest):
    return Exercise(
        targets=TARGETS,
        design=prior_points(PRIORS, points, replicates=1, seed=3),
        seed=3,
        simulate=simulate_rows,
        checks=50,
        **rest,
    )


@pytest.fixture(scope="module")
def learned():
    given = exercise()
    return learn(given, simulated(given, given.design, quiet))


def observed_from(truth, run):
    """An exercise whose history is one run at known quantiles, with the error of observation."""
    (values,) = simulate(PriorPoints(PRIORS, truth[None]).values(), np.array([run]))
    error = np.random.default_rng(run).normal(size=len(TARGETS))
    targets = tuple(
        replace(target, historical=value + target.error * e)
        for target, value, e in zip(TARGETS, values, error, strict=True)
    )
    return replace(exercise(), targets=targets)


def test_twenty_repeats_hold_the_truth_in_80_to_97_percent_of_the_intervals(learned):
    truths = np.random.default_rng(2026).random((20, len(PRIORS)))
    fits = [
        learned.fit(observation(observed_from(truth, 10_000 + n), learned))
        for n, truth in enumerate(truths)
    ]
    found = recovery(learned, truths, fits)
    assert found.counted[:3].min() >= 10
    assert found.counted[3] == 0
    assert 0.80 <= found.coverage <= 0.97


@pytest.fixture(scope="module")
def one():
    return solved(exercise(600), None, quiet)


def test_a_solution_names_what_it_identified_and_checks_itself(one):
    by_path = {each.path: each for each in one.identified}
    assert [by_path[p].identified for p in ("rate", "scale", "share")] == [True] * 3
    assert not by_path["idle"].identified
    assert by_path["idle"].posterior == by_path["idle"].prior
    low, middle, high = by_path["rate"].posterior
    assert low < 2.0 < high
    assert 1.0 < middle < 3.0
    assert one.fit.weights.sum() == pytest.approx(1)
    assert 0.8 <= one.recovery.coverage <= 0.97


def test_if_the_patterns_are_uninformative_the_posterior_is_the_prior():
    targets = TARGETS[4:]
    given = Exercise(
        targets=targets,
        design=prior_points(PRIORS, 400, replicates=1, seed=3),
        seed=3,
        simulate=simulate_nothing,
        checks=10,
    )
    solution = solved(given, None, quiet)
    assert not any(each.identified for each in solution.identified)
    assert solution.fit.weights == pytest.approx(np.full(400, 1 / 400))
    assert np.isnan(solution.recovery.coverage)


@pytest.mark.study
@pytest.mark.usefixtures("warm")
def test_processes_have_no_effect(one):
    two = solved(exercise(600, jobs=2, executor=executor_of(2)), None, quiet)
    assert one.fit.quantiles.tobytes() == two.fit.quantiles.tobytes()
    assert one.posterior_values.tobytes() == two.posterior_values.tobytes()


@pytest.fixture
def few_trees(monkeypatch):
    """Let forests be small where how well they fit does not matter."""
    monkeypatch.setattr(inference, "TREES", 20)


def kept_in(folder, asked):
    """Solve an exercise whose chunks are kept in a folder."""
    store = ChunkStore(folder, CALIBRATION, {})
    with store.claim():
        if store.state is None:
            store.keep()
        return solved(asked, store, quiet)


@pytest.mark.usefixtures("few_trees")
def test_a_stopped_calibration_goes_on_with_exactly_the_chunks_that_lack(tmp_path):
    whole = kept_in(tmp_path / "whole", exercise(1200))
    ASKED.clear()
    AGAIN.clear()
    with pytest.raises(KeyboardInterrupt):
        kept_in(tmp_path / "part", replace(exercise(1200), simulate=stops))
    part = kept_in(tmp_path / "part", replace(exercise(1200), simulate=counts))
    assert ASKED == [0, 500]
    assert AGAIN == [1000, 1200]  # the last chunk, then the runs of the posterior
    assert part.fit.quantiles.tobytes() == whole.fit.quantiles.tobytes()
    assert part.prior_values.tobytes() == whole.prior_values.tobytes()


@pytest.mark.usefixtures("few_trees")
def test_a_torn_chunk_is_run_again_and_a_changed_one_is_refused(tmp_path):
    whole = kept_in(tmp_path, exercise(600))
    chunk = next(iter(sorted((tmp_path / "chunks").iterdir())))
    content = chunk.read_bytes()
    chunk.write_bytes(content[:-7])
    again = kept_in(tmp_path, exercise(600))
    assert again.prior_values.tobytes() == whole.prior_values.tobytes()
    middle = len(content) // 2
    chunk.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    with pytest.raises(ResultError, match="has changed since it was written"):
        kept_in(tmp_path, exercise(600))
