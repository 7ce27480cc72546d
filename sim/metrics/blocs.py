"""Metrics of blocs and of their members.

Arrays over members have the shape (members, runs), one row for each state and bloc. Metrics of
blocs leave out absent members and, unless stated, the leader.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import Blocwise, Elementwise, Groups, Memberwise, share
from sim.metrics.declaration import Metrics, Smallest, tenth

BLOC, MEMBER = Metrics("bloc"), Metrics("member")


@dataclass(frozen=True, kw_only=True, eq=False)
class Members:
    """Data on blocs and their members at the end of a period."""

    blocs: Groups  # rows by bloc
    member: Elementwise  # 0 or 1
    present: Elementwise  # 1 for members but the leader
    founders: Elementwise  # 1 for members at the start but the leader
    engagement: Elementwise  # 0 to 1
    belief: Elementwise  # 0 to 1
    affinity: Elementwise  # mean affinity to fellow members
    to_founders: Elementwise  # mean affinity to other members at the start
    to_leader: Elementwise  # affinity
    credibility: Elementwise  # 0 to 1
    aid: Elementwise  # 0 to 1
    worth: Elementwise  # log odds of taking part
    by_rent: Elementwise  # of that, by preferential terms
    rent: Elementwise
    grievance: Elementwise
    stage: Elementwise  # of disengagement; 0 for leaders
    exited: Elementwise  # 0 or 1
    appeals: Elementwise  # in the period
    answers: Elementwise  # 0 to 1
    internal_appeals: Elementwise
    internal_answers: Elementwise
    weights: Elementwise  # (3, blocs, runs) of engagement, affinity and belief in cohesion
    supplied: Memberwise  # remembered deliveries to fellow members, TIV
    supplied_rivals: Memberwise  # those to members' rivals, weighted by the dispute
    supplied_by_leader: Blocwise  # of `supplied`
    precedent: Blocwise
    exits: Blocwise  # members that have formally left
    camps: Groups  # pairs of states near a bloc, by bloc
    near: Elementwise  # (pairs, runs) regard for each other, -1 to 1; 0 where one is not near
    across: Elementwise  # (pairs, runs) 1 for a member and an outsider
    frozen: int  # first stage that counts as frozen
    months: float  # in a period


def mean(values: Elementwise, present: Elementwise, blocs: Groups) -> Blocwise:
    """Return the mean over the present members of each bloc; 0 for a bloc without any."""
    return blocs.sum(values * present) / np.maximum(blocs.sum(present), 1.0)


def least(values: Elementwise, present: Elementwise, blocs: Groups) -> Blocwise:
    """Return the smallest value, -1 upwards, over the present members; 0 for a bloc without any."""
    top = 2.0
    return (top - blocs.max((top - values) * present)) * (blocs.sum(present) > 0)


@BLOC.metric(
    "0 to 1",
    "Mean over members except the leader of engagement, (1 + affinity to fellow members) / 2 and "
    "belief.",
    phrase="cohesion of {bloc}",
    smallest=tenth("no participation, regard or belief", "full participation, regard and belief"),
    fewest=2,
)
def cohesion(at: Members) -> Blocwise:
    """Return the weighted mean of the three.

    0: no participation, regard or belief; 1: all in full. Source: the attitudinal and behavioural
    sides of alliance cohesion in weitsman2004. Engagement follows regard and belief, so that these
    count twice, directly and through engagement with a delay.
    """
    return index(at, at.present, at.engagement, at.affinity, at.belief)


def index(
    at: Members,
    cohort: Elementwise,
    engagement: Elementwise,
    affinity: Elementwise,
    belief: Elementwise,
) -> Blocwise:
    """Return the index of cohesion over a cohort of each bloc, from its three parts."""
    parts = (engagement, (1 + affinity) / 2, belief)
    means = [mean(part, cohort, at.blocs) for part in parts]
    weighted = sum(weight * each for weight, each in zip(at.weights, means, strict=True))
    return share(weighted, at.weights.sum(axis=0), nothing=0.0)


@BLOC.metric(
    "0 to 1",
    "Mean participation of members except the leader.",
    phrase="how far members take part in {bloc}",
    smallest=tenth("no member takes part", "all take part in full"),
    side="content",
    fewest=2,
)
def engagement(at: Members) -> Blocwise:
    """Return the mean engagement. 0: no member takes part; 1: all do in full."""
    return mean(at.engagement, at.present, at.blocs)


@BLOC.metric(
    "0 to 1",
    "Participation of the least engaged member.",
    phrase="how far the least engaged member takes part in {bloc}",
    smallest=tenth("no part", "full part"),
    side="content",
    fewest=2,
)
def engagement_min(at: Members) -> Blocwise:
    """Return the smallest engagement."""
    return least(at.engagement, at.present, at.blocs)


@BLOC.metric(
    "-1 to 1",
    "Mean affinity of members except the leader to fellow members.",
    phrase="how members of {bloc} regard each other",
    smallest=tenth("indifference", "full regard"),
    side="alignment",
    fewest=2,
)
def affinity_mean(at: Members) -> Blocwise:
    """Return the mean affinity."""
    return mean(at.affinity, at.present, at.blocs)


@BLOC.metric(
    "-1 to 1",
    "The lowest of these affinities.",
    phrase="lowest regard of a member of {bloc} for the others",
    smallest=tenth("indifference", "full regard"),
    side="alignment",
    fewest=2,
)
def affinity_min(at: Members) -> Blocwise:
    """Return the lowest affinity."""
    return least(at.affinity, at.present, at.blocs)


@BLOC.metric(
    "0 to 1",
    "Mean probability that a standard appeal of each member, against the rival that it fears most, "
    "is honoured; it falls if this rival joins the bloc, because no treaty covers fellow members.",
    phrase="probability that {bloc} comes when a member calls",
    smallest=tenth("no member would come", "all would"),
    percent=True,
    side="credibility",
    fewest=2,
)
def reliability(at: Members) -> Blocwise:
    """Return the mean reliability, with the leader's. 0: no member would come; 1: all would."""
    return mean(at.credibility, at.member, at.blocs)


