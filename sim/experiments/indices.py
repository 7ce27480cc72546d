"""Methods of sensitivity analysis: their samples and their indices, by SALib.

    Morris   mu* = mean |elementary effect|: how far an outcome moves, on average over the rest,
             when a parameter crosses its whole range; sigma: how unequal these effects are
    Sobol'   S1, ST: share of the outcome's variance over all points that a parameter explains
             alone, and together with the others
    PAWN     median distance (Kolmogorov-Smirnov) between the outcome's distribution and the one
             with the parameter in a slice of its range; a dummy shows the size due to noise

Sources: morris1991, campolongo2007 (mu*), ruano2012 (trajectories far apart), sobol2001,
saltelli2010 (estimators), pianosi2018 (PAWN from any sample), khorashadi2017 (the dummy),
iwanaga2022 (SALib).

The main index is also computed here, as SALib defines it, in many bootstrap samples of whole blocks
at once. Each function takes SALib's problem, the points and outcomes of the sample, and the blocks
drawn (resamples, blocks), which are trajectories, rows of Saltelli's sample, or points. It returns
the index (resamples, parameters or groups), 0 for a resample in which the outcome is constant.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.experiments.remedies import needed
from sim.kernel.errors import InputError, Problem

LEVELS = 4  # of Morris' grid
SLICES = 10  # of PAWN
STEP = LEVELS / (2 * (LEVELS - 1))  # of a trajectory, as a share of the range
POOL = 4  # trajectories drawn for each that is kept
FEWEST_FAR = 3  # trajectories that SALib's search needs
MOST_FAR = 12  # trajectories above which the search for distant ones takes too long
RESAMPLES = 100
FEW = 25  # resamples of PAWN, the costliest
LEAST = 8  # defined points that a share of variance needs
FROZEN_RESAMPLES = 200  # of shares of variance
DUMMY = "(dummy)"
NORMAL = 1.959964  # standard deviations on either side that hold 95 %

SalibProblem = dict[str, Any]  # in SALib's form


@dataclass(frozen=True)
class Method:
    """A method: its columns, the index that ranks, and the size of a sample."""

    columns: Mapping[str, str]  # index -> its definition
    main: str  # the index that ranks
    size: str  # what -n counts
    usual: int  # -n unless given
    least: int
    sums: bool  # whether indices may be added up over a group


METHODS = {
    "morris": Method(
        {
            "mu_star": "Mean absolute effect of crossing the range, in the outcome's unit.",
            "mu": "Mean effect, with its sign.",
            "sigma": "Standard deviation of the effects: interactions and curvature.",
        },
        "mu_star",
        "trajectories",
        10,
        2,
        sums=True,
    ),
    "sobol": Method(
        {
            "S1": "Share of the variance explained by the parameter alone.",
            "ST": "Share of the variance due to the parameter with all its interactions.",
        },
        "ST",
        "base points",
        128,
        2,
        sums=True,
    ),
    "pawn": Method(
        {
            "median": "Median Kolmogorov-Smirnov distance over ten slices of the range.",
            "maximum": "Largest distance of a slice.",
        },
        "median",
        "points of a Latin hypercube",
        400,
        50,
        sums=False,
    ),
}


def block_of(problem: SalibProblem, method: str) -> int:
    """Return the number of points in a block: a trajectory, or a row of Saltelli's sample."""
    count = len(set(problem["groups"])) if problem["groups"] else problem["num_vars"]
    return {"morris": count + 1, "sobol": count + 2, "pawn": 1}[method]


def check_size(method: str, size: int | None) -> int:
    """Return the size of a sample; InputError if the method cannot use it (SALib only warns)."""
    about = METHODS[method]
    count = about.usual if size is None else size
    fault = ""
    if count < about.least:
        fault = f"{method} needs {about.least} {about.size} or more, got {count}"
    elif method == "sobol" and count & (count - 1):
        below = 2 ** (count.bit_length() - 1)
        fault = f"a Sobol' sample needs a power of two: {below} or {2 * below}, not {count}"
    if fault:
        raise InputError([Problem("--size", 0, 0, "", fault)])
    return count


def sample(problem: SalibProblem, method: str, size: int, seed: int) -> np.ndarray:
    """Return the points of a sample: (points, parameters)."""
    module = {"morris": "morris", "sobol": "sobol", "pawn": "latin"}[method]
    sampler = needed(f"SALib.sample.{module}", "--method")
    mine, how = _copied(problem), dict[str, Any](seed=seed)
    if method == "sobol":
        how["calc_second_order"] = False
    elif method == "pawn":
        mine["groups"] = None  # SALib would give all parameters of a group the same place
    else:
        far = size if FEWEST_FAR <= size <= MOST_FAR else None
        how |= {"num_levels": LEVELS, "optimal_trajectories": far}
        size = POOL * size if far else size
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.asarray(sampler.sample(mine, size, **how), dtype=np.float64)


