"""Transfers: a row for each request or order, from the log of a block of runs."""

from __future__ import annotations

import numpy as np

from sim.kernel.arrays import NONE
from sim.kernel.dates import first_day
from sim.kernel.layout.layout import Layout
from sim.kernel.order_log import WHOLE, entries_of
from sim.kernel.world import BLOCKED, ORDERED, REFUSED, Log
from sim.records.columns import numbers

KINDS = ("asked", "ordered", "transferred", "under_way")  # origin, by `Log.forced`
STAGES = ("", "refused", "blocked", "ordered")  # by `Log.stage`
DATES = ("requested", "due", "first", "last", "suspended", "threatened", "ended")
CAUSES = ("", "event", "threat", "not_offered", "embargo", "sold_out")  # by `Log.cause`
LOGGED = (
    "forced", "recipient", "offer", "units", "value", "credit", "consent", "objected", "stalled",
    "delivered", "withdrawn", "stage", "opposed", "short", "repaired", "fate", "cause", "heir",
    "kept",
)  # fmt: skip


NEVER = -(10**6)  # no date; not -1, the period before the start
# by column, of equal length; dates are positions in the calendar, or NEVER
Transfers = dict[str, np.ndarray]


def transfers_of(log: Log, layout: Layout, runs: np.ndarray) -> Transfers:
    """Return the requests of the first runs of a block, in the order of runs, then of dates."""
    entries, first = entries_of(log, layout, runs.size), layout.calendar.first
    came = entries.came

    def since(date: np.ndarray) -> np.ndarray:
        return np.where(date == NONE, NEVER, date - first)

    return {
        "run": runs[entries.run],
        "requested": entries.requested,
        "due": np.where(entries.ordered, entries.due - first, NEVER).astype(np.int64),
        "first": np.where(came, entries.column("first") - first, NEVER),
        "last": np.where(came, entries.column("last") - first, NEVER),
        **{name: since(entries.column(name)) for name in ("suspended", "threatened", "ended")},
        **{name: entries.column(name) for name in LOGGED},
    }


def lines_of(variant: str, table: Transfers, layout: Layout) -> list[str]:
    """Return the rows of a table as lines of CSV."""
    named = {at for name in DATES for at in table[name].tolist()}
    labels = {at: layout.calendar.label(at) for at in named if at != NEVER}
    dates = {at: f"{label},{first_day(label)}" for at, label in labels.items()} | {NEVER: ","}
    supplier = [layout.states[s] for s in layout.supplier]
    system = [layout.systems[s] for s in layout.system]
    amounts = (
        ("units", "value", "credit", "consent"),
        ("delivered", "withdrawn"),
        ("repaired", "short"),
        ("kept",),
    )
    request, moved, back, kept = (
        numbers(np.stack([table[n] for n in names], axis=1)) for names in amounts
    )
    cases = zip(*(table[name].tolist() for name in ("stage", "offer", "opposed")), strict=True)
    opponents = {case: _opponents(layout, *case) for case in {*cases}}
    names = (
        "run",
        "forced",
        *DATES,
        "recipient",
        "offer",
        "objected",
        "stalled",
        "stage",
        "opposed",
        "cause",
        "heir",
    )
    states = [*layout.states, ""]  # the last for NONE
    whole = (table[name].tolist() for name in names)
    return [
        f"{variant},{run},{KINDS[forced]},{dates[requested]},"
        f"{dates[requested if stage == ORDERED else NEVER]},"
        f"{dates[due]},{dates[first]},{dates[last]},"
        f"{supplier[offer]},{layout.states[recipient]},{layout.offers[offer]},{system[offer]},"
        f"{of_request},{objected},{stalled},{int(stage == REFUSED)},{int(stage == BLOCKED)},"
        f"{of_delivery},{reached},{opponents[stage, offer, opposed]},"
        f"{of_repair},{dates[suspended]},{dates[threatened]},{dates[ended]},{CAUSES[cause]},"
        f"{states[heir]},{kept_back}"
        for (
            run, forced, requested, due, first, last, suspended, threatened, ended, recipient,
            offer, objected, stalled, stage, opposed, cause, heir, of_request, of_delivery,
            of_repair, kept_back, reached,
        ) in zip(*whole, request, moved, back, kept, _reached(table).tolist(), strict=True)
    ]  # fmt: skip


def _opponents(layout: Layout, stage: int, offer: int, bits: int) -> str:
    """Return two cells: states that refused and states that blocked (bits of `Log.opposed`)."""
    states = layout.leader if stage == BLOCKED else layout.deciders[offer]
    said = dict.fromkeys(k for at, k in enumerate(states.tolist()) if bits >> at & 1)
    names = " ".join(layout.states[k] for k in said)
    return f",{names}" if stage == BLOCKED else f"{names},"


def _reached(table: Transfers) -> np.ndarray:
    """Return the last stage that each request has reached."""
    stage, delivered = table["stage"], table["delivered"]
    whole = np.where(delivered >= table["units"] * WHOLE, "delivered", "delivering")
    moved = np.where(table["withdrawn"] > 0, "withdrawn", whole)
    moved = np.where(table["repaired"] > 0, "repaired", moved)
    reached = np.where((stage == ORDERED) & (delivered > 0), moved, np.array(STAGES)[stage])
    held = (reached == "ordered") & (table["suspended"] != NEVER)
    ended = np.array(("", "cancelled", "diverted"))[table["fate"]]
    return np.where(ended != "", ended, np.where(held, "suspended", reached))
