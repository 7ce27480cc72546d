"""Plan of a case: its states, its blocs and its time, from a command line or from a file."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, NamedTuple

from sim.data.lifetimes import ALWAYS, lifetimes, successors
from sim.data.state_codes import own_codes
from sim.documents.nodes import Node
from sim.kernel.dates import year_of
from sim.kernel.errors import SimError
from sim.kernel.words import either, first_few, meant, quoted


@dataclass(frozen=True)
class BlocPlan:
    """A bloc: its leader, and its members if they are named, with the keys of their sources."""

    leader: str
    members: tuple[str, ...] = ()
    source: tuple[str, ...] = ()


class OrderThere(NamedTuple):
    """An order under way that the file has."""

    units: float
    due: int | None  # year of the last delivery


@dataclass(frozen=True)
class CasePlan:
    """What the figures of a case depend on: states, start, and what is already in the file."""

    states: tuple[str, ...]
    start: str  # date of the first period
    blocs: Mapping[str, BlocPlan] = field(default_factory=dict)
    disputes: Mapping[tuple[str, str], float] = field(default_factory=dict)  # in the file
    dispute_sources: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    spending: Mapping[str, float] = field(default_factory=dict)  # military, M USD of 2016 a year
    budgets: Mapping[str, float] = field(default_factory=dict)  # of arms imports, where known
    systems: Mapping[str, str] = field(default_factory=dict)  # slug of key or name -> key
    classes: frozenset[str] = frozenset()
    patterns: Mapping[str, Any] = field(default_factory=dict)  # of the file's own, as written
    end: str = ""  # date of the last period, if it is known
    limited: frozenset[str] = frozenset()  # offers of which the file names the buyers
    under_way: Mapping[tuple[str, str, str], Mapping[str, OrderThere]] = field(
        default_factory=dict
    )  # the file's orders, by name, of an offer, a recipient and a date
    anew: bool = False  # whether values of the file are replaced

    @property
    def years(self) -> tuple[int, int]:
        """Return the first and last year of the case; the first alone if the last is unknown."""
        first = year_of(self.start)
        try:
            return first, year_of(self.end)
        except ValueError:
            return first, first

    @property
    def year(self) -> int:
        """Return the year from which figures are taken: the one before the start."""
        return year_of(self.start) - 1

    def last_years(self, count: int) -> range:
        """Return the last years before the start."""
        return range(self.year - count + 1, self.year + 1)


def plan_of(document: Node) -> CasePlan:
    """Return the plan of a scenario's document."""
    plain = document.plain()
    blocs = {
        name: BlocPlan(
            str(bloc.get("leader", "")),
            tuple(map(str, bloc.get("members") or ())),
            _sources(bloc, "members"),
        )
        for name, bloc in _mappings(plain.get("blocs"))
    }
    disputes = {
        (state, other): usual_value(size)
        for state, rivalry in _mappings(plain.get("rivalries"))
        for other, size in (rivalry.get("with") or {}).items()
    }
    dispute_sources = {
        (state, other): _sources(rivalry, f"with.{other}")
        for state, rivalry in _mappings(plain.get("rivalries"))
        for other in rivalry.get("with") or {}
    }
    spending = {
        name: usual_value(state.get("gdp")) * usual_value(state.get("burden"))
        for name, state in _mappings(plain.get("states"))
    }
    budgets = {
        name: spending[name] * usual_value(state.get("import_share"))
        for name, state in _mappings(plain.get("states"))
        if state.get("import_share") is not None
    }
    systems = {
        slug(each): name
        for name, system in _mappings(plain.get("systems"))
        for each in (name, str(system.get("name", name)))
    }
    time = plain.get("time")
    start, end = (
        (time.get(key) for key in ("start", "end")) if isinstance(time, Mapping) else (None, None)
    )
    states = tuple(sorted(plain.get("states") or ()))
    classes = frozenset(name for name, _ in _mappings(plain.get("classes")))
    patterns = dict(_mappings(plain.get("patterns")))
    limited = frozenset(name for name, offer in _mappings(plain.get("offers")) if "to" in offer)
    under_way: dict[tuple[str, str, str], dict[str, OrderThere]] = {}
    for name, order in _mappings(plain.get("backlog")):
        offer, recipient, date = (str(order.get(key)) for key in ("offer", "recipient", "ordered"))
        each = OrderThere(usual_value(order.get("units")), _year(order.get("due")))
        under_way.setdefault((offer, recipient, date), {})[name] = each
    return CasePlan(
        states,
        str(start),
        blocs,
        disputes,
        dispute_sources,
        spending,
        budgets,
        systems,
        classes,
        patterns,
        str(end),
        limited,
        under_way,
    )


