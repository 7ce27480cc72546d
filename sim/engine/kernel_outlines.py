"""Outlines: all of a kernel but its machine code, kept in the cache beside that code.

With an outline, a period that this machine has compiled before needs no tracing. Its name depends
on the code in memory (`sim.engine.fingerprint`), on the case and on the processor. A case with a
user's law has no name: every process traces it.
"""

import pickle
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.engine import machine
from sim.engine.fingerprint import fingerprints
from sim.engine.graph import Graph
from sim.engine.kernels import Kernel


@dataclass(frozen=True, eq=False)
class Outline:
    """The parts of a kernel that can be pickled, and the file of its machine code."""

    parts: dict[str, Any]
    file: str

    @classmethod
    def of(cls, kernel: Kernel, file: str) -> "Outline":
        """Return the outline of a kernel, without the graph that it was made from."""
        trace = replace(kernel.trace, graph=Graph(), calls=(), outputs={})
        parts = {
            "trace": trace,
            "memory": kernel.memory,
            "prologue": kernel.prologue,
            "pins": kernel.pins,
            "names": kernel.names,
        }
        return cls(parts, file)

    @property
    def is_ready(self) -> bool:
        """Return whether its machine code is kept."""
        return machine.read(machine.folder() / self.file) is not None

    def kernel(self) -> Kernel | None:
        """Return the kernel; None if its machine code is not kept any more."""
        code = machine.kept_code(self.file)
        return None if code is None else Kernel(**self.parts, code=code)


def names_of(kernels: Iterable[tuple[Any, ...]]) -> list[str | None]:
    """Return the names under which outlines of kernels are kept, from all that they depend on.

    A name is None if the outline cannot be kept.
    """
    on = sys.version, np.__version__, machine.version(), machine.CodeTarget.host()
    return fingerprints((on, known) for known in kernels)


def kept(name: str) -> Outline | None:
    """Return the outline with this name; None if it is not there or cannot be read."""
    content = machine.read(_path(name))
    try:
        return None if content is None else pickle.loads(content)  # noqa: S301 - of this program
    except Exception:  # noqa: BLE001 - a file that cannot be read is made again
        return None


def keep(name: str, kernel: Kernel, assembly: str) -> None:
    """Keep the outline of a kernel that was compiled from assembly, if it can be pickled."""
    with suppress(pickle.PicklingError, AttributeError, TypeError):
        machine.keep(_path(name), pickle.dumps(Outline.of(kernel, machine.file_of(assembly))))


def _path(name: str) -> Path:
    return machine.folder() / (name + machine.OUTLINE)
