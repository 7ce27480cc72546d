"""The audit: every number by the kind of its source, and what of the outcomes rests on which.

Every number that carries a spread is an input: those of the scenario by their own distribution,
parameters of laws over their range (`sim.experiments.priors`). Chance is one more input, the
run's address: rows that share it share all randomness. An assumed number without a spread does
not vary, so the share of the assumed is what can be measured, not all that there could be.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim.documents.leaves import Uncertain, value_of
from sim.documents.nodes import LAWS, DottedPath
from sim.documents.sources import ASSUMED, HYPOTHESIS
from sim.experiments.batch import RowReader, engine_of, rows_of
from sim.experiments.executor import Executor, Serial, results_of
from sim.experiments.indices import PickFreeze, VarianceShare, whole_power
from sim.experiments.options import Options, Progress, refuse_wrong
from sim.experiments.outcomes import OutcomeReader, event_dates
from sim.experiments.priors import prior_of
from sim.kernel.errors import InputError, Problem
from sim.records.columns import row
from sim.records.study_tables import AUDIT_NUMBERS, AUDIT_OUTCOMES
from sim.scenario.citations import unused_goods
from sim.scenario.compile.distributions import drawn
from sim.scenario.load import Scenario
from sim.scenario.paths import NumberPath, number_paths
from sim.scenario.schema.outcome_syntax import Outcome
from sim.scenario.schema.root import Model

SOURCED, MIXED = "sourced", "mixed"
KINDS = (SOURCED, MIXED, ASSUMED, HYPOTHESIS)  # mixed: the block lists a key and `assumed`
CHANCE = "chance"
FILES = (AUDIT_NUMBERS.file, AUDIT_OUTCOMES.file)
ADDRESSES = 2**32  # a run's number is a word of 32 bits
_SWITCH = "0 or 1"  # unit of an offer's `open`: a choice, not a number that a source could give


@dataclass(frozen=True)
class Account:
    """A number in force: where it stands, what it rests on, and whether it is uncertain."""

    path: DottedPath
    source: tuple[str, ...]
    kind: str  # one of KINDS
    value: float
    unit: str
    number: NumberPath | None  # nothing for an entry of a CSV table

    @property
    def block(self) -> str:
        """Return the block of the scenario, or `laws`."""
        return self.path.block

    @property
    def spread(self) -> Uncertain | None:
        """Return the distribution that the scenario, or the law's range, give the number.

        The parameter of a law stands for its range unless a hypothesis fixes it.
        """
        if self.number is None:
            return None
        fixed = self.path.of_law and self.kind == HYPOTHESIS
        if fixed and not isinstance(self.number.value, Uncertain):
            return None
        return prior_of(self.number)


def kind_of(source: Sequence[str]) -> str:
    """Return the kind of a source: a list with `assumed` and a key is mixed."""
    if HYPOTHESIS in source:
        return HYPOTHESIS
    if ASSUMED not in source:
        return SOURCED
    return ASSUMED if set(source) == {ASSUMED} else MIXED


def accounts(scenario: Scenario, variant: str) -> list[Account]:
    """Return every number in force of a variant, entries of its CSV tables included.

    Systems and classes that nothing uses are left out, and probabilities that nobody states.
    """
    model = scenario.variants[variant]
    changed, unused = scenario.sources_of(variant), unused_goods(model)
    numbers = []
    for path, each in number_paths(model).items():
        idle = (each.path.block, each.path.entry) in unused or _is_default(model, each.path)
        if each.unit != _SWITCH and not idle:
            source = (HYPOTHESIS,) if changed[path] == HYPOTHESIS else each.source
            value = float(value_of(each.value))
            numbers.append(Account(each.path, source, kind_of(source), value, each.unit, each))
    return [*numbers, *_of_tables(model)]


def _is_default(model: Model, path: DottedPath) -> bool:
    """Return whether a path is the probability of an event that happens for certain by default."""
    event = model.events.get(path.entry) if path.block == "events" else None
    return (
        event is not None
        and path.key == "probability"
        and "probability" not in event.model_fields_set
    )


def _of_tables(model: Model) -> Iterator[Account]:
    """Yield the entries of the CSV tables; those that a mapping overrides are not in force."""
    over = {
        "affinity": {(i, j) for i, each in model.affinities.items() for j in each.toward},
        "rivalry": {(i, j) for i, each in model.rivalries.items() for j in each.with_},
    }
    for name in ("affinity", "rivalry", "distance"):
        table = getattr(model.tables, name)
        if table is None:
            continue
        unit = "km" if name == "distance" else ""
        for pair, value in sorted(model.table(name).items()):
            if pair not in over.get(name, ()):
                path = DottedPath.of("tables", name, ">".join(pair))
                yield Account(path, table.source, kind_of(table.source), value, unit, None)


def counted(numbers: Sequence[Account]) -> dict[str, dict[str, int]]:
    """Return how many numbers of each kind every block holds; the laws come last."""
    blocks = sorted({each.block for each in numbers}, key=lambda block: (block == LAWS, block))
    return {
        block: {kind: sum(e.block == block and e.kind == kind for e in numbers) for kind in KINDS}
        for block in blocks
    }


@dataclass(frozen=True)
class Finding:
    """The level and spread of one outcome, and the share of each group of inputs in it."""

    outcome: Outcome
    mean: float
    sd: float
    defined: float  # share of the runs in which it has a value
    shares: Sequence[VarianceShare]


@dataclass(eq=False)
class Audit:
    """A variant of a scenario about to be audited."""

    scenario: Scenario
    variant: str
    points: int = 128  # asked for; those drawn are a power of two, none if 0
    outcomes: tuple[Outcome, ...] = ()
    numbers: list[Account] = field(init=False)
    design: PickFreeze = field(init=False)

    def __post_init__(self) -> None:
        """Take the accounts and lay out the design; refuse what cannot be run."""
        refuse_wrong(runs=self.points)
        if self.points < 0:
            message = f"must be 0 or more points, got {self.points}"
            raise InputError([Problem("--runs", 0, 0, "", message)])
        self.outcomes = self.outcomes or self.scenario.outcomes
        self.numbers = accounts(self.scenario, self.variant)
        groups = {
            kind: [each.path for each in self.varied if each.kind == kind]
            for kind in KINDS
            if any(each.kind == kind for each in self.varied)
        }
        points = whole_power(self.points) if self.points else 0
        self.design = PickFreeze({**groups, CHANCE: [CHANCE]}, points, self.model.seed)

    @property
    def model(self) -> Model:
        """Return the variant's model."""
        return self.scenario.variants[self.variant]

    @property
    def runs(self) -> int:
        """Return how many runs the audit takes; none where there is nothing to share out."""
        return self.design.rows if self.outcomes else 0

    @property
    def varied(self) -> list[Account]:
        """Return the numbers that carry a spread."""
        return [each for each in self.numbers if each.spread is not None]

    def findings(self, progress: Progress, executor: Executor | None = None) -> list[Finding]:
        """Return level, spread and shares of every outcome."""
        if not self.runs:
            return []
        values = self.values(self.design.uniform(), progress, executor or Serial())
        return [
            _finding(outcome, row, self.design)
            for outcome, row in zip(self.outcomes, values, strict=True)
        ]

    def values(
        self, uniform: Mapping[str, np.ndarray], progress: Progress, executor: Executor
    ) -> np.ndarray:
        """Return every outcome at every row of uniform numbers: (outcomes, rows)."""
        runs = np.minimum(uniform[CHANCE] * ADDRESSES, ADDRESSES - 1).astype(np.uint32)
        numbers: dict[str, np.ndarray] = {
            each.path: drawn(each.spread, uniform[each.path])
            for each in self.varied
            if each.spread is not None
        }
        read = OutcomeReader(self.outcomes, event_dates(self.scenario), Options())
        tasks, parts = rows_of(runs, numbers), []
        engine = engine_of(Options.engine, runs.size, [(self.model, numbers)])
        work = RowReader(model=self.model, read=read, engine=engine)
        with closing(results_of(work, tasks, executor)) as results:
            for task, values in zip(tasks, results, strict=True):
                parts.append(values)
                progress(task.stop, runs.size)
        return np.concatenate(parts, axis=1)


