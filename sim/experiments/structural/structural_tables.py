"""Tables of a structural run: levels by rule set, and the three spreads of every outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.experiments.ensemble_tables import in_unit
from sim.experiments.intervals import mean_interval
from sim.experiments.structural.crossing import Crossing
from sim.experiments.structural.spreads import NAMES, Spreads, driver, spreads
from sim.metrics.catalogue import METRICS
from sim.records.csv_writer import append, row
from sim.records.tables import HEADER
from sim.scenario.schema.outcome_syntax import Outcome

KEYS = ("outcome", "variant", "versus")
_ENDS = ("sd", "low", "high", "share", "share_low", "share_high")
SPREADS = [
    *KEYS, "runs", "mean", "least", "most", "same_sign",
    *(f"{name}_{end}".removesuffix("_sd") for name in NAMES for end in _ENDS),
    "largest", "sure", "negative", "driver", "driver_share",
]  # fmt: skip
_UNIT = "unit of the outcome"
_ABOUT = {
    "outcome": ("", "Outcome, as the scenario spells it."),
    "variant": ("", "Variant of the scenario; the unpatched one is baseline."),
    "versus": ("", "Empty for the level; else the paired difference to this variant is meant."),
    "rule_set": ("", "Number of the rule set; 0 has the scenario's own rules."),
    "runs": ("runs", "Runs of all rule sets in which the outcome is defined."),
    "mean": (_UNIT, "Mean over runs."),
    "low": (_UNIT, "Lower end of its 95 % interval: Student's t over the points' means."),
    "high": (_UNIT, "Upper end."),
    "least": (_UNIT, "Least mean of a rule set."),
    "most": (_UNIT, "Greatest mean of a rule set."),
    "same_sign": ("share of rule sets", "Rule sets whose mean has the sign of the mean over all."),
    "chance": (_UNIT, "Standard deviation by chance: over runs of one rule set and point."),
    "parameters": (_UNIT, "Standard deviation by parameters: over points within a rule set."),
    "rules": (_UNIT, "Standard deviation by rules: over rule sets."),
    "largest": ("", "The largest of the three; none if nothing varies; undefined in some run."),
    "sure": ("share of resamples", "Resamples in which the same is largest."),
    "negative": ("", "Spreads whose variance was estimated below zero and counts as 0."),
    "driver": ("", "Role whose choice of law moves the means of the rule sets most."),
    "driver_share": ("0 to 1", "Share of its main effect in the variance of those means."),
}
_OF_SPREAD = {
    "low": (_UNIT, "lower end of its 95 % interval (bootstrap of points)"),
    "high": (_UNIT, "upper end"),
    "share": ("0 to 1", "its share of the variance"),
    "share_low": ("0 to 1", "lower end of the share's interval"),
    "share_high": ("0 to 1", "upper end"),
}


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


def write_structural(folder: Path, found: Structural) -> None:
    """Write `structural.csv`, `spreads.csv` and `columns.csv`."""
    roles = found.crossing.roles
    levels, rows = [], []
    for outcome, variant, versus, values in found.headlines():
        keys = (outcome.text, variant, versus)
        levels += [row([*keys, *cells]) for cells in _levels(found.crossing, outcome, values)]
        rows.append(row([*keys, *_spread(found, values)]))
    header = [*KEYS, "rule_set", *roles, "mean", "low", "high"]
    append(folder / "structural.csv", row(header), levels)
    append(folder / "spreads.csv", row(SPREADS), rows)
    append(folder / "columns.csv", HEADER, _columns(found.outcomes, roles))


def _levels(
    crossing: Crossing, outcome: Outcome, values: np.ndarray
) -> Iterator[list[str | float]]:
    """Yield number, rules, mean and interval of every rule set.

    The runs of a point share its numbers, so that points are what is sampled.
    """
    units = values.reshape(len(values), -1) if values.shape[1] == 1 else _defined(values)
    for at, rule_set in enumerate(crossing.rule_sets):
        each = mean_interval(units[at])
        ends = np.array([each.low, each.high])
        if in_unit(outcome.metric):
            ends = np.clip(ends, -1.0 if values.min() < 0 else 0.0, 1.0)
        yield [str(at), *rule_set.values(), each.mean, *map(float, ends)]


def _defined(values: np.ndarray) -> np.ndarray:
    """Return the means over the replicates in which values are defined, not a number if none."""
    known = ~np.isnan(values)
    count = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))


def _spread(found: Structural, values: np.ndarray) -> list[str | float]:
    """Return the cells of a row of `spreads.csv` after its keys."""
    spread = spreads(values, seed=found.seed)
    means = _defined(values.reshape(len(values), -1))
    known = means[~np.isnan(means)]
    whole = float(_defined(values.ravel()[None])[0])
    role, share = driver(means, found.crossing.sizes) if spread.sd[-1] > 0 else (-1, np.nan)
    cells: list[str | float] = [float((~np.isnan(values)).sum()), whole]
    cells += [float(known.min()), float(known.max())] if known.size else [np.nan, np.nan]
    cells.append(float(np.mean(np.sign(known) == np.sign(whole))) if known.size else np.nan)
    for at in range(len(NAMES)):
        cells += _of_spread(spread, at)
    cells += [spread.largest, spread.sure, " ".join(spread.negative)]
    return [*cells, "" if role < 0 else found.crossing.roles[role], share]


def _of_spread(spread: Spreads, at: int) -> list[float]:
    """Return the cells of one of the three spreads."""
    ends = (*spread.sd_ends[at], spread.share[at], *spread.share_ends[at])
    return [float(spread.sd[at]), *map(float, ends)]


def _columns(outcomes: Sequence[Outcome], roles: Sequence[str]) -> list[str]:
    """Return the rows of `columns.csv`."""
    rows = [("structural.csv", name, *_ABOUT[name]) for name in (*KEYS, "rule_set")]
    rows += [("structural.csv", role, "", f"Rule of {role}.") for role in roles]
    rows += [("structural.csv", name, *_ABOUT[name]) for name in ("mean", "low", "high")]
    rows += [("spreads.csv", name, *_of_column(name)) for name in SPREADS]
    texts = [(o.text, METRICS[o.metric].unit, METRICS[o.metric].text) for o in outcomes]
    rows += [("outcomes", text, unit, about) for text, unit, about in texts]
    return [row([file, name, unit, "", about]) for file, name, unit, about in rows]


def _of_column(name: str) -> tuple[str, str]:
    """Return unit and meaning of a column of `spreads.csv`."""
    if name in _ABOUT:
        return _ABOUT[name]
    spread, _, end = name.partition("_")
    unit, text = _OF_SPREAD[end]
    return unit, f"Spread by {spread}: {text}."
