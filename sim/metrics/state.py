"""Metrics of states as importers."""

from sim.arrays import Elementwise, namespace


def shares(imports: Elementwise) -> Elementwise:
    """Return each supplier's share, 0 to 1, of a state's imports: (states, suppliers, runs)."""
    return imports / namespace(imports).maximum(imports.sum(axis=1)[:, None], 1e-9)


def concentration(imports: Elementwise) -> Elementwise:
    """Return the Herfindahl-Hirschman index of suppliers, 0 to 1.

    0: no imports; 1: a single supplier. Source: hirschman1964.
    """
    return (shares(imports) ** 2).sum(axis=1)


def suppliers(imports: Elementwise, least: float = 0.01) -> Elementwise:
    """Return the number of suppliers with at least a share `least` of a state's imports."""
    return (shares(imports) >= least).sum(axis=1) * 1.0
