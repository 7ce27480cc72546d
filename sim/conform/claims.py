"""Verdicts: whether something holds, and the worst case against it.

Kinds of claim that a theory makes of a law, each of which can be held against the law.

A claim draws the law's parameters within their bounds, a set of them for each run, and its
arguments within theirs, by a fixed seed; what it finds is the worst violation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.conform.domains import (
    SIZES,
    arguments_of,
    arrays_for,
    axes_of,
    drawn_law,
    in_range,
    methods_of,
    range_of,
    total,
)


@dataclass(frozen=True)
class Conformity:
    """Whether a law keeps a claim, and the worst case against it."""

    law: str
    claim: str
    holds: bool
    worst: str = ""


@dataclass(frozen=True)
class Excess:
    """The largest violation: its size and place, and what was compared there."""

    size: float
    at: tuple[int, ...] = ()
    seen: str = ""

    def told(self, law: Any, given: Mapping[str, Any]) -> str:
        """Return the case in words: arguments and parameters where the claim fails worst."""
        cells = {name: self._cell(value) for name, value in {**given, **vars(law)}.items()}
        about = ", ".join(f"{name} {value:.4g}" for name, value in cells.items())
        return f"{self.seen}; at {about}" if about else self.seen

    def _cell(self, value: Any) -> float:
        """Return an argument where the case lies; of one that was summed over, its mean."""
        array = np.asarray(value, dtype=float)
        if array.ndim == 0:
            return float(array)
        if array.ndim == len(self.at):
            place = tuple(min(i, n - 1) for i, n in zip(self.at, array.shape, strict=True))
            return float(array[place])
        return float(array[..., min(self.at[-1], array.shape[-1] - 1)].mean())


def compared(low: Any, high: Any, what: str) -> Excess:
    """Return how far `low` lies above `high`, relative to their size; not a number counts."""
    low, high = np.broadcast_arrays(np.asarray(low, float), np.asarray(high, float))
    if low.size == 0:
        return Excess(np.inf, (0,), "nothing to compare")
    same = low == high  # infinities too
    with np.errstate(invalid="ignore"):
        gap = np.where(same, 0.0, (low - high) / (1.0 + np.minimum(abs(low), abs(high))))
    gap = np.where(np.isnan(gap), np.inf, gap)
    at = tuple(int(i) for i in np.unravel_index(np.argmax(gap), gap.shape))
    return Excess(float(gap[at]), at, f"{what}: {low[at]:.6g} and {high[at]:.6g}")


def equal(one: Any, other: Any, what: str) -> Excess:
    """Return how far two answers differ."""
    return max(compared(one, other, what), compared(other, one, what), key=lambda each: each.size)


RUNS = 64  # sets of parameters; each meets several sets of arguments
FAR = 1e15  # as good as infinite
SLACK = 1e-9  # relative: what rounding may do
Arguments = dict[str, Any]
Value = float | str | Callable[[Any, Arguments], Any]  # a number, another argument, or a formula
Ends = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Something that a theory says of a method of a law."""

    method: str
    where: Mapping[str, Ends] = field(default_factory=dict)  # narrower ranges of some arguments
    fixed: Mapping[str, Value] = field(default_factory=dict)  # arguments that do not vary

    @property
    def text(self) -> str:
        """Return the claim in words."""
        raise NotImplementedError

    def excess(self, law: Any, given: Arguments, rng: np.random.Generator) -> Excess:
        """Return how far the law goes against the claim, and at which arguments."""
        raise NotImplementedError

    def held(self, law: type, seed: int = 0) -> Conformity:
        """Return the verdict on a law."""
        given = arrays_for(law, self.method, seed, RUNS, self.where)
        drawn = drawn_law(law, seed, RUNS)
        for name, value in self.fixed.items():
            made = value(drawn, given) if callable(value) else given.get(str(value), value)
            shaped = isinstance(given[name], np.ndarray)
            given[name] = np.broadcast_to(made, given[name].shape) + 0.0 if shaped else made
        with np.errstate(all="ignore"):  # a division by zero shows as an excess, not as a warning
            found = self.excess(drawn, given, np.random.default_rng(seed))
        worst = "" if found.size <= SLACK else found.told(drawn, given)
        return Conformity(law.__name__, f"{self.method}: {self.text}", not worst, worst)


