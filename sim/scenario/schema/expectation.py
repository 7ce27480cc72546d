"""Expectations: results that a scenario must show, in one of several forms."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.documents.leaves import Choice, Range, Ref, Text, refuse, share
from sim.documents.tree import YamlBlock
from sim.documents.window import Date
from sim.kernel.dates import months

FORMS = (("sign",), ("least", "most"), ("low", "high"), ("ratio",), ("share",))


class MeanRatio(YamlBlock):
    """The ratio of the mean to that of the variant it is compared with."""

    low: Annotated[float, Range("Least ratio.", plain=True)] | None = None
    high: Annotated[float, Range("Greatest ratio.", plain=True)] | None = None

    @model_validator(mode="after")
    def _bounded(self) -> MeanRatio:
        _check_bounds(self.low, self.high)
        return self


class RunShare(YamlBlock):
    """The share of runs in which the outcome, or its difference, is above a number."""

    above: Annotated[float, Range("Threshold in the outcome's unit.", plain=True)]
    of_runs: Annotated[float, share("Smallest share of runs that must be above it.")]


class TimeSpan(YamlBlock):
    """The change of a metric from one date to another, run by run."""

    from_: Annotated[str, Date("First date.")] = Field(alias="from")
    to: Annotated[str, Date("Last date.")]

    @model_validator(mode="after")
    def _forward(self) -> TimeSpan:
        if months(self.from_) >= months(self.to):
            refuse(
                f"from must be a date before to, got {self.from_} and {self.to}: write a later to"
            )
        return self


class Expectation(YamlBlock):
    """A result that a scenario must show: a sign, bounds of an interval or mean, a ratio, a share.

    With `versus`, or another scenario, it is about the difference, run by run.
    """

    outcome: Annotated[
        str, Text("One of the outcomes; with `change`, a metric and its subject without a window.")
    ]
    variant: Annotated[str, Ref("The variant that it is about.", ("variant",))]
    versus: Annotated[str, Ref("The variant that it is compared with.", ("variant",))] | None = None
    scenario: (
        Annotated[
            str,
            Text(
                "The scenario that it is compared with, in place of a variant: a file, a "
                "shipped name, or NAME:VARIANT. `blocsim check --expect` runs it."
            ),
        ]
        | None
    ) = None
    change: TimeSpan | None = None
    sign: (
        Annotated[str, Choice("Sign of the difference.", ("positive", "negative", "zero"))] | None
    ) = None
    least: (
        Annotated[float, Range("Lower bound that the whole interval must reach.", plain=True)]
        | None
    ) = None
    most: (
        Annotated[float, Range("Upper bound that no part of the interval may exceed.", plain=True)]
        | None
    ) = None
    low: Annotated[float, Range("Least mean, or mean difference.", plain=True)] | None = None
    high: Annotated[float, Range("Greatest mean, or mean difference.", plain=True)] | None = None
    ratio: MeanRatio | None = None
    share: RunShare | None = None

    @model_validator(mode="after")
    def _one_claim(self) -> Expectation:
        forms = [form for form in FORMS if any(getattr(self, key) is not None for key in form)]
        if len(forms) != 1:
            has = f"; it has {len(forms)}" if forms else ""
            refuse(
                f"needs exactly one of sign, least or most, low or high, ratio, share{has}",
                *(key for form in forms for key in form),
            )
        if self.scenario is not None and self.versus is not None:
            refuse("is compared with `versus` or another scenario, not both", "scenario", "versus")
        compared = self.versus is not None or self.scenario is not None
        if self.sign is not None and not compared and self.change is None:
            refuse("needs `versus`: the variant from which the difference is taken")
        if self.ratio is not None and not compared:
            refuse("needs `versus`: the variant whose mean is the denominator of the ratio")
        if self.ratio is not None and self.change is not None:
            refuse("a ratio of changes means little: remove one of the two", "ratio", "change")
        _check_order(self.least, self.most, "least must not be more than most")
        _check_order(self.low, self.high, "low must not be more than high")
        return self

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the outcomes that it is about, as in tables; for a change, at both dates."""
        text = " ".join(self.outcome.split())
        if self.change is None:
            return (text,)
        parts = text.split(" less ")
        dates = self.change.from_, self.change.to
        return tuple(" less ".join(f"{part} at {date}" for part in parts) for date in dates)

    @property
    def windowed(self) -> bool:
        """Return whether it names a window in addition to the dates of a change."""
        words = {*self.outcome.split()}
        return self.change is not None and bool(words & {"at", "mean", "after", "by"})

    @property
    def claim(self) -> str:
        """Return the claim, in words that follow `must be`."""
        if self.sign is not None:
            return self.sign
        if self.ratio is not None:
            return f"{_between(self.ratio.low, self.ratio.high)} times that"
        if self.share is not None:
            return _between(self.share.of_runs, None)
        if self.least is not None or self.most is not None:
            return f"{_between(self.least, self.most)}, its interval too"
        return _between(self.low, self.high)


def _check_bounds(low: float | None, high: float | None) -> None:
    if low is None and high is None:
        refuse("needs low, high or both")
    _check_order(low, high, "low must not be more than high")


def _check_order(low: float | None, high: float | None, message: str) -> None:
    if low is not None and high is not None and low > high:
        refuse(message)


def _between(low: float | None, high: float | None) -> str:
    if low is None:
        return f"at most {high:.4g}"
    return f"at least {low:.4g}" if high is None else f"from {low:.4g} to {high:.4g}"
