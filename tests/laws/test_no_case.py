"""No law and no step names states, blocs or systems, which are only in scenarios."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

from sim.documents.package_data import scenarios_folder
from sim.experiments.ablation.mechanisms import MECHANISMS

SIM = Path(__file__).parents[2] / "sim"
FILES = sorted(path for part in ("laws", "steps", "metrics") for path in (SIM / part).rglob("*.py"))


@pytest.fixture(scope="module")
def names():
    """Return a pattern of the names of all states, blocs and systems of shipped scenarios."""
    found = set()
    for path in scenarios_folder().rglob("*.yaml"):
        document = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for block in ("states", "blocs", "systems"):
            for key, each in (document.get(block) or {}).items():
                found |= {key, (each or {}).get("name", key)}
    return re.compile(rf"\b({'|'.join(map(re.escape, sorted(found)))})\b")


def spoken(tree):
    """Yield the identifiers and texts of a file, except its docstrings."""
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and id(node) not in told:
            yield str(node.value)


def test_no_law_step_or_metric_names_a_state_a_bloc_or_a_system(names):
    found = [
        (path.name, text)
        for path in FILES
        for text in spoken(ast.parse(path.read_text(encoding="utf-8")))
        if names.search(text)
    ]
    assert found == []


def test_no_mechanism_names_one(names):
    assert [each.name for each in MECHANISMS.values() if names.search(each.text)] == []
