"""New suppliers: the log odds with which a state of a world considers a supplier that is new to it.

    log odds of a new tie = c + phi_a (a_is + a_si) / 2 + phi_l l_is + phi_n ln(1 + n_s)
    phi_0 = c - ln(renewed)

A tie is a delivery within four years; it is new if there was none in the five years before. n_s is
the number of the supplier's customers in these five years, and l_is its share of what the buyer
received in twenty years, which fades as arms age. Of the ties that are not new a share `renewed` is
renewed in four years. A known supplier is considered for sure, so the odds are divided by this
share: a new tie needs both that the supplier is considered, and that it is then chosen. New ties
are rare, so that their odds are near to their chance.

`python -m bench.new_ties --data DIR` measures the numbers, in worlds of 180 to 190 states that
start in 1997, 2001 and 2005, with deliveries up to 2008: 27,306 dyads without a delivery, of which
2.6 % have a new tie. The law's own numbers are those of 17 states.

Sources: sipri_arms (deliveries), bailey2017, thompson2021 and leeds2002 (regard, by the rules of a
case), banerjee1992 (who knows little follows the choices of others).
"""

from __future__ import annotations

import math

YEARS, KNOWN, HELD = 4, 5, 20  # of a tie; before it; in which the arsenal came
AGE = 25.0  # years over which arms of an arsenal fade to 37 %
NEW, BY_REGARD, BY_LEGACY, BY_RENOWN = -6.15, 1.94, 2.39, 1.03  # c, phi_a, phi_l, phi_n
RENEWED = 0.528  # share of known ties with a delivery in the next YEARS


def constant(new: float = NEW, renewed: float = RENEWED) -> float:
    """Return the log odds of considering a supplier without regard, legacy or customers, phi_0."""
    return new - math.log(renewed)


def lines() -> str:
    """Return the lines on new suppliers in the section `laws` of a world."""
    numbers = {
        "approach": constant(),
        "by_regard": BY_REGARD,
        "by_legacy": BY_LEGACY,
        "by_renown": BY_RENOWN,
    }
    text = ", ".join(f"{name}: {value:.2f}" for name, value in numbers.items())
    return f"  # as new ties formed in the register up to 2008\n  procurement: {{{text}}}\n"
