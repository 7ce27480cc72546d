"""Focus: the states, blocs and dyads that the outcomes and events of a scenario name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sim.scenario.load import Scenario

ASIDE = 0.5  # share of its weight for an entry on states and blocs that no outcome names
PAIR = 2  # states of a dyad


@dataclass(frozen=True)
class Focus:
    """What a scenario is about."""

    names: frozenset[str]  # states and blocs of outcomes
    dyads: frozenset[frozenset[str]]  # two states that one outcome or event names

    @classmethod
    def of(cls, scenario: Scenario) -> Focus:
        """Return the focus of a scenario, with the events of all its variants."""
        names = [
            {name for kind, name in each.names if kind != "system"} for each in scenario.outcomes
        ]
        deeds = [
            {*_texts(event.action.model_dump(exclude_none=True))}
            for model in scenario.variants.values()
            for event in model.events.values()
        ]
        states = {*scenario.base.states}
        pairs = (frozenset(each & states) for each in (*names, *deeds))
        return cls(
            names=frozenset(name for each in names for name in each),
            dyads=frozenset(each for each in pairs if len(each) == PAIR),
        )

    def has_dyad(self, parties: Sequence[str]) -> bool:
        """Return whether an outcome or event names the first two parties together."""
        return frozenset(parties[:PAIR]) in self.dyads

    def share(self, parties: Sequence[str], *, trade: bool = False) -> float:
        """Return the share of its weight that an entry on these parties keeps.

        Of a sale, it is the buyer who must be named, the first of the parties, or both sides
        together: a supplier of one named state sells to many others.
        """
        if not parties or self.has_dyad(parties):
            return 1.0
        return 1.0 if {*(parties[:1] if trade else parties)} & self.names else ASIDE


def _texts(value: Any) -> Iterator[str]:
    """Yield all texts within the action of an event, those of lists, too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(value.values())
    elif isinstance(value, Iterable):
        for each in value:
            yield from _texts(each)
