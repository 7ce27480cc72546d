"""Comparison: two scenarios or variants on shared randomness, and what makes the difference.

The difference is shared out among the inputs in which the two differ by Shapley's value, what each
adds to those before it, averaged over all orders:

    phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! [v(S + i) - v(S)]

The shares add up to v(all) - v(none). With many inputs the orders are sampled, in pairs of an
order and its reverse; each order adds up exactly, so the shares still do. A pair is then one draw
from all pairs: the mean over runs of what an input adds, averaged over the pair, varies from pair
to pair, and the variance of its mean over pairs is the error of taking some orders for all.

Sources: shapley1953, mitchell2022 (antithetic orders).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from math import factorial
from pathlib import Path

import numpy as np
import pandas as pd

from sim.documents.nodes import Node
from sim.experiments.evaluation import outcomes_of
from sim.experiments.executor import Executor
from sim.experiments.intervals import mean_interval, paired_interval, widened
from sim.experiments.keywords import by_keyword
from sim.experiments.options import Options, Progress, refuse_unknown, silent
from sim.experiments.outcomes import event_dates, is_bounded
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import meant, quoted
from sim.scenario.load import Scenario, load
from sim.scenario.patches import BASELINE
from sim.scenario.schema.outcome_syntax import Outcome
from sim.scenario.schema.root import Model
from sim.scenario.splice import differing, model_of, spliced

PAIRS = 24  # of sampled orders, where there are too many inputs for all


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two: a scenario and its variant."""

    scenario: Scenario
    variant: str

    @property
    def name(self) -> str:
        """Return the name that distinguishes the side."""
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


@by_keyword
def compare(
    one: str | Path | Side,
    other: str | Path | Side,
    *,
    runs: int | None = None,
    seed: int | None = None,
    outcomes: Sequence[str] = (),
    attribute: bool = False,
    options: Options | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    say: Callable[[str], object] | None = None,
) -> Comparison:
    """Return the paired differences of two scenarios on shared randomness.

    Each is a file or a shipped name, `NAME:VARIANT` for a variant. Runs and seed are those of the
    first unless given; outcomes those that both have. With `attribute` the difference is shared
    out among the inputs in which the two differ (Shapley); `say` receives first what that takes.
    """
    first, second = (side_of(each, runs, seed) for each in (one, other))
    chosen = _common(first, second, outcomes)
    inputs = differing(first.document, second.document)
    if not inputs:
        message = "the two do not differ in any input; nothing to compare"
        raise InputError([Problem(second.name, 0, 0, "", message)])
    base, count = first.scenario.base, len(inputs)
    ends = [frozenset[int](), frozenset(range(count))]
    coalitions, exact = ends, True
    orders: list[tuple[int, ...]] = []
    if attribute:
        orders, exact = orders_of(count, pairs=PAIRS, seed=base.seed)
        coalitions = coalitions_of(orders)
        which = "all orders" if exact else f"{PAIRS} random orders and their reverses"
        total = f"{len(coalitions):,} combinations ({which}) x {base.runs:,} runs"
        (say or silent)(f"{count} inputs in {total} = {len(coalitions) * base.runs:,} runs")
    values = outcomes_of(
        _Models(first, second, inputs, coalitions),
        chosen,
        runs=base.runs,
        seed=base.seed,
        dates={**event_dates(second.scenario), **event_dates(first.scenario)},
        options=options,
        executor=executor,
        progress=progress or silent,
    )
    worth = {each: values[str(at)][0].T for at, each in enumerate(coalitions)}
    none, every = (worth[end] for end in ends)
    parts = sampled = None
    if attribute:
        parts = exact_shares(worth, count) if exact else shares(worth, orders)
        sampled = None if exact else order_error(worth, orders)
    names, runs = [outcome.text for outcome in chosen], base.runs
    by_run = {"outcome": np.repeat(names, runs), "run": np.tile(np.arange(runs), len(names))}
    return Comparison(
        one=first.name,
        other=second.name,
        inputs=tuple(inputs),
        differences=_differences(chosen, none, every),
        attribution=_attribution(names, inputs, parts, sampled),
        runs=pd.DataFrame({**by_run, "one": none.ravel(), "other": every.ravel()}),
        exact=exact,
    )


@dataclass(frozen=True, eq=False)
class _Models(Mapping[str, Model]):
    """By number the first side with each coalition of the second's inputs, compiled when run."""

    first: Side
    second: Side
    inputs: Sequence[str]
    coalitions: Sequence[Coalition]

    def __getitem__(self, number: str) -> Model:
        names = [self.inputs[each] for each in sorted(self.coalitions[int(number)])]
        if len(names) == len(self.inputs):
            return self.second.scenario.variants[self.second.variant]
        try:
            document = spliced(self.first.document, self.second.document, names)
            return model_of(document, self.first.folder)
        except InputError as error:
            only = f" (with only {', '.join(names)} of the other)"
            problems = [replace(each, message=each.message + only) for each in error.problems]
            advice = "the inputs cannot be told apart one by one: compare without --attribute"
            raise InputError([*problems, Problem("--attribute", 0, 0, "", advice)]) from None

    def __iter__(self) -> Iterator[str]:
        return map(str, range(len(self)))

    def __len__(self) -> int:
        return len(self.coalitions)


def side_of(side: str | Path | Side, runs: int | None, seed: int | None) -> Side:
    """Return a side from the name of a scenario, `NAME:VARIANT` for a variant."""
    if isinstance(side, Side):
        return side
    text = str(side)
    name, colon, variant = text.rpartition(":")
    if not colon or "/" in variant or "\\" in variant:
        name, variant = text, BASELINE
    scenario = load(name, runs=runs, seed=seed)
    refuse_unknown("variant", [variant], scenario.variants, flag=name)
    return Side(scenario, variant)