def _finding(outcome: Outcome, values: np.ndarray, design: PickFreeze) -> Finding:
    known = values[~np.isnan(values)]
    mean, sd = (float(known.mean()), float(known.std())) if known.size else (np.nan, np.nan)
    return Finding(outcome, mean, sd, known.size / values.size, design.shares(values))


def write(folder: Path, audit: Audit, findings: Sequence[Finding]) -> None:
    """Write both tables."""
    AUDIT_NUMBERS.append(folder, [_number(each) for each in audit.numbers])
    AUDIT_OUTCOMES.append(folder, _outcomes(audit, findings))


def document(audit: Audit, findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the whole audit as one document for JSON; what has no value is null."""
    return {
        "scenario": audit.scenario.name,
        "variant": audit.variant,
        "seed": audit.model.seed,
        "points": audit.design.points,
        "runs": audit.runs,
        "counts": counted(audit.numbers),
        "inputs": {group: len(inputs) for group, inputs in audit.design.groups.items()},
        "numbers": [
            {"path": each.path, "kind": each.kind, "source": list(each.source)}
            for each in audit.numbers
        ],
        "outcomes": [
            {
                "outcome": each.outcome.text,
                "mean": _or_none(each.mean),
                "sd": _or_none(each.sd),
                "defined": each.defined,
                "shares": {
                    share.group: {
                        "first": _or_none(share.first),
                        "first_half_width": _or_none(share.first_half),
                        "total": _or_none(share.total),
                        "total_half_width": _or_none(share.total_half),
                    }
                    for share in each.shares
                },
            }
            for each in findings
        ],
    }


def _number(each: Account) -> str:
    """Return the row of a number; the last cells are empty where it carries no spread."""
    spread = each.spread
    cells: list[str | float] = ["", "", ""]
    if spread is not None:
        cells = [spread.dist, spread.low, spread.high]
    about = (each.path, each.block, each.kind, " ".join(each.source), each.value, each.unit)
    return row([*about, *cells])


def _outcomes(audit: Audit, findings: Sequence[Finding]) -> list[str]:
    """Return the rows of outcomes, one for each group of inputs."""
    return [
        row(
            [
                each.outcome.text, each.mean, each.sd, each.defined,
                share.group, float(len(audit.design.groups[share.group])),
                share.first, share.first - share.first_half, share.first + share.first_half,
                share.total, share.total - share.total_half, share.total + share.total_half,
            ]
        )
        for each in findings
        for share in each.shares
    ]  # fmt: skip


def _or_none(value: float) -> float | None:
    """Return a number, or nothing where it has no value."""
    return None if math.isnan(value) else value
