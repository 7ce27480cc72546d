"""The JSON Schema of a scenario file, or the page docs/scenario.md: every key, from the schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from sim.cli.app import command, option
from sim.cli.streams import echo, markdown
from sim.documents.leaves import Choice, Flag, Leaf, Range, Ref, Several
from sim.documents.tree import EachName, Shape, fields_of
from sim.documents.window import Date
from sim.kernel.words import either, indefinite
from sim.scenario.file_format import CHANGES
from sim.scenario.patches import SHARED
from sim.scenario.schema.json_schema import json_schema
from sim.scenario.schema.root import Model

INTRODUCTION = """# Every key of a scenario

Written by `blocsim schema --markdown` from the schema that checks a scenario; an unknown key is
an error. A number may be plain or `{value, dist, low, high, source}`. `NAME` is the name of an
entity or one of your own. Paths are explained in the [tutorial](tutorial.md), the metrics that an
outcome can name in [metrics](metrics.md), and patterns on [their own page](patterns.md).
"""
MERGED = """
## `format`

A file names its format: `format: 2` is the present one. A file without this key is of format 1,
which is still read as if it were written in the present format. Keys that are written differently
give a warning, because the next version will not read them. `blocsim upgrade FILE` rewrites a
file, keeps its comments and lists open decisions; in a file of the present format an old key is
an error that names the new one. Each file, including those that it extends, has its own format.

| format | what changed |
|---|---|
{formats}

## Lists and `episodes`

An event may name a list of states, or a bloc, where it needs a state. It then stands for an event
for each of them, with the same date, terms and source, and each has the whole number of units or
the whole amount. Blocs are their members at the start, and
with two lists there is an event for each pair. A number may differ by state. The events are called
after their states, here `quarrel_SAU` and `quarrel_ARE`. Tables, messages, sweeps and
explanations know these names; variants and `--set` may also use the name as it is written. A number
that is written once for all of them is one number: it is drawn once if it is uncertain, and swept,
fitted or varied under the name as it is written (`--over events.quarrel.rivalry.value=0.3..0.5`),
or in one of the events under that event's name. Numbers by state are numbers of their own; single
values (`--over events.quarrel.rivalry.value=0.3,0.5`) take the place of all of them.
If the event has a `probability`, all happen or none does.

`episodes` bundle events that belong together. In the variants that `off_in` names, none of them
happens. A variant changes such an event under `events`, as any other.

```yaml
episodes:
  blockade:
    off_in: [no_blockade]
    events:
      quarrel:
        at: 2017-Q2
        rivalry: {{state: [SAU, ARE], toward: QAT, value: {{SAU: 0.5, ARE: 0.4}}}}
        source: assumed
      cut: {{at: 2017-Q2, sanction: {{by: [SAU, ARE], against: QAT}}, source: assumed}}
variants:
  no_blockade: {{}}  # by the episode
  one_quarrel: {{events: {{quarrel_ARE: null}}}}
```

## `extends` and `variants`

`extends` lists files that a scenario builds on, from its folder or from the shipped catalogue.
They are merged in this order; later files take precedence, and the scenario itself comes last.
`variants` gives names to patches of the merged scenario; all variants run on common random
numbers. The scenario without a patch comes first, as `baseline`; this name is reserved.

Files and variants are merged as JSON Merge Patches (RFC 7396): mappings merge key by key, other
values, including lists, replace the earlier value, and `null` removes a key. Removing a key that
does not exist is an error.

A variant may change all keys except those that all variants share: {shared}.

