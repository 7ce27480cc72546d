"""Results of a sweep: the design and the outcomes as pandas frames or arrays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.dataset as ds

from sim.experiments.design import POINT
from sim.experiments.intervals import mean_of_defined
from sim.kernel.errors import ResultError, need_lists
from sim.metrics.catalogue import smallest_effect
from sim.records import study_tables
from sim.records.frames import read_table
from sim.records.kinds import CHUNKS, DRAFT, MANIFEST, SWEEP
from sim.records.manifest import unfinished
from sim.records.soundness import check_needed, damage, stored
from sim.scenario.schema.outcome_syntax import parse_outcome

DESIGN, SUMMARY, COLUMNS = "design.csv", "summary.csv", "columns.csv"
POINTS, OUTCOMES = "points.csv", "outcomes.csv"
KEYS = ("variant", "point", "run")  # of a row
ROWS = 50_000  # rows in memory at a time during an export


class SweepResults:
    """A finished sweep in its folder."""

    def __init__(self, folder: str | Path) -> None:
        """Read the manifest; ResultError if there is no finished sweep."""
        self.folder = Path(folder)
        manifest = stored(self.folder)
        if manifest is None or "table" not in manifest or "sweep" not in manifest["inputs"]:
            message = f"{self.folder}: has no finished sweep; `blocsim sweep` makes one"
            raise ResultError(unfinished(self.folder, SWEEP) or message)
        check_needed(self.folder / MANIFEST, manifest)
        if wrong := damage(self.folder, manifest):
            message = f"{wrong}; give --force to run it again, or another --out"
            raise ResultError(message)
        self.manifest: dict[str, Any] = manifest

    @property
    def hash(self) -> str:
        """Return the sha256 of the table, sorted by variant, point and run."""
        return str(self.manifest["table"]["sha256"])

    @property
    def rows(self) -> int:
        """Return the number of runs."""
        return int(self.manifest["table"]["rows"])

    @property
    def variants(self) -> list[str]:
        """Return the variants."""
        return list(self.manifest["variants"])

    @property
    def outcomes(self) -> list[str]:
        """Return the outcomes, as the scenario spells them."""
        return list(self.manifest["outcomes"])

    @property
    def paths(self) -> list[str]:
        """Return the paths that were varied."""
        return [name for name in self.design.columns if name != POINT]

    @property
    def design(self) -> pd.DataFrame:
        """Return the design, with one row per point; ResultError if it is damaged."""
        path, count = self.folder / DESIGN, int(self.manifest["table"]["points"])
        names = [POINT, *self.manifest["inputs"]["sweep"]["paths"]]
        frame = read_table(path, study_tables.DESIGN, need=names)
        if sorted(frame.columns) != sorted(names) or frame[POINT].tolist() != list(range(count)):
            message = (
                f"{path}: must hold the points 0 to {count - 1}, one a row, and the columns "
                f"{', '.join(names)}; the result is damaged"
            )
            raise ResultError(message)
        return frame

    @property
    def points(self) -> pd.DataFrame:
        """Return the mean of each outcome at each point and variant."""
        path = self.folder / POINTS
        return read_table(path, study_tables.POINTS, numeric=self.outcomes.__contains__)

    @property
    def summary(self) -> pd.DataFrame:
        """Return mean, standard deviation, least and most over points, by outcome and variant."""
        return read_table(self.folder / SUMMARY, study_tables.SWEEP_SUMMARY)

    def table(
        self, outcomes: Sequence[str] | None = None, variants: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Return the runs with the swept values of their point, by variant, point and run."""
        need_lists(outcomes=outcomes, variants=variants)
        wanted = [*KEYS, *(self.outcomes if outcomes is None else outcomes)]
        source = ds.dataset(self.folder / CHUNKS, format="parquet")
        chosen = None if variants is None else ds.field("variant").isin(list(variants))
        frame = source.to_table(columns=wanted, filter=chosen).to_pandas()
        frame["variant"] = frame["variant"].astype("str")
        frame = frame.sort_values(list(KEYS), kind="stable", ignore_index=True)
        full: pd.DataFrame = frame.merge(self.design, on=POINT, how="left", validate="many_to_one")
        return full

    def cells(self, outcome: str, variant: str) -> np.ndarray:
        """Return an outcome of a variant: (points, runs)."""
        source = ds.dataset(self.folder / CHUNKS, format="parquet")
        rows = source.to_table(
            columns=[POINT, "run", outcome], filter=ds.field("variant") == variant
        )
        point, run, values = (rows.column(name).to_numpy() for name in (POINT, "run", outcome))
        order = np.lexsort((run, point))
        replicates = int(self.manifest["table"]["replicates"])
        return np.asarray(values[order], dtype=np.float64).reshape(-1, replicates)

    def means(
        self, outcomes: Sequence[str], variant: str, versus: str | None = None
    ) -> dict[str, np.ndarray]:
        """Return the mean over runs at each point, by outcome: (points,), nan where undefined.

        With `versus` it is the mean of the differences from that variant, run by run. One outcome
        is in memory at a time.
        """
        need_lists(outcomes=outcomes)
        means = {}
        for outcome in outcomes:
            values = self.cells(outcome, variant)
            if versus is not None:
                values = values - self.cells(outcome, versus)
            means[outcome] = mean_of_defined(values, axis=1)
        return means

    def signs(self, variant: str, versus: str) -> pd.DataFrame:
        """Return the share of points at which each outcome is larger, or smaller, than in `versus`.

        Points at which the outcome is undefined in either variant do not count. `matters` is the
        share at which they differ by the smallest effect of interest.
        """
        apart = pd.DataFrame(self.means(self.outcomes, variant, versus))
        points = apart.count()
        own = self.manifest["scenario"]["document"].get("smallest") or {}
        smallest = [smallest_effect(parse_outcome(str(each)).metric, own) for each in apart]
        signs = {"up": (apart > 0).sum() / points, "down": (apart < 0).sum() / points}
        signs["matters"] = (apart.abs() >= smallest).sum() / points
        frame = pd.DataFrame({"points": points, "difference": apart.mean(), **signs})
        return frame.rename_axis("outcome").reset_index()

    def export(self) -> Path:
        """Write every run to `outcomes.csv`, some points at a time; return the path."""
        path = self.folder / OUTCOMES
        draft = path.with_name(OUTCOMES + DRAFT)
        source, design = ds.dataset(self.folder / CHUNKS, format="parquet"), self.design
        each = max(1, ROWS // int(self.manifest["table"]["replicates"]))
        how: dict[str, Any] = {"index": False, "float_format": "%.10g", "lineterminator": "\n"}
        with draft.open("w", encoding="utf-8", newline="") as file:
            for variant in sorted(self.variants):
                for at in range(0, len(design), each):
                    inside = (ds.field(POINT) >= at) & (ds.field(POINT) < at + each)
                    rows = source.to_table(filter=inside & (ds.field("variant") == variant))
                    frame = rows.to_pandas().sort_values([POINT, "run"], kind="stable")
                    frame = frame.merge(design, on=POINT, how="left", validate="many_to_one")
                    frame.to_csv(file, header=file.tell() == 0, **how)
        draft.replace(path)
        return path

    def __repr__(self) -> str:
        shape = f"{self.manifest['table']['points']} points, {self.rows} runs"
        return f"SweepResults({str(self.folder / MANIFEST)!r}: {shape})"
