"""Extract the outlines of the maps from Natural Earth, as packed by npm's `world-atlas` 2.0.2.

    npm pack world-atlas@2.0.2
    python bench/outlines.py world-atlas-2.0.2.tgz

writes sim/plots/outlines.json: the land of states, its coasts, borders, and contested borders.
NOTICE has the source and licence of the data.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tarfile
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

FILE = Path(__file__).parents[1] / "sim" / "plots" / "outlines.json"
MEMBER = "package/countries-110m.json"
SHA256 = "2516c915867c7baf18ddec727aec46c315541a07cfb3d79a6559b05d5e94eee8"
SOUTH = -60.0  # degrees of latitude: land further south is left out
ALL = (-180.0, -90.0, 180.0, 90.0)
# Borders that one of the two states, or most others, do not recognise, with their box: west, south,
# east, north. Natural Earth draws de facto control; a dashed line means that it is contested.
CONTESTED = {
    frozenset({"Russia", "Ukraine"}): (32.0, 44.0, 37.0, 46.6),  # Crimea
    frozenset({"India", "Pakistan"}): (73.5, 32.3, 78.5, 37.5),  # Kashmir
    frozenset({"China", "India"}): ALL,
    frozenset({"China", "Pakistan"}): ALL,
    frozenset({"Cyprus", "N. Cyprus"}): ALL,
    frozenset({"Kosovo", "Serbia"}): ALL,
    frozenset({"Morocco", "W. Sahara"}): ALL,
    frozenset({"Somalia", "Somaliland"}): ALL,
    frozenset({"Israel", "Palestine"}): ALL,
    frozenset({"Jordan", "Palestine"}): ALL,
    frozenset({"Israel", "Syria"}): ALL,
    frozenset({"Israel", "Lebanon"}): ALL,
    frozenset({"Sudan", "S. Sudan"}): ALL,
    frozenset({"North Korea", "South Korea"}): ALL,
}


def main() -> None:
    """Write the file from the package named on the command line."""
    topology = topology_of(sys.argv[1], MEMBER, SHA256)
    FILE.write_text(json.dumps(cut(topology), separators=(",", ":")) + "\n", "utf-8")
    print(f"{FILE}: {FILE.stat().st_size:,} bytes")


def topology_of(place: str, member: str, sha256: str) -> dict:
    """Return a file of the package of world-atlas, which has to be that of a hash."""
    with tarfile.open(place) as package:
        file = package.extractfile(member)
        if file is None:
            sys.exit(f"{place}: no {member}")
        text = file.read()
    if hashlib.sha256(text).hexdigest() != sha256:
        sys.exit(f"{member}: is not that of world-atlas 2.0.2")
    return json.loads(text)


def cut(topology: dict) -> dict:
    """Return the arcs, rings of land by state, coasts, borders, contested borders."""
    arcs, scale, shift = topology["arcs"], *topology["transform"].values()
    owners = defaultdict(set)
    land = []
    for country in topology["objects"]["countries"]["geometries"]:
        for ring in rings_of(country):
            if not is_far(ring, arcs, scale, shift):
                land.append(ring)
                for arc in ring:
                    owners[number(arc)].add(country["properties"]["name"])
    used = sorted(owners)
    place = {old: new for new, old in enumerate(used)}
    borders, contested = [], []
    for at, names in sorted(owners.items()):
        if len(names) > 1:
            box = CONTESTED.get(frozenset(names))
            parts = parts_of(points_of(arcs[at]), box, scale, shift)
            for part, inside in parts:
                line = place[at] if len(parts) == 1 else steps_of(part)  # a whole arc, or a part
                (contested if inside else borders).append(line)
    return {
        "source": "Natural Earth 1:110m by world-atlas 2.0.2: public domain, see NOTICE",
        "scale": scale,
        "shift": shift,
        "arcs": [arcs[at] for at in used],
        "coasts": [place[at] for at, names in sorted(owners.items()) if len(names) == 1],
        "land": [[place[arc] if arc >= 0 else ~place[~arc] for arc in ring] for ring in land],
        "borders": borders,
        "contested": contested,
    }


def rings_of(geometry: dict) -> list[list[int]]:
    """Return the rings of a geometry, each a list of arcs."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return [ring for polygon in polygons for ring in polygon]


def number(arc: int) -> int:
    """Return the number of an arc, in either direction."""
    return arc if arc >= 0 else ~arc


def points_of(arc: list) -> list[tuple[int, int]]:
    """Return the points of an arc, which is stored as steps."""
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x, y))
    return points


def steps_of(points: list[tuple[int, int]]) -> list[list[int]]:
    """Return points as steps, the first from the origin."""
    before = [(0, 0), *points[:-1]]
    return [[x - a, y - b] for (x, y), (a, b) in zip(points, before, strict=True)]


def degrees(point: tuple[int, int], scale: list, shift: list) -> tuple[float, float]:
    """Return the longitude and latitude of a point."""
    return point[0] * scale[0] + shift[0], point[1] * scale[1] + shift[1]


def is_far(ring: list[int], arcs: list, scale: list, shift: list) -> bool:
    """Return whether a ring lies in the far south."""
    points = [point for arc in ring for point in points_of(arcs[number(arc)])]
    return all(degrees(point, scale, shift)[1] < SOUTH for point in points)


def parts_of(points: list, box: tuple | None, scale: list, shift: list) -> list[tuple[list, bool]]:
    """Return the parts of a border inside and outside of a box, in their order."""
    parts: list[tuple[list, bool]] = []
    for one, other in pairwise(points):
        ends = (degrees(one, scale, shift), degrees(other, scale, shift))
        lon, lat = (sum(each) / 2 for each in zip(*ends, strict=True))
        inside = box is not None and box[0] <= lon <= box[2] and box[1] <= lat <= box[3]
        if parts and parts[-1][1] == inside:
            parts[-1][0].append(other)
        else:
            parts.append(([one, other], inside))
    return parts


if __name__ == "__main__":
    main()
