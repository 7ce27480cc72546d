"""Sweep: an ensemble at every point of a design, on any executor, which can be resumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from sim.documents.nodes import find, steps_of
from sim.experiments.chunk_store import ChunkStore
from sim.experiments.design import (
    METHODS,
    Design,
    axes_of,
    made,
    paths_in,
    read,
    refuse_idle,
    write,
)
from sim.experiments.executor import Executor, executor_of
from sim.experiments.keywords import by_keyword
from sim.experiments.options import Options, Progress, refuse_unknown, silent
from sim.experiments.remedies import as_run_error
from sim.experiments.sweeps.sweep_results import DESIGN, SweepResults
from sim.experiments.sweeps.sweep_runs import filled, refuse_other_engine
from sim.experiments.sweeps.sweep_table import SweepTask, finish
from sim.kernel.errors import InputError, Problem, ResultError
from sim.records import manifest
from sim.records.kinds import DRAFT, SWEEP
from sim.records.soundness import stored
from sim.records.store import place_of
from sim.scenario.load import Scenario, load
from sim.scenario.patches import BASELINE, Settings, texts_of
from sim.scenario.paths import NumberPath, named_paths

DESIGNS = (".csv", ".parquet", ".gz", ".txt")  # suffixes of files with a design
NOISES = ("shared", "independent")
MOST_RUNS = 100_000_000  # runs above which a sweep must be confirmed


@by_keyword
def sweep(
    scenario: str | Path,
    *,
    over: Sequence[str] = (),
    design: str | Path | Design = "lhs",
    points: int | None = None,
    runs: int | None = None,
    seed: int | None = None,
    sets: Settings = (),
    variants: Sequence[str] = (),
    noise: str = "shared",
    out: str | Path,
    jobs: int = 1,
    executor: Executor | None = None,
    block: int = Options.block,
    engine: str = Options.engine,
    exact_to: int = Options.exact_to,
    nu: float = Options.nu,
    xi: float = Options.xi,
    force: bool = False,
    confirmed: bool = False,
    progress: Progress | None = None,
) -> SweepResults:
    """Run a scenario at every point of a design; return the outcomes.

    `over` holds `PATH=LOW..HIGH` or `PATH=VALUE,VALUE`; the default is the scenario's `sweep`
    section. `design` is grid, lhs, sobol, a design, or a file with one. Each point has `runs` runs
    of each variant, with the same randomness at all points unless `noise` is independent. Runs of
    the same sweep in `out` are kept, and only the missing ones are run. `engine` is auto, numpy or
    compiled, as for `run`; a sweep is resumed with the engine with which it began.
    """
    options = Options(jobs=jobs, block=block, engine=engine, exact_to=exact_to, nu=nu, xi=xi)
    reload = partial(load, scenario, runs=runs, seed=seed)
    base = reload(sets=sets)
    refuse_unknown("variant", variants, base.variants)
    names = tuple(name for name in base.variants if not variants or name in variants)
    known = paths_in([base.base, *(base.variants[name] for name in names)])
    layout = _design(base, known, over, design, points, confirmed=confirmed)
    _refuse(noise, layout, base, names, confirmed=confirmed)
    task = SweepTask(
        scenario=base,
        classes=[_of_class(base, key, reload, sets) for key in layout.classes],
        design=layout,
        variants=names,
        fixed={name: _fixed(base, name, layout) for name in names},
        options=options,
        independent=noise == "independent",
        patterns={},
    )
    for each in task.classes:
        for name in names:
            refuse_idle(each.variants[name], layout, task.fixed[name])
    about = {"paths": sorted(layout.columns), "variants": list(names), "noise": noise}
    inputs = {**manifest.inputs(base, options.counting()), "sweep": about}
    store = ChunkStore(place_of(out), SWEEP, inputs)
    store.check(force=force)
    with as_run_error(
        str(store.folder), kept="finished runs are kept, and the same command resumes"
    ):
        finished = None if force else _stored(store, layout, known)
        if finished is not None:
            made = finished.manifest["how"].get("engine", {}).get("name")
            refuse_other_engine(options.engine, made, store.folder)
            return finished
        with store.claim(force=force):
            place = executor or executor_of(jobs)
            chunks = list(task.chunks(*_segments(task, store, known, place)))
            with filled(task, store, chunks, place, progress or silent):
                return finish(task, store, chunks)


def _stored(
    store: ChunkStore, design: Design, known: Mapping[str, NumberPath]
) -> SweepResults | None:
    """Return the finished sweep of equal inputs and points in a folder, if it holds one."""
    about = stored(store.folder)
    if about is None or about.get("complete") is not True or about["inputs"] != store.inputs:
        return None
    if about["table"]["points"] != len(design):
        return None
    results = SweepResults(store.folder)
    return results if design.begins_with(read(store.folder / DESIGN, known)) else None


def _segments(
    task: SweepTask, store: ChunkStore, known: Mapping[str, NumberPath], place: Executor
) -> tuple[list[int], list[int]]:
    """Return the number of points each time that the design grew, with this one last.

    Also return the number of runs of a chunk each time, which depends on the first executor. A
    folder with the same design is resumed. One whose points are the first of the design is
    extended. ResultError for any other.
    """
    design, file = task.design, store.folder / DESIGN
    segments: list[int] = []
    rows: list[int] = []
    if store.state is not None:
        segments = store.state.get("segments", [])
        rows = store.state.get("rows", [])
        whole = all(isinstance(size, int) for size in (*segments, *rows))
        if not segments or not whole or len(rows) != len(segments):
            raise store.damaged(store.folder / SWEEP.state)
        if not design.begins_with(read(file, known)) or len(design) < segments[-1]:
            message = (
                f"{store.folder}: holds a sweep with other points; a design can only extend one "
                "that it begins with (a Sobol' design of the same seed does); give --force or "
                "another --out"
            )
            raise ResultError(message)
    if not segments or segments[-1] != len(design):
        segments, rows = [*segments, len(design)], [*rows, task.chunk_rows(place)]
        draft = file.with_name(DESIGN + DRAFT)
        write(design, draft)
        draft.replace(file)
        store.keep(segments=segments, rows=rows)
        store.reopen()
    return segments, rows


def _design(
    base: Scenario,
    known: Mapping[str, NumberPath],
    over: Sequence[str],
    design: str | Path | Design,
    points: int | None,
    *,
    confirmed: bool,
) -> Design:
    if isinstance(design, Design):
        return design
    if str(design) in METHODS:
        axes = axes_of(base.base, over, known)
        return made(axes, str(design), points, base.base.seed, confirmed=confirmed)
    if Path(design).suffix not in DESIGNS:
        files = ", ".join(DESIGNS)
        message = f"must be {', '.join(METHODS)} or a file ({files}), got {str(design)!r}"
        raise InputError([Problem("--design", 0, 0, "", message)])
    if over or points is not None:
        message = "a design file has its own paths and points: leave out --over and --points"
        raise InputError([Problem("--design", 0, 0, "", message)])
    return read(Path(design), known)


def _refuse(
    noise: str, design: Design, base: Scenario, names: Sequence[str], *, confirmed: bool
) -> None:
    each = len(design) * base.base.runs
    faults = []
    if noise not in NOISES:
        faults += [("--noise", f"must be {' or '.join(NOISES)}, got {noise!r}")]
    if noise == "independent" and each >= 2**32:
        faults += [("--noise", "at most 2^32 independent runs are possible")]
    if each * len(names) > MOST_RUNS and not confirmed:
        count = f"{len(design):,} points x {base.base.runs:,} runs x {len(names)} variants"
        most = f"more than {MOST_RUNS:,} must be confirmed by --yes"
        faults += [("--points", f"{count} are {each * len(names):,} runs: {most}")]
    if faults:
        raise InputError([Problem(flag, 0, 0, "", fault) for flag, fault in faults])


def _of_class(
    base: Scenario,
    key: tuple[tuple[str, str], ...],
    reload: Callable[..., Scenario],
    sets: Settings,
) -> Scenario:
    """Return the scenario of a class: the base with the texts of its key set."""
    if not key:
        return base
    try:
        return reload(sets=[*texts_of(sets), *(f"{path}={text}" for path, text in key)])
    except InputError as error:
        problems = [Problem("design", 0, 0, each.key, each.message) for each in error.problems]
        raise InputError(problems) from None


def _fixed(base: Scenario, variant: str, design: Design) -> frozenset[str]:
    """Return the swept paths that do not vary in a variant: it sets them itself, or lacks them.

    A number that only variants have, such as one of their own events, varies in each of them.
    """
    ours, theirs = named_paths(base.variants[variant]), named_paths(base.base)
    fixed = {
        path
        for path in design.riding
        if path not in ours or (path in theirs and ours[path].value != theirs[path].value)
    }
    if variant != BASELINE:
        own, plain = base.document_of(variant), base.document_of(BASELINE)
        steps = {axis.path: steps_of(axis.path) for axis in design.axes if not axis.rides}
        fixed |= {path for path, at in steps.items() if find(own, at) is not find(plain, at)}
    return frozenset(fixed)
