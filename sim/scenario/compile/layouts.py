"""Layout of a model: its entities, the dyads that interact, and the rows of outcomes' subjects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from sim.kernel.dates import Calendar
from sim.kernel.layout.entity_names import padded, table_of
from sim.kernel.layout.layout import Layout
from sim.kernel.noise import colliding
from sim.scenario.compile.dealing_rows import ALWAYS, date_rows, dealings
from sim.scenario.compile.goods import TERMS, Goods, goods_of, named_sales
from sim.scenario.compile.threats import threats_of
from sim.scenario.schema.entities import Offer
from sim.scenario.schema.outcome_syntax import Outcome, parts_of
from sim.scenario.schema.root import Model

EARTH_RADIUS = 6371.0  # km
NEAREST = 3  # number of states taken as neighbours where none are named


def capital_distances(model: Model) -> np.ndarray:
    """Return great-circle distances between capitals, km: (states, states).

    Entries of a distance table come first.
    """
    names = list(model.states)
    km = great_circle(
        [state.latitude for state in model.states.values()],
        [state.longitude for state in model.states.values()],
    )
    for (a, b), value in model.table("distance").items():
        i, j = names.index(a), names.index(b)
        km[i, j] = km[j, i] = value
    return np.asarray(km)


def great_circle(latitudes: Sequence[float], longitudes: Sequence[float]) -> np.ndarray:
    """Return distances on the globe between places in degrees, km: (places, places)."""
    latitude, longitude = np.radians(latitudes), np.radians(longitudes)
    half = (
        np.sin((latitude[:, None] - latitude) / 2) ** 2
        + np.cos(latitude[:, None])
        * np.cos(latitude)
        * np.sin((longitude[:, None] - longitude) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def rivals(model: Model) -> list[tuple[int, int]]:
    """Return the directed rival dyads, both ways; if there are none, the first two states."""
    names = {name: at for at, name in enumerate(model.states)}
    pairs = {(names[a], names[b]) for a, b in disputes(model)} or {(0, 1)}
    return sorted(pairs | {(j, i) for i, j in pairs})


def disputes(model: Model) -> set[tuple[str, str]]:
    """Return the dyads, one way or both, in which a dispute exists or may come to exist."""
    dyads: set[tuple[str, str]] = set(model.table("rivalry"))
    dyads |= {(a, b) for a, each in model.rivalries.items() for b in each.with_}
    dyads |= {(threat.by, threat.recipient) for threat in threats_of(model).values()}
    for event in model.events.values():
        if event.rivalry is not None:
            dyads.add((event.rivalry.state, event.rivalry.toward))
        if event.incident is not None:
            dyads.add((event.incident.states[0], event.incident.states[1]))
        if event.appeal is not None and event.appeal.attacker is not None:
            dyads.add((event.appeal.attacker, event.appeal.state))
    return dyads


def eligible(model: Model) -> np.ndarray:
    """Return the present and possible members of each bloc: (states, blocs)."""
    names, blocs = list(model.states), list(model.blocs)
    table: np.ndarray = founded(model) | candidates(model)
    for event in model.events.values():
        if event.membership is not None:
            table[names.index(event.membership.state), blocs.index(event.membership.bloc)] = True
    return table


def founded(model: Model) -> np.ndarray:
    """Return the members of each bloc at the start: (states, blocs)."""
    names = list(model.states)
    table = np.zeros((len(names), len(model.blocs)), dtype=bool)
    for b, bloc in enumerate(model.blocs.values()):
        table[[names.index(member) for member in bloc.members], b] = True
    return table


def candidates(model: Model) -> np.ndarray:
    """Return the candidates of each bloc, which may join by themselves: (states, blocs)."""
    rows = [[name in bloc.candidates for bloc in model.blocs.values()] for name in model.states]
    return np.array(rows, dtype=bool).reshape(len(model.states), len(model.blocs))


def queries_of(model: Model, goods: Goods) -> tuple[tuple[str, str], ...]:
    """Return the offers and recipients whose consent is recorded: sales that outcomes name."""
    queries = [
        (goods.offer_of(supplier, system, recipient), recipient)
        for supplier, recipient, system in named_sales(model)
    ]
    return tuple(dict.fromkeys(queries))


def slots_of(model: Model, calendar: Calendar, kinds: Iterable[str]) -> int:
    """Return the largest number of events of some kinds in one period."""
    kinds = set(kinds)
    events = [event for event in model.events.values() if event.kind in kinds]
    count = Counter(calendar.number(event.at) for event in events if event.at is not None)
    return max([0, *count.values()]) + sum(event.at is None for event in events)


def layout_of(
    model: Model, goods: Goods | None = None, distances: np.ndarray | None = None
) -> Layout:
    """Return the layout of a model; goods and distances may be given if they are known."""
    calendar = Calendar.between(model.time.start, model.time.end, model.time.period)
    goods = goods_of(model) if goods is None else goods
    km = capital_distances(model) if distances is None else distances
    names = tuple(model.states)
    index = {name: at for at, name in enumerate(names)}
    pairs = np.array(rivals(model), dtype=np.int64)
    named, read = _parties_named(model), parts_of((*model.outcomes, *model.conditions))
    classes = tuple(goods.classes)
    systems = tuple(goods.systems)
    offers, offers_at = goods.offers.values(), tuple(goods.offers)
    assets, threats = list(model.assets.values()), threats_of(model)
    shots = [
        (p, v)
        for p, (_, j) in enumerate(pairs)
        for v, a in enumerate(assets)
        if index[a.owner] == j
    ]
    families = [(s.family is None, s.family or name) for name, s in goods.systems.items()]
    shot_dyad, shot_asset = np.array(shots, dtype=np.int64).reshape(-1, 2).T
    gifts = {
        (index[event.transfer.supplier], systems.index(event.transfer.system))
        for event in model.events.values()
        if event.transfer is not None
    }
    watched = {
        (index[o.subject[0]], index[o.subject[1]])
        for o in read
        if o.metric == "affinity" and {*o.subject} <= index.keys()
    }
    return Layout(
        calendar=calendar,
        states=names,
        classes=classes,
        systems=systems,
        offers=offers_at,
        conditions=tuple(o.condition for o in offers),
        blocs=tuple(model.blocs),
        assets=tuple(model.assets),
        queries=queries_of(model, goods),
        buyers=_whole(  # in some run: their share is not simply zero
            i for i, s in enumerate(model.states.values()) if s.import_share != 0.0
        ),
        leader=_whole(index[bloc.leader] for bloc in model.blocs.values()),
        eligible=eligible(model),
        has_scope=bool(_with("scope", model).size or _with("area", model).size),
        scope=_named_in("scope", model),
        area=_named_in("area", model),
        candidates=candidates(model),
        customs=_with("custom", model),
        has_inside=bool(_with("inside", model).size),
        founded=founded(model),
        has_pivotal=bool(_with("pivotal", model).size),
        class_of=_whole(classes.index(s.class_) for s in goods.systems.values()),
        family=_whole(families.index(each) for each in families),
        strikers=_whole(w for w, s in enumerate(goods.systems.values()) if s.cep is not None),
        expendable=_whole(
            w for w, s in enumerate(goods.systems.values()) if s.expended not in (None, 0.0)
        ),
        shields=_whole(
            c for c, each in enumerate(goods.classes.values()) if each.role == "air_defence"
        ),
        supplier=_whole(index[o.supplier] for o in offers),
        system=_whole(systems.index(o.system) for o in offers),
        instalments=_whole(o.instalments for o in offers),
        opens=date_rows(calendar, [o.opens for o in offers], -ALWAYS),
        closes=date_rows(calendar, [o.closes for o in offers], ALWAYS, last=True),
        partners=padded([_partners(o, index) for o in offers]),
        makers=padded([_partners(o, index, silent=True) for o in offers]),
        named_blocs=_whole(b for b, name in enumerate(model.blocs) if name in named),
        dyad_from=pairs[:, 0],
        dyad_to=pairs[:, 1],
        shot_dyad=shot_dyad,
        shot_asset=shot_asset,
        line_shot=_whole(()),
        line_system=_whole(()),
        neighbours=_neighbours(model, km),
        watched_dyads=tuple(sorted(watched)),
        own_offers=_whole(
            n for n, o in enumerate(offers) if any(getattr(o, t) is not None for t in TERMS)
        ),
        own_terms=tuple(t for t in TERMS if any(getattr(o, t) is not None for o in offers)),
        limited=_whole(
            b
            for b, bloc in enumerate(model.blocs.values())
            if {*bloc.credit_amounts, *bloc.credit_until} & {*bloc.credit_lines}
        ),
        excludes=any(event.exclude is not None for event in model.events.values()),
        member_terms=tuple(
            name
            for name in ("preference", "credit")
            if any(getattr(bloc, f"{name}s") for bloc in model.blocs.values())
        ),
        grants=tuple(model.grants),
        grant_donor=_whole(index[each.donor] for each in model.grants.values()),
        grant_recipient=_whole(index[each.recipient] for each in model.grants.values()),
        grant_from=date_rows(calendar, [each.from_ for each in model.grants.values()], -ALWAYS),
        grant_until=date_rows(
            calendar, [each.ends for each in model.grants.values()], ALWAYS, last=True
        ),
        grant_of_arms=_whole(each.for_ == "arms" for each in model.grants.values())[:, None],
        backlog=tuple(model.orders),
        remembered=_whole(sorted(index[name] for name in _remembered(model))),
        under_way=_whole(calendar.number(each.ordered) for each in model.orders.values()),
        slots=max(1, slots_of(model, calendar, ("transfer", "order", "request"))),
        gift_index=table_of(sorted(gifts)),
        threats=tuple(threats),
        threat_parties=table_of(
            [(index[t.by], index[t.recipient], index[t.supplier]) for t in threats.values()],
            3,
        ),
        threat_sales=table_of(
            [
                (n, offers_at.index(name), index[t.recipient])
                for n, t in enumerate(threats.values())
                for name in goods.offers_of(t.supplier, t.system)
            ],
            3,
        ),
        threat_from=date_rows(calendar, [t.from_ for t in threats.values()], -ALWAYS),
        threat_until=date_rows(calendar, [t.until for t in threats.values()], ALWAYS, last=True),
        **dealings(model, goods, index, calendar, eligible(model)),
        holding_index=_holdings(read, index, systems),
        end_index=_sales(model, goods, ("cancel", "divert")),
        hold_index=_sales(model, goods, ("suspend",)),
        embargo_holds=any(
            e.embargo is not None and e.embargo.pipeline for e in model.events.values()
        ),
        triggers=len(model.waiting),
        gauges=len(parts_of(model.conditions)),
    )


def _holdings(
    read: Iterable[Outcome], index: Mapping[str, int], systems: tuple[str, ...]
) -> np.ndarray:
    """Return state and system of the holdings that outcomes and conditions read."""
    cells = {
        (index[o.subject[0]], systems.index(o.system))
        for o in read
        if o.kind == "holding" and o.subject[0] in index and o.system in systems
    }
    return table_of(sorted(cells))


def _sales(model: Model, goods: Goods, kinds: tuple[str, ...]) -> np.ndarray:
    """Return offer and recipient of the sales that events of some kinds name."""
    offers, states = list(goods.offers), list(model.states)
    actions: list[Any] = [event.action for event in model.events.values() if event.kind in kinds]
    sales = {
        (offers.index(name), states.index(each.recipient))
        for each in actions
        for name in goods.offers_of(each.supplier, each.system)
    }
    return table_of(sorted(sales))


def clash(layouts: Iterable[Layout]) -> str:
    """Return the fault if two names of a scenario's layouts share an address of random draws."""
    names: set[str] = set()
    for layout in layouts:
        names.update(layout.states, layout.offers, layout.blocs, layout.dyad_names)
    for first, second in colliding(names):
        return f"{first} and {second} share an address of random draws: rename one of them"
    return ""


