"""Crises: incidents, wars, appeals, and their effects."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bench.reference.agents import TINY, BlocAgent, Theatre, chance, logistic
from bench.reference.happenings import Appeal, Happenings
from bench.reference.situation import Pair, Situation


@dataclass
class War:
    """One war between two rivals."""

    attacker: str
    attacked: str
    winner: str
    intensity: float  # share of the losses that it costs
    pleads: bool  # whether the attacked appeals
    periods: int  # duration
    last: int  # last period, by date
    cut: War | None = None  # earlier war that it cuts short
    rest: float = 0.0  # the part of that war that was still to be fought


def clash(model: Theatre, view: Situation, now: Happenings, heads: set[Pair]) -> list[War]:
    """Return the wars of the period: at most one for each unordered rival dyad.

    `heads` are dyads in which a threat comes to a head.
    """
    law, draws, wars = model.law.crisis, model.draws, []
    for pair, given in now.incidents.items():
        first, second = pair
        address = f"{first}-{second}"
        ongoing = pair in model.wars and model.wars[pair].last >= model.number
        dispute = max(model.states[first].rivalry[second], model.states[second].rivalry[first])
        happens = draws.uniform("incident", address) < chance(law.incidents * dispute, model.dt)
        by_second = given.by_second
        if by_second is None:
            by_second = view.gain[second, first] > view.gain[first, second]
        attacker, attacked = (second, first) if by_second else (first, second)
        odds = law.calculation * view.gain[attacker, attacked]
        happens = happens or bool(heads & {pair, (second, first)})
        clashes = (happens and not ongoing) or given.happens
        war = clashes and draws.uniform("escalation", address) < logistic(odds)
        if given.war is not None:
            war = given.war
        if war:
            won = draws.uniform("victory", address) < view.win[attacker, attacked]
            winner = attacker if won else attacked
            if given.first_wins is not None:
                winner = first if given.first_wins else second
            years = model.law.war.length if given.years is None else given.years
            periods = max(1, round(years / model.dt))
            last = model.number + periods - 1
            size, pleads = given.intensity, given.pleads
            wars.append(War(attacker, attacked, winner, size, pleads, periods, last))
    return wars


def under_way(model: Theatre, wars: list[War]) -> list[War]:
    """Return the wars under way, with those that begin in the period."""
    for war in wars:
        first, second = sorted((war.attacker, war.attacked))
        before = model.wars.get((first, second))
        if before is not None and before.last >= model.number:
            war.cut, war.rest = before, (before.last - model.number + 1) / before.periods
        model.wars[first, second] = war
    return [war for war in model.wars.values() if war.last >= model.number]


def aftermath(model: Theatre, view: Situation, wars: list[War], fought: list[War]) -> None:
    """Wear the arsenals down while wars go on, and embitter both sides as they begin."""
    law = model.law.war
    parts = [(war, 1 / war.periods) for war in fought]
    parts += [(war.cut, war.rest) for war in wars if war.cut is not None]
    for war, part in parts:
        for i in (war.attacker, war.attacked):
            arsenal = model.states[i].arsenal
            foe = war.attacked if i == war.attacker else war.attacker
            loss = law.loss_winner if i == war.winner else law.loss_loser
            for w in arsenal:
                arsenal[w] *= (1 - war.intensity * loss) ** part
                if _reaches(model, i, w, foe):
                    fired = war.intensity * model.systems[w].expended
                    arsenal[w] *= (1 - fired) ** part
    for war in wars:
        for i, j in ((war.attacker, war.attacked), (war.attacked, war.attacker)):
            state = model.states[i]
            bitter = law.bitterness * felt(model, war.intensity)
            state.rivalry[j] += bitter * (1 - state.rivalry[j])
            state.affinity[j] -= bitter * (1 + state.affinity[j])
    _stood_by(model, view, [war for war in wars if not war.pleads])


def felt(model: Theatre, intensity: float) -> float:
    """Return the effect of a war on regard and belief, relative to one of full intensity."""
    return 1 - model.law.war.by_intensity * (1 - intensity)


def _reaches(model: Theatre, i: str, w: str, foe: str) -> bool:
    """Return whether a system of i reaches an asset of a foe."""
    system = model.systems[w]
    return system.strike and any(
        system.cep > 0 and system.range >= asset.reach[i]
        for asset in model.assets.values()
        if asset.owner == foe
    )


def _stood_by(model: Theatre, view: Situation, wars: list[War]) -> None:
    """Let members that fought alone without an appeal judge the bystanders."""
    law, blamed = model.law.war, {}
    for bloc in model.blocs.values():
        for i in sorted({war.attacked for war in wars if bloc.member[war.attacked]}):
            most = max(felt(model, war.intensity) for war in wars if war.attacked == i)
            bloc.belief[i] -= law.unasked * most * law.lesson * bloc.belief[i]
        for war in wars:
            if bloc.member[war.attacked]:
                for k in bloc.members:
                    if k not in {war.attacked, war.attacker}:
                        blame = law.resentment * (law.leader_blame if k == bloc.leader else 1.0)
                        tie = war.attacked, k
                        share = min(blame, 1.0) * duty(
                            model, view, bloc, k, war.attacked, war.attacker
                        )
                        share *= law.unasked * felt(model, war.intensity)
                        blamed[tie] = max(blamed.get(tie, 0.0), share)
    for (i, k), share in blamed.items():
        model.states[i].affinity[k] -= share * (1 + model.states[i].affinity[k])


def appeals(model: Theatre, view: Situation, wars: list[War], now: Happenings) -> list[Appeal]:
    """Return the appeals: by the most threatened of the members attacked, and by events."""
    found = []
    attacks: dict[str, list[Pair]] = {name: [] for name in model.blocs}
    size: dict[Pair, float] = {}
    for war in wars:
        for name, bloc in model.blocs.items():
            if bloc.member[war.attacked] and war.pleads and not bloc.shut_out[war.attacked]:
                attacks[name].append((war.attacked, war.attacker))
                size[war.attacked, war.attacker] = felt(model, war.intensity)
    for name, pairs in attacks.items():
        if pairs:
            victim, attacker = max(sorted(pairs), key=view.threat.__getitem__)
            address, teaches = ("answer", name), size[victim, attacker]
            found.append(Appeal(victim, name, attacker, None, address, teaches))
    return found + [each for each in now.appeals if model.blocs[each.bloc].member[each.victim]]


def strain(model: Theatre, fought: list[War]) -> None:
    """Let wars under way tie down their parties."""
    for name, state in model.states.items():
        state.strain *= math.exp(-model.dt / model.law.war.duration)
        for war in fought:
            if name in {war.attacker, war.attacked}:
                state.strain = max(state.strain, war.intensity)


Heard = tuple[Appeal, float]  # an appeal and the bloc's answer


def answer(model: Theatre, view: Situation, made: list[Appeal]) -> list[Heard]:
    """Let members answer the appeals, by the world before them; return the blocs' answers."""
    heard: list[Heard] = []
    answers = [_came(model, view, appeal) for appeal in made]
    for appeal, came in zip(made, answers, strict=True):
        bloc = model.blocs[appeal.bloc]
        total = _of_bloc(view, bloc, appeal, came)
        heard.append((appeal, total))
        law, regard = model.law.war, model.states[appeal.victim].affinity
        for k in bloc.members:
            if k == appeal.attacker:
                continue
            pace = law.lesson if k == appeal.victim else law.example
            bloc.belief[k] += pace * appeal.felt * (total - bloc.belief[k])
        for k, how_far in came.items():
            blame = law.resentment * (law.leader_blame if k == bloc.leader else 1.0)
            blame = min(blame, 1.0) * duty(model, view, bloc, k, appeal.victim, appeal.attacker)
            up = law.gratitude * how_far * (1 - regard[k])
            down = blame * (1 - how_far) * (1 + regard[k])
            regard[k] = min(max(regard[k] + appeal.felt * (up - down), -1.0), 1.0)
    return heard


