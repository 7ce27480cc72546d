"""Ablation: a scenario with each mechanism off, with each alone, with all and with none.

The settings are points of a sweep, so that they share its chunks, engines and randomness, and the
folder can be resumed after any crash. `ablation_rows` computes the tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.experiments.ablation.ablation_rows import AblatedRuns, mechanism_rows
from sim.experiments.ablation.settings import AblationPlan
from sim.experiments.chunk_store import ChunkStore, replace_file
from sim.experiments.executor import Executor, Serial, executor_of
from sim.experiments.keywords import by_keyword
from sim.experiments.options import Options, Progress, refuse_wrong, silent
from sim.experiments.remedies import as_run_error
from sim.experiments.sweeps.sweep_runs import filled, refuse_other_engine
from sim.experiments.sweeps.sweep_table import Chunk, SweepTask, how_of, windows
from sim.kernel.errors import ResultError
from sim.records import manifest, study_tables
from sim.records.frames import frame_text, read_table
from sim.records.kinds import ABLATION, MANIFEST
from sim.records.manifest import unfinished
from sim.records.soundness import check_needed, damage, stored
from sim.records.store import place_of
from sim.records.tables import dictionary
from sim.scenario.load import Scenario, load
from sim.scenario.patches import Settings

RUNS = 100  # of each variant under each setting, by default


class Ablation:
    """A finished ablation in its folder."""

    def __init__(self, folder: str | Path) -> None:
        """Read the manifest; ResultError if there is no finished ablation."""
        self.folder = Path(folder)
        about = stored(self.folder)
        if about is None or "ablation" not in about:
            message = f"{self.folder}: has no finished ablation; `blocsim ablate` makes one"
            raise ResultError(unfinished(self.folder, ABLATION) or message)
        check_needed(self.folder / MANIFEST, about)
        if wrong := damage(self.folder, about):
            message = f"{wrong}; give --force to run it again, or another --out"
            raise ResultError(message)
        self.manifest: dict[str, Any] = about

    @property
    def table(self) -> pd.DataFrame:
        """Return one row per mechanism, setting and subject."""
        return read_table(self.folder / study_tables.ABLATED.file, study_tables.ABLATED)

    @property
    def mechanisms(self) -> pd.DataFrame:
        """Return one row per mechanism: its definition, and what it moves most."""
        return read_table(self.folder / study_tables.MECHANISMS.file, study_tables.MECHANISMS)

    def __repr__(self) -> str:
        about = self.manifest["ablation"]
        shape = f"{about['settings']} settings, {about['rows']} runs"
        return f"Ablation({str(self.folder / MANIFEST)!r}: {shape})"


@by_keyword
def ablate(
    scenario: Scenario | str | Path,
    *,
    mechanisms: Sequence[str] = (),
    runs: int | None = None,
    seed: int | None = None,
    sets: Settings = (),
    variants: Sequence[str] = (),
    out: str | Path,
    jobs: int = 1,
    executor: Executor | None = None,
    block: int = Options.block,
    engine: str = Options.engine,
    exact_to: int = Options.exact_to,
    nu: float = Options.nu,
    xi: float = Options.xi,
    force: bool = False,
    progress: Progress | None = None,
) -> Ablation:
    """Measure the effect of each mechanism on outcomes, contrasts, checks and expectations.

    Every variant has `runs` runs, by default 100, with all mechanisms on, with none, with each of
    `mechanisms` off, and with each alone. The default is all that have an effect in the scenario.
    Chunks of the same ablation in `out` are kept, and only the missing ones are run. A scenario
    that is already loaded keeps its own number of runs.
    """
    options = Options(jobs=jobs, block=block, engine=engine, exact_to=exact_to, nu=nu, xi=xi)
    refuse_wrong(runs=runs, seed=seed, sets=sets)
    if not isinstance(scenario, Scenario):
        scenario = load(scenario, sets=sets, runs=RUNS if runs is None else runs, seed=seed)
    plan = AblationPlan.of(scenario, mechanisms, variants)
    about = {"mechanisms": list(plan.chosen), "variants": list(plan.variants)}
    inputs = {**manifest.inputs(scenario, options.counting()), "ablation": about}
    store = ChunkStore(place_of(out), ABLATION, inputs)
    store.check(force=force)
    with as_run_error(
        str(store.folder), kept="finished runs are kept, and the same command resumes"
    ):
        there = None if force else _stored(store)
        if there is not None:
            made = there.manifest["how"].get("engine", {}).get("name")
            refuse_other_engine(options.engine, made, store.folder)
            return there
        with store.claim(force=force):
            task = plan.task(options)
            chunks = list(task.chunks([len(task.design)], [task.chunk_rows(Serial())]))
            with filled(task, store, chunks, executor or executor_of(jobs), progress or silent):
                return _finish(plan, task, store, chunks)


def _stored(store: ChunkStore) -> Ablation | None:
    """Return the finished ablation of equal inputs in a folder, if it holds one."""
    about = stored(store.folder)
    if about is None or about.get("complete") is not True or about["inputs"] != store.inputs:
        return None
    return Ablation(store.folder)


def _finish(
    plan: AblationPlan, task: SweepTask, store: ChunkStore, chunks: Sequence[Chunk]
) -> Ablation:
    """Write the tables and the manifest of an ablation whose chunks are all done."""
    rows = AblatedRuns(plan, _values(task, store, chunks)).frame()
    frames = {
        study_tables.ABLATED: rows,
        study_tables.MECHANISMS: mechanism_rows(plan, rows),
    }
    for table, frame in frames.items():
        replace_file(store.folder / table.file, frame_text(table, frame))
    described = [pair for table in frames for pair in table.described()]
    columns = study_tables.COLUMNS
    replace_file(store.folder / columns.file, columns.text(dictionary(described, columns)))
    content = {
        "inputs": store.inputs,
        "complete": True,
        **manifest.described(plan.scenario),
        "variants": list(plan.variants),
        "ablation": {
            "settings": len(plan.settings),
            "replicates": task.replicates,
            "rows": task.runs,
            "mechanisms": list(plan.chosen),
        },
        "how": how_of(task, store),
    }
    store.finish(content)
    return Ablation(store.folder)


def _values(task: SweepTask, store: ChunkStore, chunks: Sequence[Chunk]) -> dict[str, np.ndarray]:
    """Return the outcomes of every variant: (settings, names, runs)."""
    parts: dict[str, list[np.ndarray]] = {name: [] for name in task.variants}
    for window in windows(task, store, chunks):
        parts[window.variant].append(window.outcomes)
    shape = (len(task.design), task.replicates, len(task.outcomes))
    return {
        name: np.concatenate(each).reshape(shape).transpose(0, 2, 1) for name, each in parts.items()
    }