def indices(
    problem: SalibProblem, method: str, points: np.ndarray, outcome: np.ndarray, seed: int
) -> pd.DataFrame:
    """Return one row per parameter or group: each index, with `_low` and `_high` if it has ends.

    The outcome must vary, and be defined at all points. PAWN's dummy is the last row.
    """
    if method == "pawn":
        luck = np.random.default_rng(seed).random(outcome.size)
        problem, points = _with_dummy(problem), np.column_stack([points, luck])
    answer = _salib(problem, method, points, outcome, seed, RESAMPLES)
    frame = pd.DataFrame({"parameter": list(dict.fromkeys(problem["groups"] or problem["names"]))})
    for name in METHODS[method].columns:
        value = np.ma.filled(np.ma.asarray(answer[name], dtype=np.float64), np.nan)
        frame[name] = value
        if f"{name}_conf" in answer:
            half = np.asarray(answer[f"{name}_conf"], dtype=np.float64)
            least = 0.0 if name in ("mu_star", "ST") else -np.inf
            frame[f"{name}_low"] = np.maximum(value - half, least)
            frame[f"{name}_high"] = value + half
        elif method == "pawn" and name == METHODS[method].main:
            draws = resampled(problem, method, points, outcome, seed)
            frame[f"{name}_low"], frame[f"{name}_high"] = ends(value, draws)
    return frame


def resampled(
    problem: SalibProblem, method: str, points: np.ndarray, outcome: np.ndarray, seed: int
) -> np.ndarray:
    """Return the main index in bootstrap samples of whole blocks: (resamples, parameters).

    The index is as in SALib, which would compute intervals for each sample too.
    """
    blocks = outcome.size // block_of(problem, method)
    count = FEW if method == "pawn" else RESAMPLES
    drawn = np.random.default_rng(seed).integers(blocks, size=(count, blocks))
    main = {"morris": morris_sizes, "sobol": total_shares, "pawn": median_distances}[method]
    return main(_copied(problem), points, outcome, drawn)


