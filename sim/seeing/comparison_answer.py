"""The answer of a comparison: its finding on every outcome, from the row of its table."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan, nan
from typing import Any

import pandas as pd

from sim.experiments.effects import NONE, UNDECIDED, UNDEFINED, Effect
from sim.experiments.intervals import Interval
from sim.metrics.catalogue import METRICS
from sim.scenario.schema.outcome_syntax import parse_outcome
from sim.seeing.outcome_names import plain_name, unit_of
from sim.seeing.scenario_answer import EffectFinding, LevelFinding

_ORDER = (UNDECIDED, NONE, UNDEFINED)  # after those that differ


def compared_findings(
    differences: pd.DataFrame, document: Mapping[str, Any], one: str, other: str
) -> tuple[EffectFinding, ...]:
    """Return the findings of a comparison, largest first, in smallest effects of interest."""
    found = [_finding(row, document, one, other) for row in differences.to_dict("records")]
    return tuple(sorted(found, key=_rank))


def _rank(finding: EffectFinding) -> tuple[int, float]:
    place = _ORDER.index(finding.verdict) + 1 if finding.verdict in _ORDER else 0
    size = finding.effect.size
    return place, 0.0 if isnan(size) else -size


def _finding(row: Any, document: Mapping[str, Any], one: str, other: str) -> EffectFinding:
    runs, mean = int(row["runs"]), row["difference"]
    effect = Effect(
        interval=Interval(runs, mean, row["low"], row["high"], ""),
        inner=Interval(runs, mean, row["low90"], row["high90"], ""),
        smallest=row["smallest"],
        sd=0.0 if isnan(row["d"]) or row["d"] == 0 else mean / row["d"],
        changed=row["changed"],
        above=row["above"],
        below=row["below"],
    )
    own, twin = row["outcome"], row["outcome_other"] or row["outcome"]
    names = dict.fromkeys(plain_name(parse_outcome(each), document) for each in (own, twin))
    outcome = parse_outcome(own)
    about = METRICS[outcome.metric]

    def level(side: str, value: float) -> LevelFinding:
        return LevelFinding(
            outcome=own,
            name=" | ".join(names),
            unit=unit_of(outcome.metric),
            percent=about.percent,
            variant=side,
            level=Interval(runs, value, nan, nan, ""),
            smallest=row["smallest"],
        )

    return EffectFinding(level(other, row["other"]), level(one, row["one"]), effect)
