"""What the theory says of every law: signs, limits, symmetries, bounds, and lengths of period.

One entry a variant, in the file of its subject. A new law needs one: every argument of every
public method has a sign, or stands under `either` with the reason why it has none, and a method
that takes `dt` says what halving it does. A text in the value of a `fixed` argument names another
argument. Relabelling is asked of every method by itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.conform.claims import Theory
from sim.conform.theory.alliance import TIES
from sim.conform.theory.force import FORCE
from sim.conform.theory.trade import TRADE

THEORY: Mapping[str, Mapping[str, Theory]] = {**FORCE, **TRADE, **TIES}
