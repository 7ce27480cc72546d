"""The answer of a run on a page: the sentences of the terminal, each beside a drawn interval."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from sim.experiments.effects import LARGER, LARGER_OPEN, NONE, SMALLER, SMALLER_OPEN
from sim.explain.contrast_reasons import main_reasons
from sim.pages.page_parts import (
    Cell,
    Findings,
    FindingView,
    Folded,
    Head,
    Headed,
    IntervalStrip,
    PageTable,
    Paragraph,
    Section,
    TextList,
)
from sim.pages.table_views import number_cell, number_heads
from sim.records.results import Results
from sim.seeing import statements
from sim.seeing.scenario_answer import ContrastAnswer, EffectFinding, ScenarioAnswer

MARKS = {LARGER: "up", LARGER_OPEN: "up", SMALLER: "down", SMALLER_OPEN: "down", NONE: "none"}
OPEN = "open"  # of all other verdicts
_ROOM = 1.12  # of a strip, on each side of its contents
_COLUMNS = {"mean": "difference", "low": "low", "high": "high", "changed": "changed", "d": "d"}
_STRIPS = (
    "The line is the 95 % interval of the mean difference, the dot the mean. The thin vertical "
    "line marks zero, the band around it differences too small to matter. Each strip has its own "
    "scale."
)


def answer_section(results: Results, found: ScenarioAnswer) -> Section:
    """Return the answer of a run, with the reasons that changed most by contrast."""
    parts: list[object] = []
    if found.contrasts:
        why = main_reasons(results, found)
        for each in found.contrasts:
            reason = (Paragraph(why[each.name].sentence),) if each.name in why else ()
            parts.append(contrast_part(each, (*reason, *_numbers(results, each))))
        parts.append(Paragraph(f"{_STRIPS} {statements.LEGEND}", "note"))
    else:
        parts.append(TextList(tuple(map(statements.level_sentence, found.levels))))
    closing = [text.removeprefix("- ") for text in statements.closing_sentences(found, every=True)]
    if closing:
        parts.append(Headed("Basis of the answer", (TextList(tuple(closing)),)))
    return Section("answer", "The answer", tuple(parts))


def contrast_part(contrast: ContrastAnswer, more: Sequence[object] = ()) -> Headed:
    """Return the findings of a contrast under its question, and further findings below."""
    parts: list[object] = [Findings(tuple(map(finding_view, contrast.findings)))]
    if cohesion := statements.cohesion_sentence(contrast):
        parts.append(Paragraph(cohesion))
    if shift := statements.shift_sentence(contrast):
        parts.append(Paragraph(shift))
    pair = statements.pair_words(contrast)
    return Headed(contrast.asks or pair, (*parts, *more), pair if contrast.asks else "")


def finding_view(finding: EffectFinding) -> FindingView:
    """Return a finding as shown on the page."""
    name = statements.named(finding.of)
    verdict = statements.finding_name(finding).removeprefix(f"{name}: ")
    mark = MARKS.get(finding.verdict, OPEN)
    return FindingView(name, verdict, mark, statements.finding_numbers(finding), _strip(finding))


def _strip(finding: EffectFinding) -> IntervalStrip | None:
    whole, least = finding.effect.interval, finding.effect.smallest
    if isnan(whole.low):
        return None
    reach = _ROOM * max(abs(whole.low), abs(whole.high), least)

    def place(value: float) -> float:
        return 50 + 50 * value / reach

    return IntervalStrip(*map(place, (whole.low, whole.high, whole.mean, 0.0, -least, least)))


def _numbers(results: Results, contrast: ContrastAnswer) -> tuple[Folded, ...]:
    """Return the findings as in tables; empty if an older result lacks the contrast."""
    pair = (contrast.of, contrast.versus)
    levels = {
        (row["variant"], row["outcome"]): row["mean"]
        for row in results["summary"].to_dict("records")
    }
    rows = {
        row["outcome"]: row
        for row in results["differences"].to_dict("records")
        if (row["variant"], row["versus"]) == pair
    }
    shown = [each.outcome for each in contrast.findings if each.outcome in rows]
    names = [name for name in _COLUMNS if name in results["differences"]]
    heads = [*pair, *(_COLUMNS[name] for name in names)]
    lines = [
        (
            Cell(text),
            *(number_cell(levels[side, text]) for side in pair),
            *(number_cell(rows[text][name]) for name in names),
        )
        for text in shown
    ]
    if not lines:
        return ()
    caption = (
        f"Means of both variants, and the paired difference: {statements.pair_words(contrast)}"
    )
    columns = (Head("outcome"), *number_heads(*heads))
    table = PageTable(caption, columns, tuple(lines), "summary.csv, differences.csv")
    return (Folded("The numbers, as in the tables", (table,)),)
