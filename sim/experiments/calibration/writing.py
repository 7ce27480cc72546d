"""What a calibration leaves behind: posterior, tables and manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiments.calibration.identified import Identified
from sim.experiments.calibration.place import MANIFEST, TABLES
from sim.experiments.calibration.solving import Solution
from sim.experiments.calibration.summaries import Target
from sim.records.soundness import ESCAPED, digest
from sim.records.writing import append, field, numbers, row
from sim.scenario.posterior import WEIGHT

IDENTIFIED_HEADER = (
    "path,unit,identified,prior_q05,prior_q50,prior_q95,posterior_q05,posterior_q50,posterior_q95,"
    "sd_ratio,kl_nats,explained"
)
FIT_HEADER = (
    "check,window,low,high,historical,"
    "prior_q05,prior_q50,prior_q95,prior_defined,prior_inside,"
    "posterior_q05,posterior_q50,posterior_q95,posterior_defined,posterior_inside"
)
RECOVERY_HEADER = "path,repeats,held,coverage"


def write(
    folder: Path, targets: Sequence[Target], solution: Solution, about: Mapping[str, Any]
) -> None:
    """Write the tables of a calibration, and last its manifest."""
    for name in (*TABLES, MANIFEST):
        (folder / name).unlink(missing_ok=True)
    _posterior(folder, solution)
    append(folder / "identified.csv", IDENTIFIED_HEADER, map_lines(solution.identified))
    lines = [_fit(target, at, solution) for at, target in enumerate(targets)]
    append(folder / "fit.csv", FIT_HEADER, lines)
    append(folder / "recovery.csv", RECOVERY_HEADER, _recovery(solution))
    files = {name: digest(folder / name) for name in TABLES}
    text = json.dumps({**about, "files": files}, indent=1, ensure_ascii=False, allow_nan=False)
    temporary = folder / f"{MANIFEST}.tmp"
    temporary.write_text(text + "\n", encoding="utf-8", errors=ESCAPED)
    temporary.replace(folder / MANIFEST)


def map_lines(found: Sequence[Identified]) -> list[str]:
    """Return the rows of `identified.csv`, the narrowest posterior first."""
    order = sorted(found, key=lambda each: (not each.identified, each.sd_ratio, each.path))
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
                each.told,
            ]
        )
        for each in order
    ]


def _posterior(folder: Path, solution: Solution) -> None:
    """Write the weighted draws, as CSV with all their digits and as Parquet."""
    columns = {WEIGHT: solution.fit.weights, **solution.values}
    table = np.stack(list(columns.values()), axis=1)
    lines = [",".join(map(repr, cells)) for cells in table.tolist()]
    append(folder / "posterior.csv", ",".join(map(field, columns)), lines)
    posterior = pa.table({name: pa.array(values) for name, values in columns.items()})
    with (folder / "posterior.parquet").open("wb") as file:
        pq.write_table(posterior, file)


def _fit(target: Target, at: int, solution: Solution) -> str:
    """Return how the prior and the posterior meet one check."""
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
        found = np.quantile(defined, [0.05, 0.5, 0.95], method="nearest")
    inside = (defined >= target.low) & (defined <= target.high)
    return [*found.tolist(), defined.size / values.size, float(inside.sum()) / values.size]


def _recovery(solution: Solution) -> list[str]:
    """Return the rows of `recovery.csv`: each number that was ever identified, then all."""
    found = solution.recovery
    lines = [
        f"{field(path)},{counted},{held},{numbers(np.array([[held / counted]]))[0]}"
        for path, counted, held in zip(
            solution.values, found.counted.tolist(), found.held.tolist(), strict=True
        )
        if counted
    ]
    total = f"all,{found.counted.sum()},{found.held.sum()},"
    return [*lines, total + numbers(np.array([[found.coverage]]))[0]]
