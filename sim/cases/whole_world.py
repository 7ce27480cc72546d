"""A whole world: which states public data reach, as far as a scenario needs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sim.cases.archive import Archive
from sim.cases.arms_figures import of_imports
from sim.cases.case_plan import CasePlan, absent_state, known_states
from sim.cases.economy_figures import of_economies
from sim.cases.figures import Gap
from sim.data import tidy_tables as tables
from sim.data.lifetimes import lifetimes, one_number
from sim.kernel.dates import year_of

_READ = (tables.CAPITALS, tables.INDICATORS, tables.PRODUCTS, tables.SPENDING, tables.CAPABILITIES)
_NEEDED = ("latitude", "gdp", "burden", "import_share")


@dataclass(frozen=True)
class Reach:
    """The states of a world, and those that it lacks, with the figure that the data lack."""

    states: tuple[str, ...]
    left_out: tuple[Gap, ...]


def reach(start: str, end: str, archive: Archive) -> Reach:
    """Return the states that existed from start to end and of which no needed figure is missing.

    Needed are the capital, GDP, military spending, and a share of arms imports.
    """
    for kind in _READ:
        archive.frame(kind)
    first, last = map(year_of, (start, end))
    known = known_states()
    there = tuple(
        sorted(c for c in archive.codes if c in known and not absent_state(c, first, last))
    )
    before = {heir for ended, heir in one_number().items() if ended in there}  # RUS before 1992
    there = tuple(c for c in there if c not in before or lifetimes()[c].first is not None)
    archive = archive.of_case(there)
    plan = CasePlan(there, start)
    left_out: dict[str, Gap] = {}
    sizes: dict[tuple[str, ...], float] = {}
    for part in of_economies(plan, archive):
        if isinstance(part, Gap):
            _note(part, left_out)
        elif part[0][-1] in ("gdp", "burden"):
            sizes[part[0]] = float(part[1].value)
    states = tuple(each for each in there if each not in left_out)
    for part in of_imports(replace(plan, states=states, spending=_spending(sizes)), archive):
        if isinstance(part, Gap):
            _note(part, left_out)
    return Reach(
        tuple(each for each in states if each not in left_out),
        tuple(left_out[each] for each in sorted(left_out)),
    )


def _note(gap: Gap, left_out: dict[str, Gap]) -> None:
    """Take down a gap that a scenario cannot do without, once for each state."""
    section, state, key = (*gap.path, "", "", "")[:3]
    if section == "states" and key in _NEEDED:
        left_out.setdefault(state, Gap((state,), gap.why))


def _spending(sizes: Mapping[tuple[str, ...], float]) -> dict[str, float]:
    """Return military spending by state from GDP and burden."""
    states = {path[1] for path in sizes}
    return {each: sizes["states", each, "gdp"] * sizes["states", each, "burden"] for each in states}
