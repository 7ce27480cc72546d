"""Trace: run a period and its metrics once on symbols, and record a graph.

No theory is repeated here. World, rules, inputs and draws are replaced by symbols; the layout,
which is the same in all runs of all variants, stays as it is. A user's law that branches in Python,
or a `decide` hook, cannot be traced: `UntraceableError`.
"""

import copy
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from sim.engine.calls import Call, references
from sim.engine.graph import Graph, GraphNode, live
from sim.engine.refusal import refused
from sim.engine.symbols import FixedTable, Shared, Symbol, Traced, Tracer
from sim.kernel.array_fields import arrays_of
from sim.kernel.collect import collect
from sim.kernel.dates import YEAR
from sim.kernel.inputs import Inputs
from sim.kernel.layout.layout import Layout
from sim.kernel.noise import PLACEHOLDER, WORDS, Draw, Noise, entity, fraction
from sim.kernel.parameters import switched_off
from sim.kernel.period import period
from sim.kernel.rules import Rules
from sim.kernel.world import Log, World
from sim.steps.assessment import Inventory, inventory

DATED = ("opens", "closes", "instalments")  # parts of the layout that are numbers, not structure
PLACED = (
    "recipient",
    "forced",
    "victim",
    "bloc",
    "against",
    "appeal_keys",
)  # inputs that are equal in all runs
TRIGGERED = {"world.due", "world.gauge"}  # written between periods
BIT_MASK = 0xFFFFFFFF
CLOCKS = ("period", "month", "year")  # units of time of draws


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """World, rules and events of some runs, and which of their numbers differ by run."""

    world: World
    rules: Rules
    inputs: Sequence[Inputs]
    noise: Noise

    def differing(self) -> frozenset[str]:
        """Return the names of arrays and parameters that differ by run, or may by an event."""
        names = {f"world.{edit.field}" for each in self.inputs for edit in each.edits}
        names |= {f"law.{a.role}.{a.name}" for each in self.inputs for a in each.amendments}
        names |= {f"world.{name}" for name in _moving()}
        names |= {f"world.{n}" for n in _tables() if getattr(self.world, n).shape[-1] > 1}
        for role, law in vars(self.rules).items():
            names |= {f"law.{role}.{n}" for n, value in vars(law).items() if np.ndim(value)}
        return frozenset(names)

    def off(self) -> frozenset[str]:
        """Return the parameters that switch a mechanism off, in all runs and periods, by name."""
        laws = vars(self.rules).items()
        off = {f"law.{role}.{name}" for role, law in laws for name in switched_off(law)}
        return frozenset(off - self.differing())

    def widened(self, names: Collection[str]) -> "Case":
        """Return the case with a whole runs axis on the arrays and parameters named."""
        runs = self.noise.runs.shape[-1]

        def wide(value: Any) -> np.ndarray:
            array = np.asarray(value, dtype=float)
            whole = array.ndim and array.shape[-1] == runs
            return array if whole else np.array(np.broadcast_to(array, (*array.shape[:-1], runs)))

        arrays = {n: wide(getattr(self.world, n)) for n in _tables() if f"world.{n}" in names}
        laws = {
            (role, n): wide(value)
            for role, law in vars(self.rules).items()
            for n, value in vars(law).items()
            if f"law.{role}.{n}" in names
        }
        return replace(self, world=self.world.but(**arrays), rules=self.rules.but(laws))

    def sources(self) -> dict[str, np.ndarray]:
        """Return the numbers that are equal in all runs, for all periods, by name."""
        world, calendar = self.world, self.world.layout.calendar
        rows = world.layout.rows
        recipient = np.array(world.log.recipient)
        for n, each in enumerate(self.inputs):
            buyers = world.layout.buyers[:, None]
            again = [buyers] * (world.layout.rounds - 1)
            recipient[n * rows : (n + 1) * rows] = np.concatenate([buyers, each.recipient, *again])
        return {
            "seed.low": np.uint32(self.noise.seed & BIT_MASK),
            "seed.high": np.uint32(self.noise.seed >> 32 & BIT_MASK),
            "calendar.dt": np.float64(calendar.dt),
            "calendar.first": np.int64(calendar.first),
            "log.recipient": recipient,
            **{f"layout.{name}": getattr(world.layout, name) for name in DATED},
            **{
                f"world.{n}": getattr(world, n)
                for n in _tables()
                if getattr(world, n).shape[-1] == 1
            },
            **{
                f"law.{role}.{n}": np.float64(value)
                for role, law in vars(self.rules).items()
                for n, value in vars(law).items()
                if np.ndim(value) == 0
            },
        }

    def sources_of(self, inputs: Inputs) -> dict[str, np.ndarray]:
        """Return the numbers that are equal in all runs, of one period, by name."""
        return {
            "number": np.int64(inputs.number),
            **{f"inputs.{name}": getattr(inputs, name) for name in PLACED},
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class Trace:
    """A period as a graph."""

    graph: Graph
    calls: Sequence[Call | str]  # the prologue
    outputs: Mapping[str, GraphNode]  # outputs of a period, by name
    metrics: Mapping[str, int]  # rows of each metric, in the order of the outputs
    # tables of draws by clock, by stream: in the order of `draw N`, `year draw N`, `month Q draw N`
    draws: Mapping[str, Sequence[tuple[str, Draw]]]
    counted: frozenset[str]  # the arrays and parameters on which the inventory depends
    # inputs, by name, and calls, by number, that change only if an event changes a number
    still: frozenset[str | int] = frozenset()


def trace(case: Case) -> Trace:
    """Return the graph of a period; the case must have a runs axis wherever runs differ."""
    tracer = Tracer()
    known = {n: tracer.source(n, v) for n, v in case.sources().items()}
    known |= {n: tracer.source(n, v) for n, v in case.sources_of(case.inputs[0]).items()}
    world, rules = _world(case, tracer, known), _rules(case, tracer, known)
    tables = {clock: list[tuple[str, Draw]]() for clock in CLOCKS}
    noise = TracedNoise(tracer, tracer.input("runs", (), np.uint32), known, tables)
    with refused():
        counted = live(each.node for each in vars(inventory(world, rules)).values())
        passed = period(
            world,
            rules,
            noise,  # type: ignore[arg-type]
            _inputs(case, tracer, known),
            stock=_stock(case, tracer),
            inplace=True,
        )
        metrics = collect(passed, rules)
    log = {n: c for n, c in vars(passed.world.log).items() if n != "recipient" and not _is_input(c)}
    outputs = {
        **{f"world.{n}": getattr(passed.world, n) for n in _moving()},
        **{f"stock.{n}": value for n, value in vars(passed.view.stock).items()},
        **{f"log.{n}": column for n, column in log.items()},
        **{f"metric.{n}": value for n, value in metrics.items()},
    }
    return Trace(
        graph=tracer.graph,
        calls=tracer.calls,
        outputs={name: _by_run(tracer, value) for name, value in outputs.items()},
        metrics={name: value.shape[0] for name, value in metrics.items()},
        draws=noise.tables,
        still=_still(case, tracer, outputs),
        counted=frozenset(each.given["name"] for each in counted if each.op == "input").union(
            known_names(tracer, counted)
        ),
    )


def _still(case: Case, tracer: Tracer, outputs: Mapping[str, Any]) -> frozenset[str | int]:
    """Return the inputs and calls that no period changes."""
    written = {name for name, value in outputs.items() if not _is_input(value)} | TRIGGERED
    fixed = {"runs", *(f"world.{n}" for n in _tables()), *(f"log.{n}" for n in arrays_of(Log))}
    fixed |= {f"law.{role}.{n}" for role, law in vars(case.rules).items() for n in vars(law)}
    dated: set[int] = set()
    of_period = case.sources_of(case.inputs[0]).keys()
    for number, call in enumerate(tracer.calls):
        on = [call] if isinstance(call, str) else references((call.args, call.keywords))
        if any(each in of_period or each in dated for each in on):
            dated.add(number)
    return frozenset({*(fixed - written), *(set(range(len(tracer.calls))) - dated)})


def known_names(tracer: Tracer, nodes: Sequence[GraphNode]) -> set[str]:
    """Return the sources on which nodes depend through the prologue."""
    from sim.engine.prologue import needed  # noqa: PLC0415

    pins = [node.given["call"] for node in nodes if node.op == "pin"]
    calls = (tracer.calls[n] for n in needed(tracer.calls, pins))
    return {each for each in calls if isinstance(each, str)}


def _is_input(value: Any) -> bool:
    """Return whether an output is an input, so that the period does not change it."""
    return isinstance(value, Traced) and value.node.op == "input"


def _moving() -> list[str]:
    return [name for name, about in arrays_of(World).items() if about.moves]


def _tables() -> list[str]:
    return list(arrays_of(World))


def _by_run(tracer: Tracer, value: Any) -> GraphNode:
    """Return the node of an output, one number for every run in every row."""
    node = tracer.operand(value)
    if node.by_run:
        return node
    whole = np.arange(node.count)
    return tracer.graph.add("rows", (node,), node.rows, node.dtype, index=whole)


def _world(case: Case, tracer: Tracer, known: Mapping[str, Shared]) -> World:
    arrays = {
        n: known[f"world.{n}"]
        if f"world.{n}" in known
        else tracer.input(f"world.{n}", getattr(case.world, n).shape[:-1], np.float64)
        for n in _tables()
    }
    log = {
        n: known["log.recipient"]
        if n == "recipient"
        else tracer.input(
            f"log.{n}", getattr(case.world.log, n).shape[:-1], _wide(about.dtype), held=about.dtype
        )
        for n, about in arrays_of(Log).items()
    }
    world = object.__new__(World)
    world.__dict__.update(
        layout=_View(case.world.layout, _layout(case, known)),
        period=known["number"] - 1,
        log=Log(**log),
        **arrays,
    )
    return world


def _wide(dtype: Any) -> Any:
    """Return the type in which numbers of a narrow type are computed."""
    return np.float64 if np.dtype(dtype).kind == "f" else np.int64


def _layout(case: Case, known: Mapping[str, Shared]) -> dict[str, Any]:
    """Return the numbers of the layout as symbols."""
    calendar = _View(
        case.world.layout.calendar,
        {"dt": known["calendar.dt"], "first": known["calendar.first"]},
    )
    return {"calendar": calendar, **{name: known[f"layout.{name}"] for name in DATED}}


def _rules(case: Case, tracer: Tracer, known: Mapping[str, Shared]) -> Rules:
    rules, off = object.__new__(Rules), case.off()
    for role, law in vars(case.rules).items():
        symbolic = copy.copy(law)
        for name in vars(law):
            path = f"law.{role}.{name}"
            if path in off:
                value: Any = float(getattr(law, name))
            else:
                value = known[path] if path in known else tracer.input(path, (), np.float64)
            object.__setattr__(symbolic, name, value)
        object.__setattr__(rules, role, symbolic)
    return rules


def _inputs(case: Case, tracer: Tracer, known: Mapping[str, Shared]) -> Inputs:
    first = case.inputs[0]
    symbols: dict[str, Any] = {"number": known["number"]}
    symbols |= dict.fromkeys(("edits", "amendments", "entries", "triggers"), ())
    for each in fields(Inputs):
        if each.name in symbols:
            continue
        path, value = f"inputs.{each.name}", getattr(first, each.name)
        if path in known:
            symbols[each.name] = known[path]
        else:
            symbols[each.name] = tracer.input(path, value.shape[:-1], _wide(value.dtype))
    return Inputs(**symbols)


def _stock(case: Case, tracer: Tracer) -> Inventory:
    arrays = vars(inventory(case.world, case.rules))
    return Inventory(
        **{n: tracer.input(f"stock.{n}", v.shape[:-1], np.float64) for n, v in arrays.items()}
    )


class _View:
    """An object of the layout with tables that may be indexed by run, and some numbers replaced."""

    def __init__(self, whole: Any, replaced: Mapping[str, Any]) -> None:
        self._whole, self._replaced = whole, replaced

    def __getattr__(self, name: str) -> Any:
        if name in self._replaced:
            return self._replaced[name]
        return _viewed(getattr(self._whole, name))

    def __len__(self) -> int:
        return len(self._whole)


def _viewed(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.view(FixedTable)
    if isinstance(value, tuple):
        return tuple(_viewed(each) for each in value)
    if type(value).__module__.startswith(Layout.__module__.rpartition(".")[0]):
        return _View(value, {})
    return value


@dataclass(frozen=True, eq=False)
class TracedNoise:
    """Draws as symbols: tables are read from memory; draws with addresses by run are nodes."""

    tracer: Tracer
    runs: Traced
    known: Mapping[str, Shared]
    tables: Mapping[str, list[tuple[str, Draw]]]
    clock: str = "period"
    number: Shared | None = None  # of the month or year
    prefix: str = ""  # of the names of its tables

    def at(self, period: Any) -> "TracedNoise":
        """Return the draws of the period that is traced."""
        del period
        return self

    def month(self, part: int, months: int) -> "TracedNoise":
        """Return the draws of month `part`, from 0, of the period, which has `months` months."""
        number = self.known["number"] * months + part
        return replace(self, clock="month", number=number, prefix=f"month {part} ")

    def year(self, months: int) -> "TracedNoise":
        """Return the draws of the year of the period, which has `months` months."""
        return replace(
            self, clock="year", number=self.known["number"] * months // YEAR, prefix="year "
        )

    def draw(self, draw: Draw) -> Any:
        """Return the numbers of one draw."""
        return self.draws(draw)[0]

    def draws(self, *wanted: Draw) -> list[Any]:
        """Return the numbers of several draws."""
        numbers = []
        for draw in wanted:
            uniforms = [self._uniform(stream, draw) for stream in draw.streams]
            numbers.append(draw.shaped(*uniforms) if draw.shaped else uniforms[0])
        return numbers

    def _uniform(self, stream: str, draw: Draw) -> Any:
        symbolic = any(isinstance(key, Symbol) for key in draw.keys)
        if not symbolic and draw.is_table:
            return fraction(self._table(stream, draw))
        number = fraction(self._word(stream, draw))
        if draw.wanted is None:
            return number
        return self.tracer.elementwise("where", [draw.wanted, number, PLACEHOLDER])

    def _table(self, stream: str, draw: Draw) -> Traced:
        key = stream, *((each.shape, each.tobytes()) for each in draw.keys)
        tables = self.tables[self.clock]
        keys = [(s, *((e.shape, e.tobytes()) for e in d.keys)) for s, d in tables]
        if key not in keys:
            keys.append(key)
            tables.append((stream, draw))
        rows = np.broadcast_shapes(*(each.shape for each in draw.keys))[:-1]
        return self.tracer.input(f"{self.prefix}draw {keys.index(key)}", rows, np.uint32)

    def _word(self, stream: str, draw: Draw) -> Traced:
        """Return the words of draws whose address differs by run, or by period."""
        number = self.known["number"] if self.number is None else self.number
        which, block = (0, 0) if draw.constant else (number % WORDS, number // WORDS)
        key = self.known["seed.low"], self.known["seed.high"], entity(stream), block
        counter = [self.runs, *draw.keys, *[0] * (WORDS - 1 - len(draw.keys))]
        nodes = [self.tracer.cast(self.tracer.operand(which), np.int64)]
        nodes += [self.tracer.cast(self.tracer.operand(w), np.uint32) for w in (*key, *counter)]
        rows = np.broadcast_shapes(*(node.rows for node in nodes))
        return self.tracer.traced("word", nodes, rows, np.uint32)
