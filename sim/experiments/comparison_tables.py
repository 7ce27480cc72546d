"""The tables of a comparison, as frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sim.experiments.comparison_sides import AskedOutcome
from sim.experiments.effects import Effect, paired_effect, unpaired_effect
from sim.experiments.intervals import mean_interval, widened
from sim.experiments.outcomes import is_bounded
from sim.experiments.shapley import PAIRS
from sim.metrics.catalogue import smallest_effect
from sim.records.study_tables import ATTRIBUTION
from sim.scenario.schema.outcome_syntax import Outcome


def effect_of(
    outcome: Outcome,
    here: np.ndarray,
    there: np.ndarray,
    smallest: Mapping[str, float],
    *,
    paired: bool,
) -> Effect:
    """Return the difference of an outcome between two sides."""
    least = smallest_effect(outcome.metric, smallest)
    if paired:
        return paired_effect(there, here, smallest=least, share=is_bounded(outcome))
    return unpaired_effect(there, here, smallest=least)


def difference_rows(
    asked: Sequence[AskedOutcome],
    none: np.ndarray,
    every: np.ndarray,
    effects: Mapping[str, Effect],
    *,
    paired: bool,
) -> pd.DataFrame:
    """Return one row per outcome: means, difference, changed runs, gain by pairing, verdict."""
    rows = []
    for each, one, other in zip(asked, none, every, strict=True):
        effect = effects[each.outcome.text]
        interval, inner = effect.interval, effect.inner
        rows.append(
            {
                "outcome": each.outcome.text,
                "runs": interval.runs,
                "one": mean_interval(one).mean,
                "other": mean_interval(other).mean,
                "difference": interval.mean,
                "low": interval.low,
                "high": interval.high,
                "changed": effect.changed,
                "pairing": pairing_gain(one, other) if paired else float("nan"),
                "low90": inner.low,
                "high90": inner.high,
                "smallest": effect.smallest,
                "d": effect.d,
                "above": effect.above,
                "below": effect.below,
                "verdict": effect.verdict,
                "outcome_other": each.twin.text,
            }
        )
    return pd.DataFrame(rows)


def rows_by_run(texts: Sequence[str], none: np.ndarray, every: np.ndarray) -> pd.DataFrame:
    """Return one row per run and outcome; nan for a side without the run."""
    runs = max(none.shape[1], every.shape[1])
    one, other = (
        np.pad(each, ((0, 0), (0, runs - each.shape[1])), constant_values=np.nan)
        for each in (none, every)
    )
    by_run = {"outcome": np.repeat(texts, runs), "run": np.tile(np.arange(runs), len(texts))}
    return pd.DataFrame({**by_run, "one": one.ravel(), "other": other.ravel()})


def pairing_gain(one: np.ndarray, other: np.ndarray) -> float:
    """Return the variance of the difference of unpaired means over that of paired ones.

    It is nan if the paired differences do not vary, or fewer than two runs are defined.
    """
    there = ~(np.isnan(one) | np.isnan(other))
    if there.sum() < 2:  # noqa: PLR2004 - a variance needs two
        return float("nan")
    paired = float(np.var(other[there] - one[there], ddof=1))
    apart = float(np.var(one[there], ddof=1) + np.var(other[there], ddof=1))
    return apart / paired if paired > 0 else float("nan")


def attribution_rows(
    outcomes: Sequence[str],
    inputs: Sequence[str],
    parts: np.ndarray | None,  # (inputs, outcomes, runs)
    sampled: np.ndarray | None,  # (inputs, outcomes): variance by the sample of orders
) -> pd.DataFrame:
    """Return one row per outcome and input: its Shapley share of the difference, with interval."""
    columns, rows = ATTRIBUTION.names(), []
    if parts is None:
        return pd.DataFrame(columns=columns)
    for at, outcome in enumerate(outcomes):
        for each, name in enumerate(inputs):
            interval = mean_interval(parts[each, at])
            if sampled is not None:
                interval = widened(interval, float(sampled[each, at]), PAIRS)
            rows.append((outcome, name, interval.mean, interval.low, interval.high))
    return pd.DataFrame(rows, columns=columns)
