"""Goods of a model: classes, systems and offers, with those that only events need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.documents.leaves import value_of
from sim.scenario.compile.distributions import Draws, stacked
from sim.scenario.schema.bloc import Bloc
from sim.scenario.schema.entities import PACKED, USD_PER_TIV, Offer, System, WeaponClass
from sim.scenario.schema.outcome_syntax import parts_of
from sim.scenario.schema.root import Model

TERMS = ("discount", "credit", "rate", "tenor")  # that an offer may have of its own
CONDITION = {"new": 1.0, "refurbished": 0.66, "second_hand": 0.40}  # worth against new, SIPRI


@dataclass(frozen=True)
class Goods:
    """Classes, systems and offers by name, each sorted.

    Systems come by class first; offers come by kind first: other, strike, air defence.
    """

    classes: dict[str, WeaponClass]
    systems: dict[str, System]
    offers: dict[str, Offer]
    blocs: dict[str, Bloc]

    def offer_of(self, supplier: str, system: str, recipient: str) -> str:
        """Return the first offer of a supplier for a system, by name.

        Open ones come first, and of these the ones that are made to the recipient at the start.
        """
        parties = {recipient, *(b for b, bloc in self.blocs.items() if recipient in bloc.members)}
        offers = [
            (not self.offers[name].open, not made_to(self.offers[name], parties), name)
            for name in self.offers_of(supplier, system)
        ]
        return min(offers)[-1]

    def offers_of(self, supplier: str, system: str) -> list[str]:
        """Return all offers of a supplier for a system, by name."""
        return [
            name
            for name, offer in self.offers.items()
            if (offer.supplier, offer.system) == (supplier, system)
        ]


def goods_of(model: Model) -> Goods:
    """Return the goods of a model.

    A transfer without an offer, and a sale that an outcome names, get a closed offer of their
    own; a model without any offers gets one that is never open.
    """
    classes, systems, offers = dict(model.classes), dict(model.systems), dict(model.offers)
    first = next(iter(model.states))
    if not systems:
        classes["none"] = WeaponClass.model_construct(satiation=1.0, life=1.0, role="other")
        systems["none"] = _nothing()
    wanted = [
        (event.transfer.supplier, event.transfer.system)
        for event in model.events.values()
        if event.transfer is not None
    ]
    wanted += [(supplier, system) for supplier, _, system in named_sales(model)]
    if not offers:
        wanted.append((first, next(iter(systems))))
    for supplier, system in wanted:
        there = any((o.supplier, o.system) == (supplier, system) for o in offers.values())
        if not there:
            worth = value_of(systems[system].worth)
            offers[f"{supplier}_{system}_closed"] = _closed(supplier, system, USD_PER_TIV * worth)
    by_class = sorted(systems.items(), key=lambda item: (item[1].class_, item[0]))
    kinds = {name: _kind(system, classes) for name, system in systems.items()}
    by_kind = sorted(offers.items(), key=lambda item: (kinds[item[1].system], item[0]))
    return Goods(dict(sorted(classes.items())), dict(by_class), dict(by_kind), model.blocs)


def made_to(offer: Offer, parties: set[str]) -> bool:
    """Return whether an offer is made to a state that is, or is a member of, these parties."""
    refused = parties & {*(offer.not_to or ())}
    return (offer.to is None or bool(parties & {*offer.to})) and not refused


def _kind(system: System, classes: dict[str, WeaponClass]) -> int:
    """Return 1 for a system with a strike role, 2 for air defence, 0 otherwise."""
    if system.cep is not None:
        return 1
    return 2 if classes[system.class_].role == "air_defence" else 0


def named_sales(model: Model) -> list[tuple[str, str, str]]:
    """Return supplier, recipient and system of the sales that outcomes name and a model can have.

    A variant may lack a state or a system that others have. Sales that conditions name are
    included if the condition is about consent.
    """
    read = [o for o in parts_of(model.conditions) if o.kind == "query"]
    named = (*parts_of(model.outcomes), *read)
    of_sales = [o for o in named if o.kind in {"query", "sale"}]
    sales = [(*o.subject, o.system) for o in of_sales if o.system is not None]
    return [
        (supplier, recipient, system)
        for supplier, recipient, system in sales
        if system in model.systems and {supplier, recipient} <= model.states.keys()
    ]


def _nothing() -> System:
    return System.model_construct(name="none", class_="none", worth=0.0, offence=0.0)


def _closed(supplier: str, system: str, price: float) -> Offer:
    return Offer.model_construct(
        supplier=supplier,
        system=system,
        price=max(price, 1e-6),
        batch=1.0,
        lag=0.0,
        defect=0.0,
        open=False,
    )


def goods_arrays(goods: Goods, draws: Draws) -> dict[str, np.ndarray]:
    """Return the arrays of the world that are of systems, classes and offers."""
    of_systems = (
        "worth", "range", "cep", "rounds", "payload", "reliability", "offence", "expended",
    )  # fmt: skip
    of_offers = ("price", "batch", "lag", "defect", "offset")
    return {
        **{name: draws.column("systems", goods.systems, name) for name in of_systems},
        **{name: draws.column("offers", goods.offers, name) for name in of_offers},
        "satiation": draws.column("classes", goods.classes, "satiation"),
        "life": draws.column("classes", goods.classes, "life"),
        "condition": np.array([[CONDITION[o.condition]] for o in goods.offers.values()]),
        **{f"offer_{n}": draws.column("offers", goods.offers, n, -1.0) for n in TERMS},
        "stock": draws.column("offers", goods.offers, "stock", np.inf),
        "least": draws.column("offers", goods.offers, "least"),
        "most": stacked(
            [
                PACKED * draws.number(f"offers.{name}.batch", offer.batch)
                if offer.most is None
                else draws.number(f"offers.{name}.most", offer.most)
                for name, offer in goods.offers.items()
            ]
        ),
        "available": draws.table(
            (f"offers.{name}.open", float(offer.open)) for name, offer in goods.offers.items()
        ),
    }
