"""The suite: every claim about every law and about the model as a whole, with its verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.conform.claims import Claim, Relabelled, Theory, unspoken
from sim.conform.domains import methods_of
from sim.conform.theory import THEORY
from sim.conform.verdicts import Verdict
from sim.conform.whole import WHOLE
from sim.errors import InputError, Problem
from sim.rules import ROLES
from sim.scenario.words import meant, quoted

MODEL = "model"  # claims about no single law


def known_roles() -> tuple[str, ...]:
    """Return what can be asked for: the roles of the laws, and the model as a whole."""
    return (*ROLES, MODEL)


def suite(role: str | None = None) -> Iterator[Verdict]:
    """Yield the verdict on every claim, or on those about one role."""
    if role is not None and role not in known_roles():
        message = f"no role {quoted(role)}{meant(role, known_roles())}"
        known = f" (known: {', '.join(known_roles())})"
        raise InputError([Problem("--law", 0, 0, "", message + known)])
    for each in ROLES if role is None else [role]:
        if each in ROLES:
            yield from of_role(each)
    if role in (None, MODEL):
        for text, check in WHOLE.items():
            fault = check()
            yield Verdict(MODEL, text, not fault, fault)


def of_role(
    role: str,
    laws: Mapping[str, type] | None = None,
    theory: Mapping[str, Theory] | None = None,
) -> Iterator[Verdict]:
    """Yield the verdicts on every variant of a role; a law without a theory fails."""
    said = THEORY.get(role, {}) if theory is None else theory
    for variant, law in (ROLES[role] if laws is None else laws).items():
        name, claims = f"{role}: {variant}", said.get(variant, ())
        silent = unspoken(law, claims)
        worst = "silent on " + "; ".join(silent) if silent else ""
        yield Verdict(name, "the theory speaks of every argument", not silent, worst)
        if any("the range of" in each for each in silent):
            continue  # nothing can be drawn
        for claim in (*claims, *_common(law)):
            found = claim.held(law)
            yield Verdict(name, found.claim, found.holds, found.worst)


def _common(law: type) -> list[Claim]:
    """Return the claims that are made of every law."""
    return [Relabelled(method=method) for method in methods_of(law)]
