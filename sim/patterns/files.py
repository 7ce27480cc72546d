"""A history from files: transfers, events, series, spending, finance (docs/patterns.md)."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sim.data.collection import tables_of
from sim.data.flows import KINDS as TRANSFERS
from sim.data.flows import flows_of_all
from sim.data.table_reader import find_table, read_table
from sim.data.tidy_tables import DEALS, SPENDING, Kind
from sim.documents.csv_table import CsvRow, CsvTable, read_csv
from sim.documents.leaves import Refusal
from sim.documents.reader import shown
from sim.documents.window import Span, Window
from sim.kernel.dates import YEAR
from sim.kernel.errors import InputError, Problem, need_lists
from sim.kernel.words import meant
from sim.patterns.deal_files import (
    Deal,
    GoodsNames,
    credits_of,
    deals_of,
    goods_of,
    loans_of,
    read_deals,
)
from sim.patterns.history import Course, Grid, History, RecordedEvent
from sim.patterns.measures import LADDER, RECORDED, SIMULATED
from sim.patterns.public_records import (
    Points,
    add_spending,
    deals_of_register,
    flows_by_pair,
)

_CODE = re.compile(r"[A-Z]{3}\Z")
_CALLER = re.compile(r"([A-Z]{3})\b")
ANSWERS = {"accepted": 1.0, "refused": 0.0, "refused(mission)": 0.25, "none": 0.0}
KINDS = (*SIMULATED, *RECORDED)


def read_events(path: str | Path, blocs: Mapping[str, tuple[str, ...]]) -> list[RecordedEvent]:
    """Return the events of a table, and the appeals in its columns of appeals.

    InputError lists what is wrong with the table.
    """
    table = read_csv(path, "date", "actors", "type")
    appeals = {
        column.rpartition("_")[0]: (column, f"{column.removesuffix('appeal')}response")
        for column in table.columns
        if column == "appeal" or column.endswith("_appeal")
    }
    events = []
    for row in table.rows():
        date = row.date("date", needed=True)
        kind = row.choice("type", {each: each for each in KINDS}, "")
        if date is None or not kind:
            continue
        states = tuple(each.strip() for each in row.text("actors").split(";") if each.strip())
        bloc = row.text("bloc") or _bloc(row, blocs)
        if kind != "appeal":
            stage = row.choice("stage", {each: each for each in LADDER}, "")
            step = LADDER.index(stage) + 1 if stage else 0
            events.append(
                RecordedEvent(kind=kind, month=date.middle, states=states, bloc=bloc, stage=step)
            )
        for prefix, columns in appeals.items():
            named = row.text("bloc") or _by_prefix(prefix, blocs)
            events += _appeal(row, columns, date.middle, states, named)
    table.close()
    return events


def _bloc(row: CsvRow, blocs: Mapping[str, tuple[str, ...]]) -> str:
    """Return the bloc that an event is about: a partner in `effect_dyads`, such as UZB-CSTO."""
    dyads = row.text("effect_dyads").replace(";", "-").split("-")
    return next((each.strip() for each in dyads if each.strip() in blocs), "")


def _by_prefix(prefix: str, blocs: Mapping[str, tuple[str, ...]]) -> str:
    """Return the bloc that a column of appeals names by its prefix, such as csto_appeal."""
    return next((each for each in blocs if each.lower() == prefix.lower()), prefix)


def _appeal(
    row: CsvRow, columns: tuple[str, str], month: int, states: tuple[str, ...], bloc: str
) -> list[RecordedEvent]:
    caller = _CALLER.match(row.text(columns[0]))
    if caller is None:
        return []
    who = caller.group(1)
    others = [each for each in states if _CODE.match(each) and each != who]
    threat = row.choice("threat", {"internal": "internal", "attack": "attack"}, "")
    return [
        RecordedEvent(
            kind="appeal",
            month=month,
            states=(who,),
            bloc=bloc,
            internal=threat == "internal" if threat else not others,
            answer=_answer(row, columns[1]),
        )
    ]


def _answer(row: CsvRow, column: str) -> float:
    """Return the answer to an appeal, 0 to 1, from a word or a number; nan if there is none."""
    text = row.text(column)
    if not text:
        return math.nan
    return ANSWERS[text] if text in ANSWERS else row.number(column, low=0.0)


SHOWN = 8  # names that a message shows
Places = Sequence[str | Path]
_SPENDING = {  # column -> metric, and the factor to the unit of the metric
    "milex_usd_m_current": ("spending", 1.0),
    "milex_pct_gdp": ("burden", 0.01),
}


def history_of_files(
    transfers: Places,
    *,
    events: Places = (),
    series: Places = (),
    spending: Places = (),
    finance: Places = (),
    goods: str | Path | None = None,
    blocs: Mapping[str, Sequence[str]] | None = None,
    covers: str | None = None,
) -> History:
    """Return a history read from files; InputError lists what is wrong with them, by line.

    A table of transfers is a publisher's, or one of yearly flows (with a column `year`) or of deals
    (with `order_year`). A table of spending may be a publisher's too. Transfers and spending may
    name a folder, of which publishers' tables are read; registers in several files are put together
    (docs/data.md). `goods` is a table that gives
    systems and classes their names in scenarios. `blocs` lists the members of each bloc. `covers`
    is the window that flows and deals cover, by default from their first to their last date.
    """
    need_lists(
        transfers=transfers, events=events, series=series, spending=spending, finance=finance
    )
    need_lists(**(blocs or {}))
    known = {name: tuple(sorted(members)) for name, members in (blocs or {}).items()}
    deals: list[Deal] = []
    names = goods_of(goods) if goods is not None else GoodsNames()
    known_tables, own_tables = _divided(transfers, *TRANSFERS)
    public = tables_of(known_tables, *TRANSFERS)
    deals += [each for path in own_tables for each in read_deals(_own_deals(path), names)]
    deals = [*deals_of_register(public.frame(DEALS), names), *deals]
    for path in finance:
        deals = credits_of(path, deals)
    recorded_events = [each for path in events for each in read_events(path, known)]
    recorded_events += [each for path in finance for each in loans_of(path)]
    flows = flows_by_pair(flows_of_all(public.frame)) or _from_deals(deals)
    named = _parties(flows, deals)
    if goods is not None:
        _check_goods(goods, names, deals)
    _check_blocs(known, named | {name for each in recorded_events for name in each.states})
    window = _span(covers)
    return _history(flows, deals, recorded_events, _courses(series, spending), known, named, window)


def history_of_tables(
    flows: pd.DataFrame,
    register: pd.DataFrame,
    spending: pd.DataFrame,
    *,
    goods: GoodsNames,
    blocs: Mapping[str, Sequence[str]],
) -> History:
    """Return the history that public tables tell, which are read already."""
    by_pair, deals = flows_by_pair(flows), deals_of_register(register, goods)
    points: Points = {}
    if len(spending):
        add_spending(spending, points)
    known = {name: tuple(sorted(members)) for name, members in blocs.items()}
    courses = {key: _course(each) for key, each in points.items()}
    return _history(by_pair, deals, [], courses, known, _parties(by_pair, deals), None)


def _parties(pairs: Iterable[tuple[str, str]], deals: Sequence[Deal]) -> set[str]:
    """Return the suppliers and recipients of flows and deals."""
    named = {name for pair in pairs for name in pair}
    return named | {name for deal in deals for name in (deal.supplier, deal.recipient)}


def _check_goods(path: str | Path, names: GoodsNames, deals: Sequence[Deal]) -> None:
    systems = {system for system, _, _ in names.known.values()}
    classes = set(names.classes.values())
    goods = [deal for deal in deals if deal.system or deal.category]
    if goods and not any(deal.system in systems or deal.category in classes for deal in goods):
        some = ", ".join(sorted({deal.system or deal.category for deal in goods})[:SHOWN])
        message = f"names no system and no category of the deals, such as {some}"
        raise InputError([Problem(shown(Path(path)), 0, 0, "", message)])


def _check_blocs(blocs: Mapping[str, tuple[str, ...]], named: Collection[str]) -> None:
    problems = []
    for name, members in blocs.items():
        if members and named and not set(members) & set(named):
            hints = ", ".join(f"{member}{meant(member, named)}" for member in members[:SHOWN])
            some = ", ".join(sorted(named)[:SHOWN])
            message = f"no member is in the files: {hints}; they name {some}"
            problems.append(Problem("blocs", 0, 0, name, message))
    if problems:
        raise InputError(problems)


def _span(covers: str | None) -> Window | None:
    try:
        return None if covers is None else Span().check(covers)
    except Refusal as error:
        raise ValueError(error.message()) from None


def _divided(places: Places, *kinds: Kind) -> tuple[list[Path], list[Path]]:
    """Return folders and files with a publisher's table, and all other files."""
    paths = [*map(Path, places)]
    public = [each for each in paths if each.is_dir() or find_table(each, *kinds) is not None]
    return public, [each for each in paths if each not in public]


