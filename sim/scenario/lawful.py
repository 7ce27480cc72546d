"""Checks of rules and laws: the roles, variants and parameters exist, the values are in bounds."""

from __future__ import annotations

from collections.abc import Mapping

from sim.scenario.numbers import Number
from sim.scenario.paths import range_of
from sim.scenario.references import Check
from sim.scenario.register import parameters, roles, rules_in_force
from sim.scenario.schema import Model
from sim.scenario.words import meant, quoted


def check_rules(check: Check, model: Model) -> None:
    """Note roles and variants of laws that do not exist; then look at the laws' parameters."""
    known = roles()
    for role, variant in model.rules.items():
        if role not in known:
            check.wrong(("rules", role), f"no role {quoted(role)}{meant(role, known)}", key=True)
        elif variant not in known[role]:
            hint = meant(variant, known[role]) or f" (known: {', '.join(known[role])})"
            check.wrong(("rules", role), f"no variant {quoted(variant)} of {role}{hint}")
    in_force = rules_in_force(model.rules)
    for role, values in model.laws.items():
        if role not in known:
            check.wrong(("laws", role), f"no role {quoted(role)}{meant(role, known)}", key=True)
        elif in_force[role] in known[role]:
            _parameters(check, role, in_force[role], values)


def _parameters(check: Check, role: str, variant: str, values: Mapping[str, Number]) -> None:
    """Note parameters that the rule in force lacks, and values out of their bounds."""
    own = parameters(role, variant)
    for name, value in values.items():
        steps = ("laws", role, name)
        if name in own:
            part, fault = range_of(own[name]).fault(value)
            if fault:
                check.wrong((*steps, part) if part else steps, fault)
            continue
        hint = meant(name, own) or f" (known: {', '.join(own) or 'none'})"
        message = f"the rule in force, {variant}, has no parameter {quoted(name)}{hint}"
        check.wrong(steps, message, key=True)
