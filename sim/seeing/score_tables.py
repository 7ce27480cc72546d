"""Tables of calibrations, backtests and discoveries: the same cells on the terminal and a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.experiments.discovery import BoxLimit
from sim.records.study_tables import BOXES, FIT, IDENTIFIED, SCORES
from sim.seeing.forecast_sentences import TIES
from sim.seeing.numerals import band, brief, per_cent, signed, signed_span, span
from sim.seeing.score_names import forecaster_name, score_name, target_name

MOST = 20  # numbers listed; all are in identified.csv
_INFINITE = "infinite: of a ratio over nothing, or of a date or delay of what never happens"


@dataclass(frozen=True)
class ScoreCell:
    """A cell: its text, and the number in a table of the result that it was made from."""

    text: str
    value: float | None = None


@dataclass(frozen=True)
class ScoreTable:
    """A table: its caption, the heads of its columns, of texts or numbers, and its rows."""

    caption: str
    heads: tuple[tuple[str, bool], ...]  # and whether the column has numbers
    rows: tuple[tuple[ScoreCell, ...], ...]
    file: str
    note: str = ""


def fit_table(fit: pd.DataFrame) -> ScoreTable:
    """Return the checks of a fit, the worst first."""
    rows = tuple(
        (
            ScoreCell(str(row["check"])), ScoreCell(band(row["low"], row["high"])),
            _number(row["historical"]), _number(row["prior_q50"]), _share(row["prior_inside"]),
            _number(row["posterior_q50"]), _share(row["posterior_inside"]),
        )
        for row in _rows(fit.sort_values("posterior_inside", kind="stable"))
    )  # fmt: skip
    return ScoreTable(
        "Patterns: median of the runs, and share of the runs inside the band; worst fit first",
        _heads("check", "band", "history>", "prior>", "inside>", "posterior>", "inside>"),
        rows,
        FIT.file,
        note=_INFINITE if any(cell.text == "infinite" for row in rows for cell in row) else "",
    )


def number_table(identified: pd.DataFrame) -> ScoreTable:
    """Return the first numbers that a fit identified; without rows if there are none."""
    sure = identified[identified["identified"] == "yes"]
    rows = tuple(
        (
            ScoreCell(str(row["path"])), ScoreCell(str(row["unit"] or "")),
            ScoreCell(span(row["prior_q05"], row["prior_q95"])),
            ScoreCell(span(row["posterior_q05"], row["posterior_q95"])),
            _number(row["posterior_q50"]), _number(row["sd_ratio"]),
        )
        for row in _rows(sure.head(MOST).fillna({"unit": ""}))
    )  # fmt: skip
    several = f", the first {MOST} of {len(sure)}" if len(sure) > MOST else ""
    return ScoreTable(
        f"Numbers identified{several}",
        _heads("number", "unit", "prior 90 %", "posterior 90 %", "median>", "sd ratio>"),
        rows,
        IDENTIFIED.file,
        note="sd ratio: standard deviation of the posterior over that of the prior",
    )


def skill_tables(scores: pd.DataFrame) -> Iterator[ScoreTable]:
    """Yield a table for each score of each target, with the model's skill."""
    for (target, score), rows in scores.groupby(["target", "score"], sort=False):
        first = rows.iloc[0]
        name = score_name(str(score))
        yield ScoreTable(
            f"{target_name(str(target)).capitalize()}: {name}, {first['cases']:.0f} cases, "
            f"mean observed {first['observed_mean']:.3f}",
            _heads("forecaster", f"{name}>", "skill of the model>", "95 %>"),
            tuple(_skill(row) for row in _rows(rows)),
            SCORES.file,
        )


def ties_table(scores: pd.DataFrame) -> ScoreTable | None:
    """Return by forecaster how well it says who arms whom over all years ahead, if it is scored."""
    values = {
        (str(row["target"]), str(row["score"]), str(row["forecaster"])): float(row["value"])
        for row in _rows(scores)
    }
    measures = {key: name for key, name in TIES.items() if (*key, "model") in values}
    if not measures:
        return None
    names = dict.fromkeys(name for target, score, name in values if (target, score) in measures)
    rows = (
        (
            ScoreCell(forecaster_name(name)),
            *(
                _number(values[*key, name]) if (*key, name) in values else ScoreCell("")
                for key in measures
            ),
        )
        for name in names
    )
    heads = _heads("forecaster", *(f"{name}>" for name in measures.values()))
    caption = "Who arms whom, all years ahead together"
    return ScoreTable(caption, heads, tuple(rows), SCORES.file)


def box_table(box: int, limits: pd.DataFrame) -> ScoreTable:
    """Return the limits of a box, from its rows of the table."""
    rows = tuple(
        (
            ScoreCell(each.path), ScoreCell(each.words),
            ScoreCell("" if each.texts else f"{each.least:.3g} to {each.most:.3g}"),
            _number(each.qp),
        )
        for each in map(_limit, _rows(limits))
    )  # fmt: skip
    return ScoreTable(
        f"Limits of box {box}",
        _heads("path", "in the box", "varied", "quasi-p>"),
        rows,
        BOXES.file,
        note="quasi-p: probability of as many cases in the box if the limit said nothing",
    )


def _limit(row: dict[str, Any]) -> BoxLimit:
    texts = row["texts"] if isinstance(row["texts"], str) else ""
    ends = {name: float(row[name]) for name in ("low", "high", "least", "most")}
    chances = {name: float(row[name]) for name in ("qp_low", "qp_high")}
    kept = tuple(text for text in texts.split("|") if text)
    return BoxLimit(path=str(row["path"]), texts=kept, **ends, **chances)


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def _heads(*names: str) -> tuple[tuple[str, bool], ...]:
    """Return the heads of columns; > ends the names of columns of numbers."""
    return tuple((name.removesuffix(">"), name.endswith(">")) for name in names)


def _number(value: float) -> ScoreCell:
    return ScoreCell(brief(float(value)), float(value))


def _share(value: float) -> ScoreCell:
    return ScoreCell(per_cent(value), float(value))


def _skill(row: dict[str, Any]) -> tuple[ScoreCell, ...]:
    skill, low, high = (float(row[name]) for name in ("skill_of_model", "low", "high"))
    own = row["forecaster"] == "model"
    return (
        ScoreCell(forecaster_name(str(row["forecaster"]))),
        _number(row["value"]),
        ScoreCell("" if own else signed(skill), skill),
        ScoreCell("" if own else signed_span(low, high)),
    )
