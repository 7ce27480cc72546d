"""Periods by date: parsing, numbering and labels.

A period is numbered by its date (months since year 0 over the months of a period), never from the
start of a scenario, so that scenarios with different starts have the same numbers for a date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

YEAR = 12  # months
MONTHS = {"year": YEAR, "half": 6, "quarter": 3, "month": 1}
SWAP = "exchange the two dates, or write a later one"  # the remedy of an end before its start
WITHIN = "write a date in between, or extend `time`"  # that of a date outside the span

_DATE = re.compile(r"([0-9]{4})(?:-(?:Q([1-4])|H([12])|([0-9]{2})))?\Z")


def months(date: str) -> int:
    """Return the month in which a date begins, counted from year 0.

    A date has the form `2018`, `2018-H1`, `2018-Q2` or `2018-06`; any other is a ValueError.
    """
    found = _DATE.match(date)
    if found is None:
        message = f"no date {date!r}: write 2018, 2018-H1, 2018-Q2 or 2018-06"
        raise ValueError(message)
    year, quarter, half, month = found.groups()
    first = 0
    if quarter is not None:
        first = 3 * (int(quarter) - 1)
    elif half is not None:
        first = 6 * (int(half) - 1)
    elif month is not None:
        first = int(month) - 1
        if not 0 <= first < YEAR:
            message = f"no month {month!r} in {date!r}: write 01 to 12"
            raise ValueError(message)
    return YEAR * int(year) + first


def year_of(date: str) -> int:
    """Return the year in which a date begins."""
    return months(date) // YEAR


@dataclass(frozen=True)
class Calendar:
    """The periods of a scenario, both ends included."""

    first: int  # number of the first period, by date
    last: int  # number of the last period, by date
    period: str  # year, half, quarter or month

    @classmethod
    def between(cls, start: str, end: str, period: str) -> Calendar:
        """Return the calendar from the first period of `start` to the last of `end`."""
        first = months(start) // MONTHS[period]
        return cls(first=first, last=last_month(end) // MONTHS[period], period=period)

    @property
    def dt(self) -> float:
        """Return the length of a period, in years."""
        return MONTHS[self.period] / YEAR

    def __len__(self) -> int:
        """Return the number of periods."""
        return self.last - self.first + 1

    def number(self, date: str) -> int:
        """Return the number of the period in which a date begins."""
        return months(date) // MONTHS[self.period]

    def last_number(self, date: str) -> int:
        """Return the number of the period in which a date ends."""
        return last_month(date) // MONTHS[self.period]

    def index(self, date: str) -> int:
        """Return the position in the calendar of the period in which a date begins.

        It is negative for dates before the calendar.
        """
        return self.number(date) - self.first

    def last_index(self, date: str) -> int:
        """Return the position in the calendar of the period in which a date ends."""
        return self.last_number(date) - self.first

    def label(self, index: int) -> str:
        """Return the date of the period at a position, such as `2018-Q2`."""
        year, part = divmod((self.first + index) * MONTHS[self.period], YEAR)
        if self.period == "year":
            return f"{year:04d}"
        if self.period == "month":
            return f"{year:04d}-{part + 1:02d}"
        letter = "H" if self.period == "half" else "Q"
        return f"{year:04d}-{letter}{part // MONTHS[self.period] + 1}"

    def labels(self) -> list[str]:
        """Return the dates of all periods."""
        return [self.label(index) for index in range(len(self))]


def first_day(date: str) -> str:
    """Return the day on which a date begins, in ISO 8601: 2018-04-01 for 2018-Q2."""
    year, month = divmod(months(date), YEAR)
    return f"{year:04d}-{month + 1:02d}-01"


def last_month(date: str) -> int:
    """Return the last month of a date, counted from year 0."""
    return months(date) + length(date) - 1


def length(date: str) -> int:
    """Return the length of a date in months: 12 for `2018`, 3 for `2018-Q2`."""
    part = date.partition("-")[2][:1]
    return {"": YEAR, "H": MONTHS["half"], "Q": MONTHS["quarter"]}.get(part, 1)
