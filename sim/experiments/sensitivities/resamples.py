"""The index that ranks, as SALib defines it, in many bootstrap samples of whole blocks at once.

Each function takes SALib's problem, the points and outcomes of the sample, and the blocks drawn:
(resamples, blocks), places of trajectories, rows of Saltelli's, or points. Each returns an index a
resample and parameter, or group. A resample in which the outcome is constant has zeros.
"""

from __future__ import annotations

from typing import Any

import numpy as np

LEVELS = 4  # of Morris' grid
SLICES = 10  # of PAWN
STEP = LEVELS / (2 * (LEVELS - 1))  # of a trajectory, in parts of the range

Problem_ = dict[str, Any]  # as SALib has it


def morris_sizes(
    problem: Problem_, points: np.ndarray, outcome: np.ndarray, drawn: np.ndarray
) -> np.ndarray:
    """Return mu*: the mean size of the elementary effects of the trajectories drawn."""
    paths = drawn.shape[1]
    steps = np.abs(np.diff(outcome.reshape(paths, -1), axis=1)) / STEP
    moved = np.diff(points.reshape(paths, -1, points.shape[1]), axis=1) != 0
    sizes = np.einsum("ts,tsp->tp", steps, moved)
    return _by_group(problem, sizes[drawn].mean(axis=1))


def total_shares(
    problem: Problem_,
    points: np.ndarray,  # noqa: ARG001 - the rows of a Saltelli sample tell what varies
    outcome: np.ndarray,
    drawn: np.ndarray,
) -> np.ndarray:
    """Return ST: half the mean square of what a parameter alone changes, over the variance."""
    del problem
    rows = outcome.reshape(drawn.shape[1], -1)
    first, mixed, last = rows[:, 0], rows[:, 1:-1], rows[:, -1]
    squares = (first[:, None] - mixed) ** 2
    found = np.zeros((len(drawn), mixed.shape[1]))
    for at, mine in enumerate(drawn):
        variance = np.var([first[mine], last[mine]])
        if variance > np.finfo(np.float64).eps * np.var(rows[mine]):  # as SALib has it: of 1
            found[at] = 0.5 * squares[mine].mean(axis=0) / variance
    return found


def median_distances(
    problem: Problem_, points: np.ndarray, outcome: np.ndarray, drawn: np.ndarray
) -> np.ndarray:
    """Return PAWN's median of the Kolmogorov-Smirnov distances of the slices."""
    found = np.zeros((len(drawn), points.shape[1]))
    for at, mine in enumerate(drawn):
        if np.ptp(outcome[mine]) > 0:
            found[at] = _medians(points[mine], outcome[mine])
    return _by_group(problem, found)


def _medians(points: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Return the median distance of each parameter of one sample: (parameters,)."""
    order = np.argsort(outcome, kind="stable")
    points, outcome = points[order], outcome[order]
    last = np.append(outcome[1:] != outcome[:-1], True)
    whole = (np.flatnonzero(last) + 1.0) / outcome.size
    width = 1 / SLICES
    edges = np.nanquantile(points, np.arange(0, 1 + width, width), axis=0)
    found = np.full((SLICES, points.shape[1]), np.nan)
    for at in range(SLICES):
        inside = (points >= edges[at]) & (points < edges[at + 1])
        count = inside.sum(axis=0)
        part = np.cumsum(inside, axis=0)[last] / np.maximum(count, 1)
        distance = np.abs(part - whole[:, None]).max(axis=0)
        found[at] = np.where(count > 0, distance, np.nan)
    return np.asarray(np.nanmedian(found, axis=0), dtype=np.float64)


def _by_group(problem: Problem_, found: np.ndarray) -> np.ndarray:
    """Return the mean over the parameters of each group, where there are groups."""
    labels = np.array(problem["groups"] or [])
    if not labels.size:
        return found
    groups = dict.fromkeys(labels.tolist())
    return np.stack([found[:, labels == group].mean(axis=1) for group in groups], axis=1)
