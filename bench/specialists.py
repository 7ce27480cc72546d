"""Expectations of specialists on the cases of other regions, compared with the model.

    python -m bench.specialists [--jobs N]

Most of them are in the `expect` block of the case, with results in docs/claims.csv. Expectations
that the model fails, or meets by sign only, are not in `expect`; they are measured here, by the
same code, in docs/specialists.csv. If a case was fitted, all are measured again with the numbers of
its laws at their defaults, in docs/specialists_unfitted.csv.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml

from bench.claims import COLUMNS
from bench.claims import measured as answers
from bench.pages import (
    CLAIMS,
    DOCS,
    ROOT,
    Row,
    band,
    interval,
    markdown,
    number,
    rows_of,
    slight,
    write,
)
from sim.scenario.load import load

TABLE = DOCS / "specialists.csv"
UNFITTED = DOCS / "specialists_unfitted.csv"
ASKED = ROOT / "bench" / "specialists.yaml"
# defaults of the numbers of laws that a case sets with knowledge of its history
DEFAULTS: dict[str, dict[str, Any]] = {
    "gulf_2017": {
        "laws.budget.elasticity": 0.5,
        "laws.budget.delay": 2.0,
        "laws.procurement.by_spread": 0.0,
    },
    "albania_1961": {"laws.membership.exit_rate": 0.2},
}
SIGNS = ("positive", "negative")
HEAD = ("expected", "outcome", "variant", "must", "model [95 %]", "holds")


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=1)
    jobs = parser.parse_args().jobs
    write(TABLE, COLUMNS, measured(jobs))
    write(UNFITTED, COLUMNS, unfitted(jobs))


@cache
def asked() -> dict[str, list[dict[str, Any]]]:
    """Return the expectations of specialists, by scenario."""
    return dict(yaml.safe_load(ASKED.read_text(encoding="utf-8")))


def measured(jobs: int) -> Iterator[Row]:
    """Yield a row for each expectation that is not in the scenarios."""
    for name in asked():
        if own := asked_here(name):
            sets: dict[str, Any] = {f"expect.{key}": None for key in load(name).base.expect}
            yield from answers(load(name, sets=sets | own), jobs)


def unfitted(jobs: int) -> Iterator[Row]:
    """Yield a row for each expectation of a fitted case, with its laws at their defaults."""
    for name, defaults in DEFAULTS.items():
        yield from answers(load(name, sets=asked_here(name) | defaults), jobs)


def asked_here(scenario: str) -> dict[str, Any]:
    """Return the settings that add the expectations that are not in a scenario."""
    expected = asked()[scenario]
    return {f"expect.{key}": each for one in expected for key, each in one.get("asked", {}).items()}


def answered(scenario: str, *, fitted: bool = True) -> list[tuple[str, list[Row]]]:
    """Return the expectations on a scenario, each with the rows of its results."""
    tables = (CLAIMS, TABLE) if fitted else (CLAIMS, TABLE, UNFITTED)
    known = {(row["scenario"], row["expectation"]): row for each in tables for row in rows_of(each)}
    return [
        (each["expects"], [known[scenario, name] for name in (*each.get("by", ()), *own)])
        for each in asked()[scenario]
        for own in [each.get("asked", {})]
    ]


def holds(rows: list[Row]) -> str:
    """Return whether all rows hold: yes, no or undecided."""
    marks = {row["holds"] for row in rows}
    return "no" if "no" in marks else "undecided" if "undecided" in marks else "yes"


def by_sign(rows: list[Row]) -> bool:
    """Return whether an expectation holds by sign only, of a negligible difference."""
    return any(slight(row) and row["must"] in SIGNS for row in rows)


def at_its_bound(rows: list[Row]) -> bool:
    """Return whether an interval contains a bound that its mean keeps."""
    return any(
        float(row["low"]) < float(bound) < float(row["high"])
        for row in rows
        if ".." in row["must"]
        for bound in row["must"].split("..")
        if bound
    )


def counted(*scenarios: str, fitted: bool = True) -> str:
    """Return in words how many expectations hold, of some scenarios or of all."""
    names = scenarios or asked()
    every = [rows for name in names for _, rows in answered(name, fitted=fitted)]
    kept = [rows for rows in every if holds(rows) == "yes"]
    text = f"{len(kept)} of {len(every)} ({100 * len(kept) / len(every):.0f} %)"
    signs, near = sum(map(by_sign, kept)), sum(map(at_its_bound, kept))
    text += f", {signs} of them by a sign alone" if signs else ""
    return f"{text}, {near} with an interval that holds the bound" if near else text


def table(scenario: str) -> str:
    """Return the table of a scenario: a line for each row of results."""
    lines = []
    for expects, rows in answered(scenario):
        verdict = holds(rows)
        if verdict == "yes":
            verdict += ", by its sign alone" * by_sign(rows)
            verdict += ", its interval holds the bound" * at_its_bound(rows)
        for at, row in enumerate(rows):
            level = number(row["mean"]) + interval(row["low"], row["high"])
            variant = f"{row['variant']} less {row['versus']}" if row["versus"] else row["variant"]
            if row["must"].endswith("times that"):
                variant = variant.replace(" less ", " over ")
            must = band(*row["must"].split("..")) if ".." in row["must"] else row["must"]
            ends = (f"`{row['outcome']}`", variant, must, level)
            first = (expects, verdict) if at == 0 else ("", "")
            lines.append((first[0], *ends, first[1]))
    return markdown(HEAD, lines)


if __name__ == "__main__":
    main()
