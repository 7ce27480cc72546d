"""Extract the extents of states from Natural Earth, as packed by npm's `world-atlas` 2.0.2.

    npm pack world-atlas@2.0.2
    python -m bench.extents world-atlas-2.0.2.tgz

writes sim/data/extents.csv: of each state the latitudes and longitudes between which its land lies,
in whole degrees, rounded outwards. NOTICE has the source and licence of the data.
"""

from __future__ import annotations

import math
import sys
from itertools import pairwise

import pycountry

from bench.outlines import degrees, number, points_of, rings_of, topology_of
from sim.data.extents import COLUMNS, FILE

MEMBER = "package/countries-10m.json"
SHA256 = "3bc6f1d367a9bcec479841bae0e76092f512838411d0cef124e92eec4db45f79"
UNNUMBERED = {"Kosovo": "XKX", "N. Cyprus": "XNC"}  # without a number of ISO 3166 -> code
ALL_AROUND = "ATA"  # left out: it has no capital, and land at every longitude
_CIRCLE = 360.0


def main() -> None:
    """Write the file from the package named on the command line."""
    topology = topology_of(sys.argv[1], MEMBER, SHA256)
    rows = [",".join(map(str, (code, *box))) for code, box in sorted(boxes(topology).items())]
    FILE.write_text("\n".join((",".join(COLUMNS), *rows, "")), "utf-8")
    print(f"{FILE}: {len(rows)} states")


def boxes(topology: dict) -> dict[str, tuple[int, int, int, int]]:
    """Return by state the south, north, west and east ends of its land, in degrees."""
    arcs, scale, shift = topology["arcs"], *topology["transform"].values()
    points: dict[str, set[tuple[float, float]]] = {}
    for country in topology["objects"]["countries"]["geometries"]:
        if (code := code_of(country)) and code != ALL_AROUND:
            own = points.setdefault(code, set())
            for arc in (arc for ring in rings_of(country) for arc in ring):
                own |= {degrees(each, scale, shift) for each in points_of(arcs[number(arc)])}
    return {code: box_of(own) for code, own in points.items()}


def code_of(country: dict) -> str:
    """Return the code of a country; empty if it has none."""
    listed = pycountry.countries.get(numeric=country.get("id", ""))
    return listed.alpha_3 if listed else UNNUMBERED.get(country["properties"]["name"], "")


def box_of(points: set[tuple[float, float]]) -> tuple[int, int, int, int]:
    """Return the box of points; its west is east of its east if it crosses the 180th meridian."""
    east = sorted({longitude for longitude, _ in points})
    north = [latitude for _, latitude in points]
    gaps = [(b - a, b, a) for a, b in pairwise((*east, east[0] + _CIRCLE))]
    _, first, last = max(gaps)  # the land lies outside of the widest gap
    first = first - _CIRCLE if first > _CIRCLE / 2 else first
    return math.floor(min(north)), math.ceil(max(north)), math.floor(first), math.ceil(last)


if __name__ == "__main__":
    main()
