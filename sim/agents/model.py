"""GeopoliticalModel: one run of a scenario as a Mesa model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import mesa
import numpy as np

from sim.agents.agents import BlocAgent, StateAgent
from sim.agents.arguments import known, model_of, numbered
from sim.agents.decisions import decide_of
from sim.agents.readings import Readings
from sim.experiments.outcomes import dates_of
from sim.kernel.arrays import added, logistic
from sim.kernel.errors import RunError, need_lists
from sim.kernel.inputs import Inputs
from sim.kernel.layout.layout import Layout
from sim.kernel.noise import Noise
from sim.kernel.period import Passed
from sim.kernel.rules import Rules
from sim.kernel.simulate import steps
from sim.kernel.world import World
from sim.scenario.compile.build import build
from sim.scenario.load import Scenario
from sim.scenario.patches import BASELINE
from sim.scenario.schema.outcome_syntax import parse_outcome
from sim.scenario.schema.root import Model
from sim.steps import appeals, contributions, crises, levers, money, ties
from sim.steps.assessment import Assessment, assess, inventory
from sim.steps.consents import Deciders, odds_of_consent
from sim.steps.deliveries import no_flows
from sim.steps.privileges import exits, familiarity, fellows, privilege
from sim.steps.requests import Circumstances, queries
from sim.steps.restraints import precedent_of, restraints


def opening(world: World, rules: Rules) -> Passed:
    """Return the start of a run in the form of a period that has passed: no flows, no wars."""
    runs = world.gdp.shape[-1]
    view = assess(world, rules, inventory(world, rules))
    return Passed(
        world=world,
        view=view,
        eve=view,
        shift=world.shift,
        flows=no_flows(world),
        consent=_consent(world, rules, view),
        precedent=precedent_of(world, rules),
        wars=crises.no_clash(world.layout, runs),
        rescue=money.no_rescue(runs),
        answers=appeals.no_answers(runs),
        withheld=levers.nothing_withheld(runs, world.layout),
        burdens=contributions.no_burdens(runs, world.layout),
        worth=ties.worth_of_membership(world, rules, view, exits(world, rules, view.strength)),
    )


def _consent(world: World, rules: Rules, view: Assessment) -> np.ndarray:
    """Return the probability of consent to the standing queries: (queries, runs)."""
    precedent = precedent_of(world, rules)
    exit_ = exits(world, rules, view.strength)
    at = Circumstances(
        world=world,
        rules=rules,
        precedent=precedent,
        restraints=restraints(world, rules, precedent, exit_, fellows(world)),
        terms=privilege(world, rules),
        familiarity=familiarity(world),
        part=0,
        period=world.period * world.layout.rounds,
        dt=world.layout.calendar.dt / world.layout.rounds,
    )
    voices = Deciders(at, queries(world, world.gdp.shape[-1]))
    return np.asarray(logistic(added(odds_of_consent(voices)))[0])


Reporters = Mapping[str, str | Callable[[Any], Any]]


class GeopoliticalModel(mesa.Model):
    """One run of a scenario, one period at each step, by the same laws as an ensemble.

    `scenario` is a file, the name of a shipped scenario, a loaded Scenario or one of its models.
    `run` is the number of the run in the ensemble, and `seed` the seed of the ensemble (by default
    the scenario's). `agents` maps states or blocs to subclasses of StateAgent or BlocAgent.
    `metrics` lists the metrics that are collected, such as `cohesion CSTO` (by default those of the
    scenario's outcomes). Any other keyword is a dotted path with its number, such as
    `blocs.CSTO.preference`. Wrong arguments are an InputError.
    """

    world: World  # at the end of the last period, in two equal columns
    rules: Rules  # in force
    inputs: list[Inputs]  # the events of every period
    noise: Noise
    layout: Layout
    readings: Readings
    states: dict[str, StateAgent]  # by name
    blocs: dict[str, BlocAgent]
    drawn: dict[str, float]  # the uncertain numbers that the run has drawn, by path

    def __init__(
        self,
        scenario: str | Path | Scenario | Model,
        run: int = 0,
        seed: int | None = None,
        variant: str = BASELINE,
        *,
        agents: Mapping[str, type[Any]] | None = None,
        metrics: Sequence[str] | None = None,
        model_reporters: Reporters | None = None,
        agent_reporters: Reporters | None = None,
        agenttype_reporters: Mapping[type[Any], Reporters] | None = None,
        **kwargs: Any,
    ) -> None:
        need_lists(metrics=metrics)
        source = model_of(scenario, variant, kwargs)
        self.run = numbered("run", run, 32)
        self.seed = numbered("seed", source.seed if seed is None else seed, 64)
        self.variant = variant
        super().__init__(seed=self.seed)
        self._begin(source)
        self._people(agents or {})
        named = self.readings.names_of(source.outcomes) if metrics is None else metrics
        collected = {name: self.readings.reporter(name) for name in named}
        self.datacollector = mesa.DataCollector(
            model_reporters={"date": "date", **collected, **(model_reporters or {})},
            agent_reporters=agent_reporters,
            agenttype_reporters=agenttype_reporters,
        )
        self.datacollector.collect(self)

    def step(self) -> None:
        """Run one period and collect the metrics; after the last one set `running` to False."""
        if self.over:
            self.running = False
            return
        self._index = self.readings.count
        inputs = self.inputs[self._index]
        decide = decide_of(self.states.values(), self.world, inputs.resolved(self.world.due))
        ((passed, self.rules),) = steps(self.world, self.rules, [inputs], self.noise, decide)
        self.world = passed.world
        self.readings.add(passed, self.rules)
        self.datacollector.collect(self)

    @property
    def over(self) -> bool:
        """Return whether all periods have passed."""
        return self.readings.count == len(self.inputs)

    @property
    def date(self) -> str:
        """Return the date of the last period that has passed, such as `2018-Q2`.

        While an agent decides, it is the date of the current period.
        """
        return str(self.layout.calendar.label(self._index))

    @property
    def view(self) -> Assessment:
        """Return strengths, threats and exposures at the end of the last period."""
        return self.readings.passed.view

    def value(self, name: str) -> float:
        """Return a metric at the end of the last period, such as `exposure AZE>ARM`."""
        return self.readings.value(name)

    def outcomes(self) -> dict[str, float]:
        """Return the scenario's outcomes, with their windows, once all periods have passed."""
        if not self.over:
            message = f"{self.date}: outcomes are only known at the end; call run_model() first"
            raise RunError(message)
        return self.readings.outcomes(self._outcomes, self._dates)

    def _begin(self, source: Model) -> None:
        """Build the world of the run, in two equal columns, and read its metrics at the start."""
        built = build(source, runs=np.array([self.run]), seed=self.seed)
        self.world = built.world
        self.rules = built.rules
        self.inputs = built.inputs
        self.noise = built.noise
        self.layout = built.world.layout
        self.drawn = {path: float(values[0]) for path, values in built.drawn.items()}
        self._index = -1  # of the last period that has passed
        self.readings = Readings(opening(self.world, self.rules), self.rules)
        self._outcomes = [parse_outcome(text) for text in source.outcomes]
        self._dates = dates_of(source)

    def _people(self, agents: Mapping[str, type[Any]]) -> None:
        """Create the agents, states first, in the order of their rows."""
        for name in agents:
            known("agents", name, [*self.layout.states, *self.layout.blocs])
        self.states = {
            name: agents.get(name, StateAgent)(self, name) for name in self.layout.states
        }
        self.blocs = {name: agents.get(name, BlocAgent)(self, name) for name in self.layout.blocs}
