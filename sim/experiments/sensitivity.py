"""Sensitivity: how strongly numbers drive outcomes, from a sweep that can be resumed.

The folder of an analysis has its tables and the sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.experiments.chunk_store import ChunkStore, names_in, replace_file
from sim.experiments.executor import Executor
from sim.experiments.factors import GROUPINGS, Factors, factors_of
from sim.experiments.indices import (
    DUMMY,
    METHODS,
    block_of,
    check_size,
    ends,
    indices,
    resampled,
    sample,
)
from sim.experiments.keywords import by_keyword
from sim.experiments.options import Options, Progress, refuse_unknown
from sim.experiments.remedies import as_run_error, needed
from sim.experiments.sweeps.sweep import sweep
from sim.experiments.sweeps.sweep_results import SweepResults
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import either
from sim.records import study_tables
from sim.records.columns import Column
from sim.records.frames import frame_text
from sim.records.kinds import RUNS, SENSITIVITY
from sim.records.store import place_of, scratch_folder
from sim.records.tables import dictionary
from sim.scenario.load import Scenario, load
from sim.scenario.patches import BASELINE, Settings

SAME = 1e-12  # relative range below which an outcome is constant
REPLICATES = 20  # runs of each variant at each point, by default

Confirm = Callable[[str], bool]  # from a text with the number of runs


@dataclass(frozen=True, eq=False)
class SensitivityDesign:
    """The parameters, method and size of an analysis."""

    chosen: Factors
    method: str
    size: int
    seed: int
    groups: str | None = None  # a grouping: its groups are varied as one

    @property
    def problem(self) -> dict[str, Any]:
        """Return SALib's problem."""
        return self.chosen.problem(self.groups)

    @property
    def points(self) -> np.ndarray:
        """Return the points of the sample: (points, parameters)."""
        return sample(self.problem, self.method, self.size, self.seed)


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """The indices of every outcome that varies, as frames."""

    study: SensitivityDesign
    outcomes: pd.DataFrame  # one row per outcome: its status, and its range
    indices: pd.DataFrame  # one row per outcome and parameter or group, largest first
    groups: pd.DataFrame  # one row per outcome, grouping and group

    @property
    def main(self) -> str:
        """Return the index by which parameters are ranked."""
        return METHODS[self.study.method].main


@by_keyword
def sensitivity(
    scenario: str | Path,
    *,
    method: str = "morris",
    over: Sequence[str] = (),
    spread: float | None = None,
    facts: bool = False,
    groups: str | None = None,
    outcomes: Sequence[str] = (),
    size: int | None = None,
    runs: int | None = None,
    variant: str = BASELINE,
    versus: str | None = None,
    seed: int | None = None,
    sets: Settings = (),
    out: str | Path | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
    block: int = Options.block,
    engine: str = Options.engine,
    force: bool = False,
    confirmed: bool | Confirm = False,
    progress: Progress | None = None,
    analysing: Progress | None = None,
) -> Sensitivity:
    """Return how strongly each parameter drives each outcome.

    `method` is morris, sobol or pawn. `over`, `spread` and `facts` choose the parameters, as in
    `factors_of`. `groups` (law, block or source) varies the parameters of a group together. The
    outcome at a point is its mean over `runs` runs, with the same randomness at all points; with
    `versus`, the mean of its paired difference from that variant. With `out` the runs are kept
    there, and the same call resumes. `confirmed` allows a Sobol' analysis to run, or is a function
    that asks. `engine` is auto, numpy or compiled, as for `run`. `progress` receives (runs done,
    all runs), `analysing` the same for outcomes.
    """
    _refuse(method, groups, over, variant, versus)
    needed("SALib", "--method")
    base = load(scenario, sets=sets, runs=REPLICATES if runs is None else runs, seed=seed)
    variants = (variant,) if versus is None else (variant, versus)
    factors = factors_of(base, variants=variants, over=over, spread=spread, facts=facts)
    _refuse_groups(factors, groups)
    design = SensitivityDesign(factors, method, check_size(method, size), base.base.seed, groups)
    names = _outcomes(base, outcomes)
    _confirm(design, base.base.runs, len(variants), confirmed=confirmed)
    folder = None if out is None else place_of(out)
    if folder is not None:
        names_in(folder, SENSITIVITY)
    with nullcontext(folder) if folder else scratch_folder() as place:

        def evaluate(points: np.ndarray) -> dict[str, np.ndarray]:
            results = sweep(
                scenario,
                design=factors.design(points),
                runs=base.base.runs,
                seed=seed,
                sets=sets,
                variants=variants,
                out=Path(place) / RUNS,
                jobs=jobs,
                executor=executor,
                block=block,
                engine=engine,
                force=force,
                confirmed=True,
                progress=progress,
            )
            return results.means(names, variant, versus)

        result = analysed(design, evaluate, analysing)
    if folder is not None:
        with as_run_error(str(folder)):
            write(result, folder, variant=variant, versus=versus, runs=base.base.runs)
            about = {"method": method, "size": design.size, "groups": groups, "versus": versus}
            inputs = {**SweepResults(folder / RUNS).manifest["inputs"], "sensitivity": about}
            ChunkStore(folder, SENSITIVITY, inputs).finish({"inputs": inputs})
    return result


