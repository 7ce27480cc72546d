"""A filled scenario file: figures in place of missing values, with sources and years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from sim.cases.figures import Figure, Figures, Gap, Path, spelled
from sim.cases.insertion import inserted
from sim.documents.nodes import Node, find
from sim.documents.reader import read_mapping, read_text
from sim.documents.sources import ASSUMED, PLACEHOLDER
from sim.documents.tree import Fact
from sim.kernel.errors import InputError, Problem

REFERENCES = "references"  # a section of sources, which have none of their own


@dataclass(frozen=True)
class Filling:
    """The text of a filled file: values written and kept, and gaps in the data."""

    text: str
    document: Node  # of this text
    written: Figures
    kept: Figures  # figures of the data that differ from the values of the file
    gaps: tuple[Gap, ...]


def filled(
    text: str,
    document: Node,
    answer: Iterable[tuple[Path, Figure] | Gap],
    whole: Node,
    *,
    force: bool,
) -> Filling:
    """Return a file filled with figures; `whole` is its document with all that it extends.

    A value of the file is kept, unless it is a placeholder or `force` is on. InputError if the
    text cannot be filled as it is written.
    """
    written: dict[Path, Figure] = {}
    kept: dict[Path, Figure] = {}
    gaps: list[Gap] = []
    for part in answer:
        if isinstance(part, Gap):
            gaps.append(part)
            continue
        path, figure = part
        there = find(whole, path)
        empty = there is None or there.value is None
        gives_way = figure.held and _is_placeholder(whole, path)  # also to an equal figure
        if there is not None and not gives_way and there.plain() == _plain(figure):
            continue
        if empty or gives_way or (force and figure.held):
            written[path] = figure
        elif figure.held:
            kept[path] = figure
    tree: dict[str, Any] = {}
    for path, figure in written.items():
        _put(tree, path, figure.text)
    for entry in dict.fromkeys(path[:2] for path in written if path[0] != REFERENCES):
        _describe(tree, entry, written, whole)
    new, file = inserted(text, document, tree), document.mark.file
    after = read_mapping(new, file)
    if after.plain() != _merged(document.plain(), tree):
        message = "cannot be filled as it is written: write its sections one entry a line"
        raise InputError([Problem(file, 0, 0, "", message)])
    stood_in = {path[:2] for path, figure in written.items() if not figure.held}
    still = [gap for gap in gaps if gap.path in stood_in or _open(gap, whole)]
    return Filling(new, after, written, kept, tuple(still))


def _open(gap: Gap, whole: Node) -> bool:
    """Return whether the file, too, has no value, or a placeholder, at a gap in the data."""
    there = find(whole, gap.path)
    return there is None or there.value is None or _is_placeholder(whole, gap.path)


def _plain(figure: Figure) -> Any:
    return read_text(figure.text, "").plain()


def _is_placeholder(whole: Node, path: Path) -> bool:
    """Return whether a value is a placeholder; or any value of an entry, if the path names it."""
    entry = find(whole, path[:2])
    sources = entry.child("sources") if entry is not None else None
    if sources is not None and len(path) == _ENTRY:
        return any(PLACEHOLDER in _listed(each) for each in sources.plain().values())
    own = sources.child(".".join(path[2:])) if sources is not None else None
    named = own if own is not None or entry is None else entry.child("source")
    return PLACEHOLDER in _listed(named.plain() if named is not None else [])


_ENTRY = 2  # steps of the path of an entry


def _listed(keys: Any) -> list[Any]:
    return keys if isinstance(keys, list) else [keys]


def _put(tree: dict[str, Any], path: Path, text: str) -> None:
    for step in path[:-1]:
        tree = tree.setdefault(step, {})
    tree[path[-1]] = text


def _describe(tree: dict[str, Any], entry: Path, written: Figures, whole: Node) -> None:
    """Add the sources and years of its new values to an entry."""
    own = {".".join(p[2:]): figure for p, figure in written.items() if p[:2] == entry and p[2:]}
    there = find(whole, entry)
    about = _about(own, there)
    block = tree[entry[0]][entry[1]]
    for key, value in about.items():
        block[key] = value


def _about(own: Mapping[str, Figure], there: Node | None) -> dict[str, Any]:
    """Return sources and dates of new values: the most common for all, others by key."""
    source = _said(there, "source")
    sources = {key: figure.source for key, figure in own.items() if figure.source}
    typed: dict[str, tuple[str, ...]] = {}
    about: dict[str, Any] = {}
    if source is None:
        firm = [each for each in sources.values() if PLACEHOLDER not in each]
        common = Counter(firm).most_common(1)[0][0] if firm else (ASSUMED,)
        about["source"] = _keys(common)
        typed = _unsourced(there, sources)
        sources = {**typed, **sources}
    else:
        common = tuple(source if isinstance(source, list) else [source])
    named = {key: _keys(each) for key, each in sources.items() if each != common}
    if len(named) == len(own) and _wholly_filled(own, there):
        named = {_CHECKS: _keys(tuple(dict.fromkeys(k for each in sources.values() for k in each)))}
        sources = {}
    years = {key: figure.year for key, figure in own.items() if figure.year is not None}
    date = _said(there, "date")
    if source is None and date is None and years and not typed:
        date = Counter(years.values()).most_common(1)[0][0]
        about["date"] = str(date)
    dated = {key: str(year) for key, year in years.items() if str(year) != str(date)}
    for key, values in (("sources", named), ("dates", dated)):
        old = there.child(key) if there is not None else None
        stale = {} if old is None or not old.is_mapping else old.value
        if key == "sources":  # replace the sources by key of values that change
            values |= {each: _keys(sources[each]) for each in sources if each in stale}
        if values:
            about[key] = values
    return about


def _unsourced(there: Node | None, new: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the numbers and lists of an entry that have no source: they are typed, so assumed."""
    return {
        path: (ASSUMED,)
        for key, node in (there.items() if there is not None else ())
        if key not in Fact.at_end
        for path in _values(str(key), node)
        if path not in new and not _has_source(there, path)
    }


