"""The audit: every number by the kind of its source, and the share of each kind in the outcomes.

Every number with a distribution is an input: those of the scenario with their own, parameters of
laws with their range (`sim.experiments.priors`). Chance is one more input, the number of the run:
rows with the same number share all randomness. An assumed number without a distribution does not
vary, so only the share of assumptions that have one is measured.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim.experiments.accounts import KINDS, Account, accounts, counted
from sim.experiments.batch import LAYOUTS, RowReader, engine_of, rows_of
from sim.experiments.block_size import block_size
from sim.experiments.executor import Executor, Serial, results_of
from sim.experiments.indices import PickFreeze, VarianceShare, whole_power
from sim.experiments.options import Options, Progress, refuse_wrong
from sim.experiments.outcomes import OutcomeReader, event_dates
from sim.kernel.errors import InputError, Problem
from sim.records.columns import row
from sim.records.study_tables import AUDIT_NUMBERS, AUDIT_OUTCOMES
from sim.scenario.compile.distributions import drawn
from sim.scenario.load import Scenario
from sim.scenario.schema.outcome_syntax import Outcome
from sim.scenario.schema.root import Model

CHANCE = "chance"
FILES = (AUDIT_NUMBERS.file, AUDIT_OUTCOMES.file)
ADDRESSES = 2**32  # numbers of runs have 32 bits


@dataclass(frozen=True)
class Finding:
    """Mean and standard deviation of one outcome, and the share of each group of inputs in it."""

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
    points: int = 128  # at least; a power of two is drawn, none for 0
    outcomes: tuple[Outcome, ...] = ()
    numbers: list[Account] = field(init=False)
    design: PickFreeze = field(init=False)

    def __post_init__(self) -> None:
        """Make the accounts and the design; InputError if the number of points is wrong."""
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
        """Return the number of runs of the audit; 0 without outcomes."""
        return self.design.rows if self.outcomes else 0

    @property
    def varied(self) -> list[Account]:
        """Return the numbers that have a distribution."""
        return [each for each in self.numbers if each.spread is not None]

    def findings(self, progress: Progress, executor: Executor | None = None) -> list[Finding]:
        """Return mean, standard deviation and shares of every outcome."""
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
        size = block_size(Options.block, [LAYOUTS.of(self.model)])
        tasks, parts = rows_of(runs, numbers, size), []
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
    """Return the whole audit as a document for JSON, with null for nan."""
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
    """Return the row of a number; the last cells are empty if it has no distribution."""
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
    """Return a number, or None for nan."""
    return None if math.isnan(value) else value
