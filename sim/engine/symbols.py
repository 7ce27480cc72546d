"""Symbols: the objects with which laws and steps compute while a period is traced.

`Traced` represents an array that differs by run; an operation on it becomes a node of the graph.
`Shared` is a number or array that is equal in all runs: numpy computes it, and the call is
recorded, so that it can be repeated with other numbers (the prologue). Where a Shared is combined
with a Traced, it becomes a pin: a node that reads the result of the prologue. Plain numpy arrays
are fixed by the layout, and become constants.

Python must not branch on a symbol: `refusal` reports where it tries to.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from sim.engine.calls import Call, Reference, mapped, parts_of
from sim.engine.graph import ELEMENTWISE, REDUCTIONS, Graph, GraphNode, Rows
from sim.engine.keys import cell_of, row_key, rows_at
from sim.engine.number_types import LOGICAL, SPELLED, compiled, kind_of, types_of
from sim.engine.refusal import asked_by, untraceable

RUNS = 2  # width of the runs axis while a period is traced; the runs axis is never narrower


@dataclass(eq=False)
class Tracer:
    """A trace while it is recorded: the graph, and the calls of the prologue."""

    graph: Graph = field(default_factory=Graph)
    calls: list[Call | str] = field(default_factory=list)  # a string names a source

    def source(self, name: str, value: Any) -> "Shared":
        """Return a named number or array that is equal in all runs."""
        self.calls.append(name)
        return Shared(self, np.asarray(value), len(self.calls) - 1)

    def shared(self, function: Callable[..., Any], *args: Any, **keywords: Any) -> Any:
        """Return the result of numpy for values that are equal in all runs, and record the call."""
        with np.errstate(all="ignore"):
            value = function(*_plain(args), **_plain(keywords))
        if not isinstance(value, (np.ndarray, np.generic, float, int)):
            if function in (np.shape, np.ndim, np.size):
                return value
            untraceable(f"{_name(function)} of a number that all runs share")
        self.calls.append(Call(function, _referring(args), _referring(keywords)))
        return Shared(self, np.asarray(value), len(self.calls) - 1)

    def input(self, name: str, rows: Rows, dtype: Any, **given: Any) -> "Traced":
        """Return a named array of memory that differs by run."""
        return Traced(self, self.graph.add("input", (), rows, dtype, name=name, **given))

    def pin(self, shared: "Shared", rows: Rows) -> GraphNode:
        """Return the node that reads a shared array, one number for each row."""
        return self.graph.add(
            "pin", (), rows, shared.dtype, by_run=False, name=f"pin {shared.call}", call=shared.call
        )

    def operand(self, value: Any) -> GraphNode:
        """Return the node of an operand of a traced array; a runs axis, if any, is its last."""
        if isinstance(value, Traced):
            return value.node
        if isinstance(value, Shared):
            if value.ndim and value.shape[-1] == RUNS:
                value = value[..., :1]
            return self.pin(value, value.shape[:-1])
        array = np.asarray(value)
        if array.ndim and array.shape[-1] == RUNS:
            if not (array == array[..., :1]).all():
                untraceable("numbers from outside the period that differ by run")
            array = array[..., :1]
        return self.graph.constant(array, array.shape[:-1])

    def table(self, value: Any) -> GraphNode:
        """Return the node of a table without a runs axis that is indexed by run."""
        if isinstance(value, Shared):
            return self.pin(value, value.shape)
        return self.graph.constant(value, np.shape(value))

    def traced(
        self, op: str, args: Sequence[GraphNode], rows: Rows, dtype: Any, **given: Any
    ) -> "Traced":
        """Return the result of an operation; if its arguments are lists, it has their length."""
        lengths = {a.length.number: a.length for a in args if a.length is not None}
        if len(lengths) > 1:
            untraceable("two lists of different lengths in one operation")
        length = next(iter(lengths.values()), None)
        return Traced(self, self.graph.add(op, args, rows, compiled(dtype), length=length, **given))

    def elementwise(self, name: str, values: Sequence[Any]) -> "Traced":
        """Return the result of an elementwise function, with numpy's types and broadcasting."""
        if name == "invert" and kind_of(values[0])[0] != np.bool_:
            untraceable("numpy's invert of whole numbers")
        name = SPELLED.get(name, name)
        if name not in ELEMENTWISE and name not in LOGICAL:
            untraceable(f"numpy's {name}")
        if name == "multiply" and any(isinstance(v, float) and v == 0 for v in values):
            return self._nothing(values)
        if name == "power" and isinstance(values[1], int) and values[1] == 2:  # noqa: PLR2004
            return self.elementwise("multiply", [values[0], values[0]])
        dtype, wanted = types_of(name, tuple(kind_of(each) for each in values))
        if name == "absolute" and dtype.kind == "i":
            return self.elementwise("maximum", [values[0], self.elementwise("negative", values)])
        nodes = [self.cast(self.operand(v), t) for v, t in zip(values, wanted, strict=True)]
        if dtype.kind == "b":
            name = LOGICAL.get(name, name)
        rows = np.broadcast_shapes(*(node.rows for node in nodes))
        return self.traced("elementwise", nodes, rows, dtype, function=name)

    def _nothing(self, values: Sequence[Any]) -> "Traced":
        """Return zero for a product with zero: a factor that is not finite stops the run anyway."""
        zero = next(v for v in values if isinstance(v, float) and v == 0)
        rows = np.broadcast_shapes(*(self.operand(each).rows for each in values))
        return Traced(self, self.graph.constant(np.full(rows, zero), rows))

    def cast(self, node: GraphNode, dtype: Any) -> GraphNode:
        """Return a node as another type of number."""
        dtype = compiled(dtype)
        if node.dtype == dtype:
            return node
        if node.op == "constant":
            return self.graph.constant(node.given["value"].astype(dtype), node.rows)
        return self.graph.add(
            "cast", (node,), node.rows, dtype, by_run=node.by_run, length=node.length
        )


