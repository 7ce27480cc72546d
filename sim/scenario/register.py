"""What the model offers by name: laws with their parameters, and metrics."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Protocol, cast, runtime_checkable

from sim.kernel.parameters import Parameter, parameters_of


@runtime_checkable
class About(Protocol):
    """What is known of a metric beside its name."""

    @property
    def kind(self) -> str:
        """Return the kind of subject: bloc, member, dyad, tie, state, supply, query or sale."""

    @property
    def unit(self) -> str:
        """Return the unit."""

    @property
    def when(self) -> str:
        """Return when the metric is taken: `every period` or `end of run`."""


def roles() -> Mapping[str, Mapping[str, type]]:
    """Return the laws by role and variant; the first variant is the default."""
    return cast("Mapping[str, Mapping[str, type]]", import_module("sim.kernel.rules").ROLES)


def metrics() -> Mapping[str, About]:
    """Return what is known of each metric, by name."""
    return cast("Mapping[str, About]", import_module("sim.metrics.catalogue").METRICS)


def rules_in_force(chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the variant in force of every role: the one chosen, else the first."""
    return {role: chosen.get(role, next(iter(variants))) for role, variants in roles().items()}


def parameters(role: str, variant: str) -> dict[str, Parameter]:
    """Return the parameters of a law by name."""
    return parameters_of(roles()[role][variant])
