"""Findings of scores, as parts of a page: calibrations, backtests, indices, boxes, audits."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim.pages.page_parts import (
    Cell,
    Folded,
    Head,
    Headed,
    PageTable,
    Paragraph,
    TextList,
)
from sim.pages.study_folder import StudyAnswer, StudyFolder
from sim.pages.table_views import Column, number_cell, number_heads, table_of
from sim.records.study_tables import HONEST
from sim.seeing import study_sentences
from sim.seeing.numerals import per_cent, span

MOST = 20  # rows of a table; its file has all


def calibration_answer(study: StudyFolder) -> StudyAnswer:
    """Return the numbers that a fit identified, and its patterns, misses first."""
    fit, numbers = study.table("fit"), study.table("identified")
    lines = tuple(
        (
            Cell(row["check"]), Cell(span(row["low"], row["high"])), number_cell(row["historical"]),
            number_cell(row["prior_q50"]), _share(row["prior_inside"]),
            number_cell(row["posterior_q50"]), _share(row["posterior_inside"]),
        )
        for row in sorted(fit.to_dict("records"), key=lambda row: row["posterior_inside"])
    )  # fmt: skip
    heads = (
        Head("check"), Head("band"), *number_heads("history", "prior", "in", "posterior", "in"),
    )  # fmt: skip
    checks = PageTable(
        "Medians of the runs, and the share of runs inside the band; worst fit first",
        heads,
        lines,
        "fit.csv",
    )
    sure = numbers[numbers["identified"] == "yes"]
    columns: list[Column] = [("path", "number", False)]
    columns += [
        (name, head, True)
        for name, head in (
            ("prior_q05", "prior 5 %"), ("prior_q95", "95 %"), ("posterior_q05", "posterior 5 %"),
            ("posterior_q50", "median"), ("posterior_q95", "95 %"), ("sd_ratio", "sd ratio"),
        )
    ]  # fmt: skip
    found = table_of("Numbers identified", sure.head(MOST), columns, "identified.csv")
    sentences = tuple(study_sentences.fit_sentences(study.manifest, numbers))
    parts: list[object] = [TextList(sentences), Headed("Patterns", (checks,))]
    if len(sure):
        parts.append(Headed("Numbers", (found,)))
    heading = f"What do the patterns say about {study.manifest['inputs']['scenario']}?"
    below = "A fit of uncertain numbers to patterns of history"
    return StudyAnswer(heading, below, study_sentences.fit_scope(study.manifest), tuple(parts))


def _share(value: float) -> Cell:
    return Cell(per_cent(value), float(value))


def backtest_answer(study: StudyFolder) -> StudyAnswer:
    """Return every score, and whether the model has skill over honest baselines."""
    inputs, scores = study.manifest["inputs"], study.table("backtest")
    honest = scores[scores["forecaster"].isin(HONEST) & scores["skill_of_model"].notna()]
    claimed = {
        str(score): bool((rows["low"] > 0).all())
        for score, rows in honest.groupby("score", sort=False)
    }
    parts: list[object] = []
    if said := study_sentences.skill_sentence(claimed):
        parts.append(Paragraph(said, "lead"))
    columns: list[Column] = [("forecaster", "forecaster", False)]
    for (target, score), rows in scores.groupby(["target", "score"], sort=False):
        first = rows.iloc[0]
        what = f"{first['cases']:.0f} cases, mean observed {first['observed_mean']:.3f}"
        heads: list[Column] = [
            *columns, ("value", str(score), True), ("skill_of_model", "skill of the model", True),
            ("low", "low", True), ("high", "high", True),
        ]  # fmt: skip
        parts.append(table_of(f"{target}: {score}, {what}", rows, heads, "backtest.csv"))
    left_out = [f"{n}: {each['text']}" for n, each in study.manifest.get("left_out", {}).items()]
    if left_out:
        parts.append(Headed("Left out", (TextList(tuple(left_out)),)))
    scope = study_sentences.backtest_scope(inputs["origins"], inputs["horizon"])
    heading = f"Does {inputs['scenario']} forecast better than naive rules?"
    return StudyAnswer(heading, "Forecasts compared with what happened", scope, tuple(parts))


def _indices(study: StudyFolder, rows: pd.DataFrame) -> Iterator[Folded]:
    """Yield the indices of the parameters that come first, outcome by outcome."""
    names = [str(name) for name in rows.select_dtypes("number") if name != "rank"]
    columns = (("parameter", "parameter", False), *((name, name, True) for name in names))
    for outcome, own in rows.groupby("outcome", sort=False):
        first = own.sort_values("rank", kind="stable").head(MOST)
        name = study.outcome(str(outcome))
        table = table_of(str(outcome), first, columns, "indices.csv")
        yield Folded(f"{name.text}: its indices", (table,))


def sensitivity_answer(study: StudyFolder) -> StudyAnswer:
    """Return the parameters that drive the outcomes most."""
    about, indices = study.manifest["inputs"]["sensitivity"], study.table("indices")
    real = indices[indices["rank"] > 0]
    names = real["outcome"].unique()
    total = (real.groupby("parameter")["share"].sum() / max(len(names), 1)).nlargest(MOST)
    lines = []
    for parameter, share in total.items():
        most = real[real["parameter"] == parameter].nlargest(1, "share").to_dict("records")[0]
        lines.append(
            (
                Cell(str(parameter), key=str(most.get("source", ""))),
                Cell(f"{share:.3g}"),
                study.outcome(most["outcome"]),
                number_cell(most["share"]),
            )
        )
    heads = (
        Head("parameter"),
        *number_heads("mean share"),
        Head("most of"),
        *number_heads("share there"),
    )
    table = PageTable(
        f"What drives {len(names)} outcomes: mean share of the ranking index",
        heads,
        tuple(lines),
        "indices.csv",
    )
    outcomes = study.table("outcomes")
    flat = tuple(
        f"{row['outcome']}: {row['status']}; it has no indices"
        for row in outcomes[outcomes["status"] != "analysed"].to_dict("records")
    )
    parts: list[object] = [table] if lines else [Paragraph("No outcome varies.", "lead")]
    parts += _indices(study, real)
    if flat:
        parts.append(Folded(f"Outcomes without indices: {len(flat)}", (TextList(flat),)))
    scope = f"{about.get('method', 'sensitivity')}, {study.manifest['inputs']['runs']} runs a point"
    heading = f"Which numbers drive {study.manifest['inputs']['scenario']}?"
    below = str(study.manifest.get("scenario", {}).get("title", "A sensitivity analysis"))
    return StudyAnswer(heading, below, scope, tuple(parts))


def discovery_answer(study: StudyFolder) -> StudyAnswer:
    """Return the limits of every box."""
    boxes = study.table("boxes")
    parts = []
    for number, rows in boxes.groupby("box", sort=False):
        first = rows.iloc[0]
        what = f"density {first['density']:.2f}, coverage {first['coverage']:.2f}"
        columns: list[Column] = [("path", "path", False)]
        columns += [(n, n, True) for n in ("low", "high")] + [("texts", "holds", False)]
        columns += [(n, n, True) for n in ("least", "most", "qp_low", "qp_high")]
        table = table_of(f"Limits of box {number}: {what}", rows, columns, "boxes.csv")
        parts.append(Headed(f"Box {number}", (table,)))
    below = "Boxes of the swept numbers in which the outcome meets the condition"
    note = (
        "Density: share of the cases inside that are of interest; coverage: share of all cases "
        "of interest that are inside."
    )
    return StudyAnswer("Where does it happen?", below, note, tuple(parts))


def audit_answer(study: StudyFolder) -> StudyAnswer:
    """Return the sources of the numbers, and the numbers that make outcomes vary."""
    numbers, outcomes = study.table("audit_numbers"), study.table("audit_outcomes")
    kinds = list(numbers["kind"].unique())
    lines = tuple(
        (Cell(str(block)), *(Cell(str(int((rows["kind"] == kind).sum()))) for kind in kinds))
        for block, rows in numbers.groupby("block", sort=False)
    )
    table = PageTable(
        "Numbers in force by kind of source",
        (Head("block"), *number_heads(*kinds)),
        lines,
        "audit_numbers.csv",
    )
    parts: list[object] = [table]
    if len(outcomes):
        heads = (
            Head("outcome"), Head("group"), *number_heads("alone", "in all", "mean", "sd"),
        )  # fmt: skip
        shares = tuple(
            (
                study.outcome(row["outcome"]), Cell(row["group"]), number_cell(row["first"]),
                number_cell(row["total"]), number_cell(row["mean"]), number_cell(row["sd"]),
            )
            for row in outcomes.to_dict("records")
        )  # fmt: skip
        caption = "Shares of the variance by group of numbers"
        table = PageTable(caption, heads, shares, "audit_outcomes.csv")
        parts.append(Folded("Sources of the outcomes' variance", (table,)))
    below = "An audit of the numbers in force"
    return StudyAnswer(
        "Which numbers have sources?", below, f"{len(numbers):,} numbers", tuple(parts)
    )
