"""Summary: outcomes by variant with intervals, and paired differences to the first variant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.experiments.intervals import Interval, mean_interval, paired_interval, share_interval
from sim.metrics.names import METRICS
from sim.records.writing import append, field, numbers, row
from sim.scenario.outcomes import Outcome

SUMMARY_HEADER = "variant,outcome,runs,mean,low,high,interval"
DIFFERENCES_HEADER = "variant,versus,outcome,runs,mean,low,high,changed"


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcomes:
    """Every outcome of every run, and the numbers that differ from run to run."""

    outcomes: Sequence[Outcome]
    values: Mapping[str, np.ndarray]  # variant -> (outcomes, runs), the reference first
    drawn: Mapping[str, Mapping[str, np.ndarray]]  # variant -> path -> (runs,)

    @property
    def paths(self) -> list[str]:
        """Return the paths of the numbers that differ from run to run in any variant."""
        return sorted({path for drawn in self.drawn.values() for path in drawn})

    def level(self, variant: str, at: int) -> Interval:
        """Return the mean of an outcome with its interval."""
        values = self.values[variant][at]
        return share_interval(values) if is_share(self.outcomes[at]) else mean_interval(values)

    def difference(self, variant: str, versus: str, at: int) -> tuple[Interval, float]:
        """Return the paired difference of an outcome, and the share of runs changed."""
        values, reference = self.values[variant][at], self.values[versus][at]
        return paired_interval(values, reference, share=in_unit(self.outcomes[at].metric))


def is_share(outcome: Outcome) -> bool:
    """Return whether an outcome is 0 or 1 in each run, so that its mean is a share of runs."""
    whole = outcome.window.kind in {"end", "at", "by"}
    return in_unit(outcome.metric) and whole


def in_unit(metric: str) -> bool:
    """Return whether a metric is 0 or 1, so that outcomes of it differ by 1 at most."""
    return METRICS[metric].unit == "0 or 1"


def write_outcomes(folder: Path, found: Outcomes) -> None:
    """Write `outcomes.csv`, `summary.csv` and `differences.csv`."""
    paths = found.paths
    header = row(["variant", "run", *(o.text for o in found.outcomes), *paths])
    for variant, values in found.values.items():
        runs = values.shape[1]
        drawn = found.drawn[variant]
        absent = np.full(runs, np.nan)
        columns = [*values, *(drawn.get(path, absent) for path in paths)]
        table = np.stack(columns, axis=1) if columns else np.zeros((runs, 0))
        joint = "," if columns else ""
        lines = [f"{variant},{run}{joint}{line}" for run, line in enumerate(numbers(table))]
        append(folder / "outcomes.csv", header, lines)
    append(folder / "summary.csv", SUMMARY_HEADER, _levels(found))
    append(folder / "differences.csv", DIFFERENCES_HEADER, _differences(found))


def _levels(found: Outcomes) -> list[str]:
    """Return the rows of `summary.csv`."""
    return [
        row([variant, outcome.text, each.runs, each.mean, each.low, each.high, each.kind])
        for at, outcome in enumerate(found.outcomes)
        for variant in found.values
        for each in [found.level(variant, at)]
    ]


def _differences(found: Outcomes) -> list[str]:
    """Return the rows of `differences.csv`."""
    first, *others = found.values
    lines = []
    for at, outcome in enumerate(found.outcomes):
        for variant in others:
            each, changed = found.difference(variant, first, at)
            cells = [float(each.runs), each.mean, each.low, each.high, changed]
            text = numbers(np.array([cells]))[0]
            lines.append(f"{variant},{first},{field(outcome.text)},{text}")
    return lines
