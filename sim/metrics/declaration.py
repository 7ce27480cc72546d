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
    """The metrics that a file declares, by name, in their order."""

    def declare(
        self, name: str, kind: str, unit: str, text: str, *, of: str = "", **known: Any
    ) -> None:
        """Declare a metric; `known` are other fields of a Metric.

        With `of` it is what is known under that name of its subjects, as it stands.
        """
        low, high = ENDS.get(unit, (0.0, inf))
        fields = {"low": low, "high": high, "function": attrgetter(of) if of else None, **known}
        self[name] = Metric(kind=kind, unit=unit, text=text, **fields)

    def metric(
        self, kind: str, unit: str, text: str, **known: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Return a decorator that declares a function as the metric of its name."""

        def declared(function: Callable[..., Any]) -> Callable[..., Any]:
            self.declare(function.__name__, kind, unit, text, function=function, **known)
            return function

        return declared