@BLOC.metric(
    "0 to 1",
    "Share of members' remembered deliveries to members and their rivals that went to rivals; 0 "
    "without any.",
    phrase="share of arms from members of {bloc} that went to members' rivals",
    smallest=tenth("arms only for members", "arms only for their rivals"),
    percent=True,
    fewest=2,
)
def adversary_supply(at: Members) -> Blocwise:
    """Return the rivals' share. 0: members only arm members (or none)."""
    whole = (at.supplied + at.supplied_rivals).sum(axis=0)
    return share(at.supplied_rivals.sum(axis=0), whole, nothing=0.0)


BLOC.plain(
    "precedent",
    "0 to 1",
    "The precedent by its law: how far harming a fellow member has become normal.",
    phrase="how normal it is in {bloc} to arm a member's rival",
    smallest=tenth("arms only for members", "arms only for their rivals"),
    fewest=2,
)


@BLOC.metric(
    "0 to 1",
    "Leader's share of the remembered deliveries between members; 0 without any.",
    phrase="the leader's share of arms between members of {bloc}",
    smallest=tenth("none", "all of them"),
    percent=True,
    fewest=3,
)
def hub_share(at: Members) -> Blocwise:
    """Return the leader's share. 0: it does not arm members; 1: only the leader does."""
    return share(at.supplied_by_leader, at.supplied.sum(axis=0), nothing=0.0)


@BLOC.metric(
    "0 to 1",
    "Standard deviation over members of their affinity to the leader.",
    phrase="how far members of {bloc} differ over its leader",
    smallest=tenth("all regard the leader alike", "half fully for it, half fully against"),
    fewest=3,
)
def spread_to_leader(at: Members) -> Blocwise:
    """Return the standard deviation. 0: all regard the leader alike; 1: half for it, half not."""
    centre = mean(at.to_leader, at.present, at.blocs)[at.blocs.index]
    squares = mean((at.to_leader - centre) ** 2, at.present, at.blocs)
    return np.sqrt(squares)


