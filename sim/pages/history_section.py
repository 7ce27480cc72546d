"""The comparison of a run with history, on a page: every check of its patterns, misses first."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import Any

from sim.pages.figure_album import FigureAlbum
from sim.pages.page_parts import Cell, Head, PageTable, Paragraph, Section
from sim.pages.table_views import number_cell
from sim.records.results import Results
from sim.scenario.load import Scenario
from sim.seeing import statements
from sim.seeing.numerals import band, brief, per_cent
from sim.seeing.pattern_history import INSIDE
from sim.seeing.scenario_answer import ScenarioAnswer

ABSENT = "not covered"
_NONE = "This scenario names no pattern of history, so it is not compared with what happened."
_READ = (
    "A pattern is inside if the median of the runs lies in the band of each scored check. "
    "Misses come first; checks in brackets are not scored."
)


def history_section(
    results: Results, found: ScenarioAnswer, scenario: Scenario | None, album: FigureAlbum
) -> Section:
    """Return the patterns of the first variant, with their claims if they are known."""
    place, title = "history", "Comparison with history"
    if "patterns" not in list(results) or results["patterns"].empty:
        return Section(place, title, (Paragraph(_NONE),))
    frame = results["patterns"]
    own: list[Any] = [r for r in frame.to_dict("records") if r["variant"] == results.variants[0]]
    rows = sorted((r for r in own if r["verdict"] != ABSENT), key=_rank)
    absent = len(own) - len(rows)
    parts: list[object] = []
    if rows:
        known = {} if scenario is None else scenario.base.patterns
        claims = {name: each.claim for name, each in known.items()}
        parts += [_table(rows, claims, results.variants[0]), Paragraph(_READ, "note")]
    if absent:
        words = f"{absent} checks are" if absent > 1 else "One check is"
        parts.append(
            Paragraph(f"{words} on data that the runs do not cover (patterns.csv).", "note")
        )
    parts += album.figures(("patterns",), most=1)
    return Section(place, title, tuple(parts), statements.history_sentence(found))


def _rank(row: Any) -> tuple[bool, bool]:
    """Return the sort key: scored misses first, checks that are not scored last."""
    return not row["scored"] > 0, row["verdict"] == INSIDE


def _table(rows: list[Any], claims: Mapping[str, str], variant: str) -> PageTable:
    heads = (
        Head("pattern"), Head("verdict"), Head("band"), Head("median", number=True),
        Head("5 to 95 %"), Head("runs inside", number=True), Head("history", number=True),
    )  # fmt: skip
    return PageTable(
        f"Patterns in {variant}",
        heads,
        tuple(_line(row, claims) for row in rows),
        "patterns.csv",
    )


def _line(row: Mapping[str, Any], claims: Mapping[str, str]) -> tuple[Cell, ...]:
    name = f"{row['pattern']} {row['check']}"
    claim = claims.get(row["pattern"], "")
    scored, verdict = row["scored"] > 0, row["verdict"]
    mark = "none" if not scored else "held" if verdict == INSIDE else "missed"
    ends = "-" if isnan(row["q50"]) else f"{brief(row['q05'])} to {brief(row['q95'])}"
    return (
        Cell(f"{name}: {claim}" if claim else name),
        Cell(verdict if scored else f"({verdict})", mark=mark),
        Cell(band(row["low"], row["high"])),
        number_cell(row["q50"]),
        Cell(ends),
        Cell(per_cent(row["inside"]), row["inside"]),
        number_cell(row["historical"]),
    )
