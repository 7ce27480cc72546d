"""Errors that blocsim raises on purpose; any other is a bug."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any

from sim.kernel.words import one_line

LONGEST_FILE, LONGEST_KEY, LONGEST_MESSAGE = 200, 150, 1000  # characters that are shown of each
END = 10**9  # as the line of a problem: none, sorted behind all lines of its file


class SimError(Exception):
    """Root of every error that the simulator raises on purpose."""

    exit_code = 3


@dataclass(frozen=True, order=True)
class Problem:
    """A fault of the input: its place, its key, and what to do."""

    file: str
    line: int
    column: int
    key: str
    message: str

    @property
    def placed(self) -> bool:
        """Return whether it has a line."""
        return 0 < self.line < END

    def __str__(self) -> str:
        """Return the problem as one line, `file:line:column: key: message`."""
        file, key = one_line(self.file, LONGEST_FILE), one_line(self.key, LONGEST_KEY)
        place = f"{file}:{self.line}:{self.column}: " if self.placed else f"{file}: "
        return place + (f"{key}: " if key else "") + one_line(self.message, LONGEST_MESSAGE)


class InputError(SimError):
    """Bad input: every problem found, sorted by file and line."""

    exit_code = 2

    def __init__(self, problems: list[Problem] | tuple[Problem, ...]) -> None:
        """Keep the problems in the order of their files and lines, each once."""
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def need_lists(**lists: Any) -> None:
    """Raise an InputError for arguments that are not lists of texts or paths, such as a text.

    Settings, `sets`, may also be a mapping from paths to values.
    """
    problems = []
    for name, value in lists.items():
        several = isinstance(value, Collection) and not isinstance(value, (str, bytes, Mapping))
        if name == "sets" and isinstance(value, Mapping) and all(isinstance(p, str) for p in value):
            continue
        if value is None or (several and all(isinstance(each, (str, PathLike)) for each in value)):
            continue
        remedy = f": write [{value!r}]" if isinstance(value, (str, PathLike)) else ""
        message = f"must be a list of texts, got {value!r}{remedy}"
        problems.append(Problem(name, 0, 0, "", message))
    if problems:
        raise InputError(problems)


def need_flags(**flags: Any) -> None:
    """Raise an InputError for flags that are not True or False: any text would count as true."""
    problems = [
        Problem(name, 0, 0, "", f"must be True or False, got {value!r}")
        for name, value in flags.items()
        if type(value).__name__ not in ("bool", "bool_", "NoneType")
    ]
    if problems:
        raise InputError(problems)


class RunError(SimError):
    """A run failed: the message names the period, the law and the states."""


class ResultError(SimError):
    """A result cannot be read, or would be overwritten."""

    exit_code = 2


class Interrupted(SimError):  # noqa: N818 - not a fault: the user has stopped it
    """The user stopped the work: the message says what was kept and how to go on."""

    exit_code = 130
