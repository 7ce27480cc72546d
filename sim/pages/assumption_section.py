"""Assumptions on a page: sources of the numbers, changes of variants, laws, references."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sim.documents.sources import ASSUMED, cited
from sim.experiments.accounts import KINDS, accounts, counted
from sim.kernel.words import first_few
from sim.pages.page_parts import Cell, Folded, Head, PageTable, Paragraph, Section, TextList
from sim.pages.table_views import number_heads
from sim.scenario.citations import Citation, citations
from sim.scenario.load import Scenario
from sim.seeing.numerals import per_cent
from sim.seeing.study_sentences import assumed_by_block

_MANY = 6  # places of a source that are named
_LONG = 160  # characters of a value that a variant sets
_KINDS = (
    "Sourced: the section names only keys of the references. Mixed: it names a key and says that "
    "part of it is assumed. Assumed: without a source. Hypothesis: set by a variant or an option."
)


def assumption_section(
    manifest: Mapping[str, Any], scenario: Scenario | None, variant: str, lead: str, lack: str = ""
) -> Section:
    """Return the assumptions of a result; `lack` says why its scenario is not known, if so."""
    parts: list[object] = [Paragraph(lack)] if lack else []
    if scenario is not None:
        parts += _numbers(scenario, variant)
    parts += changes_and_laws(manifest, variant)
    if scenario is not None:
        parts += _sources(citations(scenario.model_of(variant)))
    return Section("assumptions", "Assumptions and sources", tuple(parts), lead)


def _numbers(scenario: Scenario, variant: str) -> Iterator[object]:
    numbers = accounts(scenario, variant)
    heads = (Head("block"), *number_heads(*KINDS, "share assumed"))
    rows = []
    for block, count in counted(numbers).items():
        total = max(sum(count.values()), 1)
        share = count[ASSUMED] / total
        cells = [Cell(str(count[kind]), count[kind]) for kind in KINDS]
        rows.append((Cell(block), *cells, Cell(per_cent(share), share)))
    yield PageTable(f"Numbers in force in {variant}, by kind of source", heads, tuple(rows))
    yield Paragraph(_KINDS, "note")
    assumed = tuple(assumed_by_block(numbers))
    if assumed:
        yield Folded("Every assumed number", (TextList(assumed),))


def changes_and_laws(manifest: Mapping[str, Any], variant: str) -> Iterator[object]:
    """Yield the changes of variants, and the laws in force in one, from a manifest."""
    yield from _changes(manifest.get("scenario", {}).get("variants", {}))
    yield from _laws(manifest.get("in force", {}).get(variant, {}), variant)


def _changes(patches: Mapping[str, Any]) -> Iterator[object]:
    rows = [
        (Cell(name), Cell(path), Cell(value))
        for name, patch in patches.items()
        for path, value in _leaves(patch)
    ]
    if rows:
        heads = (Head("variant"), Head("what"), Head("is set to"))
        yield Folded(
            "Changes of each variant", (PageTable("Changes by variant", heads, tuple(rows)),)
        )


def _leaves(patch: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(patch, Mapping) and patch and path.count(".") < 2:  # noqa: PLR2004
        for key, value in patch.items():
            yield from _leaves(value, f"{path}.{key}" if path else str(key))
    else:
        text = json.dumps(patch, ensure_ascii=False)
        yield path, text if len(text) <= _LONG else f"{text[: _LONG - 4]} ..."


def _laws(laws: Mapping[str, Any], variant: str) -> Iterator[object]:
    heads = (Head("law"), Head("rule"), Head("parameters"))
    rows = tuple(
        (Cell(role), Cell(str(each["rule"])), Cell(_parameters(each["parameters"])))
        for role, each in laws.items()
    )
    if rows:
        yield Folded("The laws in force", (PageTable(f"Laws in {variant}", heads, rows),))


def _parameters(values: Mapping[str, Any]) -> str:
    shown = {
        n: v["value"] if isinstance(v, Mapping) and "value" in v else v for n, v in values.items()
    }
    return ", ".join(f"{name} {json.dumps(value)}" for name, value in shown.items())


def _sources(sources: list[Citation]) -> Iterator[object]:
    rows = tuple(
        (
            Cell(each.key),
            Cell(each.own if each.entry is None else cited(each.entry)),
            Cell(first_few(each.places, _MANY)),
        )
        for each in sources
    )
    if rows:
        heads = (Head("key"), Head("source"), Head("used in"))
        table = PageTable("Sources in force", heads, rows)
        yield Folded(f"The {len(rows)} sources", (table,))
