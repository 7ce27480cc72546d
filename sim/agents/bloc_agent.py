"""BlocAgent: a bloc as a Mesa agent, a live view of its column of the world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mesa

from sim.agents.views import AMOUNT, COLUMN, SHARE, Bounds, Cell, Number, Numbers


def _members(bloc: Any) -> Mapping[str, Cell]:
    """Return the cells of the states that are members or may become so."""
    layout = bloc.model.layout
    return {layout.states[i]: (int(i), bloc.row) for i, b in layout.member_index if b == bloc.row}


class BlocAgent(mesa.Agent):
    """A bloc: its treaty's numbers, and what its members hold about it."""

    commitment = Number(SHARE, "How far the treaty commits to aid.")
    norm = Number(Bounds(0.0, 5.0), "Weight of the norm not to arm a fellow member's rival.")
    preference = Number(SHARE, "Share of the price that the leader waives for members.")
    credit = Number(SHARE, "Share of the price on credit for members.")
    credit_line = Numbers(_members, SHARE, "The same for a member, if above the bloc's.")
    member = Numbers(_members, SHARE, "1 for members, 0 for others, by state.")
    engagement = Numbers(_members, SHARE, "How far each member takes part.")
    belief = Numbers(_members, SHARE, "Common estimate that the bloc would aid the member.")
    grievance = Numbers(_members, AMOUNT, "Remembered harm by fellow members, budget years.")
    rent = Numbers(_members, AMOUNT, "Remembered preferential terms, budget years.")

    def __init__(self, model: Any, name: str) -> None:
        """Take the column of a bloc."""
        super().__init__(model)
        self.name = name
        self.row = model.layout.blocs.index(name)

    def __repr__(self) -> str:
        """Return the bloc's class and name."""
        return f"<{type(self).__name__} {self.name}>"

    @property
    def leader(self) -> str:
        """Return the name of the state that leads."""
        layout = self.model.layout
        return str(layout.states[layout.leader[self.row]])

    @property
    def members(self) -> tuple[str, ...]:
        """Return the names of the members, the leader included."""
        return tuple(name for name, one in self.member.items() if one > 0)

    @property
    def cohesion(self) -> float:
        """Return the cohesion, 0 to 1, at the end of the last period."""
        return float(self.model.readings.now["cohesion"][0, self.row, COLUMN])
