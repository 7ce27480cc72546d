"""Sweep: an ensemble at every point of a design, resumable, on any executor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.documents.nodes import find, steps_of
from sim.experiments.axes import axes_of, paths_in
from sim.experiments.chunk_store import Ledger, locked, made_at, refuse_foreign, taken_up
from sim.experiments.design import METHODS, Design, made, read, refuse_idle
from sim.experiments.ensemble import Ensemble, Interrupted, Progress, event_dates
from sim.experiments.executor import Executor, Failed, GoneError, Runner, executor_of
from sim.experiments.failures import as_run_error
from sim.experiments.options import Options, refuse_wrong
from sim.experiments.sweeps.chunks import Chunk, SweepPlan, chunks_of, done, jobs_of
from sim.experiments.sweeps.sweep_results import SweepResults
from sim.experiments.sweeps.sweep_table import finished, stored_sweep
from sim.kernel.errors import InputError, Problem, RunError, SimError
from sim.kernel.words import meant, quoted
from sim.records import manifest
from sim.records.store import place_of
from sim.scenario.load import Scenario, load
from sim.scenario.patches import BASELINE
from sim.scenario.paths import NumberPath, number_paths

NOISES = ("shared", "independent")
MOST_RUNS = 100_000_000  # beyond it a sweep has to be confirmed


@dataclass(frozen=True, kw_only=True, eq=False)
class SweepTask:
    """A sweep that has passed every check and is about to run."""

    scenario: Scenario
    known: Mapping[str, NumberPath]  # of the scenario or of a variant that runs
    design: Design
    plan: SweepPlan
    variants: tuple[str, ...]
    fixed: Mapping[str, frozenset[str]]  # by variant: paths that it sets itself, or lacks
    inputs: Mapping[str, Any]

    @property
    def runs(self) -> int:
        """Return the number of runs in all."""
        return len(self.design) * self.plan.replicates * len(self.variants)

    def chunks(self, segments: Sequence[int]) -> list[Chunk]:
        """Return the chunks in their order."""
        found = chunks_of(
            self.design,
            segments=segments,
            variants=self.variants,
            replicates=self.plan.replicates,
            fixed=self.fixed,
        )
        return list(found)


def sweep(
    scenario: str | Path,
    *,
    over: Sequence[str] = (),
    design: str | Path | Design = "lhs",
    points: int | None = None,
    runs: int | None = None,
    seed: int | None = None,
    sets: Sequence[str] = (),
    variants: Sequence[str] = (),
    noise: str = "shared",
    out: str | Path,
    jobs: int = 1,
    workplace: Executor | None = None,
    block: int = Options.block,
    exact_to: int = Options.exact_to,
    nu: float = Options.nu,
    xi: float = Options.xi,
    force: bool = False,
    confirmed: bool = False,
    progress: Progress | None = None,
) -> SweepResults:
    """Return the outcomes of a scenario at every point of a design.

    `over` holds `PATH=LOW..HIGH` or `PATH=VALUE,VALUE`; without it the scenario's `sweep` block
    counts. `design` is grid, lhs, sobol, a design, or a file of one. Each point has `runs` runs of
    each variant, on the same randomness at all points unless `noise` is independent. What `out`
    holds of the same sweep is kept, and only what is missing is run.
    """
    options = Options(jobs=jobs, block=block, exact_to=exact_to, nu=nu, xi=xi)
    refuse_wrong(runs=runs, seed=seed, sets=sets, points=points)
    task = prepared(
        scenario,
        over=over,
        design=design,
        points=points,
        runs=runs,
        seed=seed,
        sets=sets,
        variants=variants,
        noise=noise,
        options=options,
        confirmed=confirmed,
    )
    folder = place_of(out)
    place = workplace or executor_of(jobs)
    refuse_foreign(folder)
    with as_run_error(
        str(folder), kept="what is done is kept, and the same command goes on from it"
    ):
        found = stored_sweep(folder, task.inputs, task.design, force=force)
        if found is not None:
            return found
        made_at(folder)
        with locked(folder):
            return _run(task, folder, place, force=force, progress=progress or _silent)


def prepared(
    scenario: str | Path,
    *,
    over: Sequence[str],
    design: str | Path | Design,
    points: int | None,
    runs: int | None,
    seed: int | None,
    sets: Sequence[str],
    variants: Sequence[str],
    noise: str,
    options: Options,
    confirmed: bool,
) -> SweepTask:
    """Return a sweep ready to run; InputError lists what is wrong, before anything runs."""
    base = load(scenario, sets=sets, runs=runs, seed=seed)
    names = _variants(base, variants)
    known = paths_in([base.base, *(base.variants[name] for name in names)])
    made_of = _design(base, known, over, design, points, confirmed=confirmed)
    _refuse(noise, made_of, base, names, confirmed=confirmed)
    by_class = [_of_class(scenario, base, key, sets, runs, seed) for key in made_of.classes]
    for each in by_class:
        Ensemble(each, options)  # refuses outcomes that a class does not record
    fixed = {name: _fixed(base, name, made_of) for name in names}
    for each in by_class:
        for name in names:
            refuse_idle(each.variants[name], made_of, fixed[name])
    plan = SweepPlan(
        models={(at, n): each.variants[n] for at, each in enumerate(by_class) for n in names},
        outcomes=base.outcomes,
        dates=event_dates(base),
        seed=base.base.seed,
        options=options,
        replicates=base.base.runs,
        independent=noise == "independent",
    )
    about = {"paths": sorted(made_of.columns), "variants": list(names), "noise": noise}
    inputs = {**manifest.inputs(base, options.counting()), "sweep": about}
    return SweepTask(
        scenario=base,
        known=known,
        design=made_of,
        plan=plan,
        variants=names,
        fixed=fixed,
        inputs=inputs,
    )


def _run(
    task: SweepTask, folder: Path, place: Executor, *, force: bool, progress: Progress
) -> SweepResults:
    """Run what is missing of a sweep, then finish it."""
    segments = taken_up(folder, task.inputs, task.design, task.known, force=force)
    ledger, chunks = Ledger(folder), task.chunks(segments)
    missing = [chunk for chunk in chunks if not ledger.has(chunk)]
    ahead = task.runs - sum(chunk.rows for chunk in missing)
    try:
        failed = _fill(task, ledger, missing, place, lambda n: progress(ahead + n, task.runs))
        if failed:
            raise RunError(_report(failed, task, folder))
        return finished(task, ledger, chunks, folder)
    except (KeyboardInterrupt, GoneError) as stop:
        raise _stopped(stop, chunks, task, folder) from None


def _fill(
    task: SweepTask,
    ledger: Ledger,
    missing: Sequence[Chunk],
    place: Executor,
    progress: Callable[[int], None],
) -> list[tuple[Chunk, Failed]]:
    """Run and keep the missing chunks; return those that failed twice."""
    names = [outcome.text for outcome in task.plan.outcomes]
    failed, count = [], 0
    with closing(Runner(done, place).results(jobs_of(task.plan, missing))) as results:
        for job, found in results:
            if isinstance(found, Failed):
                failed.append((job.chunk, found))
                continue
            ledger.add(job.chunk, found, names)
            count += job.chunk.rows
            progress(count)
    return failed


def _stopped(
    stop: BaseException, chunks: Sequence[Chunk], task: SweepTask, folder: Path
) -> SimError:
    """Return what was kept when a sweep was stopped, as the disk has it, and how to go on."""
    ledger = Ledger(folder)
    kept = sum(chunk.rows for chunk in chunks if ledger.has(chunk))
    message = (
        f"{str(stop) or 'interrupted'}: {kept:,} of {task.runs:,} runs are kept in {folder}; "
        "the same command goes on from there"
    )
    return RunError(message) if isinstance(stop, GoneError) else Interrupted(message)


def _report(failed: Sequence[tuple[Chunk, Failed]], task: SweepTask, folder: Path) -> str:
    """Return what failed, with its points, and how to go on."""
    lines = []
    for chunk, why in failed:
        first, last = int(chunk.points[0]), int(chunk.points[-1])
        values = ", ".join(f"{p}={c[first]}" for p, c in task.design.columns.items())
        lines.append(
            f"points {first} to {last} of variant {chunk.variant} failed twice: {why}\n"
            f"  point {first}: {values}"
        )
    rest = f"everything else is kept in {folder}; the same command runs only what is missing"
    return "\n".join([*lines, rest])


def _design(
    base: Scenario,
    known: Mapping[str, NumberPath],
    over: Sequence[str],
    design: str | Path | Design,
    points: int | None,
    *,
    confirmed: bool,
) -> Design:
    """Return the design that was asked for."""
    if isinstance(design, Design):
        return design
    if str(design) in METHODS:
        axes = axes_of(base.base, over, known)
        return made(axes, str(design), points, base.base.seed, confirmed=confirmed)
    if Path(design).suffix not in {".csv", ".parquet"}:
        message = f"must be {', '.join(METHODS)} or a .csv or .parquet file, got {str(design)!r}"
        raise InputError([Problem("--design", 0, 0, "", message)])
    if over or points is not None:
        message = "a design file names its own paths and points: leave out --over and -n"
        raise InputError([Problem("--design", 0, 0, "", message)])
    return read(Path(design), known)


def _variants(base: Scenario, asked: Sequence[str]) -> tuple[str, ...]:
    """Return the variants that are swept, in the scenario's order."""
    wrong = [name for name in asked if name not in base.variants]
    if wrong:
        problems = [
            Problem("--variant", 0, 0, "", f"no variant {quoted(n)}{meant(n, base.variants)}")
            for n in wrong
        ]
        raise InputError(problems)
    return tuple(name for name in base.variants if not asked or name in asked)


