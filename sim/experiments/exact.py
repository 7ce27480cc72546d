"""The costly metrics at the end of runs: tie network, frustration, cost of stability."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from sim.experiments.options import Options
from sim.kernel.layout.layout import Layout
from sim.kernel.rules import Rules
from sim.kernel.simulate import Record
from sim.kernel.world import World
from sim.metrics import network
from sim.metrics.catalogue import METRICS
from sim.metrics.exact import coalition_bounds, frustration, stability
from sim.metrics.exact.coalition_bounds import (
    CoalitionGame,
    sampled_coalitions,
    subsidy_bounds,
)
from sim.metrics.exact.coalitions import Parts, coalition_parts, coalition_worth, left_out
from sim.metrics.exact.stability import Stability, no_stability, stability_range
from sim.steps.assessment import Assessment, assess, insecurity_with, inventory, without_bloc

NAMES = (
    *network.BLOC,
    *frustration.BLOC,
    *stability.BLOC,
    *coalition_bounds.BLOC,
    *stability.MEMBER,
)
STABILITY = ("share", "cost", "worth", "best_coalition")  # kept for each weight of entrapment
TERMS = ("with terms", "without terms")
FAMILIES = {  # metrics computed together; all others with the stability with terms
    **dict.fromkeys(network.BLOC, "network"),
    **dict.fromkeys(frustration.BLOC, "frustration"),
    "subsidy_without_terms": TERMS[1],
    "break_point": "break point",
    **dict.fromkeys((*coalition_bounds.BLOC, "break_point_of_many"), "bounds"),
}


class EndMetrics:
    """The costly metrics at the end of some runs, each computed when it is first used.

    Parts that several metrics of a bloc share are computed once. All metrics of all blocs, with and
    without terms and over a range of weights, take a quarter of the kernel's time.
    """

    def __init__(self, record: Record, options: Options) -> None:
        self.end, self.rules, self.options = record.end, record.rules, options
        self._families: dict[tuple[str, int], dict[str, np.ndarray]] = {}

    def metric(self, name: str, row: int) -> np.ndarray:
        """Return a metric of a bloc or a member in every run, (runs,); nan where it is left out."""
        if METRICS[name].kind == "member":
            i, bloc = self.end.layout.member_index[row].tolist()
            place = members_of(self.end.layout, bloc).tolist().index(i)
            return np.asarray(self._of_bloc(name, bloc)[place])
        small = self._count(row) < METRICS[name].fewest
        return np.where(small, np.nan, np.broadcast_to(self._of_bloc(name, row), (self._runs,)))

    def metrics(self) -> dict[str, np.ndarray]:
        """Return every metric by name: (blocs or members, runs)."""
        layout, shape = self.end.layout, (-1, self._runs)
        rows = {name: range(len(layout.subjects[METRICS[name].kind])) for name in NAMES}
        return {
            name: np.reshape([self.metric(name, row) for row in rows[name]], shape)
            for name in NAMES
        }

    def stability_table(self, ranged: int) -> np.ndarray:
        """Return the fields of stability over the weights of entrapment in the first `ranged` runs.

        The shape is (blocs, terms, weights, fields, runs). Called before the metrics, it shares the
        worth of coalitions with them.
        """
        blocs, xis = range(len(self.end.layout.blocs)), self.options.xis
        table = np.zeros((len(blocs), len(TERMS), len(xis), len(STABILITY), ranged))
        for bloc in blocs:
            ranges = self._ranges(bloc, ranged)
            for t, terms in enumerate(TERMS):
                for x, xi in enumerate(xis):
                    table[bloc, t, x] = [getattr(ranges[terms, xi], field) for field in STABILITY]
        return table

    @property
    def _runs(self) -> int:
        return int(self.end.gdp.shape[-1])

    def _count(self, bloc: int) -> np.ndarray:
        """Return the number of members of a bloc in every run."""
        return np.asarray((self.end.member[:, bloc] > 0).sum(axis=0))

    def _of_bloc(self, name: str, bloc: int) -> np.ndarray:
        """Return a metric of a bloc, or of all its members; its family is kept."""
        family = FAMILIES.get(name, TERMS[0])
        if (family, bloc) not in self._families:
            self._families[family, bloc] = self._family(family, bloc)
        return self._families[family, bloc][name]

    def _family(self, family: str, bloc: int) -> dict[str, np.ndarray]:
        if family == "network":
            return network_of(self.end, bloc)
        if family == "frustration":
            return frustration_of(self.end, bloc, self.options)
        if family == "bounds":
            return self._bounds(bloc)
        parts = self._parts(bloc)
        if family == "break point":
            if isinstance(parts, Stability):
                return {"break_point": self._of_bloc("break_point_of_many", bloc)}
            return {"break_point": stability.break_point(parts, nu=self.options.nu)}
        found = parts if isinstance(parts, Stability) else self._at(family, parts)
        return in_force(family, found, self.end.member[members_of(self.end.layout, bloc), bloc])

    def _bounds(self, bloc: int) -> dict[str, np.ndarray]:
        """Return the bounds on a bloc's subsidy where its coalitions are too many, and NaN else."""
        layout = self.end.layout
        members = members_of(layout, bloc).tolist()
        if not left_out(members):
            return dict.fromkeys(coalition_bounds.BLOC, np.full(self._runs, np.nan))
        game = CoalitionGame(**facts_of(self.end, self.rules, self._assessment, bloc, members))
        inside = sampled_coalitions([layout.states[i] for i in members], layout.blocs[bloc])
        found = subsidy_bounds(game, inside, nu=self.options.nu, xi=self.options.xi)
        return {
            "subsidy_lower": found.lower,
            "subsidy_bound": found.upper,
            "break_point_of_many": found.break_point,
        }

    def _ranges(self, bloc: int, ranged: int) -> dict[tuple[str, float], Stability]:
        """Return stability by terms and weight in the first runs; keep that at the own weight."""
        parts, some = self._parts(bloc), slice(ranged)
        own, nu, xis = self.options.xi, self.options.nu, self.options.xis
        if isinstance(parts, Stability):
            whole = dict.fromkeys(TERMS, parts)
            others = {(terms, xi): parts.of(some) for terms in TERMS for xi in xis}
        else:
            whole = {terms: self._at(terms, parts) for terms in TERMS}
            rest = [xi for xi in xis if xi != own]
            others = dict(stability_range(parts.of(some), nu=nu, xis=rest))
        present = self.end.member[members_of(self.end.layout, bloc), bloc]
        for terms, each in whole.items():
            self._families[terms, bloc] = in_force(terms, each, present)
        return {(terms, own): each.of(some) for terms, each in whole.items()} | others

    def _at(self, terms: str, parts: Parts) -> Stability:
        """Return the stability of a bloc at the weight of entrapment in force."""
        nu = self.options.nu if terms == TERMS[0] else 0.0
        return stability.stability(coalition_worth(parts, nu=nu, xi=self.options.xi))

    def _parts(self, bloc: int) -> Parts | Stability:
        """Return the parts of every coalition's worth; no stability if there are too many."""
        members = members_of(self.end.layout, bloc).tolist()
        if reason := left_out(members):
            return no_stability(self._runs, reason)
        return coalition_parts(**facts_of(self.end, self.rules, self._assessment, bloc, members))

    @cached_property
    def _assessment(self) -> Assessment:
        return assess(self.end, self.rules, inventory(self.end, self.rules))


