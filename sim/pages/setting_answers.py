"""Findings over many settings, as parts of a page: sweeps, comparisons, ablations, rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.experiments.effects import NONE, UNDECIDED, UNDEFINED
from sim.metrics.catalogue import METRICS
from sim.pages.answer_section import finding_view
from sim.pages.page_parts import (
    Cell,
    Findings,
    Folded,
    Head,
    Headed,
    PageTable,
    Paragraph,
    TextList,
)
from sim.pages.study_folder import StudyAnswer, StudyFolder
from sim.pages.table_views import number_cell, number_heads, table_of
from sim.plots.comparison_rows import sides
from sim.plots.figure_data import FigureData
from sim.plots.labels import smallest_of
from sim.plots.swept_points import SweptPoints
from sim.seeing import study_sentences
from sim.seeing.comparison_answer import compared_findings
from sim.seeing.numerals import brief, effect_size

_OUTCOMES = 12  # for a sweep, the outcomes of contrasts first
_APART = {UNDECIDED: "Undecided", NONE: "No difference to speak of", UNDEFINED: "Not defined"}
_SPREADS = ("chance", "parameters", "rules")


def _asked(study: StudyFolder) -> tuple[str, str]:
    """Return the question of the scenario and its title."""
    about = study.manifest["scenario"]
    return " ".join(about["question"].split()), " ".join(about["title"].split())


def sweep_answer(study: StudyFolder) -> StudyAnswer:
    """Return the swept numbers with the largest effects, and the levels of every outcome."""
    scope, *others = study_sentences.sweep_sentences(study.manifest)
    summary = study.table("summary")
    others += study_sentences.still_sentences(study.manifest, summary)
    parts: list[object] = [Paragraph(text, "note") for text in others]
    parts += largest_effects(study)
    for variant, rows in summary.groupby("variant", sort=False):
        lines = tuple(
            (study.outcome(row["outcome"]), *map(number_cell, (row["mean"], row["sd_of_points"])),
             *_ends(row))
            for row in rows.to_dict("records")
        )  # fmt: skip
        heads = (Head("outcome"), *number_heads("mean", "sd of points", "least", "most"))
        table = PageTable(f"Means of the points in {variant}", heads, lines, "summary.csv")
        parts.append(Folded(f"Every outcome in {variant}", (table,)))
    return StudyAnswer(*_asked(study), scope, tuple(parts))


def largest_effects(study: StudyFolder) -> Iterator[Headed]:
    """Yield the swept number with the largest effect on each outcome, by variant.

    Effects smaller than the smallest effect of interest are named without their size.
    """
    points = SweptPoints(FigureData.read(study.folder))
    heads = (
        Head("outcome"), Head("moved most by"), *number_heads("low third", "high third", "change"),
    )  # fmt: skip
    for variant in points.tables.variants:
        lines: list[tuple[Cell, ...]] = []
        small: list[str] = []
        for outcome in points.outcomes[:_OUTCOMES]:
            effects = points.effects(outcome.text, variant)
            if len(effects) and points.paths:
                low, high = effects.iloc[0][["low", "high"]]
                least = smallest_of(points.tables, outcome.metric)
                if abs(high - low) < least:
                    size = effect_size(least, percent=METRICS[outcome.metric].percent)
                    small.append(f"{study.outcome(outcome.text).text} (under {size})")
                    continue
                numbers = (Cell(brief(low)), Cell(brief(high)), Cell(f"{high - low:+.3g}"))
                lines.append((study.outcome(outcome.text), Cell(str(effects.index[0])), *numbers))
        parts: list[object] = []
        if lines:
            caption = "Means over the points in the lowest and the highest third of that number"
            parts.append(PageTable(caption, heads, tuple(lines), "points.csv, design.csv"))
        if small:
            text = (
                "No difference to speak of between the lowest and the highest third of any number"
            )
            parts.append(Paragraph(f"{text}: {'; '.join(small)}.", "note"))
        if parts:
            what = "Largest effects" if lines else "No effect to speak of"
            yield Headed(f"{what} in {variant}", tuple(parts))


def _ends(row: Any) -> Iterator[Cell]:
    for name in ("least", "most"):
        cell = number_cell(row[name])
        point = row[f"{name}_point"]
        yield Cell(cell.text, cell.value, key="" if point != point else f"point {point:.0f}")  # noqa: PLR0124


def comparison_answer(study: StudyFolder) -> StudyAnswer:
    """Return the outcomes and inputs in which two sides differ."""
    about = study.manifest["comparison"]
    one, other = sides(about)
    document = study.document
    findings = compared_findings(study.table("differences"), document, one, other)
    groups: dict[str, list[Any]] = {"": [], **{name: [] for name in _APART}}
    for each in findings:
        groups[each.verdict if each.verdict in _APART else ""].append(finding_view(each))
    parts: list[object] = []
    if about.get("remark"):
        parts.append(Paragraph(about["remark"]))
    clear = groups.pop("")
    parts.append(
        Headed("Outcomes that differ", (Findings(tuple(clear)),))
        if clear
        else Paragraph("No outcome differs for certain.", "lead")
    )
    for verdict, views in groups.items():
        if views:
            title = f"{_APART[verdict]}: {len(views)}"
            parts.append(Folded(title, (Findings(tuple(views)),)))
    parts += _compared_numbers(study, one, other)
    parts.append(_inputs(study, one, other))
    scope = f"{study.manifest['inputs']['runs']:,} runs of each side; 95 % intervals. No forecast."
    return StudyAnswer(*_asked(study), scope, tuple(parts))


def _compared_numbers(study: StudyFolder, one: str, other: str) -> Iterator[Folded]:
    """Yield the numbers of every outcome, and what each input adds to its difference."""
    between = (("low", "low", True), ("high", "high", True))
    columns = (
        ("outcome", "outcome", False), ("one", one, True), ("other", other, True),
        ("difference", "difference", True), *between, ("d", "d", True),
        ("changed", "changed", True),
    )  # fmt: skip
    caption = f"{other} less {one}, with 95 % intervals"
    table = table_of(caption, study.table("differences"), columns, "differences.csv")
    yield Folded("The numbers, as the tables have them", (table,))
    shares = study.table("attribution")
    if len(shares):
        shared = (
            ("outcome", "outcome", False), ("input", "input", False), ("share", "share", True),
            *between,
        )  # fmt: skip
        caption = "Shares of the inputs (Shapley), which add up to the difference"
        table = table_of(caption, shares, shared, "attribution.csv")
        yield Folded("What each input adds", (table,))


def _inputs(study: StudyFolder, one: str, other: str) -> object:
    rows = study.table("inputs")
    if rows.empty:
        return Headed("Inputs", (Paragraph("no difference in inputs"),))
    lines = tuple(
        (
            Cell(
                row["input"],
                key=" / ".join(
                    dict.fromkeys(filter(None, (row["source_one"], row["source_other"])))
                ),
            ),
            Cell(row["one"] or "-"),
            Cell(row["other"] or "-"),
        )
        for row in rows.to_dict("records")
    )
    heads = (Head("input"), Head(one), Head(other))
    table = PageTable(f"Inputs that differ: {len(rows)}", heads, lines, "inputs.csv")
    return Headed("Inputs", (table,))


def ablation_answer(study: StudyFolder) -> StudyAnswer:
    """Return the effects of each mechanism, off or alone."""
    mechanisms = study.table("mechanisms")
    moving = study_sentences.moving_mechanisms(mechanisms)
    heads = (
        Head("mechanism"),
        *number_heads("moved", "size"),
        Head("moves most"),
        Head("what it does"),
    )
    lines = tuple(
        (
            Cell(row["mechanism"]),
            number_cell(row["moved"]),
            number_cell(row["most_size"]),
            Cell(
                study.outcome(row["most"]).text,
                key=f"{row['most']} in {row['most_variant']} ({row['most_setting']})",
            ),
            Cell(row["text"]),
        )
        for row in moving.to_dict("records")
    )
    caption = "Mechanisms with a certain effect; size in smallest effects of interest"
    parts: list[object] = (
        [PageTable(caption, heads, lines, "mechanisms.csv")]
        if lines
        else [
            Paragraph(
                "No mechanism certainly moves an outcome by more than its smallest effect.", "lead"
            )
        ]
    )
    groups = study_sentences.ablation_groups(mechanisms)
    texts = tuple(f"{what}: {', '.join(names)}" for what, names in groups.items())
    if texts:
        parts.append(Headed("The others", (TextList(texts),)))
    return StudyAnswer(
        *_asked(study), study_sentences.ablation_sentence(study.manifest), tuple(parts)
    )


def structural_answer(study: StudyFolder) -> StudyAnswer:
    """Return the spreads of every outcome by source, those of the contrasts first."""
    asked: list[tuple[Cell, ...]] = []
    others: list[tuple[Cell, ...]] = []
    wanted = {
        (each["of"], each["versus"]): [" ".join(text.split()) for text in each.get("about") or ()]
        for each in study.manifest.get("contrasts", {}).values()
    }
    for row in study.table("spreads").to_dict("records"):
        about = wanted.get((row["variant"], row["versus"]))
        mine = about is not None and (not about or row["outcome"] in about)
        (asked if mine else others).append(_spread(study, row))
    heads = (Head("outcome"), *number_heads("mean", *_SPREADS), Head("driven by"))
    caption = "Standard deviations by source; the largest is in bold"
    parts: list[object] = []
    for title, rows in (("Outcomes of the contrasts", asked), ("Other outcomes", others)):
        if rows:
            table = PageTable(caption, heads, tuple(rows), "spreads.csv")
            folded = title == "Other outcomes" and bool(asked)
            parts.append((Folded if folded else Headed)(title, (table,)))
    return StudyAnswer(*_asked(study), f"{study.manifest['structural']['cost']}.", tuple(parts))


def _spread(study: StudyFolder, row: Any) -> tuple[Cell, ...]:
    pair = f"{row['variant']} less {row['versus']}" if row["versus"] else row["variant"]
    name = study.outcome(row["outcome"])
    return (
        Cell(name.text, key=f"{name.key or row['outcome']}, {pair}"),
        number_cell(row["mean"]),
        *(number_cell(row[each], "most" if row["largest"] == each else "") for each in _SPREADS),
        Cell(str(row["driver"])),
    )
