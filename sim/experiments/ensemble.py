"""Ensembles: a scenario becomes many runs of every variant, and those a folder of tables."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from sim.experiments.failures import told
from sim.experiments.gathering import Ensemble, Progress
from sim.experiments.options import Options, refuse_wrong
from sim.experiments.publishing import Publication
from sim.experiments.workplaces import Workplace
from sim.records.read import Results, load_results
from sim.records.store import check_place, place_of
from sim.scenario.load import Scenario, load


def run(
    scenario: Scenario | str | Path,
    *,
    runs: int | None = None,
    seed: int | None = None,
    sets: Sequence[str] = (),
    uncertain: bool | None = None,
    jobs: int = 1,
    block: int = Options.block,
    transfers: int = Options.transfers,
    exact_to: int = Options.exact_to,
    nu: float = Options.nu,
    xi: float = Options.xi,
    out: str | Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
    workplace: Workplace | None = None,
) -> Results:
    """Return the results of a scenario: every variant over the same runs.

    With `out` the tables are written to that folder, or read from it where a result of equal
    inputs stands; another is replaced only with `force`. Without, they are held in memory.
    `jobs` and `block` change no byte of them, nor does `workplace`: where blocks are run, processes
    of this machine unless given.
    """
    options = Options(jobs=jobs, block=block, transfers=transfers, exact_to=exact_to, nu=nu, xi=xi)
    refuse_wrong(runs=runs, seed=seed, sets=sets)
    if not isinstance(scenario, Scenario):
        if uncertain is not None:
            sets = (*sets, f"uncertain={str(uncertain).lower()}")
        scenario = load(scenario, sets=sets, runs=runs, seed=seed)
    ensemble = Ensemble(scenario, options, workplace)
    publication = Publication(ensemble)
    if out is None:
        with told("the folder for temporary files"), tempfile.TemporaryDirectory() as folder:
            publication.write(Path(folder), progress or _silent)
            return load_results(folder).in_memory()
    place = place_of(out)
    if check_place(place, ensemble.inputs, force=force):
        return load_results(place)
    with told(str(place)):
        publication.publish(place, progress or _silent, force=force)
    return load_results(place)


def _silent(done: int, total: int) -> None:
    """Show no progress."""
    del done, total
