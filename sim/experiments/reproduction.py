"""Reproduction: a result is run again from its manifest and compared file by file.

With the same versions, engine and kind of machine the files are equal byte for byte; with others
their values agree to 1e-9, relative or absolute. The promise that applies is reported. Files are
written only to a folder for temporary files, and no content of the result is executed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from sim.engine.engine_names import ENGINES
from sim.experiments.ablation.ablation import ablate
from sim.experiments.comparison import compare, write_comparison
from sim.experiments.comparison_sides import Side
from sim.experiments.ensemble import run
from sim.experiments.keywords import by_keyword
from sim.experiments.options import Options, Progress, silent
from sim.experiments.remedies import as_run_error
from sim.experiments.structural.structural_run import run_structural
from sim.experiments.sweeps.sweep import sweep
from sim.experiments.sweeps.sweep_results import SweepResults
from sim.kernel.errors import InputError, Problem, ResultError
from sim.kernel.words import either
from sim.records import manifest
from sim.records.file_verdict import AGREES, CLOSE, FileVerdict, compared
from sim.records.kinds import (
    ABLATION,
    CHUNKS,
    COMPARISON,
    MANIFEST,
    RUN,
    STRUCTURAL,
    SWEEP,
    ResultKind,
)
from sim.records.manifest import finished
from sim.records.soundness import FORMAT, KEY, NOT_SHIPPED, check_needed, damaged
from sim.records.store import scratch_folder
from sim.scenario.load import Scenario, load
from sim.scenario.rebuilt_scenario import FILE, rebuilt, same_variants


@dataclass(frozen=True)
class Reproduction:
    """The promise about the files, and how each compares."""

    promise: str  # bytes or values
    reason: str
    files: tuple[FileVerdict, ...]

    @property
    def holds(self) -> bool:
        """Return whether every file is as promised."""
        return all(each.holds for each in self.files)


@by_keyword
def reproduce(
    results: str | Path,
    *,
    files: str | Path | None = None,
    engine: str | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
    say: Callable[[str], object] | None = None,
) -> Reproduction:
    """Run a result again from its manifest; return how the files compare.

    `files` is the folder of the CSV tables that its scenario names, if any. `engine` replaces the
    engine that computed it. `say` receives the promise first.
    """
    folder = Path(results)
    about, kind = _manifest(folder)
    if engine not in (None, *ENGINES):
        message = f"must be {either(ENGINES)}, got {engine!r}"
        raise InputError([Problem("--engine", 0, 0, "", message)])
    made_by = _engine(about)
    used = engine or made_by
    promise, reason = _promise(about, made_by, used)
    (say or silent)(f"{'byte for byte' if promise == 'bytes' else 'to 1e-9'}: {reason}")
    with as_run_error("the folder for temporary files"), scratch_folder() as scratch:
        task = _Task(
            folder=folder,
            about=about,
            scratch=scratch,
            files=None if files is None else Path(files),
            how={"jobs": jobs, "progress": progress or silent, "engine": used},
            say=say or silent,
        )
        _RERUNS[kind.name](task)
        verdicts = [*_verdicts(folder, about, task.made, promise)]
        if kind is SWEEP:
            verdicts.append(_chunks(folder, task.made, promise))
    return Reproduction(promise, reason, tuple(verdicts))


def _manifest(folder: Path) -> tuple[Mapping[str, Any], ResultKind]:
    """Return the manifest of a result that can be reproduced; ResultError if it cannot."""
    about, kind = finished(folder)
    if about is None or kind.name not in _RERUNS:
        message = (
            f"{folder}: holds {kind.article}; {either(_RERUNS)} can be reproduced from a manifest"
        )
        raise ResultError(message)
    check_needed(folder / MANIFEST, about, kind)
    if about.get("complete") is False:
        message = f"{folder / MANIFEST}: belongs to an unfinished result; run it again"
        raise ResultError(message)
    return about, kind


def _engine(about: Mapping[str, Any]) -> str:
    how = about.get("how", {}).get("engine", {})
    name = about["inputs"].get("options", {}).get("engine") or (
        how.get("name") if isinstance(how, dict) else None
    )
    return name if name in ENGINES else "numpy"


def _promise(about: Mapping[str, Any], made_by: str, used: str) -> tuple[str, str]:
    """Return the promise about the files, bytes or values, and the reason."""
    now, then = manifest.versions(), about["inputs"].get("versions", {})
    other = [name for name in now if now[name] != then.get(name)]
    if about.get(KEY) != FORMAT:
        return "values", f"it is of format {about.get(KEY)}; only common columns are compared"
    if other == ["code"] or "blocsim" in other:
        what = (
            f"blocsim {then.get('blocsim')}" if "blocsim" in other else "other code of its version"
        )
        return "values", f"made by {what}; differences may be due to the model"
    if other:
        return "values", f"made with another {' and '.join(other)}"
    if made_by != used:
        return "values", f"made by {made_by}, run again by {used}"
    return "bytes", f"the same versions, machine and engine ({used})"


@dataclass(frozen=True, kw_only=True)
class _Task:
    """A result to be run again in a folder for temporary files."""

    folder: Path
    about: Mapping[str, Any]
    scratch: Path
    files: Path | None  # folder of the tables of its scenario
    how: dict[str, Any]  # jobs, progress and engine
    say: Callable[[str], object]  # receives the size of the run

    @property
    def made(self) -> Path:
        """Return the folder of the new result."""
        return self.scratch / "made"

    def scenario(self) -> Scenario:
        """Return the scenario of the result, written to the scratch folder."""
        about = self.about["scenario"]
        names = self.about["inputs"].get("options", {}).get("variants")
        if same_variants(about | {"in force": self.about.get("in force", {})}):
            scenario = rebuilt(about, self.scratch, self.files)
        else:
            scenario = self._shipped()
        if scenario.hash != self.about["inputs"].get("hash"):
            message = (
                f"{self.folder / MANIFEST}: its document does not have the hash of the inputs: it "
                "was changed, or patterns or checks differ in this version"
            )
            raise ResultError(message)
        return scenario if names is None else scenario.only(names)

    def _shipped(self) -> Scenario:
        """Return the shipped scenario of a result of an earlier format."""
        inputs = self.about["inputs"]
        name = str(inputs["scenario"])
        try:
            scenario = load(name, runs=inputs["runs"], seed=inputs["seed"])
        except InputError:
            scenario = None
        if scenario is None or scenario.hash != inputs.get("hash"):
            message = (
                f"{self.folder / MANIFEST}: format {self.about.get(KEY)} lacks the changes "
                f"of variants, and no shipped {name} has its hash: run it again"
            )
            raise ResultError(message)
        return scenario

    def counting(self, *more: str) -> dict[str, Any]:
        """Return the options on which the tables depend."""
        known = self.about["inputs"].get("options", {})
        return {name: known[name] for name in (*WEIGHTS, *more) if name in known}


WEIGHTS = ("exact_to", "nu", "xi")


def _run(task: _Task) -> None:
    how = {**task.counting("transfers", "dyads"), **task.how}
    run(task.scenario(), out=task.made, say=task.say, **how)


def _structural(task: _Task) -> None:
    own = task.about["inputs"].get("structural", {})
    if not isinstance(own, dict) or not isinstance(own.get("choices"), dict):
        raise damaged(task.folder / MANIFEST, "no 'inputs.structural.choices'")
    how = {name: each for name, each in task.how.items() if name != "engine"}
    roles, points = list(own["choices"]), own["points"]
    run_structural(
        task.scenario(), roles=roles, points=points, out=task.made, **task.counting(), **how
    )


def _sweep(task: _Task) -> None:
    own = task.about["inputs"]["sweep"]
    design, source = task.scratch / "design.csv", task.folder / "design.csv"
    if source.is_symlink() or not source.is_file():
        raise damaged(source, "is missing, or a link")
    rows = [line.partition(",")[2] for line in source.read_text(encoding="utf-8").splitlines()]
    design.write_text("\n".join(rows) + "\n", encoding="utf-8")
    task.scenario()
    sweep(
        task.scratch / FILE,
        design=design,
        variants=list(own.get("variants", ())),
        noise=own.get("noise", "shared"),
        out=task.made,
        confirmed=True,
        **task.counting(),
        **task.how,
    )


def _ablation(task: _Task) -> None:
    about = task.about
    names = {"mechanisms": about["ablation"]["mechanisms"], "variants": about["variants"]}
    ablate(task.scenario(), out=task.made, **names, **task.counting(), **task.how)


def _comparison(task: _Task) -> None:
    sides, inputs = task.about["comparison"], task.about["inputs"]
    found = []
    for name in ("one", "other"):
        side = sides.get(name)
        known = side.get("scenario") if isinstance(side, dict) else None
        if not isinstance(known, dict):
            message = (
                "a comparison of two results cannot be reproduced: reproduce each of them, and "
                "compare these"
            )
            raise ResultError(message)
        place = task.scratch / name
        place.mkdir()
        scenario = rebuilt(known, place, task.files)
        if scenario.hash != side.get("hash"):
            message = f"the manifest's document of {name} does not have its hash: it was changed"
            raise ResultError(message)
        found.append(Side(scenario, str(side["variant"]), tuple(side.get("sets", ()))))
    options = inputs["options"]
    comparison = compare(
        *found,
        outcomes=options["outcomes"],
        attribute=options["attribute"],
        match=[f"{one}={other}" for one, other in options["match"].items()],
        options=Options(jobs=task.how["jobs"], engine=task.how["engine"], **task.counting()),
        progress=task.how["progress"],
    )
    task.made.mkdir()
    write_comparison(task.made, comparison)


_RERUNS: dict[str, Callable[[_Task], None]] = {
    RUN.name: _run,
    STRUCTURAL.name: _structural,
    SWEEP.name: _sweep,
    ABLATION.name: _ablation,
    COMPARISON.name: _comparison,
}


# Files


def _verdicts(
    folder: Path, about: Mapping[str, Any], made: Path, promise: str
) -> Iterator[FileVerdict]:
    """Yield how every table of a result compares with the new one."""
    left_out = about.get(NOT_SHIPPED, ())
    for name in sorted(about["files"]):
        path = folder / name
        if name in left_out or name == CHUNKS:
            continue
        if path.is_symlink() or not path.is_file():
            fault = "is a link" if path.is_symlink() else "is missing in the result"
            yield FileVerdict(name, holds=False, said=fault)
        elif not (made / name).is_file():
            yield FileVerdict(name, holds=False, said="was not produced again")
        else:
            yield compared(path, made / name, promise)


def _chunks(folder: Path, made: Path, promise: str) -> FileVerdict:
    """Return how the runs of a sweep compare, whatever their division into chunks."""
    again, close = SweepResults(made), 0.0 if promise == "bytes" else CLOSE
    try:
        results = SweepResults(folder)
        for outcome, variant in product(again.outcomes, again.variants):
            cells = results.cells(outcome, variant), again.cells(outcome, variant)
            same = cells[0].shape == cells[1].shape
            if not (same and np.allclose(*cells, rtol=close, atol=close, equal_nan=True)):
                said = f"{outcome} differs in {variant}"
                return FileVerdict(CHUNKS, holds=False, said=said)
    except (ResultError, OSError, ValueError, KeyError) as error:
        return FileVerdict(CHUNKS, holds=False, said=f"not compared: {error}")
    return FileVerdict(CHUNKS, holds=True, said=AGREES if close else "every run is equal")
