"""Treaties: how far a bloc's treaty binds its members, by the obligations in it.

    commitment   0.7 defence (0.5 to 0.85), 0.3 consultation, 0.2 neutrality, 0.1 non-aggression;
                 the strongest obligation between leader and member, median of the members;
                 0.1 as a placeholder if a table of treaties has none of them, 0.5
                 without a table

Sources: leeds2002 (kinds of obligations), gibler2009 (three types; ententes are to consult).
Order and sizes are assumed: they say how much a treaty asks, and not how often a promise is kept.
That is 0.745 of all promises in leeds2000, and in berkemeier2018 0.41 of those of defence, 0.78 of
neutrality and 0.37 of non-aggression. gibler2009 ranks neutrality and non-aggression above an
entente. Duties to join an attack do not count.
"""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

OBLIGATIONS = {"defense": 0.7, "consultation": 0.3, "neutrality": 0.2, "nonaggression": 0.1}
_SPREAD = {"defense": (0.5, 0.85), "consultation": (0.1, 0.5), "neutrality": (0.1, 0.4)}
DEFENCE = "defense"
UNBOUND = min(OBLIGATIONS.values())  # placeholder where no treaty is found
UNKNOWN = 0.5  # placeholder without a table of treaties


def strongest(obligations: Iterable[str]) -> str:
    """Return the strongest of some obligations; empty if there is none."""
    own = {*obligations}
    return next((each for each in OBLIGATIONS if each in own), "")


def commitment(by_member: Iterable[str]) -> tuple[float, tuple[float, float] | None] | None:
    """Return the commitment (0 to 1) and its ends, from the strongest obligation of each member.

    The ends are None if the median lies between two kinds of obligation, or for non-aggression. The
    whole is None without any obligation.
    """
    kinds = [each for each in by_member if each]
    if not kinds:
        return None
    size = median(OBLIGATIONS[each] for each in kinds)
    usual = next((each for each, value in OBLIGATIONS.items() if value == size), "")
    return size, _SPREAD.get(usual)