def _values(path: str, node: Node) -> Iterator[str]:
    """Yield the paths of numbers and lists in a value of an entry."""
    if node.child("source") is not None:
        return
    if node.is_mapping and "value" not in node.value:
        for key, inner in node.items():
            yield from _values(f"{path}.{key}", inner)
    elif node.value is not None and not isinstance(node.value, str | bool):
        yield path


def _has_source(entry: Node | None, path: str) -> bool:
    """Return whether an entry names the source of a value of it, or of what contains it."""
    sources = entry.child("sources") if entry is not None else None
    held = {*sources.value} if sources is not None and sources.is_mapping else set()
    steps = path.split(".")
    return any(".".join(steps[:at]) in held for at in range(1, len(steps) + 1))


_CHECKS, _HISTORICAL = "checks", "historical"


def _wholly_filled(own: Mapping[str, Figure], there: Node | None) -> bool:
    """Return whether new values are all documented values of a pattern, whose sources are one."""
    checks = there.child(_CHECKS) if there is not None else None
    if there is None or checks is None or not checks.is_mapping:
        return False
    held = {
        f"{_CHECKS}.{name}.{_HISTORICAL}"
        for name, check in checks.items()
        if check.child(_HISTORICAL) is not None
    }
    old = there.child("sources")
    return held <= own.keys() and (old is None or {*old.value} <= {_CHECKS})


def _said(there: Node | None, key: str) -> Any:
    node = there.child(key) if there is not None else None
    return None if node is None else node.plain()


def _keys(source: tuple[str, ...]) -> str:
    return source[0] if len(source) == 1 else spelled([*source])


def _merged(plain: Any, tree: Mapping[str, Any]) -> Any:
    """Return a document with the values of a tree in it."""
    merged = deepcopy(plain) if isinstance(plain, dict) else {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            merged[key] = _merged(merged.get(key), value)
        else:
            merged[key] = read_text(value, "").plain()
    return merged
