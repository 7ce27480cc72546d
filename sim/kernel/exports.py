"""Tables of what states hold about exporters: deliveries, promises and memories of refusals.

Entry [i, n] is about the n-th of the states that export arms or did so before the start.
"""

from typing import Any

import numpy as np

from sim.kernel.arrays import NONE, Dyadic, Exportwise, Index, pick, put
from sim.kernel.layout.layout import Layout


def exported(layout: Layout, table: Exportwise, i: Index, j: Index) -> Any:
    """Return the entries of states i about states j, zero if j does not export."""
    column = pick(layout.export_column[:, None], j)
    return pick(table, i, np.maximum(column, 0)) * (column != NONE)


def whole_table(layout: Layout, table: Exportwise) -> Dyadic:
    """Return a table of exporters as one of all states, zero for the others."""
    size = len(layout.states)
    zero = np.zeros((size, size, table.shape[-1]))
    return put(zero, (slice(None), layout.exporters), table, inplace=True)
