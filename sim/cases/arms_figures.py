"""Figures of arms from a register of transfers: imports, offers and backlog."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from sim.cases import coverage, economies, stocks
from sim.cases.archive import Archive, Pair, flows, pair, sold
from sim.cases.arms_register import number, of_no_class, register, years_of
from sim.cases.arsenal_figures import MIXED, SIPRI, ArmsSystem, satiations, system_of
from sim.cases.case_plan import CasePlan
from sim.cases.closed_markets import YEARS, closed_to
from sim.cases.figures import Answer, Figure, Gap, Path, placeholder
from sim.cases.funds import Payment, fund, shortage
from sim.cases.open_orders import Waits, last_delivery, opened, parts, waits
from sim.cases.tie_figures import all_disputes, membership, obligations
from sim.cases.treaties import DEFENCE
from sim.cases.usual_orders import LARGE, MIDDLE, usual
from sim.data import tidy_tables as tables

REMEMBERED = 5  # years of imports before the start
SOLD = 10  # years of orders from which offers are derived
_SMALL = 0.02  # share of a supplier's orders below which it offers no arms of a class
_USUAL_SHARE = 0.05  # placeholder
_MUCH = 2  # years of imports by which orders exceed the income and are named on the terminal
_NO_REGISTER = "no register of transfers, nor flows of arms"
_ONE_SUPPLIER = (
    "one supplier of the case alone, and the register, not of the world, may lack others"
)


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
    buyers = {*recent["recipient"]}
    for state in plan.states:
        own = {one: value for (other, one), value in tiv.items() if other == state}
        for supplier, value in own.items():
            yield ("imports", state, "from", supplier), Figure(round(value, 2), SIPRI, plan.year)
        if world or state in buyers:
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


def of_offers(plan: CasePlan, archive: Archive) -> Answer:
    """Yield what states offer, of each class the weapon with the most orders, and the backlog."""
    deals = register(archive)
    if not len(deals):
        yield Gap(("offers",), "no register of transfers, one row per deal")
        return
    first = deals.groupby(["supplier_iso3", "key"])["first_delivery"].transform("min")
    known = deals[~deals["part"].astype(bool) & (first <= plan.year)]
    recent = known[known["order_year"].isin(plan.last_years(SOLD))]
    full = satiations(plan, archive)
    closed = closed_markets(plan, archive)
    waited = waits(deals[~deals["part"].astype(bool)], plan.year)
    due: dict[str, list[Payment]] = {}
    for supplier in plan.states:
        own = recent[recent["supplier_iso3"] == supplier]
        known_terms: dict[str, _Terms] = {}
        for key in _offered(own):
            orders = own[own["key"] == key]
            terms = _terms(orders, recent, plan)
            known_terms[key] = terms
            yield from _offer(orders, terms, full, plan)
            name = f"{plan.systems.get(key, key)}_{supplier}".lower()
            if closed[supplier] and name not in plan.limited:
                yield ("offers", name, "not_to"), Figure([*closed[supplier]], MIXED, plan.year)
        for recipient, payments, entries in _backlog(supplier, own, known_terms, waited, plan):
            due.setdefault(recipient, []).extend(payments)
            yield from entries.items()
    yield from _funds(due, plan)


def left_out(plan: CasePlan, archive: Archive) -> tuple[str, ...]:
    """Return what the states of a plan ordered from each other that is neither offered nor held.

    Each kind has its number of orders and their TIV, in the years from which offers are derived.
    """
    kinds = of_no_class(plan.states, plan.last_years(SOLD), archive)
    return tuple(
        f"{kind or 'goods without a description'} "
        f"({'1 order' if orders == 1 else f'{orders} orders'}, {tiv:,.0f} TIV)"
        for kind, orders, tiv in kinds.itertuples(index=False)
    )


def _funds(due: Mapping[str, Sequence[Payment]], plan: CasePlan) -> Answer:
    """Yield the money that states have set aside for orders beyond their income."""
    for state in [each for each in plan.states if each in plan.budgets]:
        budget, payments = plan.budgets[state], due.get(state, ())
        if (beyond := shortage(payments, budget)) > 0:
            found = f"set aside for orders under way; its imports are {budget:,.0f} M USD a year"
            said = found if beyond > _MUCH * budget else ""
            yield (
                ("states", state, "fund"),
                Figure(fund(payments, budget), MIXED, plan.year, found=said),
            )


def closed_markets(plan: CasePlan, archive: Archive) -> Mapping[str, tuple[str, ...]]:
    """Return the states that may not buy, by supplier. Disputes in the file come before others."""
    disputes = {dyad: size for dyad, (size, _) in all_disputes(plan, archive).items()}
    allied: set[Pair] = {
        two for two, duties in obligations(plan, archive).items() if DEFENCE in duties
    }
    for name, bloc in plan.blocs.items():
        members = membership(name, bloc, plan, archive).states
        allied |= {pair(*two) for two in combinations(members, 2)}
    came = sold(archive, plan.last_years(YEARS))
    supplied = {str(name): {*rows["recipient"]} for name, rows in came.groupby("supplier")}
    return {
        each: closed_to(each, plan.states, disputes, allied, supplied.get(each, set()))
        for each in plan.states
    }


def _offered(own: pd.DataFrame) -> Sequence[str]:
    """Return the keys of the systems that a supplier offers."""
    volume = own.assign(tiv=own["tiv_ordered"].fillna(0))
    volume = volume[volume["worth"] > 0]
    whole, offered = volume["tiv"].sum(), []
    for name in sorted(volume["class_"].unique()):
        sums = volume[volume["class_"] == name].groupby("key", sort=True)["tiv"].sum()
        if sums.sum() >= max(_SMALL * whole, 1e-9):
            offered.append(str(sums.idxmax()))
    return offered


@dataclass(frozen=True)
class _Terms:
    """What is usual of a supplier's orders of a weapon."""

    condition: str
    batch: float  # units
    most: float  # units in an order
    lag: float  # years


