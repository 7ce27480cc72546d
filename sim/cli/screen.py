"""What commands print to a terminal: tables and lines on stdout, progress on stderr."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from typing import Any, Protocol

from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, RenderHook
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from sim.cli.streams import printable

INTERVAL = "95 %"  # a column of two ends: where there is no room it breaks between them
PROSE = 80  # columns of sentences
WIDTH = 100  # columns where the output is no terminal and COLUMNS is not set


class Screen(Console):
    """stdout. A user's texts are printed unchanged, except for terminal control characters."""

    def __init__(self, width: int = WIDTH) -> None:
        """Begin; `width` is that of piped output, unless COLUMNS is set."""
        super().__init__(highlight=False, markup=False, emoji=False)
        if not self.is_terminal and "COLUMNS" not in os.environ:
            self.width = width
        self.push_render_hook(_Printable())

    def unbroken(self, text: str, style: str | None = None) -> None:
        """Print an unbroken line, so that a path in it can be copied."""
        self.print(text, style=style, soft_wrap=True)

    def grouped(self, heads: list[str], groups: Mapping[str, list[list[str]]]) -> None:
        """Print rows of cells, in columns over all groups, each group under its title."""
        rows = [row for group in groups.values() for row in group]
        head, *lines = aligned([heads, *rows], self.width)
        self.unbroken(head, style="underline")
        for title, group in groups.items():
            self.print(title, style="bold")
            for _ in group:
                self.unbroken(lines.pop(0))
        self.print()


class _Printable(RenderHook):
    """Escapes terminal control characters in all output."""

    def process_renderables(self, renderables: list[Any]) -> list[Any]:
        return [_Escaped(each) for each in renderables]


class _Escaped:
    def __init__(self, renderable: Any) -> None:
        self.renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        for segment in console.render(self.renderable, options):
            yield segment if segment.control else segment._replace(text=printable(segment.text))


def table(
    *columns: str, title: str | None = None, numbers: tuple[str, ...] = (), whole: bool = False
) -> Table:
    """Return an empty table; columns of numbers are right-aligned, and names may stay `whole`."""
    kind = NameTable if whole else Table
    shown = kind(
        box=SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False
    )
    for column in columns:
        right = column in numbers
        shown.add_column(
            column,
            justify="right" if right else "left",
            no_wrap=(right or whole) and not column.startswith(INTERVAL),
            overflow="fold",  # a long name goes on in the next line, whole
        )
    return shown


class NameTable(Table):
    """Names and numbers; where a line has no room for both, the numbers go below their names."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Any]:
        columns = [[str(each.header), *map(str, each.cells)] for each in self.columns]
        room = options.max_width - 3 * len(columns)  # a space on either side, and a bar
        for cells in columns:
            parts = " ".join(cells).split() if cells[0].startswith(INTERVAL) else cells
            room -= max(map(len, parts))
        if room >= 0:
            yield from super().__rich_console__(console, options)
            return
        sides: dict[bool, list[list[str]]] = {False: [], True: []}
        for column, cells in zip(self.columns, columns, strict=True):
            sides[column.justify == "right"].append(cells)
        names, numbers = (zip(*side, strict=True) for side in sides.values())
        lines = aligned([("", *row) for row in numbers], options.max_width)
        if self.title:
            yield Text(str(self.title), style="bold")
        for at, (name, line) in enumerate(zip(names, lines, strict=True)):
            yield Text(f"{'  '.join(name)}\n{line}", "" if at else "underline")


def aligned(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return a text for each row, its cells in columns: the first to the left, others to the right.

    Cells for which a line has no room go on in a second one.
    """
    sizes = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    texts = []
    for name, *cells in rows:
        lines = [f"  {name:{sizes[0]}}"]
        for cell, size in zip(cells, sizes[1:], strict=False):
            if len(lines[-1]) + 2 + size > width and lines[-1].strip():
                lines.append("  ")
            lines[-1] += f"  {cell:>{size}}"
        texts.append("\n".join(line.rstrip() for line in lines))
    return texts


class Step(Protocol):
    """Shows progress: a count of runs, unless another unit is named."""

    def __call__(self, done: int, total: int, what: str = "runs") -> None:
        """Show the count done and the total, 0 if it is not known."""


@contextmanager
def progress(title: str, first: str = "first runs") -> Iterator[Step]:
    """Yield a function that shows runs done, total, rate and time left; silent off a terminal.

    Where the total is not known, as before the first runs are done, the bar only moves.
    """
    shown = Console(stderr=True)
    if not shown.is_terminal:
        yield lambda *_, **__: None
        return
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[count]}"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=shown,
        transient=True,
    )
    with bar:
        task = bar.add_task(printable(title), total=None, rate="", count=first)
        counted = "runs"

        def step(done: int, total: int, what: str = "runs") -> None:
            nonlocal counted
            if what != counted:
                bar.reset(task)
                counted = what
            speed = bar.tasks[0].speed
            rate = f"{speed:.0f} runs/s" if speed and what == "runs" else ""
            count = f"{done:,}/{total:,} {what}" if total else f"{done:,} {what}"
            bar.update(task, completed=done, total=total or None, rate=rate, count=count)

        yield step
