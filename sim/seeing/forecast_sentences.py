"""Sentences on forecasts: by which measures the model says better than others who arms whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from sim.records.study_tables import HONEST
from sim.seeing.numerals import signed, signed_span
from sim.seeing.score_names import forecaster_name

TIES: Mapping[tuple[str, str], str] = {  # target and score -> measure
    ("flow", "rank"): "rank correlation of flows",
    ("tie", "pr_auc"): "PR-AUC of ties",
    ("share", "crps"): "CRPS of suppliers' shares",
}
_RIVALS = ("persistence", HONEST[0])


def ties_sentences(scores: pd.DataFrame) -> Iterator[str]:
    """Yield by measure whether the model is better than persistence and recalibrated gravity."""
    if not {"flow", "tie"} & {*scores["target"]}:
        return
    rows = {(row["target"], row["score"], row["forecaster"]): row for row in
            scores.to_dict("records")}  # fmt: skip
    for key, name in TIES.items():
        said = [_verdict(rows[*key, each]) for each in _RIVALS if (*key, each) in rows]
        if said:
            yield f"{name[0].upper()}{name[1:]}: the model is {', '.join(said)}."


def _verdict(row: Mapping[Any, Any]) -> str:
    """Return how the model compares with a forecaster, with its skill."""
    skill, low, high = (float(row[name]) for name in ("skill_of_model", "low", "high"))
    name = forecaster_name(str(row["forecaster"]))
    if not low <= high:  # not a number
        return f"not comparable with {name}"
    about = f"{name} (skill {signed(skill)}, {signed_span(low, high)})"
    if low > 0:
        return f"better than {about}"
    return f"worse than {about}" if high < 0 else f"neither better nor worse than {about}"
