"""Figures of ties from public data: disputes, and blocs with their treaties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations, product
from pathlib import Path

import pandas as pd

from sim.cases import quarrels, treaties
from sim.cases.archive import Archive, Pair, pair, pairs_in, sold
from sim.cases.case_plan import BlocPlan, CasePlan
from sim.cases.economy_figures import gdp
from sim.cases.figures import Answer, Figure, Gap, placeholder
from sim.data import tidy_tables as tables
from sim.documents.sources import ASSUMED

Sourced = tuple[float, tuple[str, ...]]  # a value and the keys of its sources


def of_rivalries(plan: CasePlan, archive: Archive) -> Answer:
    """Yield the disputes that states have with each other by the data, whatever the file says."""
    name = f"rivalries {plan.year} {' '.join(plan.states)}"  # several topics ask for them
    yield from archive.once(name, lambda own: (*_rivalries_of(plan, own),))


def _rivalries_of(plan: CasePlan, archive: Archive) -> Answer:
    if not archive.has(tables.RIVALRIES, tables.DISPUTES, tables.CLASHES):
        yield Gap(("rivalries",), "no table of rivalries, disputes or armed conflicts")
        return
    kinds, scheme = listed(plan, archive)
    often = _enduring(plan, archive) - {*kinds}
    forced, wars = used_force(plan, archive)
    fought = fighting(plan, archive, plan.last_years(quarrels.LOOKED_BACK))
    shares = _shares(plan, archive)
    for one, other in permutations(plan.states, 2):
        key = pair(one, other)
        years = forced.get(key, set()) | fought.get(key, set())
        war = key in wars or key in fought
        about = kinds.get(key, frozenset() if key in often else None)
        size = quarrels.quarrel(about, len(years), war=war)
        if size <= 0:
            continue
        source = [scheme] if key in kinds else []
        source += ["diehl2000"] if key in often else []
        source += ["palmer2022"] if key in forced or key in often else []
        source += ["ucdp2025"] if key in fought else []
        value = quarrels.minded(size, shares.get((one, other), 0.5))
        path = ("rivalries", one, "with", other)
        yield path, Figure(round(value, 2), (*source, ASSUMED), plan.year)


def all_disputes(plan: CasePlan, archive: Archive) -> dict[Pair, Sourced]:
    """Return disputes by dyad: those in the file, else those from data."""
    disputes: dict[Pair, Sourced] = {
        dyad: (size, plan.dispute_sources.get(dyad, ())) for dyad, size in plan.disputes.items()
    }
    for part in of_rivalries(plan, archive):
        if not isinstance(part, Gap):
            (_, one, _, other), figure = part
            disputes.setdefault((one, other), (figure.value, figure.source))
    return disputes


_NAMES = {"tss": "thompson2021", "td": "thompson2012"}


def listed(plan: CasePlan, archive: Archive) -> tuple[Mapping[Pair, frozenset[str]], str]:
    """Return the kinds of each rivalry that is on at the start, by pair, and the key of the source.

    One that ended in the year before is not. The last year of a table means that it is still on.
    """
    frame = archive.frame(tables.RIVALRIES)
    schemes = [each for each in _NAMES if each in {*frame["scheme"]}]
    if not schemes:
        return {}, ""
    own = frame[frame["scheme"] == schemes[0]]
    until = min(plan.year + 1, int(own["last"].max()))
    rows = pairs_in(own[(own["first"] <= plan.year) & (own["last"] >= until)], plan.states)
    kinds: dict[Pair, frozenset[str]] = {}
    for row in rows.to_dict("records"):
        about = {each for each in quarrels.KINDS if row[each] == 1}
        key = pair(row["iso3_1"], row["iso3_2"])
        kinds[key] = kinds.get(key, frozenset()) | about
    return kinds, _NAMES[schemes[0]]


def _enduring(plan: CasePlan, archive: Archive) -> set[Pair]:
    """Return the pairs of enduring rivals by their disputes."""
    years = plan.last_years(quarrels.LONG)
    disputes = pairs_in(archive.frame(tables.DISPUTES), plan.states)
    own = disputes[disputes["year"].isin(years)]
    counts = own.groupby(["iso3_1", "iso3_2"])["dispute"].nunique()
    came = sold(archive, plan.last_years(quarrels.ARMED))
    armed = {pair(*each) for each in zip(came["supplier"], came["recipient"], strict=True)}
    return {
        (str(one), str(other))
        for (one, other), number in zip(counts.index.to_list(), counts, strict=True)
        if quarrels.enduring(int(number), armed=(one, other) in armed)
    }


def used_force(plan: CasePlan, archive: Archive) -> tuple[Mapping[Pair, set[int]], set[Pair]]:
    """Return the years with force used in a militarised dispute, by pair, and the pairs at war.

    Lists give the highest hostility of a dispute in each of its years, so that the war of one that
    goes on after the start may be later. It does not count.
    """
    years = plan.last_years(quarrels.LOOKED_BACK)
    forced: dict[Pair, set[int]] = {}
    wars: set[Pair] = set()
    disputes = pairs_in(archive.frame(tables.DISPUTES), plan.states)
    ends = disputes.groupby(["iso3_1", "iso3_2", "dispute"])["year"].transform("max")
    recent = disputes.assign(over=ends <= plan.year)[disputes["year"].isin(years)]
    for row in recent.to_dict("records"):
        key = pair(row["iso3_1"], row["iso3_2"])
        if row["hostility"] >= quarrels.FORCE:
            forced.setdefault(key, set()).add(int(row["year"]))
        if row["hostility"] >= quarrels.WAR and row["over"]:
            wars.add(key)
    return forced, wars


def fighting(
    plan: CasePlan, archive: Archive, years: range, *, least: int = 1
) -> Mapping[Pair, set[int]]:
    """Return those of some years with an armed conflict of two states as parties, by pair.

    `least` is its least intensity: 1 from 25 battle deaths in the year, 2 from 1,000.
    """
    fought: dict[Pair, set[int]] = {}
    clashes = pairs_in(archive.frame(tables.CLASHES), plan.states)
    clashes = clashes[clashes["year"].isin(years) & ~(clashes["intensity"] < least)]
    for row in clashes[clashes["primary"] == 1].to_dict("records"):
        fought.setdefault(pair(row["iso3_1"], row["iso3_2"]), set()).add(int(row["year"]))
    conflicts = archive.frame(tables.CONFLICTS)
    conflicts = conflicts[conflicts["year"].isin(years) & ~(conflicts["intensity"] < least)]
    for row in conflicts.to_dict("records"):
        against = _AGAINST.get(row["type"])
        if against is None:
            continue
        sides = (str(row[each]).split(";") for each in ("side_a", against))
        for one, other in product(*sides):
            if {one, other} <= {*plan.states}:
                fought.setdefault(pair(one, other), set()).add(int(row["year"]))
    return fought


_AGAINST = {  # type of conflict -> column of the states that fight the government
    "interstate": "side_b",
    "internationalized_intrastate": "side_b_2nd",
}


def _shares(plan: CasePlan, archive: Archive) -> Mapping[Pair, float]:
    """Return the first state's share of the joint GDP, by dyad whose two GDPs are known."""
    levels = {each: gdp(each, plan.year, archive) for each in plan.states}
    known = {each: level.value for each, level in levels.items() if level is not None}
    return {(i, j): known[i] / (known[i] + known[j]) for i, j in permutations(known, 2)}


