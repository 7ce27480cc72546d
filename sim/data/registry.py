"""All layouts that are known, and the kinds of tables that they become."""

from __future__ import annotations

from sim.data.kinds import Kind
from sim.data.layouts import sipri_deals, sipri_deliveries, sipri_spending, sipri_volumes
from sim.data.table_layout import Layout

LAYOUTS: tuple[Layout, ...] = (
    *sipri_deals.LAYOUTS,
    *sipri_deliveries.LAYOUTS,
    *sipri_volumes.LAYOUTS,
    *sipri_spending.LAYOUTS,
)
KINDS: tuple[Kind, ...] = tuple(dict.fromkeys(each.kind for each in LAYOUTS if not each.refusal))
