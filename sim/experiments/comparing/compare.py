"""Compare: two scenarios or variants on shared randomness, and what makes the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import InputError, Problem
from sim.experiments.comparing.shapley import (
    EXACT_TO,
    Coalition,
    coalitions_of,
    exact_shares,
    order_error,
    orders_of,
    shares,
)
from sim.experiments.evaluate import outcomes_of
from sim.experiments.gathering import Progress, event_dates
from sim.experiments.intervals import mean_interval, paired_interval, widened
from sim.experiments.options import Options
from sim.experiments.summary import in_unit
from sim.experiments.workplaces import Workplace
from sim.scenario.load import Scenario, load
from sim.scenario.nodes import Node
from sim.scenario.outcomes import Outcome
from sim.scenario.schema import Model
from sim.scenario.splice import differing, model_of, spliced
from sim.scenario.variants import BASELINE
from sim.scenario.words import meant, quoted

PAIRS = 24  # of sampled orders, where there are too many inputs for all


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two: a scenario and its variant."""

    scenario: Scenario
    variant: str

    @property
    def name(self) -> str:
        """Return how the side is told from the other."""
        return f"{self.scenario.name}:{self.variant}"

    @property
    def document(self) -> Node:
        """Return the merged document."""
        return self.scenario.document_of(self.variant)

    @property
    def folder(self) -> Path:
        """Return the folder of the scenario."""
        return self.scenario.files[0].parent


@dataclass(frozen=True, eq=False)
class Comparison:
    """The differences of `other` less `one`, run by run, and their attribution."""

    one: str
    other: str
    inputs: tuple[str, ...]  # in which the two differ
    differences: pd.DataFrame  # a row an outcome
    attribution: pd.DataFrame  # a row an outcome and input; empty unless asked for
    runs: pd.DataFrame  # a row a run: both values of every outcome
    exact: bool  # whether every order of the inputs counts


