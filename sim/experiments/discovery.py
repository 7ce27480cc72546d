"""Discovery: boxes of assumptions in which something happens, by PRIM (ema_workbench).

The cases are the runs or points of a sweep, with the values of their paths and whether each is of
interest. PRIM peels thin slices off the space. In each step it removes the slice whose loss raises
the density of cases of interest in the rest most; the coverage falls as cases are left outside. The
box kept is the widest of the trajectory whose density reaches the threshold, without restrictions
that may be due to chance: quasi-p is the probability of as many cases in the box if the restriction
had no effect (one-sided binomial test).

Sources: friedman1999 (PRIM), bryant2010 (scenario discovery, quasi-p), kwakkel2017 (ema_workbench).
"""

from __future__ import annotations

import operator
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.documents.nodes import DottedPath
from sim.experiments.keywords import by_keyword
from sim.experiments.options import refuse_unknown
from sim.experiments.remedies import needed
from sim.experiments.sweeps.sweep_results import SweepResults
from sim.kernel.errors import InputError, Problem, ResultError
from sim.kernel.words import meant, quoted
from sim.records.kinds import RUNS, SENSITIVITY, SWEEP
from sim.records.manifest import unfinished

OUTCOME = "--outcome"
FORM = "write OUTCOME, one of > >= < <= == !=, and a number, such as `cohesion CSTO > 0.6`"
FEWEST = 20  # points that a discovery needs
BY = ("run", "point")
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {  # longer signs first
    ">=": operator.ge, "<=": operator.le, "==": operator.eq, "!=": operator.ne,
    ">": operator.gt, "<": operator.lt,
}  # fmt: skip
_EXPRESSION = re.compile(
    rf"(?P<outcome>.+?)\s*(?P<sign>{'|'.join(COMPARISONS)})\s*"
    r"(?P<number>[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
)


