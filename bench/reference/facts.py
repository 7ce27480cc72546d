"""Plain records of a scenario, read from the first run of a compiled one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.kernel.arrays import NONE
from sim.kernel.rules import Rules
from sim.kernel.world import World


@dataclass
class WeaponClass:
    """A class of systems."""

    satiation: float  # TIV
    life: float  # years


@dataclass
class System:
    """A weapon system; worth in TIV of one new unit with its munitions."""

    name: str
    cls: str
    worth: float
    range: float  # km
    cep: float  # m; 0 for no strike role
    rounds: float
    payload: float  # kg
    reliability: float
    offence: float
    expended: float  # share of the units in reach that a war expends
    strike: bool
    defence: bool
    family: int  # of designs


@dataclass
class Offer:
    """A supplier's price and terms for a system."""

    name: str
    supplier: str
    system: str
    price: float  # of a batch, million USD
    batch: float  # units
    lag: float  # years
    defect: float
    condition: float
    stock: float
    most: float  # units of an order
    least: float
    available: float
    offset: float  # share of the value
    offer_discount: float  # -1 for none of its own, as the three below
    offer_credit: float
    offer_rate: float
    offer_tenor: float
    instalments: int
    opens: int
    closes: int
    partners: list[str]  # with a say
    makers: list[str]  # these, and those without


@dataclass
class Asset:
    """High-value infrastructure of a state, and how far off its rivals are."""

    name: str
    owner: str
    value: float
    radius: float
    hardness: float
    reach: dict[str, float]  # km by attacker


@dataclass
class Grant:
    """Money that one state gives another without return."""

    donor: str
    recipient: str
    yearly: float
    first: int
    last: int
    of_arms: bool


def row(table: Any, *index: int) -> float:
    """Return one number of a table in the first run."""
    return float(table[(*index, 0)])


def laws_of(rules: Rules) -> SimpleNamespace:
    """Return the parameters in force as plain numbers, by role."""
    laws = {}
    for role in fields(rules):
        law = getattr(rules, role.name)
        numbers = {f.name: float(np.ravel(getattr(law, f.name))[0]) for f in fields(law)}
        laws[role.name] = SimpleNamespace(form=type(law).__name__, **numbers)
    return SimpleNamespace(**laws)


def classes_of(world: World) -> dict[str, WeaponClass]:
    """Return the classes by name."""
    return {
        name: WeaponClass(row(world.satiation, c), row(world.life, c))
        for c, name in enumerate(world.layout.classes)
    }


def systems_of(world: World) -> dict[str, System]:
    """Return the systems by name."""
    layout = world.layout
    numbers = (
        "worth", "range", "cep", "rounds", "payload", "reliability", "offence", "expended",
    )  # fmt: skip
    return {
        name: System(
            name=name,
            cls=layout.classes[layout.class_of[w]],
            strike=w in layout.strikers,
            defence=layout.class_of[w] in layout.shields,
            family=layout.family[w],
            **{each: row(getattr(world, each), w) for each in numbers},
        )
        for w, name in enumerate(layout.systems)
    }


def offers_of(world: World) -> dict[str, Offer]:
    """Return the offers by name."""
    layout = world.layout
    numbers = (
        "price", "batch", "lag", "defect", "condition", "stock", "most", "least", "available",
        "offset", "offer_discount", "offer_credit", "offer_rate", "offer_tenor",
    )  # fmt: skip
    return {
        name: Offer(
            name=name,
            supplier=layout.states[layout.supplier[o]],
            system=layout.systems[layout.system[o]],
            instalments=int(layout.instalments[o]),
            opens=int(layout.opens[o, 0]),
            closes=int(layout.closes[o, 0]),
            partners=[layout.states[k] for k in layout.partners[o] if k != NONE],
            makers=[layout.states[k] for k in layout.makers[o] if k != NONE],
            **{each: row(getattr(world, each), o) for each in numbers},
        )
        for o, name in enumerate(layout.offers)
    }


@dataclass
class Trade:
    """The trade of a state with another, and how far it is cut."""

    share: float  # of its output
    cut: float  # by the other, 0 to 1
    rerouted: float
    lost: float


def trade_of(world: World) -> dict[tuple[str, str], Trade]:
    """Return the trade of a scenario, by the state that may be hit and the one that may cut."""
    names = ("trade", "sanction", "rerouted", "output_lost")
    return {
        (world.layout.states[i], world.layout.states[j]): Trade(
            *(row(getattr(world, name), n) for name in names)
        )
        for n, (i, j) in enumerate(world.layout.trade_index)
    }


def named_cells(table: Any, rows: Sequence[str], columns: Sequence[str]) -> dict[Any, float]:
    """Return the numbers of a table in the first run, by the names of row and column."""
    return {(a, b): row(table, i, j) for i, a in enumerate(rows) for j, b in enumerate(columns)}


def assets_of(world: World) -> dict[str, Asset]:
    """Return the assets that some state could strike, by name."""
    layout = world.layout
    assets: dict[str, Asset] = {}
    for shot, (pair, v) in enumerate(zip(layout.shot_dyad, layout.shot_asset, strict=True)):
        name = layout.assets[v]
        if name not in assets:
            numbers = (row(world.value, v), row(world.radius, v), row(world.hardness, v))
            assets[name] = Asset(name, layout.states[layout.dyad_to[pair]], *numbers, reach={})
        attacker = layout.states[layout.dyad_from[pair]]
        assets[name].reach[attacker] = row(world.reach, shot)
    return assets


def grants_of(world: World) -> list[Grant]:
    """Return the grants."""
    layout = world.layout
    return [
        Grant(
            donor=layout.states[layout.grant_donor[g]],
            recipient=layout.states[layout.grant_recipient[g]],
            yearly=row(world.grant, g),
            first=int(layout.grant_from[g, 0]),
            last=int(layout.grant_until[g, 0]),
            of_arms=bool(layout.grant_of_arms[g, 0]),
        )
        for g in range(len(layout.grants))
    ]
