"""Assembly: the text of a function in LLVM's assembly language, written line by line."""

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.engine.number_types import KINDS


def kind(dtype: Any) -> str:
    """Return LLVM's name of a type of number."""
    dtype = np.dtype(dtype)
    return KINDS[f"{dtype.kind}{dtype.itemsize}"]


def literal(value: Any, dtype: Any) -> str:
    """Return a number as LLVM writes it."""
    if np.dtype(dtype).kind == "f":
        return "0x" + struct.pack(">d", float(value)).hex().upper()
    return str(int(value))


@dataclass(eq=False)
class Function:
    """The text of one function, while it is written."""

    lanes: int
    lines: list[str] = field(default_factory=list)
    names: int = 0
    block: str = "entry"  # the current basic block
    pointers: dict[str, str] = field(default_factory=dict)  # place -> name of its pointer
    known: dict[Any, str] = field(default_factory=dict)  # values computed in this loop already
    strided: bool = False  # whether it writes metrics

    def fresh(self) -> str:
        """Return a new name."""
        self.names += 1
        return f"%v{self.names}"

    def do(self, text: str) -> str:
        """Write an instruction and return the name of its result."""
        name = self.fresh()
        self.lines.append(f"  {name} = {text}")
        return name

    def write(self, text: str) -> None:
        """Write an instruction without a result."""
        self.lines.append(f"  {text}")

    def vector(self, dtype: Any) -> str:
        """Return the type of a vector of numbers, one for each run."""
        return f"<{self.lanes} x {kind(dtype)}>"

    def all_lanes(self, dtype: Any, value: Any) -> str:
        """Return a literal vector of equal numbers."""
        one = f"{kind(dtype)} {literal(value, dtype)}"
        return f"<{', '.join([one] * self.lanes)}>"

    def lane_numbers(self) -> str:
        """Return the literal vector 0, 1, 2 ..."""
        return f"<{', '.join(f'i64 {n}' for n in range(self.lanes))}>"

    def splat(self, dtype: Any, scalar: str) -> str:
        """Return a vector of equal numbers."""
        vector = self.vector(dtype)
        one = self.do(f"insertelement {vector} poison, {kind(dtype)} {scalar}, i32 0")
        zeros = f"<{self.lanes} x i32> zeroinitializer"
        return self.do(f"shufflevector {vector} {one}, {vector} poison, {zeros}")

    def pointer(self, place: str) -> str:
        """Return the name of a pointer to a place, which the head of the function computes."""
        if place not in self.pointers:
            self.pointers[place] = f"%p{len(self.pointers)}"
        return self.pointers[place]

    def at(self, pointer: str, element: str, index: str) -> str:
        """Return a pointer to an element."""
        return self.do(f"getelementptr {element}, ptr {pointer}, i64 {index}")

    def open(self, label: str) -> None:
        """Begin a block."""
        self.lines.append(f"{label}:")
        self.block = label

    @contextmanager
    def branch(self, condition: str) -> Iterator[tuple[int, str]]:
        """Write code for where a condition holds; yield a number and the block before."""
        known, self.known = self.known, dict(self.known)
        self.names += 1
        number, before = self.names, self.block
        self.write(f"br i1 {condition}, label %then{number}, label %after{number}")
        self.open(f"then{number}")
        yield number, before
        self.write(f"br label %after{number}")
        self.open(f"after{number}")
        self.known = known

    @contextmanager
    def loop(self, trip: int | str) -> Iterator[str]:
        """Write a loop and yield its counter. Values computed within are not known after it."""
        with self.fold(0, trip, []) as (counter, _):
            yield counter

    @contextmanager
    def fold(
        self, start: int | str, stop: int | str, firsts: Sequence[tuple[str, str]]
    ) -> Iterator[tuple[str, list[str]]]:
        """Write a loop that passes numbers on from round to round.

        `firsts` are their types and first values. The counter and the names of the numbers are
        yielded; the body replaces the names by those of the new values. After the loop the old
        names hold the values of the last round.
        """
        known, self.known = self.known, {}
        self.names += 1
        number, before = self.names, self.block
        counter, totals = f"%r{number}", [f"%a{number}_{n}" for n in range(len(firsts))]
        self.write(f"br label %head{number}")
        self.open(f"head{number}")
        mark = len(self.lines)
        self.lines += [""] * (1 + len(firsts))
        more = self.do(f"icmp slt i64 {counter}, {stop}")
        self.write(f"br i1 {more}, label %body{number}, label %done{number}")
        self.open(f"body{number}")
        new = list(totals)
        yield counter, new
        after = self.do(f"add i64 {counter}, 1")
        self.write(f"br label %head{number}")
        carried = [("i64", counter, start, after)]
        for (kind_of, first), total, last in zip(firsts, totals, new, strict=True):
            carried.append((kind_of, total, first, last))
        self.lines[mark : mark + len(carried)] = [
            f"  {name} = phi {of} [ {first}, %{before} ], [ {last}, %{self.block} ]"
            for of, name, first, last in carried
        ]
        self.open(f"done{number}")
        self.known = known
        new[:] = totals