@dataclass(frozen=True)
class Condition:
    """The condition for a run of interest: an outcome compared with a number."""

    outcome: str
    sign: str
    number: float

    def __str__(self) -> str:
        return f"{self.outcome} {self.sign} {self.number:g}"

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Return for each value whether the condition holds."""
        return np.asarray(COMPARISONS[self.sign](values, self.number))


@dataclass(frozen=True, eq=False)
class SweepCases:
    """Runs or points of a sweep, with their values and whether they are of interest."""

    condition: Condition
    variant: str
    by: str  # run or point
    points: int
    table: pd.DataFrame  # one column per path
    wanted: np.ndarray  # (rows,) whether of interest
    undefined: int  # rows left out
    versus: str | None = None  # the variant that is subtracted, run by run

    @property
    def of(self) -> str:
        """Return the variant, or the two that are compared."""
        return self.variant if self.versus is None else f"{self.variant} less {self.versus}"

    @property
    def happening(self) -> str:
        """Return the condition for a case of interest, in words."""
        return str(self.condition) if self.versus is None else f"{self.condition}, {self.of}"

    @property
    def share(self) -> float:
        """Return the share of cases of interest."""
        return float(self.wanted.mean())

    @property
    def several(self) -> str:
        """Return the plural of a case: runs or points."""
        return f"{self.by}s"


def parsed(text: str, known: Sequence[str]) -> Condition:
    """Return the condition in a text; InputError if it cannot be read."""
    match = _EXPRESSION.fullmatch(text.strip())
    if match is None:
        raise InputError([Problem(OUTCOME, 0, 0, "", f"cannot read {quoted(text)}: {FORM}")])
    outcome = " ".join(match["outcome"].split())
    if outcome not in known:
        hint = meant(outcome, known) or f": {', '.join(known)}"
        message = f"no outcome {quoted(outcome)} in the results{hint}"
        raise InputError([Problem(OUTCOME, 0, 0, "", message)])
    return Condition(outcome, match["sign"], float(match["number"]))


def cases_of(
    results: SweepResults, text: str, *, variant: str | None, versus: str | None = None, by: str
) -> SweepCases:
    """Return the cases of a sweep; InputError if there is no box to find."""
    known = results.variants
    asked = [each for each in (variant, versus) if each is not None]
    refuse_unknown("variant", asked, known, where=" in the results")
    name = known[0] if variant is None else variant
    if by not in BY:
        raise InputError([Problem("--by", 0, 0, "", f"must be run or point, got {by!r}")])
    condition = parsed(text, results.outcomes)
    if versus == name:
        raise InputError([Problem("--versus", 0, 0, "", f"{name} less itself is 0: name another")])
    full = results.table([condition.outcome], [name])
    if versus is not None:
        full[condition.outcome] -= results.table([condition.outcome], [versus])[condition.outcome]
    own = results.manifest["fixed_by_variant"]
    fixed = {path for each in (name, versus) for path in own.get(each, [])}
    paths = [path for path in results.paths if path not in fixed]
    defined = full[condition.outcome].notna()
    frame = full[defined].reset_index(drop=True)
    wanted = condition.holds(frame[condition.outcome].to_numpy())
    if by == "point":
        share = pd.Series(wanted.astype(float)).groupby(frame["point"].to_numpy()).mean()
        frame = frame.drop_duplicates("point").sort_values("point", ignore_index=True)
        wanted = share.to_numpy() >= 0.5  # noqa: PLR2004 - at least half of its runs
    varied = frame[paths].loc[:, (frame[paths] != frame[paths].iloc[0]).any()]
    numeric = varied.select_dtypes("number").columns
    cases = SweepCases(
        condition=condition,
        variant=name,
        by=by,
        points=int(frame["point"].nunique()),
        table=varied.astype({path: float if path in numeric else object for path in varied}),
        wanted=wanted,
        undefined=int((~defined).sum()),
        versus=versus,
    )
    _refuse(cases)
    return cases


def _refuse(cases: SweepCases) -> None:
    fault, several = "", cases.several
    if cases.points < FEWEST:
        fault = f"{cases.points} points are too few for discovery: sweep {FEWEST} or more"
    elif cases.table.shape[1] == 0:
        fault = f"no path varies in variant {cases.variant}: there is no box to find"
    elif not cases.wanted.any():
        fault = f"{cases.happening} in none of {cases.wanted.size:,} {several}: no box to find"
    elif cases.wanted.all():
        fault = f"{cases.happening} in all {cases.wanted.size:,} {several}: no box to find"
    if fault:
        raise InputError([Problem(OUTCOME, 0, 0, "", fault)])


THRESHOLD = 0.8
CHANCE = 0.05  # quasi-p above which a restriction is dropped
ANY = 1e-9  # a density that any box with a case reaches, since `_chosen` selects the box


@dataclass(frozen=True)
class BoxLimit:
    """A restriction of one path: ends of a range (NaN: open), or the texts that remain."""

    path: str
    low: float
    high: float
    texts: tuple[str, ...]
    least: float  # of the design
    most: float
    qp_low: float  # quasi-p of each end; NaN for an open one
    qp_high: float  # NaN for texts, whose quasi-p is qp_low

    @property
    def qp(self) -> float:
        """Return the greater quasi-p of the ends that restrict."""
        return float(np.nanmax([self.qp_low, self.qp_high]))

    @property
    def words(self) -> str:
        """Return the restriction in words, without the path."""
        if self.texts:
            return f"is {' or '.join(self.texts)}"
        if np.isnan(self.low):
            return f"< {self.high:.3g}"
        if np.isnan(self.high):
            return f"> {self.low:.3g}"
        return f"from {self.low:.3g} to {self.high:.3g}"


@dataclass(frozen=True, eq=False)
class Box:
    """A box of the space, and how many of the cases are in it."""

    limits: tuple[BoxLimit, ...]  # least likely by chance first
    coverage: float  # share of all cases of interest that are inside
    density: float  # share of the cases inside that are of interest
    mass: float  # share of all cases that are inside
    inside: int
    wanted: int  # of interest, inside
    trajectory: pd.DataFrame  # coverage, density, mass, restricted paths at each step; chosen?


@dataclass(frozen=True, eq=False)
class Discovery:
    """The boxes found in the cases of a sweep."""

    cases: SweepCases
    threshold: float
    boxes: tuple[Box, ...]
    asked: int  # boxes to look for
    sweep: Mapping[str, Any]  # manifest of the sweep

    @property
    def table(self) -> pd.DataFrame:
        """Return one row per box and restricted path."""
        return pd.DataFrame(
            {
                "box": at,
                **vars(limit),
                "texts": "|".join(limit.texts),
                **{name: getattr(box, name) for name in ("coverage", "density", "mass", "inside")},
                "of_interest": box.wanted,
            }
            for at, box in enumerate(self.boxes, start=1)
            for limit in box.limits
        )

    def words(self, box: Box) -> str:
        """Return a box as a sentence."""
        paths = [limit.path for limit in box.limits]
        names = _short(paths, list(self.cases.table.columns))
        where = " and ".join(f"{names[limit.path]} {limit.words}" for limit in box.limits)
        rich = box.density >= 0.5  # noqa: PLR2004 - more often than not
        how = "is likely" if rich else f"is more frequent than overall ({self.cases.share:.2f})"
        return (
            f"{self.cases.happening} {how}, {box.density:.2f}, where {where}; "
            f"covers {box.coverage:.2f} of all such {self.cases.several}"
        )


@by_keyword
def discover(
    results: str | Path | SweepResults,
    outcome: str,
    *,
    threshold: float = THRESHOLD,
    variant: str | None = None,
    versus: str | None = None,
    boxes: int = 1,
    by: str = "run",
) -> Discovery:
    """Return boxes of the swept paths in which a condition such as `cohesion CSTO > 0.6` holds.

    `results` is the folder of a sweep, or of a sensitivity analysis. The widest box of a trajectory
    with a density of at least `threshold` is kept, or else the densest. Further boxes (up to
    `boxes`) are sought among the cases that the earlier ones left. With `versus` the condition is
    about the difference from that variant, run by run. `by` is run or point; a point is of interest
    if at least half of its runs are.
    """
    if not 0 < threshold <= 1:
        message = f"must be more than 0 to 1, got {threshold:g}"
        raise InputError([Problem("--threshold", 0, 0, "", message)])
    if boxes < 1:
        raise InputError([Problem("--box", 0, 0, "", f"must be 1 or more, got {boxes}")])
    runs = _results(results)
    cases = cases_of(runs, outcome, variant=variant, versus=versus, by=by)
    prim = needed("ema_workbench.analysis.prim", "discover")
    with warnings.catch_warnings():  # of ema_workbench, about pandas 4
        warnings.simplefilter("ignore", DeprecationWarning)
        searched = prim.Prim(cases.table, cases.wanted.copy(), threshold=ANY)
        described = tuple(_boxes(searched, cases, threshold, boxes))
    if not described:
        message = f"no box has {cases.condition} more often than by chance: sweep more points"
        raise InputError([Problem("--outcome", 0, 0, "", message)])
    return Discovery(cases, threshold, described, asked=boxes, sweep=runs.manifest)


def _results(results: str | Path | SweepResults) -> SweepResults:
    """Return the sweep in a folder, or that of the sensitivity analysis in it."""
    if isinstance(results, SweepResults):
        return results
    folder, inner = Path(results), Path(results) / RUNS
    if not inner.is_dir():
        return SweepResults(folder)
    if unfinished(inner, SWEEP) and (said := unfinished(folder, SENSITIVITY)):
        raise ResultError(said)
    return SweepResults(inner)


def _boxes(searched: Any, cases: SweepCases, threshold: float, most: int) -> Iterator[Box]:
    """Yield boxes until one has no restriction, or there are enough."""
    for _ in range(most):
        prim_box = searched.find_box()
        if prim_box is None:
            return
        chosen = _chosen(prim_box, threshold)
        prim_box.select(chosen)
        box = _box(prim_box, chosen, cases)
        if not box.limits:
            return
        yield box


def _chosen(box: Any, threshold: float) -> int:
    """Return the step of the widest box that is dense enough, or else of the densest.

    Restrictions that may be due to chance are dropped first; a box needs at least one other.
    """
    trajectory = box.peeling_trajectory
    steps = trajectory[trajectory["density"] >= threshold].sort_values("coverage", ascending=False)
    for step in steps.index.tolist():
        pruned = _pruned(box, step)
        dense = box.peeling_trajectory.loc[pruned, "density"] >= threshold
        if dense and box.qp[pruned]:
            return pruned
    return _pruned(box, int(trajectory["density"].idxmax()))


def _pruned(box: Any, step: int) -> int:
    """Return a step without the restrictions that may be due to chance, dropped one by one."""
    while True:
        likely = {path: max(ends) for path, ends in box.qp[step].items() if max(ends) > CHANCE}
        if not likely:
            return step
        box.drop_restriction(max(likely, key=lambda path: likely[path]), step)
        step = len(box.box_lims) - 1


def _box(box: Any, step: int, cases: SweepCases) -> Box:
    row = box.peeling_trajectory.loc[step]
    limits = [
        _limit(path, box.box_lims[step][path], box.box_lims[0][path], ends)
        for path, ends in box.qp[step].items()
    ]
    columns = {"coverage": float, "density": float, "mass": float, "res_dim": int}
    trajectory = box.peeling_trajectory[list(columns)].astype(columns)
    return Box(
        limits=tuple(sorted(limits, key=lambda limit: limit.qp)),
        coverage=float(row["coverage"]),
        density=float(row["density"]),
        mass=float(row["n"]) / cases.wanted.size,
        inside=int(row["n"]),
        wanted=int(row["k"]),
        trajectory=trajectory.assign(chosen=trajectory.index == step),
    )


def _limit(path: str, box: pd.Series, whole: pd.Series, ends: list[float]) -> BoxLimit:
    nan = float("nan")
    chances = [float(end) if end >= 0 else nan for end in ends]
    if isinstance(box.iloc[0], (set, frozenset)):
        texts = tuple(sorted(map(str, box.iloc[0])))
        return BoxLimit(path, nan, nan, texts, nan, nan, *chances)
    low, high = (nan if end == edge else float(end) for end, edge in zip(box, whole, strict=True))
    return BoxLimit(path, low, high, (), *map(float, whole), *chances)


def _short(paths: list[str], known: list[str]) -> Mapping[str, str]:
    """Return the shortest end of each path that no other known path has."""
    names = {}
    for path in paths:
        steps = DottedPath(path).steps
        for count in range(1, len(steps) + 1):
            tail = DottedPath.of(*steps[-count:])
            if sum(other == tail or other.endswith(f".{tail}") for other in known) == 1:
                break
        names[path] = tail
    return names