@BLOC.metric(
    "0 to 1",
    "Share of members whose engagement would fall below one half without preferential terms.",
    phrase="share of members held in {bloc} by preferential terms",
    smallest=tenth("none", "all of them"),
    percent=True,
    fewest=2,
)
def side_payment_dependence(at: Members) -> Blocwise:
    """Return the share of members whose engagement tends to one half or more only by the terms.

    All else equal. 0: the bloc holds without side payments; 1: only side payments hold it.
    Source: olson1966 (side payments by the largest member).
    """
    depends = (at.worth >= 0) & (at.worth - at.by_rent < 0)
    return mean(1.0 * depends, at.present, at.blocs)


@BLOC.metric(
    "0 to 5",
    "Stage of disengagement of the least engaged member: full, skips drills, refuses to host, "
    "frozen, stops paying, announces exit.",
    phrase="furthest stage of disengagement from {bloc}",
    smallest=tenth("full part", "an announced exit", apart=5.0),
)
def ladder_stage(at: Members) -> Blocwise:
    """Return the highest stage of a member."""
    return at.blocs.max(at.stage)


@BLOC.metric(
    "months",
    "Months so far in which the least engaged member was at the stage frozen or beyond.",
    summed=True,
    phrase="months in which a member of {bloc} was frozen",
    smallest=Smallest(3.0, "a quarter of a year"),
)
def months_frozen(at: Members) -> Blocwise:
    """Return the months of the period, or 0."""
    return (ladder_stage(at) >= at.frozen) * at.months


BLOC.plain(
    "exits",
    "states",
    "Number of members that have formally left.",
    phrase="members that left {bloc}",
    smallest=Smallest(0.1, "one more exit in ten runs"),
)

MEMBER.plain(
    "participation",
    "0 to 1",
    "Engagement of a member.",
    of="engagement",
    phrase="how far {i} takes part in {bloc}",
    smallest=tenth("no part", "full part"),
)
MEMBER.plain(
    "belief",
    "0 to 1",
    "Common belief that the bloc would aid the member.",
    phrase="belief that {bloc} would come to the aid of {i}",
    smallest=tenth("no member believes it", "all are sure"),
    percent=True,
)
MEMBER.plain(
    "rent",
    "years of import budget",
    "Remembered worth of preferential terms.",
    phrase="worth to {i} of preferential terms in {bloc}",
    smallest=tenth("no terms", "terms worth a year of imports"),
)
MEMBER.plain(
    "grievance",
    "years of import budget",
    "Remembered harm by fellow members: arms for or from rivals, cut trade, refused contributions.",
    phrase="harm to {i} by fellow members in {bloc}",
    smallest=tenth("no harm", "harm worth a year of imports"),
)
MEMBER.plain(
    "stage",
    "0 to 5",
    "Stage of disengagement of the member.",
    phrase="stage of {i}'s disengagement from {bloc}",
    smallest=tenth("full part", "an announced exit", apart=5.0),
)
MEMBER.plain(
    "membership",
    "0 or 1",
    "Whether the state is a member.",
    of="member",
    phrase="probability that {i} is in {bloc}",
)
MEMBER.plain(
    "formal_exit",
    "0 or 1",
    "Whether the state has formally left.",
    of="exited",
    phrase="probability that {i} has left {bloc}",
)
MEMBER.plain(
    "appeals",
    "appeals",
    "Appeals so far of the member to the bloc.",
    summed=True,
    phrase="appeals of {i} to {bloc}",
    smallest=Smallest(0.1, "one more appeal in ten runs"),
)
MEMBER.plain(
    "answers",
    "appeals",
    "Sum of the bloc's answers to these, 0 to 1 each.",
    summed=True,
    phrase="appeals of {i} that {bloc} answered",
    smallest=Smallest(0.1, "one more answer in ten runs"),
)
MEMBER.plain(
    "internal_appeals",
    "appeals",
    "Number of these appeals against a threat from within.",
    summed=True,
    phrase="appeals of {i} to {bloc} against a threat from within",
    smallest=Smallest(0.1, "one more appeal in ten runs"),
)
MEMBER.plain(
    "internal_answers",
    "appeals",
    "Sum of the bloc's answers to these.",
    summed=True,
    phrase="appeals of {i} against a threat from within that {bloc} answered",
    smallest=Smallest(0.1, "one more answer in ten runs"),
)
