"""`blocsim plot`: figures from result tables."""

from __future__ import annotations

from pathlib import Path

from sim.cli.ending import say
from sim.records.read import load_results


def plot_command(folder: Path, what: list[str] | None) -> None:
    """Draw figures of a result and say where they are."""
    load_results(folder)
    for path in draw(folder, what):
        say(str(path))


def draw(folder: Path, what: list[str] | None) -> list[Path]:
    """Draw figures of the tables in a folder; return their paths."""
    from sim.plots import draw_all  # noqa: PLC0415 - matplotlib is costly

    return list(draw_all(folder, what))
