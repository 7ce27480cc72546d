"""The rule sets of a structural run, and the numbers that its points draw.

The rule sets are all combinations of the variants of some laws, the scenario's own first. Points
draw the numbers of the scenario that have a distribution, and the assumed parameters of the laws in
force from their range (`sim.experiments.priors`). A parameter that the scenario or a variant sets
is not drawn: it keeps that value there, and its own value in the other variants.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from sim.documents.leaves import Uncertain
from sim.documents.nodes import LAWS, DottedPath
from sim.experiments.priors import uncertain_of
from sim.kernel.errors import InputError, Problem
from sim.kernel.noise import Noise
from sim.kernel.rules import ROLES, parameters_in, rules_in_force
from sim.kernel.words import meant, quoted
from sim.scenario.compile.build import fitted
from sim.scenario.compile.distributions import Draws
from sim.scenario.load import Scenario
from sim.scenario.schema.root import Model

# where the literature disagrees
DISPUTED = ("threat", "consent", "answer", "affinity", "contest", "budget")
TWINS = {"answer": {"fixed"}}  # variants that equal another one until the user sets their parameter
FLAG = "--roles"

RuleSet = Mapping[str, str]  # role -> variant


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """The rule sets of a design."""

    choices: Mapping[str, tuple[str, ...]]  # role -> variants, the scenario's own first
    left_out: Mapping[str, str]  # role -> the scenario's variant that chooses its own

    @property
    def roles(self) -> tuple[str, ...]:
        """Return the roles that are crossed."""
        return tuple(self.choices)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Return the number of variants of each role."""
        return tuple(len(each) for each in self.choices.values())

    @property
    def rule_sets(self) -> list[RuleSet]:
        """Return the rule sets; the last role changes fastest."""
        return [
            dict(zip(self.roles, each, strict=True)) for each in product(*self.choices.values())
        ]


def crossing(scenario: Scenario, chosen: Sequence[str] | None = None) -> Crossing:
    """Return the crossing of some roles, by default of those in dispute.

    A role cannot be crossed if a variant of the scenario chooses its rule; InputError if such a
    role was named, or none is left.
    """
    problems = list(_unknown(chosen or ()))
    if problems:
        raise InputError(problems)
    names = tuple(role for role in ROLES if role in (DISPUTED if chosen is None else chosen))
    names = tuple(sorted(names, key=_place))
    own = {role: variant for role in names if (variant := _chooser(scenario, role))}
    if chosen is not None:
        problems = [
            _problem(f"variant {quoted(name)} chooses its own rule of {role}: leave the role out")
            for role, name in own.items()
        ]
    names = tuple(role for role in names if role not in own)
    problems += _events(scenario, names)
    if not problems and not names:
        problems = [_problem("no role is left to cross: the variants choose their own rules")]
    if problems:
        raise InputError(problems)
    in_force = rules_in_force(scenario.base.rules)
    choices = {role: _variants(role, in_force[role]) for role in names}
    return Crossing(choices=choices, left_out=own)


def under(model: Model, rule_set: RuleSet) -> Model:
    """Return a model under other rules.

    A parameter that the model sets in a law is kept if the new variant declares an equal one, with
    the same default, bounds and source. A published value that defines a variant is not changed.
    """
    in_force = rules_in_force(model.rules)
    laws: dict[str, Any] = {}
    for role, values in model.laws.items():
        before = parameters_in(role, in_force[role])
        after = parameters_in(role, rule_set.get(role, in_force[role]))
        laws[role] = {
            name: each for name, each in values.items() if after.get(name) == before[name]
        }
    return model.model_copy(update={"rules": {**model.rules, **rule_set}, "laws": laws})


def _place(role: str) -> int:
    """Return the rank of a role: those in dispute in their order, then the others."""
    order = [*DISPUTED, *(each for each in ROLES if each not in DISPUTED)]
    return order.index(role)


def _variants(role: str, own: str) -> tuple[str, ...]:
    """Return the variants of a role that are crossed, the one in force first."""
    others = (v for v in ROLES[role] if v != own and v not in TWINS.get(role, ()))
    return own, *others


def _unknown(chosen: Sequence[str]) -> Iterator[Problem]:
    """Yield the problems of roles named by the user."""
    for role in chosen:
        if role not in ROLES:
            hint = meant(role, ROLES) or f" (disputed: {', '.join(DISPUTED)})"
            yield _problem(f"no role {quoted(role)}{hint}")
        elif len(ROLES[role]) == 1:
            several = ", ".join(each for each, laws in ROLES.items() if len(laws) > 1)
            yield _problem(f"the role {role} has one variant; several have {several}")
    for role in sorted({each for each in chosen if list(chosen).count(each) > 1}):
        yield _problem(f"the role {role} is named twice")


def _chooser(scenario: Scenario, role: str) -> str:
    """Return the first variant whose rule for a role is not the baseline's; empty if none."""
    rule = rules_in_force(scenario.base.rules)[role]
    changed = (
        name
        for name, model in scenario.variants.items()
        if rules_in_force(model.rules)[role] != rule
    )
    return next(changed, "")


def _events(scenario: Scenario, names: Sequence[str]) -> list[Problem]:
    """Return the problems of events that set a parameter which a crossed rule lacks."""
    problems = {}
    for model in scenario.variants.values():
        for event, about in model.events.items():
            path = DottedPath() if about.set_ is None else about.set_.path
            role, name = path.entry, path.key
            if not path.of_law or role not in names:
                continue
            own = rules_in_force(model.rules)[role]
            lacking = [v for v in _variants(role, own) if name not in parameters_in(role, v)]
            if lacking:
                message = (
                    f"event {event} sets {path}, which {role} {lacking[0]} lacks: "
                    "leave the role out"
                )
                problems[message] = _problem(message)
    return list(problems.values())


def _problem(message: str) -> Problem:
    return Problem(FLAG, 0, 0, "", message)


def at_points(
    model: Model, points: np.ndarray, seed: int, fixed: Collection[str] = ()
) -> dict[str, Any]:
    """Return the numbers that points draw for a model, by path: (runs,) from the run's point."""
    noise = Noise(seed, points.astype(np.uint32))
    draws = Draws(noise, uncertain=True, numbers=fitted(model, noise))
    drawn = {path: draws.number(path, about) for path, about in uncertain_of(model, fixed).items()}
    return {**draws.numbers, **drawn}


def set_by(models: Iterable[Model]) -> frozenset[str]:
    """Return the paths of parameters of laws that any of some models sets to a value."""
    return frozenset(
        DottedPath.of(LAWS, role, name)
        for model in models
        for role, values in model.laws.items()
        for name, value in values.items()
        if not isinstance(value, Uncertain)
    )


def drawn_by(models: Iterable[Model], crossing: Crossing, fixed: Collection[str]) -> list[str]:
    """Return the paths of all numbers that points draw under any rule set of a crossing."""
    single = [{}, *({role: v} for role, names in crossing.choices.items() for v in names)]
    paths = {
        path
        for model in models
        for rule_set in single
        for path in uncertain_of(under(model, rule_set), fixed)
    }
    return sorted(paths)
