"""Build: a model becomes a world, rules and the events of every period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.documents.nodes import DottedPath
from sim.kernel.array_fields import arrays_of
from sim.kernel.inputs import Inputs
from sim.kernel.layout.layout import Layout
from sim.kernel.noise import Noise
from sim.kernel.parameters import switched_off
from sim.kernel.rules import ROLES, Rules, parameters_in, rules, rules_in_force
from sim.kernel.world import World, blank_log
from sim.laws.finance import Finance
from sim.scenario.compile.backlog import with_backlog
from sim.scenario.compile.bloc_arrays import bloc_arrays
from sim.scenario.compile.conditions import triggers_of
from sim.scenario.compile.distributions import Draws, stacked
from sim.scenario.compile.equilibrium import at_rest
from sim.scenario.compile.event_arrays import inputs_of
from sim.scenario.compile.goods import Goods, goods_arrays, goods_of
from sim.scenario.compile.layouts import capital_distances, layout_of
from sim.scenario.compile.threats import threats_of
from sim.scenario.schema.root import Model
from sim.steps.assessment import assess, inventory
from sim.steps.budgets import remembered
from sim.steps.habits import accustomed
from sim.steps.prevention import foreseen

COLUMNS = 2  # the runs axis is never narrower


@dataclass(frozen=True, kw_only=True, eq=False)
class Built:
    """The inputs of a block of runs."""

    world: World
    rules: Rules
    inputs: list[Inputs]
    noise: Noise
    draws: Draws  # the numbers of these runs, by path
    drawn: dict[str, np.ndarray]  # path -> (runs,) of the numbers that differ from run to run


def build(
    model: Model,
    *,
    runs: np.ndarray,
    seed: int,
    numbers: Mapping[str, Any] | None = None,
    layout: Layout | None = None,
    noise: Noise | None = None,
) -> Built:
    """Return the world, rules and events of a model for some runs, named by number.

    `numbers` sets some by dotted path, one for all runs or one for each; NaN keeps the model's
    own. A single run gets a copy of itself as second column, so that numpy adds in the same order;
    the caller drops it. `layout` and `noise` are the model's layout and the draws of these runs,
    if they exist already.
    """
    noise = noise_of(runs, seed) if noise is None else noise
    numbers = _over(fitted(model, noise), numbers or {})
    draws = Draws(noise, uncertain=model.uncertain, numbers=numbers, in_common=model.in_common)
    goods, km = goods_of(model), capital_distances(model)
    layout = layout_of(model, goods, km) if layout is None else layout
    settings = {
        role: {name: draws.number(f"laws.{role}.{name}", value) for name, value in law.items()}
        for role, law in model.laws.items()
    }
    own = rules_in_force(model.rules)
    for path in map(DottedPath, draws.numbers):
        if path.of_law and path.key not in settings.setdefault(path.entry, {}):
            usual = parameters_in(path.entry, own[path.entry])[path.key].value
            settings[path.entry][path.key] = draws.number(path, usual)
    chosen = rules({role: model.rules[role] for role in ROLES if role in model.rules}, settings)
    chosen = _amendable(chosen, model, noise)
    world = _world(model, layout, draws, goods, km)
    begun = with_backlog(accustomed(remembered(world, chosen), chosen), chosen, model, draws)
    if model.backlog:  # otherwise no orders are under way
        view = assess(begun, chosen, inventory(begun, chosen))
        begun, _ = foreseen(begun, chosen, view, begun.period)
    begun = at_rest(begun, chosen, model)
    return Built(
        world=begun,
        rules=chosen,
        inputs=inputs_of(model, layout, draws, goods, triggers_of(model, layout, draws, world)),
        noise=noise,
        draws=draws,
        drawn=draws.used,
    )


def noise_of(runs: np.ndarray, seed: int, *, room: int = 0) -> Noise:
    """Return the draws of some runs, named by number; a single run has a copy of itself.

    `room` is the memory in bytes for tables of draws that are kept for other worlds.
    """
    numbers = np.asarray(runs, dtype=np.uint32)
    if numbers.size < COLUMNS:
        numbers = np.resize(numbers, COLUMNS)
    return Noise(seed, numbers, room=room)


def fitted(model: Model, noise: Noise) -> dict[str, np.ndarray]:
    """Return the numbers that each run draws from the posterior, if the model names one."""
    if model.posterior is None:
        return {}
    chosen = rules_in_force(model.rules)
    drawn: dict[str, np.ndarray] = model.posterior.drawn(noise)
    return {path: values for path, values in drawn.items() if in_force(DottedPath(path), chosen)}


def _amendable(chosen: Rules, model: Model, noise: Noise) -> Rules:
    """Return the rules with arrays for mechanisms that are off and an event may switch on."""
    paths = [each.set_.path for each in model.events.values() if each.set_ is not None]
    laws = [(path.entry, path.key, vars(chosen)[path.entry]) for path in paths if path.of_law]
    return chosen.but(
        {
            (role, name): np.full(noise.runs.shape, getattr(law, name))
            for role, name, law in laws
            if name in switched_off(law)
        }
    )


def _over(own: Mapping[str, np.ndarray], numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Return numbers by path, those of a posterior where others are not numbers."""
    both = own.keys() & numbers.keys()
    kept = {path: np.where(np.isnan(numbers[path]), own[path], numbers[path]) for path in both}
    return {**own, **numbers, **kept}


