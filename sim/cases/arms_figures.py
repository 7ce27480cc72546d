"""Figures of arms from a register of transfers: imports, arsenals, offers and backlog."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations

import pandas as pd

from sim.cases import coverage, economies, stocks
from sim.cases.archive import Archive, Pair, pair
from sim.cases.case_plan import CasePlan, slug
from sim.cases.closed_markets import YEARS, closed_to
from sim.cases.figures import Answer, Figure, Gap, placeholder
from sim.cases.tie_figures import all_disputes, membership, obligations
from sim.cases.treaties import DEFENCE
from sim.cases.weapon_classes import CLASSES, class_of, is_part
from sim.data import tidy_tables as tables
from sim.data.flows import flows_of_all
from sim.documents.sources import ASSUMED

SIPRI = ("sipri_arms",)
MIXED = ("sipri_arms", ASSUMED)
REMEMBERED = 5  # years of imports before the start
SOLD = 10  # years of orders from which offers are derived
_SMALL = 0.02  # share of a supplier's orders below which it offers no arms of a class
_USUAL_SHARE = 0.05  # placeholder
_USUAL_LAG = 2.0  # years, if no order was complete by the start
_NO_REGISTER = "no register of transfers, nor flows of arms"
_ONE_SUPPLIER = (
    "one supplier of the case alone, and the register, not of the world, may lack others"
)


def flows(archive: Archive) -> pd.DataFrame:
    """Return flows by supplier, recipient and year, each from the most exact table that has it."""
    return archive.once("flows", lambda own: flows_of_all(own.frame))


def of_imports(plan: CasePlan, archive: Archive) -> Answer:
    """Yield imports by supplier, shares of spending that buys imports, and blocs' histories."""
    years = plan.last_years(REMEMBERED)
    whole = flows(archive)
    recent = whole[whole["year"].isin(years)]
    within = recent[recent["supplier"].isin(plan.states) & recent["recipient"].isin(plan.states)]
    if not len(recent):
        why = _NO_REGISTER
        if len(whole):
            when = f"from {years[0]} to {years[-1]}"
            why = f"no transfer {when} in the register, which covers {coverage.span(whole)}"
        yield Gap(("imports",), why)
        for state in plan.states:
            yield from _of_totals(state, plan, archive, years, why)
        return
    sums = within.groupby(["recipient", "supplier"])[["tiv"]].sum().reset_index()
    tiv = {
        (str(row["recipient"]), str(row["supplier"])): float(row["tiv"])
        for row in sums.to_dict("records")
        if row["tiv"] > 0
    }
    world = coverage.holds_world(whole, years, "recipient")
    for state in plan.states:
        own = {one: value for (other, one), value in tiv.items() if other == state}
        for supplier, value in own.items():
            yield ("imports", state, "from", supplier), Figure(round(value, 2), SIPRI, plan.year)
        suppliers = {*recent[recent["recipient"] == state]["supplier"]}
        if suppliers or world:
            yield from _share(state, sum(own.values()) / REMEMBERED, plan)
        else:
            why = coverage.lacking(whole, years, "recipient")
            yield from _of_totals(state, plan, archive, years, why)
        if len(own) == 1 and not world:
            yield Gap(("imports", state), _ONE_SUPPLIER)
    yield from _histories(plan, archive, tiv)


def _share(state: str, tiv: float, plan: CasePlan) -> Answer:
    """Yield the share of military spending that buys arms abroad, from imports in TIV a year."""
    path, spending = ("states", state, "import_share"), plan.spending.get(state, 0.0)
    if tiv <= 0:
        yield path, Figure(0, MIXED, plan.year)
    elif spending <= 0:
        yield path, placeholder(_USUAL_SHARE)
        yield Gap(path, "no GDP and burden to hold imports against")
    else:
        value = economies.import_share(tiv, spending)
        yield path, Figure(value, MIXED, plan.year, economies.uncertain_share(value))


