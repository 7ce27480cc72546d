"""Movements: the series of a run that changed most with an event about some states or blocs.

A change is measured in smallest effects of interest, so that series of different units compare.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.explain.chronicle import Movement
from sim.explain.replay import Replay
from sim.metrics.catalogue import METRICS, smallest_effect
from sim.scenario.schema.outcome_syntax import Outcome, parse_outcome
from sim.seeing.outcome_names import name_of, phrase_of, unit_of
from sim.seeing.running_text import possessives

# series on relations of states and blocs; flows and money change with every order
TOLD = (
    "cohesion", "participation", "belief", "exposure", "second_strike", "deterrence_margin", "win",
    "threat", "rivalry", "war_rate", "affinity", "insecurity", "supplier_share",
)  # fmt: skip

SHARE = "supplier_share"
SHARE_WORDS = "share of {j}'s imports from states of the case that come from {i}"
TRIFLE = 0.1  # of the mean imports of a state, below which the shares in them say little
MOST = 2  # movements mentioned with an entry


@dataclass(frozen=True, eq=False)
class MovementReader:
    """Finds the movements in a replay."""

    replay: Replay
    document: Mapping[str, Any]  # of the scenario, with the names of states and systems

    def most(self, period: int, parties: Collection[str]) -> tuple[Movement, ...]:
        """Return the largest movements of series about these states and blocs only.

        The change is from before a period to the end of the next one. For each metric only the
        subject that moved most is mentioned, and only if it moved by the smallest effect. Shares
        in imports must be about two of the parties, and the imports be more than a trifle.
        """
        last = len(self.replay.layout.calendar) - 1
        before, after = self._values[max(period - 1, 0)], self._values[min(period + 1, last)]
        sizes = np.abs(after - before) / self._smallest
        around = {*parties, *self._rivals(parties)}
        moved: dict[str, Movement] = {}
        for at in np.argsort(-sizes, kind="stable").tolist():
            outcome, names = self._subjects[at]
            if len(moved) == MOST or not sizes[at] >= 1:
                break
            if outcome.metric == SHARE:
                within = names <= {*parties} and self._imports_much(outcome, period)
            else:
                within = names <= around and bool(names & {*parties})
            if within and outcome.metric not in moved:
                moved[outcome.metric] = Movement(
                    metric=outcome.metric,
                    subject=outcome.text.removeprefix(outcome.metric).strip(),
                    words=self._words(outcome),
                    before=float(before[at]),
                    after=float(after[at]),
                    unit=unit_of(outcome.metric),
                    percent=METRICS[outcome.metric].percent,
                    size=float(sizes[at]),
                )
        return tuple(moved.values())

    def _words(self, outcome: Outcome) -> str:
        """Return the series in words; of a share in imports, what these are."""
        if outcome.metric != SHARE:
            return phrase_of(outcome, self.document)
        i, j = (name_of(kind, key, self.document) for kind, key in outcome.names)
        return possessives(SHARE_WORDS.format(i=i, j=j))

    def _imports_much(self, outcome: Outcome, period: int) -> bool:
        """Return whether the buyer of a supplier's share imported more than a trifle."""
        mean = self._imports[period].mean()
        buyer = self.replay.layout.states.index(outcome.names[1][1])
        return bool(self._imports[period, buyer] >= TRIFLE * mean)

    @cached_property
    def _imports(self) -> np.ndarray:
        """Return the remembered imports of each state: (periods, states), TIV."""
        worlds = (moment.passed.world for moment in self.replay.moments)
        return np.array([world.recent_tiv[..., 0].sum(axis=1) for world in worlds])

    def _rivals(self, parties: Collection[str]) -> set[str]:
        """Return the rivals of the first party, which gains or loses most."""
        layout = self.replay.layout
        first = next(iter(parties), "")
        if first not in layout.states:
            return set()
        return {
            layout.states[j] for j in layout.dyad_to[layout.dyad_from == layout.states.index(first)]
        }

    @cached_property
    def _subjects(self) -> list[tuple[Outcome, frozenset[str]]]:
        layout = self.replay.layout
        outcomes = [
            parse_outcome(f"{metric} {subject}")
            for metric in TOLD
            for subject in layout.subjects[METRICS[metric].kind]
        ]
        return [(each, frozenset(name for _, name in each.names)) for each in outcomes]

    @cached_property
    def _values(self) -> np.ndarray:
        """Return the series of the first column: (periods, subjects)."""
        series = self.replay.record.series
        return np.concatenate([series[metric][:, :, 0] for metric in TOLD], axis=1)

    @cached_property
    def _smallest(self) -> np.ndarray:
        own = self.replay.scenario.base.smallest
        return np.array([smallest_effect(o.metric, own) for o, _ in self._subjects])
