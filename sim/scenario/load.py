"""Loading: from files and flags to a checked Scenario, or to every problem found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.documents.nodes import Mark, Node, mark_of, steps_of
from sim.documents.package_data import SUFFIXES, shipped_scenarios
from sim.documents.reader import read_file, shown
from sim.documents.sources import HYPOTHESIS, POSTERIOR
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import meant, quoted
from sim.patterns.pattern import pattern_files
from sim.scenario.checks.examination import Examination
from sim.scenario.event_lists import once_a_list
from sim.scenario.patches import (
    BASELINE,
    Settings,
    overridden,
    texts_of,
    tried,
    variants_of,
)
from sim.scenario.paths import NumberPath, number_paths
from sim.scenario.plain_events import episodes_of, set_and_plain
from sim.scenario.rule_settings import fitted
from sim.scenario.scenario_files import ScenarioFiles
from sim.scenario.schema.contrasts import usual
from sim.scenario.schema.outcome_syntax import Outcome, spelled
from sim.scenario.schema.root import Model


@dataclass(frozen=True)
class Scenario:
    """A scenario that has passed every check."""

    name: str
    title: str
    question: str
    base: Model  # without any variant's patch
    variants: dict[str, Model]  # `baseline` first, then as written
    outcomes: tuple[Outcome, ...]
    document: dict[str, Any]  # the merged document of the baseline
    patches: dict[str, Any]  # the changes of each variant
    files: tuple[Path, ...]  # every file read, tables included
    hash: str  # of the merged documents of all variants and of the tables
    outdated: tuple[
        Problem, ...
    ]  # keys of an earlier format, and settings that some rules do not have
    _nodes: Mapping[str, Node] = field(repr=False)
    _marks: Mapping[str, Mark] = field(default_factory=dict, repr=False)  # of the variants' names
    episodes: Mapping[str, str] = field(default_factory=dict)  # of the events that are in one

    @cached_property
    def numbers(self) -> Mapping[str, NumberPath]:
        """Return every number of the baseline by its path."""
        return number_paths(self.base)

    @property
    def sources(self) -> dict[str, str]:
        """Return the source of every number of the baseline, by path."""
        return self.sources_of(BASELINE)

    def sources_of(self, variant: str) -> dict[str, str]:
        """Return the source of every number of a variant, by path."""
        base, document = self._nodes[BASELINE], self._nodes[variant]
        sources = {}
        model = self.model_of(variant)
        posterior = model.posterior
        fitted = () if posterior is None else posterior.paths
        for path, number in number_paths(model).items():
            if path in fitted:
                sources[path] = POSTERIOR
            elif tried(base, document, path):
                sources[path] = HYPOTHESIS
            else:
                sources[path] = ", ".join(number.source)
        for path, whole in model.in_common.items():
            sources.setdefault(whole, sources[path])
        return sources

    def only(self, names: Sequence[str]) -> Scenario:
        """Return the scenario with some of its variants; InputError names missing ones."""
        unknown = [name for name in names if name not in self.variants]
        if unknown:
            message = f"no variant {quoted(unknown[0])}{meant(unknown[0], self.variants)}"
            raise InputError([Problem("--variant", 0, 0, "", message)])
        return replace(self, variants={n: m for n, m in self.variants.items() if n in names})

    @property
    def whole(self) -> bool:
        """Return whether it has all its variants."""
        return len(self.variants) == len(self._nodes)

    def model_of(self, variant: str) -> Model:
        """Return the model of a variant, or of the baseline, which may be left out of the runs."""
        return self.base if variant == BASELINE else self.variants[variant]

    def document_of(self, variant: str) -> Node:
        """Return the merged document of a variant, with the place of every value."""
        return self._nodes[variant]

    def mark(self, path: str, variant: str = BASELINE) -> Mark:
        """Return the place of a value; of its block if it is a default."""
        return mark_of(self._nodes[variant], steps_of(path))

    def mark_of_variant(self, name: str) -> Mark:
        """Return the place of a variant's name."""
        return self._marks[name]

    def where(self, path: str, variant: str = BASELINE) -> str:
        """Return the place of a value, as `file:line:column`."""
        return str(self.mark(path, variant))


def load(
    path_or_name: str | Path,
    *,
    sets: Settings = (),
    runs: int | None = None,
    seed: int | None = None,
) -> Scenario:
    """Return the scenario of a file or of a shipped name; InputError lists all problems."""
    texts = texts_of(sets)
    return ScenarioSource(path_or_name).scenario(sets=texts, runs=runs, seed=seed)


