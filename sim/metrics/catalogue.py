"""The catalogue of metrics, in the order of tables: by kind of subject, those of the end last.

Each is declared in the file of its kind, with its function.
"""

from collections.abc import Mapping

from sim.metrics import blocs, burdens, dyads, network, profile, sales, states
from sim.metrics.declaration import END, EVERY, Metric
from sim.metrics.exact import coalition_bounds, frustration, stability

__all__ = ["END", "EVERY", "METRICS", "Metric", "smallest_effect"]

METRICS: dict[str, Metric] = {
    **blocs.BLOC,
    **profile.BLOC,
    **network.BLOC,
    **frustration.BLOC,
    **stability.BLOC,
    **coalition_bounds.BLOC,
    **blocs.MEMBER,
    **profile.MEMBER,
    **stability.MEMBER,
    **dyads.DYAD,
    **dyads.TIE,
    **states.STATE,
    **states.SUPPLY,
    **states.HOLDING,
    **states.TRADER,
    **burdens.ASKER,
    **burdens.BEARER,
    **sales.QUERY,
    **sales.SALE,
}


FORMER = {  # former metrics, and their replacements
    "cost_of_stability": "it was near 1 for every bloc of little worth: write `subsidy BLOC`, "
    "`break_point BLOC` or `best_share BLOC`",
    "cost_of_stability_without_terms": "write `subsidy_without_terms BLOC`",
    "best_coalition": "its number stood for a name: write `in_best_coalition STATE:BLOC` or "
    "`best_share BLOC`",
}


def smallest_effect(metric: str, own: Mapping[str, float]) -> float:
    """Return the smallest effect of interest: the scenario's own, otherwise the metric's."""
    return own.get(metric, METRICS[metric].smallest)