def too_large(layout: Layout) -> dict[str, str]:
    """Return the blocs whose coalitions are not enumerated, with the reason."""
    reasons = {
        bloc: left_out(members_of(layout, b).tolist()) for b, bloc in enumerate(layout.blocs)
    }
    return {bloc: reason for bloc, reason in reasons.items() if reason}


def too_wide(layout: Layout, options: Options) -> dict[str, str]:
    """Return the blocs whose frustration is only bounded, with the reason."""
    sizes = {bloc: _signed(layout, b).size for b, bloc in enumerate(layout.blocs)}
    most = options.exact_to
    return {
        bloc: f"{size} members and rivals: exact up to {most}, so two bounds are given"
        for bloc, size in sizes.items()
        if size > most
    }


def members_of(layout: Layout, bloc: int) -> np.ndarray:
    """Return the states that are in a bloc or may join it."""
    return np.asarray(np.nonzero(layout.eligible[:, bloc])[0])


def _signed(layout: Layout, bloc: int) -> np.ndarray:
    members = members_of(layout, bloc)
    rivals = layout.dyad_to[np.isin(layout.dyad_from, members)]
    return np.union1d(members, rivals)


def network_of(end: World, bloc: int) -> dict[str, np.ndarray]:
    """Return the metrics of the tie network of a bloc."""
    members = members_of(end.layout, bloc)
    member = end.member[members, bloc]
    ties = network.tie_network(
        engagement=end.engagement[members, bloc],
        affinity=end.affinity[np.ix_(members, members)],
        member=member,
    )
    leader = int(np.searchsorted(members, end.layout.leader[bloc]))
    return {
        "centralisation": network.centralisation(ties=ties, member=member),
        "connectivity": network.connectivity(ties=ties, member=member),
        "connectivity_without_leader": network.connectivity_without_leader(
            ties=ties, leader=leader, member=member
        ),
        "similarity": network.similarity(
            regard=end.affinity[members], states=members.tolist(), member=member
        ),
    }


