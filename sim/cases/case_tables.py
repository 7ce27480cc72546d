"""Tables of a case: facts on pairs of states, too many for YAML, in CSV files beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.cases.figures import spelled

HEAD = "from,to,value"


@dataclass(frozen=True)
class CaseTable:
    """A table of `tables`: its key, and the rows of its file as text."""

    key: str
    text: str

    def file(self, stem: str) -> str:
        """Return the name of its file beside a scenario's."""
        return f"{stem}_{self.key}.csv"

    def entry(self, stem: str, source: Sequence[str], date: int | None = None) -> str:
        """Return the section of a scenario that names it."""
        about = {"file": self.file(stem), "source": [*source] if len(source) > 1 else source[0]}
        dated = {} if date is None else {"date": date}
        return f"tables:\n  {self.key}: {spelled({**about, **dated})}\n"


def dyadic(key: str, states: Sequence[str], values: np.ndarray) -> CaseTable:
    """Return the table of a matrix of values to two digits, a row for each dyad."""
    rows = (
        f"{one},{other},{spelled(round(float(value), 2))}"
        for one, row in zip(states, values, strict=True)
        for other, value in zip(states, row, strict=True)
        if one != other
    )
    return CaseTable(key, "\n".join([HEAD, *rows, ""]))
