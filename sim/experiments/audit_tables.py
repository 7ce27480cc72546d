"""The audit as tables and as one document: every number with its source, every outcome's shares."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.errors import ResultError
from sim.experiments.accounts import Account, counted
from sim.experiments.audit import Audit, Finding
from sim.experiments.failures import told
from sim.records.store import draft, place_of, settle
from sim.records.writing import append, row

NUMBERS, OUTCOMES = "audit_numbers.csv", "audit_outcomes.csv"
NUMBERS_HEADER = "path,block,kind,source,value,unit,dist,low,high"
OUTCOMES_HEADER = (
    "outcome,mean,sd,defined,group,inputs,first,first_low,first_high,total,total_low,total_high"
)


def free_place(out: Path) -> Path:
    """Return the folder for an audit; refuse one that holds anything but an earlier audit."""
    folder = place_of(out)
    with told(str(folder)):
        there = folder.exists() and not folder.is_dir()
        other = there or (
            folder.is_dir() and {each.name for each in folder.iterdir()} - {NUMBERS, OUTCOMES}
        )
    if other:
        message = f"{folder}: is there already and holds more than an audit; give another --out"
        raise ResultError(message)
    return folder


def publish(folder: Path, audit: Audit, findings: Sequence[Finding]) -> None:
    """Write both tables beside the folder and move them there when they are whole."""
    with told(str(folder)), draft(folder) as place:
        append(place / NUMBERS, NUMBERS_HEADER, [_number(each) for each in audit.numbers])
        append(place / OUTCOMES, OUTCOMES_HEADER, _outcomes(audit, findings))
        settle(place, folder)


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
