"""The graph of a traced period, evaluated by numpy, equals the period."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.engine.graph import evaluate, live
from sim.engine.kernels import signature
from sim.engine.prologue import prologue
from sim.engine.trace import trace
from sim.experiments.batch import case_of
from sim.kernel.collect import collect
from sim.kernel.inputs import Amendment, edited
from sim.kernel.period import period
from sim.kernel.simulate import amended
from sim.scenario.compile.build import build
from sim.scenario.load import load
from sim.steps.assessment import inventory

SCENARIO, RUNS, LATE = "hub_and_spoke", 6, 9


@pytest.fixture(scope="module")
def case():
    """Return some runs of a shipped scenario, with a runs axis wherever runs may differ."""
    model = next(iter(load(SCENARIO).variants.values()))
    made = case_of(build(model, runs=np.arange(RUNS), seed=model.seed))
    return made.widened(made.differing())


def test_what_is_switched_off_is_not_in_the_graph(case):
    assert "law.procurement.by_risk" in case.off()
    on = replace(case, rules=case.rules.but({("procurement", "by_risk"): 1.0}))
    assert "law.procurement.by_risk" not in on.off()
    assert signature(on) != signature(case)
    sizes = [len(live(trace(each).outputs.values())) for each in (case, on)]
    assert sizes[0] < sizes[1]


def test_what_an_event_may_switch_on_is_not_off(case):
    change = Amendment(value=np.ones(1), happened=np.ones(1), role="procurement", name="by_risk")
    last = replace(case.inputs[-1], amendments=(change,))
    assert "law.procurement.by_risk" not in replace(case, inputs=[*case.inputs[:-1], last]).off()


def before(case, at):
    """Return world, rules, inventory and inputs at the beginning of a period, by numpy."""
    world, rules = case.world, case.rules
    for each in case.inputs[: at + 1]:
        rules, world = amended(rules, each), edited(world, each.edits)
        given, stock = replace(each, edits=()), inventory(world, rules)
        if each is not case.inputs[at]:
            world = period(world, rules, case.noise, given, stock=stock).world
    return world, rules, stock, given


def inputs_of(case, traced, world, rules, stock, given):
    """Return the inputs of the graph of a period, by name."""
    arrays = {f"world.{n}": each for n, each in vars(world).items() if hasattr(each, "shape")}
    arrays |= {f"stock.{n}": each for n, each in vars(stock).items()}
    arrays |= {f"log.{n}": each for n, each in vars(world.log).items()}
    arrays |= {f"inputs.{n}": each for n, each in vars(given).items() if hasattr(each, "shape")}
    for role, law in vars(rules).items():
        arrays |= {f"law.{role}.{n}": np.asarray(each) for n, each in vars(law).items()}
    now, months = case.noise.at(given.number), world.layout.rounds
    spans = {"": ("period", now), "year ": ("year", now.year(months))}
    spans |= {f"month {q} ": ("month", now.month(q, months)) for q in range(months)}
    for prefix, (clock, noise) in spans.items():
        for number, (stream, draw) in enumerate(traced.draws[clock]):
            one = noise.draw(replace(draw, streams=(stream,), shaped=None))
            arrays[f"{prefix}draw {number}"] = np.rint(one * 2.0**32 - 0.5).astype(np.uint32)
    return {**arrays, "runs": case.noise.runs, **pins(case, traced, given)}


def pins(case, traced, given):
    """Return the results of the prologue."""
    calls = [n.given["call"] for n in live(traced.outputs.values()) if n.op == "pin"]
    sources = case.sources_of(given)
    steps = prologue(traced.calls, calls, sources, "number")
    known = steps.of_block(case.sources())
    known = steps.of_number(sources, steps.of_period(sources, known))
    return {f"pin {call}": np.asarray(known[call]) for call in calls}


def test_the_graph_of_a_period_means_the_period_and_its_metrics(case):
    traced = trace(case)
    parts = before(case, LATE)
    world, rules, stock, given = parts
    passed = period(world, rules, case.noise, given, stock=stock)
    metrics = collect(passed, rules)
    found = evaluate(traced.outputs, inputs_of(case, traced, *parts), RUNS)
    left = {"world": passed.world, "stock": passed.view.stock, "log": passed.world.log}
    assert {name.partition(".")[0] for name in found} == {*left, "metric"}
    for name, rows in found.items():
        kind, _, which = name.partition(".")
        expected = metrics[which] if kind == "metric" else getattr(left[kind], which)
        expected = np.broadcast_to(expected, (*expected.shape[:-1], RUNS)).reshape(-1, RUNS)
        assert np.array_equal(rows, expected) or np.all(
            np.abs(rows - expected) <= 1e-12 * np.maximum(np.abs(expected), 1.0)
        ), name


def test_equal_operations_are_one_node_and_each_rests_on_those_before_it(case):
    nodes = trace(case).graph.nodes
    assert [node.number for node in nodes] == list(range(len(nodes)))
    assert all(arg.number < node.number for node in nodes for arg in node.args)
    plain = [n for n in nodes if n.op == "elementwise"]
    keys = [(n.given["function"], *(a.number for a in n.args), n.dtype.str) for n in plain]
    assert len(set(keys)) == len(keys)


def test_a_node_names_the_step_that_first_used_it(case):
    steps = {node.step for node in trace(case).graph.nodes}
    assert {"assess", "clash", "consents", "deliver", "collect"} <= steps