def _refuse(
    noise: str, design: Design, base: Scenario, names: Sequence[str], *, confirmed: bool
) -> None:
    """Refuse an unknown kind of noise, and a sweep too large to be meant."""
    total = len(design) * base.base.runs * len(names)
    problems = []
    if noise not in NOISES:
        message = f"must be {' or '.join(NOISES)}, got {noise!r}"
        problems.append(Problem("--noise", 0, 0, "", message))
    if noise == "independent" and len(design) * base.base.runs >= 2**32:
        problems.append(Problem("--noise", 0, 0, "", "independent runs are 2^32 at most"))
    if total > MOST_RUNS and not confirmed:
        message = (
            f"{len(design):,} points x {base.base.runs:,} runs x {len(names)} variants are "
            f"{total:,} runs: more than {MOST_RUNS:,} have to be confirmed by --yes"
        )
        problems.append(Problem("-n", 0, 0, "", message))
    if problems:
        raise InputError(problems)


def _of_class(
    scenario: str | Path,
    base: Scenario,
    key: tuple[tuple[str, str], ...],
    sets: Sequence[str],
    runs: int | None,
    seed: int | None,
) -> Scenario:
    """Return the scenario of a class: the base with some texts set."""
    if not key:
        return base
    texts = [f"{path}={text}" for path, text in key]
    try:
        return load(scenario, sets=[*sets, *texts], runs=runs, seed=seed)
    except InputError as error:
        problems = [Problem("design", 0, 0, each.key, each.message) for each in error.problems]
        raise InputError(problems) from None


def _fixed(base: Scenario, variant: str, design: Design) -> frozenset[str]:
    """Return the swept paths that a variant sets itself, where its own value stands, or lacks.

    A number that only variants have, of an event of theirs, is varied in each that has it.
    """
    ours, theirs = number_paths(base.variants[variant]), number_paths(base.base)
    numbers = {
        path
        for path in design.riding
        if path not in ours or (path in theirs and ours[path].value != theirs[path].value)
    }
    if variant == BASELINE:
        return frozenset(numbers)
    own, plain = base.document_of(variant), base.document_of(BASELINE)
    by_class = [axis.path for axis in design.axes if not axis.rides]
    texts = {
        path for path in by_class if find(own, steps_of(path)) is not find(plain, steps_of(path))
    }
    return frozenset(numbers | texts)


def _silent(done: int, total: int) -> None:
    """Show no progress."""
    del done, total
