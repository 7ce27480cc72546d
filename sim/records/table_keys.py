"""Columns that tell the rows of tables apart, each declared once."""

from __future__ import annotations

from sim.records.columns import Column, newer, text

USD = "million USD of 2016"
KEYS = {
    "variant": "Variant of the scenario; the unpatched one is baseline.",
    "run": "Number of the run; the same number draws the same randomness in every variant.",
    "date": "Period, by date.",
    "start": "First day of the period, as ISO 8601 has it.",
    "metric": "Name of the metric; its unit and definition stand in a row of its own here.",
    "subject": "Bloc, state, dyad (STATE>STATE), member (STATE:BLOC), or SUPPLIER>RECIPIENT.",
    "state": "The state that the number is about.",
    "supplier": "The state that supplies; empty for metrics of the state alone.",
    "bloc": "The bloc.",
    "outcome": "Outcome, as the scenario spells it.",
    "from": "The state that holds, owes or imports.",
    "to": "The state it regards, owes or imports from.",
}


def keys(names: str) -> tuple[Column, ...]:
    """Return columns that tell the rows of a table apart."""
    return tuple(
        Column(name, "", KEYS[name], float if name == "run" else str, key=True)
        for name in names.split(",")
    )


PERIOD = (*keys("date"), *newer(3, *keys("start")))  # of every table with dates


def dated(name: str, about: str) -> tuple[Column, ...]:
    """Return the columns of one of several dates: as the calendar has it, and its first day."""
    day = text(f"{name}_start", f"First day of the period `{name}`, as ISO 8601 has it.", since=3)
    return text(name, about), day
