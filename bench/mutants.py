"""Break laws, steps and metrics on purpose, one place at a time, and see whether the tests notice.

    python bench/mutants.py [--sample 40] [--seed 1] [--jobs 2] [--room laws]

A mutant is a copy of the project with one operator, number or truth value replaced in a function's
body (by cosmic-ray's operators). It is killed by the first test that fails: those of its own file,
then those of its room, the checks over the register of laws, conformance, invariants and the
independent reference. A comparison is reversed, not moved by its boundary: amounts are continuous,
and `<=` for `<` seldom differs. Survivors are printed as the lines that were changed.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("laws", "steps", "metrics")
GOAL = 0.95
LIMIT = 900  # s: a mutant that keeps the tests busy for longer counts as killed
BINARY = ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "Pow_Mul", "BitAnd_BitOr", "BitOr_BitAnd")
REVERSED = ("Lt_Gt", "Gt_Lt", "LtE_GtE", "GtE_LtE", "Eq_NotEq", "NotEq_Eq")
OPERATORS = (
    *(f"core/ReplaceBinaryOperator_{each}" for each in BINARY),
    *(f"core/ReplaceComparisonOperator_{each}" for each in REVERSED),
    *(f"core/ReplaceUnaryOperator_Delete_{each}" for each in ("USub", "Not", "Invert")),
    "core/ReplaceTrueWithFalse",
    "core/ReplaceFalseWithTrue",
    "core/ReplaceAndWithOr",
    "core/ReplaceOrWithAnd",
    "core/NumberReplacer",
)
SHARED = ("test_every_law.py", "test_invariants.py", "test_reference.py")


@dataclass(frozen=True)
class Mutant:
    """One place of one file, and what is done to it."""

    file: str  # from the project's root
    operator: str
    occurrence: int

    @property
    def room(self) -> str:
        """Return the room of its file: laws, steps or metrics."""
        return self.file.split("/")[1]


def main() -> None:
    """Measure a sample of each room; exit with 1 where fewer than 95 % are killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=40, help="mutants of each room")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--room", choices=ROOMS, action="append")
    parser.add_argument("--file", action="append", help="these files only, all their mutants")
    asked = parser.parse_args()
    files = [Path(each) for each in asked.file or ()]
    chance = random.Random(asked.seed)
    sample: list[Mutant] = []
    for room in asked.room or ROOMS:
        inside = [
            path.relative_to(ROOT)
            for path in sorted((ROOT / "sim" / room).rglob("*.py"))
            if not files or path.relative_to(ROOT) in files
        ]
        mutants = [mutant for path in inside for mutant in mutants_of(path)]
        count = len(mutants) if files else min(asked.sample, len(mutants))
        sample += chance.sample(mutants, count)
    survivors = survived(sample, asked.jobs)
    total = 0
    for room in ROOMS:
        mutants = [mutant for mutant in sample if mutant.room == room]
        if mutants:
            left = sum(mutant.room == room for mutant in survivors)
            print(f"{room:8} {len(mutants) - left:4} of {len(mutants):4} killed")
            total += len(mutants)
    share = 1 - len(survivors) / total
    print(f"all      {total - len(survivors):4} of {total:4} killed: {share:.1%}")
    sys.exit(share < GOAL)


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Yield every mutant of a file: places within the bodies of its functions."""
    source = (ROOT / path).read_text(encoding="utf-8")
    body = lines_of_bodies(source)
    for name in OPERATORS:
        operator = get_operator(name)()
        places = (
            start
            for node in ast_nodes(get_ast(source))
            for start, _ in operator.mutation_positions(node)
        )
        for occurrence, (line, _) in enumerate(places):
            if line in body:
                yield Mutant(str(path), name, occurrence)


def lines_of_bodies(source: str) -> set[int]:
    """Return the lines of statements in functions: neither docstrings nor signatures."""
    lines: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            statements = node.body[1:] if ast.get_docstring(node) is not None else node.body
            for statement in statements:
                lines |= set(range(statement.lineno, (statement.end_lineno or 0) + 1))
    return lines


def survived(mutants: list[Mutant], jobs: int) -> list[Mutant]:
    """Return the mutants that no test kills, printing each as it is found."""
    names = subprocess.run(
        [shutil.which("git") or "git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    copies: Queue[Path] = Queue()
    with tempfile.TemporaryDirectory(prefix="mutants-") as top:
        for job in range(jobs):
            copy = Path(top) / str(job)
            for name in names:
                if (ROOT / name).is_file() and not name.startswith("results/"):
                    (copy / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(ROOT / name, copy / name)
            copies.put(copy)

        def lives(mutant: Mutant) -> bool:
            copy = copies.get()
            try:
                return _lives(mutant, copy)
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(jobs) as pool:
            alive = []
            for at, life in enumerate(zip(mutants, pool.map(lives, mutants), strict=True)):
                print(f"{at + 1} of {len(mutants)}", end="\r", flush=True)
                if life:
                    alive.append(mutants[at])
                    print(f"{mutants[at].file}\n{difference(mutants[at])}", flush=True)
    return alive


def _lives(mutant: Mutant, copy: Path) -> bool:
    """Return whether every test passes on a copy with a mutant in it."""
    source = (ROOT / mutant.file).read_text(encoding="utf-8")
    (copy / mutant.file).write_text(mutated(mutant, source), encoding="utf-8")
    try:
        return all(passes(tests, copy) for tests in tests_of(mutant, copy))
    finally:
        (copy / mutant.file).write_text(source, encoding="utf-8")


def mutated(mutant: Mutant, source: str) -> str:
    """Return the text of a mutant's file."""
    code = mutate_code(source, get_operator(mutant.operator)(), mutant.occurrence)
    return source if code is None else str(code)


def difference(mutant: Mutant) -> str:
    """Return the lines that a mutant changes."""
    source = (ROOT / mutant.file).read_text(encoding="utf-8")
    lines = difflib.unified_diff(source.splitlines(), mutated(mutant, source).splitlines(), n=0)
    return "\n".join(f"    {line}" for line in lines if not line.startswith(("---", "+++")))


def tests_of(mutant: Mutant, copy: Path) -> list[list[str]]:
    """Return the tests that may kill a mutant, the quickest first."""
    tests = copy / "tests"
    own = sorted(tests.rglob(f"test_{Path(mutant.file).stem}.py"))
    room = [path for path in sorted((tests / mutant.room).glob("test_*.py")) if path not in own]
    conform = sorted((tests / "conform").glob("test_*.py"))
    shared = [path for name in SHARED for path in sorted(tests.rglob(name))]
    return [[str(path) for path in group] for group in (own, room, shared, conform) if group]


def passes(tests: list[str], copy: Path) -> bool:
    """Return whether tests pass in a copy, within the time that they may take."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider"]
    try:
        done = subprocess.run(
            [*command, "-m", "not study", *tests],
            cwd=copy, check=False, capture_output=True, timeout=LIMIT,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(copy), "SHAPES": "off", "CI": "1"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return False
    return done.returncode in {0, 5}  # 5: all tests of the file are studies


if __name__ == "__main__":
    main()