Against = tuple[float, float, float]  # a foe: regard for it, its share of strength, the stake


def covered(bloc: BlocAgent, i: str, foe: str | None) -> bool:
    """Return whether a treaty names the case: an attack on i by a state outside the bloc."""
    within = i in bloc.area and foe in bloc.scope
    return foe is not None and within and not bloc.member[foe]


def duty(
    model: Theatre, view: Situation, bloc: BlocAgent, k: str, victim: str, attacker: str | None
) -> float:
    """Return the share of the blame that falls on a member that does not come."""
    if model.law.war.form == "War":
        return 1.0
    if model.law.war.form != "WarOfDuty":
        raise ValueError(model.law.war.form)
    if not covered(bloc, victim, attacker):
        return 0.0
    return (
        bloc.commitment * view.strength[k] / max(view.strength[k] + view.strength[attacker], TINY)
    )


def odds_of_coming(
    model: Theatre,
    bloc: BlocAgent,
    k: str,
    regard: float,
    against: Against | None,
    *,
    bound: bool,
) -> float:
    """Return the log odds that k comes."""
    law = model.law.answer
    if hasattr(law, "reliability"):
        return math.log(law.reliability / (1 - law.reliability))
    odds = law.base + law.by_engagement * bloc.engagement[k]
    odds -= law.by_war * model.states[k].strain
    if bound:
        odds += law.by_commitment * bloc.commitment
    odds += law.by_regard * regard
    if against is not None:
        odds -= law.by_regard * against[0] + law.by_strength * against[1]
        odds -= law.by_stake * against[2]
    return odds


