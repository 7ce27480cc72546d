"""Gathering: a scenario's runs, block by block, variant after variant.

Publishing: an ensemble becomes a folder of tables with a manifest.

Ensembles: a scenario becomes many runs of every variant, and those a folder of tables.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from sim.experiments.batch import Study, Task
from sim.experiments.ensemble_tables import Outcomes, Reduction, write_outcomes, write_patterns
from sim.experiments.exact import too_large, too_wide
from sim.experiments.executor import Executor, executor_of, results_of
from sim.experiments.failures import as_run_error
from sim.experiments.options import RANGED, SERIES, Options, refuse_wrong
from sim.experiments.outcomes import UnrecordedError, row_of
from sim.kernel.errors import InputError, Problem, ResultError, SimError
from sim.kernel.layout.layout import Layout
from sim.patterns.judge import described
from sim.records import manifest
from sim.records.data_dictionary import run_dictionary
from sim.records.results import Results, load_results
from sim.records.soundness import replaceable, stored
from sim.records.store import (
    PARTIAL,
    check_place,
    draft,
    free_place,
    hashes,
    place_of,
    settle,
    write_manifest,
)
from sim.records.tables import COLUMNS
from sim.scenario.compile.layouts import layout_of
from sim.scenario.load import Scenario, load
from sim.scenario.paths import number_paths
from sim.scenario.schema.outcome_syntax import Outcome

Progress = Callable[[int, int], None]  # runs done, runs in all


@dataclass(eq=False)
class Ensemble:
    """A scenario about to be run."""

    scenario: Scenario
    options: Options
    workplace: Executor | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse outcomes whose subject is not recorded, before anything runs."""
        self.layouts: dict[str, Layout] = {
            name: layout_of(model) for name, model in self.scenario.variants.items()
        }
        problems = [
            _problem(self.scenario, at, str(error))
            for at, outcome in enumerate(self.scenario.outcomes)
            for layout in self.layouts.values()
            if outcome.kind != "sale"
            if (error := _missing(outcome, layout)) is not None
        ]
        if problems:
            raise InputError(problems)

    @property
    def inputs(self) -> dict[str, Any]:
        """Return what two runs must share for their tables to be equal."""
        return manifest.inputs(self.scenario, self.options.counting())

    @property
    def runs(self) -> int:
        """Return the number of runs of each variant."""
        return self.scenario.base.runs

    def reductions(
        self, variants: Sequence[str], progress: Progress, *, outcomes_only: bool = False
    ) -> Generator[Reduction, None, None]:
        """Yield the gathered blocks of each variant, one variant after another."""
        shares = self.options.jobs > 1 and not outcomes_only
        with tempfile.TemporaryDirectory(prefix="blocsim-", ignore_cleanup_errors=True) as scratch:
            study = self.study(
                variants, Path(scratch) if shares else None, outcomes_only=outcomes_only
            )
            yield from self._gathered(study, progress)

    def study(self, variants: Sequence[str], scratch: Path | None, *, outcomes_only: bool) -> Study:
        """Return what all blocks of some variants share."""
        return Study(
            models={name: self.scenario.variants[name] for name in variants},
            outcomes=self.scenario.outcomes,
            dates=event_dates(self.scenario),
            seed=self.scenario.base.seed,
            options=self.options,
            runs=self.runs,
            scratch=scratch,
            outcomes_only=outcomes_only,
            patterns={} if outcomes_only else self.scenario.base.patterns,
        )

    def _gathered(self, study: Study, progress: Progress) -> Generator[Reduction, None, None]:
        """Yield the gathered blocks of each variant of a study."""
        tasks = [
            Task(name, start, min(start + self.options.block, self.runs))
            for name in study.models
            for start in range(0, self.runs, self.options.block)
        ]
        done, reduction = 0, Reduction("", study)
        jobs = min(self.options.jobs, len(tasks))
        with closing(results_of(study, tasks, self.workplace or executor_of(jobs))) as found:
            for block in found:
                if block.task.start == 0:
                    reduction = Reduction(block.task.variant, study)
                reduction.add(block)
                for phase, seconds in block.seconds.items():
                    self.seconds[phase] = self.seconds.get(phase, 0.0) + seconds
                done += block.task.stop - block.task.start
                progress(done, self.runs * len(study.models))
                if block.task.stop == self.runs:
                    yield reduction

    def outcomes(self, variants: Sequence[str], progress: Progress) -> Outcomes:
        """Return the outcomes of some variants; nothing is written."""
        with as_run_error("the folder for temporary files"):
            found = list(self.reductions(variants, progress, outcomes_only=True))
        return self.gathered(found)

    def gathered(self, done: Sequence[Reduction]) -> Outcomes:
        """Return the outcomes of variants that are done."""
        return Outcomes(
            outcomes=self.scenario.outcomes,
            values={each.variant: each.outcomes for each in done},
            drawn={each.variant: each.drawn for each in done},
        )


