"""Calibrate: a scenario's uncertain numbers fitted to its patterns, into a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from sim.errors import InputError, Problem
from sim.experiments.calibration.chunks import Ledger
from sim.experiments.calibration.design import Design
from sim.experiments.calibration.pattern_runs import PatternRuns
from sim.experiments.calibration.place import manifest_of, prepare
from sim.experiments.calibration.priors import priors
from sim.experiments.calibration.simulations import until
from sim.experiments.calibration.solving import Exercise, Progress, Solution, solved
from sim.experiments.calibration.targets import targets_of
from sim.experiments.calibration.writing import write
from sim.experiments.extras import needed
from sim.experiments.failures import told
from sim.experiments.publishing import Interrupted
from sim.records import manifest
from sim.scenario.load import Scenario, load
from sim.scenario.patterns import Pattern

VANTAGE = "2017-Q3"  # the last quarter that the fit may know, unless another is given
METHOD = "ABC: forests as summaries, Epanechnikov kernel, local linear adjustment"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a calibration is run."""

    points: int = 4096
    replicates: int = 1
    checks: int = 200
    vantage: str = VANTAGE
    patterns: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    jobs: int = 1

    def __post_init__(self) -> None:
        """Refuse plans out of bounds."""
        bounds = {"points": (100, 10**7), "replicates": (1, 1000), "checks": (2, 10**6)}
        bounds["jobs"] = (1, 10_000)
        problems = [
            Problem(f"--{name}", 0, 0, "", f"must be {low} to {high}, got {value}")
            for name, (low, high) in bounds.items()
            if not low <= (value := getattr(self, name)) <= high
        ]
        if problems:
            raise InputError(problems)


def calibrate(
    scenario: Scenario | str | Path,
    *,
    plan: Plan,
    out: str | Path,
    seed: int | None = None,
    sets: Sequence[str] = (),
    resume: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Return the manifest of a calibration whose tables are written to a folder."""
    needed("sklearn.ensemble", "analysis")
    if not isinstance(scenario, Scenario):
        scenario = load(scenario, sets=sets, seed=seed)
    exercise = exercise_of(scenario, plan)
    folder = Path(out)
    inputs = inputs_of(scenario, plan, exercise)
    prepare(folder, resume=resume, force=force)
    ledger = Ledger(folder, {key: each for key, each in inputs.items() if key != "points"})
    began, clock = datetime.now(UTC), perf_counter()
    with told(str(folder)):
        try:
            solution = solved(exercise, ledger, progress or _silent)
        except KeyboardInterrupt:
            message = (
                f"interrupted: {len(ledger.done)} chunks are kept in {folder}; "
                "the same command with --resume goes on"
            )
            raise Interrupted(message) from None
        how = {"began": began.isoformat(timespec="seconds"), "jobs": plan.jobs}
        how["seconds"] = round(perf_counter() - clock, 3)
        cost = {
            "runs": exercise.design.rows + plan.checks,
            "seconds_of_simulation": round(ledger.seconds, 3),
        }
        write(
            folder,
            exercise.targets,
            solution,
            {"inputs": inputs, "cost": cost, **_said(solution), "how": how},
        )
    return manifest_of(folder)


def exercise_of(scenario: Scenario, plan: Plan) -> Exercise:
    """Return what a plan fits of a scenario; InputError if it cannot."""
    base = scenario.base
    targets = targets_of(
        base.patterns,
        chosen=plan.patterns,
        vantage=plan.vantage,
        start=scenario.name,
        where=scenario.where,
    )
    model = until(base, plan.vantage)
    model.keep_posterior(None)  # what was fitted before is no part of a prior
    design = Design(priors(model, plan.parameters), plan.points, plan.replicates, base.seed)
    names = tuple(target.name for target in targets)
    runs = PatternRuns(model, _only(base.patterns, names), names, base.seed)
    return Exercise(
        targets=targets, design=design, simulate=runs, checks=plan.checks, jobs=plan.jobs
    )


def _only(patterns: Mapping[str, Pattern], names: Sequence[str]) -> dict[str, Pattern]:
    """Return the patterns with none but the checks of some names."""
    return {
        name: pattern.model_copy(update={"checks": kept})
        for name, pattern in patterns.items()
        if (kept := {k: each for k, each in pattern.checks.items() if f"{name}.{k}" in names})
    }


def inputs_of(scenario: Scenario, plan: Plan, exercise: Exercise) -> dict[str, Any]:
    """Return what two calibrations must share for their posteriors to be equal."""
    design = exercise.design
    targets = {
        each.name: {k: _finite(v) for k, v in asdict(each).items()} for each in exercise.targets
    }
    for target in targets.values():
        target.pop("name")
    return {
        "scenario": scenario.name,
        "hash": scenario.hash,
        "seed": design.seed,
        "points": design.points,
        "replicates": design.replicates,
        "checks": plan.checks,
        "vantage": plan.vantage,
        "method": METHOD,
        "patterns": targets,
        "parameters": {prior.path: prior.described() for prior in design.priors},
        "versions": {
            **manifest.versions(),
            "sklearn": str(needed("sklearn", "analysis").__version__),
        },
    }


def _finite(value: Any) -> Any:
    """Return a value as JSON has it: no infinite numbers."""
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _said(solution: Solution) -> dict[str, Any]:
    """Return what a solution says in short."""
    coverage = solution.recovery.coverage
    fit = solution.fit
    return {
        "identified": [each.path for each in solution.identified if each.identified],
        "unidentified": [each.path for each in solution.identified if not each.identified],
        "rows": len(fit.weights),
        "effective_rows": float(1 / np.sum(fit.weights**2)),
        "recovery": {
            "coverage": None if np.isnan(coverage) else coverage,
            "intervals": int(solution.recovery.counted.sum()),
        },
    }


def _silent(done: int, total: int) -> None:
    """Show no progress."""
    del done, total
