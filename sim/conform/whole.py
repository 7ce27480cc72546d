"""Claims about the model as a whole: each check returns what is wrong, or an empty text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sim.conform import conservation, periods, standing

WHOLE: Mapping[str, Callable[[], str]] = {
    "money is conserved: funds change by budgets in and payments out": conservation.money,
    "contracts are paid, owed or still to come": conservation.contracts,
    "units are conserved: what leaves an order joins an arsenal": conservation.units,
    "renaming the states renames the answer and changes nothing else": standing.relabelled,
    "zero arsenals, zero exposure": standing.disarmed,
    "out of reach, zero exposure": standing.remote,
    "parity without support gives one half": standing.parity,
    "percentiles are percentiles": standing.percentiles,
    "intervals of 95 % hold the truth in 95 % of samples": standing.intervals,
    "hazards: two half periods make one whole": periods.hazards,
    "halving dt leaves the years without a request": periods.years_without_request,
    "halving dt leaves the chance of war": periods.wars,
    "halving dt leaves flows and levels a year (5 % and 4 standard errors)": periods.levels,
}
