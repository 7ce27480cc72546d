"""Blocs of a model as arrays: their numbers, and their data on each member."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.kernel.layout.layout import Layout
from sim.scenario.compile.distributions import Draws, stacked
from sim.scenario.schema.bloc import Bloc
from sim.scenario.schema.root import Model


def bloc_arrays(
    model: Model, layout: Layout, draws: Draws, km: np.ndarray
) -> dict[str, np.ndarray]:
    """Return the arrays of blocs and their members, by name."""
    size, count = len(layout.states), len(layout.blocs)

    def table(rows: int, cells: list[float | np.ndarray]) -> np.ndarray:
        return stacked(cells).reshape(rows, count, -1) if count else np.zeros((rows, 0, 1))

    def of_members(number: Callable[[str, str, Bloc], float | np.ndarray]) -> np.ndarray:
        pairs = ((i, b, bloc) for i in layout.states for b, bloc in model.blocs.items())
        return table(
            size, [number(i, b, bloc) if i in bloc.members else 0.0 for i, b, bloc in pairs]
        )

    def by_member(name: str, otherwise: float = 0.0) -> np.ndarray:
        return of_members(
            lambda i, b, bloc: (
                draws.number(f"blocs.{b}.{name}.{i}", getattr(bloc, name)[i])
                if i in getattr(bloc, name)
                else otherwise
            )
        )

    def history(name: str) -> np.ndarray:
        return of_members(
            lambda i, b, bloc: (
                draws.number(f"blocs.{b}.history.{i}.{name}", getattr(bloc.history[i], name))
                if i in bloc.history
                else 0.0
            )
        )

    weights = [
        draws.number(f"blocs.{b}.cohesion.{part}", getattr(bloc.cohesion, part))
        for part in ("engagement", "affinity", "belief")
        for b, bloc in model.blocs.items()
    ]
    return {
        **{
            name: draws.column("blocs", model.blocs, name)
            for name in (
                "commitment",
                "norm",
                "custom",
                "pivotal",
                "preference",
                "credit",
                "coercion",
            )
        },
        "inside": draws.column("blocs", model.blocs, "inside", 1.0),
        "member": of_members(lambda *_: 1.0),
        "engagement": np.where(layout.leads > 0, 1.0, by_member("engagement")),
        **{name: by_member(name) for name in ("belief", "rent", "grievance")},
        "credit_line": by_member("credit_lines"),
        "own_preference": by_member("preferences", -1.0),
        "own_credit": by_member("credits", -1.0),
        "credit_left": by_member("credit_amounts", np.inf),
        "supplied_members": history("members"),
        "supplied_rivals": history("rivals"),
        "frozen": of_members(lambda i, _, bloc: float(i in bloc.frozen)),
        **dict.fromkeys(("exited", "shut_out", "denied", "shaken"), np.zeros((size, count, 1))),
        "to_leader": km[:, layout.leader][..., None],
        "by_land": by_land(model),
        "cohesion_weights": table(3, weights) if count else np.ones((3, 0, 1)),
    }


def by_land(model: Model) -> np.ndarray:
    """Return 1 where a leader reaches a member by borders of named neighbours: (states, blocs, 1).

    The path leads only through members of the bloc at the start.
    """
    names = list(model.states)
    borders = {(i, j) for i, state in model.states.items() for j in state.neighbours}
    table = np.zeros((len(names), len(model.blocs), 1))
    for b, bloc in enumerate(model.blocs.values()):
        reached, fresh = {bloc.leader}, {bloc.leader}
        while fresh:
            fresh = {
                j
                for j in names
                for i in fresh & {*bloc.members}
                if j not in reached and ((i, j) in borders or (j, i) in borders)
            }
            reached |= fresh
        table[[names.index(name) for name in reached], b] = 1.0
    return table
