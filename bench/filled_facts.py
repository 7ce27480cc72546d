"""Compare values filled in from public data with those of the shipped catalogue, for its states.

    python -m bench.filled_facts --data DIR [--page]

Fills the states of `south_caucasus_2005` and of `polonez_vs_iskander` (2017) from downloads and
compares each value with the catalogue's: a row for each kind of value, with their number, the
number within the tolerance, and the median difference; then the values beyond it by name. `--page`
prints the table of docs/case.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.downloads import parser_of
from sim.cases.archive import Archive
from sim.cases.arms_figures import of_imports
from sim.cases.case_plan import BlocPlan, CasePlan
from sim.cases.economy_figures import of_economies
from sim.cases.figures import Answer, Figure, Gap
from sim.cases.regard_figures import of_affinities
from sim.cases.tie_figures import of_rivalries
from sim.cli.data_folder import archive_of
from sim.documents.leaves import value_of
from sim.scenario.compile.layouts import capital_distances, great_circle
from sim.scenario.load import load
from sim.scenario.schema.root import Model

CATALOGUES = {
    "2005": ("south_caucasus_2005", "2005-Q1"),
    "2017": ("polonez_vs_iskander", "2017-Q1"),  # with figures of 2016
}


@dataclass(frozen=True)
class Tolerance:
    """The difference up to which values count as equal: a share of the catalogue's, or a size."""

    share: float = 0.0
    size: float = 0.0
    unit: str = ""

    def holds(self, ours: float, theirs: float) -> bool:
        """Return whether two values are equal."""
        return abs(ours - theirs) <= max(self.share * abs(theirs), self.size)

    def __str__(self) -> str:
        return f"{100 * self.share:.0f} %" if self.share else f"{self.size:g} {self.unit}".strip()


TOLERANCES = {
    "gdp": Tolerance(share=0.05),
    "burden": Tolerance(share=0.05),
    "imports": Tolerance(share=0.05),
    "import share": Tolerance(share=0.5),
    "distance of capitals": Tolerance(size=5.0, unit="km"),
    "neighbours": Tolerance(size=0.0),
    "affinity": Tolerance(size=0.1),
    "dispute": Tolerance(size=0.2),
}
Pairs = Mapping[str, tuple[float, float]]  # by path: filled, catalogue


def main() -> None:
    """Print the comparison of filled values with the catalogue's."""
    parser = parser_of(__doc__)
    parser.add_argument("--page", action="store_true", help="print the table of docs/case.md")
    options = parser.parse_args()
    rows, strays = [], []
    with archive_of([Path(each) for each in options.data], "fill") as archive:
        for year, (name, start) in CATALOGUES.items():
            model = load(name).base
            for kind, pairs in compared(model, start, archive):
                rows.append(_row(year, kind, pairs))
                strays += _strays(year, kind, pairs)
    heads = ("catalogue", "value", "compared", "tolerance", "within", "median difference")
    if options.page:
        print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
        print("\n".join(f"| {' | '.join(row)} |" for row in rows))
        return
    for row in (heads, *rows):
        print("".join(f"{cell:22}" for cell in row))
    print("\nbeyond the tolerance: filled, catalogue")
    print("\n".join(strays))


def compared(model: Model, start: str, archive: Archive) -> Iterator[tuple[str, Pairs]]:
    """Yield values by kind, each as filled and as in the catalogue."""
    plan = plan_of(model, start)
    own = figures(of_economies(plan, archive))
    yield "gdp", _of_states(own, "gdp", model)
    yield "burden", _of_states(own, "burden", model)
    yield "distance of capitals", _distances(own, model)
    yield "neighbours", _neighbours(own, model)
    arms = figures(of_imports(plan, archive))
    yield (
        "imports",
        {
            f"imports.{to}.from.{by}": (_value(arms, ("imports", to, "from", by)), value_of(tiv))
            for to, about in model.imports.items()
            for by, tiv in about.from_.items()
        },
    )
    buyers = {name: each for name, each in model.states.items() if value_of(each.import_share) > 0}
    yield (
        "import share",
        {
            f"states.{name}.import_share": (
                _value(arms, ("states", name, "import_share")),
                value_of(each.import_share),
            )
            for name, each in buyers.items()
        },
    )
    rivalries = figures(of_rivalries(plan, archive))
    theirs = {
        (one, other): value_of(size)
        for one, about in model.rivalries.items()
        for other, size in about.with_.items()
    }
    both = {*theirs, *((path[1], path[3]) for path in rivalries)}
    yield (
        "dispute",
        {
            f"rivalries.{one}.with.{other}": (
                _value(rivalries, ("rivalries", one, "with", other)),
                theirs.get((one, other), 0.0),
            )
            for one, other in sorted(both)
        },
    )
    regards = figures(of_affinities(plan, archive))
    yield (
        "affinity",
        {
            f"affinities.{path[1]}.toward.{path[3]}": (
                float(figure.value),
                value_of(model.affinities[path[1]].toward[path[3]]),
            )
            for path, figure in regards.items()
            if path[1] in model.affinities and path[3] in model.affinities[path[1]].toward
        },
    )


