"""Choice of dyads: of which pairs of states the tables of a run hold series and ties.

In a large world most pairs have nothing to do with each other, and series of all of them would fill
a disk. Related are two states that have a dispute, may share a bloc, remember arms from one to the
other at the start, or are named by an outcome. Rival dyads and ties are related by definition.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.experiments.options import DYADS
from sim.kernel.layout.layout import Layout
from sim.kernel.world import World
from sim.scenario.schema.outcome_syntax import Outcome

AUTO, ALL, RELATED = DYADS
# metrics of dyads in ties.csv; the second are of the start
TIES = ("affinity", "rivalry", "debt", "arrears", "imports_after", "delivered", "paid")
TIES_AT_START = {"affinity_start": "affinity", "imports_before": "recent_tiv"}
FEW = 60  # states up to which `auto` keeps all dyads


def chosen(asked: str, states: int) -> str:
    """Return `all` or `related`, which is what `auto` keeps of large worlds."""
    if asked != AUTO:
        return asked
    return ALL if states <= FEW else RELATED


def choice_of(asked: str, states: int) -> dict[str, str]:
    """Return the choice as an option on which tables depend: none where a small world keeps all."""
    kept = chosen(asked, states)
    return {} if kept == ALL and states <= FEW else {"dyads": kept}


@dataclass(frozen=True, eq=False)
class DyadChoice:
    """The directed pairs of states that tables hold."""

    layout: Layout
    table: np.ndarray | None = None  # (states, states), symmetric; None: all

    @cached_property
    def supplies(self) -> np.ndarray:
        """Return the rows of `supply_index` that are held."""
        rows = np.arange(len(self.layout.supply_index))
        if self.table is None:
            return rows
        return np.asarray(rows[self.table[tuple(self.layout.supply_index.T)]])

    @cached_property
    def pairs(self) -> np.ndarray:
        """Return the flat numbers, i * states + j, of the dyads that are held."""
        count = len(self.layout.states)
        if self.table is None:
            return np.arange(count * count)
        return np.flatnonzero(self.table)

    @cached_property
    def subjects(self) -> dict[str, list[str]]:
        """Return the names of the subjects of each kind of metric that are held."""
        names = self.layout.subjects
        return {**names, "supply": [names["supply"][row] for row in self.supplies.tolist()]}

    @property
    def sentence(self) -> str:
        """Return how many dyads are held and why; empty if all are."""
        if self.table is None:
            return ""
        count = len(self.layout.states)
        return (
            f"series and ties.csv hold {self.pairs.size:,} of {count * (count - 1):,} dyads: those "
            "with a dispute, a bloc in common, arms at the start or an outcome (--dyads all keeps "
            "all)"
        )


def related(world: World, outcomes: Iterable[Outcome]) -> DyadChoice:
    """Return the dyads that have to do with each other, both ways."""
    layout = world.layout
    table = layout.may_share_bloc.copy()
    table[:, layout.exporters] |= (world.recent_tiv > 0).any(axis=-1)
    table[layout.dyad_from, layout.dyad_to] = True
    table[tuple(layout.tie_index.T)] = True
    places = {name: at for at, name in enumerate(layout.states)}
    for outcome in outcomes:
        named = [places[name] for name in outcome.subject if name in places]
        if len(named) == 2:  # noqa: PLR2004 - a dyad
            table[named[0], named[1]] = True
    table = table | table.T
    np.fill_diagonal(table, val=False)
    return DyadChoice(layout, table)
