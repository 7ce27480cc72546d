"""Coverage: which years a table of arms covers, and whether a state that it lacks imported none.

A table holds the world in some years if it has rows before or in the first, and in or after the
last, and WORLD or more recipients in these years. SIPRI counts about 160 importers in five years;
what users download for some states or suppliers alone has far fewer. Only a table of the world says
by a missing row that there was no import.
"""

from __future__ import annotations

import pandas as pd

WORLD = 100  # recipients in five years


def span(frame: pd.DataFrame) -> str:
    """Return the years of a table in words."""
    return f"{int(frame['year'].min())} to {int(frame['year'].max())}"


def covers(frame: pd.DataFrame, years: range) -> bool:
    """Return whether a table reaches from the first to the last of some years."""
    return bool(len(frame)) and not missing(frame, years)


def missing(frame: pd.DataFrame, years: range) -> list[int]:
    """Return the years that are before the first or after the last year of a table."""
    first, last = int(frame["year"].min()), int(frame["year"].max())
    return [each for each in years if not first <= each <= last]


def holds_world(frame: pd.DataFrame, years: range, recipient: str) -> bool:
    """Return whether a table holds the world in some years; `recipient` names its column."""
    return covers(frame, years) and _recipients(frame, years, recipient) >= WORLD


def lacking(frame: pd.DataFrame, years: range, recipient: str) -> str:
    """Return why the absence of a state from a table is not zero."""
    when = f"from {years[0]} to {years[-1]}"
    if not covers(frame, years):
        return f"no transfer to it {when}, and the table covers {span(frame)}"
    count = _recipients(frame, years, recipient)
    return f"no transfer to it {when} in a table of {count} recipients, not of the world"


def _recipients(frame: pd.DataFrame, years: range, recipient: str) -> int:
    return int(frame[frame["year"].isin(years)][recipient].nunique())
