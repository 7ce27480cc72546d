"""The files of a scenario: those it extends, in order, each once, from allowed folders only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sim.documents.nodes import Node
from sim.documents.package_data import catalogue_folder
from sim.documents.reader import read_file, shown
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import got, quoted
from sim.scenario.file_format import current
from sim.scenario.patches import merge

MOST_FILES = 100


@dataclass
class ScenarioFiles:
    """Reads a scenario and all files that it extends; syntax errors of every file are kept."""

    top: Path
    problems: list[Problem] = field(default_factory=list)
    read: dict[Path, Node | None] = field(default_factory=dict)
    outdated: list[Problem] = field(default_factory=list)  # keys of earlier formats

    @property
    def roots(self) -> tuple[Path, Path]:
        """Return the folders from which a scenario may read."""
        return self.top.parent.resolve(), catalogue_folder().resolve()

    def document(self) -> Node:
        """Return the merged document: later files win, the scenario itself last."""
        self._visit(self.top.parent.resolve() / self.top.name, ())
        if self.problems:
            raise InputError(self.problems)
        nodes = [node for node in self.read.values() if node is not None]
        merged = nodes[0].without("extends")
        for node in nodes[1:]:
            merged = merge(merged, node.without("extends"), self.problems)
        return merged

    def _visit(self, path: Path, open_files: tuple[Path, ...]) -> None:
        """Read a file after those that it extends."""
        try:
            now = current(read_file(path if open_files else self.top))
        except InputError as error:
            self.problems.extend(error.problems)
            self.read[path] = None
            return
        node = now.document
        self.outdated.extend(now.outdated)
        for entry, base in self._bases(node, path):
            if base in self.read:
                continue
            if base in (*open_files, path):
                round_trip = (*open_files, path)[(*open_files, path).index(base) :]
                names = " > ".join(each.name for each in (*round_trip, base))
                self._add(entry, f"`extends` is circular: {names}")
            elif len(self.read) + len(open_files) >= MOST_FILES:
                self._add(entry, f"`extends` leads to more than {MOST_FILES} files")
            else:
                self._visit(base, (*open_files, path))
        self.read[path] = node

    def _bases(self, node: Node, path: Path) -> Iterator[tuple[Node, Path]]:
        """Yield the files that a document extends, each after the entry that names it."""
        extends = node.child("extends")
        if extends is not None and not isinstance(extends.value, list):
            self._add(extends, f"must be a list of files, got {got(extends.plain())}")
        for _, entry in extends.items() if extends is not None else ():
            if not isinstance(entry.value, str) or not entry.value:
                self._add(entry, f"must be the name of a file, got {got(entry.plain())}")
                continue
            try:
                yield entry, allowed(entry.value, path.parent, self.roots)
            except ValueError as error:
                self._add(entry, str(error))

    def _add(self, entry: Node, message: str) -> None:
        self.problems.append(entry.mark.problem("extends", message))


def allowed(name: str, beside: Path, roots: tuple[Path, Path]) -> Path:
    """Return the file of a name, beside a file or in the shipped catalogue; else ValueError.

    Links and `..` are followed first: the real location of the file counts.
    """
    if "\0" in name:
        message = "this is not a valid file name"
        raise ValueError(message)
    try:
        places = [(root / name).resolve() for root in (beside, roots[1].parent, roots[1])]
        inside = [path for path in places if any(path.is_relative_to(root) for root in roots)]
        there = [path for path in inside if path.is_file()]
    except (OSError, RuntimeError) as error:
        message = f"the path {quoted(name)} cannot be resolved"
        raise ValueError(message) from error
    if there:
        return there[0]
    if places[0].is_relative_to(roots[0]) or places[0].is_relative_to(roots[1]):
        message = f"no file {quoted(name)} in {shown(beside)} or in the shipped catalogue"
    else:
        message = (
            f"{quoted(name)} lies outside the scenario's folder and the shipped catalogue: "
            "copy it beside the scenario"
        )
    raise ValueError(message)
