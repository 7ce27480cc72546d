"""Backtest: forecasts from one origin or several, scored into a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from sim.documents.joins import Unmatched, unmatched
from sim.documents.reader import shown
from sim.experiments.backtest.forecast import at_origin, forecast
from sim.experiments.backtest.forecast_cases import ForecastCases, of_members, of_transfers
from sim.experiments.backtest.observed import Observed, Stages, read_stages, read_transfers
from sim.experiments.backtest.scores import Line, judged
from sim.experiments.chunk_store import ChunkStore, manifest_of
from sim.experiments.intervals import mean_of_defined
from sim.experiments.options import MOST_JOBS, Progress, refuse_outside, silent
from sim.experiments.remedies import as_run_error, needed, one_thread
from sim.kernel.dates import YEAR, last_month, year_of
from sim.kernel.errors import InputError, Problem, need_flags, need_lists
from sim.kernel.words import together
from sim.records import manifest
from sim.records.columns import row
from sim.records.kinds import BACKTEST, CALIBRATION
from sim.records.study_tables import FORECASTERS, FORECASTS, HONEST, SCORES
from sim.scenario.load import Scenario, load
from sim.scenario.patches import Settings


@dataclass(frozen=True, kw_only=True)
class BacktestPlan:
    """How a backtest is run."""

    transfers: Sequence[Path]  # files and folders, of which registers are put together
    origins: tuple[int, ...]
    horizon: int = 5
    runs: int = 500
    stages: Path | None = None
    given: bool = False  # whether the scenario's later events are taken as given
    free: bool = False  # whether its laws run from the start, without the observed deliveries
    jobs: int = 1

    def __post_init__(self) -> None:
        """Raise InputError if a number is out of bounds, or the transfers are not a list."""
        need_lists(transfers=self.transfers)
        refuse_outside(self, {"horizon": (1, 50), "runs": (2, 10**6), "jobs": (1, MOST_JOBS)})


def backtest(
    scenario: Scenario | str | Path,
    *,
    plan: BacktestPlan,
    out: str | Path,
    seed: int | None = None,
    sets: Settings = (),
    force: bool = False,
    progress: Progress = silent,
) -> list[Line]:
    """Return the scores of forecasts; write tables and manifest to the folder `out`."""
    need_flags(force=force, given=plan.given, free=plan.free)
    for library in ("sklearn.linear_model", "scoringrules"):
        needed(library, "backtest")
    if not isinstance(scenario, Scenario):
        scenario = load(scenario, sets=sets, seed=seed)
    observed = read_transfers(plan.transfers)
    stages = None if plan.stages is None else read_stages(plan.stages)
    misfits = joined(scenario, plan, observed, stages)
    check_origins(scenario, plan, observed)
    vintage = check_vintage(scenario, plan)
    store = ChunkStore(Path(out), BACKTEST, inputs_of(scenario, plan, observed))
    with as_run_error(str(store.folder)), store.claim(force=force), one_thread("backtest"):
        cases, left_out = forecasts(scenario, plan, observed, stages, progress)
        lines = judged(cases, seed=scenario.base.seed)
        store.reopen()
        write(store.folder, cases, lines)
        about = {
            "inputs": store.inputs,
            "scenario": manifest.named(scenario),
            "parameters": vintage,
            "unread": [*observed.unread],
            "tiv_without_a_state_of_the_scenario": left_out,
            "left_out": {
                name: {**asdict(each), "text": str(each)} for name, each in misfits.items()
            },
        }
        store.finish(about)
    return lines


def forecasts(
    scenario: Scenario,
    plan: BacktestPlan,
    observed: Observed,
    stages: Stages | None,
    progress: Progress,
) -> tuple[list[ForecastCases], dict[str, float]]:
    """Return the cases of all origins, and by origin the TIV of states that the scenario lacks."""
    base = scenario.base
    first = year_of(base.time.start)
    cases: list[ForecastCases] = []
    left_out = {}
    for place, origin in enumerate(plan.origins):
        progress(place * plan.runs, len(plan.origins) * plan.runs)
        known = observed.before(origin)
        at = at_origin(
            base, known, origin=origin, horizon=plan.horizon, given=plan.given, free=plan.free
        )
        ensemble = forecast(at, runs=plan.runs, seed=base.seed, jobs=plan.jobs)
        cases += of_transfers(at, ensemble, observed)
        if stages is not None:
            cases += of_members(at, ensemble, stages, first)
        left_out[str(origin)] = round(at.left_out, 6)
    progress(len(plan.origins) * plan.runs, len(plan.origins) * plan.runs)
    return cases, left_out


def joined(
    scenario: Scenario, plan: BacktestPlan, observed: Observed, stages: Stages | None
) -> dict[str, Unmatched]:
    """Return the rows that do not match the scenario, by file; InputError if a file does not."""
    states = {code: state.name for code, state in scenario.base.states.items()}
    blocs = dict.fromkeys(scenario.base.blocs, "")
    state = ("state", states)
    misfits = {
        "transfers": unmatched(
            named(plan), observed.rows, [("supplier", *state), ("recipient", *state)]
        )
    }
    if stages is not None and plan.stages is not None:
        columns = [("state", *state), ("bloc", "bloc", blocs)]
        misfits["stages"] = unmatched(shown(plan.stages), stages.rows, columns)
    return {name: each for name, each in misfits.items() if each.rows}


def named(plan: BacktestPlan) -> str:
    """Return the files and folders of transfers as messages name them."""
    return together([shown(Path(each)) for each in plan.transfers])


def check_origins(scenario: Scenario, plan: BacktestPlan, observed: Observed) -> None:
    """Raise InputError for origins before the scenario starts, or without observations after."""
    start = year_of(scenario.base.time.start)
    for origin in plan.origins:
        if origin < start - 1:  # it may start right after the origin
            message = f"the scenario starts in {start}, after the origin {origin}"
        elif origin >= observed.last:
            message = (
                f"the last year of {named(plan)} is {observed.last}: there is no year after "
                f"{origin} to score"
            )
        elif origin < observed.first:
            message = (
                f"the first year of {named(plan)} is {observed.first}, after the origin {origin}"
            )
        else:
            continue
        raise InputError([Problem("--origins", 0, 0, "", message)])
    if not plan.origins:
        raise InputError([Problem("--origins", 0, 0, "", "has no years")])


def check_vintage(scenario: Scenario, plan: BacktestPlan) -> dict[str, Any]:
    """Return the source of the parameters; InputError if a posterior was fitted to later years."""
    model = scenario.base
    if model.parameters is None:
        return {"source": "scenario", "uncertain": model.uncertain}
    digest = model.posterior.digest
    posterior = next(
        path for path in scenario.files if path.name == Path(model.parameters.posterior).name
    )
    about = {"source": "posterior", "sha256": digest}
    if not (posterior.parent / CALIBRATION.manifest).is_file():
        return {**about, "vantage": f"unknown: there is no {CALIBRATION.manifest} next to it"}
    vantage = str(manifest_of(posterior.parent, CALIBRATION)["inputs"].get("vantage", ""))
    first = min(plan.origins)
    if last_month(vantage) >= (first + 1) * YEAR:
        file, line, column = scenario.where("parameters.posterior").rsplit(":", 2)
        message = (
            f"was fitted with the vantage {vantage}, after the origin {first}: calibrate with "
            f"--vantage {first} or earlier"
        )
        raise InputError([Problem(file, int(line), int(column), "parameters.posterior", message)])
    return {**about, "vantage": vantage}


def inputs_of(scenario: Scenario, plan: BacktestPlan, observed: Observed) -> dict[str, Any]:
    """Return the inputs of a backtest: backtests with equal inputs have equal tables."""
    files = {"transfers": observed.files, "stages": [plan.stages] if plan.stages else []}
    return {
        "scenario": scenario.name,
        "hash": scenario.hash,
        "seed": scenario.base.seed,
        "runs": plan.runs,
        "origins": list(plan.origins),
        "horizon": plan.horizon,
        "later events given": plan.given,
        "free running": plan.free,
        "files": {
            name: [sha256(Path(each).read_bytes()).hexdigest() for each in paths]
            for name, paths in files.items()
            if paths
        },
        "versions": {
            **manifest.versions(),
            "sklearn": str(needed("sklearn", "backtest").__version__),
        },
    }


def write(folder: Path, cases: Sequence[ForecastCases], lines: Sequence[Line]) -> None:
    """Write forecasts and scores."""
    FORECASTS.append(folder, [r for each in cases for r in _rows(each)])
    SCORES.append(folder, [_line(each) for each in lines])


def _rows(cases: ForecastCases) -> list[str]:
    """Return the rows of one set of cases; means of ensembles and of distributions of stages."""
    columns = {}
    for name in (*FORECASTERS, *HONEST):
        forecast = cases.forecasts.get(name, np.full(len(cases.subjects), np.nan))
        if cases.target == "stage" and forecast.ndim > 1:
            forecast = forecast @ np.arange(forecast.shape[1])
        elif forecast.ndim > 1:
            forecast = np.nan_to_num(mean_of_defined(forecast, axis=1))
        columns[name] = forecast
    return [
        row([str(cases.origin), cases.target, one, other, str(year), float(seen),
             *(float(columns[name][at]) for name in columns)])
        for at, ((one, other, year), seen) in enumerate(
            zip(cases.subjects, cases.observed, strict=True)
        )
    ]  # fmt: skip


def _line(each: Line) -> str:
    nothing = float("nan")
    ends = (
        (nothing,) * 3
        if each.skill is None
        else (each.skill.value, each.skill.low, each.skill.high)
    )
    return row(
        [
            each.target,
            each.score,
            each.forecaster,
            each.value,
            float(each.cases),
            each.happened,
            *ends,
        ]
    )
