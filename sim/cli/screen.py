"""What commands print: tables to stdout, progress to stderr on a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

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


class Step(Protocol):
    """Shows how much is done of all: runs, unless it says what else is counted."""

    def __call__(self, done: int, total: int, what: str = "runs") -> None:
        """Show so much of all."""


@contextmanager
def progress(title: str) -> Iterator[Step]:
    """Yield a function that shows runs done of all, rate and time left; quiet off a terminal.

    Until the first of them are done, how many there are is not known: the bar only moves.
    """
    shown = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[count]}"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=shown,
        disable=not shown.is_terminal,
        transient=True,
    )
    with bar:
        task, counted = bar.add_task(title, total=None, rate="", count="first runs"), "runs"

        def step(done: int, total: int, what: str = "runs") -> None:
            nonlocal counted
            if what != counted:
                bar.reset(task)
                counted = what
            speed = bar.tasks[0].speed
            rate = f"{speed:.0f} runs/s" if speed and what == "runs" else ""
            count = f"{done:,}/{total:,} {what}"
            bar.update(task, completed=done, total=total, rate=rate, count=count)

        yield step
