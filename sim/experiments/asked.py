"""The costly metrics that outcomes ask for, and no others.

A sweep reads one or two numbers off the end of a run. All costly metrics of all blocs, with and
without terms and over a range of weights, cost a quarter of the kernel's own time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from sim.experiments.exact import TERMS, frustration_of, in_force, members_of, network_of, parts_of
from sim.experiments.options import Options
from sim.experiments.outcomes import costly, row_of
from sim.metrics.exact.coalitions import coalition_worth, left_out
from sim.metrics.exact.stability import Stability, no_stability, stability
from sim.scenario.outcomes import Outcome
from sim.simulate import Record
from sim.steps.assess import Assessment, assess, inventory

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
