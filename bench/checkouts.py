"""Today's package and that of the previous release, side by side."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from sim.experiments.processes import SETTINGS

ROOT = Path(__file__).resolve().parents[1]
BEFORE = "0.2.0"
COMMIT = "163715a"  # of the previous release


@contextmanager
def release() -> Iterator[Path]:
    """Yield a folder with the previous release, which is removed afterwards."""
    line = ["git", "archive", "--format=tar", COMMIT]
    tar = subprocess.run(line, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    if tar.returncode:
        sys.exit(
            f"the previous release, commit {COMMIT}, is missing: clone with all of its history"
        )
    with TemporaryDirectory(prefix="blocsim-before-") as folder:
        with tarfile.open(fileobj=io.BytesIO(tar.stdout)) as archive:
            archive.extractall(folder, filter="data")
        yield Path(folder)


def environment(tree: Path, cache: Path | None = None) -> dict[str, str]:
    """Return the settings of a process that runs the package of a checkout, with one thread."""
    path = os.pathsep.join([str(tree), *filter(None, [os.environ.get("PYTHONPATH")])])
    kept = {} if cache is None else {"XDG_CACHE_HOME": str(cache)}
    return {**os.environ, **SETTINGS, "PYTHONPATH": path, **kept}


class Side:
    """A process that measures the cost of blocks of runs (`bench/side.py`)."""

    def __init__(self, tree: Path, *arguments: str, cache: Path | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "bench" / "side.py"), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=tree,
            env=environment(tree, cache),
        )

    def __enter__(self) -> Self:
        if self._answer() != "ready":
            sys.exit("a side of the comparison did not start: see above")
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()

    def cost(self, first: int) -> float:
        """Return the processor seconds of the block that begins with a run."""
        assert self.process.stdin is not None  # noqa: S101 - a pipe, as asked for above
        self.process.stdin.write(f"{first}\n")
        self.process.stdin.flush()
        return float(self._answer())

    def _answer(self) -> str:
        assert self.process.stdout is not None  # noqa: S101
        return self.process.stdout.readline().strip()


def turns(sides: Mapping[str, Side], rounds: int) -> dict[str, list[float]]:
    """Return the costs of all sides, measured in turns; each round has different runs."""
    costs: dict[str, list[float]] = {name: [] for name in sides}
    with ExitStack() as stack:
        for side in sides.values():
            stack.enter_context(side)
        for number in range(1, rounds + 1):
            for name, side in sides.items():
                costs[name].append(side.cost(1000 * number))
    return costs


def once(tree: Path, *arguments: str, cache: Path | None = None) -> float:
    """Return a cost, measured in a new process."""
    with Side(tree, *arguments, cache=cache) as side:
        return side.cost(0)


def called(tree: Path, arguments: Sequence[str], cache: Path, sign: str) -> tuple[float, float]:
    """Call a command; return clock seconds until a line that begins with `sign`, and in total."""
    start, seen = time.perf_counter(), 0.0
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tree,
        env=environment(tree, cache),
    )
    assert process.stderr is not None  # noqa: S101
    for line in process.stderr:
        if not seen and line.startswith(sign):
            seen = time.perf_counter() - start
    if process.wait():
        sys.exit(f"blocsim {' '.join(arguments)} failed in {tree}")
    return seen, time.perf_counter() - start
