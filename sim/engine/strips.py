"""Strips: a few runs go through all periods of a scenario while their world stays in the cache.

Between the calls of the compiled period numpy does what is rare: events that change a number, laws
that an event amends. A kernel serves every case of the same structure: other numbers, seeds, dates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from sys import getrefcount
from typing import Any

import numpy as np

from sim.engine.kernels import Kernel
from sim.engine.plan import CHECK, GROUPS, LINE, STRIDE, Memory, Place
from sim.engine.trace import Case
from sim.kernel.collect import running
from sim.kernel.errors import RunError
from sim.kernel.finiteness import check
from sim.kernel.inputs import Edit, Inputs
from sim.kernel.noise import WORDS
from sim.kernel.rules import Rules
from sim.kernel.simulate import Record, amended
from sim.kernel.world import Log, World, arrays_of, blank_log
from sim.metrics.states import long_range_strikes
from sim.steps.assessment import inventory

NOT_FINITE = "a metric is not finite"
ELSEWHERE = ("draws", "inputs", "prologue", "metrics")  # groups that do not lie with the strip
PAGE = 4096  # bytes: rows of a table of results are never a whole number of pages apart


def aligned(size: int) -> np.ndarray:
    """Return memory that begins with a line of the cache."""
    memory = np.zeros(size + LINE, dtype=np.uint8)
    start = -memory.ctypes.data % LINE
    return memory[start : start + size]


UNREAD = 2  # references to memory that only the list below and the question hold
_SPARE: list[np.ndarray] = []  # memory of results that nobody reads any more


def _spare(size: int) -> np.ndarray:
    """Return memory for results: what earlier results left, since new pages cost much time."""
    free = [each for each in _SPARE if getrefcount(each.base) <= UNREAD and each.size >= size]
    if not free:
        _SPARE[:] = [each for each in _SPARE if getrefcount(each.base) > UNREAD]
        free = [aligned(size)]
        _SPARE.append(free[0])
    return free[0][:size]


def views(memory: np.ndarray, places: Mapping[str, Place], lanes: int) -> dict[str, np.ndarray]:
    """Return the arrays that lie in a piece of memory, by name."""
    return {
        name: np.ndarray(
            (place.rows, lanes) if place.by_run else (place.rows,),
            place.dtype,
            memory,
            place.offset,
        )
        for name, place in places.items()
    }


class NotFiniteError(RunError):
    """A metric is not a number, or endless, in some run."""


@dataclass(eq=False)
class Strip:
    """The memory of a few runs, and the world that lies in it."""

    kernel: Kernel

    def __post_init__(self) -> None:
        memory, lanes = self.kernel.memory, self.kernel.lanes
        sizes = {group: memory.sizes[group] * (group not in ELSEWHERE) for group in GROUPS}
        self.bytes = {group: aligned(size + LINE) for group, size in sizes.items()}
        self.words = aligned(WORDS * memory.sizes["draws"] + LINE)
        self.world = views(self.bytes["world"], memory.of_group("world"), lanes)
        self.fixed = views(self.bytes["fixed"], memory.of_group("fixed"), lanes)
        self.check = views(self.bytes["check"], memory.of_group("check"), lanes)[CHECK]
        self.log = views(self.bytes["log"], memory.of_group("log"), lanes)
        clock = 0 if self.kernel.clock is None else self.kernel.clock.ctypes.data
        self.groups = np.array(
            [self.bytes[g].ctypes.data for g in GROUPS] + [0, clock], dtype=np.uint64
        )

    def array(self, name: str) -> np.ndarray:
        """Return an array or a parameter of the runs of the strip."""
        return self.world[name] if name in self.world else self.fixed[name]

    def point(self, group: str, memory: np.ndarray, offset: int = 0) -> None:
        """Let the kernel find a group in other memory."""
        self.groups[GROUPS.index(group)] = memory.ctypes.data + offset


class Block:
    """A case, laid out for a kernel."""

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
        """Return what the kernel reads of all runs: one row of bytes a period."""
        kernel, case, inputs = self.kernel, self.case, self.case.inputs
        size = -(-(kernel.memory.sizes["prologue"] + 1) // LINE) * LINE
        table = aligned(len(inputs) * size).reshape(len(inputs), size)
        known = kernel.prologue.of_block(self.sources)
        for call in kernel.prologue.by_block:
            if call in kernel.pins:
                _cell(table[0], kernel.pins[call])[...] = np.reshape(known[call], -1)
        table[1:] = table[0]
        seen: dict[bytes, Mapping[int, Any]] = {}
        for row, each in zip(table, inputs, strict=True):
            sources = case.sources_of(each)
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

    def inputs(self) -> np.ndarray:
        """Return the inputs that differ by run, in bytes: (strips, periods, bytes)."""
        memory, lanes, inputs = self.kernel.memory, self.kernel.lanes, self.case.inputs
        strips = len(self.starts)
        size = memory.sizes["inputs"]
        table = aligned(strips * len(inputs) * size).reshape(strips, len(inputs), size)
        for name, place in memory.of_group("inputs").items():
            if not place.rows:
                continue
            arrays = [getattr(each, name.removeprefix("inputs.")) for each in inputs]
            runs = self.columns[-1] + 1
            whole = np.stack([np.broadcast_to(a, (*a.shape[:-1], runs)) for a in arrays])
            whole = whole.reshape(len(inputs), place.rows, runs)[..., self.columns]
            there = np.ndarray(
                (strips, len(inputs), place.rows, lanes), place.dtype, table, place.offset,
                (*table.strides[:2], place.dtype.itemsize * lanes, place.dtype.itemsize),
            )  # fmt: skip
            there[...] = whole.reshape(len(inputs), place.rows, strips, lanes).transpose(2, 0, 1, 3)
        return table

    def begin(self) -> dict[str, np.ndarray]:
        """Return the worlds, inventories and parameters with which the runs begin, as rows."""
        first = self.case
        stock = inventory(first.world, first.rules)
        arrays = {f"world.{n}": getattr(first.world, n) for n in arrays_of(World)}
        arrays |= {f"stock.{n}": value for n, value in vars(stock).items()}
        for role, law in vars(first.rules).items():
            arrays |= {f"law.{role}.{n}": v for n, v in vars(law).items() if np.ndim(v)}
        return {**arrays, "runs": first.noise.runs}


def _cell(row: np.ndarray, place: Place) -> np.ndarray:
    return np.ndarray((place.rows,), place.dtype, row, place.offset)


def simulate(case: Case, kernel: Kernel) -> Record:
    """Return the record of a block of runs, as `sim.kernel.simulate` does."""
    block, strip = Block(case, kernel), Strip(kernel)
    memory, lanes, width = kernel.memory, kernel.lanes, block.width
    runs, inputs = case.noise.runs.shape[-1], case.inputs
    shared, by_run = block.shared(), block.inputs()
    begin = block.begin()
    changes = [_Changes(each, kernel, block) for each in inputs]
    rows = memory.sizes["world"] // (8 * lanes)
    start, end = np.zeros((rows, width)), np.empty((rows, width))
    worlds = _rows(start, memory, lanes), _rows(end, memory, lanes)
    for name, there in worlds[0].items():
        there[:, : block.columns.size] = _wide(begin[name], there.shape[0], block.columns)
    fixed = {
        name: np.empty((place.rows, width), place.dtype)
        for name, place in memory.of_group("fixed").items()
    }
    fixed_start = {
        name: _wide(begin[name], place.rows, block.columns)
        for name, place in memory.of_group("fixed").items()
    }
    blank = blank_log(case.world.layout, lanes)
    log = {n: np.array(getattr(case.world.log, n)) for n in arrays_of(Log)}
    log["recipient"] = block.sources["log.recipient"]
    lines = memory.sizes["metrics"] // (8 * lanes)
    series = _spare(len(inputs) * lines * width * 8).view(np.float64)
    series = series.reshape(len(inputs), lines, width)
    strip.groups[STRIDE] = width * 8
    table = np.ndarray((rows, lanes), np.float64, strip.bytes["world"])
    seed = int(block.sources["seed.low"]), int(block.sources["seed.high"])
    keys, words = kernel.keys, memory.sizes["draws"]
    for number, first in enumerate(block.starts):
        columns = slice(first, first + lanes)
        table[...] = start[:, columns]
        for name, there in strip.fixed.items():
            there[...] = fixed_start[name][:, columns]
        strip.check[...] = 0.0
        for name, there in strip.log.items():
            there[...] = getattr(blank, name.removeprefix("log."))
        drawn = None
        for at, each in enumerate(inputs):
            if changes[at].any:
                changes[at].apply(strip, columns)
            if each.number // WORDS != drawn:
                drawn = each.number // WORDS
                kernel.code.draws(
                    drawn, *seed, len(keys), keys.ctypes.data,
                    strip.fixed["runs"].ctypes.data, strip.words.ctypes.data,
                )  # fmt: skip
            strip.point("draws", strip.words, each.number % WORDS * words)
            strip.point("inputs", by_run[number, at])
            strip.point("prologue", shared[at])
            strip.point("metrics", series[at], first * 8)
            kernel.code.period(strip.groups.ctypes.data)
        if not np.isfinite(strip.check).all():
            raise NotFiniteError(NOT_FINITE)
        end[:, columns] = table
        for name, there in strip.fixed.items():
            fixed[name][:, columns] = there
        use = min(first + lanes, runs) - first
        for name, there in strip.log.items():
            log[name.removeprefix("log.")][:, first : first + use] = there[:, :use]
    record = _record(case, kernel, block, worlds[1], fixed, Log(**log), series)
    check(record.end)
    return record


def _wide(array: np.ndarray, rows: int, columns: np.ndarray) -> np.ndarray:
    """Return an array as rows with the columns of all strips."""
    flat = np.reshape(array, (rows, np.shape(array)[-1]))
    return flat[:, columns] if flat.shape[1] > 1 else np.repeat(flat, columns.size, axis=1)


def _rows(table: np.ndarray, memory: Memory, lanes: int) -> dict[str, np.ndarray]:
    """Return the arrays of worlds and inventories that lie in a table of rows."""
    size = 8 * lanes
    return {
        name: table[place.offset // size : place.offset // size + place.rows]
        for name, place in memory.of_group("world").items()
    }


def _record(
    case: Case,
    kernel: Kernel,
    block: Block,
    rows: Mapping[str, np.ndarray],
    fixed: Mapping[str, np.ndarray],
    log: Log,
    series: np.ndarray,
) -> Record:
    """Return what the strips left behind, as arrays of the whole block."""
    runs = case.noise.runs.shape[-1]
    arrays = {}
    for name in arrays_of(World):
        table = rows.get(f"world.{name}", fixed.get(f"world.{name}"))
        if table is not None:
            shape = getattr(block.case.world, name).shape[:-1]
            arrays[name] = table[:, :runs].reshape(*shape, runs)
    world = case.world.but(**arrays, log=log, period=case.inputs[-1].number)
    metrics = {}
    for name, count in kernel.trace.metrics.items():
        first = kernel.memory.places[f"metric.{name}"].offset // (8 * kernel.lanes)
        metrics[name] = series[:, first : first + count, :runs]
    rules = case.rules
    for each in case.inputs:
        rules = amended(rules, each)
    return Record(
        start=case.world,
        end=world,
        rules=rules,
        series={**running(metrics), **long_range_strikes(world)},
    )


class _Changes:
    """What events change in a period, of numbers and of laws, in every strip."""

    def __init__(self, inputs: Inputs, kernel: Kernel, block: Block) -> None:
        self.edits: Sequence[Edit] = inputs.edits
        self.settings = inputs.settings
        names = [f"world.{edit.field}" for edit in self.edits]
        names += [f"law.{role}.{name}" for role, name in self.settings]
        self.any = bool(names)
        self.recounts = any(name in kernel.trace.counted for name in names)
        self.kernel, self.block = kernel, block

    def apply(self, strip: Strip, columns: slice) -> None:
        """Change the arrays of a strip where they lie."""
        those = self.block.columns[columns]
        for edit in self.edits:
            array = strip.array(f"world.{edit.field}").reshape(
                *getattr(self.block.case.world, edit.field).shape[:-1], -1
            )
            part = edit.in_runs(those)
            array[edit.cell] = part.changed(array[edit.cell])
        for (role, name), (value, happened) in self.settings.items():
            array = strip.array(f"law.{role}.{name}")
            chosen = _cut(happened, those) > 0
            array[...] = np.where(chosen, _cut(np.asarray(value), those), array)
        if self.recounts:
            self._recount(strip)

    def _recount(self, strip: Strip) -> None:
        """Take the inventory again."""
        case = self.block.case

        def own(name: str, value: Any) -> Any:
            if name not in strip.world and name not in strip.fixed:
                return value
            return strip.array(name).reshape(*np.shape(value)[:-1], -1)

        world = case.world.but(
            **{n: own(f"world.{n}", getattr(case.world, n)) for n in arrays_of(World)}
        )
        laws = {
            (role, n): own(f"law.{role}.{n}", value)
            for role, law in vars(case.rules).items()
            for n, value in vars(law).items()
        }
        rules: Rules = case.rules.but(laws)
        for name, array in vars(inventory(world, rules)).items():
            there = strip.world[f"stock.{name}"]
            there[...] = array.reshape(there.shape[0], -1)


def _cut(array: np.ndarray, columns: np.ndarray) -> np.ndarray:
    return array[..., columns] if array.ndim and array.shape[-1] > 1 else array
