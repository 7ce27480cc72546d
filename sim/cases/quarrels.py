"""Quarrels: how sharp the dispute is that a state has with another.

    q_ij = 0.3 + 0.25 spatial + 0.1 positional + 0.1 ideological     in a rivalry, else 0
           + 0.03 f + 0.1 w                                          at most 0.95
    r_ij = q_ij (1 - 0.4 max(0, 2 s_i - 1)^4)

A rivalry is strategic, or enduring by its disputes: six militarised disputes or more in the last
twenty years, and no arms from one to the other in the last five; of the latter no issue is known.
f counts the years of the last ten with force used in a militarised dispute of the two (hostility 4
or 5), or with an armed conflict between them (25 battle deaths a year), up to 5. w is 1 if they
fought a war (hostility 5, of a dispute that is over) or an armed conflict in that time. States
fight each other in a conflict if both are parties, or if one supports rebels with troops against
the other. Without a rivalry the first line is 0.1 if there was force or war. s_i is the share of i
in the GDP of both: the weaker minds more. A rivalry over interventions alone has 0.3: the list to
2010 does not code them.

Sources: thompson2021 and thompson2012 (strategic rivalries and their issues: spatial, positional,
ideological), diehl2000 (six disputes in twenty years make an enduring rivalry; that arms to each
other speak against it is assumed), vasquez2009 (disputes over territory lead to war more often than
others), palmer2022 and gibler2016 (militarised disputes), ucdp2025 (conflicts), womack2016 (the
weaker side of an asymmetric relation attends to it more). They support the order; the sizes are
assumed. They are set to come near to what the shipped catalogues assume for 17 states
(docs/case.md).
"""

from __future__ import annotations

LOOKED_BACK = 10  # years in which force counts
ENDURING, LONG = 6, 20  # disputes that make a rivalry, and the years in which they occur
ARMED = 5  # years in which arms to each other speak against it
FORCE, WAR = 4, 5  # levels of hostility
RIVALRY, _BARE = 0.3, 0.1  # least dispute of a strategic rivalry, and of two states without
KINDS = {"spatial": 0.25, "positional": 0.1, "ideological": 0.1}
_BY_FORCE, _MOST_YEARS, _BY_WAR = 0.03, 5, 0.1
_SHARPEST = 0.95
_LESS, _BEND = 0.4, 4


def quarrel(kinds: frozenset[str] | None, forced: int, *, war: bool) -> float:
    """Return how sharp the dispute of two states is, 0 to 1; `kinds` is None without rivalry."""
    worse = _BY_FORCE * min(forced, _MOST_YEARS) + _BY_WAR * war
    if kinds is None:
        return _BARE + worse if worse > 0 else 0.0
    return min(RIVALRY + sum(KINDS.get(each, 0.0) for each in kinds) + worse, _SHARPEST)


def enduring(disputes: int, *, armed: bool) -> bool:
    """Return whether their disputes in the last LONG years make two states rivals.

    `armed` is whether one of them delivered arms to the other in the last ARMED years.
    """
    return disputes >= ENDURING and not armed


def minded(sharpness: float, share: float) -> float:
    """Return the dispute that a state has, by its share in the GDP of both."""
    return sharpness * (1 - _LESS * max(0.0, 2 * share - 1) ** _BEND)
