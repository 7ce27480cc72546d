"""Situation: from strength to threat, for one state and one rival at a time."""

from __future__ import annotations

import math

from bench.reference.agents import TINY, StateAgent, Theatre, logistic
from bench.reference.facts import Asset, Offer, System

Pair = tuple[str, str]


class Situation:
    """Strength, support, strike, deterrence and threat at present; (i, j) is i towards j."""

    def __init__(self, model: Theatre, neighbour: dict[str, float] | None = None) -> None:
        """Compute all; the strength of the median neighbour may be given."""
        self.model = model
        self.held: dict[str, dict[str, float]] = {}
        self.strength: dict[str, float] = {}
        self.defence: dict[str, float] = {}
        self.launchers: dict[str, float] = {}
        for name, state in model.states.items():
            self._count(name, state)
        self.hits: dict[Pair, dict[str, float]] = {}
        self.reach: dict[Pair, float] = {}
        for pair in model.pairs:
            self.hits[pair], self.reach[pair] = self._fire(*pair)
        self.exposure = {pair: self.destroyed(self.hits[pair]) for pair in model.pairs}
        self.second = {pair: self._second(*pair) for pair in model.pairs}
        self.backing = {pair: self._backing(*pair) for pair in model.pairs}
        self.support = {p: max([0.0, *by.values()]) for p, by in self.backing.items()}
        self.win = {(i, j): self._win(i, j) for i, j in model.pairs}
        self.gain = {(i, j): self._gain(i, j) for i, j in model.pairs}
        self.pressure = dict.fromkeys(model.pairs, 0.0)  # of the gain: what threats add
        self.threat = {(i, j): self._threat(i, j) for i, j in model.pairs}
        self.neighbour = neighbour or {i: self._median(s) for i, s in model.states.items()}
        self.insecurity = {i: self._insecurity(i) for i in model.states}

    def _count(self, name: str, state: StateAgent) -> None:
        """Count one state's arms."""
        model = self.model
        held = dict.fromkeys(model.classes, 0.0)
        defence = launchers = 0.0
        for w, units in state.arsenal.items():
            system = model.systems[w]
            held[system.cls] += units * system.worth
            defence += units * system.worth if system.defence else 0.0
            launchers += units if system.strike else 0.0
        at_home = (1 - state.import_share) * state.spending * model.law.strength.conversion
        arms = 0.0
        for cls, tiv in held.items():
            full = model.classes[cls].satiation
            arms += full * math.log(1 + tiv / full)
        self.held[name], self.defence[name], self.launchers[name] = held, defence, launchers
        self.strength[name] = at_home + arms

    def each(self, system: System, asset: Asset, attacker: str) -> float:
        """Return the hits on an asset by one unit, before defence and allocation."""
        if system.cep <= 0 or system.range < asset.reach[attacker]:
            return 0.0
        charge = (system.payload / self.model.law.strike.charge_scale) ** (2 / 3)
        accuracy = 1 - 2.0 ** -((asset.radius / system.cep) ** 2)
        return system.rounds * system.reliability * charge * accuracy

    def passing(self, defence: float) -> float:
        """Return the share of munitions that an air defence (TIV) lets through."""
        return math.exp(-defence / self.model.law.strike.defence_scale)

    def _fire(self, i: str, j: str) -> tuple[dict[str, float], float]:
        """Return i's hits on each asset of j, and its effective rounds in reach of j."""
        model = self.model
        hits, reach = {}, 0.0
        passing = self.passing(self.defence[j])
        for name, asset in model.assets.items():
            if asset.owner != j:
                continue
            total = 0.0
            for w, units in model.states[i].arsenal.items():
                system = model.systems[w]
                if system.strike and system.range >= asset.reach[i]:
                    total += units * self.each(system, asset, i)
                    reach += units * system.rounds * system.reliability * asset.value
            hits[name] = total * asset.value * passing
        return hits, reach

    def destroyed(self, hits: dict[str, float], share: float = 1.0) -> float:
        """Return the share of asset value lost to a share of these hits."""
        lost = 0.0
        for name, number in hits.items():
            asset = self.model.assets[name]
            lost += asset.value * (1 - math.exp(-number * share / asset.hardness))
        return lost

    def surviving(self, i: str, j: str, more: float = 0.0) -> float:
        """Return the share of i's strike systems that survive j's first strike."""
        incoming = self.reach[j, i]
        if incoming <= 0:
            return 1.0
        needed = self.model.law.counterforce.rounds_needed * (self.launchers[i] + more)
        return 1 - self.model.states[j].find * incoming / (incoming + needed)

    def _second(self, i: str, j: str) -> float:
        return self.destroyed(self.hits[i, j], self.surviving(i, j))

    def _backing(self, i: str, j: str) -> dict[str, float]:
        """Return the support that i can expect against j in each bloc, TIV."""
        found = {}
        for bloc in self.model.blocs.values():
            if not bloc.member[i]:
                continue
            help_ = 0.0
            for k in bloc.members:
                if k not in {i, j}:
                    regard = self.model.states[k].affinity
                    leaning = max(0.0, (regard[i] - bloc.spared(regard[j])) / 2)
                    help_ += bloc.engagement[k] * leaning * self.strength[k]
            bound = bloc.commitment if j in bloc.scope and i in bloc.area else 0.0
            found[bloc.name] = bound * bloc.belief[i] * bloc.engagement[i] * help_
        return found

    def contest(self, own: float, other: float) -> float:
        """Return the chance of a strength to prevail over another."""
        law = self.model.law.contest
        if own + other == 0:
            return 0.5
        if law.form == "RatioContest":
            return own / (own + other)
        if law.form == "DifferenceContest":
            return logistic(law.sharpness * (own - other) / (own + other))
        raise ValueError(law.form)

    def _win(self, i: str, j: str) -> float:
        return self.contest(self.strength[i], self.strength[j] + self.support[j, i])

    def _gain(self, i: str, j: str) -> float:
        """Return i's net gain of attack on j."""
        law = self.model.law.deterrence
        prize = self.model.states[i].rivalry[j] * self.win[i, j]
        now = prize - law.punishment * self.second[j, i] - law.threshold
        if law.form == "Deterrence":
            return now
        if law.form != "PreventiveDeterrence":
            raise ValueError(law.form)
        return now + law.by_shift * self.model.shift[i, j]

    def foresee(self, coming: dict[str, dict[str, float]]) -> None:
        """Compute the loss of attackers by waiting until orders under way are delivered."""
        if self.model.law.deterrence.form == "Deterrence":
            return
        now = {i: dict(state.arsenal) for i, state in self.model.states.items()}
        for i, state in self.model.states.items():
            for w, units in coming[i].items():
                state.arsenal[w] = state.arsenal.get(w, 0.0) + units
        later = Situation(self.model, self.neighbour)
        for i, state in self.model.states.items():
            state.arsenal = now[i]
        for i, j in self.model.pairs:
            law, rivalry = self.model.law.deterrence, self.model.states[i].rivalry[j]
            win = self.contest(later.strength[i], later.strength[j] + self.support[j, i])
            fall = rivalry * (self.win[i, j] - win)
            fall += law.punishment * (later.second[j, i] - self.second[j, i])
            self.model.shift[i, j] = max(fall, 0.0)
        self.gain = {(i, j): self._gain(i, j) for i, j in self.model.pairs}

    def threat_with(self, i: str, j: str, more: dict[str, float]) -> float:
        """Return the threat that i would perceive from j with more units of its own."""
        model, held = self.model, dict(self.held[i])
        defence = launchers = 0.0
        hits = dict(self.hits[i, j])
        for w, units in more.items():
            system = model.systems[w]
            held[system.cls] += units * system.worth
            defence += units * system.worth if system.defence else 0.0
            if system.strike:
                launchers += units
                for name in hits:
                    asset = model.assets[name]
                    fresh = units * self.each(system, asset, i) * asset.value
                    hits[name] += fresh * self.passing(self.defence[j])
        strength = self.strength[i]
        for cls, tiv in held.items():
            full = model.classes[cls].satiation
            strength += full * math.log(1 + tiv / full)
            strength -= full * math.log(1 + self.held[i][cls] / full)
        win = self.contest(self.strength[j], strength + self.support[i, j])
        exposure = self.destroyed(self.hits[j, i], self.passing(defence))
        answered = self.destroyed(hits, self.surviving(i, j, launchers))
        return self.menace(i, j, win, exposure, answered)

    def menace(self, i: str, j: str, win: float, exposure: float, second: float) -> float:
        """Return the threat that i perceives from j, given j's chance, reach and i's answer."""
        law, state = self.model.law.threat, self.model.states[i]
        power = win * math.exp(-state.distance[j] / law.reach)
        if law.form == "BalanceOfPower":
            return power
        if law.form != "BalanceOfThreat":
            raise ValueError(law.form)
        offence = exposure * (1 - second)
        weighed = law.power_weight * power + (1 - law.power_weight) * offence
        return self.model.states[j].rivalry[i] * weighed

    def _threat(self, i: str, j: str) -> float:
        return self.menace(i, j, self.win[j, i], self.exposure[j, i], self.second[i, j])

    def _median(self, state: StateAgent) -> float:
        """Return the strength of a state's median neighbour."""
        ranked = sorted(self.strength[k] for k in state.neighbours)
        return (ranked[(len(ranked) - 1) // 2] + ranked[len(ranked) // 2]) / 2

    def _diffuse(self, i: str, strength: float) -> float:
        near = self.neighbour[i]
        return self.model.law.insecurity.diffuse * near / max(near + strength, TINY)

    def _insecurity(self, i: str) -> float:
        threats = sum(self.threat[i, j] for j in self.model.states[i].rivalry)
        return threats + self._diffuse(i, self.strength[i])

    def insecurity_without(self, i: str, bloc: str) -> float:
        """Return i's insecurity if a bloc did not support any state, all else equal."""
        total = self._diffuse(i, self.strength[i])
        for j in self.model.states[i].rivalry:
            left = [tiv for name, tiv in self.backing[i, j].items() if name != bloc]
            win = self.contest(self.strength[j], self.strength[i] + max([0.0, *left]))
            total += self.menace(i, j, win, self.exposure[j, i], self.second[i, j])
        return total

    def insecurity_after(self, i: str, offer: Offer, bought: float) -> float:
        """Return i's insecurity if so many units of an offer, as good as new, were there today."""
        model = self.model
        system = model.systems[offer.system]
        full = model.classes[system.cls].satiation
        more = full * math.log(1 + bought * system.worth / (full + self.held[i][system.cls]))
        strength = self.strength[i] + more
        total = self._diffuse(i, strength)
        for j in model.states[i].rivalry:
            win = self.contest(self.strength[j], strength + self.support[i, j])
            exposure, second = self.exposure[j, i], self.second[i, j]
            if system.strike:
                second = self._answered(i, j, system, bought)
            elif system.defence:
                exposure = self.destroyed(self.hits[j, i], self.passing(bought * system.worth))
            total += self.menace(i, j, win, exposure, second)
        return total

    def _answered(self, i: str, j: str, system: System, bought: float) -> float:
        """Return i's second strike at j with more units of a strike system."""
        hits = {}
        for name, now in self.hits[i, j].items():
            asset = self.model.assets[name]
            passing = self.passing(self.defence[j])
            hits[name] = now + bought * self.each(system, asset, i) * asset.value * passing
        return self.destroyed(hits, self.surviving(i, j, bought))
