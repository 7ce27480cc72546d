"""The settings of an ablation as points of a sweep: all mechanisms, none, each off, each alone.

A point has the numbers at which mechanisms are off, and nan where the scenario's own number stays.
Settings with other rules are classes of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.experiments.ablation.mechanisms import MECHANISMS, Mechanism
from sim.experiments.design import Axis, Design
from sim.experiments.options import Options, refuse_unknown
from sim.experiments.structural.rule_sets import under
from sim.experiments.sweeps.sweep_table import SweepTask
from sim.kernel.errors import InputError, Problem
from sim.kernel.rules import rules_in_force
from sim.scenario.load import Scenario
from sim.scenario.paths import number_paths

ALL, NONE, OFF, ALONE = "all", "none", "off", "alone"
RULES = "rules"  # column of the rules that a setting changes
FLAG = "--mechanism"


@dataclass(frozen=True)
class AblationSetting:
    """The mechanisms that are off in a setting."""

    kind: str  # all, none, off or alone
    mechanism: str  # the one that is off, or alone; empty for all and none
    off: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class AblationPlan:
    """The mechanisms of a scenario, and the settings under which it is run."""

    scenario: Scenario
    variants: tuple[str, ...]  # that run
    on: Mapping[str, Mechanism]  # those with an effect in a variant that runs
    chosen: tuple[str, ...]  # those that are tested: off, and alone

    @classmethod
    def of(
        cls, scenario: Scenario, chosen: Sequence[str] = (), variants: Sequence[str] = ()
    ) -> AblationPlan:
        """Return the plan of a scenario; InputError names unknown variants and idle mechanisms."""
        refuse_unknown("mechanism", chosen, MECHANISMS)
        refuse_unknown("variant", variants, scenario.variants)
        run = tuple(name for name in scenario.variants if not variants or name in variants)
        models = [scenario.variants[name] for name in run]
        facts = [(number_paths(model), rules_in_force(model.rules)) for model in models]
        on = {
            name: each
            for name, each in MECHANISMS.items()
            if any(each.is_on(known, rules) for known, rules in facts)
        }
        problems = [
            Problem(
                FLAG,
                0,
                0,
                name,
                f"is already off in every variant of {scenario.name}: leave it out",
            )
            for name in dict.fromkeys(chosen)
            if name not in on
        ]
        if not on:
            problems = [Problem(scenario.name, 0, 0, "", "has no mechanism to switch off")]
        if problems:
            raise InputError(problems)
        names = tuple(name for name in on if not chosen or name in chosen)
        return cls(scenario=scenario, variants=run, on=on, chosen=names)

    @property
    def settings(self) -> list[AblationSetting]:
        """Return the settings: all and none, then off and alone for each mechanism."""
        every = frozenset(self.on)
        pairs = [
            setting
            for name in self.chosen
            for setting in (
                AblationSetting(OFF, name, frozenset({name})),
                AblationSetting(ALONE, name, every - {name}),
            )
        ]
        return [AblationSetting(ALL, "", frozenset()), AblationSetting(NONE, "", every), *pairs]

    def task(self, options: Options) -> SweepTask:
        """Return the runs of every setting as a sweep."""
        scenario, settings = self.scenario, self.settings
        models = {name: scenario.variants[name] for name in self.variants}
        numbers = {name: number_paths(model) for name, model in models.items()}
        known = dict.fromkeys(path for own in numbers.values() for path in own)
        columns: dict[str, np.ndarray] = {}
        for name, mechanism in self.on.items():
            off = np.array([name in setting.off for setting in settings])
            for path, value in mechanism.paths(known).items():
                columns[path] = np.where(off, value, np.nan)
        rules = [self._rules(setting) for setting in settings]
        texts = [" ".join(f"{role}={rule}" for role, rule in each.items()) for each in rules]
        axes = [Axis(path, rides=True) for path in columns]
        design = Design((*axes, Axis(RULES, rides=False)), {**columns, RULES: np.array(texts)})
        by_text = dict(zip(texts, rules, strict=True))
        classes = [
            replace(scenario, variants={n: under(m, by_text[text]) for n, m in models.items()})
            for ((_, text),) in design.classes
        ]
        return SweepTask(
            scenario=scenario,
            classes=classes,
            design=design,
            variants=self.variants,
            fixed={name: frozenset(columns) - own.keys() for name, own in numbers.items()},
            options=options,
            independent=False,
            patterns=scenario.base.patterns,
        )

    def _rules(self, setting: AblationSetting) -> dict[str, str]:
        """Return the rules that a setting changes, by role."""
        off = (self.on[name].rules for name in self.on if name in setting.off)
        return {role: rule for each in off for role, rule in each.items()}
