"""Draws of runs that many worlds share: variants, points of a design, rule sets."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sim.noise import Noise
from sim.scenario.build import noise_of

LISTS = 2  # of runs, as of 1,000 in blocks of 500 done by two processes in turns
ROOM = 1 << 26  # bytes of each; the 29 periods of the flagship take 37 MB in blocks of 500


def shared_draws(runs: np.ndarray, seed: int) -> Noise:
    """Return the draws of some runs, named by number.

    Worlds of the same runs that a process makes one after another share the tables of draws, so
    that each is computed once.
    """
    return _kept(np.asarray(runs, dtype=np.uint32).tobytes(), seed)


@lru_cache(maxsize=LISTS)
def _kept(runs: bytes, seed: int) -> Noise:
    """Return the draws of runs that were asked for lately."""
    return noise_of(np.frombuffer(runs, dtype=np.uint32), seed, room=ROOM)
