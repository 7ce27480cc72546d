"""The profile of cohesion: its sides, and the index and its parts over the initial members.

A single number does not show the causes of cohesion or its failure. Its sides are *content*, the
participation of members, in particular of harmed and the least engaged ones; *credibility*, whether
members can count on the bloc; *alignment*, whether friends are inside and foes outside; and
*concert*, joint action. `Metric.side` gives the side of a metric. Sources: weitsman2004 (threats
from inside against those from outside), leeds2000 (credibility), axelrod1993 (energy), holsti1973
(unity of deeds).

Current membership changes: the index rises when discontented members leave. Over the initial
members it does not: a state that has left counts with no engagement and no belief.
"""

from collections.abc import Mapping

import numpy as np

from sim.kernel.arrays import Blocwise, share
from sim.kernel.layout.layout import Layout
from sim.metrics.blocs import Members, index, least, mean
from sim.metrics.declaration import Metrics, tenth

BLOC, MEMBER = Metrics("bloc"), Metrics("member")
OF_RUNS = ("answered",)  # computed from the series of a run so far, not from one period


@BLOC.metric(
    "0 to 1",
    "Mean participation of members except the leader, weighted by harm from fellow members; "
    "unweighted if none was harmed.",
    phrase="how far the harmed members of {bloc} take part",
    smallest=tenth("no part", "full part"),
    side="content",
    fewest=2,
)
def engagement_harmed(at: Members) -> Blocwise:
    """Return the mean engagement weighted by grievance. 0: the harmed take no part; 1: full part.

    Without harm it equals `engagement`. Source: weitsman2004.
    """
    harm = at.grievance * at.present
    whole = at.blocs.sum(harm)
    mean_of_harmed = share(at.blocs.sum(harm * at.engagement), whole, nothing=0.0)
    return np.where(whole > 0, mean_of_harmed, mean(at.engagement, at.present, at.blocs))


@BLOC.metric(
    "0 to 1",
    "Mean belief of members except the leader that the bloc would aid them.",
    phrase="how far members of {bloc} believe that it would aid them",
    smallest=tenth("no member believes it", "all are sure"),
    side="credibility",
    fewest=2,
)
def belief_mean(at: Members) -> Blocwise:
    """Return the mean belief. 0: no member believes in aid; 1: all are sure of it."""
    return mean(at.belief, at.present, at.blocs)


@BLOC.metric(
    "0 to 1",
    "Mean over members of the reduction, by aid after a standard appeal, of the probability that "
    "the state they fear most wins.",
    phrase="worth of aid from {bloc} to a member that calls",
    smallest=tenth("no aid", "certain defeat turned into certain success"),
    percent=True,
    side="credibility",
    fewest=2,
)
def aid_mean(at: Members) -> Blocwise:
    """Return the mean worth of aid, the leader's included. 0: no help; 1: decisive help."""
    return mean(at.aid, at.member, at.blocs)


@BLOC.metric(
    "0 to 1",
    "Share of the ties among members and with their rivals, by weight, that are contrary to the "
    "bloc: enmity inside, friendship across.",
    phrase="how far regard is contrary to the line between {bloc} and its rivals",
    smallest=tenth("friends inside and foes outside", "foes inside and friends outside"),
    side="alignment",
    fewest=2,
)
def energy(at: Members) -> Blocwise:
    """Return the energy of the bloc, over the weight of all ties.

    A tie is the mean of both sides' regard. 0: friends inside, foes outside (also without any tie);
    1: the reverse. Rivals' ties with each other, and the sizes of states, do not count. Source:
    axelrod1993, who sum ties across without dividing by their weight.
    """
    against = np.where(at.across > 0, np.maximum(at.near, 0.0), np.maximum(-at.near, 0.0))
    return share(at.camps.sum(against), at.camps.sum(np.abs(at.near)), nothing=0.0)


@BLOC.metric(
    "0 to 1",
    "Share of members except the leader that join its drills, at the stage of full part.",
    phrase="share of members that join the drills of {bloc}",
    smallest=tenth("none", "all of them"),
    percent=True,
    side="concert",
    fewest=2,
)
def drills(at: Members) -> Blocwise:
    """Return the share of members at stage 0. 0: none comes; 1: all come. Source: holsti1973."""
    return mean(1.0 * (at.stage == 0), at.present, at.blocs)


