"""Threats of a model: those of the scenario, then those that only events make."""

from __future__ import annotations

from typing import Any

from sim.scenario.schema.entities import DeliveryThreat
from sim.scenario.schema.root import Model

Sale = tuple[str, str, str]  # supplier, recipient, system


def sale_of(about: Any) -> Sale:
    """Return the sale that a threat, or an event, is about."""
    return about.supplier, about.recipient, about.system


def threats_of(model: Model) -> dict[str, DeliveryThreat]:
    """Return the threats by name, one for each sale.

    A threat made by events has the name of the first of them, and no resolve before it happens.
    """
    threats = dict(model.threats)
    taken = {sale_of(each) for each in threats.values()}
    for name, event in sorted(model.events.items()):
        made = event.threat
        if made is None or made.lift or sale_of(made) in taken:
            continue
        taken.add(sale_of(made))
        threats[f"event {name}"] = DeliveryThreat.model_construct(
            by=made.by,
            supplier=made.supplier,
            recipient=made.recipient,
            system=made.system,
            resolve=0.0,
        )
    return threats