class Symbol(NDArrayOperatorsMixin):
    """The base of Traced and Shared, on which Python cannot branch."""

    tracer: Tracer

    def _decide(self) -> Any:
        untraceable("Python branches on a number that is known only in a run: use np.where")

    __bool__ = _decide

    def _refuse(self, *_: Any, **__: Any) -> Any:
        untraceable("plain numbers are asked for that are known only in a run")

    __int__ = __float__ = __index__ = __array__ = tolist = item = _refuse

    def __setitem__(self, key: Any, value: Any) -> None:
        """Refuse to write into an array."""
        untraceable("numbers are written into an array in place: use put, put_at or np.where")

    def __hash__(self) -> int:
        """Return a hash by identity, though == compares numbers."""
        return id(self)

    def __array_function__(
        self, function: Callable[..., Any], types: Any, args: Any, known: Any
    ) -> Any:
        """Apply a function of numpy or of the kernel: by numpy, or as a node."""
        from sim.engine.operations import FUNCTIONS  # noqa: PLC0415

        del types
        if not any(isinstance(each, Traced) for each in parts_of((args, known))):
            return self.tracer.shared(function, *args, **known)
        if function not in FUNCTIONS:
            untraceable(f"{_name(function)} of an array that differs by run")
        return FUNCTIONS[function](self.tracer, *args, **known)

    def __iter__(self) -> Any:
        """Yield the entries of the first axis."""
        return (self[n] for n in range(len(self)))

    def __len__(self) -> int:
        """Return the length of the first axis."""
        return int(self.shape[0])

    shape: tuple[int, ...]

    @property
    def ndim(self) -> int:
        """Return the number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Return the number of entries."""
        return int(np.prod(self.shape))

    def __getitem__(self, key: Any) -> Any:
        """Return part of the array."""
        raise NotImplementedError


