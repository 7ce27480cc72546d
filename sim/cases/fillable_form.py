"""The form that a file needs so that figures can be put into it: mappings where entries go."""

from __future__ import annotations

from collections.abc import Iterator

from sim.documents.nodes import Node, dotted
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import got

_SECTIONS = ("states", "rivalries", "blocs", "affinities", "imports", "offers", "classes",
             "systems", "backlog", "arsenals", "patterns", "references")  # fmt: skip
_TEXTS = "references"  # a section whose entries are texts
_WITHIN = {"rivalries": "with", "affinities": "toward", "imports": "from", "arsenals": "units",
           "blocs": "history", "patterns": "checks"}  # fmt: skip
_ABOUT = ("sources", "dates")


def need_fillable(document: Node) -> None:
    """Raise InputError if a section, an entry or a part of it is not a mapping, or members a list.

    One without any value is filled.
    """
    if problems := [*_misfits(document)]:
        raise InputError(problems)


def _misfits(document: Node) -> Iterator[Problem]:
    for name in _SECTIONS:
        section = document.child(name)
        yield from _misfit(section, (name,))
        for key, entry in document.section(name).items() if name != _TEXTS else ():
            yield from _misfit(entry, (name, key))
            for inner in (*_ABOUT, *filter(None, [_WITHIN.get(name)])):
                yield from _misfit(entry.child(inner), (name, key, inner))
            if name == "blocs":
                yield from _misfit(entry.child("members"), (name, key, "members"), list)


def _misfit(node: Node | None, steps: tuple[str, ...], kind: type = dict) -> Iterator[Problem]:
    if node is not None and node.value is not None and not isinstance(node.value, kind):
        what = "a list" if kind is list else "a mapping"
        yield node.mark.problem(dotted(steps), f"must be {what}, got {got(node.plain())}")
