"""`columns.csv`, the data dictionary of a result: what every column and every metric means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.metrics.catalogue import END, METRICS
from sim.records.columns import Column, Table
from sim.records.csv_writer import row
from sim.records.tables import COLUMNS, OUTCOMES, PATTERNS, RUN
from sim.scenario.schema.outcome_syntax import Outcome

_WINDOWS = {
    "end": END,
    "at": "at {}",
    "mean": "mean of {}",
    "after": "mean after {}",
    "by": "by {}",
}


def dictionary(described: Iterable[tuple[str, Column]], table: Table = COLUMNS) -> list[str]:
    """Return the rows of a dictionary, whose table says what is given beside the definition."""
    parts = [name for name in table.names() if name in ("unit", "when")]
    return [
        row([file, each.name, *(getattr(each, part) for part in parts), each.text])
        for file, each in described
    ]


def run_dictionary(
    outcomes: Sequence[Outcome], drawn: Sequence[tuple[str, str]], *, patterns: bool = False
) -> list[str]:
    """Return the rows of a run's dictionary; `drawn` has path and unit of numbers drawn by run."""
    by_run = [
        *(outcome_column(outcome) for outcome in outcomes),
        *(
            Column(path, unit, "Number drawn or given by run.", when="start")
            for path, unit in drawn
        ),
    ]
    described = [*OUTCOMES.described(by_run)]
    for table in RUN:
        if table is not OUTCOMES and (patterns or table is not PATTERNS):
            described += table.described()
    return dictionary(described)


def outcome_column(outcome: Outcome) -> Column:
    """Return the column of an outcome."""
    about = METRICS[outcome.metric]
    window = outcome.window
    span = (
        f"{window.event}: periods {window.first} to {window.last}"
        if window.event is not None
        else " to ".join(outcome.dates)
    )
    when = _WINDOWS[window.kind].format(span)
    return Column(outcome.text, about.unit, about.text, when=when)
