"""What the plan of the house forbids: names that stand twice, hidden imports, too many floors.

`make size` prints it; `tests/test_house.py` holds it.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import networkx as nx

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "sim"
MOST_LINES = 400
CLI = "cli"  # here a file bears its command's name
LAZY = "sim/__init__.py"  # the front door, which fetches a name when it is first asked for


def files(folder: Path = PACKAGE) -> list[Path]:
    """Return the Python files below a folder."""
    return sorted(folder.rglob("*.py"))


def lines(path: Path) -> int:
    """Return the number of lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def named(path: Path) -> str:
    """Return a file's place in the project."""
    return path.relative_to(ROOT).as_posix()


def twins() -> dict[str, list[str]]:
    """Return the base names that several files bear, in lower rooms than the command line."""
    places: dict[str, list[str]] = defaultdict(list)
    for path in files():
        if not path.name.startswith("__") and CLI not in path.relative_to(PACKAGE).parts:
            places[path.name].append(named(path))
    return {name: several for name, several in places.items() if len(several) > 1}


def classes_twice() -> dict[str, list[str]]:
    """Return the names that several classes bear, those within a class or a function left out."""
    places: dict[str, list[str]] = defaultdict(list)
    for path in files():
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(named(path))
    return {name: several for name, several in places.items() if len(several) > 1}


def in_ing() -> list[str]:
    """Return the files whose name is a participle and not a noun of the field."""
    return [named(path) for path in files() if path.stem.endswith("ing")]


def too_long() -> list[str]:
    """Return the files of more lines than one idea takes."""
    return [named(path) for path in files() if lines(path) > MOST_LINES]


def hidden_imports() -> list[str]:
    """Return the imports that the linter of floors cannot see: by text, or for type checkers."""
    found = []
    for path in files():
        for node in ast.walk(tree(path)) if named(path) != LAZY else ():
            text = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if text.rpartition(".")[2] in ("import_module", "__import__"):
                found.append(f"{named(path)}: import_module")
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
                ours = {each.partition(".")[0] for each in imported_in(node)} & {PACKAGE.name}
                found += [f"{named(path)}: TYPE_CHECKING" for _ in ours]
    return found


def floors(folder: Path) -> int:
    """Return how many rooms of a folder stand on one another; a folder in it is one room."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    package = ".".join(folder.relative_to(ROOT).parts)
    for path in files(folder):
        here = room(".".join(path.relative_to(ROOT).with_suffix("").parts), package)
        graph.add_node(here)
        for module in imported(path):
            there = room(module, package)
            if there not in ("", here):
                graph.add_edge(here, there)
    whole = nx.condensation(graph)  # rooms that import each other are one
    return int(nx.dag_longest_path_length(whole)) + 1


def room(module: str, package: str) -> str:
    """Return the part of a package that a module is in, if it is in one."""
    inside = module.removeprefix(f"{package}.")
    return "" if inside == module else inside.partition(".")[0]


def imported(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports from."""
    yield from imported_in(tree(path))


def imported_in(part: ast.AST) -> Iterator[str]:
    """Yield the modules that a part of a file imports from."""
    for node in ast.walk(part):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


def tree(path: Path) -> ast.Module:
    """Return a file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def main() -> None:
    """Print what is forbidden."""
    print(f"floors inside experiments: {floors(PACKAGE / 'experiments')}")
    for title, names in (
        ("file names that stand twice", twins()),
        ("class names that stand twice", classes_twice()),
        ("files in -ing", in_ing()),
        (f"files of more than {MOST_LINES} lines", too_long()),
        ("imports hidden from the linter", hidden_imports()),
    ):
        print(f"{title}: {len(names) or 'none'}")
        for each in names:
            where = f": {', '.join(names[each])}" if isinstance(names, dict) else ""
            print(f"  {each}{where}")


if __name__ == "__main__":
    main()
