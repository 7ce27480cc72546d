"""Files and lines of the package by folder, and violations of the rules of CONTRIBUTING.md.

`make size` prints both; `python bench/size.py COMMIT` shows the counts beside those of a commit.
`tests/test_house.py` tests the rules: unique names, visible imports, few layers.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import networkx as nx

ROOT = Path(__file__).parents[1]
PACKAGE = "sim"
TOPS = (PACKAGE, "tests", "bench")
MOST_LINES = 400
CLI = "sim/cli/"  # where a file has the name of its command
LAZY = "sim/__init__.py"  # which imports a name when it is first used


@cache
def texts(commit: str | None = None) -> dict[str, str]:
    """Return the Python files of package, tests and bench by path, at a commit or in the folder."""
    if commit is None:
        paths = sorted(path for top in TOPS for path in ROOT.glob(f"{top}/**/*.py"))
        return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in paths}
    names = _git("ls-tree", "-r", "--name-only", commit, *TOPS).split()
    return {name: _git("show", f"{commit}:{name}") for name in names if name.endswith(".py")}


def _git(*arguments: str) -> str:
    """Return the output of git."""
    return subprocess.run(
        ["git", *arguments],  # noqa: S607 - git is where the user has it
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip


@cache
def trees() -> dict[str, ast.Module]:
    """Return the files of the package, parsed."""
    return {name: ast.parse(text) for name, text in texts().items() if name.startswith(PACKAGE)}


def sizes(commit: str | None = None) -> tuple[Counter[str], Counter[str]]:
    """Return files and lines by folder of the package, and of the tests."""
    files: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    for name, text in texts(commit).items():
        top, *inside = name.split("/")
        room = f"{top}/{inside[0]}" if top == PACKAGE and len(inside) > 1 else top
        files[room] += 1
        lines[room] += text.count("\n")
    return files, lines


def twins() -> dict[str, list[str]]:
    """Return the base names that several files have, outside the command line."""
    names = [name for name in trees() if not name.startswith(CLI)]
    pairs = ((name.rpartition("/")[2], name) for name in names)
    return _several((base, name) for base, name in pairs if not base.startswith("__"))


def classes_twice() -> dict[str, list[str]]:
    """Return the names that several classes have, without classes within classes or functions."""
    return _several(
        (node.name, name)
        for name, tree in trees().items()
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    )


def _several(pairs: Iterator[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the names that occur in several places."""
    places: dict[str, list[str]] = defaultdict(list)
    for name, place in pairs:
        places[name].append(place)
    return {name: those for name, those in places.items() if len(those) > 1}


def in_ing() -> list[str]:
    """Return the files whose name ends in -ing instead of being a noun of the field."""
    return [name for name in trees() if name.endswith("ing.py")]


def too_long() -> list[str]:
    """Return the files with more lines than are allowed."""
    return [name for name, text in texts().items() if text.count("\n") > MOST_LINES]


def hidden_imports() -> list[str]:
    """Return the imports that import-linter cannot see: by name, or for type checkers only."""
    found = []
    for name, tree in trees().items():
        for node in ast.walk(tree) if name != LAZY else ():
            text = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if text.rpartition(".")[2] in ("import_module", "__import__"):
                found.append(f"{name}: import_module")
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
                ours = {each.partition(".")[0] for each in _imported(node)} & {PACKAGE}
                found += [f"{name}: TYPE_CHECKING" for _ in ours]
    return found


def floors(folder: str) -> int:
    """Return the number of layers of imports in a folder; a subfolder counts as one module."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    package = folder.replace("/", ".") + "."
    for name, tree in trees().items():
        here = _room(name.removesuffix(".py").replace("/", "."), package)
        there = {_room(module, package) for module in _imported(tree)} - {"", here}
        if here:
            graph.add_edges_from((here, each) for each in there)
    whole = nx.condensation(graph)  # modules that import each other are one
    return int(nx.dag_longest_path_length(whole)) + 1


def _room(module: str, package: str) -> str:
    """Return the part of a package that a module is in, if it is in one."""
    return module.removeprefix(package).partition(".")[0] if module.startswith(package) else ""


def _imported(part: ast.AST) -> Iterator[str]:
    """Yield the modules that a part of a file imports from."""
    for node in ast.walk(part):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


def main() -> None:
    """Print the counts, then the violations."""
    tables = [sizes(), *(sizes(commit) for commit in sys.argv[1:2])]
    print("room".ljust(18) + "   files  lines" * len(tables))
    for room in [*sorted({room for files, _ in tables for room in files} - {"tests"}), "tests"]:
        print(room.ljust(18) + "".join(f"{f[room]:8}{n[room]:7}" for f, n in tables))
    whole = [(f.total() - f["tests"], n.total() - n["tests"]) for f, n in tables]
    print("sim in all".ljust(18) + "".join(f"{f:8}{n:7}" for f, n in whole))
    print(f"\nfloors inside experiments: {floors('sim/experiments')}")
    for title, names in (
        ("file names that occur twice", twins()),
        ("class names that occur twice", classes_twice()),
        ("files in -ing", in_ing()),
        (f"files of more than {MOST_LINES} lines", too_long()),
        ("imports hidden from the linter", hidden_imports()),
    ):
        print(f"{title}: {len(names) or 'none'}")
        for each in names:
            print(f"  {each}" + (f": {', '.join(names[each])}" if isinstance(names, dict) else ""))


if __name__ == "__main__":
    main()
