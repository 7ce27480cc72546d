"""The costly metrics of finished worlds: tie network, frustration, cost of stability."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.experiments.options import Options
from sim.kernel.layout.layout import Layout
from sim.kernel.rules import Rules
from sim.kernel.simulate import Record
from sim.kernel.world import World
from sim.metrics.exact.coalitions import Parts, coalition_parts, coalition_worth, left_out
from sim.metrics.exact.frustration import frustration
from sim.metrics.exact.stability import Stability, no_stability, stability, stability_range
from sim.metrics.network import centralisation, connectivity, connectivity_without, tie_network
from sim.steps.assess import (
    Assessment,
    assess,
    insecurity_with,
    inventory,
    without_bloc,
)

NAMES = (
    "centralisation",
    "connectivity",
    "connectivity_without_leader",
    "frustration",
    "frustration_bound",
    "cost_of_stability",
    "cost_of_stability_without_terms",
    "best_coalition",
)
STABILITY = (
    "share",
    "cost",
    "worth",
    "best_coalition",
)  # fields kept for each weight of entrapment
TERMS = ("with terms", "without terms")


@dataclass(frozen=True, kw_only=True, eq=False)
class Exact:
    """The costly metrics of a block of runs."""

    metrics: Mapping[str, np.ndarray]  # name -> (blocs, runs); NaN where left out
    stability: np.ndarray  # (blocs, terms, weights of entrapment, fields, runs `ranged`)


def exact_metrics(record: Record, options: Options, ranged: int = 0) -> Exact:
    """Return the costly metrics of every bloc at the end of the runs.

    Stability over the weights of entrapment is worked out for the first `ranged` of them.
    """
    end = record.end
    blocs = range(len(end.layout.blocs))
    found = assess(end, record.rules, inventory(end, record.rules))
    networks = [network_of(end, b) for b in blocs]
    signed = [frustration_of(end, b, options) for b in blocs]
    runs = end.gdp.shape[-1]
    pairs = [_stability(end, record.rules, found, b, options, ranged) for b in blocs]
    each = [
        network | frustrated | _at_weight(whole)
        for network, frustrated, (whole, _) in zip(networks, signed, pairs, strict=True)
    ]
    metrics = {
        name: np.stack([np.broadcast_to(of_bloc[name], (runs,)) for of_bloc in each])
        if each
        else np.zeros((0, runs))
        for name in NAMES
    }
    table = np.zeros((len(pairs), len(TERMS), len(options.xis), len(STABILITY), ranged))
    for b, (_, share) in enumerate(pairs):
        for t, terms in enumerate(TERMS):
            for x, xi in enumerate(options.xis):
                table[b, t, x] = [getattr(share[terms, xi], field) for field in STABILITY]
    return Exact(metrics=metrics, stability=table)


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
        bloc: f"{size} members and rivals: exact to {most}, a bound is given"
        for bloc, size in sizes.items()
        if size > most
    }


def _at_weight(whole: Mapping[str, Stability]) -> dict[str, np.ndarray]:
    """Return what a bloc's stability is at the weight of entrapment in force."""
    first, second = (in_force(terms, whole[terms]) for terms in TERMS)
    return first | second


def members_of(layout: Layout, bloc: int) -> np.ndarray:
    """Return the states that are in a bloc or may join it."""
    return np.asarray(np.nonzero(layout.eligible[:, bloc])[0])


def _signed(layout: Layout, bloc: int) -> np.ndarray:
    """Return the members of a bloc and their rivals."""
    members = members_of(layout, bloc)
    rivals = layout.dyad_to[np.isin(layout.dyad_from, members)]
    return np.union1d(members, rivals)


def network_of(end: World, bloc: int) -> dict[str, np.ndarray]:
    """Return the metrics of the tie network of a bloc."""
    members = members_of(end.layout, bloc)
    member = end.member[members, bloc]
    ties = tie_network(
        engagement=end.engagement[members, bloc],
        affinity=end.affinity[np.ix_(members, members)],
        member=member,
    )
    leader = int(np.searchsorted(members, end.layout.leader[bloc]))
    return {
        "centralisation": centralisation(ties=ties, member=member),
        "connectivity": connectivity(ties=ties, member=member),
        "connectivity_without_leader": connectivity_without(ties=ties, state=leader, member=member),
    }


def frustration_of(end: World, bloc: int, options: Options) -> dict[str, np.ndarray]:
    """Return the frustration of members and rivals: exact, or a bound."""
    layout = end.layout
    states = _signed(layout, bloc)
    member = end.member[:, bloc] > 0
    present = member.copy()
    for i, j in zip(layout.dyad_from, layout.dyad_to, strict=True):
        present[j] |= member[i]
    share = frustration(
        affinity=end.affinity[np.ix_(states, states)],
        member=present[states] * 1,
        exact_to=options.exact_to,
    )
    unknown = np.full(share.share.shape, np.nan)
    exact, bound = (share.share, unknown) if share.exact else (unknown, share.share)
    return {"frustration": exact, "frustration_bound": bound}


def _stability(
    end: World, rules: Rules, found: Assessment, bloc: int, options: Options, ranged: int
) -> tuple[dict[str, Stability], dict[tuple[str, float], Stability]]:
    """Return the stability of a bloc with and without terms, at the weight of entrapment in force.

    And for the first `ranged` runs over all weights.
    """
    members, some = members_of(end.layout, bloc).tolist(), slice(ranged)
    if reason := left_out(members):
        none = no_stability(end.gdp.shape[-1], reason)
        ranges = {(terms, xi): none.of(some) for terms in TERMS for xi in options.xis}
        return dict.fromkeys(TERMS, none), ranges
    parts = parts_of(end, rules, found, bloc, members)
    whole = {
        terms: stability(coalition_worth(parts, nu=nu, xi=options.xi))
        for terms, nu in zip(TERMS, (options.nu, 0.0), strict=True)
    }
    others = [xi for xi in options.xis if xi != options.xi]
    ranges = {(terms, options.xi): share.of(some) for terms, share in whole.items()}
    return whole, ranges | stability_range(parts.of(some), nu=options.nu, xis=others)


def parts_of(end: World, rules: Rules, found: Assessment, bloc: int, members: list[int]) -> Parts:
    """Return the parts of every coalition's worth, other blocs' support left as it is."""
    layout = end.layout
    return coalition_parts(
        members=members,
        leader=int(layout.leader[bloc]),
        holder=layout.dyad_from,
        rival=layout.dyad_to,
        rivalry=end.rivalry,
        strength=found.strength,
        affinity=end.affinity,
        commitment=end.commitment[bloc],
        belief=end.belief[members, bloc],
        engagement=end.engagement[members, bloc],
        rent=end.rent[members, bloc],
        insecurity_of=_insecurity_of(end, rules, found, bloc),
        member=end.member[members, bloc],
    )


def _insecurity_of(end: World, rules: Rules, found: Assessment, bloc: int) -> Callable[[Any], Any]:
    """Return insecurity as a function of the support that a bloc gives."""
    other = without_bloc(end, found, bloc)

    def insecurity(support: Any) -> Any:
        return insecurity_with(end, rules, found, np.maximum(support, other))

    return insecurity


def in_force(terms: str, stability: Stability) -> dict[str, np.ndarray]:
    """Return the metrics that are a bloc's stability, with terms or without."""
    if terms != TERMS[0]:
        return {"cost_of_stability_without_terms": stability.share}
    best = stability.best_coalition * 1.0
    return {
        "cost_of_stability": stability.share,
        "best_coalition": np.where(best < 0, np.nan, best),
    }