class ScenarioSource:
    """The files of a scenario, read once: scenarios with several settings are made of them."""

    def __init__(self, path_or_name: str | Path) -> None:
        """Read the files; InputError lists faults of their form."""
        self._files = ScenarioFiles(located(path_or_name))
        self._document = self._files.document()

    def scenario(
        self, *, sets: Settings = (), runs: int | None = None, seed: int | None = None
    ) -> Scenario:
        """Return the scenario with some settings; InputError lists all problems."""
        files, problems = self._files, [*self._files.problems]
        document = set_and_plain(self._document, texts_of(sets), problems)
        document = overridden(document, {"runs": runs, "seed": seed})
        notices: list[Problem] = []
        document = fitted(document, texts_of(sets), notices)
        documents = variants_of(document, problems)
        patches = document.child("variants")
        known = {} if patches is None or not patches.is_mapping else patches.value
        sound = patches is None or (patches.is_mapping and known.keys() <= documents.keys())
        sound = sound and BASELINE not in known
        examination = Examination(files.top.parent, files.roots, variants_sound=sound)
        examination.examine(documents)
        problems.extend(examination.problems)
        if problems:
            raise InputError(once_a_list(problems))
        made = _made(files, documents, {} if patches is None else patches.plain(), examination)
        episodes = episodes_of(self._document)
        marks = {} if patches is None else patches.keys
        outdated = (*made.outdated, *notices)
        return replace(made, outdated=outdated, episodes=episodes, _marks=marks)


def located(path_or_name: str | Path) -> Path:
    """Return the file of a scenario: a path, or the name of a shipped one."""
    path = Path(path_or_name)
    text = str(path_or_name)
    named = path.suffix in SUFFIXES or path.name != text
    try:
        if named or path.is_file():
            return path
    except (OSError, ValueError):
        raise InputError([Problem(text, 0, 0, "", "cannot be read: not a path")]) from None
    known = shipped_scenarios()
    if text not in known:
        message = f"no scenario {quoted(text)}{meant(text, known)}: `blocsim list` names them all"
        raise InputError([Problem(text, 0, 0, "", message)])
    return known[text]


def _made(
    files: ScenarioFiles,
    documents: dict[str, Node],
    patches: dict[str, Any],
    examination: Examination,
) -> Scenario:
    models = examination.models
    base = models[BASELINE]
    tables = {path for _, path in examination.tables}
    read = [path for path, node in files.read.items() if node is not None]
    base.keep_contrasts(usual(documents, base.reference))
    own = isinstance(base.named_patterns, dict)
    shared = [] if own else [pattern_files()[name] for name in base.patterns]
    return Scenario(
        name=base.scenario,
        title=base.title,
        question=base.question,
        base=base,
        variants={name: models[name] for name in documents},
        outcomes=tuple(spelled(text) for text in base.outcomes),
        document=documents[BASELINE].plain(),
        patches=patches,
        files=(*read, *sorted({*tables, *examination.drafts}), *shared),
        hash=_hash(documents, examination, shared),
        outdated=tuple(files.outdated),
        _nodes=documents,
    )


def _hash(documents: dict[str, Node], examination: Examination, shared: list[Path]) -> str:
    """Return the hash of the scenario's content; the order of mappings does not count."""
    tables = [
        [name, sorted([*pair, value] for pair, value in reading.entries.items())]
        for (name, path), reading in sorted(examination.tables.items(), key=_by_name)
    ]
    made: dict[Node, Any] = {}
    parts: list[Any] = [
        [[name, _canonical(node, made)] for name, node in documents.items()],
        tables,
    ]
    if shared:
        parts.append([[path.name, _canonical(read_file(path), made)] for path in shared])
    posteriors = [
        draft.posterior.digest for draft in examination.drafts.values() if draft.posterior
    ]
    if posteriors:
        parts.append(sorted(posteriors))
    if ordered := examination.models[BASELINE].named_contrasts:
        parts.append([*ordered])
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _by_name(item: tuple[tuple[str, Path], Any]) -> tuple[str, str]:
    (name, path), _ = item
    return name, shown(path)


def _canonical(node: Node, made: dict[Node, Any]) -> Any:
    """Return a value in which 1.0 and 1 are the same; parts that variants share are made once."""
    if node not in made:
        value = node.value
        if isinstance(value, dict):
            value = {key: _canonical(each, made) for key, each in value.items()}
        elif isinstance(value, list):
            value = [_canonical(each, made) for each in value]
        elif isinstance(value, float) and value.is_integer():
            value = int(value)
        made[node] = value
    return made[node]
