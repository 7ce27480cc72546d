"""Claims of a theory about a law, each of which can be tested on the law.

A claim is tested for many sets of the law's parameters, one per run, and of its arguments, all
drawn within their bounds with a fixed seed. The verdict reports the worst violation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.conform.domains import (
    SIZES,
    Ends,
    arguments_of,
    arrays_for,
    axes_of,
    drawn_law,
    in_range,
    methods_of,
    range_of,
    total,
)

RUNS = 64  # sets of parameters, each with several sets of arguments
SEED = 0
FAR = 1e15  # practically infinite
SLACK = 1e-9  # relative error by rounding
Arguments = dict[str, Any]
Value = float | str | Callable[[Any, Arguments], Any]  # a number, another argument, or a formula


@dataclass(frozen=True)
class Conformity:
    """Whether a claim holds for a law, and the worst case against it."""

    law: str
    claim: str
    holds: bool
    worst: str = ""


@dataclass(frozen=True)
class Excess:
    """The largest violation of a claim: its size, its place, and the numbers compared there."""

    size: float
    at: tuple[int, ...] = ()
    seen: str = ""

    def words(self, law: Any, arguments: Arguments) -> str:
        """Return the case in words, with the arguments and parameters at its place."""
        cells = {name: self._cell(value) for name, value in {**arguments, **vars(law)}.items()}
        case = ", ".join(f"{name} {value:.4g}" for name, value in cells.items())
        return f"{self.seen}; at {case}" if case else self.seen

    def _cell(self, value: Any) -> float:
        """Return an argument at the place of the case; its mean if other axes were summed over."""
        array = np.asarray(value, dtype=float)
        if array.ndim == 0:
            return float(array)
        if array.ndim == len(self.at):
            place = tuple(min(i, n - 1) for i, n in zip(self.at, array.shape, strict=True))
            return float(array[place])
        return float(array[..., min(self.at[-1], array.shape[-1] - 1)].mean())


def above(low: Any, high: Any, what: str) -> Excess:
    """Return how far `low` lies above `high`, relative to their size; nan counts as infinite."""
    low, high = np.broadcast_arrays(np.asarray(low, float), np.asarray(high, float))
    if low.size == 0:
        return Excess(np.inf, (0,), "nothing to compare")
    same = low == high  # infinities too
    with np.errstate(invalid="ignore"):
        gap = np.where(same, 0.0, (low - high) / (1.0 + np.minimum(abs(low), abs(high))))
    gap = np.where(np.isnan(gap), np.inf, gap)
    at = tuple(int(i) for i in np.unravel_index(np.argmax(gap), gap.shape))
    return Excess(float(gap[at]), at, f"{what}: {low[at]:.6g} and {high[at]:.6g}")


def apart(one: Any, other: Any, what: str) -> Excess:
    """Return how far two arrays differ, relative to their size."""
    return largest(above(one, other, what), above(other, one, what))


def largest(*cases: Excess) -> Excess:
    """Return the worst of some cases, the first of equal ones; no violation without cases."""
    return max(cases, key=lambda case: case.size, default=Excess(0.0))


@dataclass(frozen=True)
class Claim:
    """A claim of a theory about a method of a law."""

    method: str
    said: str = field(default="", kw_only=True)
    where: Mapping[str, Ends] = field(default_factory=dict, kw_only=True)  # narrower ranges
    fixed: Mapping[str, Value] = field(default_factory=dict, kw_only=True)  # held arguments

    @property
    def text(self) -> str:
        """Return the claim in words."""
        return self.said

    def excess(self, law: Any, a: Arguments) -> Excess:
        """Return the worst violation of the claim by a law with arguments `a`."""
        raise NotImplementedError

    def answer(self, law: Any, a: Arguments) -> Any:
        """Return the answer of the law, or the sum of its terms."""
        return total(getattr(law, self.method)(**a))

    def verdict(self, law: type) -> Conformity:
        """Return whether the claim holds for a law."""
        drawn = drawn_law(law, SEED, RUNS)
        arguments = arrays_for(law, self.method, SEED, RUNS, self.where)
        for name, value in self.fixed.items():
            old, new = arguments[name], _value(value, drawn, arguments)
            shaped = isinstance(old, np.ndarray)
            arguments[name] = np.broadcast_to(new, old.shape) + 0.0 if shaped else new
        with np.errstate(all="ignore"):  # a division by zero shows as an excess, not as a warning
            worst = self.excess(drawn, arguments)
        case = "" if worst.size <= SLACK else worst.words(drawn, arguments)
        return Conformity(law.__name__, f"{self.method}: {self.text}", not case, case)


def _value(value: Value, law: Any, a: Arguments) -> Any:
    """Return a number, an argument by its name, or the result of a formula."""
    return value(law, a) if callable(value) else a.get(str(value), value)


@dataclass(frozen=True, kw_only=True)
class Moves(Claim):
    """The answer rises, falls or does not change as an argument grows, all else equal.

    `either` names arguments for which the theory gives no single sign; `why` is the reason.
    """

    rises: str = ""
    falls: str = ""
    still: str = ""
    either: str = ""
    why: str = ""

    @property
    def text(self) -> str:
        """Return the signs in words."""
        parts = {
            "rises with": self.rises,
            "falls with": self.falls,
            "does not depend on": self.still,
        }
        signs = [f"{verb} {', '.join(names.split())}" for verb, names in parts.items() if names]
        none = f"no single sign for {', '.join(self.either.split())} ({self.why})"
        return "; ".join(signs) or none

    def named(self) -> set[str]:
        """Return the arguments that the claim is about."""
        return {*self.rises.split(), *self.falls.split(), *self.still.split(), *self.either.split()}

    def excess(self, law: Any, a: Arguments) -> Excess:
        """Return the largest change against a sign."""
        rng = np.random.default_rng(SEED)
        cases = []
        for names, sign in ((self.rises, 1), (self.falls, -1), (self.still, 0)):
            for name in names.split():
                low, high = self.where.get(name, range_of(type(law), name))
                ends = np.sort(rng.uniform(low, high, (2, *a[name].shape)), axis=0)
                before, after = (self.answer(law, {**a, name: end}) for end in ends)
                if sign == 0:
                    cases.append(apart(before, after, f"depends on {name}"))
                elif sign > 0:
                    cases.append(above(before, after, f"falls as {name} grows"))
                else:
                    cases.append(above(after, before, f"rises as {name} grows"))
        return largest(*cases)


@dataclass(frozen=True)
class Within(Claim):
    """The answer lies between two bounds: numbers, or formulas of the law's parameters."""

    low: Value = -np.inf
    high: Value = np.inf

    @property
    def text(self) -> str:
        """Return the bounds in words."""
        return self.said or f"lies within {self.low} to {self.high}"

    def excess(self, law: Any, a: Arguments) -> Excess:
        """Return how far the answer leaves its bounds."""
        answer = self.answer(law, a)
        low, high = (_value(end, law, a) for end in (self.low, self.high))
        return largest(above(low, answer, "below"), above(answer, high, "above"))


