"""The catalogue of metrics, in the order of tables: by kind of subject, those of the end last.

Each is declared in the file of its kind, beside its function. A file with a new kind, or with
metrics of the end of a run, is added here.
"""

from sim.metrics import blocs, dyads, network, sales, states
from sim.metrics.declaration import END, EVERY, Metric
from sim.metrics.exact import frustration, stability

__all__ = ["END", "EVERY", "METRICS", "Metric"]

KINDS = ("bloc", "member", "dyad", "tie", "state", "supply", "query", "sale")

_declared = {
    name: metric
    for file in (blocs, network, frustration, stability, dyads, states, sales)
    for name, metric in file.METRICS.items()
}
METRICS: dict[str, Metric] = dict(
    sorted(_declared.items(), key=lambda item: (KINDS.index(item[1].kind), item[1].when == END))
)
