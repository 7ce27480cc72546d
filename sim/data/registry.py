"""All known layouts, and the kinds of tidy tables that they are read into."""

from __future__ import annotations

from sim.data.layouts import (
    atop_alliances,
    cow_alliances,
    cow_contiguity,
    cow_states,
    disputes,
    distances,
    maddison,
    rivalries,
    sipri_deals,
    sipri_deliveries,
    sipri_expenditure,
    sipri_volumes,
    tidy_extracts,
    ucdp_conflicts,
    un_votes,
    world_bank,
)
from sim.data.table_layout import TableLayout
from sim.data.tidy_tables import Kind

_MODULES = (
    sipri_deals,
    sipri_deliveries,
    sipri_volumes,
    sipri_expenditure,
    world_bank,
    un_votes,
    cow_states,
    cow_contiguity,
    cow_alliances,
    atop_alliances,
    disputes,
    rivalries,
    ucdp_conflicts,
    maddison,
    distances,
    tidy_extracts,
)
LAYOUTS: tuple[TableLayout, ...] = tuple(each for module in _MODULES for each in module.LAYOUTS)
KINDS: tuple[Kind, ...] = tuple(dict.fromkeys(each.kind for each in LAYOUTS if not each.refusal))
