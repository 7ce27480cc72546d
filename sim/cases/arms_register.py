"""The register of transfers as cases read it: deals in weapons by class, key and condition."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping

import pandas as pd

from sim.cases import stocks
from sim.cases.archive import Archive
from sim.cases.case_plan import slug
from sim.cases.weapon_classes import class_of, is_aboard, is_part
from sim.data import tidy_tables as tables


def register(archive: Archive) -> pd.DataFrame:
    """Return the deals in weapons, with class, label, key, condition, and worth of a new unit.

    `part` says whether it is what a launcher, aircraft or ship fires or is fitted with.
    """
    return archive.once("register", _register)


def classed(archive: Archive) -> pd.DataFrame:
    """Return all deals with their class, empty for those of no class of arms."""
    return archive.once("classed", _classed)


def _classed(archive: Archive) -> pd.DataFrame:
    frame = archive.frame(tables.DEALS)
    kinds_and_names = zip(frame["description"], frame["designation"], strict=True)
    return frame.assign(class_=[class_of(*each) for each in kinds_and_names])


def of_no_class(states: Collection[str], years: range, archive: Archive) -> pd.DataFrame:
    """Return the orders of some years between states in goods of no class of arms, by kind.

    The columns are description, orders and tiv, the largest volume first.
    """
    deals = classed(archive)
    own = deals[(deals["class_"] == "") & deals["order_year"].isin(years)]
    own = own[own["supplier_iso3"].isin(states) & own["recipient_iso3"].isin(states)]
    sums = own.groupby("description", as_index=False).agg(
        orders=("tiv_ordered", "size"), tiv=("tiv_ordered", "sum")
    )
    return sums.sort_values(["tiv", "description"], ascending=[False, True], ignore_index=True)


def _register(archive: Archive) -> pd.DataFrame:
    deals = classed(archive)
    deals = deals[deals["class_"] != ""]
    kinds = deals.groupby("designation")["description"].transform("nunique")
    labels = deals["designation"].where(
        (kinds == 1) & (deals["class_"] != "ships"),
        deals["designation"] + " (" + deals["description"] + ")",
    )  # a launcher and its missiles, or a ship and an aircraft, often have one name
    told = zip(deals["description"], deals["comments"].fillna(""), strict=True)
    deals = deals.assign(
        part=[is_part(kind) or is_aboard(kind, comments) for kind, comments in told],
        label=labels,
        key=[slug(each) for each in labels],
        condition=[stocks.condition_of(each) for each in deals["status"]],
    )
    units = zip(deals["key"], deals["tiv_unit"].fillna(0), deals["condition"], strict=True)
    by_key: dict[str, list[tuple[float, str]]] = {}
    for key, tiv, condition in units:
        by_key.setdefault(key, []).append((tiv, condition))
    worth = {key: stocks.worth(own) for key, own in by_key.items()}
    return deals.assign(worth=deals["key"].map(worth))


def worths(deals: pd.DataFrame) -> Mapping[str, float]:
    """Return the worth of one new unit in TIV, by key of the system."""
    return dict(zip(deals["key"], deals["worth"], strict=True))


def number(value: object) -> float:
    """Return a cell as a number, 0 where it is missing."""
    return float(value) if isinstance(value, int | float) and not math.isnan(value) else 0.0


def years_of(row: Mapping[Hashable, object]) -> list[int]:
    """Return the years of delivery of a deal."""
    return [int(each) for each in str(row["delivery_years"]).split(";") if each.strip()]
