"""Metrics of sales, from the log of a run, and of the queries for consent."""

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
    """Data on the queries for consent."""

    consent: Elementwise  # probability, 0 to 1


QUERY.plain(
    "consent",
    "0 to 1",
    "Probability that the supplier consents to one batch for the recipient.",
    phrase="probability that {i} consents to sell {system} to {j}",
    smallest=tenth("certain refusal", "certain consent"),
    percent=True,
)

Stage = Callable[[Log], Any]  # for each request: whether the stage has been reached
DATED = {  # column of the log with the date of the stage; otherwise at once
    "delivered": "last",
    "withdrawn": "last",
    "repaired": "mended",
    "suspended": "suspended",
    "threatened": "threatened",
    "cancelled": "ended",
    "diverted": "ended",
}
OF_HOLDER = frozenset({"delivered", "withdrawn", "repaired"})  # state that took it over, if any


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
    phrase="probability that {j} asks {i} for {system}",
)
def requested(log: Log) -> Any:
    """Return the requests not forced by an event."""
    return (log.stage != NOTHING) & (log.forced == ASKED)


@_stage(
    "Whether a request was refused.", phrase="probability that {j} is refused {system} from {i}"
)
def refused(log: Log) -> Any:
    """Return the requests to which consent was refused."""
    return (log.stage == REFUSED) & (log.forced == ASKED)


@_stage(
    "Whether a fellow member objected.",
    phrase="probability that a member objects to {system} from {i} for {j}",
)
def objected(log: Log) -> Any:
    """Return the sales to which a fellow member objected."""
    return log.objected > 0


@_stage(
    "Whether the leader stalled the sale.",
    phrase="probability that the leader stalls {system} from {i} for {j}",
)
def stalled(log: Log) -> Any:
    """Return the sales that a leader stalled."""
    return log.stalled > 0


@_stage(
    "Whether the leader blocked the sale.",
    phrase="probability that the leader blocks {system} from {i} for {j}",
)
def blocked(log: Log) -> Any:
    """Return the sales that a leader blocked."""
    return log.stage == BLOCKED


@_stage("Whether the system was ordered.", phrase="probability that {j} orders {system} from {i}")
def sold(log: Log) -> Any:
    """Return the orders, transfers excluded."""
    return (log.stage == ORDERED) & (log.forced != TRANSFERRED)


@_stage(
    "Whether an order was delivered in full.",
    phrase="probability that {j} receives all {system} ordered from {i}",
)
def delivered(log: Log) -> Any:
    """Return the orders whose last instalment has come."""
    return (log.stage == ORDERED) & (log.left == 0) & (log.first != NONE) & (log.fate != CANCELLED)


@_stage(
    "Whether units were withdrawn as defective.",
    phrase="probability that {system} from {i} for {j} is withdrawn",
)
def withdrawn(log: Log) -> Any:
    """Return the orders of which units were withdrawn."""
    return (log.stage == ORDERED) & (log.withdrawn > 0)


@_stage(
    "Whether withdrawn units returned from repair.",
    phrase="probability that {system} from {i} for {j} is repaired",
)
def repaired(log: Log) -> Any:
    """Return the orders with returned units."""
    return log.repaired > 0


@_stage(
    "Whether an order under way was halted by an event or an embargo.",
    phrase="probability that {system} from {i} for {j} is halted",
)
def suspended(log: Log) -> Any:
    """Return the orders that were halted for some time."""
    return log.suspended != NONE


@_stage(
    "Whether there was a threat against the delivery of an order.",
    phrase="probability that {system} from {i} for {j} is threatened",
)
def threatened(log: Log) -> Any:
    """Return the orders that were under way during a threat."""
    return log.threatened != NONE


@_stage(
    "Whether an order under way was cancelled.",
    phrase="probability that {j}'s order of {system} from {i} is cancelled",
)
def cancelled(log: Log) -> Any:
    """Return the orders that ended before full delivery."""
    return log.fate == CANCELLED


@_stage(
    "Whether another state took an order over.",
    phrase="probability that {system} from {i} for {j} goes to another state",
)
def diverted(log: Log) -> Any:
    """Return the orders that another state took over; further deliveries go to it."""
    return log.heir != NONE
