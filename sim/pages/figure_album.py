"""Figures of a result as parts of a page, drawn from its tables as by `blocsim plot`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from markupsafe import Markup

from sim.pages.inline_svg import inline_svg
from sim.pages.page_parts import FigurePart, PageTable
from sim.plots import renderer
from sim.plots.figure_data import FigureData

MOST_CELLS = 8_000  # of all tables that go with figures
MOST_BYTES = 900_000  # of all figures of a page: the others are left to `blocsim plot`


@dataclass(eq=False)
class FigureAlbum:
    """The figures of one page: drawn one by one until the page would be too large."""

    tables: FigureData | None = None  # empty if all figures are drawn from something else
    pages: Any = field(default_factory=renderer)
    left_out: int = field(default=0, init=False)  # figures for which there was no room
    _count: int = field(default=0, init=False)
    _bytes: int = field(default=0, init=False)
    _cells: int = field(default=0, init=False)

    def figures(
        self,
        names: Sequence[str],
        *,
        most: int = 99,
        numbers: Callable[[str], PageTable | None] | None = None,
    ) -> tuple[FigurePart, ...]:
        """Return the figures of some names that can be drawn, with limited subjects for each name.

        `numbers` gives the table that goes with a subject.
        """
        out: list[FigurePart] = []
        for name in names if self.tables is not None else ():
            subjects = [subject for _, subject in self.pages.pages(self.tables, [name], say=len)]
            self.left_out += len(subjects[most:])
            for subject in subjects[:most]:
                recipe = self.pages.RECIPES[name]
                files = tuple(f"{table}.csv" for table in recipe.tables)
                build = partial(recipe.build, self.tables, subject)
                table = numbers(subject) if numbers is not None else None
                out += self.part(build, files, table)
        return tuple(out)

    def lacks(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return why there is no figure of some names, a sentence each."""
        said: list[str] = []
        if self.tables is not None:
            self.pages.pages(self.tables, names, say=said.append)
        return tuple(f"{each[:1].upper()}{each[1:]}." for each in said)

    def part(
        self,
        build: Callable[[], Any],
        files: Sequence[str] = (),
        numbers: PageTable | None = None,
    ) -> tuple[FigurePart, ...]:
        """Return a figure that is built, or None if there is no room."""
        title, below, text = self.pages.svg_of(build)
        label = f"{title}. {below}" if below else title
        svg = inline_svg(text, f"f{self._count + 1}-", label)
        if self._bytes + len(svg) > MOST_BYTES:
            self.left_out += 1
            return ()
        self._count += 1
        self._bytes += len(svg)
        cells = len(numbers.rows) * len(numbers.heads) if numbers is not None else 0
        if self._cells + cells > MOST_CELLS:
            numbers = None
        else:
            self._cells += cells
        width = float(svg.partition(' width="')[2].partition('"')[0])
        safe = Markup(svg)  # noqa: S704 - drawn here, its elements and attributes listed
        return (FigurePart(title, below, safe, width, tuple(files), numbers),)
