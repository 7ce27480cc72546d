"""The theory of every law: signs, limits, symmetries, bounds, and effects of the period's length.

There is one entry per variant, in the file of its subject. A new law needs an entry: every argument
of every public method has a sign, or is listed under `either` with the reason why it has none, and
for a method that takes `dt` there is a claim on halving it. A text as value of a `fixed` argument
names another argument. Relabelling is tested for every method without an entry.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.conform.claims import Theory
from sim.conform.theory.alliance import TIES
from sim.conform.theory.force import FORCE
from sim.conform.theory.trade import TRADE

THEORY: Mapping[str, Mapping[str, Theory]] = {**FORCE, **TRADE, **TIES}
