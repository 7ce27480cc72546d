"""Halts: what became of orders under way, and of requests that came to nobody, in words."""

from collections.abc import Mapping

from sim.experiments.watch.order_events import (
    ENDED,
    HANDED_ON,
    REPAIRED,
    SUSPENDED,
    THREATENED,
)
from sim.kernel.world import BANNED, SHUT, SOLD_OUT

NO_CAUSE = 0

_REQUEST = "{recipient} asks {supplier} for {system}"
STOPS: Mapping[int, str] = {  # by `Log.cause`
    NO_CAUSE: f"{_REQUEST}, of which nothing is left.",
    SOLD_OUT: f"{_REQUEST}, of which nothing is left.",
    SHUT: f"{_REQUEST}, which is not on offer to it.",
    BANNED: f"{_REQUEST}, against an embargo of {{who}}.",
}
_ORDER = "{recipient}'s order of {amount} {system} from {supplier}"
HALTS: Mapping[str, str] = {
    THREATENED: f"A threat stands against {_ORDER}",
    SUSPENDED: f"{_ORDER} is held up",
    ENDED: f"{_ORDER} is cancelled",
    HANDED_ON: f"{{heir}} takes over {_ORDER}",
    REPAIRED: "{amount} {system} from {supplier} return to {recipient} from repair",
}
WEIGHTS_OF_HALTS: Mapping[str, float] = {
    ENDED: 68, HANDED_ON: 68, THREATENED: 58, SUSPENDED: 48, REPAIRED: 20,
}  # fmt: skip
