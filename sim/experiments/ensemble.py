"""Ensembles: a scenario becomes many runs of every variant, and those a folder of tables."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from sim.errors import SimError
from sim.experiments.blocks import Study, Task
from sim.experiments.exact import too_large, too_wide
from sim.experiments.options import SERIES, Options
from sim.experiments.outcomes import row_of
from sim.experiments.pool import blocks
from sim.experiments.reduction import Reduction
from sim.experiments.summary import Outcomes, write_outcomes
from sim.layout import Layout
from sim.records import columns, manifest
from sim.records.read import Results, load_results
from sim.records.store import PARTIAL, check_place, draft, hashes, settle, write_manifest
from sim.records.writing import append
from sim.scenario.layouts import layout_of
from sim.scenario.load import Scenario, load
from sim.scenario.paths import number_paths

Progress = Callable[[int, int], None]  # runs done, runs in all


class Interrupted(SimError):  # noqa: N818 - nothing is wrong: the user has stopped it
    """A run that the user stopped: what was kept, and how to go on."""

    exit_code = 130


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
) -> Results:
    """Return the results of a scenario: every variant over the same runs.

    With `out` the tables are written to that folder, or read from it where a result of equal
    inputs stands; another is replaced only with `force`. Without, they are held in memory.
    `jobs` and `block` change no byte of them.
    """
    options = Options(jobs=jobs, block=block, transfers=transfers, exact_to=exact_to, nu=nu, xi=xi)
    if not isinstance(scenario, Scenario):
        if uncertain is not None:
            sets = (*sets, f"uncertain={str(uncertain).lower()}")
        scenario = load(scenario, sets=sets, runs=runs, seed=seed)
    ensemble = Ensemble(scenario, options)
    if out is None:
        with tempfile.TemporaryDirectory() as folder:
            ensemble.write(Path(folder), progress or _silent)
            return load_results(folder).in_memory()
    folder_out = Path(out)
    if check_place(folder_out, ensemble.inputs, force=force):
        return load_results(folder_out)
    ensemble.publish(folder_out, progress or _silent)
    return load_results(folder_out)


@dataclass(eq=False)
class Ensemble:
    """A scenario about to be run."""

    scenario: Scenario
    options: Options
    seconds: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse outcomes whose subject is not recorded, before anything runs."""
        self._done: list[Reduction] = []
        self.layouts: dict[str, Layout] = {
            name: layout_of(model) for name, model in self.scenario.variants.items()
        }
        for layout in self.layouts.values():
            for outcome in self.scenario.outcomes:
                if outcome.kind != "sale":
                    row_of(outcome, layout)

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
    ) -> Generator[Reduction]:
        """Yield the gathered blocks of each variant, one variant after another."""
        shares = self.options.jobs > 1 and not outcomes_only
        with tempfile.TemporaryDirectory(prefix="blocsim-", ignore_cleanup_errors=True) as scratch:
            study = self._study(variants, Path(scratch) if shares else None, outcomes_only)
            yield from self._gathered(study, progress)

    def _study(self, variants: Sequence[str], scratch: Path | None, outcomes_only: bool) -> Study:
        """Return what all blocks of some variants share."""
        return Study(
            models={name: self.scenario.variants[name] for name in variants},
            outcomes=self.scenario.outcomes,
            dates=_event_dates(self.scenario),
            seed=self.scenario.base.seed,
            options=self.options,
            runs=self.runs,
            scratch=scratch,
            outcomes_only=outcomes_only,
        )

    def _gathered(self, study: Study, progress: Progress) -> Generator[Reduction]:
        """Yield the gathered blocks of each variant of a study."""
        tasks = [
            Task(name, start, min(start + self.options.block, self.runs))
            for name in study.models
            for start in range(0, self.runs, self.options.block)
        ]
        done, reduction = 0, Reduction("", study)
        with closing(blocks(study, tasks, min(self.options.jobs, len(tasks)))) as found:
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
        found = list(self.reductions(variants, progress, outcomes_only=True))
        return self._outcomes(found)

    def publish(self, folder: Path, progress: Progress) -> None:
        """Write the tables beside the folder and move them there when they are whole.

        Interrupted, the variants that were done go to a folder of their own.
        """
        with draft(folder) as place:
            try:
                self.write(place, progress)
            except KeyboardInterrupt:
                raise Interrupted(self._kept(place, folder)) from None
            settle(place, folder)

    def write(self, folder: Path, progress: Progress) -> None:
        """Write tables and manifest to a folder."""
        began, clock = datetime.now(UTC), perf_counter()
        with closing(self.reductions(list(self.scenario.variants), progress)) as found:
            for reduction in found:
                start = perf_counter()
                reduction.write(folder, self.layouts[reduction.variant])
                self._done.append(reduction)
                self._took("statistics and tables", start)
        self._finish(folder)
        self.seconds["total"] = perf_counter() - clock
        self._manifest(folder, began=began.isoformat(timespec="seconds"))

    def _finish(self, folder: Path) -> None:
        """Write the tables that need all variants."""
        start = perf_counter()
        found = self._outcomes(self._done)
        write_outcomes(folder, found)
        known = number_paths(self.scenario.base)
        drawn = [(path, known[path].unit if path in known else "") for path in found.paths]
        append(folder / "columns.csv", columns.HEADER, columns.lines(self.scenario.outcomes, drawn))
        self._took("statistics and tables", start)

    def _outcomes(self, done: Sequence[Reduction]) -> Outcomes:
        return Outcomes(
            outcomes=self.scenario.outcomes,
            values={each.variant: each.outcomes for each in done},
            drawn={each.variant: each.drawn for each in done},
        )

    def _took(self, phase: str, start: float) -> None:
        self.seconds[phase] = self.seconds.get(phase, 0.0) + perf_counter() - start

    def _manifest(self, folder: Path, **how: Any) -> None:
        """Write the manifest: inputs, scenario, files; and how it went, which may differ."""
        variants = [each.variant for each in self._done]
        about = manifest.described(self.scenario)
        write_manifest(
            folder,
            {
                "inputs": self.inputs,
                "complete": len(variants) == len(about["variants"]),
                **about,
                "variants": variants,
                "series_runs": min(self.runs, SERIES),
                "transfer_runs": min(self.runs, self.options.transfers),
                "stability": {"nu": self.options.nu, "xi": self.options.xi},
                "left_out": self._left_out(),
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
            for name, layout in self.layouts.items()
        }

    def _kept(self, place: Path, folder: Path) -> str:
        """Keep the variants that were done; return what was kept and how to go on."""
        again = "the same command runs it from the start"
        if not self._done:
            return f"interrupted: no variant was done, nothing was kept; {again}"
        for path in place.glob("*.csv"):
            _trim(path, [each.variant for each in self._done])
        for name in ("outcomes", "summary", "differences", "columns"):
            (place / f"{name}.csv").unlink(missing_ok=True)
        self._finish(place)
        self._manifest(place, interrupted=True)
        partial = folder.with_name(folder.name + PARTIAL)
        settle(place, partial)
        names = ", ".join(each.variant for each in self._done)
        count = f"{len(self._done)} of {len(self.scenario.variants)} variants"
        return f"interrupted: {count} kept in {partial} ({names}); {again}"


def _trim(path: Path, variants: Sequence[str]) -> None:
    """Leave only the rows of some variants in a table that was being written."""
    starts = tuple(f"{name}," for name in variants)
    with path.open(encoding="utf-8", newline="") as file:
        lines = [file.readline(), *(line for line in file if line.startswith(starts))]
    path.write_text("".join(lines), encoding="utf-8", newline="")


def _event_dates(scenario: Scenario) -> Mapping[str, str]:
    """Return the date of every event of any variant; the first variant that has it counts."""
    dates: dict[str, str] = {}
    for model in scenario.variants.values():
        for name, event in model.events.items():
            dates.setdefault(name, event.at)
    return dates


def _silent(done: int, total: int) -> None:
    """Show no progress."""
    del done, total
