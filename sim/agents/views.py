"""Views: attributes of an agent that are cells of the arrays of its model's world.

Reading one reads the world as it is now; setting one replaces the frozen world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import inf
from typing import Any, overload

from sim.kernel.arrays import put
from sim.kernel.errors import InputError, Problem
from sim.kernel.world import World, arrays_of

COLUMN = 0  # of the two equal ones, the column that is read

Cell = tuple[int, ...]
Cells = Callable[[Any], Mapping[str, Cell]]  # the cells of an agent, by name


def read(world: Any, field: str, cell: Cell) -> float:
    """Return one number of a world."""
    return float(getattr(world, field)[cell][COLUMN])


def write(agent: Any, key: str, value: Any, *, field: str, cell: Cell) -> None:
    """Replace the world of an agent's model by one with another number in a cell."""
    low, high = arrays_of(World)[field].low, arrays_of(World)[field].high
    number = hasattr(value, "__float__") and not isinstance(value, bool)
    if not number or not low <= float(value) <= high or abs(float(value)) == inf:
        needs = f"{low:g} to {high:g}" if high < inf else f"{low:g} or more"
        needs = "a finite number" if low == -inf else needs
        raise InputError([Problem(f"{agent.name}.{key}", 0, 0, "", f"needs {needs}, got {value}")])
    world = agent.model.world
    agent.model.world = world.but(**{field: put(getattr(world, field), cell, float(value))})


class Number:
    """An attribute of an agent that is one number of the world's array of the same name."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.field = name
        self.__doc__ = arrays_of(World)[name].doc

    @overload
    def __get__(self, agent: None, owner: type) -> Number: ...
    @overload
    def __get__(self, agent: Any, owner: type) -> float: ...
    def __get__(self, agent: Any, owner: type) -> Number | float:
        """Return the number as it is now."""
        if agent is None:
            return self
        return read(agent.model.world, self.field, (agent.row,))

    def __set__(self, agent: Any, value: Any) -> None:
        """Replace the world by one with another number."""
        write(agent, self.field, value, field=self.field, cell=(agent.row,))


class LiveNumbers(Mapping[str, float]):
    """Numbers of the world by name, such as what a state holds about all others; live."""

    def __init__(self, agent: Any, field: str, cells: Mapping[str, Cell]) -> None:
        """Keep the cells of the numbers."""
        self._agent = agent
        self._field = field
        self._cells = cells

    def __getitem__(self, name: str) -> float:
        """Return one number as it is now."""
        return read(self._agent.model.world, self._field, self._cells[name])

    def __setitem__(self, name: str, value: Any) -> None:
        """Replace the world by one with another number."""
        key = f"{self._field}[{name!r}]"
        if name not in self._cells:
            known = ", ".join(self._cells)
            message = f"no such number; known are {known}"
            raise InputError([Problem(f"{self._agent.name}.{key}", 0, 0, "", message)])
        write(self._agent, key, value, field=self._field, cell=self._cells[name])

    def update(self, values: Mapping[str, Any]) -> None:
        """Set the numbers that are named; the others stay."""
        for name, value in values.items():
            self[name] = value

    def __iter__(self) -> Iterator[str]:
        """Return the names, in the order of the world's rows."""
        return iter(self._cells)

    def __len__(self) -> int:
        """Return how many numbers there are."""
        return len(self._cells)

    def __repr__(self) -> str:
        """Return the numbers as a mapping reads."""
        return repr(dict(self))


class Numbers:
    """An attribute of an agent that is several numbers of such an array, by name."""

    def __init__(self, cells: Cells) -> None:
        """Keep the cells of the numbers."""
        self.cells = cells

    def __set_name__(self, owner: type, name: str) -> None:
        self.field = name
        self.__doc__ = arrays_of(World)[name].doc

    @overload
    def __get__(self, agent: None, owner: type) -> Numbers: ...
    @overload
    def __get__(self, agent: Any, owner: type) -> LiveNumbers: ...
    def __get__(self, agent: Any, owner: type) -> Numbers | LiveNumbers:
        """Return the numbers by name."""
        if agent is None:
            return self
        return LiveNumbers(agent, self.field, self.cells(agent))

    def __set__(self, agent: Any, values: Mapping[str, Any]) -> None:
        """Set the numbers that are named; the others stay."""
        LiveNumbers(agent, self.field, self.cells(agent)).update(values)
