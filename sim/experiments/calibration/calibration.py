"""Calibration: a scenario's uncertain numbers fitted to its patterns, into a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiments.batch import RowReader, engine_of
from sim.experiments.calibration.inference import Identified
from sim.experiments.calibration.solution import (
    Exercise,
    QuantityReader,
    Solution,
    solved,
    until,
)
from sim.experiments.calibration.targets import Target, targets_of
from sim.experiments.chunk_store import ChunkStore, manifest_of
from sim.experiments.executor import Executor, executor_of
from sim.experiments.options import MOST_JOBS, Options, Progress, refuse_outside, silent
from sim.experiments.priors import prior_points, priors
from sim.experiments.processes import all_cores
from sim.experiments.remedies import as_run_error, needed, one_thread
from sim.kernel.errors import Interrupted, need_flags, need_lists
from sim.patterns.pattern import Pattern
from sim.records import manifest
from sim.records.columns import field, numbers, row
from sim.records.kinds import CALIBRATION
from sim.records.study_tables import FIT, IDENTIFIED, POSTERIOR, RECOVERY
from sim.scenario.csv_inputs import WEIGHT
from sim.scenario.load import Scenario, load
from sim.scenario.patches import Settings

VANTAGE = "2017-Q3"  # the last quarter that the fit may use, by default
METHOD = "ABC: forests as summaries, Epanechnikov kernel, local linear adjustment"


@dataclass(frozen=True, kw_only=True)
class CalibrationPlan:
    """How a calibration is run."""

    points: int = 4096
    replicates: int = 1
    checks: int = 200
    vantage: str = VANTAGE
    patterns: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    jobs: int = 1

    def __post_init__(self) -> None:
        """Raise InputError if a number is out of bounds."""
        bounds = {"points": (100, 10**7), "replicates": (1, 1000), "checks": (2, 10**6)}
        refuse_outside(self, {**bounds, "jobs": (1, MOST_JOBS)})
        need_lists(patterns=self.patterns, parameters=self.parameters)


def calibrate(
    scenario: Scenario | str | Path,
    *,
    plan: CalibrationPlan,
    out: str | Path,
    seed: int | None = None,
    sets: Settings = (),
    resume: bool = False,
    force: bool = False,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Return the manifest of a calibration, and write its tables to the folder `out`."""
    need_flags(resume=resume, force=force)
    needed("sklearn.ensemble", "calibrate")
    if not isinstance(scenario, Scenario):
        scenario = load(scenario, sets=sets, seed=seed)
    exercise = exercise_of(scenario, plan, executor)
    inputs = inputs_of(scenario, plan, exercise)
    kept = {key: value for key, value in inputs.items() if key != "points"}  # more may follow
    store = ChunkStore(Path(out), CALIBRATION, kept)
    began, clock = datetime.now(UTC), perf_counter()
    with (
        as_run_error(str(store.folder)),
        store.claim(force=force, resume=resume),
        one_thread("calibrate"),
    ):
        if store.state is None:
            store.keep()
        try:
            solution = solved(exercise, store, progress)
        except KeyboardInterrupt:
            store.read_ledger()  # as the disk has it
            message = (
                f"interrupted: {len(store.entries)} chunks are kept in {store.folder}; "
                "the same command with --resume continues"
            )
            raise Interrupted(message) from None
        store.reopen()
        write(store.folder, exercise.targets, solution)
        seconds = sum(entry["seconds"] for entry in store.entries.values())
        runs = exercise.design.rows + plan.checks
        about = {
            "inputs": inputs,
            "scenario": manifest.named(scenario),
            "claims": _claims(scenario, exercise),
            "cost": {"runs": runs, "seconds_of_simulation": round(float(seconds), 3)},
            **_said(solution),
            "how": {
                "began": began.isoformat(timespec="seconds"),
                "jobs": plan.jobs,
                "seconds": round(perf_counter() - clock, 3),
            },
        }
        store.finish(about)
    return manifest_of(store.folder, CALIBRATION)


def exercise_of(
    scenario: Scenario, plan: CalibrationPlan, executor: Executor | None = None
) -> Exercise:
    """Return targets, design and simulations of a plan; InputError if it cannot be fitted."""
    base = scenario.base
    targets = targets_of(
        base.patterns,
        chosen=plan.patterns,
        vantage=plan.vantage,
        start=scenario.name,
        where=scenario.where,
    )
    model = until(base, plan.vantage)
    model.keep_posterior(None)  # an earlier posterior is not part of the prior
    design = prior_points(
        priors(model, plan.parameters), plan.points, replicates=plan.replicates, seed=base.seed
    )
    names = tuple(target.name for target in targets)
    read = QuantityReader(_only(base.patterns, names), names)
    engine = engine_of(Options.engine, design.rows, [(model, design.values())])
    return Exercise(
        targets=targets,
        design=design,
        simulate=RowReader(model=model, read=read, engine=engine),
        seed=base.seed,
        checks=plan.checks,
        jobs=min(plan.jobs, all_cores()),
        executor=executor or executor_of(plan.jobs),
    )


