"""Metrics of states as importers. Rows are buyers and their possible suppliers."""

from sim.kernel.arrays import Elementwise, Groups, namespace


def shares(imports: Elementwise, buyers: Groups) -> Elementwise:
    """Return each supplier's share, 0 to 1, of its buyer's imports; 0 where there are none."""
    xp = namespace(imports)
    return imports / xp.maximum(buyers.sum(imports), 1e-9)[buyers.index]


def concentration(share: Elementwise, buyers: Groups) -> Elementwise:
    """Return the Herfindahl-Hirschman index of each state's suppliers, 0 to 1.

    0: no imports; 1: a single supplier. Source: hirschman1964.
    """
    return buyers.sum(share**2)


def suppliers(share: Elementwise, buyers: Groups, least: float = 0.01) -> Elementwise:
    """Return the number of suppliers with at least a share `least` of a state's imports."""
    return buyers.sum((share >= least) * 1.0)
