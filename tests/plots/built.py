"""Figures of a result, built and read."""

from __future__ import annotations

from matplotlib.text import Text

from sim.plots.figure_data import FigureData
from sim.plots.pages import RECIPES, our_look


def build(folder, name, subject=None):
    recipe, tables = RECIPES[name], FigureData.read(folder)
    with our_look():
        figure = recipe.build(tables, recipe.subjects(tables)[0] if subject is None else subject)
        figure.draw_without_rendering()
    return figure


def words(figure):
    texts = [text.get_text() for text in figure.findobj(Text) if text.get_visible()]
    return " ".join(" ".join(texts).split())


def subjects(folder, name):
    return RECIPES[name].subjects(FigureData.read(folder))