def answered(series: Mapping[str, np.ndarray], layout: Layout) -> np.ndarray:
    """Return the share of appeals so far that were answered: (periods, blocs, runs).

    0: none; 1: all, or there were no appeals. Source: holsti1973.
    """
    sums = [by_bloc(series[name], layout) for name in ("answers", "appeals")]
    return np.asarray(share(*sums, nothing=1.0))


BLOC.declare(
    "answered",
    "0 to 1",
    "Share of the appeals of members so far that the bloc answered, by extent; 1 if no member "
    "appealed.",
    phrase="share of appeals of members that {bloc} answered",
    smallest=tenth("none", "all of them"),
    percent=True,
    side="concert",
    fewest=2,
)


@BLOC.metric(
    "0 to 1",
    "The same as `cohesion` over the members at the start; those that left count with no "
    "engagement and no belief.",
    phrase="cohesion of the initial members of {bloc}",
    smallest=tenth("nobody takes part, likes or trusts", "all do in full"),
    cohort=True,
    fewest=2,
)
def cohesion_founders(at: Members) -> Blocwise:
    """Return the index of cohesion over the members at the start."""
    inside = at.member
    return index(at, at.founders, at.engagement * inside, at.to_founders, at.belief * inside)


@BLOC.metric(
    "0 to 1",
    "The same as `engagement` over the members at the start.",
    phrase="how far the initial members of {bloc} take part",
    smallest=tenth("nobody takes part", "all take part in full"),
    side="content",
    cohort=True,
    fewest=2,
)
def engagement_founders(at: Members) -> Blocwise:
    """Return their mean engagement, 0 for those that left."""
    return mean(at.engagement * at.member, at.founders, at.blocs)


@BLOC.metric(
    "0 to 1",
    "The same as `engagement_min` over the members at the start.",
    phrase="how far the least engaged initial member of {bloc} takes part",
    smallest=tenth("no part", "full part"),
    side="content",
    cohort=True,
    fewest=2,
)
def engagement_min_founders(at: Members) -> Blocwise:
    """Return their smallest engagement."""
    return least(at.engagement * at.member, at.founders, at.blocs)


@BLOC.metric(
    "0 to 1",
    "The same as `belief_mean` over the members at the start.",
    phrase="how far the initial members of {bloc} believe that it would aid them",
    smallest=tenth("no member believes it", "all are sure"),
    side="credibility",
    cohort=True,
    fewest=2,
)
def belief_founders(at: Members) -> Blocwise:
    """Return their mean belief, 0 for those that left."""
    return mean(at.belief * at.member, at.founders, at.blocs)


@BLOC.metric(
    "-1 to 1",
    "Mean affinity of the members at the start, except the leader, to each other and to it.",
    phrase="how the initial members of {bloc} regard each other",
    smallest=tenth("indifference", "full regard"),
    side="alignment",
    cohort=True,
    fewest=2,
)
def affinity_founders(at: Members) -> Blocwise:
    """Return their mean affinity to the other initial members, including those that left."""
    return mean(at.to_founders, at.founders, at.blocs)


MEMBER.plain(
    "credibility",
    "0 to 1",
    "Probability that a standard appeal of the member is honoured.",
    phrase="probability that {bloc} comes when {i} calls",
    smallest=tenth("it would never come", "it would certainly come"),
    percent=True,
)
MEMBER.plain(
    "aid",
    "0 to 1",
    "Reduction, by aid after a standard appeal, of the probability that the state which the member "
    "fears most wins.",
    phrase="worth of aid from {bloc} to {i}",
    smallest=tenth("no aid", "certain defeat turned into certain success"),
    percent=True,
)


def by_bloc(values: np.ndarray, layout: Layout) -> np.ndarray:
    """Return the sums over the members of each bloc: (periods, blocs, runs)."""
    return np.moveaxis(layout.members_by_bloc.sum(np.moveaxis(values, 1, 0)), 0, 1)