def stake(model: Theatre, k: str, foe: str) -> float:
    """Return the yearly sales of k to a foe, as the foe remembers them, in years of k's budget."""
    buyer = model.states[foe]
    return buyer.recent_value[k] / model.law.precedent.memory / buyer.measure


def _came(model: Theatre, view: Situation, appeal: Appeal) -> dict[str, float]:
    """Return how far each member asked comes, 0 to 1."""
    bloc, came = model.blocs[appeal.bloc], {}
    for k in bloc.members:
        if k in {appeal.victim, appeal.attacker} or bloc.shut_out[k]:
            continue
        if appeal.answer is not None:
            came[k] = appeal.answer
            continue
        regard, against = model.states[k].affinity, None
        if appeal.attacker is not None:
            foe = view.strength[appeal.attacker]
            share = foe / max(foe + view.strength[k], TINY)
            against = (
                bloc.spared(regard[appeal.attacker]),
                share,
                stake(model, k, appeal.attacker),
            )
        bound = covered(bloc, appeal.victim, appeal.attacker)
        odds = odds_of_coming(model, bloc, k, regard[appeal.victim], against, bound=bound)
        came[k] = float(model.draws.uniform(*appeal.address, k) < logistic(odds))
    return came


def _of_bloc(view: Situation, bloc: BlocAgent, appeal: Appeal, came: dict[str, float]) -> float:
    """Return the bloc's answer: that of history, or that of leader and members."""
    if appeal.answer is not None:
        return appeal.answer
    return answer_of(view, bloc, {appeal.victim, appeal.attacker}, came)


def answer_of(
    view: Situation, bloc: BlocAgent, parties: set[str | None], came: dict[str, float]
) -> float:
    """Return the bloc's answer: the leader's by its weight, and that of all asked by strength."""
    weight = sum(view.strength[k] for k in came)
    mean = sum(view.strength[k] * how_far for k, how_far in came.items()) / max(weight, 1e-9)
    silent = bloc.leader in parties or not bloc.member[bloc.leader]
    voice = 0.0 if silent else bloc.model.law.appeal.leader_voice
    return voice * came.get(bloc.leader, 0.0) + (1 - voice) * mean