def _of_totals(state: str, plan: CasePlan, archive: Archive, years: range, why: str) -> Answer:
    """Yield the share of spending that buys a state's imports, from its totals by year.

    Without totals it is a placeholder, unless a table of the world leaves the state out; `why` says
    what the register lacks.
    """
    frame = archive.frame(tables.TOTALS)
    imports = frame[frame["direction"] == "imports"]
    own = imports[imports["iso3"] == state]
    table = imports[imports["file"].isin(own["file"])] if len(own) else imports
    covered = len(years) - len(coverage.missing(table, years)) if len(table) else 0
    held = len(own) and covered > 0
    if held or coverage.holds_world(table, years, "iso3"):
        whole = float(own[own["year"].isin(years)]["tiv"].sum())
        yield from _share(state, whole / max(covered, 1), plan)
        return
    path = ("states", state, "import_share")
    yield path, placeholder(_USUAL_SHARE)
    yield Gap(path, f"{why}; nor in a table of import values" if len(imports) else why)


def _histories(plan: CasePlan, archive: Archive, tiv: Mapping[tuple[str, str], float]) -> Answer:
    """Yield what members of a bloc delivered to fellow members, and to rivals of these, in TIV."""
    for name, bloc in plan.blocs.items():
        members = membership(name, bloc, plan, archive).states
        for own in members:
            fellows = {*members} - {own}
            to_members = sum(tiv.get((each, own), 0.0) for each in fellows)
            to_rivals = sum(
                value * max(plan.disputes.get((each, other), 0.0) for each in fellows)
                for (other, supplier), value in tiv.items()
                if supplier == own and other not in members and fellows
            )
            if to_members > 0 or to_rivals > 0:
                at = ("blocs", name, "history", own)
                yield (*at, "members"), Figure(round(to_members, 2), SIPRI, plan.year)
                yield (*at, "rivals"), Figure(round(to_rivals, 2), MIXED, plan.year)


def register(archive: Archive) -> pd.DataFrame:
    """Return the deals in weapons, with class, label, key and condition."""
    return archive.once("register", _register)


def _register(archive: Archive) -> pd.DataFrame:
    frame = archive.frame(tables.DEALS)
    deals = frame.assign(class_=[class_of(each) for each in frame["description"]])
    deals = deals[deals["class_"] != ""]
    kinds = deals.groupby("designation")["description"].transform("nunique")
    labels = deals["designation"].where(
        (kinds == 1) & (deals["class_"] != "ships"),
        deals["designation"] + " (" + deals["description"] + ")",
    )  # a launcher and its missiles, or a ship and an aircraft, often have one name
    return deals.assign(
        label=labels,
        key=[slug(each) for each in labels],
        condition=[stocks.condition_of(each) for each in deals["status"]],
    )


def _worths(deals: pd.DataFrame) -> Mapping[str, float]:
    """Return the worth of one new unit in TIV, by key of the system."""
    return {
        str(key): stocks.worth(zip(rows["tiv_unit"].fillna(0), rows["condition"], strict=True))
        for key, rows in deals.groupby("key", sort=True)
    }


def _number(value: object) -> float:
    """Return a cell as a number, 0 where it is missing."""
    return float(value) if isinstance(value, int | float) and not math.isnan(value) else 0.0


def _years(row: Mapping[Hashable, object]) -> list[int]:
    return [int(each) for each in str(row["delivery_years"]).split(";") if each.strip()]


def of_offers(plan: CasePlan, archive: Archive) -> Answer:
    """Yield what states offer, of each class the weapon with the most orders, and the backlog."""
    deals = register(archive)
    if not len(deals):
        yield Gap(("offers",), "no register of transfers, one row per deal")
        return
    worths = _worths(deals)
    first = deals.groupby(["supplier_iso3", "key"])["first_delivery"].transform("min")
    known = deals[~deals["description"].map(is_part).astype(bool) & (first <= plan.year)]
    recent = known[known["order_year"].isin(plan.last_years(SOLD))]
    closed = closed_markets(plan, archive)
    for supplier in plan.states:
        own = recent[recent["supplier_iso3"] == supplier]
        offered = _offered(own, worths)
        for key in offered:
            yield from _offer(supplier, key, own[own["key"] == key], worths[key], plan)
            name = f"{plan.systems.get(key, key)}_{supplier}".lower()
            if closed[supplier] and name not in plan.limited:
                yield ("offers", name, "not_to"), Figure([*closed[supplier]], MIXED, plan.year)
        yield from _backlog(supplier, own[own["key"].isin(offered)], plan)