def in_force(path: DottedPath, chosen: Mapping[str, str]) -> bool:
    """Return whether a path is of the scenario itself, or of a law in force."""
    if not path.of_law:
        return True
    return path.entry in chosen and path.key in parameters_in(path.entry, chosen[path.entry])


def _world(model: Model, layout: Layout, draws: Draws, goods: Goods, km: np.ndarray) -> World:
    parts = {
        **_states(model, layout, draws),
        **_dyads(model, layout, draws, km),
        **bloc_arrays(model, layout, draws, km),
        "grant": _grants(model, layout, draws),
        **_trade(model, layout, draws),
        "civil_debt": np.zeros((layout.civils, 1)),
        **goods_arrays(goods, draws),
        "clientele": _clientele(goods, layout),
        **_assets(model, layout, draws, km),
        **_pipeline(layout),
        "resolve": draws.column("threats", threats_of(model), "resolve"),
        "lever_resolve": draws.column("leverage", model.leverage, "resolve"),
        "withheld": np.zeros((len(layout.levers), 1)),
        **_calls(model, layout, draws),
        "due": np.full((layout.triggers, 1), np.inf),
        "gauge": np.zeros((layout.gauges, 1)),
    }
    runs = draws.noise.runs.size
    moving = {
        name: np.array(np.broadcast_to(parts[name], (*parts[name].shape[:-1], runs)))
        for name, about in arrays_of(World).items()
        if about.moves
    }
    first = layout.calendar.first - 1
    layout = _with_lines(layout, parts)
    return World(layout=layout, period=first, log=blank_log(layout, runs), **{**parts, **moving})


def _calls(model: Model, layout: Layout, draws: Draws) -> dict[str, np.ndarray]:
    """Return the contributions that blocs ask of members, by event."""

    def column(key: str) -> np.ndarray:
        calls = [(name, model.events[name].contribution) for name in layout.asks]
        numbers = [
            draws.number(f"events.{name}.contribution.{key}", getattr(call, key))
            for name, call in calls
        ]
        return stacked(numbers) if numbers else np.zeros((0, 1))

    never = np.full((len(layout.asks), 1), -1.0)
    return {"asked": never, **{f"ask_{key}": column(key) for key in ("cost", "worth", "resolve")}}


def _with_lines(layout: Layout, parts: Mapping[str, np.ndarray]) -> Layout:
    """Return the layout with the shots and systems of which the range suffices in some run.

    It is the layout itself where it has them already, so that its lists are kept.
    """
    reach, cep = parts["range"][layout.strikers][None], parts["cep"][layout.strikers][None]
    shot, column = np.nonzero(((reach >= parts["reach"][:, None]) & (cep > 0)).any(axis=-1))
    system = layout.strikers[column]
    if np.array_equal(layout.line_shot, shot) and np.array_equal(layout.line_system, system):
        return layout
    return replace(layout, line_shot=shot, line_system=system)


