"""Halts: what became of orders under way, in words."""

from collections.abc import Mapping

from sim.experiments.watch.order_events import (
    ENDED,
    HANDED_ON,
    REPAIRED,
    SUSPENDED,
    THREATENED,
)

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
