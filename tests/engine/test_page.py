"""docs/engine.md lists all operations, and shows the graph of a traced law."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench import law_graph
from sim.engine.engine_names import ENGINES
from sim.engine.graph import ELEMENTWISE
from sim.engine.operations import FUNCTIONS
from sim.experiments.options import Options
from sim.kernel.rules import ROLES
from tests.strategies import methods_of

PAGE = law_graph.PAGE.read_text(encoding="utf-8")
ENGINE = Path(law_graph.ROOT, "sim", "engine")


def section(title):
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_the_list_of_operations_is_that_of_the_code():
    listed = re.findall(
        r"`([\w.]+)`", "".join(re.findall(r"^\| .*\|$", section("Operations"), re.MULTILINE))
    )
    assert len(set(listed)) == len(listed)
    assert set(listed) == {*ELEMENTWISE, *(function.__qualname__ for function in FUNCTIONS)}


def test_the_engines_are_those_that_can_be_asked_for():
    assert re.findall(r"^\| `(\w+)`", section("Choosing"), re.MULTILINE) == list(ENGINES)
    assert f"| `{Options.engine}` (unless given) |" in PAGE


def test_the_law_is_drawn_as_it_is_traced():
    drawn = PAGE.partition(law_graph.BEGIN)[2].partition(law_graph.END)[0]
    assert drawn == law_graph.written(*law_graph.SHOWN), "run `python bench/law_graph.py --write`"


@pytest.mark.parametrize("role", ROLES)
def test_every_law_can_be_drawn(role):
    law = next(iter(ROLES[role].values()))
    for method in methods_of(law):
        assert law_graph.written(role, method).splitlines()[-1].startswith(f"{method}: ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["answers", "terms"], "role 'answers': there are .*answer"),
        (["answer"], "method '': .*terms"),
    ],
)
def test_an_unknown_law_is_reported_with_the_known_ones(arguments, said, monkeypatch):
    monkeypatch.setattr("sys.argv", ["law_graph.py", *arguments])
    with pytest.raises(SystemExit, match=said):
        law_graph.main()


def test_every_file_of_the_engine_is_explained():
    files = {file.name for file in ENGINE.glob("*.py")} - {"__init__.py"}
    assert [name for name in sorted(files) if f"`{name}`" not in PAGE] == []
    for name in re.findall(r"`(?:sim/engine/)?(\w+\.py)`", PAGE):
        assert name in files or name.startswith("test_"), name
