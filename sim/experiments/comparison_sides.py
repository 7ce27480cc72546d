"""Sides of a comparison: a variant to be run, or a variant of an existing result."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.documents.nodes import Node, find, steps_of
from sim.documents.sources import HYPOTHESIS
from sim.experiments.options import refuse_unknown
from sim.kernel.dates import Calendar
from sim.kernel.errors import InputError, Problem, ResultError
from sim.kernel.words import quoted
from sim.records import manifest
from sim.records.kinds import MANIFEST, RUN, kind_of
from sim.records.results import Results, load_results
from sim.records.study_tables import INPUTS
from sim.scenario.load import Scenario, load
from sim.scenario.patches import BASELINE, SET_FILE, Settings, texts_of, tried
from sim.scenario.rebuilt_scenario import documents_in
from sim.scenario.schema.outcome_syntax import Outcome, spelled
from sim.scenario.splice import differing

_NAME = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True, eq=False)
class Side:
    """A scenario and its variant, to be run."""

    scenario: Scenario
    variant: str
    sets: tuple[str, ...] = ()  # changes to the scenario of its file
    called: str = ""  # name in place of the scenario's

    @property
    def name(self) -> str:
        """Return the name that distinguishes the side."""
        with_sets = f" with {', '.join(self.sets)}" if self.sets else ""
        return f"{self.called or self.scenario.name}:{self.variant}{with_sets}"

    def of_file(self) -> Side:
        """Return the side named for its file, since two scenarios may have the same name."""
        return replace(self, called=self.scenario.files[0].name)

    @property
    def base(self) -> Node:
        """Return the merged document without a variant."""
        return self.scenario.document_of(BASELINE)

    @property
    def document(self) -> Node:
        """Return the merged document."""
        return self.scenario.document_of(self.variant)

    @property
    def folder(self) -> Path:
        """Return the folder of the scenario."""
        return self.scenario.files[0].parent

    @property
    def hash(self) -> str:
        """Return the hash of the scenario."""
        return self.scenario.hash

    @property
    def seed(self) -> int:
        """Return the seed of the runs."""
        return self.scenario.base.seed

    @property
    def outcomes(self) -> list[str]:
        """Return the outcomes that the scenario names."""
        return [outcome.text for outcome in self.scenario.outcomes]

    def can_tell(self, outcome: Outcome) -> bool:
        """Return whether the side can compute an outcome: it has all its names and dates."""
        if outcome.text in self.outcomes:
            return True
        model = self.scenario.variants[self.variant]
        known = {"state": {*model.states}, "bloc": {*model.blocs}, "system": {*model.systems}}
        time = model.time
        calendar = Calendar.between(time.start, time.end, time.period)
        return all(
            all(name in known[kind] for kind, name in part.names)
            and (part.window.event is None or part.window.event in model.events)
            and all(calendar.index(day) >= 0 for day in part.dates)
            and all(calendar.last_index(day) < len(calendar) for day in part.dates)
            for part in outcome.parts
        )

    @property
    def about(self) -> dict[str, Any]:
        """Return the side's part of the manifest of a comparison."""
        return {
            "name": self.name,
            "variant": self.variant,
            "sets": [*self.sets],
            "hash": self.hash,
            "scenario": manifest.described(self.scenario)["scenario"],
        }


@dataclass(frozen=True, eq=False)
class StoredSide:
    """A variant of a result."""

    results: Results
    variant: str

    @property
    def name(self) -> str:
        """Return the name that distinguishes the side."""
        return f"{self.results.folder}:{self.variant}"

    @property
    def hash(self) -> str:
        """Return the hash of the scenario."""
        return str(self.results.manifest["inputs"].get("hash", ""))

    @property
    def seed(self) -> int:
        """Return the seed of the runs."""
        return int(self.results.manifest["inputs"]["seed"])

    @property
    def period(self) -> str:
        """Return the length of a period in the document."""
        time = self.results.manifest["scenario"]["document"].get("time")
        return str(time.get("period", "quarter")) if isinstance(time, dict) else "quarter"

    @cached_property
    def documents(self) -> dict[str, Node]:
        """Return the merged documents of the variants that the manifest has."""
        return documents_in(self.results.manifest["scenario"])

    @property
    def base(self) -> Node:
        """Return the merged document without a variant."""
        return self.documents[BASELINE]

    @property
    def document(self) -> Node | None:
        """Return the merged document; None if the manifest, of an earlier format, lacks it."""
        return self.documents.get(self.variant)

    @property
    def outcomes(self) -> list[str]:
        """Return the outcomes of the result."""
        return list(self.results.manifest["outcomes"])

    def can_tell(self, outcome: Outcome) -> bool:
        """Return whether the result has an outcome."""
        return outcome.text in self.outcomes

    def values(self, texts: Sequence[str]) -> np.ndarray:
        """Return some outcomes of every run: (outcomes, runs)."""
        table = self.results["outcomes"]
        mine = table.loc[table["variant"] == self.variant, list(texts)]
        return mine.to_numpy(dtype=np.float64).T

    @property
    def about(self) -> dict[str, Any]:
        """Return the side's part of the manifest of a comparison."""
        known = self.results.manifest["scenario"]
        return {
            "name": self.name,
            "variant": self.variant,
            "hash": self.hash,
            "result": {key: known[key] for key in ("name", "title", "question", "document")},
        }


