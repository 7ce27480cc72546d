"""BlocAgent: a bloc as a Mesa agent, a live view of its part of the world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mesa

from sim.agents.views import COLUMN, Cell, Number, Numbers


def _members(bloc: Any) -> Mapping[str, Cell]:
    """Return the cells of the states that are members or may become so."""
    layout = bloc.model.layout
    return {layout.states[i]: (int(i), bloc.row) for i, b in layout.member_index if b == bloc.row}


class BlocAgent(mesa.Agent):
    """A bloc: its treaty's numbers, and what its members hold about it."""

    commitment = Number()
    norm = Number()
    preference = Number()
    credit = Number()
    credit_line = Numbers(_members)
    member = Numbers(_members)
    engagement = Numbers(_members)
    belief = Numbers(_members)
    grievance = Numbers(_members)
    rent = Numbers(_members)

    def __init__(self, model: Any, name: str) -> None:
        """Take the bloc's part of the world."""
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
