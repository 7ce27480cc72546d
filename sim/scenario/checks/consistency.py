"""Third layer of checks: entities, laws and events fit together, within one document."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.documents.leaves import Number, range_of, value_of
from sim.documents.nodes import DottedPath, Steps
from sim.documents.tree import fields_of
from sim.kernel.dates import SWAP, WITHIN, Calendar, last_month, months
from sim.kernel.rules import FORMER, ROLES, parameters_in, rules_in_force
from sim.kernel.words import either, meant, number, quoted
from sim.scenario.checks.conflicts import check_conflicts
from sim.scenario.checks.inspection import Inspection
from sim.scenario.checks.provenance import check_provenance
from sim.scenario.paths import NumberPath, number_paths
from sim.scenario.schema.bloc import Bloc
from sim.scenario.schema.dealings import DebtRelief, Loan
from sim.scenario.schema.events import (
    SETTABLE,
    AffinityMove,
    Event,
    ForcedOrder,
    RivalryMove,
    SaleRequest,
    Setting,
    SponsorChange,
    Transfer,
)
from sim.scenario.schema.root import Model

_OF_MEMBERS = (
    "engagement", "belief", "rent", "grievance", "credit_lines", "credit_amounts", "credit_until",
    "preferences", "credits", "history",
)  # fmt: skip
_TOLERANCE = 1e-6
MOST_STEPS = 10**12  # runs x states x periods
_FEWEST = 2  # states of a world
_TOWARD = {
    "rivalries": "with",
    "trade": "with",
    "affinities": "toward",
    "imports": "from",
    "refusals": "by",
}


def check_fit(check: Inspection, model: Model) -> None:
    """Note every block that contradicts itself or another block."""
    _time(check, model)
    _size(check, model)
    _states(check, model)
    _blocs(check, model)
    _assets(check, model)
    _debts(check, model)
    check_provenance(check, model)


def _time(check: Inspection, model: Model) -> None:
    if check.holds(("time",)) and months(model.time.end) < months(model.time.start):
        message = f"ends before it starts: {model.time.start} to {model.time.end}: {SWAP}"
        check.wrong(("time", "end"), message)


def _size(check: Inspection, model: Model) -> None:
    """Note a scenario that is too large to run on any machine."""
    calendar = calendar_of(check, model)
    if calendar is None:
        return
    size = model.runs * len(model.states) * len(calendar)
    if size > MOST_STEPS:
        message = (
            f"{model.runs:,} runs of {len(model.states)} states over {len(calendar):,} periods are "
            f"{size:.2g} state-periods; at most {MOST_STEPS:.0e}: use fewer runs or longer periods"
        )
        check.wrong(("runs",), message)


def _states(check: Inspection, model: Model) -> None:
    """Note a world of one state, and states named as their own neighbour, friend or supplier."""
    if len(check.names("state")) < _FEWEST:
        check.wrong(("states",), "needs at least two states", key=True)
    for name, state in model.states.items():
        if name in state.neighbours:
            check.wrong(("states", name, "neighbours"), f"{name} cannot be its own neighbour")
    for block, key in _TOWARD.items():
        node = check.node(block)
        for own, entry in node.items() if node is not None else ():
            others = entry.child(key)
            if check.holds((block, own)) and others is not None and own in others.value:
                steps = (block, own, key, own)
                check.wrong(steps, "is the state itself: remove the entry", key=True)


def check_differ(check: Inspection, steps: Steps, **states: str) -> None:
    """Note a problem if two states that have to differ do not."""
    (what, first), (other, second) = states.items()
    if first == second:
        check.wrong((*steps, what), f"{what} and {other} are both {first}")


def _blocs(check: Inspection, model: Model) -> None:
    """Note leaders that are not members, and numbers about states that are not members."""
    states = check.names("state")
    for name, bloc in model.blocs.items():
        members = frozenset(bloc.members)
        if not members <= states:
            continue  # the missing member may be the one whose name is misspelt
        if bloc.leader not in members and bloc.leader in states:
            message = f"the leader {bloc.leader} is not a member: add it to members"
            check.wrong(("blocs", name, "leader"), message)
        for each in set(bloc.candidates) & members:
            message = f"{each} is already a member: candidates are states that may join later"
            check.wrong(("blocs", name, "candidates"), message)
        _frozen(check, name, bloc, states)
        for each in {*(bloc.area or ())} & states - eligible_in(model, name):
            hint = meant(each, members)
            message = f"{each} is not a member of {name}, and may not become one{hint}"
            check.wrong(("blocs", name, "area"), message)
        for key in _OF_MEMBERS:
            node = check.node("blocs", name, key)
            for state, _ in node.items() if node is not None else ():
                if state in states and state not in members:
                    hint = meant(str(state), members)
                    message = f"{state} is not a member of {name}{hint}"
                    check.wrong(("blocs", name, key, state), message, key=True)


def _frozen(check: Inspection, name: str, bloc: Bloc, states: frozenset[str]) -> None:
    """Note a leader, or a state that is not a member, listed as having frozen its membership."""
    for each in sorted({*bloc.frozen} & states):
        steps = ("blocs", name, "frozen")
        if each == bloc.leader:
            check.wrong(steps, f"{each} leads {name}: a leader cannot freeze its membership")
        elif each not in bloc.members:
            check.wrong(steps, f"{each} is not a member of {name}{meant(each, {*bloc.members})}")


def eligible_in(model: Model, bloc: str) -> set[str]:
    """Return the members of a bloc, its candidates, and the states that events let join."""
    joins = (each.membership for each in model.events.values() if each.membership is not None)
    by_event = {each.state for each in joins if each.member and each.bloc == bloc}
    return {*model.blocs[bloc].members, *model.blocs[bloc].candidates} | by_event


def _assets(check: Inspection, model: Model) -> None:
    """Note states whose assets do not sum to 1."""
    owners: dict[str, list[str]] = {}
    for name, asset in model.assets.items():
        owners.setdefault(asset.owner, []).append(name)
        if asset.owner in asset.distance:
            message = f"{asset.owner} owns the asset: give distances from attackers only"
            check.wrong(("assets", name, "distance", asset.owner), message, key=True)
    if not check.intact("assets") or not owners.keys() <= check.names("state"):
        return  # the sums may lack blocks that were left out, or that name a misspelt owner
    for owner, names in owners.items():
        total = math.fsum(value_of(model.assets[name].value) for name in names)
        if abs(total - 1) > _TOLERANCE:
            listed = ", ".join(names)
            message = f"the values of {owner}'s assets ({listed}) sum to {number(total)}, not to 1"
            check.wrong(("assets", names[0], "value"), message)


def _debts(check: Inspection, model: Model) -> None:
    for name, debt in model.debts.items():
        check_differ(check, ("debts", name), debtor=debt.debtor, creditor=debt.creditor)
        arrears, amount = value_of(debt.arrears), value_of(debt.amount)
        if arrears > amount:
            message = f"arrears of {number(arrears)} exceed the debt of {number(amount)}"
            check.wrong(("debts", name, "arrears"), message)


def check_rules(check: Inspection, model: Model) -> None:
    """Note roles and variants of laws that do not exist; then look at the laws' parameters."""
    for role, variant in model.rules.items():
        if role not in ROLES:
            check.wrong(("rules", role), f"no role {quoted(role)}{meant(role, ROLES)}", key=True)
        elif variant not in ROLES[role]:
            hint = meant(variant, ROLES[role]) or f" (known: {', '.join(ROLES[role])})"
            hint = _former(role, variant) or hint
            check.wrong(("rules", role), f"no variant {quoted(variant)} of {role}{hint}")
    in_force = rules_in_force(model.rules)
    for role, values in model.laws.items():
        if role not in ROLES:
            check.wrong(("laws", role), f"no role {quoted(role)}{meant(role, ROLES)}", key=True)
        elif not rule_astray(model, role):
            _parameters(check, role, in_force[role], values)


