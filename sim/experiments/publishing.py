"""Publishing: an ensemble becomes a folder of tables with a manifest."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from sim.errors import ResultError, SimError
from sim.experiments.exact import too_large, too_wide
from sim.experiments.gathering import Ensemble, Progress
from sim.experiments.options import RANGED, SERIES
from sim.experiments.reduction import Reduction
from sim.experiments.summary import write_outcomes
from sim.experiments.verdicts import write_patterns
from sim.patterns.judge import described
from sim.records import columns, manifest
from sim.records.soundness import replaceable, stored
from sim.records.store import PARTIAL, draft, free_place, hashes, settle, write_manifest
from sim.records.writing import append
from sim.scenario.paths import number_paths


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
        append(
            folder / "columns.csv",
            columns.HEADER,
            columns.lines(
                self.scenario.outcomes, drawn, patterns=bool(self.scenario.base.patterns)
            ),
        )
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
