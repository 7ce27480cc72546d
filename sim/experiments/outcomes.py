"""Outcomes: one number a run, read off the record of a block of runs.

The costly metrics that outcomes ask for, and no others.

A sweep reads one or two numbers off the end of a run. All costly metrics of all blocs, with and
without terms and over a range of weights, cost a quarter of the kernel's own time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.experiments.exact import TERMS, frustration_of, in_force, members_of, network_of, parts_of
from sim.experiments.options import Options
from sim.kernel.arrays import NONE
from sim.kernel.collect import subjects
from sim.kernel.errors import SimError
from sim.kernel.inputs import ASKED, TRANSFERRED
from sim.kernel.layout.layout import Layout
from sim.kernel.simulate import Record
from sim.kernel.world import BLOCKED, NOTHING, ORDERED, REFUSED, Log
from sim.metrics.catalogue import END, METRICS
from sim.metrics.exact.coalitions import coalition_worth, left_out
from sim.metrics.exact.stability import Stability, no_stability, stability
from sim.scenario.schema.outcome_syntax import Outcome
from sim.steps.assess import Assessment, assess, inventory


class UnrecordedError(SimError):
    """An outcome whose subject the layout of a variant does not record."""

    exit_code = 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Reading:
    """What outcomes are read off."""

    record: Record
    final: Mapping[str, np.ndarray]  # metric of the end of a run -> (blocs, runs)
    dates: Mapping[str, str]  # event -> date


def costly(outcome: Outcome) -> bool:
    """Return whether an outcome is read off one of the costly metrics of the end of a run."""
    return outcome.kind == "bloc" and METRICS[outcome.metric].when == END


def evaluated(outcomes: Sequence[Outcome], reading: Reading) -> np.ndarray:
    """Return every outcome in every run of the block: (outcomes, runs)."""
    runs = reading.record.end.log.offer.shape[-1]
    values = [_value(outcome, reading) for outcome in outcomes]
    return np.asarray(np.add(np.reshape(values, (-1, runs)), 0.0))  # no minus before a zero


def _value(outcome: Outcome, reading: Reading) -> np.ndarray:
    """Return one outcome in every run."""
    layout = reading.record.end.layout
    if outcome.kind == "sale":
        return _sale(outcome, reading.record.end.log, layout)
    row = row_of(outcome, layout)
    if METRICS[outcome.metric].when == END:
        return np.asarray(reading.final[outcome.metric][row])
    series = reading.record.series[outcome.metric][:, row]
    return _in_window(outcome, series, layout, reading.dates)


def row_of(outcome: Outcome, layout: Layout) -> int:
    """Return the row of an outcome's subject among those of its kind."""
    kind = outcome.kind
    if kind == "query":
        return _query(outcome, layout)
    joint = ":" if kind == "member" else ">"
    name = joint.join(outcome.subject)
    known = subjects(layout, kind)
    if name not in known:
        raise UnrecordedError(_absent(kind, name))
    return known.index(name)


def _absent(kind: str, name: str) -> str:
    """Return why a subject that exists is not among those recorded."""
    reasons = {
        "dyad": "no dispute between the two is in the scenario: add one to rivalries",
        "member": "the state is not, and may not become, a member of the bloc",
        "supply": "the supplier has no offer, or the recipient imports nothing",
    }
    return f"no {name} is recorded" + (f" ({reasons[kind]})" if kind in reasons else "")


def _query(outcome: Outcome, layout: Layout) -> int:
    """Return the row of a standing query: the supplier's offer of that system."""
    supplier, recipient = outcome.subject
    for row, (offer, asker) in enumerate(layout.queries):
        at = layout.offers.index(offer)
        system = layout.systems[layout.system[at]]
        if (layout.states[layout.supplier[at]], asker, system) == (
            supplier,
            recipient,
            outcome.system,
        ):
            return row
    message = f"{supplier} has no offer of {outcome.system}"
    raise UnrecordedError(message)


def _in_window(
    outcome: Outcome, series: np.ndarray, layout: Layout, dates: Mapping[str, str]
) -> np.ndarray:
    """Return the number that a window takes from a series (periods, runs)."""
    window, calendar = outcome.window, layout.calendar
    last = len(calendar) - 1
    if window.kind == "end":
        return np.asarray(series[last])
    if window.kind == "after":
        event = calendar.index(dates[window.event or ""])
        start, end = event + window.first, event + window.last
    else:
        start = calendar.index(window.start or "")
        end = calendar.last_index(window.end or window.start or "")
    if window.kind == "at":
        return np.asarray(series[end])
    if window.kind == "by":
        return np.asarray(series[: end + 1].max(axis=0))
    part = series[max(start, 0) : min(end, last) + 1]
    if part.shape[0] == 0:
        return np.full(series.shape[-1], np.nan)
    total = part[0]
    for row in part[1:]:
        total = total + row
    return np.asarray(total / part.shape[0])