@dataclass(frozen=True)
class Limit(Claim):
    """With some arguments at a limit, the answer equals a number, an argument or a formula."""

    equals: Value

    def excess(self, law: Any, a: Arguments) -> Excess:
        """Return how far the answer lies from the limit."""
        return apart(self.answer(law, a), _value(self.equals, law, a), "differ")


@dataclass(frozen=True)
class Identity(Claim):
    """Two formulas agree for all arguments of a method."""

    left: Callable[[Any, Arguments], Any]
    right: Callable[[Any, Arguments], Any]

    def excess(self, law: Any, a: Arguments) -> Excess:
        """Return how far the two formulas differ."""
        return apart(total(self.left(law, a)), total(self.right(law, a)), "differ")


@dataclass(frozen=True)
class Halves(Claim):
    """Two half periods move a quantity as far as one whole period."""

    of: str  # the argument that the answer replaces
    said: str = field(default="two half periods do what one whole period does", kw_only=True)

    def excess(self, law: Any, a: Arguments) -> Excess:
        """Return how far two halves and a whole differ."""
        half = {**a, "dt": a["dt"] / 2}
        twice = self.answer(law, {**half, self.of: self.answer(law, half)})
        return apart(twice, self.answer(law, a), "two halves and a whole differ")


@dataclass(frozen=True)
class Relabelled(Claim):
    """Permuting states, blocs or rows permutes the answer, with no other change."""

    said: str = field(default="relabelling the rows relabels the answer", kw_only=True)

    def excess(self, law: Any, a: Arguments) -> Excess:
        """Return how far the answer to permuted arguments differs from the permuted answer."""
        kind: Any = type(law)
        rng = np.random.default_rng(SEED)
        names = (*arguments_of(kind, self.method), "")
        axes = {name: axes_of(kind, self.method, name) for name in names}
        whole = np.asarray(self.answer(law, a))
        cases = []
        for label, size in SIZES.items():
            if any(label in each for each in axes.values()):
                order = rng.permutation(size)
                moved = {name: _permuted(v, axes[name], label, order) for name, v in a.items()}
                answer, wanted = self.answer(law, moved), _permuted(whole, axes[""], label, order)
                cases.append(apart(answer, wanted, f"permuting {label} changes the answer"))
        return largest(*cases)


def _permuted(value: Any, axes: tuple[str, ...], label: str, order: np.ndarray) -> Any:
    if isinstance(value, np.ndarray):
        for at, axis in enumerate(axes):
            value = np.take(value, order, axis=at) if axis == label else value
    return value


def gaps_of(law: type, claims: tuple[Claim, ...]) -> list[str]:
    """Return the gaps of a theory: arguments without a sign or range, methods without period."""
    signs = {(c.method, name) for c in claims if isinstance(c, Moves) for name in c.named()}
    silent = []
    for method in methods_of(law):
        for name, hint in arguments_of(law, method).items():
            if hint is float:
                if not any(c.method == method and "period" in c.text for c in claims):
                    silent.append(f"{method}: what halving the period does")
            elif not in_range(law, name):
                silent.append(f"{method}: the range of {name} (sim/conform/domains.py)")
            elif (method, name) not in signs:
                silent.append(f"{method}: the sign of {name} (sim/conform/theory/)")
    return silent


Theory = tuple[Claim, ...]  # the claims about one variant of a law