def plan_of(model: Model, start: str) -> CasePlan:
    """Return the plan of a catalogue: its states, blocs and disputes."""
    return CasePlan(
        states=tuple(model.states),
        start=start,
        blocs={name: BlocPlan(bloc.leader, bloc.members) for name, bloc in model.blocs.items()},
        disputes={
            (one, other): value_of(size)
            for one, about in model.rivalries.items()
            for other, size in about.with_.items()
        },
        spending={
            name: value_of(state.gdp) * value_of(state.burden)
            for name, state in model.states.items()
        },
    )


def figures(answer: Answer) -> dict[tuple[str, ...], Figure]:
    """Return the figures that the data have."""
    found = (part for part in answer if not isinstance(part, Gap))
    return {path: figure for path, figure in found if figure.held}


def _value(own: Mapping[tuple[str, ...], Figure], path: tuple[str, ...]) -> float:
    return float(own[path].value) if path in own else 0.0


def _of_states(own: Mapping[tuple[str, ...], Figure], key: str, model: Model) -> Pairs:
    return {
        f"states.{name}.{key}": (
            float(own["states", name, key].value),
            value_of(getattr(state, key)),
        )
        for name, state in model.states.items()
        if ("states", name, key) in own
    }


def _distances(own: Mapping[tuple[str, ...], Figure], model: Model) -> Pairs:
    """Return distances of capitals, km."""
    names = [n for n in model.states if ("states", n, "latitude") in own]
    theirs, known = capital_distances(model), [*model.states]
    latitudes, longitudes = (
        [float(own["states", name, key].value) for name in names]
        for key in ("latitude", "longitude")
    )
    km = great_circle(latitudes, longitudes)
    return {
        f"{one}-{other}": (float(km[i, j]), float(theirs[known.index(one), known.index(other)]))
        for i, one in enumerate(names)
        for j, other in enumerate(names)
        if i < j
    }


def _neighbours(own: Mapping[tuple[str, ...], Figure], model: Model) -> Pairs:
    """Return for each pair whether it has a border, filled and in the catalogue."""
    names = [*model.states]
    filled = {
        (one, other)
        for one in names
        if ("states", one, "neighbours") in own
        for other in own["states", one, "neighbours"].value
    }
    return {
        f"{one}-{other}": (
            float((one, other) in filled),
            float(other in model.states[one].neighbours),
        )
        for one in names
        for other in names
        if one < other
    }


def _row(year: str, kind: str, pairs: Pairs) -> tuple[str, ...]:
    tolerance = TOLERANCES[kind]
    within = sum(tolerance.holds(*each) for each in pairs.values())
    gaps = [
        abs(ours - theirs) / (abs(theirs) if tolerance.share and theirs else 1.0)
        for ours, theirs in pairs.values()
    ]
    middle = float(np.median(gaps)) if gaps else float("nan")
    shown = f"{100 * middle:.1f} %" if tolerance.share else f"{middle:.3g}"
    return year, kind, str(len(pairs)), str(tolerance), str(within), shown


def _strays(year: str, kind: str, pairs: Pairs) -> Iterator[str]:
    for path, (ours, theirs) in pairs.items():
        if not TOLERANCES[kind].holds(ours, theirs):
            yield f"  {year} {kind}: {path}: {ours:.4g}, {theirs:.4g}"


if __name__ == "__main__":
    main()
