"""Tables of a structural run: levels by rule set, and the three spreads of every outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.experiments.intervals import mean_interval, mean_of_defined
from sim.experiments.outcomes import in_unit
from sim.experiments.structural.rule_sets import Crossing
from sim.experiments.structural.spreads import NAMES, Spreads, driver, spreads
from sim.records.columns import Column
from sim.records.csv_writer import row
from sim.records.tables import COLUMNS, SPREADS, STRUCTURAL, dictionary, outcome_column
from sim.scenario.schema.outcome_syntax import Outcome


@dataclass(frozen=True, kw_only=True, eq=False)
class Structural:
    """The outcomes of a structural run, and the design they come from."""

    outcomes: Sequence[Outcome]
    crossing: Crossing
    values: Mapping[str, np.ndarray]  # variant -> (outcomes, rule sets, points, replicates)
    seed: int

    def headlines(self) -> Iterator[tuple[Outcome, str, str, np.ndarray]]:
        """Yield outcome, variant, versus and values of every level, and of every difference."""
        first, *others = self.values
        for at, outcome in enumerate(self.outcomes):
            for variant in (first, *others):
                yield outcome, variant, "", self.values[variant][at]
            for variant in others:
                yield outcome, variant, first, self.values[variant][at] - self.values[first][at]


def write_structural(folder: Path, structural: Structural) -> None:
    """Write `structural.csv`, `spreads.csv` and `columns.csv`."""
    roles = structural.crossing.roles
    levels, rows = [], []
    for outcome, variant, versus, values in structural.headlines():
        keys = (outcome.text, variant, versus)
        levels += [row([*keys, *cells]) for cells in _levels(structural.crossing, outcome, values)]
        rows.append(row([*keys, *_spread(structural, values)]))
    STRUCTURAL.append(folder, levels, roles)
    SPREADS.append(folder, rows)
    COLUMNS.append(folder, _columns(structural.outcomes, roles))


def _levels(
    crossing: Crossing, outcome: Outcome, values: np.ndarray
) -> Iterator[list[str | float]]:
    """Yield number, rules, mean and interval of every rule set.

    The runs of a point share its numbers, so that points are what is sampled.
    """
    units = (
        values.reshape(len(values), -1)
        if values.shape[1] == 1
        else mean_of_defined(values, axis=-1)
    )
    for at, rule_set in enumerate(crossing.rule_sets):
        each = mean_interval(units[at])
        ends = np.array([each.low, each.high])
        if in_unit(outcome.metric):
            ends = np.clip(ends, -1.0 if values.min() < 0 else 0.0, 1.0)
        yield [str(at), *rule_set.values(), each.mean, *map(float, ends)]


def _spread(structural: Structural, values: np.ndarray) -> list[str | float]:
    """Return the cells of a row of `spreads.csv` after its keys."""
    spread = spreads(values, seed=structural.seed)
    means = mean_of_defined(values.reshape(len(values), -1), axis=-1)
    known = means[~np.isnan(means)]
    whole = float(mean_of_defined(values.ravel(), axis=0))
    role, share = driver(means, structural.crossing.sizes) if spread.sd[-1] > 0 else (-1, np.nan)
    cells: list[str | float] = [float((~np.isnan(values)).sum()), whole]
    cells += [float(known.min()), float(known.max())] if known.size else [np.nan, np.nan]
    cells.append(float(np.mean(np.sign(known) == np.sign(whole))) if known.size else np.nan)
    for at in range(len(NAMES)):
        cells += _of_spread(spread, at)
    cells += [spread.largest, spread.sure, " ".join(spread.negative)]
    return [*cells, "" if role < 0 else structural.crossing.roles[role], share]


def _of_spread(spread: Spreads, at: int) -> list[float]:
    ends = (*spread.sd_ends[at], spread.share[at], *spread.share_ends[at])
    return [float(spread.sd[at]), *map(float, ends)]


def _columns(outcomes: Sequence[Outcome], roles: Sequence[str]) -> list[str]:
    described = [*STRUCTURAL.described([Column(role, "", f"Rule of {role}.") for role in roles])]
    described += SPREADS.described()
    for outcome in outcomes:
        about = outcome_column(outcome)
        described.append(("outcomes", Column(about.name, about.unit, about.text)))
    return dictionary(described)
