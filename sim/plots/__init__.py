"""Figures, drawn from the tables of a result alone.

`draw_all` draws them; `FIGURES` says what each shows. One figure a file: `subjects(tables)` lists
what it can be drawn for, `build(tables, subject)` draws one; `sim.plots.pages` has a table of them.
matplotlib and pandas are imported when a figure is drawn, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sim.kernel.errors import need_lists
from sim.plots.figures import FIGURES, FigureError, figures_of

__all__ = ["FIGURES", "FigureError", "draw_all", "figures_of"]


def draw_all(
    folder: Path, what: Sequence[str] | None = None, *, say: Callable[[str], object] | None = None
) -> list[Path]:
    """Return the files drawn into `folder/figures`; see `sim.plots.pages.draw_all`."""
    need_lists(what=what)
    from sim.plots.pages import draw_all as drawn_all  # noqa: PLC0415 - matplotlib is costly

    return drawn_all(Path(folder), what, say=say)