class Shared(Symbol):
    """A number or array that is equal in all runs, computed by numpy and by the prologue."""

    def __init__(self, tracer: Tracer, value: np.ndarray, call: int) -> None:
        self.tracer, self.value, self.call = tracer, value, call

    shape = property(lambda self: self.value.shape)
    dtype = property(lambda self: self.value.dtype)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **known: Any) -> Any:
        """Apply a ufunc by numpy, and record the call."""
        if any(isinstance(each, Traced) for each in inputs):
            return NotImplemented
        if known.pop("out", None) and self.ndim:
            untraceable(f"numpy's {ufunc.__name__} in place (+=, out=) on what all runs share")
        return self.tracer.shared(
            ufunc if method == "__call__" else getattr(ufunc, method), *inputs, **known
        )

    def __getitem__(self, key: Any) -> Any:
        """Return part of the array; the index may differ by run."""
        if any(isinstance(each, Traced) for each in parts_of(key)):
            return picked(self.tracer, self, key)
        return self.tracer.shared(operator.getitem, self, key)

    def __getattr__(self, name: str) -> Any:
        """Return a method of numpy's arrays whose calls are recorded."""
        if name.startswith("__") or not callable(getattr(np.ndarray, name, None)):
            raise AttributeError(name)
        return lambda *args, **known: self.tracer.shared(ArrayMethod(name), self, *args, **known)

    T = property(lambda self: self.tracer.shared(np.transpose, self))


class Traced(Symbol):
    """An array that differs by run: a node of the graph."""

    def __init__(self, tracer: Tracer, node: GraphNode) -> None:
        self.tracer, self._node = tracer, node
        self.whole = self  # the array of which it is a view
        self.written: str | None = None  # where it is changed in place

    @property
    def node(self) -> GraphNode:
        """Return the node of the array; refuse if it was changed in place through a view."""
        if self.whole.written is not None:
            where = self.whole.written
            untraceable(f"an array changed in place (+=, out=){where}; and then read")
        return self._node

    shape = property(lambda self: (*self.node.rows, RUNS))
    dtype = property(lambda self: self.node.dtype)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **known: Any) -> Any:
        """Record a ufunc; an array that numpy would change in place must not be read again."""
        changed = known.pop("out", ())
        if method != "__call__" or known:
            untraceable(f"numpy's {ufunc.__name__}.{method}")
        value = self.tracer.elementwise(ufunc.__name__, inputs)
        for each in changed:
            if not isinstance(each, Traced):
                untraceable(f"numpy's {ufunc.__name__} into an array that is no symbol")
            each.whole.written = asked_by()
        return value

    def __getitem__(self, key: Any) -> "Traced":
        """Return some rows, by a key that is fixed or computed by the prologue."""
        part = row_key(key, self.ndim)
        if any(isinstance(each, Traced) for each in part):
            untraceable("an index that differs by run in [...]: use pick")
        if any(isinstance(each, Shared) for each in part):
            return self.rows_of(self.tracer.shared(rows_at, self.node.rows, part))
        return self.rows(rows_at(self.node.rows, part))

    def rows(self, index: np.ndarray) -> "Traced":
        """Return the rows at fixed places; the result has the shape of `index`."""
        flat = index.reshape(-1)
        keeps = flat.size == self.node.count and bool((flat == np.arange(flat.size)).all())
        if keeps and index.shape == self.node.rows:
            return self
        if self.node.length is not None and not keeps:
            untraceable("rows of a list whose length is not known")
        part = self.tracer.traced(
            "rows", (self.node,), index.shape, self.dtype, index=flat.astype(np.int64)
        )
        part.whole = self.whole
        return part

    def rows_of(self, index: Shared) -> "Traced":
        """Return the rows at places that the prologue computes."""
        pin = self.tracer.pin(index, index.shape)
        return self.tracer.traced("rows_of", (self.node, pin), index.shape, self.dtype)

    def reshape(self, *shape: Any) -> "Traced":
        """Return the same rows in another shape; the runs stay the last axis."""
        wanted = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple) else shape
        if wanted[-1] not in (RUNS, -1) or (wanted[-1] == -1 and -1 in wanted[:-1]):
            untraceable("a reshape that moves the runs axis")
        return self.rows(np.arange(self.node.count).reshape(wanted[:-1]))

    def astype(self, dtype: Any, **_: Any) -> "Traced":
        """Return the array as another type of number."""
        return Traced(self.tracer, self.tracer.cast(self.node, dtype))

    def clip(self, low: Any, high: Any) -> "Traced":
        """Return numbers within bounds."""
        return np.clip(self, low, high)  # type: ignore[return-value]

    def __getattr__(self, name: str) -> Any:
        """Refuse the other methods of numpy's arrays."""
        if not name.startswith("__") and hasattr(np.ndarray, name):
            kind = "method " * callable(getattr(np.ndarray, name))
            untraceable(f"numpy's {kind}{name} of an array that differs by run")
        raise AttributeError(name)

    def copy(self) -> "Traced":
        """Return the same numbers as a new array."""
        return Traced(self.tracer, self.node)

    def reduced(self, how: str, axis: Any = None) -> "Traced":
        """Return the reduction over an axis before the runs."""
        if not isinstance(axis, int) or axis % self.ndim == self.ndim - 1:
            untraceable(f"{how} over the runs, or over all axes")
        axis %= self.ndim
        if self.dtype.kind == "b":
            how = {"max": "any", "min": "all"}.get(how, how)
        rows = self.node.rows[:axis] + self.node.rows[axis + 1 :]
        dtype = REDUCTIONS[how](np.ones((1, 1), self.dtype), axis=0).dtype
        node = self.node
        if how in ("any", "all"):
            node = self.tracer.cast(node, np.bool_)
        elif how in ("sum", "argmax"):
            node = self.tracer.cast(node, dtype if how == "sum" else np.float64)
        if node.rows[axis] == 0:
            empty = np.zeros(rows, dtype) if how == "sum" else None
            if empty is None:
                untraceable(f"{how} of nothing")
            return self.tracer.elementwise("add", [empty[..., None], np.zeros((1,))])
        return self.tracer.traced("reduce", (node,), rows, dtype, how=how, axis=axis)


