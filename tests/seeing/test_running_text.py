"""Names of states in running text: articles and possessives."""

from __future__ import annotations

import ast
from itertools import pairwise
from pathlib import Path

from sim.seeing.running_text import articles, possessives, statement

ROOT = Path(__file__).parents[2]


def test_names_that_take_an_article_have_it_in_running_text():
    assert possessives("Belarus's sale, China's class's") == "Belarus' sale, China's class'"
    assert possessives("United States's regard for Netherlands") == (
        "the United States' regard for the Netherlands"
    )
    assert articles("arms of the Philippines, United Kingdom and Gambia") == (
        "arms of the Philippines, the United Kingdom and the Gambia"
    )
    assert articles("The Bahamas, Kingdom of the Netherlands") == (
        "The Bahamas, Kingdom of the Netherlands"
    )
    assert articles("Democratic Republic of the Congo") == "the Democratic Republic of the Congo"
    assert articles("South Gambia and Gambia") == "South Gambia and the Gambia"
    assert statement("United Arab Emirates buys.") == "The United Arab Emirates buys."
    assert statement("Mali buys from Soviet Union.") == "Mali buys from the Soviet Union."


def unowned(tree):
    """Yield the lines of texts in which a name has 's and is not given to `possessives`."""
    inside = {
        id(node)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(("possessives", "phrase"))
        for node in ast.walk(call)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.JoinedStr) or id(node) in inside:
            continue
        for one, other in pairwise(node.values):
            text = getattr(other, "value", "")
            if isinstance(one, ast.FormattedValue) and str(text).startswith("'s "):
                yield node.lineno


def test_texts_for_readers_take_care_of_such_names():
    folders = ("explain", "seeing", "plots", "pages", "dashboard")
    files = [path for each in folders for path in (ROOT / "sim" / each).rglob("*.py")]
    assert len(files) > 50
    left = {path.name: [*unowned(ast.parse(path.read_text("utf-8")))] for path in files}
    assert not {name: lines for name, lines in left.items() if lines}
