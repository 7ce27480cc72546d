"""Metrics of sales, read off the log of a run, and of the standing queries for consent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sim.kernel.arrays import NONE, Elementwise
from sim.kernel.inputs import ASKED, TRANSFERRED
from sim.kernel.world import BLOCKED, CANCELLED, NOTHING, ORDERED, REFUSED, Log
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
DATED = {  # column of the log with the date at which a stage is reached; else at once
    "delivered": "last",
    "withdrawn": "last",
    "repaired": "mended",
    "suspended": "suspended",
    "threatened": "threatened",
    "cancelled": "ended",
    "diverted": "ended",
}
OF_HOLDER = frozenset({"delivered", "withdrawn", "repaired"})  # of who took it over, if anybody


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
    return (log.stage == ORDERED) & (log.left == 0) & (log.first != NONE) & (log.fate != CANCELLED)


@_stage(
    "Whether units were withdrawn as defective.",
    phrase="chance that {system} of {i} for {j} is withdrawn",
)
def withdrawn(log: Log) -> Any:
    """Return the orders of which units were withdrawn."""
    return (log.stage == ORDERED) & (log.withdrawn > 0)


@_stage(
    "Whether units that were withdrawn came back from repair.",
    phrase="chance that {system} of {i} for {j} is repaired",
)
def repaired(log: Log) -> Any:
    """Return the orders of which units came back."""
    return log.repaired > 0


@_stage(
    "Whether an order under way was held up by an event or an embargo.",
    phrase="chance that {system} of {i} for {j} is held up",
)
def suspended(log: Log) -> Any:
    """Return the orders that were held up for a time at least."""
    return log.suspended != NONE


@_stage(
    "Whether a threat stood against the delivery of an order.",
    phrase="chance that {system} of {i} for {j} is threatened",
)
def threatened(log: Log) -> Any:
    """Return the orders that were under way while a threat stood."""
    return log.threatened != NONE


@_stage(
    "Whether an order under way was cancelled.",
    phrase="chance that {j}'s order of {system} from {i} is cancelled",
)
def cancelled(log: Log) -> Any:
    """Return the orders that ended before all had come."""
    return log.fate == CANCELLED


@_stage(
    "Whether another state took an order over.",
    phrase="chance that {system} of {i} for {j} goes to another state",
)
def diverted(log: Log) -> Any:
    """Return the orders that another took over; what then comes is delivered to it."""
    return log.heir != NONE