def _partners(offer: Offer, index: dict[str, int], *, silent: bool = False) -> np.ndarray:
    """Return the states besides the supplier that must consent, each once; default: all makers."""
    names = {*offer.licensors, *offer.components} - {offer.supplier}
    return _whole(
        index[name] for name in sorted(names - (set() if silent else {*(offer.no_say or ())}))
    )


def _remembered(model: Model) -> set[str]:
    """Return the states whose deliveries or refusals before the start are remembered."""
    lists = [each.from_ for each in model.imports.values()]
    lists += [each.by for each in model.refusals.values()]
    return {name for names in lists for name in names}


def _parties_named(model: Model) -> set[str]:
    """Return the states and blocs that embargoes and the clientele of offers name."""
    changes = (event.embargo for event in model.events.values() if event.embargo is not None)
    lists = [(o.to or (), o.not_to or ()) for o in model.offers.values()]
    lists += [(each.supplier, each.recipient) for each in model.embargoes.values()]
    lists += [(each.supplier, each.recipient) for each in changes]
    return {name for pair in lists for names in pair for name in names}


def _with(key: str, model: Model) -> np.ndarray:
    """Return the blocs that have a key, which others lack."""
    return _whole(
        b for b, bloc in enumerate(model.blocs.values()) if getattr(bloc, key) is not None
    )