```yaml
extends: [polonez_vs_iskander.yaml]  # a copy beside this file
variants:
  generous:
    blocs: {{CSTO: {{preference: 0.5}}}}  # the rest of CSTO stays
  no_request:
    events: {{polonez_request: null}}  # without this event
```"""
BEFORE = (  # resolved before the schema checks the merged document
    ("format", "`1` or `2`", "`1`", "Format of the file; see below."),
    (
        "extends",
        "list of text",
        "",
        "Files that this one builds on; later ones take precedence. See below.",
    ),
    ("variants", "mapping NAME: patch", "", "Patches of the scenario, by name; see below."),
)
APART = ("patterns", "laws")  # have pages of their own
Row = tuple[str, str, str, str]


@command("Example: blocsim schema > scenario.schema.json")
def schema(
    *,
    patch: Annotated[
        bool, option("Print the schema of a file that other files extend.", "--patch")
    ] = False,
    as_page: Annotated[bool, option("Print the page docs/scenario.md.", "--markdown")] = False,
) -> None:
    """Print the JSON Schema of a scenario file, for editors."""
    if as_page:
        echo(page().rstrip())
    else:
        echo(json.dumps(json_schema(patch=patch), indent=2, ensure_ascii=False))


def page() -> str:
    """Return the page as Markdown."""
    parts = [INTRODUCTION]
    top = [row for key, row in _rows(Model) if row[1]]
    parts.append(_table([*top, *BEFORE]))
    shared = sorted(f"`{key}`" for key in SHARED)
    parts.append(MERGED.format(shared=", ".join(shared), formats=_formats()))
    for key, field in fields_of(Model).items():
        shape = field.shape
        if key in APART or shape.leaf is not None or shape.one_of is not None:
            continue
        block = shape.block or (shape.below.block if shape.entry is not None else None)
        if block is not None:
            name = f"{key}.NAME" if shape.block is None else key
            parts.append(f"\n## `{name}`\n\n{_meaning(block)}\n\n{_table(list(_below(block, '')))}")
    return "\n".join(parts) + "\n"


def _formats() -> str:
    return "\n".join(dict.fromkeys(f"| {each.format} | {each.what} |" for each in CHANGES))


def _meaning(block: type[BaseModel]) -> str:
    return " ".join((block.__doc__ or "").split())


def _below(block: type[BaseModel], above: str) -> Iterator[Row]:
    """Yield a row for each key of a block and of the blocks in it."""
    for key, row in _rows(block):
        yield (f"{above}{row[0]}", *row[1:])
        inner = _inner(fields_of(block)[key].shape)
        if inner is not None and inner not in _sections():
            step = f"{above}{key}." if fields_of(block)[key].shape.block else ""
            yield from _below(inner, step or f"{above}{key}.NAME.")


def _sections() -> set[type[BaseModel] | None]:
    """Return the blocks that have a section of the page each."""
    return {_inner(field.shape) for field in fields_of(Model).values()}


def _inner(shape: Shape) -> type[BaseModel] | None:
    if shape.block is not None:
        return shape.block
    return shape.below.block if shape.entry is not None else None


def _rows(block: type[BaseModel]) -> Iterator[tuple[str, Row]]:
    """Yield the keys of a block: name, type, default, meaning."""
    for key, field in fields_of(block).items():
        about = block.model_fields[field.attribute]
        shape = field.shape
        takes, meaning = _takes(shape)
        meaning = about.description or meaning
        yield key, (key, takes, _default(about, shape), meaning)


def _default(about: Any, shape: Shape) -> str:
    if about.is_required():
        return "needed"
    if shape.leaf is None or about.default in (PydanticUndefined, None):
        return ""
    value = about.default
    if value == ():
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _takes(shape: Shape) -> tuple[str, str]:
    if shape.leaf is not None:
        return _leaf(shape.leaf), " ".join(shape.leaf.doc.split())
    if shape.one_of is not None:
        return "one of several forms", shape.one_of.doc
    if shape.block is not None:
        return "a section", _meaning(shape.block)
    takes, meaning = _takes(shape.below)
    return (f"list of {takes}", meaning) if shape.is_list else (f"mapping NAME: {takes}", meaning)


def _leaf(leaf: Leaf) -> str:  # noqa: PLR0911 - one return for each kind of leaf
    if isinstance(leaf, Range):
        low, high = (f"{end:g}" for end in (leaf.low, leaf.high))
        unit = f" ({leaf.unit})" if leaf.unit else ""
        least = f" above {low}" if leaf.above else f" from {low}"
        ends = {("-inf", "inf"): "", (low, "inf"): least}.get((low, high))
        return f"number{f'{least} to {high}' if ends is None else ends}{unit}"
    if isinstance(leaf, Choice):
        return " or ".join(f"`{each}`" for each in leaf.options)
    if isinstance(leaf, Flag):
        return "`true` or `false`"
    if isinstance(leaf, Date):
        return "date, such as 2018-Q2"
    if isinstance(leaf, EachName):
        return f"name of a {leaf.of_whom}, or a list of them"
    if isinstance(leaf, Ref):
        return f"name of {indefinite(either(leaf.kinds))}" if leaf.kinds else "name"
    if isinstance(leaf, Several) and isinstance(leaf.of, Ref):
        return f"{_leaf(leaf.of)}, or a list of them"
    return "text"


def _table(rows: list[Row]) -> str:
    cells = ((f"`{key}`", *(c.replace("|", "\\|") for c in rest)) for key, *rest in rows)
    return markdown(("key", "takes", "default", "meaning"), cells).rstrip("\n")