def ends(value: np.ndarray, draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of 95 % intervals: the value minus and plus 1.96 deviations of the draws.

    This is SALib's own way. Quantiles would be biased: distances between distributions, and means
    of sizes, are greater in a resample than in the sample.
    """
    half = NORMAL * draws.std(axis=0, ddof=1)
    return np.maximum(value - half, 0.0), value + half


def _with_dummy(problem: SalibProblem) -> SalibProblem:
    """Return a problem with an additional parameter without effect."""
    more = {"num_vars": problem["num_vars"] + 1, "names": [*problem["names"], DUMMY]}
    groups = [*problem["groups"], DUMMY] if problem["groups"] else None
    return {**problem, **more, "bounds": [*problem["bounds"], [0.0, 1.0]], "groups": groups}


def _salib(
    problem: SalibProblem,
    method: str,
    points: np.ndarray,
    outcome: np.ndarray,
    seed: int,
    resamples: int,
) -> Mapping[str, Any]:
    analyser = needed(f"SALib.analyze.{method}", "--method")
    mine = _copied(problem)
    how: dict[str, Any] = {"num_resamples": resamples}
    if method == "morris":
        how |= {"X": points, "num_levels": LEVELS, "seed": seed}
    elif method == "sobol":  # SALib takes a seed of 0 for none
        how |= {"calc_second_order": False, "seed": seed + 1}
    else:
        how = {"X": points, "S": SLICES}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer: Mapping[str, Any] = analyser.analyze(mine, Y=outcome, **how)
    return answer


def _copied(problem: SalibProblem) -> SalibProblem:
    """Return a copy: SALib writes into the problem."""
    return {key: list(v) if isinstance(v, list) else v for key, v in problem.items()}


def morris_sizes(
    problem: SalibProblem, points: np.ndarray, outcome: np.ndarray, drawn: np.ndarray
) -> np.ndarray:
    """Return mu*: the mean size of the elementary effects of the trajectories drawn."""
    paths = drawn.shape[1]
    steps = np.abs(np.diff(outcome.reshape(paths, -1), axis=1)) / STEP
    moved = np.diff(points.reshape(paths, -1, points.shape[1]), axis=1) != 0
    sizes = np.einsum("ts,tsp->tp", steps, moved)
    return _by_group(problem, sizes[drawn].mean(axis=1))


def total_shares(
    problem: SalibProblem,
    points: np.ndarray,
    outcome: np.ndarray,
    drawn: np.ndarray,
) -> np.ndarray:
    """Return ST: half the mean square of what a parameter alone changes, over the variance."""
    del problem, points  # in a Saltelli sample the row says what varies
    rows = outcome.reshape(drawn.shape[1], -1)
    first, mixed, last = rows[:, 0], rows[:, 1:-1], rows[:, -1]
    squares = (first[:, None] - mixed) ** 2
    shares = np.zeros((len(drawn), mixed.shape[1]))
    for at, mine in enumerate(drawn):
        variance = np.var([first[mine], last[mine]])
        if variance > np.finfo(np.float64).eps * np.var(rows[mine]):  # the tolerance of SALib
            shares[at] = 0.5 * squares[mine].mean(axis=0) / variance
    return shares


def median_distances(
    problem: SalibProblem, points: np.ndarray, outcome: np.ndarray, drawn: np.ndarray
) -> np.ndarray:
    """Return PAWN's median of the Kolmogorov-Smirnov distances of the slices."""
    distances = np.zeros((len(drawn), points.shape[1]))
    for at, mine in enumerate(drawn):
        if np.ptp(outcome[mine]) > 0:
            distances[at] = _medians(points[mine], outcome[mine])
    return _by_group(problem, distances)


def _medians(points: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Return the median distance of each parameter of one sample: (parameters,)."""
    order = np.argsort(outcome, kind="stable")
    points, outcome = points[order], outcome[order]
    last = np.append(outcome[1:] != outcome[:-1], True)
    whole = (np.flatnonzero(last) + 1.0) / outcome.size
    width = 1 / SLICES
    edges = np.nanquantile(points, np.arange(0, 1 + width, width), axis=0)
    distances = np.full((SLICES, points.shape[1]), np.nan)
    for at in range(SLICES):
        inside = (points >= edges[at]) & (points < edges[at + 1])
        count = inside.sum(axis=0)
        part = np.cumsum(inside, axis=0)[last] / np.maximum(count, 1)
        distance = np.abs(part - whole[:, None]).max(axis=0)
        distances[at] = np.where(count > 0, distance, np.nan)
    return np.asarray(np.nanmedian(distances, axis=0), dtype=np.float64)


def _by_group(problem: SalibProblem, values: np.ndarray) -> np.ndarray:
    """Return the mean over the parameters of each group, if there are groups."""
    labels = np.array(problem["groups"] or [])
    if not labels.size:
        return values
    groups = dict.fromkeys(labels.tolist())
    return np.stack([values[:, labels == group].mean(axis=1) for group in groups], axis=1)


@dataclass(frozen=True)
class VarianceShare:
    """The share of an outcome's variance that a group of inputs explains."""

    group: str
    first: float  # alone; nan if the outcome does not vary
    first_half: float  # half of the 95 % interval
    total: float  # with interactions
    total_half: float


@dataclass(frozen=True)
class PickFreeze:
    """Inputs in groups, drawn by pick-freeze: (groups + 2) rows for every point.

    The first-order share of a group is the mean reduction of the variance if all its inputs were
    known; the total share is what would remain if all others were known. The difference is due to
    interactions.
    """

    groups: Mapping[str, Sequence[str]]  # group -> its inputs
    points: int  # a power of two
    seed: int

    @property
    def rows(self) -> int:
        """Return the number of rows of the design."""
        return self.points * (len(self.groups) + 2)

    def problem(self) -> dict[str, Any]:
        """Return the design as SALib's problem, with every input uniform on 0 to 1."""
        names = [name for inputs in self.groups.values() for name in inputs]
        of = [group for group, inputs in self.groups.items() for _ in inputs]
        bounds = [[0.0, 1.0]] * len(names)
        return {"num_vars": len(names), "names": names, "groups": of, "bounds": bounds}

    @property
    def _seed(self) -> int:
        """Return a seed within the bounds of numpy's legacy generator."""
        return self.seed % (2**32 - 1)

    def uniform(self) -> dict[str, np.ndarray]:
        """Return uniform numbers for every input: (rows,)."""
        needed("SALib", "audit (--runs 0 counts without it)")
        table = sample(self.problem(), "sobol", self.points, self._seed + 1)
        return dict(zip(self.problem()["names"], table.T, strict=True))

    def shares(self, values: np.ndarray) -> list[VarianceShare]:
        """Return the share of each group in the variance of an outcome (rows,)."""
        by_point = values.reshape(self.points, -1)
        known = by_point[~np.isnan(by_point).any(axis=1)]
        if known.shape[0] < LEAST or np.ptp(known) == 0:
            return [VarianceShare(group, *[np.nan] * 4) for group in self.groups]
        answer = _salib(
            self.problem(), "sobol", known, known.reshape(-1), self._seed, FROZEN_RESAMPLES
        )
        columns = zip(answer["S1"], answer["S1_conf"], answer["ST"], answer["ST_conf"], strict=True)
        return [
            VarianceShare(group, *map(float, each))
            for group, each in zip(self.groups, columns, strict=True)
        ]


def whole_power(points: int) -> int:
    """Return the least power of two from `points` on; Sobol' points are balanced only there."""
    return 1 << max(points - 1, 0).bit_length()