def rule_astray(model: Model, role: str) -> bool:
    """Return whether the scenario's choice of a rule for a role may be among those at fault."""
    return any(
        name not in ROLES or (name == role and variant not in ROLES[name])
        for name, variant in model.rules.items()
    )


def _former(role: str, name: str) -> str:
    """Return the replacement of a former variant or parameter; empty if there was none."""
    return f" any more: {FORMER[role, name]}" if (role, name) in FORMER else ""


def _parameters(check: Inspection, role: str, variant: str, values: Mapping[str, Number]) -> None:
    """Note parameters that the rule in force does not have, and values out of their bounds."""
    own = parameters_in(role, variant)
    for name, value in values.items():
        steps = ("laws", role, name)
        if name in own:
            part, fault = range_of(own[name]).fault(value)
            if fault:
                check.wrong((*steps, part) if part else steps, fault)
            continue
        hint = meant(name, own) or f" (known: {', '.join(own) or 'none'})"
        hint = _former(role, name) or hint
        message = f"the rule in force, {variant}, has no parameter {quoted(name)}{hint}"
        check.wrong(steps, message, key=True)


_SETTABLE = ("states", "blocs", "offers", "laws")


def calendar_of(check: Inspection, model: Model) -> Calendar | None:
    """Return the scenario's calendar, if its time makes sense."""
    if not check.holds(("time",)):
        return None
    calendar = Calendar.between(model.time.start, model.time.end, model.time.period)
    return calendar if calendar.first <= calendar.last else None


