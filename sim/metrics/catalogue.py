"""The catalogue of metrics, in the order of tables: by kind of subject, those of the end last.

Each is declared in the file of its kind, beside its function.
"""

from sim.metrics import blocs, dyads, network, sales, states
from sim.metrics.declaration import END, EVERY, Metric
from sim.metrics.exact import frustration, stability

__all__ = ["END", "EVERY", "METRICS", "Metric"]

METRICS: dict[str, Metric] = {
    **blocs.BLOC,
    **network.BLOC,
    **frustration.BLOC,
    **stability.BLOC,
    **blocs.MEMBER,
    **dyads.DYAD,
    **dyads.TIE,
    **states.STATE,
    **states.SUPPLY,
    **sales.QUERY,
    **sales.SALE,
}
