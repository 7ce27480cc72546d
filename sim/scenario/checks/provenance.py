"""Provenance: sources and dates of single values name values that their block holds."""

from __future__ import annotations

from sim.documents.nodes import Node
from sim.documents.tree import Fact, fields_of
from sim.kernel.words import meant, quoted
from sim.scenario.checks.inspection import Inspection
from sim.scenario.paths import number_paths
from sim.scenario.schema.root import Model

_BY_KEY = ("sources", "dates")
_ABOUT = frozenset(Fact.at_end)  # what a block says of its facts


def check_provenance(check: Inspection, model: Model) -> None:
    """Note sources and dates of values that a block lacks, such as `sources: {burdn: sipri}`.

    What a variant has in common with the document that it patches is checked there.
    """
    numbers: dict[tuple[str, str], set[str]] = {}
    for block in fields_of(Model):
        node, before = check.node(block), check.base and check.base.node(block)
        for name, entry in node.items() if node is not None else ():
            if before and before.child(name) is entry:
                continue
            for by_key in _BY_KEY:
                named = entry.child(by_key) if check.holds((block, name)) else None
                if named is None or not named.is_mapping:
                    continue
                numbers = numbers or _numbers(model)
                own = numbers.get((block, str(name)), set()) | (entry.value.keys() - _ABOUT)
                own |= _historical(entry) if block == "patterns" else set()
                for key in named.value:
                    if key not in own and not any(path.startswith(f"{key}.") for path in own):
                        message = f"no number {quoted(key)} in this section{meant(key, own)}"
                        check.wrong((block, name, by_key, key), message, key=True)


def _historical(pattern: Node) -> set[str]:
    """Return the keys of the documented values of a pattern."""
    checks = pattern.child("checks")
    return {
        f"checks.{name}.historical"
        for name, check in (checks.items() if checks is not None else ())
        if check.child("historical") is not None
    }


def _numbers(model: Model) -> dict[tuple[str, str], set[str]]:
    """Return the keys of numbers by block and entry."""
    found: dict[tuple[str, str], set[str]] = {}
    for each in number_paths(model).values():
        found.setdefault((each.path.block, each.path.entry), set()).add(each.path.key)
    return found
