"""The mean of each outcome at each point of a sweep, or of its paired difference."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow.dataset as ds

from sim.experiments.sweeps.ledger import CHUNKS
from sim.experiments.sweeps.results import SweepResults


def means(
    results: SweepResults, outcomes: Sequence[str], variant: str, versus: str | None = None
) -> dict[str, np.ndarray]:
    """Return by outcome the mean over the runs of each point: (points,); NaN where undefined.

    With `versus` it is the mean of the differences from that variant, run by run. One outcome is
    in memory at a time.
    """
    found = {}
    for outcome in outcomes:
        values = cells(results, outcome, variant)
        if versus is not None:
            values = values - cells(results, outcome, versus)
        defined = ~np.isnan(values)
        count = defined.sum(axis=1)
        total = np.where(defined, values, 0.0).sum(axis=1)
        found[outcome] = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return found


def cells(results: SweepResults, outcome: str, variant: str) -> np.ndarray:
    """Return an outcome of a variant: (points, runs)."""
    source = ds.dataset(results.folder / CHUNKS, format="parquet")
    table = source.to_table(
        columns=["point", "run", outcome], filter=ds.field("variant") == variant
    )
    point, run, values = (table.column(name).to_numpy() for name in ("point", "run", outcome))
    order = np.lexsort((run, point))
    replicates = int(results.manifest["table"]["replicates"])
    return np.asarray(values[order], dtype=np.float64).reshape(-1, replicates)
