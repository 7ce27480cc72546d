"""Where an outcome's subject stands among those that a variant records, or why it does not."""

from __future__ import annotations

from sim.kernel.layout.layout import Layout
from sim.scenario.schema.outcome_syntax import Outcome

_REASONS = {
    "dyad": "no dispute between the two is in the scenario: add one to rivalries",
    "member": "the state is not, and may not become, a member of the bloc",
    "supply": "the supplier has no offer, or the recipient imports nothing",
}


def row_of(outcome: Outcome, layout: Layout) -> int | None:
    """Return the row of an outcome's subject among those of its kind; None if it has none.

    A sale needs no row, since it is read off the orders: its row is that of the supplier.
    """
    if outcome.kind == "query":
        return _query(outcome, layout)
    if outcome.kind == "sale":
        known = {*layout.states} >= {*outcome.subject} and outcome.system in layout.systems
        return layout.states.index(outcome.subject[0]) if known else None
    names = layout.subjects[outcome.kind]
    name = _name(outcome)
    return names.index(name) if name in names else None


def unrecorded(outcome: Outcome) -> str:
    """Return why the subject of an outcome, which exists, has no row."""
    if outcome.kind == "query":
        return f"{outcome.subject[0]} has no offer of {outcome.system}"
    reason = _REASONS.get(outcome.kind)
    return f"no {_name(outcome)} is recorded" + (f" ({reason})" if reason else "")


def _name(outcome: Outcome) -> str:
    return (":" if outcome.kind == "member" else ">").join(outcome.subject)


def _query(outcome: Outcome, layout: Layout) -> int | None:
    """Return the row of a standing query: the supplier's offer of that system."""
    supplier, recipient = outcome.subject
    for row, (offer, asker) in enumerate(layout.queries):
        at = layout.offers.index(offer)
        named = layout.states[layout.supplier[at]], asker, layout.systems[layout.system[at]]
        if named == (supplier, recipient, outcome.system):
            return row
    return None
