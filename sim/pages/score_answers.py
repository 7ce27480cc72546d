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
from sim.pages.table_views import number_cell, number_heads, score_view, table_of
from sim.seeing import study_sentences
from sim.seeing.forecast_sentences import ties_sentences
from sim.seeing.score_names import meanings
from sim.seeing.score_tables import (
    box_table,
    fit_table,
    number_table,
    skill_tables,
    ties_table,
)

MOST = 20  # rows of a table; its file has all


def _titled(study: StudyFolder) -> str:
    """Return the title of the scenario; its name in results that lack it."""
    title = study.manifest.get("scenario", {}).get("title") or study.manifest["inputs"]["scenario"]
    return " ".join(str(title).split())


def calibration_answer(study: StudyFolder) -> StudyAnswer:
    """Return the numbers that a fit identified, and its patterns, misses first."""
    numbers = study.table("identified")
    identified = number_table(numbers)
    sentences = tuple(study_sentences.fit_sentences(study.manifest, numbers))
    checks = score_view(fit_table(study.table("fit")))
    parts: list[object] = [TextList(sentences), Headed("Patterns", checks)]
    claims = study.manifest.get("claims", {})
    if claims:
        texts = TextList(tuple(f"{name}: {claim}" for name, claim in claims.items()))
        parts.append(Headed("Claims of the patterns", (texts,)))
    if identified.rows:
        parts.append(Headed("Numbers", score_view(identified)))
    heading = f"What do the patterns say about {_titled(study)}?"
    below = "A fit of uncertain numbers to patterns of history"
    return StudyAnswer(heading, below, study_sentences.fit_scope(study.manifest), tuple(parts))


def backtest_answer(study: StudyFolder) -> StudyAnswer:
    """Return every score, and whether the model has skill over honest baselines."""
    inputs, scores = study.manifest["inputs"], study.table("backtest")
    parts: list[object] = []
    if said := study_sentences.skill_sentence(study_sentences.claimed_skill(scores)):
        parts.append(Paragraph(said, "lead"))
    if (ties := ties_table(scores)) is not None:
        parts += score_view(ties)
        parts.append(TextList(tuple(ties_sentences(scores))))
    for each in skill_tables(scores):
        parts += score_view(each)
    names = ([*dict.fromkeys(map(str, scores[key]))] for key in ("score", "forecaster"))
    parts.append(Headed("Scores and forecasters", (TextList(tuple(meanings(*names))),)))
    if left_out := study_sentences.left_out_sentences(study.manifest):
        parts.append(Headed("Left out", (TextList(tuple(left_out)),)))
    scope = study_sentences.backtest_scope(inputs)
    heading = f"Does {_titled(study)} forecast better than naive rules?"
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
    """Return the boxes in words, and the limits of each."""
    boxes, about = study.table("boxes"), study.manifest
    said = about.get("boxes", [])  # results of format 4 and earlier may lack a manifest
    parts: list[object] = []
    for _, rows in boxes.groupby("box", sort=False):
        at, first = int(rows["box"].iloc[0]), rows.iloc[0]
        lead = said[at - 1] if at <= len(said) else ""
        words = (Paragraph(f"{lead[:1].upper()}{lead[1:]}.", "lead"),) if lead else ()
        inside = Paragraph(
            f"Of the {first['inside']:.0f} cases inside {first['of_interest']:.0f} are of interest "
            f"(density {first['density']:.2f}). They are {100 * first['coverage']:.0f} % of all "
            f"cases of interest (coverage). Inside are {100 * first['mass']:.0f} % of all cases.",
            "note",
        )
        parts.append(Headed(f"Box {at}", (*words, *score_view(box_table(at, rows)), inside)))
    parts += [Paragraph(f"{each}.", "note") for each in about.get("remarks", [])]
    heading, below = "Where does it happen?", "Boxes of the swept numbers"
    if inputs := about.get("inputs"):
        pair = f", {inputs['variant']} less {inputs['versus']}" if inputs["versus"] else ""
        name = study.outcome(inputs["outcome"]).text
        heading = f"Where is this so: {name} {inputs['sign']} {inputs['number']:g}{pair}?"
        below = " ".join(about["scenario"]["title"].split())
    return StudyAnswer(heading, below, str(about.get("scope", "")), tuple(parts))


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
