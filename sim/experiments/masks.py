"""Masks: results without names, for teaching, so that readers are not prejudiced.

States are named by colours, systems by class and number, blocs, offers and events by numbers, and
years are counted from the start. The numbers in tables do not change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import pandas as pd

from sim.kernel.dates import year_of
from sim.kernel.errors import ResultError
from sim.records.columns import Table
from sim.records.kinds import COMPARISON, RUN, STRUCTURAL
from sim.records.table_folder import TableFolder
from sim.scenario.patches import BASELINE

COLOURS = (
    "Red", "Blue", "Green", "Amber", "Violet", "Teal", "Brown", "Grey", "Pink", "Olive", "Navy",
    "Coral", "Lime", "Maroon", "Cyan", "Indigo", "Gold", "Silver", "Plum", "Mint", "Rust", "Sand",
    "Slate", "Ivory",
)  # fmt: skip
NUMBERED = {"blocs": "bloc", "offers": "offer", "events": "event", "assets": "asset"}
NEUTRAL = {  # columns that never have names of a scenario
    "metric", "verdict", "interval", "stage", "origin", "file", "unit", "definition", "use",
    "pattern", "quantity", "terms", "decision", "term", "kind", "pattern_verdict",
}  # fmt: skip
OF_VARIANTS = {"variant", "versus"}
VALUES = {"one", "other"}  # columns of values of inputs
SOURCES = {"source_one", "source_other"}
TITLE, QUESTION = "A masked scenario", "What makes the difference between the variants?"
SHORT = 3  # letters of a part of a name that identify it
_WORD = re.compile(r"[A-Za-z0-9_]+")
_PART = r"-(?:Q[1-4]|H[12]|[0-9]{2})(?:-[0-9]{2})?"  # of a year
_YEAR = re.compile(rf"(?<!\w)(?<![0-9]\.)([12][0-9]{{3}})(?=(?:{_PART})?(?!\w))")
_DATED = re.compile(rf"(?<!\w)([12][0-9]{{3}})(?={_PART}(?!\w))")  # in cells that may be numbers


@dataclass(frozen=True)
class Mask:
    """The mask of each name in some documents, and the year that counts as 0."""

    documents: tuple[Mapping[str, Any], ...]
    variants: tuple[str, ...]

    @classmethod
    def of(cls, source: TableFolder) -> Mask:
        """Return the mask of a result; ResultError if its kind cannot be masked."""
        if source.kind not in (RUN, STRUCTURAL, COMPARISON):
            what = f"{source.kind.article}, which is not masked"
            message = (
                f"{source.folder}: holds {what}; only runs, structural runs and comparisons are"
            )
            raise ResultError(message)
        about = source.manifest
        sides = [each for each in about.get("comparison", {}).values() if isinstance(each, dict)]
        known = [about.get("scenario", {})]
        known += [side.get("scenario") or side.get("result") or {} for side in sides]
        documents = [
            part
            for each in known
            for part in (each.get("document"), *(each.get("variants") or {}).values())
            if isinstance(part, dict)
        ]
        return cls(tuple(documents), tuple(about.get("variants", ())))

    @cached_property
    def names(self) -> dict[str, str]:
        """Return the mask of each code."""
        states = list(self._entries("states"))
        masks = {code: _colour(at) for at, code in enumerate(states)}
        counts: dict[str, int] = {}
        for code, entry in self._entries("systems").items():
            kind = str(entry.get("class", "system"))
            counts[kind] = counts.get(kind, 0) + 1
            masks[code] = f"{kind}_{counts[kind]}"
        for block, word in NUMBERED.items():
            for number, code in enumerate(self._entries(block), start=1):
                masks.setdefault(code, f"{word}_{number}")
        return masks

    @cached_property
    def spoken(self) -> dict[str, str]:
        """Return the mask of each plain name, longest names first."""
        blocks = ("states", "systems", *NUMBERED)
        named = {
            str(entry["name"]): self.names[code]
            for block in blocks
            for code, entry in self._entries(block).items()
            if isinstance(entry.get("name"), str) and len(entry["name"]) >= SHORT
        }
        return dict(sorted(named.items(), key=lambda each: -len(each[0])))

    @cached_property
    def of_variants(self) -> dict[str, str]:
        """Return the mask of each variant; a name that identifies no state or system stays."""
        given_away = {
            part.lower()
            for name in (*self.names, *self.spoken)
            for part in re.split(r"[\W_]+", name)
            if len(part) >= SHORT
        }
        return {
            name: name
            if name == BASELINE or not given_away & set(name.lower().split("_"))
            else f"variant_{number}"
            for number, name in enumerate(self.variants)
        }

    @cached_property
    def first_year(self) -> int:
        """Return the year that counts as 0."""
        times = [each["time"] for each in self.documents if isinstance(each.get("time"), dict)]
        return min(year_of(str(each["start"])) for each in times)

    def text(self, text: str, years: re.Pattern[str] = _YEAR) -> str:
        """Return a text without its names and years."""
        for name, mask in self.spoken.items():
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", mask, text)
        text = _WORD.sub(lambda found: self.names.get(found.group(), found.group()), text)
        return years.sub(lambda found: f"{max(int(found[1]) - self.first_year, 0):04d}", text)

    def variant(self, name: str) -> str:
        """Return the mask of a variant."""
        return self.of_variants.get(name, self.text(name))

    def frame(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a table without names and years, with its rows in the same order."""
        columns = {}
        for name in map(str, frame.columns):
            cells = frame[name]
            if name in SOURCES:
                cells = cells.map(lambda _: "")
            elif name == "check":  # names of checks contain years and states
                known = {each: f"check_{at}" for at, each in enumerate(cells.unique(), start=1)}
                cells = cells.map(known)
            elif name not in NEUTRAL and not pd.api.types.is_numeric_dtype(cells):
                years = _DATED if name in VALUES else _YEAR
                change = self.variant if name in OF_VARIANTS else partial(self.text, years=years)
                known = {each: change(str(each)) for each in cells.dropna().unique()}
                cells = cells.map(known)
            columns[self.text(name)] = cells
        return pd.DataFrame(columns)

    def manifest(self, about: Mapping[str, Any]) -> dict[str, Any]:
        """Return a manifest without names, from which the result cannot be reproduced."""
        kept = ("format", "complete", "series_runs", "transfer_runs", "event_runs", "patterns",
                "structural", "stability")  # fmt: skip
        inputs = about["inputs"]
        masked = {name: about[name] for name in kept if name in about}
        masked["inputs"] = {
            "scenario": "masked",
            "hash": "",
            **{name: inputs[name] for name in ("seed", "runs", "versions") if name in inputs},
            "options": {},
        }
        masked["scenario"] = {
            "name": "masked",
            "title": TITLE,
            "question": QUESTION,
            "files": {},
            "document": dict(self._document()),
        }
        masked["outcomes"] = [self.text(each) for each in about.get("outcomes", ())]
        if "comparison" in about:
            paired = about["comparison"].get("paired", True)
            masked["comparison"] = {"one": {}, "other": {}, "paired": paired}
            return masked
        masked["variants"] = [self.variant(each) for each in about["variants"]]
        masked["reference"] = self.variant(str(about.get("reference", BASELINE)))
        masked["contrasts"] = {
            f"contrast_{number}": {
                "of": self.variant(each["of"]),
                "versus": self.variant(each["versus"]),
                "about": [self.text(text) for text in each.get("about") or ()],
            }
            for number, each in enumerate(about.get("contrasts", {}).values(), start=1)
        }
        return masked

    def _document(self) -> Iterator[tuple[str, Any]]:
        """Yield the sections of a document with only the names that figures need."""
        time = next(each["time"] for each in self.documents if "time" in each)
        yield "scenario", "masked"
        yield "title", TITLE
        yield "question", QUESTION
        yield "time", {key: self.text(str(value)) for key, value in time.items()}
        for block in ("states", "systems", "blocs"):
            masks = [self.names[code] for code in self._entries(block)]
            yield block, {mask: {"name": mask.replace("_", " ")} for mask in masks}

    def _entries(self, block: str) -> dict[str, Mapping[str, Any]]:
        """Return the entries of a section in all documents, by code."""
        entries: dict[str, Mapping[str, Any]] = {}
        for document in self.documents:
            part = document.get(block)
            for code, entry in part.items() if isinstance(part, dict) else ():
                if isinstance(entry, dict):
                    entries.setdefault(str(code), entry)
        return entries


def _colour(number: int) -> str:
    name = COLOURS[number % len(COLOURS)]
    return name if number < len(COLOURS) else f"{name}_{number // len(COLOURS) + 1}"


@dataclass(frozen=True)
class MaskedFolder(TableFolder):
    """The tables of a result, masked as they are read."""

    mask: Mask | None = field(default=None)

    @classmethod
    def of(cls, source: TableFolder) -> MaskedFolder:
        """Return the same tables, masked."""
        mask = Mask.of(source)
        return cls(source.folder, mask.manifest(source.manifest), source.kind, mask)

    def frame(self, table: Table) -> pd.DataFrame:
        """Return a table of the folder, masked."""
        frame = super().frame(table)
        return frame if self.mask is None else self.mask.frame(frame)
