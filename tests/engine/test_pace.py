"""Constant nodes are computed when a strip begins, yearly ones when a year begins."""

from __future__ import annotations

import numpy as np

from sim.engine.graph import live
from sim.engine.pace import ONCE, PERIOD, YEAR, kept, paces
from sim.engine.symbols import Tracer

GIVEN = {"still": ONCE, "yearly": YEAR, "moving": PERIOD}


def graph(function):
    tracer = Tracer()
    symbols = [tracer.input(name, (3,), np.float64) for name in GIVEN]
    nodes = live([function(*symbols).node])
    pace = paces(nodes, lambda node: GIVEN[node.given["name"]])
    return nodes, pace, kept(nodes, pace)


def functions(nodes, numbers):
    return {n.given.get("function", n.op) for n in nodes if n.number in numbers}


def test_a_node_has_the_fastest_pace_of_its_arguments():
    nodes, pace, _ = graph(lambda still, yearly, moving: (still * 2 + yearly) - moving)
    by_function = {n.given["function"]: pace[n.number] for n in nodes if n.op == "elementwise"}
    assert by_function == {"multiply": ONCE, "add": YEAR, "subtract": PERIOD}


def test_only_what_costs_much_is_kept_and_the_last_of_it():
    nodes, _, found = graph(lambda still, yearly, moving: (np.exp(still) + 1) * moving + 2 * yearly)
    assert functions(nodes, found) == {"add"}  # exp and the sum; twice a number is worked out anew


def test_rows_of_what_is_kept_are_read_where_it_lies():
    nodes, _, found = graph(lambda still, yearly, moving: np.log(still)[::-1] * moving + yearly)
    assert functions(nodes, found) == {"log"}


def test_what_is_kept_for_a_year_may_rest_on_what_is_kept_for_good():
    nodes, _, found = graph(lambda still, yearly, moving: np.log(np.exp(still) + yearly) * moving)
    assert functions(nodes, found) == {"log", "exp"}