def _refuse(
    method: str, groups: str | None, over: Sequence[str], variant: str, versus: str | None
) -> None:
    faults = []
    if method not in METHODS:
        faults += [("--method", f"must be {either(list(METHODS))}, got {method!r}")]
    if groups is not None and groups not in GROUPINGS:
        faults += [("--groups", f"must be {either(GROUPINGS)}, got {groups!r}")]
    if method == "sobol" and not over and groups is None:
        takes = "sobol needs parameters named with --over, or groups of them (--groups law)"
        faults += [("--method", f"{takes}; morris shows which are worth it")]
    if versus is not None and versus == variant:
        faults += [("--versus", f"must be another variant than {variant!r}")]
    if faults:
        raise InputError([Problem(flag, 0, 0, "", fault) for flag, fault in faults])


def _refuse_groups(about: Factors, groups: str | None) -> None:
    """Raise InputError for a grouping with only one group, which cannot be compared."""
    names = {each.group[groups] for each in about.parameters} if groups else set[str]()
    if len(names) == 1:
        (only,) = names
        hint = "; --facts adds the facts that have a range" if groups == "source" else ""
        message = f"{groups}: all parameters are of one group ({only}){hint}"
        raise InputError([Problem("--groups", 0, 0, "", message)])


def _outcomes(base: Scenario, chosen: Sequence[str]) -> tuple[str, ...]:
    known = [outcome.text for outcome in base.outcomes]
    refuse_unknown("outcome", chosen, known, where=f" of {base.name}")
    if not known:
        message = "the scenario has no outcomes to analyse"
        raise InputError([Problem(base.name, 0, 0, "outcomes", message)])
    return tuple(text for text in known if not chosen or text in chosen)


def _confirm(
    design: SensitivityDesign, runs: int, variants: int, *, confirmed: bool | Confirm
) -> None:
    if design.method != "sobol" or confirmed is True:
        return
    points = design.size * block_of(design.problem, design.method)
    times = f" x {variants} variants" if variants > 1 else ""
    count = f"{points:,} points x {runs:,} runs{times} are {points * runs * variants:,} runs"
    if callable(confirmed) and confirmed(count):
        return
    message = f"{count}: confirm them with --yes, or give a smaller --size or --runs"
    raise InputError([Problem("--method", 0, 0, "sobol", message)])


def analysed(
    study: SensitivityDesign,
    evaluate: Callable[[np.ndarray], Mapping[str, np.ndarray]],  # points -> outcomes, (points,)
    analysing: Callable[[int, int], None] | None = None,
) -> Sensitivity:
    """Return the sensitivity of the outcomes that `evaluate` returns at the points of a design.

    `analysing` receives (outcomes analysed, all outcomes).
    """
    points = study.points
    values = evaluate(points)
    outcomes = pd.DataFrame([_status(name, each, study) for name, each in values.items()])
    tables, groups = [], []
    names = outcomes.loc[outcomes["status"] == "analysed", "outcome"].tolist()
    for at, name in enumerate(names):
        if analysing is not None:
            analysing(at, len(names))
        defined = ~np.isnan(values[name])
        inputs, outcome = points[defined], values[name][defined]
        table = indices(study.problem, study.method, inputs, outcome, study.seed)
        table = table.sort_values(METHODS[study.method].main, ascending=False, kind="stable")
        tables.append(_described(table.assign(outcome=name), study))
        if study.groups is None:
            groups += list(_grouped(study, name, table, inputs, outcome))
    return Sensitivity(
        study=study,
        outcomes=outcomes,
        indices=pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(),
        groups=pd.DataFrame(groups),
    )


