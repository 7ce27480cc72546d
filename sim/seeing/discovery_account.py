"""The account of a discovery: what its manifest keeps, with the sentences of terminal and page."""

from __future__ import annotations

from typing import Any

from sim.experiments.discovery import Discovery


def account_of(discovery: Discovery, results: str) -> dict[str, Any]:
    """Return the inputs of a discovery in a sweep of some name, and its sentences."""
    cases, sweep = discovery.cases, discovery.sweep
    own = sweep["inputs"]
    named = {key: own[key] for key in ("scenario", "hash", "seed", "runs", "versions")}
    inputs = {
        **named,
        "results": results,
        "outcome": cases.condition.outcome,
        "sign": cases.condition.sign,
        "number": cases.condition.number,
        "variant": cases.variant,
        "versus": cases.versus,
        "by": cases.by,
        "threshold": discovery.threshold,
        "boxes": discovery.asked,
    }
    return {
        "inputs": inputs,
        "scenario": sweep["scenario"],
        "scope": _scope(discovery),
        "boxes": [_box(discovery, at) for at in range(len(discovery.boxes))],
        "remarks": _remarks(discovery),
    }


def _scope(discovery: Discovery) -> str:
    cases = discovery.cases
    return (
        f"{cases.condition}: {int(cases.wanted.sum()):,} of {cases.wanted.size:,} {cases.several} "
        f"({cases.share:.2f}) of variant {cases.of}, {cases.points:,} points"
    )


def _box(discovery: Discovery, at: int) -> str:
    box = discovery.boxes[at]
    said = f"box {at + 1}: {discovery.words(box)}"
    if box.density >= discovery.threshold:
        return said
    return f"{said}. No box reaches a density of {discovery.threshold:g}; this is the densest one"


def _remarks(discovery: Discovery) -> list[str]:
    undefined, found = discovery.cases.undefined, len(discovery.boxes)
    said = []
    if undefined:
        said.append(f"{undefined:,} runs are left out because the outcome is undefined")
    if found < discovery.asked:
        lack = f"{found} of {discovery.asked} boxes found"
        said.append(f"{lack}: outside them no range has the outcome more often than by chance")
    return said