@dataclass(frozen=True, kw_only=True)
class Moves(Claim):
    """The answer rises, falls or stands still as an argument grows, all else equal.

    `either` names arguments of which the theory gives no single sign, with the reason.
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
            "does not feel": self.still,
        }
        said = "; ".join(f"{verb} {', '.join(n.split())}" for verb, n in parts.items() if n)
        return said or f"no single sign for {', '.join(self.either.split())} ({self.why})"

    def named(self) -> set[str]:
        """Return the arguments that the claim speaks of."""
        return {*self.rises.split(), *self.falls.split(), *self.still.split(), *self.either.split()}

    def excess(self, law: Any, given: Arguments, rng: np.random.Generator) -> Excess:
        """Return the largest move against a sign."""
        worst = Excess(0.0)
        for names, sign in ((self.rises, 1), (self.falls, -1), (self.still, 0)):
            for name in names.split():
                found = self._move(law, given, name, sign, rng)
                worst = max(worst, found, key=lambda each: each.size)
        return worst

    def _move(
        self, law: Any, given: Arguments, name: str, sign: int, rng: np.random.Generator
    ) -> Excess:
        """Return how far the answer moves against its sign as one argument grows."""
        low, high = self.where.get(name, range_of(type(law), name))
        lower, upper = np.sort(rng.uniform(low, high, (2, *given[name].shape)), axis=0)
        method = getattr(law, self.method)
        before, after = (total(method(**{**given, name: each})) for each in (lower, upper))
        if sign == 0:
            return equal(before, after, f"feels {name}")
        ends = (before, after) if sign > 0 else (after, before)
        verb = "falls" if sign > 0 else "rises"
        return compared(*ends, f"{verb} as {name} grows")


@dataclass(frozen=True, kw_only=True)
class Within(Claim):
    """The answer lies between two bounds: numbers, or formulas of the law's parameters."""

    low: Value = -np.inf
    high: Value = np.inf
    said: str = ""

    @property
    def text(self) -> str:
        """Return the bounds in words."""
        return self.said or f"lies within {self.low} to {self.high}"

    def excess(self, law: Any, given: Arguments, rng: np.random.Generator) -> Excess:
        """Return how far the answer leaves its bounds."""
        del rng
        answer = total(getattr(law, self.method)(**given))
        low, high = (e(law, given) if callable(e) else e for e in (self.low, self.high))
        ends = compared(low, answer, "below"), compared(answer, high, "above")
        return max(ends, key=lambda each: each.size)


@dataclass(frozen=True, kw_only=True)
class Limit(Claim):
    """With some arguments at a limit the answer is a number, an argument or a formula."""

    said: str
    equals: Value

    @property
    def text(self) -> str:
        """Return the limit in words."""
        return self.said

    def excess(self, law: Any, given: Arguments, rng: np.random.Generator) -> Excess:
        """Return how far the answer lies from the limit."""
        del rng
        answer = total(getattr(law, self.method)(**given))
        value = self.equals
        wanted = value(law, given) if callable(value) else given.get(str(value), value)
        return equal(answer, wanted, "differ")


@dataclass(frozen=True, kw_only=True)
class Identity(Claim):
    """Two formulas agree wherever the law is asked."""

    said: str
    left: Callable[[Any, Any], Any]
    right: Callable[[Any, Any], Any]

    @property
    def text(self) -> str:
        """Return the identity in words."""
        return self.said

    def excess(self, law: Any, given: Arguments, rng: np.random.Generator) -> Excess:
        """Return how far the two formulas differ."""
        del rng
        return equal(total(self.left(law, given)), total(self.right(law, given)), "differ")


@dataclass(frozen=True, kw_only=True)
class Halves(Claim):
    """Two half periods move a quantity as far as one whole period."""

    of: str  # the argument that the answer replaces

    @property
    def text(self) -> str:
        """Return the claim in words."""
        return "two half periods do what one whole period does"

    def excess(self, law: Any, given: Arguments, rng: np.random.Generator) -> Excess:
        """Return how far two halves and a whole differ."""
        del rng
        method = getattr(law, self.method)
        half = {**given, "dt": given["dt"] / 2}
        twice = method(**{**half, self.of: method(**half)})
        return equal(twice, method(**given), "two halves and a whole differ")


@dataclass(frozen=True, kw_only=True)
class Relabelled(Claim):
    """Renaming the states, blocs or rows renames the answer and changes nothing else."""

    @property
    def text(self) -> str:
        """Return the claim in words."""
        return "relabelling the rows relabels the answer"

    def excess(self, law: Any, given: Arguments, rng: np.random.Generator) -> Excess:
        """Return how far the answer to permuted arguments differs from the permuted answer."""
        kind: Any = type(law)
        worst = Excess(0.0)
        whole = np.asarray(total(getattr(law, self.method)(**given)))
        axes = {name: axes_of(kind, self.method, name) for name in arguments_of(kind, self.method)}
        for label, size in SIZES.items():
            if any(label in each for each in axes.values()):
                order = rng.permutation(size)
                moved = {n: _taken(v, axes[n], label, order) for n, v in given.items()}
                answer = total(getattr(law, self.method)(**moved))
                there = axes_of(kind, self.method, "")
                wanted = _taken(whole, there, label, order)
                found = equal(answer, wanted, f"permuting {label} changes the answer")
                worst = max(worst, found, key=lambda each: each.size)
        return worst


def _taken(value: Any, axes: tuple[str, ...], label: str, order: np.ndarray) -> Any:
    """Return an array permuted along every axis of a name."""
    if isinstance(value, np.ndarray):
        for at, axis in enumerate(axes):
            value = np.take(value, order, axis=at) if axis == label else value
    return value


def unspoken(law: type, claims: tuple[Claim, ...]) -> list[str]:
    """Return what a theory is silent about: methods, and arguments without a sign."""
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
                silent.append(f"{method}: the sign of {name}")
    return silent


Theory = tuple[Claim, ...]  # what is said of one variant of a law
