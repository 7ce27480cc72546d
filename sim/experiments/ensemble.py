"""An ensemble: many runs of every variant of a scenario, written as a folder of tables."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from time import perf_counter
from typing import Any

from sim.engine.engine_names import NUMPY
from sim.engine.selection import Engine
from sim.engine.trace import Case
from sim.experiments.accounts import accounts, kinds_counted
from sim.experiments.batch import NO_NUMBERS, cases_of, engine_of
from sim.experiments.block_size import block_size
from sim.experiments.contrast_series import ContrastLines, compared_subjects
from sim.experiments.dyad_choice import ALL, DyadChoice, choice_of, chosen, related
from sim.experiments.ensemble_block import (
    BlockOutcomes,
    BlockWork,
    EarlyBlock,
    RunBlock,
    ordered_blocks,
    outcomes_of_blocks,
)
from sim.experiments.ensemble_tables import VariantTables, trim, write_outcomes, write_patterns
from sim.experiments.exact import too_large, too_wide
from sim.experiments.executor import Executor, executor_of, results_of
from sim.experiments.options import FIRST, RANGED, SERIES, Options, Progress, refuse_wrong, silent
from sim.experiments.outcomes import OutcomeReader, Outcomes, event_dates
from sim.experiments.processes import Processes
from sim.experiments.remedies import as_run_error
from sim.experiments.stored_result import is_stored
from sim.experiments.watch.reason_sums import reason_lines
from sim.experiments.watch.watch import Notes
from sim.kernel.dates import Calendar
from sim.kernel.errors import Interrupted, ResultError, need_flags, need_lists
from sim.kernel.layout.layout import Layout
from sim.patterns.values import described
from sim.records import manifest
from sim.records.first_run_tables import WHY
from sim.records.results import Results, load_results
from sim.records.soundness import replaceable, stored
from sim.records.store import (
    PARTIAL,
    draft,
    free_place,
    hashes,
    place_of,
    scratch_folder,
    settle,
    write_manifest,
)
from sim.records.tables import (
    COLUMNS,
    CONTRASTS_SERIES,
    DIFFERENCES,
    OUTCOMES,
    PATTERNS,
    SUMMARY,
    run_dictionary,
)
from sim.scenario.compile.layouts import layout_of
from sim.scenario.load import Scenario, load
from sim.scenario.patches import BASELINE, Settings
from sim.scenario.paths import named_paths
from sim.scenario.schema.contrasts import leading, pairs

FirstNumbers = Callable[[Outcomes], object]


@dataclass(eq=False)
class Ensemble:
    """The runs of all variants of a scenario, and the writing of their tables."""

    scenario: Scenario
    options: Options
    executor: Executor | None = None
    progress: Progress = silent
    first_numbers: FirstNumbers = silent
    seconds: defaultdict[str, float] = field(
        init=False, default_factory=partial(defaultdict, float)
    )  # by phase
    layouts: dict[str, Layout] = field(init=False)  # by variant
    _contrasts: ContrastLines = field(init=False)
    _done: list[VariantTables] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        base, variants = self.scenario.base, self.scenario.variants
        self.layouts = {name: layout_of(model) for name, model in variants.items()}
        self._contrasts = ContrastLines(pairs(base.contrasts, variants, base.reference))

    @property
    def inputs(self) -> dict[str, Any]:
        """Return the inputs of the run: runs with equal inputs have equal tables."""
        counting = {**self.options.counting(), "engine": self.engine.name}
        states = len(self.scenario.base.states)
        counting |= choice_of(self.options.dyads, states)
        return manifest.inputs(self.scenario, counting)

    @cached_property
    def engine(self) -> Engine:
        """Return the engine that computes the runs, with the reason."""
        variants = self.scenario.variants.values()
        models = ((model, NO_NUMBERS) for model in variants)
        count = self.runs * len(variants)
        return engine_of(self.options.engine, count, models, lambda: self._cases)

    @cached_property
    def _cases(self) -> list[Case]:
        return cases_of((model, NO_NUMBERS) for model in self.scenario.variants.values())

    @property
    def runs(self) -> int:
        """Return the number of runs of each variant."""
        return self.scenario.base.runs

    @cached_property
    def dyads(self) -> dict[str, DyadChoice]:
        """Return by variant of which dyads the tables hold series and ties."""
        if chosen(self.options.dyads, len(self.scenario.base.states)) == ALL:
            return {name: DyadChoice(layout) for name, layout in self.layouts.items()}
        cases = zip(self.scenario.variants, self._cases, strict=True)
        return {name: related(case.world, self.scenario.outcomes) for name, case in cases}

    @property
    def block(self) -> int:
        """Return how many runs are computed together."""
        return block_size(self.options.block, self.layouts.values())

    @property
    def _watched(self) -> int:
        return min(self.runs, self.options.watched)

    def variants(self) -> Generator[VariantTables, None, None]:
        """Yield the tables of each variant, in the order of variants.

        The outcomes of the first runs of the leading variants go to `first_numbers` once they are
        known.
        """
        scenario, options, runs, engine = self.scenario, self.options, self.runs, self.engine
        names, sized = list(scenario.variants), replace(options, block=self.block)
        lacking = [] if engine.name == NUMPY else engine.uncompiled(self._cases)
        known = leading(scenario.base.contrasts, names), [names[at] for at in lacking]
        tasks, shown = ordered_blocks(names, range(runs), FIRST, sized, engine, *known)
        executor = self.executor or executor_of(min(options.jobs, len(tasks)))
        count, total = 0, runs * len(scenario.variants)
        left = Counter(name for task in tasks for name in task.variants)
        waiting = deque(names)
        early: dict[str, list[EarlyBlock]] = defaultdict(list)
        held: dict[str, list[RunBlock]] = defaultdict(list)
        notes: dict[str, list[Notes]] = defaultdict(list)
        with scratch_folder() as scratch:
            work = BlockWork(
                models=scenario.variants,
                read=OutcomeReader(scenario.outcomes, event_dates(scenario), options),
                patterns=scenario.base.patterns,
                seed=scenario.base.seed,
                options=options,
                runs=runs,
                engine=engine,
                dyads={n: each.table for n, each in self.dyads.items() if each.table is not None},
                scratch=scratch if isinstance(executor, Processes) else None,
            )
            with closing(results_of(work, tasks, executor)) as blocks:
                for at, block in enumerate(blocks, start=1):
                    for name, each in block.notes_by_variant.items():
                        notes[name].append(each)
                    for phase, seconds in block.seconds.items():
                        self.seconds[phase] += seconds
                    if isinstance(block, RunBlock):
                        held[block.task.variant].append(block)
                        count += block.task.stop - block.task.start
                        self.progress(count, total)
                    if isinstance(block, EarlyBlock) and at <= shown:
                        early[block.task.variant].append(block)
                    if at == shown:
                        first = {name: outcomes_of_blocks(each) for name, each in early.items()}
                        self.first_numbers(self.outcomes_of(first))
                        early.clear()
                    left.subtract(block.task.variants)
                    while waiting and not left[waiting[0]]:
                        name = waiting.popleft()
                        dyads = self.dyads[name]
                        yield VariantTables(held.pop(name), options, notes[name], dyads=dyads)

    def outcomes_of(self, variants: Mapping[str, BlockOutcomes]) -> Outcomes:
        """Return the outcomes of some variants."""
        return Outcomes(
            outcomes=self.scenario.outcomes,
            values={name: values for name, (values, _) in variants.items()},
            drawn={name: drawn for name, (_, drawn) in variants.items()},
        )

    def publish(self, folder: Path, *, force: bool = False) -> None:
        """Write the tables beside the folder and move them there when they are complete.

        If interrupted, the finished variants go to a folder of their own (Interrupted). If another
        run has finished in the folder meanwhile and may not be replaced, so does the result
        (ResultError).
        """
        with draft(folder) as place:
            try:
                self.write(place)
            except KeyboardInterrupt:
                raise Interrupted(self._kept(place, folder)) from None
            if not force and stored(folder) is not None:
                other = free_place(folder)
                settle(place, other)
                message = (
                    f"{folder}: another run has finished in this folder; this result is in {other}"
                )
                raise ResultError(message)
            settle(place, folder)

    def write(self, folder: Path) -> None:
        """Write tables and manifest to a folder."""
        began, clock = datetime.now(UTC), perf_counter()
        subjects = compared_subjects(self.scenario.outcomes)
        with closing(self.variants()) as tables:
            for each in tables:
                start = perf_counter()
                cells = each.write(folder, self.layouts[each.variant], subjects)
                self._contrasts.add(each.variant, cells)
                self._done.append(each)
                self.seconds["statistics and tables"] += perf_counter() - start
        self._finish(folder)
        self.seconds["total"] = perf_counter() - clock
        self._manifest(folder, began=began.isoformat(timespec="seconds"))

    def _finish(self, folder: Path) -> None:
        """Write the tables that need all variants."""
        start, base = perf_counter(), self.scenario.base
        done = {each.variant: (each.outcomes, each.drawn) for each in self._done}
        outcomes = self.outcomes_of(done)
        compared = pairs(base.contrasts, outcomes.values, base.reference)
        write_outcomes(folder, outcomes, compared, base.smallest)
        reasons = {each.variant: each.reasons for each in self._done}
        WHY.append(folder, reason_lines(reasons, compared, self._watched))
        CONTRASTS_SERIES.append(folder, list(self._contrasts))
        values = {each.variant: each.patterns for each in self._done if each.patterns is not None}
        write_patterns(folder, base.patterns, values)
        known = named_paths(base)
        drawn = [(path, known[path].unit if path in known else "") for path in outcomes.paths]
        patterns = bool(base.patterns)
        COLUMNS.append(folder, run_dictionary(self.scenario.outcomes, drawn, patterns=patterns))
        self.seconds["statistics and tables"] += perf_counter() - start

    def _manifest(self, folder: Path, **how: Any) -> None:
        """Write the manifest: inputs, scenario, files; equal runs may differ only in `how`."""
        variants = [each.variant for each in self._done]
        about = manifest.described(self.scenario)
        write_manifest(
            folder,
            {
                "inputs": self.inputs,
                "complete": len(variants) == len(about["variants"]),
                **about,
                "variants": variants,
                "numbers": kinds_counted(accounts(self.scenario, BASELINE)),
                "series_runs": min(self.runs, SERIES),
                "transfer_runs": min(self.runs, self.options.transfers),
                "event_runs": self._watched,
                "stability": {
                    "nu": self.options.nu,
                    "xi": self.options.xi,
                    "runs": min(self.runs, RANGED),
                },
                "left_out": {
                    name: {
                        "subsidy": too_large(layout),
                        "frustration": too_wide(layout, self.options),
                    }
                    for name, layout in self.layouts.items()
                },
                "patterns": described(self.scenario.base.patterns),
                "files": hashes(folder),
                "how": {
                    "commit": manifest.commit(),
                    "jobs": self.executor.workers if self.executor else self.options.jobs,
                    "block": self.block,
                    "engine": {"name": self.engine.name, "reason": self.engine.reason},
                    **how,
                    "seconds": {name: round(s, 3) for name, s in self.seconds.items()},
                },
            },
        )

    def _kept(self, place: Path, folder: Path) -> str:
        """Keep the finished variants; return a message on what was kept and how to go on."""
        again = "the same command starts again"
        if not self._done:
            return f"interrupted: no variant was finished, so no results were kept; {again}"
        for path in place.glob("*.csv"):
            trim(path, [each.variant for each in self._done])
        for table in (OUTCOMES, SUMMARY, DIFFERENCES, CONTRASTS_SERIES, WHY, PATTERNS, COLUMNS):
            (place / table.file).unlink(missing_ok=True)
        self._finish(place)
        self._manifest(place, interrupted=True)
        partial = folder.absolute().with_name(folder.name + PARTIAL)
        if partial.exists() and not replaceable(partial):
            return f"interrupted: {partial} is not a result, so no results were kept there; {again}"
        settle(place, partial)
        partial = folder.with_name(partial.name)
        names = ", ".join(each.variant for each in self._done)
        count = f"{len(self._done)} of {len(self.scenario.variants)} variants"
        return f"interrupted: {count} kept in {partial} ({names}); {again}"


def run(
    scenario: Scenario | str | Path,
    *,
    runs: int | None = None,
    seed: int | None = None,
    sets: Settings = (),
    variants: Sequence[str] = (),
    uncertain: bool | None = None,
    jobs: int = 1,
    block: int = Options.block,
    engine: str = Options.engine,
    transfers: int = Options.transfers,
    dyads: str = Options.dyads,
    exact_to: int = Options.exact_to,
    nu: float = Options.nu,
    xi: float = Options.xi,
    out: str | Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
    executor: Executor | None = None,
    say: Callable[[str], object] = silent,
    first_numbers: FirstNumbers = silent,
) -> Results:
    """Run a scenario and return its results: all variants, or some, over the same runs.

    With `out` the tables are written to that folder, or read from it if it holds the result of
    equal inputs; another result is replaced only with `force`. Without `out` they are held in
    memory. `engine` is auto, numpy or compiled; auto compiles if that is faster. `jobs`, `block`
    and `executor` (by default processes of this machine) do not change any byte of the tables.
    `dyads` is all, related or auto: the pairs of states of which tables hold series and ties.
    `say` receives the size of the run before it starts. If there are more than 50 runs, the first
    50 of the two variants of the first contrast are run first, and `first_numbers` receives their
    outcomes, which the other runs do not change.
    """
    options = Options(
        jobs=jobs,
        block=block,
        engine=engine,
        transfers=transfers,
        dyads=dyads,
        exact_to=exact_to,
        nu=nu,
        xi=xi,
    )
    refuse_wrong(runs=runs, seed=seed, sets=sets)
    need_flags(uncertain=uncertain, force=force)
    need_lists(variants=variants)
    if not isinstance(scenario, Scenario):
        if uncertain is not None:
            sets = (*sets, f"uncertain={str(uncertain).lower()}")
        scenario = load(scenario, sets=sets, runs=runs, seed=seed)
    if variants:
        scenario = scenario.only(variants)
    ensemble = Ensemble(scenario, options, executor, progress or silent, first_numbers)
    if out is None:
        with as_run_error("the folder for temporary files"), scratch_folder() as folder:
            _announce(ensemble, say)
            ensemble.write(folder)
            return load_results(folder).in_memory()
    place = place_of(out)
    if is_stored(place, ensemble.inputs, ensemble.engine, force=force):
        return load_results(place)
    _announce(ensemble, say)
    with as_run_error(str(place)):
        ensemble.publish(place, force=force)
    return load_results(place)


def _announce(ensemble: Ensemble, say: Callable[[str], object]) -> None:
    """Say what will be computed, and of which dyads there will be tables, unless of all."""
    say(size_of(ensemble.scenario))
    for sentence in dict.fromkeys(each.sentence for each in ensemble.dyads.values()):
        if sentence:
            say(sentence)


def size_of(scenario: Scenario) -> str:
    """Return the size of an ensemble in words."""
    base, variants = scenario.base, len(scenario.variants)
    time = base.time
    periods = len(Calendar.between(time.start, time.end, time.period))
    crossed = f"{variants} variant{'s' * (variants > 1)} x {base.runs:,} runs"
    return (
        f"{crossed} = {variants * base.runs:,} runs of "
        f"{len(base.states)} states over {periods:,} {time.period}s"
    )
