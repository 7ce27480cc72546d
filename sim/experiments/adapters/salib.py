"""SALib's problem of a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.experiments.factors import GROUPINGS, factors_of
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import either
from sim.scenario.load import load
from sim.scenario.patches import BASELINE


def salib_problem(
    scenario: str | Path,
    variant: str = BASELINE,
    *,
    over: Sequence[str] = (),
    spread: float | None = None,
    facts: bool = False,
    groups: str | None = None,
    sets: Sequence[str] = (),
) -> dict[str, Any]:
    """Return SALib's problem of a scenario: names (dotted paths), bounds and groups.

    The parameters are those of `blocsim sensitivity`: numbers with a range of their own of whose
    sources one is `assumed`; `facts` adds the facts that have a range, `spread` varies plain
    numbers by that share of their value, `over` names the parameters instead (`PATH` or
    `PATH=LOW..HIGH`). `groups` is law, block or source (facts against assumptions); without it
    every parameter is its own. Numbers that spread over orders of magnitude are `logunif`.
    """
    if groups is not None and groups not in GROUPINGS:
        message = f"must be {either(GROUPINGS)}, got {groups!r}"
        raise InputError([Problem("groups", 0, 0, "", message)])
    loaded = load(scenario, sets=sets)
    return factors_of(loaded, variants=[variant], over=over, spread=spread, facts=facts).problem(
        groups
    )