def closed_markets(plan: CasePlan, archive: Archive) -> Mapping[str, tuple[str, ...]]:
    """Return the states that may not buy, by supplier. Disputes in the file come before others."""
    disputes = {dyad: size for dyad, (size, _) in all_disputes(plan, archive).items()}
    allied: set[Pair] = {
        two for two, duties in obligations(plan, archive).items() if DEFENCE in duties
    }
    for name, bloc in plan.blocs.items():
        members = membership(name, bloc, plan, archive).states
        allied |= {pair(*two) for two in combinations(members, 2)}
    years = plan.last_years(YEARS)
    sold = flows(archive)
    sold = sold[sold["year"].isin(years) & (sold["tiv"] > 0)]
    supplied = {str(name): {*rows["recipient"]} for name, rows in sold.groupby("supplier")}
    return {
        each: closed_to(each, plan.states, disputes, allied, supplied.get(each, set()))
        for each in plan.states
    }


def _offered(own: pd.DataFrame, worths: Mapping[str, float]) -> Sequence[str]:
    """Return the keys of the systems that a supplier offers."""
    volume = own.assign(tiv=own["tiv_ordered"].fillna(0))
    volume = volume[volume["key"].map(worths).fillna(0.0) > 0]
    whole, offered = volume["tiv"].sum(), []
    for name in sorted(volume["class_"].unique()):
        sums = volume[volume["class_"] == name].groupby("key", sort=True)["tiv"].sum()
        if sums.sum() >= max(_SMALL * whole, 1e-9):
            offered.append(str(sums.idxmax()))
    return offered


def _offer(supplier: str, key: str, own: pd.DataFrame, worth: float, plan: CasePlan) -> Answer:
    """Yield class, system and offer of one weapon of a supplier."""
    name = str(own["class_"].iloc[0])
    system = plan.systems.get(key, key)
    yield from system_of(system, str(own["label"].iloc[0]), name, worth, plan)
    at = ("offers", f"{system}_{supplier}".lower())
    by_condition = own.groupby("condition", sort=True)["tiv_ordered"].sum()
    condition = str(by_condition.idxmax())
    numbers = own["ordered"].dropna()
    batch = float(max(1, round(numbers.median()))) if len(numbers) else 1.0
    yield (*at, "supplier"), Figure(supplier, SIPRI, plan.year)
    yield (*at, "system"), Figure(system, SIPRI, plan.year)
    cost = stocks.price(worth, batch, condition)
    yield (*at, "price"), Figure(cost, MIXED, plan.year)
    yield (*at, "batch"), Figure(batch, SIPRI, plan.year)
    lag = _lag(own, plan)
    source = (ASSUMED,) if lag is None else SIPRI
    yield (*at, "lag"), Figure(_USUAL_LAG if lag is None else lag, source, plan.year)
    if condition != "new":
        yield (*at, "condition"), Figure(condition, SIPRI, plan.year)
        yield (*at, "stock"), Figure(float(numbers.sum() or batch), MIXED, plan.year)


def _lag(own: pd.DataFrame, plan: CasePlan) -> float | None:
    """Return the years from order to last delivery, of orders complete by the start; or None."""
    known = own[own["last_delivery"] <= plan.year]
    spans = (known["last_delivery"] - known["order_year"]).dropna()
    return stocks.lag([*spans]) if len(spans) else None


