"""A sensitivity analysis: a sample, the outcomes at its points, the tables of their indices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.experiments.factors import GROUPINGS, Factors
from sim.experiments.indices import (
    DUMMY,
    METHODS,
    ends,
    indices,
    resampled,
    sample,
)

SAME = 1e-12  # of its size: an outcome that varies less is constant


@dataclass(frozen=True, eq=False)
class SensitivityDesign:
    """What is varied, by which method, how often."""

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
    """The indices of every outcome that varies."""

    study: SensitivityDesign
    outcomes: pd.DataFrame  # a row an outcome: whether it varies, and between what
    indices: pd.DataFrame  # a row an outcome and parameter (or group), the greatest first
    groups: pd.DataFrame  # a row an outcome, grouping and group

    @property
    def main(self) -> str:
        """Return the index that ranks."""
        return METHODS[self.study.method].main


def analysed(
    study: SensitivityDesign,
    evaluate: Callable[[np.ndarray], Mapping[str, np.ndarray]],  # points -> outcomes, (points,)
    analysing: Callable[[int, int], None] | None = None,
) -> Sensitivity:
    """Return the sensitivity of whatever is evaluated at the points of a design.

    `analysing` is told how many outcomes are analysed, of how many.
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
    """Return whether an outcome can be analysed, and between what it varies."""
    defined = values[~np.isnan(values)]
    status = "analysed"
    most = np.abs(defined).max(initial=0.0)
    if defined.size == 0:
        status = "undefined"
    elif np.ptp(defined) <= SAME * most:
        status = "constant"
    elif defined.size < values.size and study.method != "pawn":
        status = "undefined at some points"
    least, most, mean, sd = (np.nan,) * 4
    if defined.size:
        least, most, mean, sd = defined.min(), defined.max(), defined.mean(), defined.std()
    return {
        "outcome": name,
        "status": status,
        "points": values.size,
        "undefined": values.size - defined.size,
        "mean": mean,
        "sd": sd,
        "least": least,
        "most": most,
    }


def _described(table: pd.DataFrame, study: SensitivityDesign) -> pd.DataFrame:
    """Return indices with rank, groups and share beside each parameter."""
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
    rest = [name for name in frame.columns if name not in first]
    return frame[[*first, *rest]]


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
        for group in _by_weight(labels, value):
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


def _by_weight(labels: np.ndarray, value: np.ndarray) -> Sequence[str]:
    """Return the groups, the weightiest first."""
    names = sorted(set(labels.tolist()))
    return sorted(names, key=lambda name: -float(value[labels == name].sum()))
