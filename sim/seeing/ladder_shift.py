"""Ladder shift: in how many runs of two variants a member steps away from its bloc.

An outcome that is a mean over time may hide it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.experiments.watch.choices import EXIT
from sim.experiments.watch.run_events import DOWN
from sim.records.results import Results
from sim.scenario.schema.outcome_syntax import parse_outcome
from sim.seeing.outcome_names import name_of

if TYPE_CHECKING:
    import pandas as pd

SURE = 2.0  # smallest difference, in standard errors
EVENTS = "events"  # the table
TOLD = {"exits", "formal_exit", "months_frozen", "ladder_stage", "stage"}  # metrics of the same


@dataclass(frozen=True)
class LadderShift:
    """The member of a bloc whose steps away differ most between two variants."""

    member: str  # its name
    bloc: str
    of: int  # runs with a step away or an exit
    versus: int
    runs: int  # whose events are listed, of each variant
    whole: int  # all runs


def ladder_shift(
    results: Results, of: str, versus: str, outcomes: Iterable[str]
) -> LadderShift | None:
    """Return the largest certain difference in the blocs that outcomes name.

    None if there is none, or if an outcome is about the ladder itself.
    """
    parsed = [parse_outcome(each) for each in outcomes]
    blocs = {name for each in parsed for kind, name in each.names if kind == "bloc"}
    if not blocs or any(each.metric in TOLD for each in parsed) or EVENTS not in list(results):
        return None
    steps = _steps(results[EVENTS], blocs)
    whole = int(results.manifest["inputs"]["runs"])
    runs = int(results.manifest.get("event_runs", whole))
    best, most = None, 0
    for (member, bloc), rows in steps.groupby(["actor", "bloc"]):
        one, other = (set(rows.loc[rows["variant"] == each, "run"]) for each in (of, versus))
        apart = abs(len(one) - len(other))
        if apart > most and apart > SURE * len(one ^ other) ** 0.5:
            name = name_of("state", str(member), results.manifest["scenario"]["document"])
            best, most = LadderShift(name, str(bloc), len(one), len(other), runs, whole), apart
    return best


def _steps(events: pd.DataFrame, blocs: Collection[str]) -> pd.DataFrame:
    """Return the steps away and the exits, from some blocs."""
    return events[events["kind"].isin([DOWN, EXIT]) & events["bloc"].isin(list(blocs))]