def _status(name: str, values: np.ndarray, study: SensitivityDesign) -> dict[str, Any]:
    """Return whether an outcome can be analysed, and its range."""
    defined = values[~np.isnan(values)]
    status = "analysed"
    most = np.abs(defined).max(initial=0.0)
    if defined.size == 0:
        status = "undefined"
    elif np.ptp(defined) <= SAME * most:
        status = "constant"
    elif defined.size < values.size and study.method != "pawn":
        status = "undefined at some points"
    row = {"outcome": name, "status": status, "points": values.size}
    row["undefined"] = values.size - defined.size
    if not defined.size:
        return row | dict.fromkeys(("mean", "sd", "least", "most"), np.nan)
    least, most = defined.min(), defined.max()
    sd = 0.0 if least == most else defined.std()  # without rounding errors
    return row | {"mean": defined.mean(), "sd": sd, "least": least, "most": most}


def _described(table: pd.DataFrame, study: SensitivityDesign) -> pd.DataFrame:
    """Return indices with rank, groups and share of each parameter."""
    main = METHODS[study.method].main
    real = table["parameter"] != DUMMY
    about = {each.path: each.group for each in study.chosen.parameters}
    frame = table.assign(rank=np.where(real, real.cumsum(), 0))
    if study.groups is None:
        for grouping in GROUPINGS:
            frame[grouping] = [about.get(p, {}).get(grouping, "") for p in frame["parameter"]]
    total = float(table.loc[real, main].clip(lower=0).sum())
    frame["share"] = np.where(real & (total > 0), table[main].clip(lower=0) / (total or 1), 0.0)
    first = ["outcome", "rank", "parameter"]
    return frame[[*first, *frame.columns.difference(first, sort=False)]]


def _grouped(
    study: SensitivityDesign,
    name: str,
    table: pd.DataFrame,
    points: np.ndarray,
    outcome: np.ndarray,
) -> Iterator[dict[str, Any]]:
    """Yield the rows of an outcome's groups: sums over their parameters, or means for PAWN."""
    about = METHODS[study.method]
    paths = study.chosen.paths
    value = table.set_index("parameter")[about.main].reindex(paths).to_numpy(dtype=np.float64)
    draws = resampled(study.problem, study.method, points, outcome, study.seed)
    together = np.sum if about.sums else np.mean
    whole = float(together(value))
    for grouping in GROUPINGS:
        labels = np.array([each.group[grouping] for each in study.chosen.parameters])
        names = sorted(set(labels.tolist()))
        for group in sorted(names, key=lambda each: -float(value[labels == each].sum())):
            inside = labels == group
            at = int(np.argmax(np.where(inside, value, -np.inf)))
            weight = float(together(value[inside]))
            low, high = ends(np.asarray(weight), together(draws[:, inside], axis=1))
            yield {
                "outcome": name,
                "grouping": grouping,
                "group": group,
                "parameters": int(inside.sum()),
                "index": about.main,
                "value": weight,
                "low": float(low),
                "high": float(high),
                "share": weight / whole if about.sums and whole > 0 else np.nan,
                "most": float(value[at]),
                "most_parameter": paths[at],
            }


def write(
    result: Sensitivity, folder: Path, *, variant: str, versus: str | None, runs: int
) -> None:
    """Write the tables of an analysis."""
    design = result.study
    which: dict[str, Any] = {"variant": variant, "runs": runs, "versus": versus or ""}
    frames = {
        "indices": result.indices,
        "groups": result.groups,
        "outcomes": result.outcomes.assign(method=design.method, **which),
        "parameters": pd.DataFrame(
            {
                "parameter": each.path,
                "unit": each.unit,
                "value": each.value,
                "low": each.low,
                "high": each.high,
                "scale": "logarithmic" if each.logarithmic else "linear",
                "source": each.source,
                **{name: each.group[name] for name in ("law", "block")},
            }
            for each in design.chosen.parameters
        ),
        "left_out": pd.DataFrame(
            [(count, why) for why, count in design.chosen.left_out.items()],
            columns=["numbers", "why"],
        ),
    }
    for name, frame in frames.items():
        table = SENSITIVITY.table(name)
        replace_file(folder / table.file, frame_text(table, frame))
    columns = METHODS[design.method].columns.items()
    described = [(study_tables.INDICES.file, Column(name, "", text)) for name, text in columns]
    described += [pair for table in study_tables.SENSITIVITY for pair in table.described()]
    lines = dictionary(described, study_tables.COLUMNS)
    replace_file(folder / study_tables.COLUMNS.file, study_tables.COLUMNS.text(lines))
