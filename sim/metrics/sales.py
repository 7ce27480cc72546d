"""Metrics of sales, read off the log of a run, and of the standing queries for consent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sim.kernel.arrays import NONE, Elementwise
from sim.kernel.inputs import ASKED, TRANSFERRED
from sim.kernel.world import BLOCKED, NOTHING, ORDERED, REFUSED, Log
from sim.metrics.declaration import END, Metrics, tenth

QUERY, SALE = Metrics("query"), Metrics("sale")


@dataclass(frozen=True, kw_only=True, eq=False)
class Queries:
    """What is known of the standing queries."""

    consent: Elementwise  # probability, 0 to 1


QUERY.plain(
    "consent",
    "0 to 1",
    "Probability that the supplier consents to one batch for the recipient.",
    phrase="chance that {i} consents to sell {system} to {j}",
    smallest=tenth("certain refusal", "certain consent"),
    percent=True,
)

Stage = Callable[[Log], Any]  # of each request: whether the stage has been reached
ON_DELIVERY = frozenset({"delivered", "withdrawn"})  # reached at the latest delivery, else at once


STAGES: dict[str, Stage] = {}


def _stage(text: str, *, phrase: str) -> Callable[[Stage], Stage]:
    """Return a decorator that declares a stage of a sale."""

    def declared(stage: Stage) -> Stage:
        declare = SALE.metric("0 or 1", text, phrase=phrase, when=END)
        STAGES[stage.__name__] = declare(stage)
        return stage

    return declared


@_stage(
    "Whether the recipient asked the supplier for the system.",
    phrase="chance that {j} asks {i} for {system}",
)
def requested(log: Log) -> Any:
    """Return the requests that no event forced."""
    return (log.stage != NOTHING) & (log.forced == ASKED)


@_stage("Whether a request was refused.", phrase="chance that {j} is refused {system} of {i}")
def refused(log: Log) -> Any:
    """Return the requests to which somebody did not consent."""
    return (log.stage == REFUSED) & (log.forced == ASKED)


@_stage(
    "Whether a fellow member objected.",
    phrase="chance that a member objects to {system} of {i} for {j}",
)
def objected(log: Log) -> Any:
    """Return the sales to which a fellow member objected."""
    return log.objected > 0


@_stage(
    "Whether the leader stalled the sale.",
    phrase="chance that the leader stalls {system} of {i} for {j}",
)
def stalled(log: Log) -> Any:
    """Return the sales that a leader stalled."""
    return log.stalled > 0


@_stage(
    "Whether the leader blocked the sale.",
    phrase="chance that the leader blocks {system} of {i} for {j}",
)
def blocked(log: Log) -> Any:
    """Return the sales that a leader blocked."""
    return log.stage == BLOCKED


@_stage("Whether it was ordered.", phrase="chance that {j} orders {system} of {i}")
def sold(log: Log) -> Any:
    """Return the orders, transfers excluded."""
    return (log.stage == ORDERED) & (log.forced != TRANSFERRED)


@_stage(
    "Whether the whole of an order was delivered.",
    phrase="chance that {j} receives all {system} ordered of {i}",
)
def delivered(log: Log) -> Any:
    """Return the orders whose last instalment has come."""
    return (log.stage == ORDERED) & (log.left == 0) & (log.first != NONE)


@_stage(
    "Whether units were withdrawn as defective.",
    phrase="chance that {system} of {i} for {j} is withdrawn",
)
def withdrawn(log: Log) -> Any:
    """Return the orders of which units were withdrawn."""
    return (log.stage == ORDERED) & (log.withdrawn > 0)