def _reduction(how: str) -> Callable[..., Traced]:
    def reduced(self: Traced, axis: Any = None) -> Traced:
        return self.reduced(how, axis)

    reduced.__qualname__ = how  # the name in Python's message on wrong arguments
    return reduced


for _how in REDUCTIONS:
    setattr(Traced, _how, _reduction(_how))


class FixedTable(np.ndarray):
    """A fixed table of the layout, which may be indexed by run."""

    def __getitem__(self, key: Any) -> Any:
        """Return part of the table; by numpy, unless the key is a symbol."""
        parts = [each for each in parts_of(key) if isinstance(each, Symbol)]
        if not parts:
            return super().__getitem__(key)
        if any(isinstance(each, Traced) for each in parts):
            return picked(parts[0].tracer, self.view(np.ndarray), key)
        return parts[0].tracer.shared(operator.getitem, self.view(np.ndarray), key)


def picked(tracer: Tracer, table: Any, key: Any) -> Traced:
    """Return the entry of each run of a table without a runs axis, with an index for each axis."""
    parts = key if isinstance(key, tuple) else (key,)
    if len(parts) != len(table.shape):
        untraceable("a table read by run needs an index for every axis")
    cell = cell_of(table.shape, parts)
    node = tracer.table(table)
    return tracer.traced("pick", (node, cell.node), cell.node.rows, table.dtype)


def _plain(value: Any) -> Any:
    def plain(each: Any) -> Any:
        if isinstance(each, Shared):
            number = each.value
            return number[()] if number.ndim == 0 else number
        return each

    return mapped(value, plain)


def _referring(value: Any) -> Any:
    return mapped(value, lambda each: Reference(each.call) if isinstance(each, Shared) else each)


@dataclass(frozen=True)
class ArrayMethod:
    """A method of numpy's arrays as a function, which can be kept in a file."""

    name: str

    def __call__(self, array: Any, *args: Any, **known: Any) -> Any:
        """Call the method of an array."""
        return getattr(array, self.name)(*args, **known)

    def __str__(self) -> str:
        return self.name


def _name(function: Any) -> str:
    return str(getattr(function, "__name__", function))
