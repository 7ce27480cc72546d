"""Listing: a design becomes chunks, the same for any executor and number of workers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np

from sim.experiments.sweeps.chunks import Chunk
from sim.experiments.sweeps.designs import Design

ROWS = 1000  # runs of a chunk: some seconds of work


def chunks_of(
    design: Design,
    *,
    segments: Sequence[int],
    variants: Sequence[str],
    replicates: int,
    fixed: Mapping[str, frozenset[str]],
) -> Iterator[Chunk]:
    """Yield the chunks of a design.

    `segments` holds the number of points at each time that the design grew: what was done before
    keeps its chunks. `fixed` names by variant the paths that the variant itself sets.
    """
    ends = [0, *segments]
    for part, (start, stop) in enumerate(pairwise(ends)):
        for group, (_, points) in enumerate(design.classes.items()):
            mine = points[(points >= start) & (points < stop)]
            for variant in variants:
                free = {p: c for p, c in design.riding.items() if p not in fixed[variant]}
                name = f"{part}-{group}-{variant}"
                yield from _cut(name, group, variant, mine, free, replicates)


def _cut(
    name: str,
    group: int,
    variant: str,
    points: np.ndarray,
    columns: Mapping[str, np.ndarray],
    replicates: int,
) -> Iterator[Chunk]:
    """Yield chunks of about `ROWS` runs: whole points, or replicates of one point."""
    each = max(1, ROWS // replicates)
    number = 0
    for at in range(0, points.size, each):
        some = points[at : at + each]
        given = {path: column[some] for path, column in columns.items()}
        for first in range(0, replicates, ROWS):
            yield Chunk(
                name=f"{name}-{number:06d}",
                group=group,
                variant=variant,
                points=some,
                given=given,
                first=first,
                stop=min(first + ROWS, replicates),
            )
            number += 1