def check_events(check: Inspection, model: Model) -> None:
    """Note events outside the span, without an offer, on a state and itself, or in conflict."""
    calendar = calendar_of(check, model)
    paths = number_paths(model) if any(e.set_ for e in model.events.values()) else {}
    for name, event in model.events.items():
        if (
            calendar is not None
            and event.at is not None
            and not 0 <= calendar.index(event.at) < len(calendar)
        ):
            message = f"{event.at} lies outside {model.time.start} to {model.time.end}: {WITHIN}"
            check.wrong(("events", name, "at"), message)
        _sides(check, name, event)
        _length(check, name, event)
        _offer(check, model, name, event)
        _exclusion(check, model, name, event)
        _call(check, model, name, event)
        _appeal(check, model, name, event)
        if event.set_ is not None:
            _setting(check, model, paths, name, event.set_)
    if calendar is not None:
        check_conflicts(check, model, calendar)


def _sides(check: Inspection, name: str, event: Event) -> None:
    steps, action = ("events", name, event.kind), event.action
    if isinstance(action, Transfer | ForcedOrder | SaleRequest):
        check_differ(check, steps, supplier=action.supplier, recipient=action.recipient)
    elif isinstance(action, Loan):
        check_differ(check, steps, lender=action.lender, borrower=action.borrower)
    elif isinstance(action, DebtRelief):
        check_differ(check, steps, creditor=action.creditor, debtor=action.debtor)
    elif isinstance(action, SponsorChange):
        check_differ(check, steps, sponsor=action.sponsor, client=action.client)
    elif isinstance(action, RivalryMove | AffinityMove) and action.state == action.toward:
        check.wrong((*steps, "toward"), "is the state itself")


def _length(check: Inspection, name: str, event: Event) -> None:
    until = event.incident.until if event.incident is not None else None
    if until is not None and event.at is not None and last_month(until) < months(event.at):
        message = f"ends before it begins: {event.at} to {until}: {SWAP}"
        check.wrong(("events", name, "incident", "until"), message)


def _exclusion(check: Inspection, model: Model, name: str, event: Event) -> None:
    """Note an exclusion of the bloc's leader, or of a state that is never a member."""
    about = event.exclude
    bloc = model.blocs.get(about.bloc) if about is not None else None
    if about is None or bloc is None or about.state not in check.names("state"):
        return
    steps = ("events", name, "exclude", "state")
    may_be = eligible_in(model, about.bloc)
    if about.state == bloc.leader:
        check.wrong(steps, f"{about.state} leads {about.bloc}: a leader cannot be excluded")
    elif about.state not in may_be:
        hint = meant(about.state, may_be)
        check.wrong(steps, f"{about.state} is not a member of {about.bloc}{hint}")


