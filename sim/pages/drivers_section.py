"""Drivers of a result, on a page: reasons that weigh differently, and sources of uncertainty."""

from __future__ import annotations

from collections.abc import Iterator

from sim.explain.contrast_reasons import DECISIONS, contrast_reasons
from sim.pages.page_parts import Cell, CommandLines, Head, Headed, PageTable, Paragraph, Section
from sim.pages.table_views import number_cell, number_heads
from sim.records.results import Results
from sim.seeing.doubt import SOURCES
from sim.seeing.numerals import per_cent, weighed
from sim.seeing.running_text import possessives
from sim.seeing.scenario_answer import ScenarioAnswer

_MOST = 6  # reasons of a contrast
_REASONS = (
    "The change in a reason's weight, averaged over all decisions of a kind by one state. It shows "
    "which reasons differed in the decisions, not that they alone caused the outcomes to differ."
)
_NOTHING = "No reason certainly weighs differently in the variants of the contrasts."
_NEXT = "Further commands show which assumptions drive this result:"


def drivers_section(results: Results, found: ScenarioAnswer, name: str) -> Section:
    """Return the reasons that changed by contrast, and the spreads if they are known."""
    tables = [*_reasons(results, found)]
    parts: list[object] = []
    if tables:
        reasons = (*tables, Paragraph(_REASONS, "note"))
        parts.append(Headed("Reasons that weigh differently", reasons))
    else:
        parts.append(Paragraph(_NOTHING))
    if found.doubts:
        parts.append(Headed("Chance, parameters, rules", (_spreads(found),)))
    parts += [Paragraph(_NEXT), CommandLines(tuple(_commands(name, known=bool(found.doubts))))]
    return Section("drivers", "What drives it", tuple(parts))


def _reasons(results: Results, found: ScenarioAnswer) -> Iterator[PageTable]:
    heads = (
        Head("who"), Head("where"), Head("reason"),
        *number_heads("difference", "standard error", "cases"),
    )  # fmt: skip
    for of, versus in dict.fromkeys((each.of, each.versus) for each in found.contrasts):
        reasons = contrast_reasons(results, of, versus)[:_MOST]
        if reasons:
            rows = tuple(
                (
                    Cell(each.name),
                    Cell(possessives(DECISIONS[each.decision].format(actor=each.name))),
                    Cell(each.words),
                    Cell(f"{weighed(each.difference)} {each.unit}", each.difference),
                    number_cell(each.error),
                    Cell(f"{each.cases:,}", each.cases),
                )
                for each in reasons
            )
            yield PageTable(f"{of} less {versus}", heads, rows, "why.csv")


def _spreads(found: ScenarioAnswer) -> PageTable:
    heads = (
        Head("outcome"), *number_heads(*SOURCES), Head("largest"),
        *number_heads("sure", "rule sets that agree on the sign"),
    )  # fmt: skip
    names = {each.outcome: each.name for each in found.contrasts[0].findings}
    rows = tuple(
        (
            Cell(names[each.outcome], key=each.outcome),
            *(Cell(per_cent(max(each.share[name], 0.0)), each.share[name]) for name in SOURCES),
            Cell(each.largest),
            Cell(per_cent(each.sure), each.sure),
            Cell(per_cent(each.same_sign), each.same_sign),
        )
        for each in found.doubts
        if each.outcome in names
    )
    folder = found.doubts[0].folder.name
    caption = "Share of the variance of the first contrast's differences"
    return PageTable(f"{caption}, from {folder} next to this result", heads, rows)


def _commands(name: str, *, known: bool) -> Iterator[tuple[str, str]]:
    if not known:
        yield f"blocsim run {name} --structural", "shows the shares of chance, parameters and rules"
    yield (
        f"blocsim sensitivity {name} --method morris",
        "shows which assumed numbers move the outcomes",
    )
    yield f"blocsim ablate {name} --runs 50", "shows the effect of each mechanism, off and alone"