def _only(patterns: Mapping[str, Pattern], names: Sequence[str]) -> dict[str, Pattern]:
    """Return the patterns reduced to the checks of some names."""
    return {
        name: pattern.model_copy(update={"checks": kept})
        for name, pattern in patterns.items()
        if (kept := {k: each for k, each in pattern.checks.items() if f"{name}.{k}" in names})
    }


def inputs_of(scenario: Scenario, plan: CalibrationPlan, exercise: Exercise) -> dict[str, Any]:
    """Return the inputs of a calibration: with equal inputs, posteriors are equal."""
    targets = {
        each.name: {k: _finite(v) for k, v in asdict(each).items()} for each in exercise.targets
    }
    for target in targets.values():
        target.pop("name")
    return {
        "scenario": scenario.name,
        "hash": scenario.hash,
        "seed": exercise.seed,
        "points": plan.points,
        "replicates": plan.replicates,
        "checks": plan.checks,
        "vantage": plan.vantage,
        "method": METHOD,
        "patterns": targets,
        "parameters": {prior.path: prior.described() for prior in exercise.design.priors},
        "versions": {
            **manifest.versions(),
            "sklearn": str(needed("sklearn", "calibrate").__version__),
        },
    }


def _claims(scenario: Scenario, exercise: Exercise) -> dict[str, str]:
    """Return what the fitted patterns claim."""
    fitted = dict.fromkeys(target.name.partition(".")[0] for target in exercise.targets)
    return {name: " ".join(scenario.base.patterns[name].claim.split()) for name in fitted}


def _finite(value: Any) -> Any:
    """Return a value for JSON, with None for infinite numbers and nan."""
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _said(solution: Solution) -> dict[str, Any]:
    """Return the summary of a solution for the manifest."""
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


def write(folder: Path, targets: Sequence[Target], solution: Solution) -> None:
    """Write the tables of a calibration."""
    _posterior(folder, solution)
    IDENTIFIED.append(folder, map_lines(solution.identified))
    lines = [_fit(target, at, solution) for at, target in enumerate(targets)]
    FIT.append(folder, lines)
    RECOVERY.append(folder, _recovery(solution))


def map_lines(verdicts: Sequence[Identified]) -> list[str]:
    """Return the rows of `identified.csv`, the narrowest posterior first."""
    order = sorted(verdicts, key=lambda each: (not each.identified, each.sd_ratio, each.path))
    return [
        row(
            [
                each.path,
                each.unit,
                "yes" if each.identified else "no",
                *each.prior,
                *each.posterior,
                each.sd_ratio,
                each.divergence,
                each.explained,
            ]
        )
        for each in order
    ]


def _posterior(folder: Path, solution: Solution) -> None:
    """Write the weighted draws, as CSV with all digits and as Parquet."""
    columns = {WEIGHT: solution.fit.weights, **solution.values}
    table = np.stack(list(columns.values()), axis=1)
    lines = [",".join(map(repr, cells)) for cells in table.tolist()]
    POSTERIOR.append(folder, lines, list(solution.values))
    posterior = pa.table({name: pa.array(values) for name, values in columns.items()})
    with (folder / "posterior.parquet").open("wb") as file:
        pq.write_table(posterior, file)


def _fit(target: Target, at: int, solution: Solution) -> str:
    """Return the row of `fit.csv` on one check, over the prior and over the posterior."""
    historical = np.nan if target.historical is None else target.historical
    ends = [each if np.isfinite(each) else np.nan for each in (target.low, target.high)]
    cells = [
        *_met(target, solution.prior_values[:, at]),
        *_met(target, solution.posterior_values[:, at]),
    ]
    return row([target.name, target.window, *ends, historical, *cells])


def _met(target: Target, values: np.ndarray) -> list[float]:
    """Return quantiles of the defined values, their share, and the share of all in the band."""
    defined = values[~np.isnan(values)]
    if not defined.size:
        return [np.nan, np.nan, np.nan, 0.0, 0.0]
    with np.errstate(invalid="ignore"):  # between two infinite values
        quantiles = np.quantile(defined, [0.05, 0.5, 0.95], method="nearest")
    inside = (defined >= target.low) & (defined <= target.high)
    return [*quantiles.tolist(), defined.size / values.size, float(inside.sum()) / values.size]


def _recovery(solution: Solution) -> list[str]:
    """Return the rows of `recovery.csv`: each number that was ever identified, then all."""
    recovery = solution.recovery
    lines = [
        f"{field(path)},{counted},{held},{numbers(np.array([[held / counted]]))[0]}"
        for path, counted, held in zip(
            solution.values, recovery.counted.tolist(), recovery.held.tolist(), strict=True
        )
        if counted
    ]
    total = f"all,{recovery.counted.sum()},{recovery.held.sum()},"
    return [*lines, total + numbers(np.array([[recovery.coverage]]))[0]]
