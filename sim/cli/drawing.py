"""`blocsim plot`: figures from result tables."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from sim.cli.ending import say
from sim.records.read import load_results


def plot_command(folder: Path, what: list[str] | None) -> None:
    """Draw figures of a result and say where they are."""
    load_results(folder)
    for path in draw(folder, what):
        say(str(path))


def draw(folder: Path, what: list[str] | None, *, jobs: int = 1) -> list[Path]:
    """Draw figures of the tables in a folder; return their paths."""
    from sim.plots import FIGURES, draw_all  # noqa: PLC0415 - matplotlib is costly

    if jobs == 1 or what is not None:
        return list(draw_all(folder, what))
    names = list(FIGURES)
    shares = [names[start::jobs] for start in range(min(jobs, len(names)))]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(shares), mp_context=context) as pool:
        drawn = [pool.submit(draw, folder, share) for share in shares[1:]]
        own = draw(folder, shares[0])
        return sorted([*own, *(path for each in drawn for path in each.result())])