def _common(first: Side, second: Side, chosen: Sequence[str]) -> list[Outcome]:
    """Return the outcomes to compare; refuse sides that no run can pair."""
    faults = []
    ours, theirs = first.scenario.base.time, second.scenario.base.time
    if ours != theirs:
        spans = [f"{each.start} to {each.end} by {each.period}" for each in (theirs, ours)]
        same = "give both the same time"
        faults += [(second.name, "time", f"covers {spans[0]}, the other {spans[1]}: {same}")]
    shared = {outcome.text for outcome in second.scenario.outcomes}
    both = {each.text: each for each in first.scenario.outcomes if each.text in shared}
    for text in chosen:
        if text not in both:
            hint = meant(text, both)
            faults += [("--outcome", "", f"no outcome {quoted(text)} that both have{hint}")]
    outcomes = [both[text] for text in both if text in chosen or not chosen]
    if not outcomes and not faults:
        message = f"has no outcome in common with {first.name}: name one with --outcome"
        faults += [(second.name, "outcomes", message)]
    if faults:
        raise InputError([Problem(file, 0, 0, key, message) for file, key, message in faults])
    return outcomes


def _differences(outcomes: Sequence[Outcome], none: np.ndarray, every: np.ndarray) -> pd.DataFrame:
    """Return a row an outcome: means, paired difference, runs changed, what pairing gained."""
    rows = []
    for outcome, one, other in zip(outcomes, none, every, strict=True):
        interval, changed = paired_interval(other, one, share=is_bounded(outcome))
        rows.append(
            {
                "outcome": outcome.text,
                "runs": interval.runs,
                "one": mean_interval(one).mean,
                "other": mean_interval(other).mean,
                "difference": interval.mean,
                "low": interval.low,
                "high": interval.high,
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
    outcomes: Sequence[str],
    inputs: Sequence[str],
    parts: np.ndarray | None,  # (inputs, outcomes, runs)
    sampled: np.ndarray | None,  # (inputs, outcomes): variance by the sample of orders
) -> pd.DataFrame:
    """Return a row an outcome and input: its Shapley share of the difference, with interval."""
    columns, rows = ["outcome", "input", "share", "low", "high"], []
    if parts is None:
        return pd.DataFrame(columns=columns)
    for at, outcome in enumerate(outcomes):
        for each, name in enumerate(inputs):
            interval = mean_interval(parts[each, at])
            if sampled is not None:
                interval = widened(interval, float(sampled[each, at]), PAIRS)
            rows.append((outcome, name, interval.mean, interval.low, interval.high))
    return pd.DataFrame(rows, columns=columns)


Coalition = frozenset[int]

EXACT_TO = 6  # inputs up to which every coalition is run: 64 of them


def orders_of(count: int, *, pairs: int, seed: int) -> tuple[list[tuple[int, ...]], bool]:
    """Return orders of the inputs, and whether they are all that there are."""
    if count <= EXACT_TO:
        return list(permutations(range(count))), True
    random = np.random.default_rng(seed)
    drawn = [tuple(random.permutation(count).tolist()) for _ in range(pairs)]
    return [order for each in drawn for order in (each, each[::-1])], False


def coalitions_of(orders: Iterable[Sequence[int]]) -> list[Coalition]:
    """Return every coalition that the orders pass through, small ones first, each once."""
    coalitions = {frozenset(order[:size]) for order in orders for size in range(len(order) + 1)}
    return sorted(coalitions, key=lambda each: (len(each), sorted(each)))


def shares(worth: Mapping[Coalition, np.ndarray], orders: Sequence[Sequence[int]]) -> np.ndarray:
    """Return the share of each input, (inputs, ...), as the worth has axes."""
    total = np.zeros((len(orders[0]), *np.shape(worth[frozenset()])))
    for order in orders:
        total += _added(worth, order)
    return np.asarray(total / len(orders))


def order_error(
    worth: Mapping[Coalition, np.ndarray], orders: Sequence[Sequence[int]]
) -> np.ndarray:
    """Return the variance of each share, mean over the last axis (runs), by the sample of orders.

    The orders come in pairs of an order and its reverse; the axes are those of the shares without
    the last. Undefined with fewer than two pairs. Runs that are undefined anywhere do not count.
    """
    pairs = zip(orders[::2], orders[1::2], strict=True)
    each = np.stack([(_added(worth, one) + _added(worth, other)) / 2 for one, other in pairs])
    known = ~np.isnan(each).any(axis=(0, 1))
    count = np.maximum(known.sum(axis=-1), 1)
    means = np.where(known, each, 0.0).sum(axis=-1) / count
    if len(each) < 2:  # noqa: PLR2004 - a variance needs two
        return np.full(means.shape[1:], np.nan)
    return np.asarray(means.var(axis=0, ddof=1) / len(each))


def _added(worth: Mapping[Coalition, np.ndarray], order: Sequence[int]) -> np.ndarray:
    """Return what each input adds to those before it in an order, (inputs, ...)."""
    gains = np.zeros((len(order), *np.shape(worth[frozenset()])))
    before = frozenset[int]()
    for each in order:
        after = before | {each}
        gains[each] = worth[after] - worth[before]
        before = after
    return gains


def exact_shares(worth: Mapping[Coalition, np.ndarray], count: int) -> np.ndarray:
    """Return the shares by the formula over all coalitions: the same as over all orders."""
    total = np.zeros((count, *np.shape(worth[frozenset()])))
    for before in worth:
        for each in set(range(count)) - before:
            weight = factorial(len(before)) * factorial(count - len(before) - 1) / factorial(count)
            total[each] += weight * (worth[before | {each}] - worth[before])
    return total
