"""Idle dealings: threats, levers, bans and halts of sales that no variant can have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sim.kernel.errors import Problem
from sim.scenario.load import Scenario
from sim.scenario.schema.root import Model

MaySell = Callable[[Model, str, str, str | None], bool]
HALTS = "cancel", "suspend", "divert", "threat"  # kinds of events about a sale


def idle_dealings(scenario: Scenario, may_sell: MaySell) -> Iterator[Problem]:
    """Yield what no variant that has it can feel; of files that scenarios share, nothing."""
    first: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for variant, model in scenario.variants.items():
        for path, message in _idle(model, may_sell):
            first.setdefault(path, variant)
            found.setdefault(path, []).append(message)
    for path, messages in found.items():
        mark = scenario.mark(path, first[path])
        if "" not in messages and mark.file == scenario.mark("scenario").file:
            yield mark.problem(path, messages[0])


def _idle(model: Model, may_sell: MaySell) -> Iterator[tuple[str, str]]:
    """Yield the paths of dealings of a model, and what is idle about each; nothing, if not."""
    for path, sale in _halted(model):
        known = may_sell(model, sale.supplier, sale.recipient, sale.system) or any(
            (sale.supplier, sale.recipient, sale.system) == each for each in _elsewise(model)
        )
        message = f"{sale.supplier} offers {sale.recipient} no {sale.system}: no order to be about"
        yield path, "" if known else message
    for name, lever in model.leverage.items():
        closed = [
            each
            for each in lever.withholds
            if not may_sell(
                model, model.offers[each].supplier, lever.recipient, model.offers[each].system
            )
        ]
        message = f"{', '.join(closed)}: made to others than {lever.recipient}: nothing to withhold"
        yield f"leverage.{name}.withholds", message if closed else ""
    makers = {
        state
        for offer in model.offers.values()
        for state in (offer.supplier, *offer.licensors, *offer.components)
    }
    bans: list[tuple[str, Any]] = [(f"embargoes.{n}", each) for n, each in model.embargoes.items()]
    bans += [
        (f"events.{n}.embargo", each.embargo)
        for n, each in model.events.items()
        if each.embargo is not None
    ]
    for path, ban in bans:
        idle = not {*ban.supplier} & {*makers, *model.blocs}
        message = f"{', '.join(ban.supplier)}: no offer, licence or part to ban: it hits nothing"
        yield f"{path}.supplier", message if idle else ""


def _halted(model: Model) -> Iterator[tuple[str, Any]]:
    """Yield the path of each threat, lever and event about a sale, and that sale."""
    yield from ((f"threats.{name}", each) for name, each in model.threats.items())
    yield from ((f"leverage.{name}", each) for name, each in model.leverage.items())
    for name, event in model.events.items():
        if event.kind in HALTS:
            yield f"events.{name}.{event.kind}", event.action


def _elsewise(model: Model) -> Iterator[tuple[str, str, str]]:
    """Yield sales that are not offered: under way at the start, or taken over."""
    for order in model.backlog.values():
        offer = model.offers[order.offer]
        yield offer.supplier, order.recipient, offer.system
    for event in model.events.values():
        if event.divert is not None:
            yield event.divert.supplier, event.divert.to, event.divert.system