def _states(model: Model, layout: Layout, draws: Draws) -> dict[str, np.ndarray]:
    names = ("gdp", "growth", "burden", "import_share", "reputation", "find", "export_scale")
    columns = {name: draws.column("states", model.states, name) for name in names}
    half_year = 0.5 * columns["import_share"] * columns["burden"] * columns["gdp"]
    fund = stacked(
        [
            half_year[i] if state.fund is None else draws.number(f"states.{key}.fund", state.fund)
            for i, (key, state) in enumerate(model.states.items())
        ]
    )
    systems = layout.systems
    cells = {
        (state, system): draws.number(f"arsenals.{state}.units.{system}", units)
        for state, arsenal in model.arsenals.items()
        for system, units in arsenal.units.items()
    }
    arsenal = stacked([cells.get((i, w), 0.0) for i in layout.states for w in systems])
    size = len(layout.states)
    return {
        **columns,
        "arming": np.ones((size, 1)),
        "insecurity_before": draws.column("states", model.states, "reference_insecurity"),
        "faith_before": np.zeros((size, 1)),
        "fund": fund,
        "owed": np.zeros((size, layout.payment_slots, 1)),
        "arsenal": arsenal.reshape(size, len(systems), -1),
        "strain": np.zeros((size, 1)),
        "last_strike_value": np.zeros((size, 1)),
    }


_Cells = dict[tuple[str, str], float | np.ndarray]


def _by_exporter(layout: Layout, cells: _Cells) -> np.ndarray:
    """Return cells by (from, to) as a table (states, exporters, runs)."""
    return np.ascontiguousarray(_dyadic(layout, cells)[:, layout.exporters])


def _dyadic(layout: Layout, cells: _Cells, otherwise: float | np.ndarray = 0.0) -> np.ndarray:
    """Return cells by (from, to) as a table (states, states, runs)."""
    size = len(layout.states)
    table = [cells.get((i, j), otherwise) for i in layout.states for j in layout.states]
    return stacked(table).reshape(size, size, -1)


def _dyads(model: Model, layout: Layout, draws: Draws, km: np.ndarray) -> dict[str, np.ndarray]:
    affinity: _Cells = dict(model.table("affinity"))
    rivalry: _Cells = dict(model.table("rivalry"))
    for i, regard in model.affinities.items():
        for j, value in regard.toward.items():
            affinity[i, j] = draws.number(f"affinities.{i}.toward.{j}", value)
    for i, dispute in model.rivalries.items():
        for j, value in dispute.with_.items():
            rivalry[i, j] = draws.number(f"rivalries.{i}.with.{j}", value)
    tiv, usd, refusal = _Cells(), _Cells(), _Cells()
    for i, imports in model.imports.items():
        price = draws.number(f"imports.{i}.usd_per_tiv", imports.usd_per_tiv)
        for s, amount in imports.from_.items():
            tiv[i, s] = draws.number(f"imports.{i}.from.{s}", amount)
            usd[i, s] = tiv[i, s] * price
    for i, refusals in model.refusals.items():
        for s, memory in refusals.by.items():
            refusal[i, s] = draws.number(f"refusals.{i}.by.{s}", memory)
    pairs = layout.dyad_from, layout.dyad_to
    regards = _dyadic(layout, affinity)
    zero = np.zeros((len(layout.states), len(layout.states), 1))
    return {
        "affinity": regards,
        "affinity_base": regards,
        "sponsor": zero - 1.0,
        **_debts(model, layout, draws),
        "recent_tiv": _by_exporter(layout, tiv),
        "recent_value": _by_exporter(layout, usd),
        "refusal": _by_exporter(layout, refusal),
        "embargo": _embargo(model, layout),
        **dict.fromkeys(
            ("promised", "unused", "imported_tiv", "paid"), zero[:, : layout.exporters.size]
        ),
        "rivalry": _dyadic(layout, rivalry)[pairs],
        "distance": km[pairs][:, None],
        "shift": np.zeros((layout.dyad_from.size, 1)),
        "last_strike_growth": np.zeros((layout.dyad_from.size, 1)),
        **dict.fromkeys(
            ("war_since", "war_until", "war_won", "war_intensity"),
            np.zeros((layout.rival_dyads.size, 1)),
        ),
    }


