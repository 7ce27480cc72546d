"""Metrics of blocs over their members: plain means, in which absent members do not count.

Arrays over members have the shape (members, runs), one row a state and bloc, and `present` is 1
for those who are members now. The leader never counts, unless said.
"""

from sim.kernel.arrays import Elementwise, Groups, namespace


def mean(values: Elementwise, present: Elementwise, blocs: Groups) -> Elementwise:
    """Return the mean over the members present of each bloc; 0 for a bloc without any."""
    xp = namespace(values)
    return blocs.sum(values * present) / xp.maximum(blocs.sum(present), 1.0)


def least(values: Elementwise, present: Elementwise, blocs: Groups) -> Elementwise:
    """Return the least value, -1 upwards, over the members present; 0 for a bloc without any."""
    top = 2.0
    return (top - blocs.max((top - values) * present)) * (blocs.sum(present) > 0)


def spread(values: Elementwise, present: Elementwise, blocs: Groups) -> Elementwise:
    """Return the standard deviation over the members present of each bloc."""
    centre = mean(values, present, blocs)[blocs.index]
    return namespace(values).sqrt(mean((values - centre) ** 2, present, blocs))


def cohesion(
    *,
    engagement: Elementwise,  # (members, runs) 0 to 1
    affinity: Elementwise,  # (members, runs) mean affinity to fellow members, -1 to 1
    belief: Elementwise,  # (members, runs) 0 to 1
    present: Elementwise,  # (members, runs) 0 or 1
    weights: Elementwise,  # (3, blocs, runs)
    blocs: Groups,
) -> Elementwise:
    """Return the cohesion of each bloc, 0 to 1.

    The weighted mean, over members other than the leader, of engagement, (1 + affinity to
    fellow members) / 2 and belief in aid. 0: nobody takes part, likes or trusts; 1: all do.
    Source: the attitudinal and behavioural sides of alliance cohesion in weitsman2004.
    """
    parts = (engagement, (1 + affinity) / 2, belief)
    means = [mean(part, present, blocs) for part in parts]
    total = weights.sum(axis=0)
    weighted = sum(weight * each for weight, each in zip(weights, means, strict=True))
    return weighted / total


def share(part: Elementwise, whole: Elementwise) -> Elementwise:
    """Return part / whole, 0 to 1; 0 where the whole is nothing."""
    return part / namespace(whole).maximum(whole, 1e-9)


def dependent(
    *,
    worth: Elementwise,  # log odds of taking part
    by_rent: Elementwise,  # of that, by preferential terms
    present: Elementwise,
    blocs: Groups,
) -> Elementwise:
    """Return the share of members, 0 to 1, whose engagement hangs on preferential terms.

    Those whose engagement tends to one half or more now, and to less if the terms stopped, all
    else equal. 0: the bloc stands without side payments; 1: nothing else holds anybody.
    Source: olson1966 (side payments by the largest member).
    """
    hangs = (worth >= 0) & (worth - by_rent < 0)
    return mean(hangs * 1.0, present, blocs)