def system_of(key: str, name: str, class_: str, worth: float, plan: CasePlan) -> Answer:
    """Yield the entries of a class and a system, unless the scenario has them."""
    about = CLASSES[class_]
    if class_ not in plan.classes:
        at = ("classes", class_)
        yield (*at, "satiation"), Figure(about.satiation)
        yield (*at, "life"), Figure(about.life)
        yield (*at, "role"), Figure(about.role)
    if key not in plan.systems.values():
        at = ("systems", key)
        yield (*at, "name"), Figure(name, ())
        yield (*at, "class"), Figure(class_, ())
        yield (
            (*at, "worth"),
            Figure(worth)
            if worth == 1.0 and key.startswith("other_")
            else (Figure(worth, SIPRI, plan.year)),
        )
        for own, value in about.usual.items():
            yield (*at, own), Figure(value)


def _backlog(supplier: str, own: pd.DataFrame, plan: CasePlan) -> Answer:
    """Yield the orders for what a supplier offers that were not complete by the start."""
    rows = own[own["recipient_iso3"].isin(plan.states)]
    rows = rows.sort_values(["key", "recipient_iso3", "order_year"], kind="stable")
    for at, row in enumerate(rows.to_dict("records"), start=1):
        lag = _lag(own[own["key"] == row["key"]], plan) or _USUAL_LAG
        yield from _order(supplier, row, at, lag, plan)


def _order(
    supplier: str, row: Mapping[Hashable, object], at: int, lag: float, plan: CasePlan
) -> Answer:
    rest = stocks.left(_number(row["ordered"]), _number(row["delivered"]), _years(row), plan.year)
    if rest < 1:
        return
    year = int(_number(row["order_year"]))
    due = max(year + round(lag), plan.year + 1)
    system = plan.systems.get(str(row["key"]), str(row["key"]))
    recipient = str(row["recipient_iso3"])
    path = ("backlog", f"{system}_{supplier}_{recipient}_{year}_{at}".lower())
    yield (*path, "offer"), Figure(f"{system}_{supplier}".lower(), SIPRI, plan.year)
    yield (*path, "recipient"), Figure(recipient, SIPRI, plan.year)
    yield (*path, "units"), Figure(float(round(rest)), SIPRI, plan.year)
    yield (*path, "ordered"), Figure(f"{year}-Q2", SIPRI, plan.year)
    yield (*path, "due"), Figure(f"{due}-Q4", MIXED, plan.year)


def of_arsenals(plan: CasePlan, archive: Archive) -> Answer:
    """Yield arsenals from the deliveries within the life of a class.

    Systems of the scenario are counted in units, the others of a class as `other_CLASS`, in TIV.
    """
    deals = register(archive)
    if not len(deals):
        yield Gap(("arsenals",), "no register of transfers, one row per deal")
        return
    worths = _worths(deals)
    came = deals[deals["recipient_iso3"].isin(plan.states) & (deals["delivery_years"] != "")]
    described: set[str] = set()
    for state in plan.states:
        held: dict[tuple[str, str], list[tuple[float, str, int]]] = {}
        for row in came[came["recipient_iso3"] == state].to_dict("records"):
            key, class_ = str(row["key"]), str(row["class_"])
            system, scale = plan.systems.get(key), 1.0
            if system is None:
                system, scale = f"other_{class_}", worths.get(key, 0.0)
            years = _years(row)
            number = _number(row["delivered"]) * scale / len(years)
            for year in years:
                part = (number, str(row["condition"]), plan.year - year)
                held.setdefault((class_, system), []).append(part)
        for (class_, system), parts in sorted(held.items()):
            units = stocks.arsenal(parts, CLASSES[class_].life)
            if units < _FEWEST:
                continue
            if system not in plan.systems.values() and system not in described:
                described.add(system)
                label = f"Other {CLASSES[class_].name}, 1 TIV each"
                yield from system_of(system, label, class_, 1.0, plan)
            path = ("arsenals", state, "units", system)
            yield path, Figure(round(units, 1), SIPRI, plan.year)


_FEWEST = 0.05  # units; less is left out
