"""The plan of the package: one name for one thing, short files, imports that the linter sees."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = sorted(path for path in (ROOT / "sim").rglob("*.py") if path.name[:2] != "__")
TEXTS = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in FILES}
LONGEST = 400  # lines of a file
BY_NAME = {  # what imports modules by name, and why
    "sim/cli/app.py",  # every file of commands
    "sim/experiments/executor.py",  # what workers read in before they start
    "sim/experiments/extras.py",  # libraries that may be absent
}


def twice(names):
    return [name for name, count in Counter(names).items() if count > 1]


def test_a_file_has_a_name_of_its_own_unless_it_is_a_command():
    assert twice(path.stem for path in FILES if "cli" not in path.parts) == []


def test_a_class_has_a_name_of_its_own():
    classes = [
        node.name
        for text in TEXTS.values()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert twice(classes) == []


def test_files_are_named_for_things():
    assert [name for name in TEXTS if name.endswith("ing.py")] == []


def test_a_file_is_one_idea():
    assert [name for name, text in TEXTS.items() if len(text.splitlines()) > LONGEST] == []


def test_modules_are_imported_openly():
    assert {name for name, text in TEXTS.items() if "import_module(" in text} == BY_NAME
