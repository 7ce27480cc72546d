"""Dotted paths: every number of a scenario and of its laws, with unit, bounds and source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from sim.documents.cited_numbers import Cited
from sim.documents.leaves import Flag, Number, Range, Uncertain, range_of
from sim.documents.nodes import LAWS, DottedPath
from sim.documents.sources import ASSUMED
from sim.documents.tree import Shape, fields_of, sourced
from sim.kernel.errors import SimError
from sim.kernel.rules import ROLES, parameters_in, rules_in_force
from sim.kernel.words import first_few, meant, quoted, together
from sim.scenario.schema.bloc import RestingStart
from sim.scenario.schema.root import Model

_NOT_SWEPT = frozenset(
    {
        "runs",
        "seed",
        "time",
        "laws",
        "contrasts",
        "smallest",
        "expect",
        "sweep",
        "patterns",
        "parameters",
    }
)
_MASK = Range(unit="0 or 1", low=0, high=1)


class PathError(SimError):
    """A path that does not name a number of the scenario."""

    exit_code = 2


@dataclass(frozen=True)
class NumberPath:
    """A number that a dotted path names."""

    path: DottedPath
    value: Number
    leaf: Range
    source: tuple[str, ...]
    rides: bool  # may differ between runs of one block; otherwise it defines a class of runs

    @property
    def unit(self) -> str:
        """Return the unit; empty for a pure number."""
        return self.leaf.unit

    @property
    def low(self) -> float:
        """Return the lower bound."""
        return float(self.leaf.low)

    @property
    def high(self) -> float:
        """Return the upper bound."""
        return float(self.leaf.high)


def number_paths(model: Model) -> dict[str, NumberPath]:
    """Return every number of a model by its path: the scenario's own, then the laws'."""
    own = (
        each
        for key, field in fields_of(Model).items()
        if key not in _NOT_SWEPT
        for each in _below(getattr(model, field.attribute), field.shape, key, (), {})
    )
    return {each.path: each for each in (*own, *_laws(model))}


def varied_paths(model: Model) -> dict[str, NumberPath]:
    """Return the numbers that vary by themselves: what a list of events has once is one number."""
    known, lists = number_paths(model), model.in_common
    return {
        str(path): replace(each, path=path)
        for own, each in known.items()
        for path in [DottedPath(lists.get(own, own))]
    }


def named_paths(model: Model) -> dict[str, NumberPath]:
    """Return every number by each path that names it: those of lists, and of their events."""
    return {**varied_paths(model), **number_paths(model)}


def replaced(model: Model, values: Mapping[str, Number]) -> Model:
    """Return the model with other numbers at some paths; bounds are checked."""
    known = named_paths(model)
    for path, value in values.items():
        if path not in known:
            message = f"no number {quoted(path)}{meant(path, known)}"
            raise PathError(message)
        fault = "" if isinstance(value, Uncertain) else known[path].leaf.outside(value)
        if fault:
            message = f"{path}: {fault}"
            raise PathError(message)
    changed: Any = model
    for path, value in values.items():
        own = [each for each, whole in model.in_common.items() if whole == path]
        for each in own or [path]:
            changed = _with(changed, DottedPath(each).steps, value)
    assert isinstance(changed, Model)  # noqa: S101 - a copy of a model is a model
    if changed.posterior is not None:
        changed.keep_posterior(changed.posterior.less(values))
    return changed


def meant_path(path: str, known: Iterable[str]) -> str:
    """Return what may be meant by an unknown path: numbers of a list's events, or a similar path.

    Of a list of events `quarrel`, known are the numbers of `quarrel_SAU`, `quarrel_ARE` and so on.
    """
    paths, steps = [*known], DottedPath(path).steps
    own = [each for each in paths if _is_of_list(DottedPath(each).steps, steps)]
    if not own:
        return meant(path, paths)
    some = first_few(own, _NAMED) if len(own) > _NAMED else together(own)
    whole = DottedPath.of(*steps[:2], *DottedPath(own[0]).steps[2:])
    return (
        f": this event is a list, whose numbers are {some}. Name some of them. "
        f"Single values, as `--over {whole}=A,B` or `values: [A, B]` of `sweep`, and "
        f"`--set {whole}=A` change all of them"
    )


_NAMED = 4  # numbers of a list's events that a message names
_EVENTS = "events"


def numbers_of_list(path: str, known: Iterable[str]) -> list[str]:
    """Return the numbers that one number of a list of events is, as the list is written."""
    steps = DottedPath(path).steps
    paths = (each for each in known if _is_of_list(DottedPath(each).steps, steps))
    return [each for each in paths if DottedPath(each).steps[2:] == steps[2:]]


def _is_of_list(steps: tuple[str, ...], asked: tuple[str, ...]) -> bool:
    """Return whether a number is that of an event of the list that a path names."""
    if len(asked) < len((_EVENTS, "NAME", "value")) or (steps[0], asked[0]) != (_EVENTS, _EVENTS):
        return False
    return steps[1].startswith(f"{asked[1]}_") and steps[-1] == asked[-1]


Keys = tuple[str, ...]  # of references


def _below(
    value: Any, shape: Shape, path: str, source: Keys, named: Mapping[str, Keys]
) -> Iterator[NumberPath]:
    """Yield the numbers at and below a place of the model; `named` has sources by key below it."""
    if value is None or isinstance(value, RestingStart):  # levels that nobody wrote
        return
    shape = shape.of_value(value)
    if shape.leaf is not None:
        leaf = _MASK if isinstance(shape.leaf, Flag) and shape.leaf.mask else shape.leaf
        if isinstance(leaf, Range):
            number: Number = value if isinstance(value, Uncertain) else float(value)
            own = value.source if isinstance(value, Uncertain | Cited) else ()
            yield NumberPath(
                DottedPath(path), number, leaf, own or source or (ASSUMED,), leaf.rides
            )
    elif shape.block is not None:
        source = sourced(value) or source
        if sources := getattr(value, "sources", None):
            named = {**named, **sources}
        for key, field in fields_of(shape.block).items():
            stated = isinstance(field.shape.leaf, Range) and field.shape.leaf.stated
            own = named.get(key, source)
            if not (stated or field.attribute in value.model_fields_set):
                own = ()  # a default is an assumption
            part = getattr(value, field.attribute)
            yield from _below(part, field.shape, f"{path}.{key}", own, _under(named, key))
    elif not shape.is_list:
        for name, each in value.items():
            own = named.get(name, source)
            yield from _below(each, shape.below, f"{path}.{name}", own, _under(named, name))


def _under(named: Mapping[str, Keys], key: str) -> Mapping[str, Keys]:
    """Return the sources named for the value under a key."""
    if not named:
        return named
    paths = {DottedPath(path): keys for path, keys in named.items()}
    return {
        DottedPath.of(*path.steps[1:]): keys for path, keys in paths.items() if path.block == key
    }


def _laws(model: Model) -> Iterator[NumberPath]:
    for role, variant in rules_in_force(model.rules).items():
        if variant not in ROLES[role]:
            continue  # documented elsewhere
        for name, about in parameters_in(role, variant).items():
            own = model.laws.get(role, {}).get(name)
            value: Number = about.value if own is None else own
            source: tuple[str, ...] = (about.source if own is None else ASSUMED,)
            if isinstance(value, Uncertain | Cited) and value.source:
                source = value.source
            yield NumberPath(
                DottedPath.of(LAWS, role, name), value, range_of(about), source, rides=True
            )


def _with(value: Any, steps: tuple[str, ...], new: Number) -> Any:
    """Return a copy of a block or mapping with one number changed."""
    if not steps:
        return bool(new) if isinstance(value, bool) else new
    step, *rest = steps
    if isinstance(value, BaseModel):
        attribute = fields_of(type(value))[step].attribute
        part = _with(getattr(value, attribute), tuple(rest), new)
        return value.model_copy(update={attribute: part})
    mapping = dict(value or {})
    mapping[step] = _with(mapping.get(step, {}) if rest else mapping.get(step), tuple(rest), new)
    return dict(sorted(mapping.items()))