def _sale(outcome: Outcome, log: Log, layout: Layout) -> np.ndarray:
    """Return whether a stage of a sale was reached, 0 or 1, in every run."""
    supplier, recipient = (layout.states.index(name) for name in outcome.subject)
    system = layout.systems.index(outcome.system or "")
    mine = (layout.supplier == supplier) & (layout.system == system)
    offer = np.maximum(log.offer, 0)
    there = (log.offer != NONE) & (log.recipient == recipient) & mine[offer]
    until = len(layout.calendar) - 1
    if outcome.window.kind == "by":
        until = layout.calendar.last_index(outcome.window.start or "")
    when = np.arange(log.offer.shape[0])[:, None] // layout.rows
    reached = there & STAGES[outcome.metric](log, when, until, layout)
    return np.asarray(reached.any(axis=0) * 1.0)


Stage = Callable[[Log, np.ndarray, int, Layout], np.ndarray]


def _stage(test: Callable[[Log], np.ndarray]) -> Stage:
    """Return a test of requests made in time."""
    return lambda log, when, until, layout: test(log) & (when <= until)  # noqa: ARG005


def _arrived(test: Callable[[Log], np.ndarray]) -> Stage:
    """Return a test of orders whose latest delivery came in time."""
    return lambda log, when, until, layout: (  # noqa: ARG005
        test(log) & (log.stage == ORDERED) & (log.last - layout.calendar.first <= until)
    )


STAGES: Mapping[str, Stage] = {
    "requested": _stage(lambda log: (log.stage != NOTHING) & (log.forced == ASKED)),
    "refused": _stage(lambda log: (log.stage == REFUSED) & (log.forced == ASKED)),
    "objected": _stage(lambda log: log.objected > 0),
    "stalled": _stage(lambda log: log.stalled > 0),
    "blocked": _stage(lambda log: log.stage == BLOCKED),
    "sold": _stage(lambda log: (log.stage == ORDERED) & (log.forced != TRANSFERRED)),
    "delivered": _arrived(lambda log: (log.left == 0) & (log.first != NONE)),
    "withdrawn": _arrived(lambda log: log.withdrawn > 0),
}


NETWORK = frozenset({"centralisation", "connectivity", "connectivity_without_leader"})
FRUSTRATION = frozenset({"frustration", "frustration_bound"})
WITHOUT_TERMS = "cost_of_stability_without_terms"


def asked_metrics(
    outcomes: Sequence[Outcome], record: Record, options: Options
) -> dict[str, np.ndarray]:
    """Return the costly metrics of some outcomes: (blocs, runs), NaN for blocs not asked for."""
    layout = record.end.layout
    ends, found = _Ends(record, options), dict[str, np.ndarray]()
    shape = len(layout.blocs), record.end.gdp.shape[-1]
    for name, bloc in dict.fromkeys((o.metric, row_of(o, layout)) for o in outcomes if costly(o)):
        found.setdefault(name, np.full(shape, np.nan))[bloc] = ends.metric(name, bloc)
    return found


class _Ends:
    """The ends of some runs; what several metrics of a bloc share is worked out once."""

    def __init__(self, record: Record, options: Options) -> None:
        self.end, self.rules, self.options = record.end, record.rules, options
        self._shared: dict[tuple[str, int], dict[str, np.ndarray]] = {}

    def metric(self, name: str, bloc: int) -> np.ndarray:
        """Return a metric of a bloc in every run."""
        key = _family(name), bloc
        if key not in self._shared:
            self._shared[key] = self._metrics(*key)
        return self._shared[key][name]

    def _metrics(self, family: str, bloc: int) -> dict[str, np.ndarray]:
        """Return all metrics of a family."""
        if family == "network":
            return network_of(self.end, bloc)
        if family == "frustration":
            return frustration_of(self.end, bloc, self.options)
        return in_force(family, self._stability(family, bloc))

    def _stability(self, terms: str, bloc: int) -> Stability:
        """Return the stability of a bloc at the weight of entrapment in force."""
        members = members_of(self.end.layout, bloc).tolist()
        if reason := left_out(members):
            return no_stability(self.end.gdp.shape[-1], reason)
        parts = parts_of(self.end, self.rules, self._found, bloc, members)
        nu = self.options.nu if terms == TERMS[0] else 0.0
        return stability(coalition_worth(parts, nu=nu, xi=self.options.xi))

    @cached_property
    def _found(self) -> Assessment:
        """Return what states assess at the end."""
        return assess(self.end, self.rules, inventory(self.end, self.rules))


def _family(name: str) -> str:
    """Return which metrics come with a metric for nothing."""
    if name in NETWORK:
        return "network"
    if name in FRUSTRATION:
        return "frustration"
    return TERMS[1] if name == WITHOUT_TERMS else TERMS[0]
