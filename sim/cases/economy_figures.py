"""Figures of economies from public data: capitals, borders, GDP, growth and military burdens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from sim.cases import economies
from sim.cases.archive import BACK, Archive, Series, latest, pair, pairs_in
from sim.cases.case_plan import CasePlan, known_states
from sim.cases.dollars import MILLION, in_2016
from sim.cases.figures import Answer, Figure, Gap, placeholder
from sim.data import tidy_tables as tables
from sim.data.extents import stray
from sim.data.publishers import CEPII
from sim.documents.sources import ASSUMED

WDI, MILEX, CPI = "worldbank_wdi", "sipri_milex", "bls_cpi"
_REAL = (  # indicators of real GDP, the best first; whether growth in per cent; source
    ("NY.GDP.MKTP.KD", False, WDI),
    ("NY.GDP.MKTP.KN", False, WDI),
    ("NY.GDP.MKTP.KD.ZG", True, WDI),
    ("fariss_rgdp_m2017ppp", False, "fariss2022"),
)
_USUAL_GDP, _USUAL_BURDEN = 10_000.0, 0.02  # placeholders
_USUAL_INCOME = 5_000.0  # USD of 2016 a head, likewise, where the population is known
_OLDEST = 1945  # year up to which old figures stand in for newer ones
_NO_CAPITAL = (
    "no capital with its coordinates (CEPII's geo_cepii has them)",
    "latitude 0 and longitude 0 are written in their place",
)
_LAND = 1  # type of contiguity


def of_economies(plan: CasePlan, archive: Archive) -> Answer:
    """Yield names, capitals, borders, GDP, growth and burdens of the states."""
    names = known_states()
    for state in plan.states:
        at = ("states", state)
        yield (*at, "name"), Figure(names.get(state, state), ())
        yield from _capital(state, plan, archive)
        level = gdp(state, plan.year, archive)
        yield (
            (*at, "gdp"),
            level or _stand_in(gdp, state, plan, archive) or _by_heads(state, plan.year, archive),
        )
        if level is None:
            yield Gap((*at, "gdp"), "no GDP of the years before the start")
        pace = _growth(state, plan.year, archive)
        if pace is None:
            yield Gap((*at, "growth"), "no series of GDP over the five years before the start")
        else:
            yield (*at, "growth"), pace
        share = _burden(state, plan.year, archive)
        yield (
            (*at, "burden"),
            share or _stand_in(_burden, state, plan, archive) or placeholder(_USUAL_BURDEN),
        )
        if share is None:
            yield Gap((*at, "burden"), "no military spending of the years before the start")
    yield from _neighbours(plan, archive)


def _stand_in(
    rule: Callable[[str, int, Archive], Figure | None], state: str, plan: CasePlan, archive: Archive
) -> Figure | None:
    """Return the last figure of a rule as a placeholder with its year; None without any.

    A better table counts before a worse one if its figure is at most BACK years older.
    """
    for year in range(plan.year - BACK - 1, _OLDEST, -BACK - 1):
        last = rule(state, year, archive)  # of the BACK years before and its own
        if last is not None and last.year is not None and last.year <= year:
            old = rule(state, last.year, archive) or last
            why = (
                "there is nothing newer"
                if old.year == last.year
                else "newer ones are of worse tables"
            )
            found = f"taken from {old.year}, as {why}: write your own"
            return replace(placeholder(old.value), year=old.year, found=found)
    return None


def _by_heads(state: str, year: int, archive: Archive) -> Figure:
    """Return a usual GDP for a population as a placeholder."""
    heads = archive.series(tables.INDICATORS, state, indicator="SP.POP.TOTL")
    thousands = archive.series(tables.CAPABILITIES, state, "tpop")
    found = latest(heads or {each: 1e3 * value for each, value in thousands.items()}, year)
    return placeholder(_USUAL_GDP if found is None else found[1] * _USUAL_INCOME / MILLION)


def _capital(state: str, plan: CasePlan, archive: Archive) -> Answer:
    frame = archive.frame(tables.CAPITALS)
    own = frame[(frame["iso3"] == state) & frame["lat"].notna()] if len(frame) else frame
    if not len(own):
        for key in ("latitude", "longitude"):
            yield ("states", state, key), placeholder(0.0)
        yield Gap(("states", state, "latitude"), *_NO_CAPITAL)
        return
    then = own[own["first"] <= plan.year + 1]
    row = (then if len(then) else own).sort_values("first").iloc[-1]
    source = "mayer2011" if str(row["source"]).startswith(CEPII.name) else "miller2022"
    place = float(row["lat"]), float(row["lon"])
    found = stray(state, *place)
    for key, value in zip(("latitude", "longitude"), place, strict=True):
        yield ("states", state, key), Figure(round(value, 2), (source,), found=found)
        found = ""


def gdp(state: str, year: int, archive: Archive) -> Figure | None:
    """Return the GDP of a state about a year, in M USD of 2016; None if the data have none."""
    found = latest(archive.series(tables.INDICATORS, state, indicator="NY.GDP.MKTP.CD"), year)
    if found is not None:
        return Figure(in_2016(found[1], found[0]), (WDI, CPI), found[0])
    for series, base, source in _at_equal_power(state, archive):
        found = latest(series, year)
        if found is not None:
            income = _income(state, found[0], archive, source)
            value = economies.gdp_at_prices(found[1], base, *income)
            return Figure(value, (source, CPI, "balassa1964", ASSUMED), found[0])
    return None


def _at_equal_power(state: str, archive: Archive) -> Iterator[tuple[Series, int, str]]:
    """Yield series of GDP in M international dollars, with base year and source."""
    code = "fariss_rgdp_m2017ppp"
    yield archive.series(tables.INDICATORS, state, indicator=code), 2017, "fariss2022"
    frame = archive.frame(tables.PRODUCTS)
    own = frame[frame["iso3"] == state] if len(frame) else frame
    own = own[own["population"].notna()] if len(own) else own
    for base in sorted(own["base"].dropna().unique()):
        rows = own[own["base"] == base]
        whole = rows["gdp_pc"] * rows["population"] / MILLION
        yield dict(zip(rows["year"].astype(int), whole, strict=True)), int(float(base)), "bolt2025"


def _income(state: str, year: int, archive: Archive, source: str) -> tuple[float, float]:
    """Return GDP per head of a state and of the United States in the same dollars, 0 if unknown."""
    incomes = []
    for each in (state, "USA"):
        if source == "bolt2025":
            series = archive.series(tables.PRODUCTS, each, "gdp_pc")
        else:
            series = archive.series(tables.INDICATORS, each, indicator="fariss_gdppc_2011ppp")
        found = latest(series, year)
        incomes.append(found[1] if found else 0.0)
    own, richest = incomes
    return own, richest if own > 0 else 0.0


def _growth(state: str, year: int, archive: Archive) -> Figure | None:
    for code, in_percent, source in _REAL:
        series = archive.series(tables.INDICATORS, state, indicator=code)
        rule = economies.mean_growth if in_percent else economies.growth
        pace = rule(series, year)
        if pace is not None:
            return _lasting(pace, (source,), series, year)
    for series, _, source in _at_equal_power(state, archive):
        pace = economies.growth(series, year)
        if pace is not None:
            return _lasting(pace, (source,), series, year)
    current = archive.series(tables.INDICATORS, state, indicator="NY.GDP.MKTP.CD")
    pace = economies.growth({each: in_2016(usd, each) for each, usd in current.items()}, year)
    return None if pace is None else _lasting(pace, (WDI, CPI), current, year)


def _lasting(pace: float, source: tuple[str, ...], series: Series, year: int) -> Figure:
    """Return growth within its limits; where they change it, the figure says so."""
    last = max(each for each in series if each <= year)
    value = economies.lasting(pace)
    if value == pace:
        return Figure(value, source, last)
    limits = f"below {economies.SLOWEST:.0%} or above {economies.FASTEST:.0%}"
    instead = f"{value:.0%} a year in place of {pace:.1%} up to {last} ({', '.join(source)})"
    how = f"{instead}: growth {limits} does not last"
    return Figure(value, (*source, ASSUMED), last, found=how)


LATE = 3  # years that a table may end before another that then takes its place


def _burden(state: str, year: int, archive: Archive) -> Figure | None:
    found = latest(_shares(archive.series(tables.SPENDING, state, measure="share_gdp")), year)
    if found is not None:
        return Figure(found[1], (MILEX,), found[0])
    cents = archive.series(tables.INDICATORS, state, indicator="MS.MIL.XPND.GD.ZS")
    found = latest(_shares({each: value / 100 for each, value in cents.items()}), year)
    if found is not None:
        return Figure(found[1], (WDI, MILEX), found[0])
    current = archive.series(tables.INDICATORS, state, indicator="NY.GDP.MKTP.CD")
    for kind, only, column, unit, source in (
        (tables.SPENDING, {"measure": "current_usd_m"}, "value", MILLION, MILEX),
        (tables.CAPABILITIES, {}, "milex", 1e3, "singer1987"),
    ):
        spent = archive.series(kind, state, column, **only)
        both = {each: (spent[each] * unit, current[each]) for each in spent if each in current}
        shares = {each: economies.burden(*values) for each, values in both.items()}
        found = latest(_shares(shares), year)
        if found is not None:
            return Figure(found[1], (source, WDI), found[0])
    return _of_capabilities(state, year, archive)


def _of_capabilities(state: str, year: int, archive: Archive) -> Figure | None:
    """Return the burden of a state without GDP in dollars, by a GDP at equal purchasing power."""
    spent = archive.series(tables.CAPABILITIES, state, "milex")
    for each in sorted((own for own in spent if year - BACK <= own <= year), reverse=True):
        level = gdp(state, each, archive)
        if level is not None and level.year == each:
            share = economies.burden(in_2016(1e3 * spent[each], each), level.value)
            if share <= 1:
                return Figure(share, ("singer1987", *level.source), each)
    return None


def _shares(series: Series) -> Series:
    """Return shares of GDP without those that a burden cannot be, such as Kuwait's of 1991."""
    return {year: share for year, share in series.items() if 0 <= share <= 1}


def _neighbours(plan: CasePlan, archive: Archive) -> Answer:
    if not archive.has(tables.CONTIGUITY):
        for state in plan.states:
            yield Gap(("states", state, "neighbours"), "no table of contiguity")
        return
    rows = pairs_in(archive.in_force(tables.CONTIGUITY, plan.year + 1), plan.states)
    land = rows[rows["type"] == _LAND]
    borders = {*map(pair, land["iso3_1"], land["iso3_2"])}
    for state in plan.states:
        others = [each for each in plan.states if pair(state, each) in borders]
        if others:
            yield ("states", state, "neighbours"), Figure(others, ("stinnett2002",))