def _call(check: Inspection, model: Model, name: str, event: Event) -> None:
    """Note a call on the leader, on states that are never members, on none, or against itself."""
    call = event.contribution
    bloc = model.blocs.get(call.bloc) if call is not None else None
    states = check.names("state")
    if call is None or bloc is None or not {bloc.leader, *bloc.members} <= states:
        return
    steps, may_be = ("events", name, "contribution"), eligible_in(model, call.bloc)
    for each in call.of or ():
        if each == bloc.leader:
            check.wrong((*steps, "of"), f"{each} leads {call.bloc}: it asks the others")
        elif each in states - may_be:
            message = f"{each} is not a member of {call.bloc}{meant(each, may_be)}"
            check.wrong((*steps, "of"), message)
        elif each == call.against:
            check.wrong(
                (*steps, "against"),
                f"{each} is itself asked: name another state",
            )
    if not may_be - {bloc.leader}:
        message = f"{call.bloc} has no members besides its leader, {bloc.leader}"
        check.wrong((*steps, "bloc"), message)


def _appeal(check: Inspection, model: Model, name: str, event: Event) -> None:
    """Note an appeal by a state that is never a member, or against itself."""
    about, states = event.appeal, check.names("state")
    bloc = model.blocs.get(about.bloc) if about is not None else None
    if about is None or bloc is None or about.state not in states:
        return
    steps = ("events", name, "appeal")
    if about.attacker is not None:
        check_differ(check, steps, attacker=about.attacker, state=about.state)
    if {*bloc.members} <= states and about.state not in eligible_in(model, about.bloc):
        message = (
            f"{about.state} is not a member of {about.bloc}, and may not become one: only members "
            "can appeal (list it under candidates, or add an event `membership`)"
        )
        check.wrong((*steps, "state"), message)


def _offer(check: Inspection, model: Model, name: str, event: Event) -> None:
    action = event.action
    if not isinstance(action, ForcedOrder | SaleRequest):
        return
    if not check.intact("offers"):
        return  # the offer may be among those left out
    states, systems = check.names("state"), check.names("system")
    known = action.system in systems and action.supplier in states
    theirs = {offer.system for offer in model.offers.values() if offer.supplier == action.supplier}
    offered = any(  # made by this offer, or by one with a misspelt name that may be it
        offer.supplier not in {*states} - {action.supplier}
        and offer.system not in {*systems} - {action.system}
        for offer in model.offers.values()
    )
    if known and not offered and action.supplier != action.recipient:
        hint = meant(action.system, theirs & systems) or ": add one to offers"
        message = f"{action.supplier} has no offer of {quoted(action.system)}{hint}"
        check.wrong(("events", name, event.kind, "system"), message)


def _initial(model: Model, path: DottedPath) -> bool:
    variant = rules_in_force(model.rules)[path.entry]
    return parameters_in(path.entry, variant)[path.key].initial


def _may_be_set(block: str) -> str:
    """Return the keys of a block that an event may set, or the blocks that have such keys."""
    keys = [DottedPath(form).key for form in SETTABLE if DottedPath(form).block == block]
    if not keys:
        return f"an event may only set numbers of {either(_SETTABLE)}"
    return f"in {block} an event may only set {either(keys)}"


def _setting(
    check: Inspection, model: Model, paths: dict[str, NumberPath], name: str, setting: Setting
) -> None:
    """Note a path that names no number or a fixed one, or a value outside its bounds."""
    steps, path = ("events", name, "set"), setting.path
    stays = path.block not in _SETTABLE and path.block in fields_of(Model) and "." in path
    if path not in paths and not stays:
        if check.intact(path.block) and not (path.of_law and rule_astray(model, path.entry)):
            near = meant(path, (each for each in paths if DottedPath(each).block in _SETTABLE))
            message = f"no number {quoted(path)} of states, blocs, offers or laws{near}"
            check.wrong((*steps, "path"), message)
    elif stays or not (path.of_law or setting.form in SETTABLE):
        message = f"cannot change during a run: {_may_be_set(path.block)}"
        check.wrong((*steps, "path"), message)
    elif path.of_law and _initial(model, path):
        message = "is used only at the start: an event cannot change it"
        check.wrong((*steps, "path"), message)
    else:
        part, fault = paths[path].leaf.fault(setting.value)
        if fault:
            check.wrong((*steps, "value", part) if part else (*steps, "value"), fault)
