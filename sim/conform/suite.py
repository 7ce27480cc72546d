"""The suite: every claim about every law and about the model as a whole, with its verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from sim.conform import conservation, period_length, statics
from sim.conform.claims import Conformity, Relabelled, Theory, gaps_of
from sim.conform.domains import methods_of
from sim.conform.theory import THEORY
from sim.kernel.errors import InputError, Problem
from sim.kernel.rules import ROLES
from sim.kernel.words import meant, quoted

# about the model as a whole; each check returns the first fault, or an empty text
WHOLE: Mapping[str, Callable[[], str]] = {
    "money is conserved: funds change by budgets in and payments out": conservation.money,
    "contracts are paid, owed or still to come": conservation.contracts,
    "units are conserved: what leaves an order joins an arsenal": conservation.units,
    "renaming the states only renames the answer": statics.relabelled,
    "zero arsenals, zero exposure": statics.disarmed,
    "out of reach, zero exposure": statics.remote,
    "parity without support gives one half": statics.parity,
    "percentiles are percentiles": statics.percentiles,
    "intervals of 95 % hold the truth in 95 % of samples": statics.intervals,
    "hazards: two half periods make one whole": period_length.hazards,
    "halving dt leaves the years without a request": period_length.years_without_request,
    "halving dt leaves the chance of war": period_length.wars,
    "halving dt leaves flows and levels a year (5 % and 4 standard errors)": period_length.levels,
}
MODEL = "model"  # claims about no single law


def known_roles() -> tuple[str, ...]:
    """Return the names that `--law` takes: the roles of the laws, and the model as a whole."""
    return (*ROLES, MODEL)


def suite(role: str | None = None) -> Iterator[Conformity]:
    """Yield the verdict on every claim, or on those about one role; InputError if unknown."""
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
            yield Conformity(MODEL, text, not fault, fault)


def of_role(
    role: str, laws: Mapping[str, type] | None = None, theory: Mapping[str, Theory] | None = None
) -> Iterator[Conformity]:
    """Yield the verdicts on every variant of a role; a law without a theory fails."""
    said = THEORY.get(role, {}) if theory is None else theory
    for variant, law in (ROLES[role] if laws is None else laws).items():
        name, claims = f"{role}: {variant}", said.get(variant, ())
        silent = gaps_of(law, claims)
        worst = "silent on " + "; ".join(silent) if silent else ""
        yield Conformity(name, "the theory speaks of every argument", not silent, worst)
        if any("the range of" in each for each in silent):
            continue  # no arguments can be drawn
        for claim in (*claims, *(Relabelled(method=method) for method in methods_of(law))):
            yield replace(claim.verdict(law), law=name)
