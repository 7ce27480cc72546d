"""Period teller: the events and decisions of one period, in sentences with reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isnan

import numpy as np

from sim.experiments.watch.choices import (
    ANSWER,
    CONCESSION,
    CONSENT,
    EXIT,
    OBJECTION,
    REQUEST,
    RESPONSE,
)  # fmt: skip
from sim.experiments.watch.order_events import ENDED, HANDED_ON, THREATENED
from sim.experiments.watch.recorder import Moment
from sim.experiments.watch.run_events import (
    APPEAL,
    AWAY,
    CAME,
    CONTRIBUTED,
    DECLINED,
    DOWN,
    IMPOSED,
    LOST,
    REGAINED,
    UP,
    VICTORY,
    WAR,
    WITHHELD,
    RunEvent,
)  # fmt: skip
from sim.explain.accountant import Accountant
from sim.explain.attack_reasons import reasons_of_attack
from sim.explain.casebook import Casebook, ChoiceEntry, DecisionEntry
from sim.explain.chronicle import ChronicleEntry, ChronicleReason
from sim.explain.focus import Focus
from sim.explain.halts import HALTS, STOPS, WEIGHTS_OF_HALTS
from sim.explain.impositions import imposed, plural
from sim.explain.leading_reasons import STRONGEST, strongest
from sim.explain.lever_words import withholding
from sim.explain.memberships import DECIDED, JUDGEMENTS, WEIGHT, turn
from sim.explain.parties import ORDER
from sim.explain.vocabulary import TERMS, UNITS
from sim.kernel.arrays import NONE
from sim.kernel.inputs import ASKED
from sim.kernel.words import together
from sim.kernel.world import BLOCKED, REFUSED
from sim.seeing.running_text import possessives, statement
from sim.steps.objections import STOPPED

REFUSAL, BLOCK, SALE = TRADE = "refused", "blocked", "sale"
# weights of entries; of sales by system and result
WEIGHTS: Mapping[str, float] = {
    **WEIGHTS_OF_HALTS, **dict.fromkeys(JUDGEMENTS, WEIGHT),
    EXIT: 100, APPEAL: 80, WAR: 70, VICTORY: 70, LOST: 55, REGAINED: 50, DOWN: 45, IMPOSED: 42,
    UP: 40, WITHHELD: 60, CONTRIBUTED: 25,
}  # fmt: skip
COME_OF_IT = (  # covered by their consequences
    "transfer", "order", "request", "cancel", "suspend", "divert", "incident", "appeal",
    "contribution",
)  # fmt: skip
DEEDS = (  # interventions of events
    "loan", "forgive", "embargo", "sanction", "membership", "exclude", "threat",
)  # fmt: skip
BY_DEGREES = 24.0  # of other numbers that they change
OF_OUTCOMES, STRIKE, HALTED, CONTESTED, DENIED = 60, 30, 35, 15, -10
LARGE, HUGE = 50.0, 1000.0  # million USD at which the value of a sale counts half
BY_VALUE = 5.0
OF_DYAD = 20.0  # of sales between two states that one outcome or event names


@dataclass(frozen=True, kw_only=True, eq=False)
class PeriodTeller:
    """Writes the entries of one period of the first run of a casebook."""

    book: Casebook
    accountant: Accountant
    moment: Moment
    events: Sequence[RunEvent]
    decided: Sequence[DecisionEntry]
    barred: np.ndarray  # (states, blocs): members excluded before it
    focus: Focus

    def told(self) -> Iterator[ChronicleEntry]:
        """Yield all candidate entries, in the order of a period."""
        before: Mapping[str, Callable[[RunEvent], ChronicleEntry | None]] = {
            IMPOSED: self._imposed, WAR: self._war, VICTORY: self._victory, APPEAL: self._appeal,
            WITHHELD: self._withheld,
        }  # fmt: skip
        after = dict.fromkeys((DOWN, UP, EXIT, *JUDGEMENTS), self._step)
        after |= dict.fromkeys(HALTS, self._halt)
        after |= dict.fromkeys((LOST, REGAINED), self._deterrence)
        for each in self.events:
            if each.kind in before and (entry := before[each.kind](each)) is not None:
                yield entry
        yield from (self._sale(each) for each in self.decided if each.kind == ORDER)
        yield from (after[e.kind](e) for e in self.events if e.kind in after and self._own(e))

    def _own(self, event: RunEvent) -> bool:
        """Return whether it is more than the effect of an exclusion, or readmission."""
        where = event.actor, event.bloc
        shut = self.moment.passed.world.shut_out[*where, 0] > 0 or self.barred[where] > 0
        return event.kind not in (DOWN, UP) or not shut

    def _entry(
        self,
        kind: str,
        sentence: str,
        parties: Iterable[str],
        reasons: Sequence[ChronicleReason] = (),
        *,
        weight: float | None = None,
        of: ChoiceEntry | None = None,
        chance: bool = True,
        rivals: Sequence[str] = (),
    ) -> ChronicleEntry:
        parties = list(parties)
        return ChronicleEntry(
            date=self.book.replay.layout.calendar.label(self.moment.period),
            kind=kind,
            sentence=statement(sentence),
            parties=tuple(dict.fromkeys(parties)),
            rivals=tuple(rivals),
            weight=(WEIGHTS[kind] if weight is None else weight)
            * self.focus.share(parties, trade=kind in TRADE),
            reasons=tuple(reasons),
            chance=of.chance if of is not None and chance else None,
            decision="" if of is None else of.id,
        )

    @cached_property
    def _choices(self) -> list[ChoiceEntry]:
        return [each for each in self.decided if isinstance(each, ChoiceEntry)]

    def _name(self, state: int) -> str:
        return self.book.register.state(state)

    def _parties(self, event: RunEvent) -> list[str]:
        layout = self.book.replay.layout
        states = (event.actor, event.against, event.aided)
        keys = [layout.states[state] for state in states if state != NONE]
        return [*keys, *([layout.blocs[event.bloc]] if event.bloc != NONE else [])]

    # interventions of events, wars, appeals

    def _imposed(self, event: RunEvent) -> ChronicleEntry | None:
        """Return the entry of an event of the scenario; None if its consequences cover it."""
        model, layout = self.book.replay.model, self.book.replay.layout
        about = model.events[event.about]
        if about.kind in COME_OF_IT:
            return None
        if about.exclude is not None and self.barred[event.actor, event.bloc] == event.amount:
            return None  # already in force
        sentence = imposed(event, model, layout, self._name)
        once = f" once {about.when.words}" if about.when is not None else ""
        return self._entry(
            IMPOSED,
            f"{sentence}, as set by the scenario{once}.",
            self._parties(event),
            weight=WEIGHTS[IMPOSED] if about.kind in DEEDS else BY_DEGREES,
        )

    def _war(self, event: RunEvent) -> ChronicleEntry:
        both = {event.actor, event.against}
        ended = (e for e in self.events if e.kind == VICTORY and {e.actor, e.against} == both)
        won = next(ended, None)
        sentence = f"{self._name(event.actor)} attacks {self._name(event.against)}"
        if won is not None:
            sentence += " and prevails" if won.actor == event.actor else " and is defeated"
        sentence += "."
        reasons = reasons_of_attack(
            self.moment, self.book.register, event.actor, event.against, gains=True
        )
        return self._entry(WAR, sentence, self._parties(event), reasons)

    def _victory(self, event: RunEvent) -> ChronicleEntry | None:
        """Return the winner of a long war; None if the entry of the attack has it."""
        if isnan(event.amount):
            return None
        winner, loser = self._name(event.actor), self._name(event.against)
        sentence = f"{winner} prevails over {loser} after {event.amount:.3g} years of war."
        return self._entry(VICTORY, sentence, self._parties(event))

    def _appeal(self, event: RunEvent) -> ChronicleEntry:
        layout = self.book.replay.layout
        bloc = layout.blocs[event.bloc]
        asked = [
            e for e in self.events
            if e.kind in (CAME, AWAY) and (e.bloc, e.aided) == (event.bloc, event.actor)
        ]  # fmt: skip
        came, away = ([self._name(e.actor) for e in asked if e.kind == k] for k in (CAME, AWAY))
        foe = f" against {self._name(event.against)}" if event.against != NONE else ""
        parts = [f"{together(who)} {plural(who, verb)}" for who, verb in
                 ((came, "comes"), (away, "stays away")) if who]  # fmt: skip
        end = f": {'; '.join(parts)}" if parts else "; no member is asked"
        sentence = f"{self._name(event.actor)} appeals to {bloc}{foe}{end}."
        answers = [
            e for e in self._choices
            if e.kind == ANSWER and e.parties.keys["bloc"] == bloc
            and e.parties.keys["victim"] == layout.states[event.actor]
        ]  # fmt: skip
        answers.sort(key=lambda each: each.actor != layout.leader[event.bloc])
        of = answers[0] if answers else None
        reasons = [] if of is None else self._reasons(of, yes=bool(of.made))
        parties = [*self._parties(event), *(layout.states[e.actor] for e in asked)]
        return self._entry(APPEAL, sentence, parties, reasons, of=of)

    def _withheld(self, event: RunEvent) -> ChronicleEntry:
        sentence, reasons = withholding(event, self.book.register, self.moment.passed.world)
        return self._entry(WITHHELD, sentence, self._parties(event), reasons)

    # sales

    def _sale(self, entry: DecisionEntry) -> ChronicleEntry:
        log, row = self.moment.passed.world.log, entry.row
        stage = int(log.stage[row, 0])
        mine = [each for each in self._choices if each.request == entry.request]
        objectors = [each for each in mine if each.kind == OBJECTION and each.made]
        keys = entry.parties.keys
        parties = [keys["recipient"], keys["supplier"]]
        parties += [each.parties.keys["actor"] for each in objectors]
        weight = self._weight(entry, float(log.value[row, 0]), contested=bool(objectors))
        if stage == BLOCKED:
            weight += HALTED
            return self._blocked(mine, objectors, parties, weight)
        if stage == REFUSED:
            return self._refused(entry, mine, parties, weight + DENIED)
        amount = f"{float(log.units[row, 0]):,.0f}"
        value = f"{float(log.value[row, 0]):,.0f}"
        words = (
            f"{{recipient}} orders {amount} {{system}} from {{supplier}} for {value} million USD"
        )
        sentence = entry.parties.phrase(words)
        if int(log.forced[row, 0]) != ASKED:
            sentence += ", as set by the scenario"
        elif self.book.of_event(row):
            sentence += "; requested by the scenario"
        if objectors:
            sentence += f"; {self._protest(objectors, mine)}"
        asks = next((each for each in mine if each.kind == REQUEST), None)
        sells = next((each for each in mine if each.kind == CONSENT), None)
        reasons = [] if asks is None else self._reasons(asks, yes=True)[:1]
        if sells is not None:
            reasons += self._reasons(sells, yes=True)[: STRONGEST - len(reasons)]
        return self._entry(
            SALE,
            f"{sentence}.",
            parties,
            reasons,
            weight=weight,
            of=asks or sells,
            rivals=self._rivals(keys["recipient"]) if self._strikes(keys["system"]) else (),
        )

    def _strikes(self, system: str) -> bool:
        layout = self.book.replay.layout
        return bool(layout.is_striker[layout.systems.index(system)])

    def _rivals(self, state: str) -> list[str]:
        layout = self.book.replay.layout
        mine = layout.dyad_from == layout.states.index(state)
        return [layout.states[rival] for rival in layout.dyad_to[mine]]

    def _weight(self, entry: DecisionEntry, value: float, *, contested: bool) -> float:
        keys = entry.parties.keys
        weight = BY_VALUE * value / (value + HUGE) + CONTESTED * contested
        if (keys["supplier"], keys["recipient"], keys["system"]) in self._of_outcomes:
            weight += OF_OUTCOMES
        elif self.focus.has_dyad((keys["recipient"], keys["supplier"])):
            weight += OF_DYAD * value / (value + LARGE)
        if self.book.of_event(entry.row):
            weight += WEIGHTS[IMPOSED]
        return weight + self._strikes(keys["system"]) * STRIKE * value / (value + LARGE)

    @cached_property
    def _of_outcomes(self) -> set[tuple[str | None, ...]]:
        outcomes = self.book.replay.scenario.outcomes
        return {(*each.subject, each.system) for each in outcomes if each.kind == "sale"}

    def _protest(self, objectors: Sequence[ChoiceEntry], mine: Sequence[ChoiceEntry]) -> str:
        names = [each.parties.names["actor"] for each in objectors]
        text = f"{together(names)} {plural(names, 'objects')}"
        done = {0: "lets it pass", 1: "stalls it", 2: "would block it"}
        for each in mine:
            if each.kind == RESPONSE:
                text += f", {each.parties.names['actor']} {done[each.made]}"
        return text

    def _blocked(
        self,
        mine: Sequence[ChoiceEntry],
        objectors: Sequence[ChoiceEntry],
        parties: list[str],
        weight: float,
    ) -> ChronicleEntry:
        blocks = [each for each in mine if each.kind == RESPONSE and each.made == STOPPED]
        leaders = list(dict.fromkeys(each.parties.names["actor"] for each in blocks))
        names = list(dict.fromkeys(each.parties.names["actor"] for each in objectors))
        what = (blocks[0] if blocks else objectors[0]).parties.names["what"]
        if names == leaders:
            sentence = f"{together(names)} objects to {what} and blocks it."
        else:
            sentence = f"{together(leaders)} {plural(leaders, 'blocks')} {what}"
            sentence += f", to which {together(names)} {plural(names, 'objects')}."
        parties += [each.parties.keys["actor"] for each in blocks]
        reasons = self._reasons(blocks[0], yes=True) if blocks else []
        return self._entry(
            BLOCK, sentence, parties, reasons, weight=weight, of=blocks[0] if blocks else None
        )

    def _refused(
        self, entry: DecisionEntry, mine: Sequence[ChoiceEntry], parties: list[str], weight: float
    ) -> ChronicleEntry:
        refusals = [each for each in mine if each.kind == CONSENT and not each.made]
        if not refusals:
            log, row = self.moment.passed.world.log, entry.row
            banning = self.book.opponents(log, row)
            who = together(banning) if banning else ""
            named = {**entry.parties.names, "who": who}
            sentence = possessives(STOPS[int(log.cause[row, 0])].format_map(named))
            return self._entry(REFUSAL, sentence, parties, weight=weight)
        names = [each.parties.names["actor"] for each in refusals]
        what = entry.parties.phrase("{supplier}'s sale of {system} to {recipient}")
        sentence = f"{together(names)} {plural(names, 'refuses')} {what}."
        if names == [entry.parties.names["supplier"]]:
            sentence = entry.parties.phrase("{supplier} refuses to sell {recipient} {system}.")
        parties += [each.parties.keys["actor"] for each in refusals]
        reasons = self._reasons(refusals[0], yes=False)
        return self._entry(REFUSAL, sentence, parties, reasons, weight=weight, of=refusals[0])

    def _halt(self, event: RunEvent) -> ChronicleEntry:
        """Return the entry of an order under way."""
        offer = self.book.replay.layout.offers.index(event.about)
        parties = self.book.register.parties(offer=offer, recipient=event.actor, heir=event.aided)
        names = {**parties.names, "amount": f"{event.amount:,.0f}"}
        sentence = possessives(HALTS[event.kind].format_map(names))
        of = next((e for e in self._choices if e.kind == CONCESSION and e.offer == offer), None)
        of = of if event.kind in (THREATENED, ENDED, HANDED_ON) else None
        reasons = [] if of is None else self._reasons(of, yes=of.made > 0)
        return self._entry(event.kind, f"{sentence}.", self._parties(event), reasons, of=of)

    # blocs and deterrence

    def _step(self, event: RunEvent) -> ChronicleEntry:
        layout = self.book.replay.layout
        state, bloc = layout.states[event.actor], layout.blocs[event.bloc]
        sentence = turn(event.kind, event.amount, self._name(event.actor), bloc)
        mine = {
            each.kind: each for each in self._choices
            if each.parties.keys.get("bloc") == bloc
            and state in (each.parties.keys["actor"], each.parties.keys.get("member"))
        }  # fmt: skip
        decided = mine.get(DECIDED.get(event.kind, ""))
        if decided is not None and (decided.made or event.kind == DECLINED):
            reasons = self._reasons(decided, yes=bool(decided.made))
            return self._entry(event.kind, sentence, self._parties(event), reasons, of=decided)
        if event.kind in JUDGEMENTS:
            return self._entry(event.kind, sentence, self._parties(event))
        reasons = self._reasons(mine[EXIT], yes=event.kind == UP)
        return self._entry(
            event.kind, sentence, self._parties(event), reasons, of=mine[EXIT],
            chance=event.kind == EXIT,
        )  # fmt: skip

    def _deterrence(self, event: RunEvent) -> ChronicleEntry:
        attacker, attacked = self._name(event.against), self._name(event.actor)
        lost = event.kind == LOST
        how = "now promises a gain" if lost else "no longer promises a gain"
        sentence = f"An attack on {attacked} {how} to {attacker}."
        reasons = reasons_of_attack(
            self.moment, self.book.register, event.against, event.actor, gains=lost, ended=True
        )
        return self._entry(event.kind, sentence, self._parties(event), reasons)

    def _reasons(self, entry: ChoiceEntry, *, yes: bool) -> list[ChronicleReason]:
        """Return the strongest reasons for yes or for no; for a request, against the next offer."""
        terms = {name: float(each[entry.row]) for name, each in entry.choices.terms.items()}
        unit = UNITS[entry.kind]
        if entry.kind == REQUEST:
            others = self.accountant.terms_of_next(entry)
            terms = {name: each - others.get(name, 0.0) for name, each in terms.items()}
            unit = f"{unit} compared with the next offer"
        words = {name: entry.parties.phrase(TERMS[entry.kind][name].words) for name in terms}
        return strongest(entry.parties.names["actor"], terms, words, unit, yes=yes)