def _terms(orders: pd.DataFrame, recent: pd.DataFrame, plan: CasePlan) -> _Terms:
    """Return what is usual of the orders of a weapon of a supplier, among all recent ones."""
    weapon = orders.iloc[0]
    worth = float(weapon["worth"])
    condition = str(orders.groupby("condition", sort=True)["tiv_ordered"].sum().idxmax())
    alike = recent[(recent["class_"] == weapon["class_"]) & (recent["condition"] == condition)]
    theirs = alike[alike["supplier_iso3"] == weapon["supplier_iso3"]]
    groups = alike, theirs, theirs[theirs["key"] == weapon["key"]]
    sizes = [tiv[tiv > 0].tolist() for tiv in (each["tiv_ordered"] for each in groups)]
    middle, large = (usual(sizes, each) or worth for each in (MIDDLE, LARGE))
    batch, most = (stocks.batch(each, worth, condition) for each in (middle, large))
    done = (each[each["last_delivery"] <= plan.year] for each in groups)
    spans = (each["last_delivery"] - each["order_year"] for each in done)
    lag = usual([each.clip(stocks.SHORTEST, stocks.LONGEST).tolist() for each in spans])
    return _Terms(condition, batch, most, stocks.lag(lag))


def _offer(
    orders: pd.DataFrame, terms: _Terms, full: Mapping[str, float], plan: CasePlan
) -> Answer:
    """Yield class, system and offer of one weapon of a supplier."""
    weapon = orders.iloc[0]
    supplier, worth = str(weapon["supplier_iso3"]), float(weapon["worth"])
    system = plan.systems.get(weapon["key"], str(weapon["key"]))
    name, class_, kind = (str(weapon[each]) for each in ("label", "class_", "description"))
    yield from system_of(ArmsSystem(system, name, class_, worth, kind), full, plan)
    at = ("offers", f"{system}_{supplier}".lower())
    yield (*at, "supplier"), Figure(supplier, SIPRI, plan.year)
    yield (*at, "system"), Figure(system, SIPRI, plan.year)
    cost = stocks.price(worth, terms.batch, terms.condition)
    yield (*at, "price"), Figure(cost, MIXED, plan.year)
    yield (*at, "batch"), Figure(terms.batch, MIXED, plan.year)
    yield (*at, "most"), Figure(terms.most, MIXED, plan.year)
    yield (*at, "lag"), Figure(terms.lag, MIXED, plan.year)
    if terms.condition != "new":
        yield (*at, "condition"), Figure(terms.condition, SIPRI, plan.year)
        stock = float(orders["ordered"].sum() or terms.batch)
        yield (*at, "stock"), Figure(stock, MIXED, plan.year)


def _backlog(
    supplier: str,
    own: pd.DataFrame,
    terms: Mapping[str, _Terms],
    waited: Waits,
    plan: CasePlan,
) -> Iterator[tuple[str, Sequence[Payment], Mapping[Path, Figure]]]:
    """Yield recipient, payments and entries of orders that were not complete by the start.

    They come in parts. An order that the file has otherwise, under other names or whole, gets no
    entry beside it, and is paid for as the file has it.
    """
    rows = own[own["recipient_iso3"].isin(plan.states) & own["key"].isin([*terms])]
    for _, orders in rows.groupby(["key", "recipient_iso3", "order_year"]):
        key, recipient, year = orders.iloc[0][["key", "recipient_iso3", "order_year"]]
        offer, date = f"{plan.systems.get(key, key)}_{supplier}".lower(), f"{int(year)}-Q2"
        coming: dict[str, tuple[int, float]] = {}  # years from the start, and units
        for at, row in enumerate(orders.to_dict("records"), start=1):
            if (order := opened(row, plan.year)) is None:
                continue
            rest = stocks.left(
                number(row["ordered"]), number(row["delivered"]), years_of(row), plan.year
            )
            name = f"{offer}_{recipient}_{int(year)}{f'_{at}' if at > 1 else ''}".lower()
            for each in parts(round(rest), last_delivery(order, waited, terms[key].lag)):
                entry = f"{name}_in_{plan.year + each[0]}" if name in coming else name
                coming[entry] = each
        there = plan.under_way.get((offer, recipient, date), {})
        other = any(name not in coming for name in there)
        whole = any(name in coming and coming[name][1] != there[name].units for name in there)
        if other or (whole and not plan.anew):
            coming = {name: part for name, part in coming.items() if name in there}
        paid = dict(coming)
        for name, (units, due) in there.items():
            if name not in coming or not plan.anew:
                paid[name] = max((due or plan.year) - plan.year, 1), units
        worth, condition = float(orders["worth"].iloc[0]), terms[key].condition
        payments = [
            Payment(years, stocks.price(worth, units, condition)) for years, units in paid.values()
        ]
        entries: dict[Path, Figure] = {}
        for name, (years, units) in coming.items():
            entries |= {
                ("backlog", name, "offer"): Figure(offer, SIPRI, plan.year),
                ("backlog", name, "recipient"): Figure(recipient, SIPRI, plan.year),
                ("backlog", name, "units"): Figure(float(units), SIPRI, plan.year),
                ("backlog", name, "ordered"): Figure(date, SIPRI, plan.year),
                ("backlog", name, "due"): Figure(f"{plan.year + years}-Q4", MIXED, plan.year),
            }
        yield recipient, payments, entries
