"""Halts: events about orders under way, and requests that could not be made, in words."""

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
    NO_CAUSE: f"{_REQUEST}, but no units are left.",
    SOLD_OUT: f"{_REQUEST}, but no units are left.",
    SHUT: f"{_REQUEST}, but has no offer of it.",
    BANNED: f"{_REQUEST}, but {{who}} has an embargo.",
}
_ORDER = "{recipient}'s order of {amount} {system} from {supplier}"
HALTS: Mapping[str, str] = {
    THREATENED: f"There is a threat against {_ORDER}",
    SUSPENDED: f"{_ORDER} is halted",
    ENDED: f"{_ORDER} is cancelled",
    HANDED_ON: f"{{heir}} takes over {_ORDER}",
    REPAIRED: "{amount} {system} from {supplier} return to {recipient} from repair",
}
WEIGHTS_OF_HALTS: Mapping[str, float] = {
    ENDED: 68, HANDED_ON: 68, THREATENED: 58, SUSPENDED: 48, REPAIRED: 20,
}  # fmt: skip
