"""Bundles: loops over the same rows, joined into one loop.

In a bundle a value passes from node to node in registers. If only the bundle reads it, it is never
put into memory. A loop is moved forward to the first loop with the same rows, if all that it reads
is known there, and if no later loop reads what it writes over.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sim.engine.graph import GraphNode

MOST = 16  # nodes of a bundle
NEAR = 160  # loops by which a loop is moved forward at most


def bundled(
    roots: Sequence[GraphNode],
    readers: Mapping[int, Sequence[int]],
    aligned: Collection[tuple[int, int]],
    overwritten: Iterable[tuple[int, int]],
    ordered: Iterable[tuple[int, int]],
    kinds: Mapping[int, Any],
) -> list[list[GraphNode]]:
    """Return nodes with loops of their own in bundles, in an order in which they can be computed.

    Only nodes of one kind are joined; a node without a kind is alone. `overwritten` are nodes with
    the nodes that may be computed in their place. Of two `ordered` nodes the first comes first.
    """
    before = _before(roots, readers, aligned, overwritten)
    for first, second in ordered:
        before[second][first] = False
    alike: dict[Any, list[int]] = defaultdict(list)
    for at, node in enumerate(roots):
        if node.number in kinds:
            alike[kinds[node.number]].append(at)
    done: set[int] = set()
    bundles: list[list[GraphNode]] = []
    for at, root in enumerate(roots):
        if root.number in done:
            continue
        bundle, own = [root], {root.number}
        done.add(root.number)
        for other in alike.get(kinds.get(root.number), ()):
            each = roots[other]
            near = at < other < at + NEAR and len(bundle) < MOST and each.number not in done
            if near and all(
                joined if number in own else number in done
                for number, joined in before[each.number].items()
            ):
                bundle.append(each)
                own.add(each.number)
                done.add(each.number)
        bundles.append(bundle)
    return bundles


def _before(
    roots: Sequence[GraphNode],
    readers: Mapping[int, Sequence[int]],
    aligned: Collection[tuple[int, int]],
    overwritten: Iterable[tuple[int, int]],
) -> dict[int, dict[int, bool]]:
    """Return for each node those that come before it, and whether they may be in its bundle.

    They may be if each round reads only its own row.
    """
    place = {node.number: at for at, node in enumerate(roots)}
    before: dict[int, dict[int, bool]] = {number: {} for number in place}
    for number in place:
        for reader in readers.get(number, ()):
            if reader != number:
                before[reader][number] = (number, reader) in aligned
    for old, new in overwritten:
        for reader in readers.get(old, ()):
            if new in place and reader != new and place[reader] < place[new]:
                joined = (old, reader) in aligned
                before[new][reader] = before[new].get(reader, True) and joined
    return before