def event_dates(scenario: Scenario) -> Mapping[str, str]:
    """Return the date of every event of any variant; the first variant that has it counts."""
    dates: dict[str, str] = {}
    for model in scenario.variants.values():
        for name, event in model.events.items():
            dates.setdefault(name, event.at)
    return dates


def _missing(outcome: Outcome, layout: Layout) -> UnrecordedError | None:
    """Return what is wrong with the subject of an outcome, if anything is."""
    try:
        row_of(outcome, layout)
    except UnrecordedError as error:
        return error
    return None


def _problem(scenario: Scenario, at: int, message: str) -> Problem:
    """Return a problem with an outcome, at the place where it is written."""
    file, line, column = scenario.where(f"outcomes[{at}]").rsplit(":", 2)
    return Problem(file, int(line), int(column), f"outcomes[{at}]", message)


class Interrupted(SimError):  # noqa: N818 - nothing is wrong: the user has stopped it
    """A run that the user stopped: what was kept, and how to go on."""

    exit_code = 130


class Publication:
    """The tables of an ensemble, as they come to be."""

    def __init__(self, ensemble: Ensemble) -> None:
        """Take up an ensemble, none of whose variants is done."""
        self.ensemble = ensemble
        self.scenario = ensemble.scenario
        self.options = ensemble.options
        self.seconds = ensemble.seconds
        self._done: list[Reduction] = []

    def publish(self, folder: Path, progress: Progress, *, force: bool = False) -> None:
        """Write the tables beside the folder and move them there when they are whole.

        Interrupted, the variants that were done go to a folder of their own. So does the whole
        result where another run has finished in the folder meanwhile, unless it may be replaced.
        """
        with draft(folder) as place:
            try:
                self.write(place, progress)
            except KeyboardInterrupt:
                raise Interrupted(self._kept(place, folder)) from None
            if not force and stored(folder) is not None:
                other = free_place(folder)
                settle(place, other)
                message = f"{folder}: another run has finished there; this result is in {other}"
                raise ResultError(message)
            settle(place, folder)

    def write(self, folder: Path, progress: Progress) -> None:
        """Write tables and manifest to a folder."""
        began, clock = datetime.now(UTC), perf_counter()
        with closing(self.ensemble.reductions(list(self.scenario.variants), progress)) as found:
            for reduction in found:
                start = perf_counter()
                reduction.write(folder, self.ensemble.layouts[reduction.variant])
                self._done.append(reduction)
                self._took("statistics and tables", start)
        self._finish(folder)
        self.seconds["total"] = perf_counter() - clock
        self._manifest(folder, began=began.isoformat(timespec="seconds"))

    def _finish(self, folder: Path) -> None:
        """Write the tables that need all variants."""
        start = perf_counter()
        found = self.ensemble.gathered(self._done)
        write_outcomes(folder, found)
        self._patterns(folder)
        known = number_paths(self.scenario.base)
        drawn = [(path, known[path].unit if path in known else "") for path in found.paths]
        patterns = bool(self.scenario.base.patterns)
        lines = run_dictionary(self.scenario.outcomes, drawn, patterns=patterns)
        COLUMNS.append(folder, lines)
        self._took("statistics and tables", start)

    def _patterns(self, folder: Path) -> None:
        """Write the verdicts on the scenario's patterns."""
        found = {each.variant: each.patterns for each in self._done if each.patterns is not None}
        write_patterns(folder, self.scenario.base.patterns, found)

    def _took(self, phase: str, start: float) -> None:
        self.seconds[phase] = self.seconds.get(phase, 0.0) + perf_counter() - start

    def _manifest(self, folder: Path, **how: Any) -> None:
        """Write the manifest: inputs, scenario, files; and how it went, which may differ."""
        variants = [each.variant for each in self._done]
        about = manifest.described(self.scenario)
        write_manifest(
            folder,
            {
                "inputs": self.ensemble.inputs,
                "complete": len(variants) == len(about["variants"]),
                **about,
                "variants": variants,
                "series_runs": min(self.ensemble.runs, SERIES),
                "transfer_runs": min(self.ensemble.runs, self.options.transfers),
                "stability": {
                    "nu": self.options.nu,
                    "xi": self.options.xi,
                    "runs": min(self.ensemble.runs, RANGED),
                },
                "left_out": self._left_out(),
                "patterns": described(self.scenario.base.patterns),
                "files": hashes(folder),
                "how": {
                    "commit": manifest.commit(),
                    "jobs": self.options.jobs,
                    "block": self.options.block,
                    **how,
                    "seconds": {name: round(s, 3) for name, s in self.seconds.items()},
                },
            },
        )

    def _left_out(self) -> dict[str, dict[str, dict[str, str]]]:
        """Return by variant which exact metrics of which blocs are left out, and why."""
        return {
            name: {
                "cost_of_stability": too_large(layout),
                "frustration": too_wide(layout, self.options),
            }
            for name, layout in self.ensemble.layouts.items()
        }

    def _kept(self, place: Path, folder: Path) -> str:
        """Keep the variants that were done; return what was kept and how to go on."""
        again = "the same command runs it from the start"
        if not self._done:
            return f"interrupted: no variant was done, nothing was kept; {again}"
        for path in place.glob("*.csv"):
            _trim(path, [each.variant for each in self._done])
        for name in ("outcomes", "summary", "differences", "patterns", "columns"):
            (place / f"{name}.csv").unlink(missing_ok=True)
        self._finish(place)
        self._manifest(place, interrupted=True)
        partial = folder.absolute().with_name(folder.name + PARTIAL)
        if partial.exists() and not replaceable(partial):
            return f"interrupted: {partial} is no result, so nothing was kept there; {again}"
        settle(place, partial)
        partial = folder.with_name(partial.name)
        names = ", ".join(each.variant for each in self._done)
        count = f"{len(self._done)} of {len(self.scenario.variants)} variants"
        return f"interrupted: {count} kept in {partial} ({names}); {again}"


def _trim(path: Path, variants: Sequence[str]) -> None:
    """Leave only the rows of some variants in a table that was being written."""
    starts = tuple(f"{name}," for name in variants)
    with path.open(encoding="utf-8", newline="") as file:
        lines = [file.readline(), *(line for line in file if line.startswith(starts))]
    path.write_text("".join(lines), encoding="utf-8", newline="")


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
    workplace: Executor | None = None,
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
        with (
            as_run_error("the folder for temporary files"),
            tempfile.TemporaryDirectory() as folder,
        ):
            publication.write(Path(folder), progress or _silent)
            return load_results(folder).in_memory()
    place = place_of(out)
    if check_place(place, ensemble.inputs, force=force):
        return load_results(place)
    with as_run_error(str(place)):
        publication.publish(place, progress or _silent, force=force)
    return load_results(place)


def _silent(done: int, total: int) -> None:
    """Show no progress."""
    del done, total