def compare(
    one: str | Path,
    other: str | Path,
    *,
    runs: int | None = None,
    seed: int | None = None,
    outcomes: Sequence[str] = (),
    attribute: bool = False,
    options: Options | None = None,
    workplace: Workplace | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Return the paired differences of two scenarios on shared randomness.

    Each is a file or a shipped name, `NAME:VARIANT` for a variant. Runs and seed are those of the
    first unless given; outcomes those that both have. With `attribute` the difference is shared
    out among the inputs in which the two differ (Shapley).
    """
    sides = [_side(str(text), runs, seed) for text in (one, other)]
    first, second = sides
    chosen = _common(first, second, outcomes)
    inputs = differing(first.document, second.document)
    if not inputs:
        message = "the two do not differ in any input; nothing to compare"
        raise InputError([Problem(second.name, 0, 0, "", message)])
    orders, exact = [tuple(range(len(inputs)))], True
    if attribute:
        orders, exact = orders_of(len(inputs), pairs=PAIRS, seed=first.scenario.base.seed)
    ends = [frozenset[int](), frozenset(range(len(inputs)))]
    coalitions = coalitions_of(orders) if attribute else ends
    base = first.scenario.base
    found = outcomes_of(
        _models(first, second, inputs, coalitions),
        chosen,
        runs=base.runs,
        seed=base.seed,
        dates={**event_dates(second.scenario), **event_dates(first.scenario)},
        options=options,
        workplace=workplace,
        progress=progress,
    )
    worth = {each: found[str(at)][0].T for at, each in enumerate(coalitions)}
    none, every = (worth[end] for end in ends)
    parts = sampled = None
    if attribute and len(inputs) <= EXACT_TO:
        parts = exact_shares(worth, len(inputs))
    elif attribute:
        parts, sampled = shares(worth, orders), order_error(worth, orders)
    return Comparison(
        one=first.name,
        other=second.name,
        inputs=tuple(inputs),
        differences=_differences(chosen, none, every),
        attribution=_attribution(chosen, inputs, parts, sampled),
        runs=_by_run(chosen, none, every),
        exact=exact,
    )


def _models(
    first: Side, second: Side, inputs: Sequence[str], coalitions: Sequence[Coalition]
) -> dict[str, Model]:
    """Return by number the first side with each coalition of the second's inputs."""
    models = {}
    for at, coalition in enumerate(coalitions):
        names = [inputs[each] for each in sorted(coalition)]
        if len(names) == len(inputs):
            models[str(at)] = second.scenario.variants[second.variant]
            continue
        try:
            document = spliced(first.document, second.document, names)
            models[str(at)] = model_of(document, first.folder)
        except InputError as error:
            raise _cannot(names, error) from None
    return models


def _cannot(names: Sequence[str], error: InputError) -> InputError:
    """Return why some inputs of one side do not fit the other without the rest."""
    told = ", ".join(names)
    problems = [
        Problem(p.file, p.line, p.column, p.key, f"{p.message} (with only {told} of the other)")
        for p in error.problems
    ]
    advice = "the inputs cannot be told apart one by one: compare without --attribute"
    return InputError([*problems, Problem("--attribute", 0, 0, "", advice)])


def _side(text: str, runs: int | None, seed: int | None) -> Side:
    """Return a side: `NAME` or `NAME:VARIANT`."""
    name, colon, variant = text.rpartition(":")
    if not colon or "/" in variant or "\\" in variant:
        name, variant = text, BASELINE
    found = load(name, runs=runs, seed=seed)
    if variant not in found.variants:
        message = f"no variant {quoted(variant)}{meant(variant, found.variants)}"
        raise InputError([Problem(name, 0, 0, "", message)])
    return Side(found, variant)


def _common(first: Side, second: Side, asked: Sequence[str]) -> list[Outcome]:
    """Return the outcomes to compare; refuse sides that no run can pair."""
    problems = []
    ours, theirs = first.scenario.base.time, second.scenario.base.time
    if ours != theirs:
        message = (
            f"covers {theirs.start} to {theirs.end} by {theirs.period}, the other {ours.start} to "
            f"{ours.end} by {ours.period}: give both the same time"
        )
        problems.append(Problem(second.name, 0, 0, "time", message))
    known = {o.text: o for o in first.scenario.outcomes}
    shared = {o.text for o in second.scenario.outcomes}
    both = [text for text in known if text in shared]
    problems += [
        Problem("--outcome", 0, 0, "", f"no outcome {quoted(t)} that both have{meant(t, both)}")
        for t in asked
        if t not in both
    ]
    found = [known[text] for text in both if text in asked or not asked]
    if not found and not problems:
        message = f"has no outcome in common with {first.name}: name one with --outcome"
        problems.append(Problem(second.name, 0, 0, "outcomes", message))
    if problems:
        raise InputError(problems)
    return found


def _differences(outcomes: Sequence[Outcome], none: np.ndarray, every: np.ndarray) -> pd.DataFrame:
    """Return a row an outcome: means, paired difference, runs changed, what pairing gained."""
    rows: list[dict[str, Any]] = []
    for at, outcome in enumerate(outcomes):
        one, other = none[at], every[at]
        found, changed = paired_interval(other, one, share=in_unit(outcome.metric))
        rows.append(
            {
                "outcome": outcome.text,
                "runs": found.runs,
                "one": mean_interval(one).mean,
                "other": mean_interval(other).mean,
                "difference": found.mean,
                "low": found.low,
                "high": found.high,
                "changed": changed,
                "pairing": pairing_gain(one, other),
            }
        )
    return pd.DataFrame(rows)


def pairing_gain(one: np.ndarray, other: np.ndarray) -> float:
    """Return the variance of the difference of unpaired means over that of paired ones.

    Undefined where no paired difference varies, or fewer than two runs are defined.
    """
    there = ~(np.isnan(one) | np.isnan(other))
    if there.sum() < 2:  # noqa: PLR2004 - a variance needs two
        return float("nan")
    paired = float(np.var(other[there] - one[there], ddof=1))
    unpaired = float(np.var(one[there], ddof=1) + np.var(other[there], ddof=1))
    return unpaired / paired if paired > 0 else float("nan")


def _attribution(
    outcomes: Sequence[Outcome],
    inputs: Sequence[str],
    parts: np.ndarray | None,  # (inputs, outcomes, runs)
    sampled: np.ndarray | None = None,  # (inputs, outcomes): variance by the sample of orders
) -> pd.DataFrame:
    """Return a row an outcome and input: its Shapley share of the difference, with interval."""
    columns = ["outcome", "input", "share", "low", "high"]
    if parts is None:
        return pd.DataFrame(columns=columns)
    rows: list[Mapping[str, Any]] = []
    for at, outcome in enumerate(outcomes):
        for row, name in enumerate(inputs):
            found = mean_interval(parts[row, at])
            if sampled is not None:
                found = widened(found, float(sampled[row, at]), PAIRS)
            cells = (outcome.text, name, found.mean, found.low, found.high)
            rows.append(dict(zip(columns, cells, strict=True)))
    return pd.DataFrame(rows)


def _by_run(outcomes: Sequence[Outcome], none: np.ndarray, every: np.ndarray) -> pd.DataFrame:
    """Return both values of every outcome, a row a run and outcome."""
    count = none.shape[1]
    return pd.concat(
        [
            pd.DataFrame(
                {"outcome": o.text, "run": np.arange(count), "one": none[at], "other": every[at]}
            )
            for at, o in enumerate(outcomes)
        ],
        ignore_index=True,
    )
