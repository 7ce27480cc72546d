"""Comparison of two scenarios, variants or results, with an attribution to their inputs.

Scenarios and variants run on shared randomness, so that differences are taken run by run. Results
are paired by run if their seeds match; otherwise means are compared, and a remark says so. With
`attribute` the difference is attributed to the inputs (`sim.experiments.shapley`).

Sources: shapley1953, mitchell2022 (antithetic orders), welch1947 (means of unequal variances).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.experiments.compared_scenarios import ComparedScenarios
from sim.experiments.comparison_sides import (
    AnySide,
    AskedOutcome,
    Side,
    StoredSide,
    inputs_of,
    matches,
    renamed,
    side_of,
    unpaired,
)
from sim.experiments.comparison_tables import (
    attribution_rows,
    difference_rows,
    effect_of,
    rows_by_run,
)
from sim.experiments.effects import Effect
from sim.experiments.executor import Executor
from sim.experiments.keywords import by_keyword
from sim.experiments.options import Options, Progress, silent
from sim.experiments.shapley import (
    PAIRS,
    coalitions_of,
    exact_shares,
    order_error,
    orders_of,
    shares,
)
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import meant, quoted
from sim.records import manifest
from sim.records.frames import write_frame
from sim.records.kinds import COMPARISON
from sim.records.store import hashes, write_manifest
from sim.records.study_tables import INPUTS
from sim.scenario.patches import Settings, texts_of
from sim.scenario.schema.outcome_syntax import spelled


@dataclass(frozen=True, eq=False)
class Comparison:
    """The differences of `other` less `one`, and their attribution."""

    one: str
    other: str
    inputs: tuple[str, ...]  # in which the two differ
    changed_inputs: pd.DataFrame  # one row per input: both values and their sources
    differences: pd.DataFrame  # one row per outcome
    attribution: pd.DataFrame  # one row per outcome and input; empty without `attribute`
    runs: pd.DataFrame  # one row per run: both values of every outcome
    exact: bool  # whether all orders of the inputs were used
    paired: bool  # whether runs of the same number share their randomness
    remark: str  # a limitation of the pairing or the inputs
    effects: Mapping[str, Effect]  # by outcome
    about: Mapping[str, Any] = field(repr=False)  # content of its manifest


@by_keyword
def compare(
    one: str | Path | Side | StoredSide,
    other: str | Path | Side | StoredSide | None = None,
    *,
    runs: int | None = None,
    seed: int | None = None,
    sets: Settings = (),
    match: Sequence[str] = (),
    outcomes: Sequence[str] = (),
    attribute: bool = False,
    options: Options | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    say: Callable[[str], object] | None = None,
) -> Comparison:
    """Return the differences of two scenarios on shared randomness, or of two results.

    Each is a file, a shipped name or the folder of a result, `NAME:VARIANT` for a variant. Runs and
    seed are by default those of the first, outcomes those that both have. `sets` changes both;
    without `other`, the other side is `one` with these changes. `match` holds `NAME=NAME`: a name
    of the first and its counterpart in the other (`NATO=CSTO`). With `attribute` the difference is
    attributed to the inputs in which the two differ (Shapley); `say` first receives the number of
    runs and the estimated time.
    """
    first, second = _sides(one, other, runs, seed, sets)
    if first.name == second.name and isinstance(first, Side) and isinstance(second, Side):
        first, second = first.of_file(), second.of_file()
    names = matches(match)
    asked = _asked(first, second, outcomes, names)
    table = inputs_of(first, second)
    inputs = () if table is None else tuple(table["input"])
    options = options or Options()
    if isinstance(first, StoredSide) and isinstance(second, StoredSide):
        found = _of_results(first, second, asked, attribute=attribute)
    elif isinstance(first, Side) and isinstance(second, Side):
        if attribute and names:
            message = "cannot be combined with --match: the two sides have different subjects"
            raise InputError([Problem("--attribute", 0, 0, "", message)])
        task = ComparedScenarios(first, second, asked, inputs, options, executor)
        found = _of_scenarios(task, progress or silent, say or silent, attribute=attribute)
    else:
        message = "is a result, but the other is a scenario: give two of the same kind"
        stored = first if isinstance(first, StoredSide) else second
        raise InputError([Problem(stored.name, 0, 0, "", message)])
    texts = [each.outcome.text for each in asked]
    effects = {
        each.outcome.text: effect_of(
            each.outcome, here, there, _smallest(first), paired=found.paired
        )
        for each, here, there in zip(asked, found.none, found.every, strict=True)
    }
    unknown = "" if table is not None else "its manifest does not have the changes of its variants"
    return Comparison(
        one=first.name,
        other=second.name,
        inputs=inputs,
        changed_inputs=pd.DataFrame(columns=INPUTS.names()) if table is None else table,
        differences=difference_rows(asked, found.none, found.every, effects, paired=found.paired),
        attribution=attribution_rows(texts, inputs, found.parts, found.sampled),
        runs=rows_by_run(texts, found.none, found.every),
        exact=found.exact,
        paired=found.paired,
        remark="; ".join(each for each in (found.remark, unknown) if each),
        effects=effects,
        about={
            "one": first.about,
            "other": second.about,
            "outcomes": texts,
            "attribute": attribute,
            "match": names,
            "options": {**options.counting(), "engine": options.engine},
            "seed": first.seed,
            "runs": found.none.shape[1],
        },
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Values:
    """The outcomes of both sides, and their attribution."""

    none: np.ndarray  # (outcomes, runs) with none of the other's inputs: the first side
    every: np.ndarray  # with all of them: the second side
    paired: bool = True
    remark: str = ""
    exact: bool = True
    parts: np.ndarray | None = None  # (inputs, outcomes, runs) shares
    sampled: np.ndarray | None = None  # (inputs, outcomes) variance by the sample of orders


def _of_scenarios(
    task: ComparedScenarios,
    progress: Progress,
    say: Callable[[str], object],
    *,
    attribute: bool,
) -> _Values:
    """Return the outcomes of two scenarios, run on shared randomness."""
    count = len(task.inputs)
    if not (attribute and count):
        none, every = task.ends(task.worth(None, exact=True, progress=progress, say=say))
        return _Values(none=none, every=every)
    orders, exact = orders_of(count, pairs=PAIRS, seed=task.seed)
    worth = task.worth(coalitions_of(orders), exact=exact, progress=progress, say=say)
    none, every = task.ends(worth)
    return _Values(
        none=none,
        every=every,
        exact=exact,
        parts=exact_shares(worth, count) if exact else shares(worth, orders),
        sampled=None if exact else order_error(worth, orders),
    )


def _sides(
    one: str | Path | AnySide,
    other: str | Path | AnySide | None,
    runs: int | None,
    seed: int | None,
    sets: Settings,
) -> tuple[AnySide, AnySide]:
    if other is not None:
        return side_of(one, runs, seed, sets), side_of(other, runs, seed, sets)
    if not texts_of(sets):
        message = "there is no other side: name one, or give changes by --set"
        raise InputError([Problem(str(one), 0, 0, "", message)])
    first, second = side_of(one, runs, seed), side_of(one, runs, seed, sets)
    if isinstance(second, Side):
        second = replace(second, sets=texts_of(sets))
    return first, second


def _asked(
    first: AnySide, second: AnySide, chosen: Sequence[str], names: Mapping[str, str]
) -> list[AskedOutcome]:
    """Return the outcomes to compare; InputError if the sides cannot be compared."""
    faults = []
    if isinstance(first, Side) and isinstance(second, Side):
        ours, theirs = first.scenario.base.time, second.scenario.base.time
        if ours != theirs:
            spans = [f"{each.start} to {each.end} by {each.period}" for each in (theirs, ours)]
            same = "give both the same time"
            faults += [(second.name, "time", f"covers {spans[0]}, the other {spans[1]}: {same}")]
    listed = set(second.outcomes)
    both = [text for text in first.outcomes if renamed(text, names) in listed or names]
    asked = []
    for text in chosen or both:
        found = _one_asked(first, second, text, names)
        if found is not None:
            asked.append(found)
        elif chosen:
            message = f"no outcome {quoted(text)} that both sides have{meant(text, both)}"
            faults += [("--outcome", "", message)]
    if not asked and not faults:
        message = f"has no outcome in common with {first.name}: name one with --outcome"
        faults += [(second.name, "outcomes", message)]
    if faults:
        raise InputError([Problem(file, 0, 0, key, message) for file, key, message in faults])
    return asked


def _one_asked(
    first: AnySide, second: AnySide, text: str, names: Mapping[str, str]
) -> AskedOutcome | None:
    """Return an outcome and its counterpart, if each side has its own."""
    try:
        outcome, twin = spelled(text), spelled(renamed(text, names))
    except ValueError:
        return None
    there = first.can_tell(outcome) and second.can_tell(twin)
    return AskedOutcome(outcome, twin) if there else None


def _of_results(
    first: StoredSide, second: StoredSide, asked: Sequence[AskedOutcome], *, attribute: bool
) -> _Values:
    """Return the outcomes of two results; of the runs that both have, if they can be paired."""
    if attribute:
        message = "runs the scenarios again: name the scenarios, not their results"
        raise InputError([Problem("--attribute", 0, 0, "", message)])
    none = first.values([each.outcome.text for each in asked])
    every = second.values([each.twin.text for each in asked])
    if why := unpaired(first, second):
        remark = f"{why}: their runs are not paired, and means are compared"
        return _Values(none=none, every=every, paired=False, remark=remark)
    runs = min(none.shape[1], every.shape[1])
    same = none.shape == every.shape
    remark = "" if same else f"the first {runs:,} runs, which both sides have, are paired"
    return _Values(none=none[:, :runs], every=every[:, :runs], remark=remark)


def _smallest(side: AnySide) -> Mapping[str, float]:
    """Return the smallest effects of interest that a scenario sets, by metric."""
    if isinstance(side, Side):
        return side.scenario.base.smallest
    return side.results.smallest


FRAMES = {  # by table, the field of a comparison
    "attribution": "attribution",
    "differences": "differences",
    "runs": "runs",
    "inputs": "changed_inputs",
}


def write_comparison(folder: Path, comparison: Comparison, **how: Any) -> None:
    """Write the tables of a comparison and its manifest."""
    for table in COMPARISON.tables:
        write_frame(folder, table, getattr(comparison, FRAMES[table.name]))
    about = comparison.about
    sides = {name: about[name] for name in ("one", "other")}
    known = [side.get("scenario") or side["result"] for side in sides.values()]
    asked = {name: about[name] for name in ("outcomes", "attribute", "match")}
    write_manifest(
        folder,
        {
            "inputs": {
                "scenario": " and ".join(dict.fromkeys(each["name"] for each in known)),
                "hash": _hash([str(each["hash"]) for each in sides.values()]),
                "seed": about["seed"],
                "runs": about["runs"],
                "options": {**about["options"], **asked},
                "versions": manifest.versions(),
            },
            "complete": True,
            "comparison": {**sides, "paired": comparison.paired, "remark": comparison.remark},
            "scenario": {
                "name": known[0]["name"],
                "title": " / ".join(dict.fromkeys(each["title"] for each in known)),
                "question": f"{comparison.other} less {comparison.one}",
                "document": known[0]["document"],
            },
            "outcomes": about["outcomes"],
            "files": hashes(folder),
            "how": {"commit": manifest.commit(), **how},
        },
    )


def _hash(both: list[str]) -> str:
    """Return the hash of two scenarios; that of the one if they are equal."""
    return both[0] if both[0] == both[1] else sha256("".join(both).encode()).hexdigest()
