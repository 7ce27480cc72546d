"""Options of an ensemble, and checks of options."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from numbers import Integral, Real
from typing import Any

from sim.engine.engine_names import AUTO, ENGINES
from sim.kernel.errors import InputError, Problem, need_lists
from sim.kernel.words import either, meant, quoted

MOST_JOBS = 10_000
BLOCK = 500  # runs of a block; a power of two makes rows collide in the cache (bench/README.md)
FIRST = 50  # runs of every variant that come first, with events and reasons
SERIES = 2000  # runs in series, at most
RANGED = 200  # runs with stability over all weights of entrapment, at most
DYADS = ("auto", "all", "related")  # pairs of states of which tables hold series and ties
XIS = (0.0, 0.15, 0.3, 0.45, 0.6)  # weights of entrapment that `stability.csv` reports

Progress = Callable[[int, int], None]  # runs done, runs in all


@dataclass(frozen=True, kw_only=True)
class Options:
    """Options of an ensemble; `jobs` and `block` do not change any byte of its tables."""

    jobs: int = 1
    block: int = BLOCK
    engine: str = AUTO  # the manifest says which one was used
    transfers: int = 100  # runs whose requests and orders are listed
    dyads: str = "auto"  # pairs of states of which tables hold series and ties
    exact_to: int = 14  # largest number of states with exact frustration
    nu: float = 0.1  # worth in insecurity of a year of budget in terms: by_rent / by_protection
    xi: float = 0.3  # cost of entrapment

    def __post_init__(self) -> None:
        """Raise InputError for options out of bounds; the problem names the flag."""
        bounds = {
            "jobs": (1, MOST_JOBS),
            "block": (1, 10**9),
            "transfers": (0, 10**9),
            "exact_to": (0, 20),
            "nu": (0, 1000),
            "xi": (0, 1000),
        }
        whole = {name: getattr(self, name) for name in bounds if name not in ("nu", "xi")}
        refuse_wrong(**whole)
        real: dict[str, Any] = {"nu": self.nu, "xi": self.xi}
        wrong = [
            Problem(_flag(name), 0, 0, "", f"must be a number, got {value!r}")
            for name, value in real.items()
            if isinstance(value, bool) or not isinstance(value, Real)
        ]
        if wrong:
            raise InputError(wrong)
        refuse_outside(self, bounds)
        for name, known in (("engine", ENGINES), ("dyads", DYADS)):
            if getattr(self, name) not in known:
                message = f"must be {either(known)}, got {getattr(self, name)!r}"
                raise InputError([Problem(_flag(name), 0, 0, "", message)])

    @property
    def watched(self) -> int:
        """Return the number of runs with events and reasons, at most."""
        return min(self.transfers, FIRST)

    @property
    def xis(self) -> tuple[float, ...]:
        """Return the weights of entrapment to be reported, with the one in force."""
        return tuple(sorted({*XIS, self.xi}))

    def counting(self) -> dict[str, Any]:
        """Return the options on which the tables depend."""
        ways = {"jobs", "block", "engine", "dyads"}  # an ensemble adds its choice of dyads
        return {name: value for name, value in asdict(self).items() if name not in ways}


def silent(*_: object) -> None:
    """Do nothing: a callback for progress and messages that are not wanted."""


def refuse_wrong(*, sets: Any = (), **whole: Any) -> None:
    """Raise InputError unless settings are a list of texts and options are whole numbers."""
    need_lists(sets=sets)
    problems = [
        Problem(_flag(name), 0, 0, "", f"must be a whole number, got {value!r}")
        for name, value in whole.items()
        if value is not None and (isinstance(value, bool) or not isinstance(value, Integral))
    ]
    if problems:
        raise InputError(problems)


def refuse_unknown(
    kind: str, names: Iterable[str], known: Collection[str], *, flag: str = "", where: str = ""
) -> None:
    """Raise InputError for unknown names, each with the known one that was probably meant."""
    flag = flag or f"--{kind}"
    problems = [
        Problem(flag, 0, 0, "", f"no {kind} {quoted(name)}{where}{meant(name, known)}")
        for name in names
        if name not in known
    ]
    if problems:
        raise InputError(problems)


def refuse_outside(options: Any, bounds: Mapping[str, tuple[float, float]]) -> None:
    """Raise InputError for options out of bounds; the problem names the flag."""
    problems = [
        Problem(_flag(name), 0, 0, "", f"must be {low} to {high}, got {value}")
        for name, (low, high) in bounds.items()
        if not low <= (value := getattr(options, name)) <= high
    ]
    if problems:
        raise InputError(problems)


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")