def _own_deals(path: str | Path) -> CsvTable:
    """Return a table of deals (docs/patterns.md); InputError if the file is something else."""
    table = read_csv(path, "supplier", "recipient")
    if "order_year" not in table.columns:
        read_table(path, *TRANSFERS)  # raises an error that says what the file is
    return table


def _from_deals(deals: Iterable[Deal]) -> dict[tuple[str, str], dict[int, float]]:
    """Return yearly flows in TIV from deals, each spread evenly over its years of delivery."""
    flows: dict[tuple[str, str], dict[int, float]] = {}
    for deal in deals:
        years = range(deal.first // YEAR, deal.stop // YEAR) if deal.first >= 0 else ()
        own = flows.setdefault((deal.supplier, deal.recipient), {})
        for year in years:
            own[year] = own.get(year, 0.0) + np.nan_to_num(deal.amounts["tiv"]) / len(years)
    return flows


def _courses(series: Places, spending: Places) -> dict[tuple[str, str], Course]:
    """Return series by metric and subject from long tables and tables of military spending."""
    points_of: Points = {}
    for path in series:
        table = read_csv(path, "date", "metric", "subject", "value")
        for row in table.rows():
            date, value = row.date("date", needed=True), row.number("value", needed=True)
            if date is not None:
                key = row.needed("metric"), row.needed("subject")
                points_of.setdefault(key, []).append((date, value))
        table.close()
    known_tables, own_tables = _divided(spending, SPENDING)
    if known_tables:
        add_spending(tables_of(known_tables, SPENDING).frame(SPENDING), points_of)
    for path in own_tables:
        table = read_csv(path, "state", "year", *_SPENDING)
        for row in table.rows():
            date = row.date("year", needed=True)
            for column, (metric, unit) in _SPENDING.items():
                value = row.number(column, low=0.0) * unit
                if date is not None and value == value:  # noqa: PLR0124 - not of nan
                    points_of.setdefault((metric, row.needed("state")), []).append((date, value))
        table.close()
    return {key: _course(points) for key, points in points_of.items()}


def _course(points: list[tuple[Window, float]]) -> Course:
    points = sorted(points)
    return Course(
        months=np.array([date.first for date, _ in points]),
        middle=np.array([date.middle for date, _ in points]),
        values=np.array([[value] for _, value in points]),
    )


def _history(
    flows: dict[tuple[str, str], dict[int, float]],
    deals: list[Deal],
    recorded_events: list[RecordedEvent],
    courses: dict[tuple[str, str], Course],
    blocs: Mapping[str, tuple[str, ...]],
    named: Collection[str],
    window: Window | None,
) -> History:
    states = tuple(sorted({*named, *(each for members in blocs.values() for each in members)}))
    years = [year for own in flows.values() for year in own] or [0]
    first, last = min(years), max(years)
    grid = Grid(first=first * YEAR, size=YEAR, count=last - first + 1)
    dated = [each.month for each in recorded_events]
    spans = {"flow": (grid.first, grid.stop)}
    if deals:
        spans["orders"] = _of_deals(deals)
    if dated:
        spans["events"] = (min(dated) // YEAR * YEAR, (max(dated) // YEAR + 1) * YEAR)
    if window is not None:
        spans |= {form: window[:2] for form in ("flow", "orders") if form in spans}
    table = {
        pair: np.array([[own.get(year, 0.0)] for year in range(first, last + 1)])
        for pair, own in flows.items()
    }
    entries, systems, classes = deals_of(deals, states)
    return History(
        spans=spans,
        step=YEAR,
        runs=1,
        names=states,
        blocs=blocs,
        grid=grid,
        flows=table,
        deals=entries,
        systems=systems,
        classes=classes,
        series=courses,
        recorded_events=tuple(sorted(recorded_events, key=lambda each: each.month)),
    )


def _of_deals(deals: list[Deal]) -> tuple[int, int]:
    """Return the span of years with an order or a delivery: first month, month after the last."""
    starts = [deal.dated // YEAR * YEAR for deal in deals]
    stops = [max(deal.dated, deal.stop - 1) // YEAR * YEAR + YEAR for deal in deals]
    return min(starts), max(stops)
