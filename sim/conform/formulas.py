"""Longer formulas of the theory's table: each is one side of an identity."""

from __future__ import annotations

from typing import Any

import numpy as np

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(24)


def mean_growth(law: Any, a: dict[str, Any]) -> Any:
    """Return the mean GDP over a standard normal shock, by quadrature."""
    weights = _WEIGHTS / _WEIGHTS.sum()
    shocks = (np.full_like(a["shock"], node) for node in _NODES)
    paths = (w * law.gdp(**{**a, "shock": n}) for n, w in zip(shocks, weights, strict=True))
    return sum(paths)


def two_shocks(law: Any, a: dict[str, Any]) -> Any:
    """Return the GDP after two half periods whose shocks add up to the whole period's."""
    half = {**a, "dt": a["dt"] / 2}
    first = np.full_like(a["shock"], 0.3)
    second = a["shock"] * np.sqrt(2) - first  # (first + second) / sqrt(2) is the whole's shock
    return law.gdp(**{**half, "gdp": law.gdp(**{**half, "shock": first}), "shock": second})


def second_batch(law: Any, a: dict[str, Any]) -> Any:
    """Return twice what one batch adds."""
    del law
    one = a["satiation"] * np.log1p(a["held"] / 2 / a["satiation"])
    return 2 * one.sum(axis=1)


def internal(law: Any, a: dict[str, Any]) -> Any:
    """Return the log odds of an answer to an appeal that names no attacker."""
    none = 0.0 * a["regard"]
    gone = dict.fromkeys(("covered", "regard_attacker", "strength_attacker", "stake"), none)
    return sum(law.terms(**{**a, **gone}).values())


def no_stake(law: Any, a: dict[str, Any]) -> Any:
    """Return the log odds of an answer by one who has sold the attacker nothing."""
    return sum(law.terms(**{**a, "stake": 0.0 * a["stake"]}).values())


def two_wars(law: Any, a: dict[str, Any]) -> Any:
    """Return what the same losses leave when they are suffered one after another."""
    return law.remaining(**a) * law.remaining(**a)


def paid_in_full(law: Any, a: dict[str, Any]) -> Any:
    """Return deposit, all instalments, and what is on credit."""
    cash = law.deposited(value=a["value"], credit=a["credit"])
    cash = cash + a["instalments"] * law.instalment(**a)
    return cash + a["credit"] * a["value"]


def flipped(affinity: Any) -> Any:
    """Return affinities after half of the states have changed camp: across camps the sign turns."""
    size = affinity.shape[0]
    camp = np.where(np.arange(size) < size // 2, 1.0, -1.0)
    return affinity * camp[:, None, None] * camp[None, :, None]
