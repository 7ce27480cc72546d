"""Outbreaks: how often rivals of a case use force, and how often it comes to war.

    incidents a year = eta max(r_ij, r_ji)
    wars a year      = incidents a year * logistic(kappa (max(r_ij win_ij, r_ji win_ji) - A0))

These are the laws of crisis and deterrence without missiles. Their own numbers are those of the
shipped cases, in which few rivals are about to fight; among all rivals they let three times as many
wars begin as were recorded. Here an incident is a new militarised dispute with force used
(hostility 4 or 5), and a war begins in a year of armed conflict (25 battle deaths) between two
parties after a year without. Rivals have a dispute r of 0.3 or more on either side, by the rules
of a case. Wars of other pairs do not count: none begins in the model without a dispute.

`python -m bench.rival_wars --data DIR` measures the numbers, in worlds of 180 to 191 states that
start in 1993, 1997, 2001 and 2005, with four years each: eta from the disputes, kappa and A0 by
maximum likelihood from the wars, within the bounds of the laws. It judges them by the years from
2009 on, and fails if the numbers here are not those measured. The wars cannot tell kappa from A0,
so kappa alone is uncertain: the ends are those of its 95 % interval with A0 held.

Sources: palmer2022 (disputes), ucdp2025 (conflicts), thompson2021 (rivalries).
"""

from __future__ import annotations

from sim.cases.figures import Figure

INCIDENTS = Figure(0.20, ("palmer2022", "thompson2021"), spread=(0.16, 0.24))  # eta, a year
CALCULATION = Figure(3.1, ("ucdp2025", "thompson2021"), spread=(2.2, 4.0))  # kappa
THRESHOLD = Figure(1.0, ("ucdp2025", "thompson2021"))  # A0, share of the prize


def lines() -> str:
    """Return the lines on outbreaks in the section `laws` of a case."""
    return (
        "  # as rivals used force and fought from 1993 to 2008, the threshold, too (docs/case.md)\n"
        "  crisis:\n"
        f"    incidents: {_sourced(INCIDENTS)}\n"
        f"    calculation: {_sourced(CALCULATION)}\n"
        "  deterrence:\n"
        f"    threshold: {_sourced(THRESHOLD)}\n"
    )


def _sourced(figure: Figure) -> str:
    """Return a number as YAML, with its sources."""
    text = figure.text[:-1] if figure.spread else f"{{value: {figure.text}"
    return f"{text}, source: [{', '.join(figure.source)}]}}"
