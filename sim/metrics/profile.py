"""The profile of cohesion: its sides, and the index and its parts over those who began together.

One number cannot say what holds a bloc together, or what fails. Its sides are *content*, whether
members take part, those harmed and the least engaged above all; *credibility*, whether they can
count on it; *alignment*, whether friends are inside and foes outside; *concert*, what they do
together. `Metric.side` says of which side a metric is. Sources: weitsman2004 (threats from inside
against those from outside), leeds2000 (credibility), axelrod1993 (energy), holsti1973 (unity
of deeds).

Members of the day change: the index rises when the discontented leave. Over the founders, the
members at the start, it cannot: one that has left takes no part and can count on nothing.
"""

from collections.abc import Mapping

import numpy as np

from sim.kernel.arrays import Blocwise, share
from sim.kernel.layout.layout import Layout
from sim.metrics.blocs import Members, index, least, mean
from sim.metrics.declaration import Metrics, tenth

BLOC, MEMBER = Metrics("bloc"), Metrics("member")
OF_RUNS = ("answered",)  # made of the series of a run so far, so that no period knows it


@BLOC.metric(
    "0 to 1",
    "Mean participation of members but the leader, each by the harm that fellow members did it; of "
    "all alike where none was harmed.",
    phrase="how far the harmed members of {bloc} take part",
    smallest=tenth("no part", "full part"),
    side="content",
    fewest=2,
)
def engagement_harmed(at: Members) -> Blocwise:
    """Return the mean engagement weighted by grievance. 0: the harmed take no part; 1: full part.

    Where nobody was harmed it is `engagement`. Source: weitsman2004.
    """
    harm = at.grievance * at.present
    whole = at.blocs.sum(harm)
    mean_of_harmed = share(at.blocs.sum(harm * at.engagement), whole, nothing=0.0)
    return np.where(whole > 0, mean_of_harmed, mean(at.engagement, at.present, at.blocs))


@BLOC.metric(
    "0 to 1",
    "Mean belief of members but the leader that the bloc would aid them.",
    phrase="how far members of {bloc} believe that it would aid them",
    smallest=tenth("nobody believes it", "all are sure"),
    side="credibility",
    fewest=2,
)
def belief_mean(at: Members) -> Blocwise:
    """Return the mean belief. 0: nobody believes in aid; 1: all are sure of it."""
    return mean(at.belief, at.present, at.blocs)


@BLOC.metric(
    "0 to 1",
    "Mean over members of what aid in answer to a standard appeal takes off the chance that the "
    "state they fear most prevails.",
    phrase="what aid from {bloc} is worth to a member that calls",
    smallest=tenth("no aid", "a sure defeat turned into a sure escape"),
    percent=True,
    side="credibility",
    fewest=2,
)
def aid_mean(at: Members) -> Blocwise:
    """Return the mean worth of aid, the leader's included. 0: no help; 1: help decides all."""
    return mean(at.aid, at.member, at.blocs)


@BLOC.metric(
    "0 to 1",
    "Share of the ties among members and with their rivals, by weight, that run against the "
    "bloc: enmity inside, friendship across.",
    phrase="how far regard runs against the line between {bloc} and its rivals",
    smallest=tenth("friends inside and foes outside", "foes inside and friends outside"),
    side="alignment",
    fewest=2,
)
def energy(at: Members) -> Blocwise:
    """Return the energy of the bloc as it stands, over the weight of all ties.

    A tie is the mean of both sides' regard. 0: friends inside, foes outside (also without any tie);
    1: the reverse. Rivals' ties with each other, and the sizes of states, do not count. Source:
    axelrod1993, who add up ties across and leave the sum as it is.
    """
    against = np.where(at.across > 0, np.maximum(at.near, 0.0), np.maximum(-at.near, 0.0))
    return share(at.camps.sum(against), at.camps.sum(np.abs(at.near)), nothing=0.0)


