"""What a backtest leaves behind: forecasts, scores and a manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import ResultError
from sim.experiments.backtest.cases import MODEL, Cases
from sim.experiments.backtest.judging import Line
from sim.records.soundness import ESCAPED
from sim.records.writing import append, row

MANIFEST = "backtest.json"
SCORES_HEADER = "target,score,forecaster,value,cases,observed_mean,skill_of_model,low,high"
FORECASTERS = (MODEL, "persistence", "recent", "base_rate", "gravity")
FORECASTS_HEADER = "origin,target,from,to,year,observed," + ",".join(FORECASTERS)
_OURS = {MANIFEST, "backtest.csv", "forecasts.csv", "figures"}


def prepare(folder: Path, *, force: bool) -> None:
    """Make the folder ready; refuse to replace another result, or what is none."""
    there = sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []
    strange = [name for name in there if name not in _OURS]
    if strange or (folder.exists() and not folder.is_dir()):
        what = strange[0] if strange else "a file"
        message = f"{folder}: holds {what}, which is no part of a backtest; give another --out"
        raise ResultError(message)
    if there and not force:
        message = f"{folder}: holds a backtest; --force replaces it, or give another --out"
        raise ResultError(message)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{folder}: cannot be used ({error.strerror}); give another --out"
        raise ResultError(message) from None


def write(
    folder: Path, cases: Sequence[Cases], lines: Sequence[Line], about: Mapping[str, Any]
) -> None:
    """Write forecasts, scores and manifest."""
    for name in ("backtest.csv", "forecasts.csv", MANIFEST):
        (folder / name).unlink(missing_ok=True)
    append(folder / "forecasts.csv", FORECASTS_HEADER, [r for each in cases for r in _rows(each)])
    append(folder / "backtest.csv", SCORES_HEADER, [_line(each) for each in lines])
    text = json.dumps(about, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", errors=ESCAPED)


def _rows(cases: Cases) -> list[str]:
    """Return the rows of one set of cases; of ensembles the mean, of stages the mean stage."""
    columns = {}
    for name in FORECASTERS:
        found = cases.forecasts.get(name, np.full(len(cases.subjects), np.nan))
        if cases.target == "stage" and found.ndim > 1:
            found = found @ np.arange(found.shape[1])
        elif found.ndim > 1:
            known = ~np.isnan(found)
            found = np.where(known, found, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        columns[name] = found
    return [
        row([str(cases.origin), cases.target, one, other, str(year), float(seen),
             *(float(columns[name][at]) for name in FORECASTERS)])
        for at, ((one, other, year), seen) in enumerate(
            zip(cases.subjects, cases.observed, strict=True)
        )
    ]  # fmt: skip


def _line(each: Line) -> str:
    nothing = float("nan")
    ends = (
        (nothing,) * 3
        if each.skill is None
        else (each.skill.value, each.skill.low, each.skill.high)
    )
    return row(
        [
            each.target,
            each.score,
            each.forecaster,
            each.value,
            float(each.cases),
            each.happened,
            *ends,
        ]
    )
