"""Accounts: every number in force in a scenario, by the kind of its source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.documents.leaves import Uncertain, value_of
from sim.documents.nodes import LAWS, DottedPath
from sim.documents.sources import ASSUMED, HYPOTHESIS, PLACEHOLDER
from sim.experiments.priors import prior_of
from sim.scenario.citations import unused_goods
from sim.scenario.load import Scenario
from sim.scenario.paths import NumberPath, number_paths
from sim.scenario.schema.root import Model

SOURCED, MIXED = "sourced", "mixed"
KINDS = (SOURCED, MIXED, ASSUMED, HYPOTHESIS)  # mixed: the block lists a key and `assumed`
_SWITCH = "0 or 1"  # unit of an offer's `open`: a choice, not a number that a source could give


@dataclass(frozen=True)
class Account:
    """A number in force: its path, its source and its uncertainty."""

    path: DottedPath
    source: tuple[str, ...]
    kind: str  # one of KINDS
    value: float
    unit: str
    number: NumberPath | None  # None for an entry of a CSV table

    @property
    def block(self) -> str:
        """Return the section of the scenario, or `laws`."""
        return self.path.block

    @property
    def spread(self) -> Uncertain | None:
        """Return the distribution of the number, from the scenario or from the range of a law.

        A parameter of a law has its range as distribution, unless a hypothesis fixes it.
        """
        if self.number is None:
            return None
        fixed = self.path.of_law and self.kind == HYPOTHESIS
        if fixed and not isinstance(self.number.value, Uncertain):
            return None
        return prior_of(self.number)


def kind_of(source: Sequence[str]) -> str:
    """Return the kind of a source: a list with `assumed` and a key is mixed."""
    if HYPOTHESIS in source:
        return HYPOTHESIS
    own = {ASSUMED if each == PLACEHOLDER else each for each in source}
    if ASSUMED not in own:
        return SOURCED
    return ASSUMED if own == {ASSUMED} else MIXED


def accounts(scenario: Scenario, variant: str) -> list[Account]:
    """Return every number in force in a variant, with the entries of its CSV tables.

    Systems and classes that are not used are left out, and probabilities left at their default.
    """
    model = scenario.model_of(variant)
    changed, unused = scenario.sources_of(variant), unused_goods(model)
    numbers = []
    for path, each in number_paths(model).items():
        idle = (each.path.block, each.path.entry) in unused or _is_default(model, each.path)
        if each.unit != _SWITCH and not idle:
            source = (HYPOTHESIS,) if changed[path] == HYPOTHESIS else each.source
            value = float(value_of(each.value))
            numbers.append(Account(each.path, source, kind_of(source), value, each.unit, each))
    return [*numbers, *_of_tables(model)]


def _is_default(model: Model, path: DottedPath) -> bool:
    """Return whether a path is the probability of an event that does not state it (then 1)."""
    event = model.events.get(path.entry) if path.block == "events" else None
    return (
        event is not None
        and path.key == "probability"
        and "probability" not in event.model_fields_set
    )


def _of_tables(model: Model) -> Iterator[Account]:
    """Yield the entries of the CSV tables that no mapping overrides."""
    over = {
        "affinity": {(i, j) for i, each in model.affinities.items() for j in each.toward},
        "rivalry": {(i, j) for i, each in model.rivalries.items() for j in each.with_},
    }
    for name in ("affinity", "rivalry", "distance"):
        table = getattr(model.tables, name)
        if table is None:
            continue
        unit = "km" if name == "distance" else ""
        for pair, value in sorted(model.table(name).items()):
            if pair not in over.get(name, ()):
                path = DottedPath.of("tables", name, ">".join(pair))
                yield Account(path, table.source, kind_of(table.source), value, unit, None)


def counted(numbers: Sequence[Account]) -> dict[str, dict[str, int]]:
    """Return the count of numbers by section and kind; the laws come last."""
    blocks = sorted({each.block for each in numbers}, key=lambda block: (block == LAWS, block))
    return {
        block: {kind: sum(e.block == block and e.kind == kind for e in numbers) for kind in KINDS}
        for block in blocks
    }


def kinds_counted(numbers: Sequence[Account]) -> dict[str, int]:
    """Return the count of numbers by kind."""
    return {kind: sum(each.kind == kind for each in numbers) for kind in KINDS}
