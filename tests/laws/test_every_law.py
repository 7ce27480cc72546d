"""Properties of every law of the register."""

import ast
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.kernel.parameters import parameters_of
from sim.kernel.rules import ROLES, rules
from tests.strategies import (
    LAWS,
    METHODS,
    arrays_for,
    drawn_law,
    methods_of,
    total,
)

ROOT = Path(__file__).parents[2]
PARAMETERS = [(law, name) for law in LAWS for name in parameters_of(law)]
REFERENCES = (ROOT / "docs/references.bib").read_text("utf-8")
KEYS = set(re.findall(r"^@\w+\{([^,\s]+),", REFERENCES, re.MULTILINE))
STATED = re.compile(r"(-?\d[\d.]*) (?:to (\d[\d.]*)|upwards)")
PRODUCTS = {"matmul", "tensordot", "dot", "vdot", "inner", "einsum", "vecdot", "matvec", "vecmat"}


def named(cases):
    return [f"{law.__name__}.{name}" for law, name in cases]


every_parameter = pytest.mark.parametrize(("law", "name"), PARAMETERS, ids=named(PARAMETERS))
every_method = pytest.mark.parametrize(("law", "method"), METHODS, ids=named(METHODS))


def answer(law, method, given):
    return total(getattr(law, method)(**given))


def cut(given, runs):
    return {
        name: value if isinstance(value, float) else value[..., runs]
        for name, value in given.items()
    }


def column(law, runs):
    return replace(law, **{name: getattr(law, name)[runs] for name in parameters_of(type(law))})


@every_parameter
def test_every_parameter_lies_within_its_bounds(law, name):
    about = parameters_of(law)[name]
    assert about.low < about.high
    assert about.low <= about.value <= about.high
    assert getattr(law(), name) == about.value


@every_parameter
def test_every_parameter_has_a_unit_a_meaning_and_a_source(law, name):
    about = parameters_of(law)[name]
    assert about.unit.strip()
    assert about.doc.strip().endswith(".")
    assert about.source in KEYS | {"assumed"}


def test_every_role_has_a_default_and_every_law_a_docstring():
    assert set(vars(rules({}, {}))) == set(ROLES)
    for law in LAWS:
        assert law.__doc__
        assert methods_of(law)
        for method in methods_of(law).values():
            assert method.__doc__.startswith("Return ")


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_every_source_that_a_law_cites_is_a_reference(law):
    text = (ROOT / (law.__module__.replace(".", "/") + ".py")).read_text("utf-8")
    cited = re.findall(r"\b[a-z]{4,}(?:18|19|20)\d\d[a-z]*\b", ast.get_docstring(ast.parse(text)))
    assert set(cited) <= KEYS


@every_method
@pytest.mark.parametrize("seed", range(4))
def test_every_answer_lies_within_the_range_that_its_docstring_states(law, method, seed):
    stated = STATED.search(methods_of(law)[method].__doc__.split("\n\n")[0])
    given = arrays_for(law, method, seed)
    found = answer(drawn_law(law, seed), method, given)
    assert np.all(np.isfinite(found))
    if stated is not None:
        low, high = stated.groups()
        assert np.all(found >= float(low) - 1e-12)
        assert high is None or np.all(found <= float(high) + 1e-12)


@every_method
def test_a_run_does_not_feel_its_neighbours(law, method):
    given = arrays_for(law, method, seed=3, runs=7)
    law = drawn_law(law, 3, runs=7)
    whole = answer(law, method, given)
    for runs in (slice(0, 2), slice(2, 5), slice(5, 7), [6, 0]):
        assert np.array_equal(answer(column(law, runs), method, cut(given, runs)), whole[..., runs])


@every_method
def test_an_argument_on_which_all_runs_agree_may_come_once_or_is_refused(law, method):
    given = arrays_for(law, method, seed=8)
    law = drawn_law(law, 8)
    for name, value in given.items():
        if isinstance(value, float):
            continue
        same = np.broadcast_to(value[..., :1], value.shape)
        expected = answer(law, method, {**given, name: same})
        with suppress(ValueError):  # a sum in place does not widen: loud, never another number
            found = answer(law, method, {**given, name: value[..., :1]})
            assert np.broadcast_to(found, expected.shape) == pytest.approx(expected, rel=1e-12)


@every_method
def test_parameters_by_run_give_what_each_run_gets_from_plain_numbers(law, method):
    given = arrays_for(law, method, seed=4)
    law = drawn_law(law, 4, runs=3)
    whole = answer(law, method, given)
    for run in range(3):
        plain = replace(law, **{n: float(getattr(law, n)[run]) for n in parameters_of(type(law))})
        alone = answer(plain, method, cut(given, [run, run]))
        assert alone[..., 0] == pytest.approx(whole[..., run], rel=1e-12, abs=1e-12)


@every_method
def test_a_parameter_at_either_bound_gives_a_finite_answer(law, method):
    for name, about in parameters_of(law).items():
        for bound in (about.low, about.high):
            given = arrays_for(law, method, seed=5)
            assert np.all(np.isfinite(answer(law(**{name: bound}), method, given)))


@every_method
def test_a_law_writes_into_no_argument(law, method):
    given = arrays_for(law, method, seed=6)
    before = arrays_for(law, method, seed=6)
    for value in given.values():
        if not isinstance(value, float):
            value.flags.writeable = False  # a law that writes raises
    answer(drawn_law(law, 6), method, given)
    assert all(np.array_equal(given[name], before[name]) for name in given)


def laws_imported(file):
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
        yield from (name for name in names if name.startswith("sim.laws"))


def products_in(file):
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.MatMult):
            yield node.lineno
        name = getattr(node, "attr", None) or getattr(node, "id", None)
        if name in PRODUCTS:
            yield node.lineno


def test_no_law_imports_another():
    files = sorted((ROOT / "sim/laws").glob("*.py"))
    assert len(files) > 20
    assert [(file.name, *laws_imported(file)) for file in files if list(laws_imported(file))] == []


def test_laws_metrics_and_steps_leave_products_over_runs_to_contract():
    folders = ("laws", "metrics", "steps", "kernel")
    files = [file for folder in folders for file in sorted((ROOT / "sim" / folder).glob("*.py"))]
    files.remove(ROOT / "sim/kernel/arrays.py")  # holds contract
    found = [(file.name, *products_in(file)) for file in files]
    assert [each for each in found if len(each) > 1] == []


def test_bounds_of_a_parameter_that_evidence_splits_span_zero():
    split = [parameters_of(law)[name] for law, name in PARAMETERS if name == "by_familiarity"]
    assert all(about.low < 0.0 < about.high for about in split)
