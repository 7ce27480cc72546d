"""Defences of usual range: those that count against missiles although their class cannot stop them.

The law of strikes counts the worth of all air defence, whatever its range. By the rules of cases
only `air_defence_long` has this role. A file that gives it to `air_defence_short`, as the shipped
catalogue does, counts a missile of a ship or of a soldier against ballistic missiles, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.cases.weapon_classes import CLASSES
from sim.documents.leaves import value_of
from sim.documents.sources import ASSUMED
from sim.kernel.errors import Problem
from sim.kernel.words import first_few, number
from sim.scenario.load import Scenario
from sim.scenario.schema.entities import System
from sim.scenario.schema.root import Model

_ROLE = "air_defence"
_NAMED = 3  # systems of a kind that the warning names


def usual_ranges(scenario: Scenario) -> Iterator[Problem]:
    """Yield a warning on the defences of usual range, if a state has missiles to strike assets."""
    model = scenario.base
    there = _there(model)
    missiles = [each for each in there if model.systems[each].cep is not None]
    defences = [each for each in there if _is_usual(model.systems[each], model)]
    if not (model.assets and missiles and defences):
        return
    path = f"systems.{defences[0]}"
    ranges = sorted({value_of(model.systems[each].range) for each in defences})
    some, fired = first_few(defences, _NAMED), first_few(missiles, _NAMED)
    message = (
        f"{some} {'has' if len(defences) == 1 else 'have'} the range usual in the class "
        f"({' or '.join(map(number, ranges))} km, {ASSUMED}), but air defence counts by its worth "
        f"against all missiles ({fired}), whatever its range: give what cannot stop "
        "them a class of the role `other`, and the rest a range with a source"
    )
    yield scenario.mark(path).problem(path, message)


def _there(model: Model) -> list[str]:
    """Return the systems that states hold, or may come to hold."""
    held = {name for arsenal in model.arsenals.values() for name in arsenal.units}
    held |= {offer.system for offer in model.offers.values()}
    return [name for name in model.systems if name in held]


def _is_usual(system: System, model: Model) -> bool:
    """Return whether a system has the range of its class, assumed, and a role that is not."""
    about = CLASSES.get(system.class_)
    if about is None or about.role == _ROLE:
        return False
    usual = {about.usual.get("range"), *(each.get("range") for each in about.of_kinds.values())}
    source = system.sources.get("range", system.source)
    return (
        system.cep is None
        and model.classes[system.class_].role == _ROLE
        and {*source} == {ASSUMED}
        and value_of(system.range) in usual
    )
