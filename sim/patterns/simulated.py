"""A history from the record of a block of simulated runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from sim.kernel.arrays import NONE
from sim.kernel.dates import MONTHS
from sim.kernel.inputs import ASKED, TRANSFERRED, UNDER_WAY
from sim.kernel.layout.layout import Layout
from sim.kernel.order_log import LogEntries, entries_of
from sim.kernel.simulate import Record
from sim.kernel.world import BLOCKED, CANCELLED, REFUSED
from sim.metrics.catalogue import METRICS
from sim.patterns.history import Course, Deals, Grid, History
from sim.patterns.measures import CONDITIONS, FORMS, REACHED


def history_of(record: Record, runs: int | None = None) -> History:
    """Return the history of the first `runs` of a block, or of all."""
    layout = record.end.layout
    size = MONTHS[layout.calendar.period]
    first = layout.calendar.first * size
    width = record.end.log.offer.shape[-1] if runs is None else runs
    grid = Grid(first=first, size=size, count=len(layout.calendar))
    return History(
        spans=dict.fromkeys(FORMS, (first, grid.stop)),
        step=size,
        runs=width,
        names=layout.states,
        blocs=_blocs(record, layout),
        grid=grid,
        flows=_flows(record, layout, width),
        deals=_deals(record, width, grid),
        systems=layout.systems,
        classes=layout.classes,
        series=_Courses(record, layout, grid, width),
        simulated=True,
    )


def _blocs(record: Record, layout: Layout) -> dict[str, tuple[str, ...]]:
    member = record.start.member[..., 0] > 0
    return {
        bloc: tuple(state for row, state in enumerate(layout.states) if member[row, at])
        for at, bloc in enumerate(layout.blocs)
    }


class _Courses(Mapping[tuple[str, str], Course]):
    """The series of a record by metric and subject, each sliced when it is read."""

    def __init__(self, record: Record, layout: Layout, grid: Grid, runs: int) -> None:
        self._series, self._runs = record.series, runs
        self._months = grid.first + grid.size * np.arange(grid.count)
        self._middle = self._months + grid.size // 2
        self._rows = {
            (metric, subject): row
            for metric in record.series
            for row, subject in enumerate(_subjects(layout, METRICS[metric].kind))
        }

    def __getitem__(self, key: tuple[str, str]) -> Course:
        values = self._series[key[0]][:, self._rows[key], : self._runs]
        return Course(months=self._months, middle=self._middle, values=values)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def _subjects(layout: Layout, kind: str) -> list[str]:
    if kind != "query":
        return layout.subjects[kind]
    return [
        f"{layout.states[layout.supplier[at]]}>{recipient} {layout.systems[layout.system[at]]}"
        for at, recipient in ((layout.offers.index(o), i) for o, i in layout.queries)
    ]


def _flows(record: Record, layout: Layout, runs: int) -> dict[tuple[str, str], np.ndarray]:
    """Return the deliveries by supplier and recipient in TIV: (periods, runs)."""
    supplied = record.series["supplied"]
    return {
        (layout.states[s], layout.states[i]): supplied[:, row, :runs]
        for row, (i, s) in enumerate(layout.supply_index.tolist())
    }


def _deals(record: Record, runs: int, grid: Grid) -> Deals:
    """Return every request and order, in the order of runs, then of dates."""
    end = record.end
    layout, log = end.layout, end.log
    entries = entries_of(log, layout, runs)
    column, run = entries.column, entries.run
    offer, stage, forced = column("offer"), column("stage"), column("forced")
    ordered, came = entries.ordered, entries.came
    requested = grid.first + grid.size * entries.requested
    first, last = column("first") * grid.size, (column("last") + 1) * grid.size
    complete, due = ordered & entries.complete, entries.due * grid.size
    conditions = [CONDITIONS.index(each) for each in layout.conditions]
    by_slot = (layout.event_slot(entries.row) > 0) | (forced == UNDER_WAY)
    late = np.where(complete, last - grid.size > due, due < grid.stop)
    stages = {
        "requested": forced == ASKED,
        "refused": (stage == REFUSED) & (forced == ASKED),
        "objected": column("objected") > 0,
        "stalled": column("stalled") > 0,
        "blocked": stage == BLOCKED,
        "ordered": ordered,
        "late": ordered & late & (column("fate") != CANCELLED),
        "delivered": ordered & came,
        "completed": complete,
        "withdrawn": column("withdrawn") > 0,
    }
    return Deals(
        run=run,
        supplier=layout.supplier[offer],
        recipient=entries.holder,
        system=layout.system[offer],
        category=layout.class_of[layout.system[offer]],
        condition=np.asarray(conditions, dtype=np.int64)[offer],
        range=_cells(end.range, run, layout.system[offer]),
        decided=~by_slot * 1,
        dated=requested + grid.size // 2,
        first=np.where(came, first, NONE),
        stop=np.where(came, last, NONE),
        reached={name: stages[name] * 1 for name in REACHED},
        amounts=_amounts(record, entries),
    )


def _own(
    table: np.ndarray, run: np.ndarray, offer: np.ndarray, otherwise: np.ndarray
) -> np.ndarray:
    """Return a term of offers, or that of their supplier where an offer has none (below 0)."""
    there = _cells(table, run, offer)
    return np.where(there >= 0, there, otherwise)


def _amounts(record: Record, entries: LogEntries) -> dict[str, np.ndarray]:
    """Return the amounts of every entry by unit: volume delivered so far, money as agreed."""
    end, rules = record.end, record.rules
    layout, column, run = end.layout, entries.column, entries.run
    delivered, value, listed, share = (
        column(name) for name in ("delivered", "value", "listed", "credit")
    )
    offer, recipient = column("offer"), entries.holder
    supplier = layout.supplier[offer]
    worth = _cells(end.worth, run, layout.system[offer]) * _cells(end.condition, run, offer)
    waived = rules.contract.waived(
        listed=listed,
        value=value,
        credit=share,
        rate=_own(end.offer_rate, run, offer, _cells(end.rate, run, recipient, supplier)),
        tenor=_own(end.offer_tenor, run, offer, _cells(end.tenor, run, recipient, supplier)),
        market_rate=_cells(np.atleast_1d(rules.finance.market_rate), run),
    )
    gift = column("forced") == TRANSFERRED
    return {
        "tiv": delivered * worth,
        "units": delivered,
        "value": value,
        "listed": listed,
        "credit": share * value,
        "waived": np.where(gift, listed - value, waived) * entries.ordered,
        "orders": entries.ordered * 1.0,
    }


def _cells(table: np.ndarray, run: np.ndarray, *at: np.ndarray) -> np.ndarray:
    """Return cells of a table whose last axis has length 1 or runs."""
    return np.asarray(table[(*at, 0 if table.shape[-1] == 1 else run)])