AnySide = Side | StoredSide


@dataclass(frozen=True)
class AskedOutcome:
    """An outcome, and its counterpart on the other side."""

    outcome: Outcome
    twin: Outcome


def side_of(
    side: str | Path | AnySide,
    runs: int | None = None,
    seed: int | None = None,
    sets: Settings = (),
) -> AnySide:
    """Return a side from a scenario or the folder of a result, with a variant after a colon."""
    if isinstance(side, (Side, StoredSide)):
        return side
    name, variant = _parted(str(side))
    if (Path(name) / MANIFEST).is_file():
        return _stored_side(Path(name), variant, sets)
    return scenario_side(str(side), runs, seed, sets)


def scenario_side(
    text: str, runs: int | None = None, seed: int | None = None, sets: Settings = ()
) -> Side:
    """Return a side from a file or a shipped name, with a variant after a colon."""
    name, variant = _parted(text)
    scenario = load(name, runs=runs, seed=seed, sets=sets)
    variant = variant or BASELINE
    refuse_unknown("variant", [variant], scenario.variants, flag=name)
    return Side(scenario, variant)


def _parted(text: str) -> tuple[str, str]:
    name, colon, variant = text.rpartition(":")
    return (name, variant) if colon and not {*variant} & {"/", "\\"} else (text, "")


def _stored_side(folder: Path, variant: str, sets: Settings) -> StoredSide:
    results = load_results(folder)
    kind = kind_of(results.manifest)
    if kind is not RUN:
        message = f"{folder}: holds {kind.article}; two results of `blocsim run` can be compared"
        raise ResultError(message)
    if texts_of(sets):
        message = f"changes a scenario, but {folder} is a result: name the scenario"
        raise InputError([Problem(SET_FILE, 0, 0, "", message)])
    variant = variant or str(results.manifest.get("reference", results.variants[0]))
    refuse_unknown("variant", [variant], results.variants, flag=str(folder))
    return StoredSide(results, variant)


def unpaired(one: StoredSide, other: StoredSide) -> str:
    """Return why runs of the same number do not share randomness; empty if they do."""
    if one.seed != other.seed:
        return f"their seeds differ ({one.seed}, {other.seed})"
    if one.period != other.period:
        return f"their periods differ ({one.period}, {other.period})"
    return ""


def renamed(text: str, names: Mapping[str, str]) -> str:
    """Return an outcome with its subjects renamed by `names`."""
    words = spelled(text).text.split()
    metrics = {part.metric for part in spelled(text).parts}
    return " ".join(
        word
        if word in metrics
        else _NAME.sub(lambda found: names.get(found.group(), found.group()), word)
        for word in words
    )


def matches(texts: Sequence[str]) -> dict[str, str]:
    """Return the counterpart of each name from texts NAME=NAME; InputError for other texts."""
    names = {}
    for text in texts:
        here, equals, there = text.partition("=")
        if not (equals and _NAME.fullmatch(here) and _NAME.fullmatch(there)):
            message = f"write NAME=NAME, such as NATO=CSTO, got {quoted(text)}"
            raise InputError([Problem("--match", 0, 0, "", message)])
        names[here] = there
    return names


def inputs_of(one: AnySide, other: AnySide) -> pd.DataFrame | None:
    """Return one row per input in which two sides differ; None if a result lists no inputs."""
    if one.document is None or other.document is None:
        return None
    rows = [
        {
            "input": name,
            "one": _value(one.document, name),
            "other": _value(other.document, name),
            "source_one": _source(one, name),
            "source_other": _source(other, name),
        }
        for name in differing(one.document, other.document)
    ]
    return pd.DataFrame(rows, columns=INPUTS.names())


def _value(document: Node, name: str) -> str:
    """Return a value as text; empty if there is none."""
    node = find(document, steps_of(name))
    if node is None:
        return ""
    value = node.plain()
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _source(side: AnySide, name: str) -> str:
    """Return the source of a value; `hypothesis` if a variant or setting changed it."""
    document, steps = side.document, steps_of(name)
    node = None if document is None else find(document, steps)
    if document is None or node is None:
        return ""
    if tried(side.base, document, name):
        return HYPOTHESIS
    for at in range(len(steps), 0, -1):
        block = find(document, steps[:at])
        named = None if block is None else find(block, ("sources", *steps[at:]))
        own = None if block is None else find(block, ("source",))
        for place in (named, own):
            if place is not None and isinstance(place.value, (str, list)):
                value = place.plain()
                return value if isinstance(value, str) else ", ".join(map(str, value))
    return ""
