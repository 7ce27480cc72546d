"""Events from files: dated happenings, appeals to blocs and loans."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path

from sim.patterns.csvfile import Row, read_csv
from sim.patterns.history import Happening
from sim.scenario.measures import LADDER, RECORDED, SIMULATED

_CODE = re.compile(r"[A-Z]{3}\Z")
_CALLER = re.compile(r"([A-Z]{3})\b")
ANSWERS = {"accepted": 1.0, "refused": 0.0, "refused(mission)": 0.25, "none": 0.0}
KINDS = (*SIMULATED, *RECORDED)


def read_events(path: str | Path, blocs: Mapping[str, tuple[str, ...]]) -> list[Happening]:
    """Return the events of a table, and the appeals that its columns of appeals tell of."""
    table = read_csv(path, "date", "actors", "type")
    appeals = {
        column.rpartition("_")[0]: (column, f"{column.removesuffix('appeal')}response")
        for column in table.columns
        if column == "appeal" or column.endswith("_appeal")
    }
    found = []
    for row in table.rows():
        date = row.date("date", needed=True)
        kind = row.choice("type", {each: each for each in KINDS}, "")
        if date is None or not kind:
            continue
        month = (date.first + date.stop) // 2 if date.stop - date.first > 1 else date.first
        states = tuple(each.strip() for each in row.text("actors").split(";") if each.strip())
        bloc = row.text("bloc") or _bloc(row, blocs)
        if kind != "appeal":
            stage = row.choice("stage", {each: each for each in LADDER}, "")
            step = LADDER.index(stage) + 1 if stage else 0
            found.append(Happening(kind=kind, month=month, states=states, bloc=bloc, stage=step))
        for prefix, columns in appeals.items():
            named = row.text("bloc") or _by_prefix(prefix, blocs)
            found += _appeal(row, columns, month, states, named)
    table.close()
    return found


def _bloc(row: Row, blocs: Mapping[str, tuple[str, ...]]) -> str:
    """Return the bloc that an event is about: a partner in `effect_dyads`, such as UZB-CSTO."""
    dyads = row.text("effect_dyads").replace(";", "-").split("-")
    return next((each.strip() for each in dyads if each.strip() in blocs), "")


def _by_prefix(prefix: str, blocs: Mapping[str, tuple[str, ...]]) -> str:
    """Return the bloc that the column of appeals is named for, such as csto_appeal."""
    return next((each for each in blocs if each.lower() == prefix.lower()), prefix)


def _appeal(
    row: Row, columns: tuple[str, str], month: int, states: tuple[str, ...], bloc: str
) -> list[Happening]:
    """Return the appeal of a row, if anybody appealed."""
    caller = _CALLER.match(row.text(columns[0]))
    if caller is None:
        return []
    who = caller.group(1)
    others = [each for each in states if _CODE.match(each) and each != who]
    threat = row.choice("threat", {"internal": "internal", "attack": "attack"}, "")
    return [
        Happening(
            kind="appeal",
            month=month,
            states=(who,),
            bloc=bloc,
            internal=threat == "internal" if threat else not others,
            answer=_answer(row, columns[1]),
        )
    ]


def _answer(row: Row, column: str) -> float:
    """Return what an appeal was answered with: a word, or a number from 0 to 1."""
    text = row.text(column)
    if not text:
        return math.nan
    return ANSWERS[text] if text in ANSWERS else row.number(column, low=0.0)
