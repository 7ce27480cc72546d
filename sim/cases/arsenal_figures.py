"""Figures of arsenals, and of the classes and systems that arsenals and offers consist of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sim.cases import stocks
from sim.cases.archive import Archive
from sim.cases.arms_register import number, register, worths, years_of
from sim.cases.case_plan import CasePlan
from sim.cases.figures import Answer, Figure, Gap
from sim.cases.weapon_classes import CLASSES
from sim.documents.sources import ASSUMED

SIPRI = ("sipri_arms",)
MIXED = ("sipri_arms", ASSUMED)


@dataclass(frozen=True)
class ArmsSystem:
    """A system of a case."""

    key: str
    name: str
    class_: str
    worth: float  # TIV of a new unit
    kind: str = ""  # as the register describes it


def system_of(system: ArmsSystem, full: Mapping[str, float], plan: CasePlan) -> Answer:
    """Yield the entries of a class and a system, unless the scenario has them.

    `full` is the satiation of each class.
    """
    key, class_, worth = system.key, system.class_, system.worth
    about = CLASSES[class_]
    if class_ not in plan.classes:
        at = ("classes", class_)
        usual = full[class_] <= about.satiation
        size = Figure(full[class_]) if usual else Figure(full[class_], MIXED, plan.year)
        yield (*at, "satiation"), size
        yield (*at, "life"), Figure(about.life)
        yield (*at, "role"), Figure(about.role)
    if key not in plan.systems.values():
        at = ("systems", key)
        yield (*at, "name"), Figure(system.name, ())
        yield (*at, "class"), Figure(class_, ())
        rest = worth == 1.0 and key.startswith("other_")  # of a class, counted in TIV
        yield (*at, "worth"), Figure(worth) if rest else Figure(worth, SIPRI, plan.year)
        for own, value in about.values(system.kind).items():
            yield (*at, own), Figure(value)


def holdings(plan: CasePlan, archive: Archive) -> pd.DataFrame:
    """Return what each state holds at the start: class, key, new-equivalent units and TIV."""
    name = f"holdings {plan.year} {' '.join(plan.states)}"
    return archive.once(name, lambda own: _holdings(plan, own))


def _holdings(plan: CasePlan, archive: Archive) -> pd.DataFrame:
    deals = register(archive)
    came = deals[deals["recipient_iso3"].isin(plan.states) & (deals["delivery_years"] != "")]
    parts: dict[tuple[str, str, str], list[tuple[float, str, int]]] = {}
    for row in came.to_dict("records"):
        years = years_of(row)
        own = parts.setdefault(
            (str(row["recipient_iso3"]), str(row["class_"]), str(row["key"])), []
        )
        each = number(row["delivered"]) / len(years)
        own += [(each, str(row["condition"]), plan.year - year) for year in years]
    worth = worths(deals)
    rows = []
    for (state, class_, key), own in parts.items():
        units = stocks.arsenal(own, CLASSES[class_].life)
        rows.append((state, class_, key, units, units * worth[key]))
    return pd.DataFrame(rows, columns=["state", "class_", "key", "units", "tiv"])


def satiations(plan: CasePlan, archive: Archive) -> Mapping[str, float]:
    """Return the satiation of each class of arms, TIV."""
    held = holdings(plan, archive)
    sums = held.groupby(["class_", "state"])["tiv"].sum()
    sums = sums[sums >= _FEWEST]
    by_class = {str(name): own.tolist() for name, own in sums.groupby("class_")}
    return {
        name: stocks.satiation(about.satiation, by_class.get(name, []))
        for name, about in CLASSES.items()
    }


def of_arsenals(plan: CasePlan, archive: Archive) -> Answer:
    """Yield arsenals from the deliveries within the life of a class.

    Systems of the scenario are counted in units, the others of a class as `other_CLASS`, in TIV.
    """
    if not len(register(archive)):
        yield Gap(("arsenals",), "no register of transfers, one row per deal")
        return
    held, full = holdings(plan, archive), satiations(plan, archive)
    known = held["key"].isin(plan.systems)
    held = held.assign(
        system=held["key"].map(plan.systems).where(known, "other_" + held["class_"]),
        count=held["units"].where(known, held["tiv"]),
    )
    described: set[str] = set()
    sums = held.groupby(["state", "class_", "system"], sort=True)["count"].sum().reset_index()
    for state in plan.states:
        own = sums[sums["state"] == state]
        for class_, system, units in zip(own["class_"], own["system"], own["count"], strict=True):
            if units < _FEWEST:
                continue
            if system not in plan.systems.values() and system not in described:
                described.add(system)
                label = f"Other {CLASSES[class_].name}, 1 TIV each"
                yield from system_of(ArmsSystem(system, label, class_, 1.0), full, plan)
            path = ("arsenals", state, "units", system)
            yield path, Figure(round(units, 1), SIPRI, plan.year)


_FEWEST = 0.05  # units, or TIV; less is left out
