"""Strips: a few runs are computed through all periods, so that their world stays in the cache.

Between calls of the compiled period numpy does rare work: events that change a number or amend a
law. A kernel serves all cases of the same structure: with other numbers, seeds and dates.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from sim.engine.assembly import kind
from sim.engine.changes import Changes, count_again
from sim.engine.kernels import DRAWN, Kernel
from sim.engine.memory import aligned, by_rows, spares, views
from sim.engine.plan import CHECK, GROUPS, LINE, STRIDE, Memory, Place
from sim.engine.trace import Case
from sim.kernel.array_fields import arrays_of
from sim.kernel.collect import whole
from sim.kernel.dates import YEAR
from sim.kernel.errors import RunError
from sim.kernel.finiteness import check
from sim.kernel.inputs import Inputs
from sim.kernel.noise import WORDS
from sim.kernel.simulate import Record, amended
from sim.kernel.trigger import Trigger, fall_due
from sim.kernel.world import Log, World
from sim.steps.assessment import inventory

NOT_FINITE = "a metric is not finite"
# groups whose memory is not part of the strip
ELSEWHERE = ("draws", "year", "inputs", "prologue", "metrics")
KEPT = {"period": 1, "month": 4, "year": 1}  # blocks of draws that a period may need
SHARED = "recipient"  # the column of the log that is equal in all runs
TABLES = 8  # tables of shared values that a kernel keeps
PAGE = 4096  # bytes: rows of a table of results are never a whole number of pages apart


class NotFiniteError(RunError):
    """A metric is not finite in some run."""


@dataclass(eq=False)
class Strip:
    """The memory of a few runs, and the world in it."""

    kernel: Kernel

    def __post_init__(self) -> None:
        memory, lanes = self.kernel.memory, self.kernel.lanes
        sizes = {group: memory.sizes[group] * (group not in ELSEWHERE) for group in GROUPS}
        pieces = [((size + LINE,), np.uint8) for size in sizes.values()]
        pieces += [
            ((KEPT[c] * WORDS * memory.sizes[g] + LINE,), np.uint8) for c, (g, _) in DRAWN.items()
        ]
        made = spares(pieces)
        self.bytes = dict(zip(sizes, made, strict=False))
        self.words = dict(zip(DRAWN, made[len(sizes) :], strict=True))
        self.world = views(self.bytes["world"], memory.of_group("world"), lanes)
        self.fixed = views(self.bytes["fixed"], memory.of_group("fixed"), lanes)
        self.check = views(self.bytes["check"], memory.of_group("check"), lanes)[CHECK]
        self.log = views(self.bytes["log"], memory.of_group("log"), lanes)
        self.arrays = {**self.world, **self.fixed, **self.log}
        clock = 0 if self.kernel.clock is None else self.kernel.clock.ctypes.data
        self.groups = np.array(
            [self.bytes[g].ctypes.data for g in GROUPS] + [0, clock], dtype=np.uint64
        )


class Block:
    """A case, arranged for a kernel."""

    def __init__(self, case: Case, kernel: Kernel) -> None:
        self.kernel, self.whole = kernel, case
        self.case = case.widened(kernel.names)
        runs, lanes = case.noise.runs.shape[-1], kernel.lanes
        self.columns = np.minimum(np.arange(-(-runs // lanes) * lanes), runs - 1)
        wide = self.columns.size * 8
        self.width = (wide + (wide % PAGE == 0) * LINE) // 8
        self.sources = self.case.sources()

    @property
    def starts(self) -> range:
        """Return the first column of each strip."""
        return range(0, self.columns.size, self.kernel.lanes)

    def shared(self) -> np.ndarray:
        """Return the values that the kernel reads for all runs: one row of bytes for each period.

        Blocks for which they are equal use one table, which the kernel keeps.
        """
        by_period = [self.case.sources_of(each) for each in self.case.inputs]
        numbers = (v for each in (self.sources, *by_period) for v in each.values())
        known = b"".join(np.asarray(value).tobytes() for value in numbers)
        tables = self.kernel.tables
        table = tables.get(known)
        if table is None:
            table = self._shared(by_period)
            for old in list(tables)[: max(len(tables) + 1 - TABLES, 0)]:
                tables.pop(old, None)
            tables[known] = table
        return table

    def _shared(self, by_period: Sequence[Mapping[str, np.ndarray]]) -> np.ndarray:
        kernel = self.kernel
        size = -(-(kernel.memory.sizes["prologue"] + 1) // LINE) * LINE
        table = aligned(len(by_period) * size).reshape(len(by_period), size)
        known = kernel.prologue.of_block(self.sources)
        for call in kernel.prologue.by_block:
            if call in kernel.pins:
                _cell(table[0], kernel.pins[call])[...] = np.reshape(known[call], -1)
        table[1:] = table[0]
        seen: dict[bytes, Mapping[int, Any]] = {}
        for row, sources in zip(table, by_period, strict=True):
            same = b"".join(np.asarray(v).tobytes() for n, v in sources.items() if n != "number")
            if same not in seen:
                seen[same] = known | kernel.prologue.of_period(sources, known)
            found = kernel.prologue.of_number(sources, seen[same])
            for numbers, source in (
                (kernel.prologue.by_period, seen[same]),
                (kernel.prologue.by_number, found),
            ):
                for call in numbers:
                    place = kernel.pins.get(call)
                    if place is not None:
                        _cell(row, place)[...] = np.reshape(source[call], -1)
        return table

    def inputs(self) -> list[np.ndarray]:
        """Return the inputs of each period that differ by run, in bytes: (strips, bytes).

        Strips and periods with equal inputs read the same bytes.
        """
        group = self.kernel.memory.of_group("inputs")
        places = {n: place for n, place in group.items() if place.rows}
        known: dict[Hashable, np.ndarray] = {}
        tables = []
        for each in self.case.inputs:
            arrays = {n: getattr(each, n.removeprefix("inputs.")) for n in places}
            held = (*map(id, arrays.values()), each.number if each.entries else None)
            if held not in known:  # periods without events have the same arrays
                known[held] = self._inputs(each, places, arrays, known)
            tables.append(known[held])
        return tables

    def _inputs(
        self,
        inputs: Inputs,
        places: Mapping[str, Place],
        arrays: Mapping[str, np.ndarray],
        known: dict[Hashable, np.ndarray],
    ) -> np.ndarray:
        memory, lanes, strips = self.kernel.memory, self.kernel.lanes, len(self.starts)
        rows = {n: by_rows(array) for n, array in arrays.items()}
        alike = not inputs.entries and all((v == v[:, :1]).all() for v in rows.values())
        same = b"".join(v[:, 0].tobytes() for v in rows.values()) if alike else b""
        if same in known:
            return known[same]
        count, size = 1 if alike else strips, memory.sizes["inputs"]
        table = aligned(count * size).reshape(count, size)
        for name, place in places.items():
            there = np.ndarray(
                (count, place.rows, lanes), place.dtype, table, place.offset,
                (size, place.dtype.itemsize * lanes, place.dtype.itemsize),
            )  # fmt: skip
            if alike:
                there[...] = rows[name][:, :1]
            else:
                wide = np.broadcast_to(rows[name], (place.rows, self.columns[-1] + 1))
                by_strip = wide[:, self.columns].reshape(place.rows, strips, lanes)
                there[...] = by_strip.transpose(1, 0, 2)
        if alike:
            known[same] = table = np.broadcast_to(table, (strips, size))
        return table

    def begin(self) -> dict[str, np.ndarray]:
        """Return the values at the start, with a column for each run, or one for all."""
        whole, laws = self.whole, vars(self.whole.rules).items()
        arrays = {f"world.{n}": getattr(whole.world, n) for n in arrays_of(World)}
        arrays |= {f"law.{role}.{n}": v for role, law in laws for n, v in vars(law).items()}
        arrays |= {f"log.{n}": v for n, v in vars(whole.world.log).items()}
        return {**arrays, "runs": whole.noise.runs}

    def log(self, written: Mapping[str, np.ndarray], runs: Any) -> Log:
        """Return the log of some runs: the columns that periods write, the others as before."""
        known = {SHARED: self.sources[f"log.{SHARED}"]}
        known |= {name.removeprefix("log."): column for name, column in written.items()}
        before = vars(self.whole.world.log).items()
        return Log(**{n: known[n] if n in known else column[:, runs] for n, column in before})


def _cell(row: np.ndarray, place: Place) -> np.ndarray:
    return np.ndarray((place.rows,), place.dtype, row, place.offset)


def simulate(case: Case, kernel: Kernel) -> Record:
    """Return the record of a block of runs, as `sim.kernel.simulate` does."""
    block = Block(case, kernel)
    strip = Strip(kernel)
    tables = Tables(block, strip)
    strip.groups[STRIDE] = block.width * 8
    journey = Journey(block, strip, tables.series)
    for number, first in enumerate(block.starts):
        columns = slice(first, first + kernel.lanes)
        tables.into(columns)
        journey.go(number)
        if not np.isfinite(strip.check).all():
            raise NotFiniteError(NOT_FINITE)
        tables.out_of(columns)
    record = tables.record()
    check(record.end)
    return record


class Journey:
    """The passage of strips through the periods, with inputs, changes and draws."""

    def __init__(self, block: Block, strip: Strip, series: np.ndarray) -> None:
        """Prepare the passage of all strips; metrics are written into the series."""
        self.block, self.strip, self.series = block, strip, series
        self.shared, self.by_run = block.shared(), block.inputs()
        self.changes = [
            Changes(each, block.kernel, block.case, block.columns) for each in block.case.inputs
        ]
        self.seed = int(block.sources["seed.low"]), int(block.sources["seed.high"])
        self.months = int(block.case.world.layout.rounds)
        self.blocks = [self._blocks(each.number) for each in block.case.inputs]
        self.years = [each.number * self.months // YEAR for each in block.case.inputs]
        self.runs = strip.fixed["runs"].ctypes.data
        self.words = {clock: words.ctypes.data for clock, words in strip.words.items()}
        self.keys = {clock: keys.ctypes.data for clock, keys in block.kernel.keys.items()}
        self.places = self._places()  # of the first strip
        self.steps = np.zeros(self.places.shape, dtype=np.int64)  # from a strip to the next
        self.steps[:, GROUPS.index("inputs")] = [table.strides[0] for table in self.by_run]
        self.steps[:, GROUPS.index("metrics")] = block.kernel.lanes * series.itemsize

    def go(self, number: int) -> None:
        """Compute all periods of the strip with this number."""
        block, kernel, strip = self.block, self.block.kernel, self.strip
        drawn: dict[tuple[str, int], int] = {}
        first = block.starts[number]
        inputs, columns = block.case.inputs, slice(first, first + kernel.lanes)
        places = self.places + number * self.steps
        there, size = places.ctypes.data, places.strides[0]
        triggers = [each.in_runs(block.columns[columns]) for each in inputs[0].triggers]
        log = block.log(strip.log, block.columns[columns]) if triggers else None
        known = False  # whether values of pace `once` are up to date
        for at, each in enumerate(inputs):
            if self.changes[at].any:
                still = self.changes[at].apply(strip.arrays, columns, self.by_run[at][number])
                known = known and not still
            for clock, four in self.blocks[at]:
                kept = clock, four % KEPT[clock]
                if drawn.get(kept) != four:
                    drawn[kept] = four
                    self._draw(clock, four)
            if not known:
                kernel.code.once(there + at * size)
            if not known or self.years[at] != self.years[at - 1]:
                kernel.code.year(there + at * size)
            known = True
            kernel.code.period(there + at * size)
            if log is not None:
                self._trigger(triggers, each.number, log, self.series[at][:, columns])

    def _trigger(
        self, triggers: Sequence[Trigger], number: int, log: Log, metrics: np.ndarray
    ) -> None:
        """Find which events on condition fall due at the end of a period."""
        places, lanes = self.block.kernel.memory.places, self.block.kernel.lanes
        fall_due(
            triggers,
            due=self.strip.arrays["world.due"],
            gauge=self.strip.arrays["world.gauge"],
            number=number,
            log=log,
            metric=lambda name, row: metrics[places[f"metric.{name}"].offset // (8 * lanes) + row],
        )

    def _places(self) -> np.ndarray:
        """Return the addresses of all groups, period by period."""
        inputs, sizes = self.block.case.inputs, self.block.kernel.memory.sizes
        periods = np.arange(len(inputs))
        places = np.tile(self.strip.groups.astype(np.int64), (periods.size, 1))
        places[:, GROUPS.index("inputs")] = [table.ctypes.data for table in self.by_run]
        for group, table in (("prologue", self.shared), ("metrics", self.series)):
            places[:, GROUPS.index(group)] = table.ctypes.data + periods * table.strides[0]
        numbers, months = np.array([each.number for each in inputs]), self.months
        spans = [("draws", "period", numbers), ("year", "year", numbers * months // YEAR)]
        spans += [(f"month {q}", "month", numbers * months + q) for q in range(months)]
        for group, clock, span in spans:
            word = span // WORDS % KEPT[clock] * WORDS + span % WORDS
            places[:, GROUPS.index(group)] = self.words[clock] + word * sizes[DRAWN[clock][0]]
        return places

    def _blocks(self, number: int) -> list[tuple[str, int]]:
        """Return the blocks of draws that a period reads, by clock."""
        first, months = number * self.months, self.months
        by_month = sorted({month // WORDS for month in range(first, first + months)})
        blocks = [("period", number // WORDS), ("year", first // YEAR // WORDS)]
        blocks += [("month", block) for block in by_month]
        return [each for each in blocks if len(self.block.kernel.keys[each[0]])]

    def _draw(self, clock: str, block: int) -> None:
        """Fill the tables of draws of four periods, months or years."""
        kernel = self.block.kernel
        at = block % KEPT[clock] * WORDS * kernel.memory.sizes[DRAWN[clock][0]]
        count, keys = len(kernel.keys[clock]), self.keys[clock]
        kernel.code.draws(block, *self.seed, count, keys, self.runs, self.words[clock] + at)


class Tables:
    """The worlds of a block at start and end, as rows, and its metrics."""

    def __init__(self, block: Block, strip: Strip) -> None:
        """Prepare the passage of runs through a strip."""
        self.block, self.strip, self.lanes = block, strip, block.kernel.lanes
        memory, width = block.kernel.memory, block.width
        self.first, self.by_run = Strip(block.kernel), dict[str, tuple[np.ndarray, np.ndarray]]()
        begin = block.begin()
        self._start({name: begin[name] for name in self.first.arrays if name in begin})
        if self.by_run.keys() & block.kernel.trace.counted:
            stock = vars(inventory(block.case.world, block.case.rules))
            self._start({f"stock.{name}": array for name, array in stock.items()})
        else:
            count_again(block.case, self.first.arrays)
        lines = {group: memory.sizes[group] // (8 * self.lanes) for group in ("world", "metrics")}
        periods, own = len(block.case.inputs), {**self.first.fixed, **self.first.log}
        shapes: list[tuple[tuple[int, ...], Any]] = [((lines["world"], width), np.float64)]
        shapes += [((len(each), width), each.dtype) for each in own.values()]
        self.end, *kept = spares(shapes)
        self.own = dict(zip(own, kept, strict=True))
        (self.series,) = spares([((periods, lines["metrics"], width), np.float64)])
        pairs = [(strip.bytes["world"], self.end)]
        pairs += [(strip.arrays[name], there) for name, there in self.own.items()]
        copy = block.kernel.code.rows
        self.moves = [
            (copy[kind(b.dtype)], a.ctypes.data, b.ctypes.data, len(b), b.strides[0], b.itemsize)
            for a, b in pairs
        ]

    def _start(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Keep values at the start: once if all runs agree, else the rows in which they do not."""
        requests = len(self.block.case.inputs) * self.block.case.world.layout.rows
        for name, array in arrays.items():
            flat, top = by_rows(array), requests * name.startswith("log.")  # blank so far
            self.first.arrays[name][...] = flat[:, :1]
            rows = top + np.flatnonzero((flat[top:] != flat[top:, :1]).any(axis=1))
            if rows.size:
                self.by_run[name] = rows, flat[rows][:, self.block.columns]

    def into(self, columns: slice) -> None:
        """Copy the start of some runs into the strip."""
        strip = self.strip
        for group in ("world", "fixed", "log"):
            strip.bytes[group][...] = self.first.bytes[group]
        for name, (rows, array) in self.by_run.items():
            strip.arrays[name][rows] = array[:, columns]
        strip.check[...] = 0.0

    def out_of(self, columns: slice) -> None:
        """Copy the end of some runs out of the strip."""
        for move, source, to, rows, stride, size in self.moves:
            move(source, to + columns.start * size, rows, stride)

    def record(self) -> Record:
        """Return the results of all strips, as arrays of the whole block."""
        block, memory = self.block, self.block.kernel.memory
        case, runs = block.whole, block.whole.noise.runs.shape[-1]
        rows = {**_rows(self.end, memory, self.lanes), **self.own}
        arrays = {
            n: rows[f"world.{n}"][:, :runs].reshape(*getattr(block.case.world, n).shape[:-1], runs)
            for n in arrays_of(World)
            if f"world.{n}" in rows
        }
        last = case.inputs[-1].number
        log = {n: column[:, :runs] for n, column in self.own.items() if n.startswith("log.")}
        world = case.world.but(**arrays, log=block.log(log, slice(runs)), period=last)
        metrics = {}
        for name, count in block.kernel.trace.metrics.items():
            first = memory.places[f"metric.{name}"].offset // (8 * self.lanes)
            metrics[name] = self.series[:, first : first + count, :runs]
        return Record(
            start=case.world,
            end=world,
            rules=reduce(amended, (each.resolved(world.due) for each in case.inputs), case.rules),
            series=whole(metrics, world),
        )


def _rows(table: np.ndarray, memory: Memory, lanes: int) -> dict[str, np.ndarray]:
    """Return the arrays of worlds and inventories within a table of rows."""
    size = 8 * lanes
    return {
        name: table[place.offset // size : place.offset // size + place.rows]
        for name, place in memory.of_group("world").items()
    }
