"""A metric is declared at its function: subject, unit and range, when it is known, what it says."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from operator import attrgetter
from typing import Any

EVERY = "every period"
END = "end of run"

# units that are ranges; the numbers in other units have no upper end
ENDS = {"0 to 1": (0.0, 1.0), "-1 to 1": (-1.0, 1.0), "0 to 5": (0.0, 5.0), "0 or 1": (0.0, 1.0)}


@dataclass(frozen=True, kw_only=True)
class Metric:
    """What is known of a metric beside its name."""

    kind: str  # bloc, member, dyad, tie, state, supply, query or sale
    unit: str
    text: str  # its definition
    when: str = EVERY
    summed: bool = False  # over the periods so far
    low: float = 0.0
    high: float = inf
    function: Callable[..., Any] | None = None  # of what is known of its kind of subject


class Metrics(dict[str, Metric]):
    """The metrics that a file declares for one kind of subject, by name, in their order.

    Keywords are other fields of a Metric.
    """

    def __init__(self, kind: str) -> None:
        """Keep the kind of subject."""
        super().__init__()
        self.kind = kind

    def declare(self, name: str, unit: str, text: str, **known: Any) -> None:
        """Declare a metric that is computed elsewhere."""
        low, high = ENDS.get(unit, (0.0, inf))
        fields = {"low": low, "high": high, **known}
        self[name] = Metric(kind=self.kind, unit=unit, text=text, **fields)

    def plain(self, name: str, unit: str, text: str, *, of: str = "", **known: Any) -> None:
        """Declare what is known of its subjects, under that name or `of`, as a metric."""
        self.declare(name, unit, text, function=attrgetter(of or name), **known)

    def metric(
        self, unit: str, text: str, **known: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Return a decorator that declares a function as the metric of its name."""

        def declared(function: Callable[..., Any]) -> Callable[..., Any]:
            self.declare(function.__name__, unit, text, function=function, **known)
            return function

        return declared