def frustration_of(end: World, bloc: int, options: Options) -> dict[str, np.ndarray]:
    """Return the frustration of members and rivals: exact, or a bound."""
    layout = end.layout
    states = _signed(layout, bloc)
    member = end.member[:, bloc] > 0
    present = member.copy()
    for i, j in zip(layout.dyad_from, layout.dyad_to, strict=True):
        present[j] |= member[i]
    share = frustration.frustration(
        affinity=end.affinity[np.ix_(states, states)],
        member=present[states] * 1,
        exact_to=options.exact_to,
    )
    unknown = np.full(share.share.shape, np.nan)
    if share.exact:
        bounds = {"frustration_bound": unknown, "frustration_lower": unknown}
        return {"frustration": share.share, **bounds}
    bounds = {"frustration_bound": share.share, "frustration_lower": share.lower_share}
    return {"frustration": unknown, **bounds}


def facts_of(
    end: World, rules: Rules, assessment: Assessment, bloc: int, members: list[int]
) -> dict[str, Any]:
    """Return what the worth of coalitions depends on, with unchanged support of other blocs."""
    layout = end.layout
    return {
        "members": members,
        "leader": int(layout.leader[bloc]),
        "holder": layout.dyad_from,
        "rival": layout.dyad_to,
        "rivalry": end.rivalry,
        "strength": assessment.strength,
        "affinity": end.affinity,
        "commitment": end.commitment[bloc],
        "belief": end.belief[members, bloc],
        "engagement": end.engagement[members, bloc],
        "rent": end.rent[members, bloc],
        "insecurity_of": _insecurity_of(end, rules, assessment, bloc),
        "member": end.member[members, bloc],
    }


def _insecurity_of(
    end: World, rules: Rules, assessment: Assessment, bloc: int
) -> Callable[[Any], Any]:
    """Return a function from the support by a bloc to insecurity."""
    other = without_bloc(end, assessment, bloc)
    return lambda support: insecurity_with(end, rules, assessment, np.maximum(support, other))


def in_force(terms: str, stability: Stability, present: np.ndarray) -> dict[str, np.ndarray]:
    """Return the metrics of a bloc that its stability gives, with terms or without.

    `present` is 1 where a possible member is one: (members, runs).
    """
    if terms != TERMS[0]:
        return {"subsidy_without_terms": stability.cost}
    best, here = stability.best_coalition, present > 0
    inside = (best >> np.arange(len(here))[:, None] & 1) * here
    unknown = best < 0
    return {
        "subsidy": stability.cost,
        "best_share": np.where(
            unknown, np.nan, inside.sum(axis=0) / np.maximum(here.sum(axis=0), 1)
        ),
        "in_best_coalition": np.where(unknown, np.nan, inside),
    }
