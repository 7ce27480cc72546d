"""A parameter of a law: its value, unit, bounds, source and meaning, declared once.

The declaration feeds the scenario's schema, sweep bounds, sensitivity analysis, the
documents' table and the audit.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

Coefficient = Any  # a float, or an array of shape (runs,) that differs from run to run


@dataclass(frozen=True)
class Parameter:
    """The declaration of a parameter, without its name."""

    value: float
    unit: str
    low: float
    high: float
    source: str  # a key of docs/references.bib, or "assumed"
    doc: str
    usual: tuple[float, float] | None = None  # range in which it is drawn; its bounds if None
    initial: bool = False  # it counts at the start only, so that no event can change it
    off: bool = False  # its default switches a mechanism off, and is held instead of drawn

    @property
    def bounds(self) -> str:
        """Return the bounds in words, with the range in which it is drawn if that is narrower."""
        text = _ends(self.low, self.high)
        if self.off:
            return f"{text} (off: {self.value:g})"
        return text if self.usual is None else f"{text} (drawn: {_ends(*self.usual)})"


def _ends(low: float, high: float) -> str:
    return f"{low:g} to {high:g}"


def parameter(
    value: float,
    *,
    unit: str,
    low: float,
    high: float,
    source: str,
    doc: str,
    usual: tuple[float, float] | None = None,
    initial: bool = False,
    off: bool = False,
) -> Any:
    """Return a dataclass field that carries its own unit, bounds, source and meaning.

    `usual` is the range in which the parameter is drawn, if its bounds are wider in order to admit
    a hypothesis. An `initial` parameter counts at the start only. A parameter whose default
    switches a mechanism `off` is drawn only in scenarios that set another value.
    """
    about = Parameter(
        value=value,
        unit=unit,
        low=low,
        high=high,
        source=source,
        doc=doc,
        usual=usual,
        initial=initial,
        off=off,
    )
    return field(default=value, metadata={"parameter": about})


def parameters_of(law: type) -> dict[str, Parameter]:
    """Return the parameters that a law declares, by name, in the order of declaration."""
    return {
        each.name: each.metadata["parameter"]
        for each in fields(law)
        if "parameter" in each.metadata
    }


def switched_off(law: Any) -> frozenset[str]:
    """Return the parameters of a law that switch a mechanism off, in all runs and periods.

    Only plain numbers count: a parameter that differs by run or period is an array, or a symbol
    while the engine traces a period.
    """
    return frozenset(
        name
        for name, about in parameters_of(type(law)).items()
        if about.off and isinstance(value := getattr(law, name), float) and value == about.value
    )