def _named_in(key: str, model: Model) -> np.ndarray:
    """Return 1 for the states that a bloc names under a key, or for all if it has no such key."""
    lists = [getattr(bloc, key) for bloc in model.blocs.values()]
    table = [[each is None or name in each for name in model.states] for each in lists]
    return 1.0 * np.array(table, dtype=bool).reshape(len(lists), len(model.states))


def _whole(numbers: Iterable[int]) -> np.ndarray:
    return np.array([*numbers], dtype=np.int64)


def _neighbours(model: Model, km: np.ndarray) -> np.ndarray:
    """Return the neighbours of each state; for a state without any, the nearest three."""
    names = list(model.states)
    lists = []
    for i, state in enumerate(model.states.values()):
        near = [names.index(name) for name in state.neighbours]
        order = [int(j) for j in np.argsort(km[i], kind="stable") if j != i]
        lists.append(_whole(sorted(near or order[:NEAREST])))
    return padded(lists)


_REASONS = {
    "asker": "no event asks its members for a contribution: add an event `contribution`",
    "bearer": "no event asks it for a contribution there: add an event `contribution`",
    "trader": "the scenario has no trade of this state: add it to trade",
    "dyad": "the scenario has no dispute between the two: add one to rivalries",
    "member": "the state is not, and may not become, a member of the bloc",
    "supply": "the supplier has no offer, or the recipient does not import arms",
}


