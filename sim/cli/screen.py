"""What commands print: tables to stdout, progress to stderr on a terminal."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

INTERVAL = "95 %"  # a column of two ends: where there is no room it breaks between them
WIDTH = 100  # columns where the output is no terminal


def console() -> Console:
    """Return the console of stdout; off a terminal its lines are 100 columns wide.

    Texts are printed as they stand: brackets and colons of a user are no markup.
    """
    plain = Console(highlight=False, markup=False, emoji=False)
    if plain.is_terminal:
        return plain
    return Console(highlight=False, markup=False, emoji=False, width=WIDTH)


def table(*columns: str, title: str | None = None, numbers: tuple[str, ...] = ()) -> Table:
    """Return an empty table; columns of numbers stand to the right."""
    made = Table(
        box=SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False
    )
    for column in columns:
        right = column in numbers
        made.add_column(
            column,
            justify="right" if right else "left",
            no_wrap=right and not column.startswith(INTERVAL),
            overflow="fold",  # a long name goes on in the next line, whole
        )
    return made


def brief(value: float) -> str:
    """Return a number in four digits."""
    if math.isnan(value):
        return "-"
    return f"{value:.4g}" if value == 0 or abs(value) >= 1e-4 else f"{value:.1e}"  # noqa: PLR2004


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that shows runs done of all, rate and time left; quiet off a terminal."""
    shown = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f} runs"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=shown,
        disable=not shown.is_terminal,
        transient=True,
    )
    with bar:
        task = bar.add_task(title, total=1, rate="")

        def step(done: int, total: int) -> None:
            speed = bar.tasks[0].speed
            rate = f"{speed:.0f} runs/s" if speed else ""
            bar.update(task, completed=done, total=total, rate=rate)

        yield step