@BLOC.metric(
    "0 to 1",
    "Share of members but the leader that join its drills, engaged above the first stage.",
    phrase="share of members that join the drills of {bloc}",
    smallest=tenth("none", "all of them"),
    percent=True,
    side="concert",
    fewest=2,
)
def drills(at: Members) -> Blocwise:
    """Return the share of members at stage 0. 0: all stay away; 1: all come. Source: holsti1973."""
    return mean(1.0 * (at.stage == 0), at.present, at.blocs)


def answered(series: Mapping[str, np.ndarray], layout: Layout) -> np.ndarray:
    """Return the share of appeals so far that were answered: (periods, blocs, runs).

    0: none; 1: all, also where nobody appealed. Source: holsti1973.
    """
    sums = [by_bloc(series[name], layout) for name in ("answers", "appeals")]
    return np.asarray(share(*sums, nothing=1.0))


BLOC.declare(
    "answered",
    "0 to 1",
    "Share of the appeals of members so far that the bloc answered, by how far; 1 where nobody "
    "appealed.",
    phrase="share of appeals of members that {bloc} answered",
    smallest=tenth("none", "all of them"),
    percent=True,
    side="concert",
    fewest=2,
)


@BLOC.metric(
    "0 to 1",
    "The same as `cohesion` over the members at the start, those who left with no engagement and "
    "no belief.",
    phrase="cohesion of those who began in {bloc}",
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
    phrase="how far those who began in {bloc} take part",
    smallest=tenth("nobody takes part", "all take part in full"),
    side="content",
    cohort=True,
    fewest=2,
)
def engagement_founders(at: Members) -> Blocwise:
    """Return their mean engagement, 0 of those who left."""
    return mean(at.engagement * at.member, at.founders, at.blocs)


@BLOC.metric(
    "0 to 1",
    "The same as `engagement_min` over the members at the start.",
    phrase="how far the least engaged of those who began in {bloc} takes part",
    smallest=tenth("no part", "full part"),
    side="content",
    cohort=True,
    fewest=2,
)
def engagement_min_founders(at: Members) -> Blocwise:
    """Return their least engagement."""
    return least(at.engagement * at.member, at.founders, at.blocs)


@BLOC.metric(
    "0 to 1",
    "The same as `belief_mean` over the members at the start.",
    phrase="how far those who began in {bloc} believe that it would aid them",
    smallest=tenth("nobody believes it", "all are sure"),
    side="credibility",
    cohort=True,
    fewest=2,
)
def belief_founders(at: Members) -> Blocwise:
    """Return their mean belief, 0 of those who left."""
    return mean(at.belief * at.member, at.founders, at.blocs)


@BLOC.metric(
    "-1 to 1",
    "Mean affinity of the members at the start, but the leader, to each other and to it.",
    phrase="how those who began in {bloc} regard each other",
    smallest=tenth("indifference", "full regard"),
    side="alignment",
    cohort=True,
    fewest=2,
)
def affinity_founders(at: Members) -> Blocwise:
    """Return their mean affinity to the others who began, whoever has left since."""
    return mean(at.to_founders, at.founders, at.blocs)


MEMBER.plain(
    "credibility",
    "0 to 1",
    "Probability that a standard appeal of the member is honoured.",
    phrase="chance that {bloc} comes when {i} calls",
    smallest=tenth("it never would come", "it would for certain"),
    percent=True,
)
MEMBER.plain(
    "aid",
    "0 to 1",
    "What aid in answer to a standard appeal takes off the chance that the state which the member "
    "fears most prevails.",
    phrase="what aid from {bloc} is worth to {i}",
    smallest=tenth("no aid", "a sure defeat turned into a sure escape"),
    percent=True,
)


def by_bloc(values: np.ndarray, layout: Layout) -> np.ndarray:
    """Return the sums over the members of each bloc: (periods, blocs, runs)."""
    return np.moveaxis(layout.members_by_bloc.sum(np.moveaxis(values, 1, 0)), 0, 1)