def row_of(outcome: Outcome, layout: Layout) -> int | None:
    """Return the row of an outcome's subject among those of its kind; None if it has none.

    The row of a sale is that of the supplier, because sales are read off the orders.
    """
    if outcome.kind == "query":
        return _query(outcome, layout)
    if outcome.kind == "sale":
        known = {*layout.states} >= {*outcome.subject} and outcome.system in layout.systems
        return layout.states.index(outcome.subject[0]) if known else None
    names = layout.subjects[outcome.kind]
    name = _name(outcome)
    return names.index(name) if name in names else None


def unrecorded(outcome: Outcome) -> str:
    """Return why an existing subject of an outcome has no row."""
    if outcome.kind == "query":
        return f"{outcome.subject[0]} has no offer of {outcome.system}"
    reason = _REASONS.get(outcome.kind)
    return f"no {_name(outcome)} is recorded" + (f" ({reason})" if reason else "")


def _name(outcome: Outcome) -> str:
    if outcome.kind == "holding":
        return f"{outcome.subject[0]} {outcome.system}"
    return outcome.row


def _query(outcome: Outcome, layout: Layout) -> int | None:
    """Return the row of a query about consent: the supplier's offer of that system."""
    supplier, recipient = outcome.subject
    for row, (offer, asker) in enumerate(layout.queries):
        at = layout.offers.index(offer)
        named = layout.states[layout.supplier[at]], asker, layout.systems[layout.system[at]]
        if named == (supplier, recipient, outcome.system):
            return row
    return None
