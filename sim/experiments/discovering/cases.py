"""Cases: the runs of a sweep, the values of their point, and whether each is of interest."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import InputError, Problem
from sim.experiments.sweeps.results import SweepResults
from sim.scenario.words import meant, quoted

OUTCOME = "--outcome"
FORM = "write OUTCOME, one of > >= < <= == !=, and a number, such as `cohesion CSTO > 0.6`"
FEWEST = 20  # points below which boxes say nothing
BY = ("run", "point")
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
_EXPRESSION = re.compile(
    r"(?P<outcome>.+?)\s*(?P<sign>>=|<=|==|!=|>|<)\s*"
    r"(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
)


@dataclass(frozen=True)
class Condition:
    """What makes a run one of interest: an outcome compared with a number."""

    outcome: str
    sign: str
    number: float

    def __str__(self) -> str:
        return f"{self.outcome} {self.sign} {self.number:g}"

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Return for each value whether the condition holds."""
        return np.asarray(COMPARISONS[self.sign](values, self.number))


@dataclass(frozen=True, eq=False)
class Cases:
    """Runs, or points, with their values and whether they are of interest."""

    condition: Condition
    variant: str
    by: str  # run or point
    points: int
    table: pd.DataFrame  # a column a path
    wanted: np.ndarray  # (rows,) of interest?
    undefined: int  # rows that are left out

    @property
    def share(self) -> float:
        """Return the share of cases of interest."""
        return float(self.wanted.mean())


def parsed(text: str, known: Sequence[str]) -> Condition:
    """Return the condition that a text spells; InputError if it spells none."""
    found = _EXPRESSION.fullmatch(text.strip())
    if found is None:
        raise InputError([Problem(OUTCOME, 0, 0, "", f"cannot read {quoted(text)}: {FORM}")])
    outcome = " ".join(found["outcome"].split())
    if outcome not in known:
        message = f"no outcome {quoted(outcome)} in the results{meant(outcome, known)}"
        if not meant(outcome, known):
            message += f": {', '.join(known)}"
        raise InputError([Problem(OUTCOME, 0, 0, "", message)])
    return Condition(outcome, found["sign"], float(found["number"]))


def cases_of(results: SweepResults, text: str, *, variant: str | None, by: str) -> Cases:
    """Return the cases of a sweep; InputError where no box could tell them apart."""
    name = _variant(results, variant)
    if by not in BY:
        raise InputError([Problem("--by", 0, 0, "", f"must be run or point, got {by!r}")])
    condition = parsed(text, results.outcomes)
    full = results.table([condition.outcome], [name])
    fixed = results.manifest["fixed_by_variant"].get(name, [])
    paths = [path for path in results.paths if path not in fixed]
    defined = full[condition.outcome].notna()
    frame = full[defined].reset_index(drop=True)
    wanted = condition.holds(frame[condition.outcome].to_numpy())
    if by == "point":
        share = pd.Series(wanted.astype(float)).groupby(frame["point"].to_numpy()).mean()
        frame = frame.drop_duplicates("point").set_index("point").loc[share.index].reset_index()
        wanted = share.to_numpy() >= 0.5  # noqa: PLR2004 - most of its runs
    cases = Cases(
        condition=condition,
        variant=name,
        by=by,
        points=int(frame["point"].nunique()),
        table=_columns(frame[paths]),
        wanted=wanted,
        undefined=int((~defined).sum()),
    )
    _refuse(cases)
    return cases


def _variant(results: SweepResults, asked: str | None) -> str:
    """Return the variant that was asked for, or the first."""
    known = results.variants
    if asked is not None and asked not in known:
        message = f"no variant {quoted(asked)} in the results{meant(asked, known)}"
        raise InputError([Problem("--variant", 0, 0, "", message)])
    return known[0] if asked is None else asked


def _columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the paths that vary: numbers as floats, the rest as texts."""
    kept = {}
    for path in frame.columns:
        column = frame[path]
        if (column != column.iloc[0]).any():
            numeric = pd.api.types.is_numeric_dtype(column)
            kept[path] = column.astype(np.float64 if numeric else object)
    return pd.DataFrame(kept, index=frame.index)


def _refuse(cases: Cases) -> None:
    """Refuse cases that no box could tell apart."""
    fault, several = "", "points" if cases.by == "point" else "runs"
    if cases.points < FEWEST:
        fault = f"{cases.points} points are too few for discovery: sweep {FEWEST} or more"
    elif cases.table.shape[1] == 0:
        fault = f"no path varies in variant {cases.variant}: there is no box to find"
    elif not cases.wanted.any():
        fault = f"{cases.condition} in none of {cases.wanted.size:,} {several}: no box to find"
    elif cases.wanted.all():
        fault = f"{cases.condition} in all {cases.wanted.size:,} {several}: no box to find"
    if fault:
        raise InputError([Problem(OUTCOME, 0, 0, "", fault)])
