"""Pages of the docs, made from templates and tables.

In a template `{scenario/expectation}` becomes the mean in docs/claims.csv, marked if it is a
difference within the smallest effect of interest; `{size scenario/expectation}` is the mean without
its sign, and `{name}` the block of that name, such as a table.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sim.cli.streams import markdown as lines_of_table

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
CLAIMS = DOCS / "claims.csv"
QUOTED = re.compile(r"\{(size )?(\w+)/(\w+)\}")
BLOCK = re.compile(r"\{([a-z][\w ]*)\}")  # not as `rules: {budget: responsive}`

UNMEASURED = "(not measured)"  # until `python -m bench.claims` has been run
SLIGHT = "°"  # marks a difference within the smallest effect of interest

Row = dict[str, str]


def rows_of(path: Path) -> list[Row]:
    """Return the rows of a table; empty if there is no such file."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write the rows of a table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def filled(template: Path, blocks: Mapping[str, str] | None = None) -> str:
    """Return a template with its blocks, and the means of expectations from docs/claims.csv."""
    rows = {(row["scenario"], row["expectation"]): row for row in rows_of(CLAIMS)}

    def mean(found: re.Match[str]) -> str:
        row = rows.get((found[2], found[3]))
        if row is None:
            return UNMEASURED
        value = float(row["mean"])
        return f"{abs(value) if found[1] else value:.3g}" + SLIGHT * slight(row)

    text = template.read_text(encoding="utf-8")
    if blocks is not None:
        text = BLOCK.sub(lambda found: blocks[found[1]], text)
    return QUOTED.sub(mean, text)


def slight(row: Row) -> bool:
    """Return whether a row of claims is a difference that lies within the smallest effect."""
    if not row["smallest"]:
        return False
    return max(abs(float(row["low"])), abs(float(row["high"]))) < float(row["smallest"])


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown, without a newline at its end."""
    return lines_of_table(head, rows).rstrip("\n")


def number(text: str | float) -> str:
    """Return a number with three digits, a year with four; a dash for an empty text."""
    value = float(text) if text != "" else math.nan
    if math.isnan(value):
        return "-"
    return f"{value:.4g}" if 1000 <= abs(value) < math.inf else f"{value:.3g}"  # noqa: PLR2004


def interval(low: str | float, high: str | float) -> str:
    """Return an interval; empty if it has no ends."""
    ends = number(low), number(high)
    return "" if "-" in ends else f" [{ends[0]}, {ends[1]}]"


def band(low: str, high: str) -> str:
    """Return a band in words."""
    if low == "":
        return f"to {number(high)}"
    return f"from {number(low)}" if high == "" else f"{number(low)} to {number(high)}"
