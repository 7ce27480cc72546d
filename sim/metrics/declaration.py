"""A metric is declared at its function: subject, unit and range, when it is recorded, definition.

The smallest effect of interest is set by a rule independent of results: a tenth of the way between
two reference worlds of the metric's own definition, otherwise a unit that a reader would act on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from operator import attrgetter
from typing import Any

EVERY = "every period"
END = "end of run"
MASK = "0 or 1"

# units that are ranges; the numbers in other units have no upper end
ENDS = {"0 to 1": (0.0, 1.0), "-1 to 1": (-1.0, 1.0), "0 to 5": (0.0, 5.0), MASK: (0.0, 1.0)}


@dataclass(frozen=True)
class Smallest:
    """The smallest effect of interest, in the unit of the metric, and the rule that gives it."""

    value: float
    rule: str


def tenth(low: str, high: str, *, apart: float = 1.0) -> Smallest:
    """Return a tenth of the distance between two reference worlds."""
    return Smallest(apart / 10, f"a tenth of the way from {low} to {high}")


RUNS = tenth("never", "in every run")
SIDES = ("content", "credibility", "alignment", "concert")  # of cohesion


@dataclass(frozen=True, kw_only=True)
class Metric:
    """The declaration of a metric, without its name."""

    kind: str  # bloc, member, dyad, tie, state, supply, query or sale
    unit: str
    text: str  # its definition
    phrase: str  # its plain name: `cohesion of {bloc}`, `how {i} regards {j}`
    smallest: float
    rule: str  # the rule for the smallest effect of interest
    percent: bool = False  # shown in per cent
    when: str = EVERY
    summed: bool = False  # over the periods so far
    side: str = ""  # the side of the profile of cohesion that it belongs to
    cohort: bool = False  # over the members at the start, not the current ones
    fewest: int = 0  # members, the leader included, below which a bloc is too small for it
    low: float = 0.0
    high: float = inf
    function: Callable[..., Any] | None = None  # field of the data on its kind of subject


class Metrics(dict[str, Metric]):
    """The metrics that a file declares for one kind of subject, by name, in their order.

    Keywords are other fields of a Metric. A phrase names its subject by {bloc}, {i}, {j} and
    {system}: states in the order of the subject.
    """

    def __init__(self, kind: str) -> None:
        """Keep the kind of subject."""
        super().__init__()
        self.kind = kind

    def declare(
        self, name: str, unit: str, text: str, *, smallest: Smallest | None = None, **known: Any
    ) -> None:
        """Declare a metric that is computed elsewhere; one that is 0 or 1 counts runs."""
        low, high = ENDS.get(unit, (0.0, inf))
        least = smallest or RUNS
        if smallest is None and unit != MASK:
            message = f"{name}: declare the smallest effect of interest, {unit}"
            raise TypeError(message)
        fields = {"low": low, "high": high, "percent": unit == MASK, **known}
        fields |= {"smallest": least.value, "rule": least.rule}
        self[name] = Metric(kind=self.kind, unit=unit, text=text, **fields)

    def plain(self, name: str, unit: str, text: str, *, of: str = "", **known: Any) -> None:
        """Declare a field of the data on its subjects, under its own name or `of`, as a metric."""
        self.declare(name, unit, text, function=attrgetter(of or name), **known)

    def metric(
        self, unit: str, text: str, **known: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Return a decorator that declares a function as the metric of its name."""

        def declared(function: Callable[..., Any]) -> Callable[..., Any]:
            self.declare(function.__name__, unit, text, function=function, **known)
            return function

        return declared