def slug(text: str) -> str:
    """Return a key of small letters, digits and _ for a designation such as `T-72M1`."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    name = re.sub(r"[^a-z0-9]+", "_", bare).strip("_")
    return f"no_{name}" if name.isdecimal() else name


def _mappings(block: Any) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """Return the entries of a block that are mappings."""
    entries = block.items() if isinstance(block, Mapping) else ()
    return [(str(name), each) for name, each in entries if isinstance(each, Mapping)]


def _sources(entry: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return the keys of the sources of a value of an entry."""
    by_key = entry.get("sources")
    own = by_key.get(key) if isinstance(by_key, Mapping) else None
    named = entry.get("source") if own is None else own
    return tuple(map(str, named)) if isinstance(named, list) else (str(named),) if named else ()


def _year(date: Any) -> int | None:
    """Return the year of a date; None if it is not one."""
    try:
        return year_of(str(date))
    except ValueError:
        return None


def usual_value(number: Any) -> float:
    """Return a number of a case, or the usual value of an uncertain one; 0 if there is none."""
    value = number.get("value") if isinstance(number, Mapping) else number
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else 0.0


def known_states() -> dict[str, str]:
    """Return the names of all known states, by code; SimError without pycountry."""
    try:
        import pycountry  # noqa: PLC0415 - as for the codes
    except ModuleNotFoundError:
        message = "names of states need the package pycountry: install blocsim anew, or pycountry"
        raise SimError(message) from None
    names = {
        each.alpha_3: getattr(each, "common_name", None) or each.name
        for each in pycountry.countries
    }
    for plain_name, code in own_codes().name.items():
        if code not in names or "," in names[code]:
            names[code] = _SPELLED.get(code, plain_name.title())
    return dict(sorted((code, _SPELLED.get(code, name)) for code, name in names.items()))


_SPELLED = {  # names as the field writes them
    "COD": "Congo, DR", "RUS": "Russia", "SUN": "Soviet Union", "YUG": "Yugoslavia",
    "CSK": "Czechoslovakia", "DDR": "East Germany", "FRG": "West Germany", "YMD": "South Yemen",
    "YAR": "North Yemen", "RVN": "South Vietnam", "XKX": "Kosovo", "XNC": "Northern Cyprus",
    "FSM": "Micronesia", "PSE": "Palestine", "BRN": "Brunei", "TUR": "Turkey",
}  # fmt: skip


_NEAR, _CODE = 0.7, 3  # similarity of a suggested name; letters of a code


def absent_state(code: str, first: int, last: int) -> str:
    """Return what to say of a state that does not exist in all years of a case; empty if it does.

    A state of a scenario is there from its start to its end.
    """
    own = lifetimes().get(code, ALWAYS)
    if own.covers(first, last):
        return ""
    names = known_states()
    late = own.first is not None and own.first > first
    near = own.of if late else successors(code)
    others = [each for each in near if lifetimes().get(each, ALWAYS).covers(first, last)]
    some = [f"{each} ({names[each]})" for each in others or near]
    of = "one of " if len(some) > 1 else ""
    remedies = [f"take {of}{first_few(some, _NAMED)}"] if others else []
    if late and (own.last or last) >= last:
        remedies.append(f"begin in {own.first}")
    elif not late and own.last is not None and own.last >= first:
        remedies.append(f"end in {own.last}")
    remedies.append("leave it out")
    span = f"has existed since {own.first}"
    if own.last is not None:
        span = f"existed from {own.first} to {own.last}"
    if some and not others:
        span += f" ({'before' if late else 'then'} {' and '.join(some[:_NAMED])})"
    what = f"{code} ({names[code]}) {span}, and the case runs from {first} to {last}"
    return f"{what}: {either(remedies)}"


_NAMED = 4  # predecessors or successors that a message names


def unknown_state(name: str) -> str:
    """Return the message about a name that is not the code of a state, with a suggestion."""
    known = known_states()
    by_name = {each.casefold(): code for code, each in known.items()}
    if (code := by_name.get(name.casefold())) is not None:
        return f"no code of a state {quoted(name)}: write {code}"
    near = get_close_matches(name.casefold(), [*by_name], n=1, cutoff=_NEAR)
    hint = meant(name, known)
    if near and len(name) > _CODE:
        code = by_name[near[0]]
        hint = f" (did you mean {code}, {known[code]}?)"
    return f"no code of a state {quoted(name)}{hint}; codes are those of ISO 3166, three letters"
