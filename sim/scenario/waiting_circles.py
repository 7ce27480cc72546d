"""Waiting circles: conditional events whose conditions only they themselves could bring about.

Some outcomes need an event, such as a cancelled order, output lost by sanctions or a sale that is
not on offer. A condition on one is never met if all events that could bring it about wait for it.
"""

from __future__ import annotations

from collections.abc import Collection

from sim.documents.leaves import value_of
from sim.kernel.words import together
from sim.scenario.compile.threats import sale_of
from sim.scenario.idle_entries import may_sell, unoffered
from sim.scenario.schema.events import Event, EventCondition
from sim.scenario.schema.outcome_syntax import spelled
from sim.scenario.schema.root import Model

_HALTS = {  # obstacles to an order: kinds of events about the sale, and whether threats count
    "cancelled": ("cancel", "threat"),
    "diverted": ("divert", "threat"),
    "threatened": ("threat",),
    "suspended": ("suspend",),
}


def waiting_circle(model: Model, name: str) -> str:
    """Return why an event waits in a circle; empty if it does not."""
    done = {each for each in model.events if each not in model.waiting}
    reached = True
    while reached:
        new = {e for e, when in model.waiting.items() if e not in done and _may(model, when, done)}
        reached, done = bool(new), done | new
    when = model.waiting[name]
    if name in done or not _may(model, when, model.events):
        return ""
    left = [each for each in model.waiting if each not in done]
    others = [each for each in left if _may(model, when, {*done, each})] or left
    if others == [name]:
        return "only this event could meet the condition: it is never met"
    verb = (
        "could meet the condition, but waits"
        if len(others) == 1
        else "could meet the condition, but wait"
    )
    return f"only {together(others)} {verb} for this event: it is never met"


def _may(model: Model, when: EventCondition, names: Collection[str]) -> bool:
    """Return whether a condition may be met where only some events ever happen."""
    outcome = spelled(when.outcome)
    if outcome.less is not None or when.least is None or value_of(when.least) <= 0:
        return True
    events = {name: event for name, event in model.events.items() if name in names}
    if outcome.metric == "output_lost":
        return any(event.sanction is not None for event in events.values())
    if outcome.kind != "sale":
        return True
    supplier, recipient = outcome.subject
    sale = supplier, recipient, outcome.system or ""
    some = model.model_copy(update={"events": events})
    if not may_sell(some, *sale) and sale not in unoffered(some):
        return False
    kinds = _HALTS.get(outcome.metric)
    return kinds is None or _halted(model, events.values(), kinds, sale)


def _halted(
    model: Model, events: Collection[Event], kinds: Collection[str], sale: tuple[str, str, str]
) -> bool:
    """Return whether orders of a sale may be held up, ended or threatened by some events."""
    if any(event.kind in kinds and sale_of(event.action) == sale for event in events):
        return True
    if "suspend" in kinds:
        piped = any(event.embargo is not None and event.embargo.pipeline for event in events)
        return piped or bool(model.leverage)
    return "threat" in kinds and any(sale_of(each) == sale for each in model.threats.values())
