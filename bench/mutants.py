"""Break laws, steps and metrics on purpose, one place at a time, and see whether the tests notice.

    make mutants
    python bench/mutants.py [--sample 40] [--seed 1] [--jobs 2] [--room laws] [--file FILE]

A mutant is a copy of the project with one operator, number or truth value replaced in a function's
body (by cosmic-ray's operators; numbers by one more and one less). It is killed by the first test
that fails: those of its own file, then those of its room, the independent reference, the checks
over the register of laws, invariants and conformance. Survivors are printed as the lines that were
changed, and the exit code is 1 where fewer than 95 % are killed.

Left out, since no test could distinguish them from the original: a comparison moved by its boundary
(amounts are continuous; comparisons are reversed instead); arguments that only save time or guard
against a mistake of the programmer (`inplace`, `strict`); a wider condition for a search; the last
index for the first (many axes have one entry, and results of `maximum(index, 0)` are discarded);
division by one for multiplication; the sign of zero; annotations, and code outside functions:
declarations and their bounds, which `tests/laws/test_every_law.py` reads. A survivor that turns out
to be equivalent goes into `bench/equal_mutants.txt`, with the reason.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import importlib.util
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from queue import Queue
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("laws", "steps", "metrics")
GOAL = 0.95
LIMIT = 900  # s: a mutant whose tests take longer counts as killed
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
EQUAL = ROOT / "bench" / "equal_mutants.txt"
SAVING = {"inplace", "strict"}  # arguments that do not change numbers
NEUTRAL = {"*": ("1", "1.0"), "+": ("0",), "-": ("0",)}  # x * 1.0 is x / 1.0; x + 0 * y, x - 0 * y
FINISHED = (
    "sim/metrics/exact/",
    "sim/metrics/network.py",
)  # metrics of whole runs: killed only by their own tests
SHARED = ("test_reference.py", "laws/test_every_law.py", "test_invariants.py")


@dataclass(frozen=True)
class Mutant:
    """One place in a file, and its replacement."""

    file: str  # from the project's root
    operator: str
    occurrence: int

    @property
    def room(self) -> str:
        """Return the room of its file: laws, steps or metrics."""
        return self.file.split("/")[1]


def main() -> None:
    """Measure a sample of each room; exit with 1 if fewer than 95 % are killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sample", type=int, default=40, help="largest number of mutants of each room"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--room", choices=ROOMS, action="append")
    parser.add_argument("--file", action="append", help="only mutants of these files")
    options = parser.parse_args()
    files = [Path(each) for each in options.file or ()]
    sample: list[Mutant] = []
    for room in options.room or ROOMS:
        inside = [
            path.relative_to(ROOT)
            for path in sorted((ROOT / "sim" / room).rglob("*.py"))
            if not files or path.relative_to(ROOT) in files
        ]
        mutants = [mutant for path in inside for mutant in mutants_of(path)]
        lots = {mutant: random.Random(f"{options.seed} {mutant}").random() for mutant in mutants}
        drawn = (each for each in sorted(mutants, key=lots.__getitem__) if not judged(each))
        sample += islice(drawn, options.sample)
    survivors = survived(sample, options.jobs)
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
            (node, index)
            for node in ast_nodes(get_ast(source))
            for index, _ in enumerate(operator.mutation_positions(node))
        )
        for occurrence, (node, index) in enumerate(places):
            if node.start_pos[0] in body and not equivalent(node, index):
                yield Mutant(str(path), name, occurrence)


def equivalent(node: Any, index: int) -> bool:
    """Return whether a replacement is equivalent; the second one of a number is one less."""
    value, above = getattr(node, "value", ""), node.parent
    if value in {"True", "False"}:
        return above.type == "argument" and above.children[0].value in SAVING
    if value in NEUTRAL and above.type in {"term", "arith_expr"}:
        right = node.get_next_sibling()
        return getattr(right.get_first_leaf(), "value", "") in NEUTRAL[value]
    if node.type != "number":
        return False
    if value == "0" and index == 1 and above.type == "arglist" and called(above) == "maximum":
        return above.children[0].type != "arith_expr"
    while value == "0" and index == 1 and above.type == "subscriptlist":
        above = above.parent
    return bool(
        value == "0" and index == 1 and above.type == "trailer" and above.children[0].value == "["
    )


@cache
def equals() -> frozenset[str]:
    """Return the mutants of `bench/equal_mutants.txt`: file and changed line."""
    lines = EQUAL.read_text(encoding="utf-8").splitlines()
    return frozenset(bare(line.rpartition("  # ")[0]) for line in lines if line[:1] != "#")


def bare(text: str) -> str:
    """Return a text without its spaces."""
    return "".join(text.split())


def judged(mutant: Mutant) -> bool:
    """Return whether `bench/equal_mutants.txt` has a mutant."""
    added = [line[5:] for line in difference(mutant).splitlines() if line.startswith("    +")]
    return bare(f"{mutant.file}: {''.join(added)}") in equals()


def called(node: Any) -> str:
    """Return the name of the function whose only arguments a node is, empty if it is none."""
    brackets = node if node.type == "trailer" else node.parent
    if brackets is None or brackets.type != "trailer" or brackets.children[0].value != "(":
        return ""
    return getattr(brackets.get_previous_leaf(), "value", "")


def lines_of_bodies(source: str) -> set[int]:
    """Return the lines of statements in functions, without docstrings and signatures."""
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
            lives_of = zip(mutants, pool.map(lives, mutants), strict=True)
            for at, (mutant, life) in enumerate(lives_of, 1):
                print(f"{at} of {len(mutants)}", end="\r", flush=True)
                if life:
                    alive.append(mutant)
                    print(f"{mutant.file}\n{difference(mutant)}", flush=True)
    return alive


def _lives(mutant: Mutant, copy: Path) -> bool:
    """Return whether every test passes on a copy with a mutant in it."""
    path, source = copy / mutant.file, (ROOT / mutant.file).read_text(encoding="utf-8")
    compiled = Path(importlib.util.cache_from_source(str(path)))
    try:
        path.write_text(mutated(mutant, source), encoding="utf-8")
        compiled.unlink(
            missing_ok=True
        )  # Python would use it for a file of equal second and length
        return all(passes(tests, copy) for tests in tests_of(mutant, copy))
    finally:
        path.write_text(source, encoding="utf-8")
        compiled.unlink(missing_ok=True)


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
    """Return the tests that may kill a mutant: its own, then the fastest to kill many."""
    tests = copy / "tests"
    own = sorted(tests.rglob(f"test_{Path(mutant.file).stem}.py"))
    room = sorted((tests / mutant.room).glob("test_*.py"))
    shared = [tests / name for name in SHARED]
    if mutant.room == "steps":  # the reference covers all steps; tests of steps run ensembles
        room, shared = shared[:1], [*room, *shared[1:]]
    groups = [own, room, shared, sorted((tests / "conform").glob("test_*.py"))]
    if mutant.file.startswith(FINISHED):
        groups = groups[:2]
    seen: set[Path] = set()
    out = []
    for group in groups:
        fresh = [str(path) for path in group if path not in seen]
        seen.update(group)
        out += [fresh] if fresh else []
    return out


def passes(tests: list[str], copy: Path) -> bool:
    """Return whether tests pass in a copy within the time limit."""
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
