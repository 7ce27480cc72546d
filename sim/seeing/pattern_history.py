"""The comparison of a result with history: how many of its patterns lie inside their bands."""

from __future__ import annotations

from dataclasses import dataclass

from sim.records.results import Results

INSIDE, COUNTED = "inside", ("inside", "outside", "undefined")


@dataclass(frozen=True)
class HistoryAnswer:
    """The scored patterns of the first variant."""

    inside: tuple[str, ...]
    missed: tuple[str, ...]  # outside, or not defined

    @property
    def scored(self) -> int:
        """Return the number of scored patterns."""
        return len(self.inside) + len(self.missed)


def history_of(results: Results) -> HistoryAnswer | None:
    """Return the verdicts on patterns; None if no pattern is judged."""
    if "patterns" not in list(results):
        return None
    first = results.variants[0]
    verdicts = {
        str(row["pattern"]): str(row["pattern_verdict"])
        for row in results["patterns"].to_dict("records")
        if row["variant"] == first and row["pattern_verdict"] in COUNTED
    }
    return HistoryAnswer(
        inside=tuple(name for name, verdict in verdicts.items() if verdict == INSIDE),
        missed=tuple(name for name, verdict in verdicts.items() if verdict != INSIDE),
    )
