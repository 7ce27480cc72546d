"""Events on condition, evaluated from the metrics and the log of the run so far."""

from __future__ import annotations

from dataclasses import dataclass

from bench.reference.agents import Theatre
from bench.reference.draws import Draws
from bench.reference.happenings import ASKED, TRANSFERRED
from bench.reference.metrics import Metrics
from bench.reference.orders import BLOCKED, ORDERED, REFUSED, Entry
from bench.reference.pipeline import CANCELLED
from sim.documents.leaves import value_of
from sim.scenario.schema.outcome_syntax import Outcome, spelled
from sim.scenario.schema.root import Model

STAGES = {
    "requested": lambda e: e.forced == ASKED,
    "refused": lambda e: e.forced == ASKED and e.stage == REFUSED,
    "objected": lambda e: e.objected,
    "stalled": lambda e: e.stalled,
    "blocked": lambda e: e.stage == BLOCKED,
    "sold": lambda e: e.stage == ORDERED and e.forced != TRANSFERRED,
    "delivered": lambda e: e.stage == ORDERED and e.left == 0 and e.fate != CANCELLED,
    "withdrawn": lambda e: e.stage == ORDERED and e.withdrawn > 0,
    "repaired": lambda e: e.repaired > 0,
    "suspended": lambda e: e.suspended is not None,
    "threatened": lambda e: e.threatened is not None,
    "cancelled": lambda e: e.fate == CANCELLED,
    "diverted": lambda e: e.heir is not None,
}


@dataclass
class Wait:
    """An event that waits."""

    parts: tuple[Outcome, ...]
    least: float | None
    most: float | None
    lag: float  # periods
    happens: bool  # once it is due
    due: int | None = None  # period, by date

    def look(self, model: Theatre, last: Metrics, log: list[Entry]) -> None:
        """Fall due if the condition holds at the end of a period for the first time."""
        if self.due is not None or not self.happens:
            return
        first, *less = (_read(each, model, last, log) for each in self.parts)
        value = first - less[0] if less else first
        if (self.least is None or value >= self.least) and (
            self.most is None or value <= self.most
        ):
            self.due = model.number + 1 + round(self.lag)


def waits_of(model: Model, draws: Draws, dt: float) -> list[Wait]:
    """Return the events on condition of a scenario, by name."""
    found = []
    for name, event in sorted(model.events.items()):
        if event.when is None:
            continue
        root = name
        while (other := model.events[root].with_) is not None:
            root = other
        ends = (
            None if end is None else value_of(end) for end in (event.when.least, event.when.most)
        )
        found.append(
            Wait(
                spelled(event.when.outcome).parts,
                *ends,
                lag=value_of(event.lag or 0.0) / dt,
                happens=draws.held("event", root) < value_of(event.probability),
            )
        )
    return found


def _read(outcome: Outcome, model: Theatre, last: Metrics, log: list[Entry]) -> float:
    """Return the present value of an outcome."""
    if outcome.kind == "sale":
        sale = (*outcome.subject, outcome.system)
        held = outcome.metric in {"delivered", "withdrawn", "repaired"}
        mine = [
            e
            for e in log
            if (e.offer.supplier, e.holder if held else e.recipient, e.offer.system) == sale
        ]
        return float(any(STAGES[outcome.metric](each) for each in mine))
    name = outcome.row
    if outcome.kind == "query":
        systems = {key: model.offers[key.split()[1]].system for key in last[outcome.metric]}
        names = [k for k in systems if k.split()[0] == name and systems[k] == outcome.system]
        name = names[0]
    return last[outcome.metric][name]