def of_blocs(plan: CasePlan, archive: Archive) -> Answer:
    """Yield members and commitments of the blocs of the plan."""
    duties = obligations(plan, archive)
    for name, bloc in plan.blocs.items():
        at = ("blocs", name)
        if bloc.leader not in plan.states:
            yield Gap((*at, "members"), "its leader is missing, or is no known state of the case")
            continue
        found = membership(name, bloc, plan, archive)
        members = found.states
        if not bloc.members:
            how = f"{', '.join(members)}: {found.how}"
            yield (*at, "members"), Figure([*members], found.source, plan.year, found=how)
            if found.reference:
                yield ("references", OWN_MEMBERS), Figure(found.reference, ())
            if len(members) == 1:
                alone = f"no state of the case is allied to {bloc.leader}"
                yield Gap((*at, "members"), alone if treaty_source(archive) else NO_TREATIES)
        by_member = [
            treaties.strongest(duties.get(pair(bloc.leader, each), ()))
            for each in members
            if each != bloc.leader
        ]
        bound = treaties.commitment(by_member)
        if bound is None:
            searched = bool(treaty_source(archive))
            unbound = "no treaty between the leader and a member"
            yield Gap((*at, "commitment"), unbound if searched else "no table of treaties")
            stand_in = treaties.UNBOUND if searched else treaties.UNKNOWN
            yield (*at, "commitment"), placeholder(stand_in)
        else:
            value, ends = bound
            about = (treaty_source(archive), ASSUMED)
            yield (*at, "commitment"), Figure(value, about, plan.year, ends)
        yield (*at, "norm"), Figure(NORM, (ASSUMED,))


