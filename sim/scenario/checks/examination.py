"""The examination of a scenario before anything runs, the unpatched document first.

| module | checks |
|---|---|
| `inspection` | single values (type, unit, bounds), missing and unknown keys, names |
| `consistency` | blocks that have to fit together: entities, laws, events |
| `trade_checks` | offers, embargoes, grants and orders under way |
| `conflicts` | two events on the same date that set the same value |
| `sale_checks` | sales that events transfer, stop or threaten |
| `condition_checks` | conditions of events, and shared draws |
| `outcome_checks` | patterns; outcomes, expectations, sweeps, over all variants |

Warnings on values that are allowed but look like slips are in `sim.scenario.doubts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from sim.documents.nodes import Node
from sim.documents.sources import reference_keys
from sim.kernel.errors import Problem
from sim.scenario.checks.condition_checks import check_conditions, check_gauged
from sim.scenario.checks.consistency import check_events, check_fit, check_rules
from sim.scenario.checks.inspection import Inspection, check_names
from sim.scenario.checks.outcome_checks import check_patterns, check_recorded, check_whole
from sim.scenario.checks.sale_checks import check_sales
from sim.scenario.checks.trade_checks import check_trade
from sim.scenario.compile.layouts import clash, layout_of
from sim.scenario.csv_inputs import BOUNDS, Draft, TableReading, read_posterior, read_table
from sim.scenario.event_lists import in_common
from sim.scenario.patches import BASELINE, tried
from sim.scenario.paths import named_paths
from sim.scenario.scenario_files import allowed
from sim.scenario.schema.root import Model


@dataclass
class Examination:
    """The checks of one scenario: models by variant, tables read, problems found."""

    folder: Path  # of the scenario
    roots: tuple[Path, Path]
    models: dict[str, Model] = field(default_factory=dict)
    tables: dict[tuple[str, Path], TableReading] = field(default_factory=dict)
    drafts: dict[Path, Draft] = field(default_factory=dict)  # of posteriors
    problems: list[Problem] = field(default_factory=list)
    variants_sound: bool = True  # whether the variants that the file names are all there

    def examine(self, documents: Mapping[str, Node]) -> None:
        """Check every variant; faults of the baseline are reported once."""
        shipped_keys = reference_keys()
        base = self._check(BASELINE, documents, shipped_keys)
        checks = {
            name: base if name == BASELINE else self._check(name, documents, shipped_keys, base)
            for name in documents
        }
        if base.model is not None:
            check_whole(base, base.model, checks)
        self._strangers(checks.values())
        self._fitted(documents, checks)
        if not self.problems and not any(check.problems for check in checks.values()):
            self._compiled(base, checks)
        known = {(each.key, each.message) for each in base.problems}
        for name, check in checks.items():
            if name == BASELINE:
                self.problems.extend(check.problems)
            else:
                new = [each for each in check.problems if (each.key, each.message) not in known]
                self.problems.extend(_of_variant(name, new))
            if check.model is not None:
                self.models[name] = check.model

    def _check(
        self,
        variant: str,
        documents: Mapping[str, Node],
        shipped_keys: frozenset[str],
        base: Inspection | None = None,
    ) -> Inspection:
        """Return the check of one document: shape, names, then how the blocks fit."""
        document = documents[variant]
        keys = frozenset(document.section("references"))
        variants = frozenset(documents) if self.variants_sound else None
        check = Inspection(document, shipped_keys | keys, variants, base)
        check_names(check)
        if check.model is not None:
            check.model.keep_in_common(in_common(document))
            check_fit(check, check.model)
            check_rules(check, check.model)
            check_trade(check, check.model)
            check_events(check, check.model)
            check_sales(check, check.model)
            check_conditions(check, check.model)
            check_patterns(check, check.model)
            self._tables(check, check.model)
            self._posterior(check, check.model)
        return check

    def _compiled(self, base: Inspection, checks: Mapping[str, Inspection]) -> None:
        """Note faults that only the layouts of variants show; the variants are valid otherwise."""
        models = {name: each.model for name, each in checks.items() if each.model}
        orders = {name: each for model in models.values() for name, each in model.backlog.items()}
        for model in models.values():
            model.keep_orders(orders)
        layouts = {name: layout_of(model) for name, model in models.items()}
        check_recorded(base, models, layouts)
        for name, model in models.items():
            check_gauged(checks[name], model, layouts[name])
        if message := clash(layouts.values()):
            self.problems.append(base.document.mark.problem("", message))

    def _tables(self, check: Inspection, model: Model) -> None:
        """Read the CSV tables that a model names, each file once, and hand them to it."""
        for name in BOUNDS:
            path = self._path(check, "tables", name, "file")
            if path is None or getattr(model.tables, name) is None:
                continue
            if (name, path) not in self.tables:
                self.tables[name, path] = read_table(name, path)
            reading = self.tables[name, path]
            check.problems.extend(reading.problems)
            model.keep_table(name, reading.among(model.states))

    def _strangers(self, checks: Iterable[Inspection]) -> None:
        """Note states that a table names but no variant of the scenario has."""
        known = frozenset[str]().union(*(check.names("state") for check in checks))
        for reading in self.tables.values():
            self.problems.extend(reading.strangers(known))

    def _path(self, check: Inspection, *steps: str) -> Path | None:
        """Return the file that a value names, relative to its own file; note a missing file."""
        node = check.node(*steps)
        if node is None:
            return None
        here = Path(node.mark.file)
        beside = here.parent if here.is_file() else self.folder
        try:
            return allowed(node.value, beside, self.roots)
        except ValueError as error:
            check.wrong(steps, str(error))
            return None

    def _posterior(self, check: Inspection, model: Model) -> None:
        """Read the posterior that a model names, each file once, and hand it to the model."""
        path = self._path(check, "parameters", "posterior")
        if path is None or model.parameters is None:
            return
        if path not in self.drafts:
            self.drafts[path] = read_posterior(path)
        model.keep_posterior(self.drafts[path].posterior)

    def _fitted(self, documents: Mapping[str, Node], checks: Mapping[str, Inspection]) -> None:
        """Check posteriors against all variants; a value set by a variant takes precedence."""
        models = {name: each.model for name, each in checks.items() if each.model}
        if not self.drafts:
            return
        paths = {path: each for one in models.values() for path, each in named_paths(one).items()}
        for draft in self.drafts.values():
            draft.check(paths)
            self.problems.extend(draft.problems)
        for name, model in models.items():
            if model.posterior is not None:
                changed = [
                    path
                    for path in model.posterior.paths
                    if tried(documents[BASELINE], documents[name], path)
                ]
                model.keep_posterior(model.posterior.less(changed))


def _of_variant(name: str, problems: Iterable[Problem]) -> list[Problem]:
    return [
        replace(each, key=f"variants.{name}" + (f".{each.key}" if each.key else ""))
        for each in problems
    ]