def _embargo(model: Model, layout: Layout) -> np.ndarray:
    """Return 1 where one party may not supply another: (parties, parties, 1)."""
    at = {name: n for n, name in enumerate(layout.parties)}
    table = np.zeros((len(at), len(at), 1))
    for each in model.embargoes.values():
        by, hit = ([at[name] for name in names] for names in (each.supplier, each.recipient))
        table[np.ix_(by, hit)] = 1.0
    return table


def _clientele(goods: Goods, layout: Layout) -> np.ndarray:
    """Return to which parties offers are made, and to which refused: (parties, offers, 1)."""
    at = {name: n for n, name in enumerate(layout.parties)}
    table = np.zeros((len(at), len(goods.offers), 1))
    for o, offer in enumerate(goods.offers.values()):
        table[[at[name] for name in offer.to or layout.states], o] = 1.0
        table[[at[name] for name in offer.not_to or ()], o] = -1.0
    return table


def _debts(model: Model, layout: Layout, draws: Draws) -> dict[str, np.ndarray]:
    law = model.laws.get("finance", {})
    usual = {
        name: draws.number(f"laws.finance.{name}", law.get(name, getattr(Finance, name)))
        for name in ("rate", "tenor")
    }
    cells: dict[str, _Cells] = {name: {} for name in ("debt", "arms_debt", "arrears", *usual)}
    for name, bloc in model.blocs.items():
        for member in bloc.members:
            for key in usual:
                number = draws.number(f"blocs.{name}.{key}", getattr(bloc, key))
                cells[key][member, bloc.leader] = number
    for name, each in model.debts.items():
        pair = each.debtor, each.creditor
        amount, arrears, arms, *terms = (
            draws.number(f"debts.{name}.{key}", getattr(each, key))
            for key in ("amount", "arrears", "arms", *usual)
        )
        for table, owed in (("debt", amount), ("arrears", arrears), ("arms_debt", arms * amount)):
            cells[table][pair] = cells[table].get(pair, 0.0) + owed
        for key, number in zip(usual, terms, strict=True):
            cells[key][pair] = number
    return {name: _dyadic(layout, own, usual.get(name, 0.0)) for name, own in cells.items()}


def _grants(model: Model, layout: Layout, draws: Draws) -> np.ndarray:
    """Return the worth of each grant a year."""
    years = (layout.grant_until - layout.grant_from + 1)[:, 0] * layout.calendar.dt
    worth = []
    for name, each in model.grants.items():
        if each.yearly is not None:
            worth.append(draws.number(f"grants.{name}.yearly", each.yearly))
        elif each.total is not None:
            whole = draws.number(f"grants.{name}.total", each.total)
            worth.append(whole / years[layout.grants.index(name)])
    return stacked(worth)


def _trade(model: Model, layout: Layout, draws: Draws) -> dict[str, np.ndarray]:
    """Return the shares of output due to trade, before any sanctions."""
    names, cells = layout.states, []
    for i, j in layout.trade_index.tolist():
        ties = model.trade[names[i]].with_ if names[i] in model.trade else {}
        path = f"trade.{names[i]}.with.{names[j]}"
        cells.append(draws.number(path, ties[names[j]]) if names[j] in ties else 0.0)
    none = np.zeros((len(cells), 1))
    blank = ("sanction", "rerouted", "output_lost")
    return {"trade": stacked(cells), **dict.fromkeys(blank, none)}


def _pipeline(layout: Layout) -> dict[str, np.ndarray]:
    """Return the state of orders under way, before any event has changed them."""
    none = np.full((len(layout.end_index), 1), -1.0)
    return {"ended": none, "heir": none, "suspended": np.zeros((len(layout.hold_index), 1))}


def _assets(model: Model, layout: Layout, draws: Draws, km: np.ndarray) -> dict[str, np.ndarray]:
    names = ("value", "radius", "hardness")
    reach = []
    for p, v in zip(layout.shot_dyad, layout.shot_asset, strict=True):
        attacker, name = layout.states[layout.dyad_from[p]], layout.assets[v]
        distances = model.assets[name].distance
        reach.append(
            draws.number(f"assets.{name}.distance.{attacker}", distances[attacker])
            if attacker in distances
            else km[layout.dyad_from[p], layout.dyad_to[p]]
        )
    return {
        **{name: draws.column("assets", model.assets, name) for name in names},
        "reach": stacked(reach),
    }
