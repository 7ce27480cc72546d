"""Figures, drawn from the tables of a result alone.

`draw_all` draws them; `FIGURES` says what each shows. One figure a file: a module has the name of
its figure, `subjects(tables)` lists what it can be drawn for, `build(tables, subject)` draws one.
matplotlib and pandas are imported when a figure is drawn, not before.
"""

from sim.plots.figures import FIGURES, STRUCTURAL, FigureError, draw_all

__all__ = ["FIGURES", "STRUCTURAL", "FigureError", "draw_all"]