NO_TREATIES = "no table of treaties, nor of members: write the members"
NORM = 0.7  # weight of the norm against arming rivals, as most shipped blocs have it


OWN_MEMBERS = "your_members"  # key of a user's table of memberships among the references


@dataclass(frozen=True)
class FoundMembers:
    """The members of a bloc, and what decided which they are."""

    states: tuple[str, ...]
    source: tuple[str, ...]
    how: str
    reference: str = ""  # what the source is, if no shipped reference is


def membership(name: str, bloc: BlocPlan, plan: CasePlan, archive: Archive) -> FoundMembers:
    """Return the members of a bloc: those in the file, in a table of memberships, or by treaty.

    A user's table decides if it has a bloc of this name, of which the leader is a member. As it has
    no publisher, it becomes a reference of the scenario. Otherwise the allies of the leader are the
    members.
    """
    if bloc.leader not in plan.states and not bloc.members:
        return FoundMembers((), (ASSUMED,), "without a leader")
    if bloc.members:
        return FoundMembers(bloc.members, bloc.source or (ASSUMED,), "as in the file")
    frame = archive.frame(tables.MEMBERSHIPS)
    if len(frame):
        still = frame["last"].isna() | (frame["last"] > plan.year)
        rows = frame[(frame["first"] <= plan.year + 1) & still & frame["iso3"].isin(plan.states)]
        named = rows[[name.casefold() in _names(title) for title in rows["bloc"]]]
        if bloc.leader in {*named["iso3"]}:
            title, file = str(named["bloc"].iloc[0]), str(named["file"].iloc[0])
            how = f"members of {title} in your table {Path(file).name}"
            reference = f"A table of members of blocs of your own, {Path(file).name}"
            return FoundMembers(tuple(sorted({*named["iso3"]})), (OWN_MEMBERS,), how, reference)
    duties = obligations(plan, archive)
    allies = {
        each
        for each in plan.states
        if treaties.DEFENCE in duties.get(pair(bloc.leader, each), frozenset())
    }
    source = treaty_source(archive)
    how = NO_TREATIES
    if source:
        last = _treaty_year(archive, plan)
        bound = "bound" if allies else "alone, as no state of the case is bound"
        how = f"{bound} to {bloc.leader} by a treaty of defence in {last} ({_LISTS[source]})"
        how += f", as no table of yours has members of {name}"
    members = tuple(sorted(allies | {bloc.leader}))
    return FoundMembers(members, (source,) if source and allies else (ASSUMED,), how)


def _names(title: str) -> set[str]:
    """Return the names in the title of a bloc, such as CST/CSTO, in small letters."""
    return {*title.casefold().replace("/", " ").split()}


_LISTS = {"leeds2002": "ATOP", "gibler2009": "COW alliances"}
_TREATIES = {"atop": "leeds2002", "cow": "gibler2009"}  # scheme -> source, the best first


def treaty_source(archive: Archive) -> str:
    """Return the key of the table of treaties that decides; empty without one."""
    schemes = {*archive.frame(tables.ALLIANCES)["scheme"].unique()}
    return next((source for scheme, source in _TREATIES.items() if scheme in schemes), "")


def _treaties(archive: Archive) -> pd.DataFrame:
    """Return the treaties of the table that decides."""
    return archive.once("treaties", _of_source)


def _of_source(archive: Archive) -> pd.DataFrame:
    frame, source = archive.frame(tables.ALLIANCES), treaty_source(archive)
    return frame[frame["scheme"].map(_TREATIES) == source]


def _treaty_year(archive: Archive, plan: CasePlan) -> int:
    """Return the year whose treaties count: that before the start, or the last of the table."""
    return min(plan.year, int(_treaties(archive)["last"].max()))


def obligations(plan: CasePlan, archive: Archive) -> Mapping[Pair, frozenset[str]]:
    """Return the obligations of treaties by pair of states, from ATOP, else from COW."""
    own = _treaties(archive)
    if not len(own):
        return {}
    until = _treaty_year(archive, plan)
    rows = pairs_in(own[(own["first"] <= until) & (own["last"] >= until)], plan.states)
    duties: dict[Pair, frozenset[str]] = {}
    for row in rows.to_dict("records"):
        key = pair(row["iso3_1"], row["iso3_2"])
        kinds = {each for each in treaties.OBLIGATIONS if row[each] == 1}
        duties[key] = duties.get(key, frozenset()) | kinds
    return duties
