"""Mechanisms: what of the theory can be switched off, and the numbers at which it is.

`blocsim ablate` runs a scenario with each of them off, and with each alone. A path of `*` names the
number of every entry of its block. What is off at no number within bounds says so (`beyond`): no
scenario can set that number. A mechanism may be a rule, too, which is off under another form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from sim.documents.leaves import Uncertain
from sim.scenario.paths import NumberPath


@dataclass(frozen=True, kw_only=True)
class Mechanism:
    """A part of the theory that can be switched off."""

    name: str
    text: str  # what it does, in a line
    source: str  # a key of docs/references.bib, or assumed
    off: Mapping[str, float] = field(default_factory=dict)  # path -> number at which it is off
    rules: Mapping[str, str] = field(default_factory=dict)  # role -> form without it
    only: Mapping[str, str] = field(default_factory=dict)  # role -> the one form with it
    asks: str = ""  # path of facts without which, or at 0, it has nothing to act on
    beyond: bool = False  # whether a number lies outside its bounds

    def paths(self, known: Iterable[str]) -> dict[str, float]:
        """Return the numbers at which it is off, by path, of the paths that are known."""
        return {
            path: value
            for path in known
            for pattern, value in self.off.items()
            if path == pattern or ("*" in pattern and _named(path, pattern))
        }

    @property
    def switch(self) -> str:
        """Return what switches it off, in a line: PATH=NUMBER, rules.ROLE=FORM."""
        numbers = [f"{path}={value:g}" for path, value in self.off.items()]
        return " ".join([*numbers, *(f"rules.{role}={form}" for role, form in self.rules.items())])

    def is_on(self, known: Mapping[str, NumberPath], rules: Mapping[str, str]) -> bool:
        """Return whether it does anything in a model of such numbers and rules in force."""
        facts = (known[path].value for path in known if _named(path, self.asks))
        lacking = bool(self.asks) and not any(facts)
        if lacking or any(rules[role] != rule for role, rule in self.only.items()):
            return False
        return any(rules[role] != rule for role, rule in self.rules.items()) or any(
            isinstance(known[path].value, Uncertain) or known[path].value != value
            for path, value in self.paths(known).items()
        )


def _named(path: str, pattern: str) -> bool:
    """Return whether a pattern with `*` names a path, step by step."""
    steps, names = path.split("."), pattern.split(".")
    return len(steps) == len(names) and all(map(fnmatchcase, steps, names))


def _law(
    name: str, path: str, text: str, source: str, off: float = 0.0, asks: str = ""
) -> Mechanism:
    """Return a mechanism that a parameter of a law switches off."""
    return Mechanism(name=name, text=text, source=source, off={f"laws.{path}": off}, asks=asks)


SALES = (
    _law("norm", "restraint.norm_weight",
         "A bloc's norm keeps members from arming a fellow member's rival.", "snyder1984"),
    _law("friends", "restraint.friends_weight",
         "Harm to friends outside common blocs keeps a state from selling.", "snyder1984"),
    Mechanism(
        name="precedent", source="finnemore1998", off={"laws.precedent.memory": 1e-9}, beyond=True,
        text="Deliveries to members' rivals wear the norm down; off, none is remembered.",
    ),
    _law("profit", "consent.by_margin",
         "The larger the sale for the supplier, the readier it consents.", "assumed"),
    _law("regard_in_consent", "consent.by_affinity",
         "A supplier consents more readily for a buyer that it regards.", "assumed"),
    _law("debts_oblige", "consent.by_leverage",
         "A debtor consents more readily to its creditor.", "hirschman1945"),
    _law("seller_at_war", "consent.by_war",
         "A supplier at war sells less.", "assumed"),
    _law("entrapment", "consent.by_entrapment",
         "A patron withholds arms that attack, lest its client's quarrels draw it in.",
         "snyder1984"),
    Mechanism(
        name="own_dispute", source="snyder1984", off={"laws.consent.by_dispute": 0.0}, beyond=True,
        text="A dispute of its own with the buyer keeps a state from selling.",
    ),
    Mechanism(
        name="objection", source="snyder1984", beyond=True,
        off={"laws.objection.objection_constant": -1000.0},
        text="Harmed members protest, and the leader may stall or block; off, nobody protests.",
    ),
    Mechanism(
        name="blocking", source="snyder1984", beyond=True,
        off={"laws.objection.block_constant": -1000.0},
        text="The leader may block what members protest against.",
    ),
    _law("stalling", "objection.stall_years",
         "The leader may delay what members protest against.", "assumed"),
    _law("friends_by_offence", "restraint.friends_by_offence",
         "Friends, too, count arms that defend less than arms that attack.", "jervis1978"),
    Mechanism(
        name="rivals_within", source="krebs1999", off={"blocs.*.inside": 1.0},
        text="Arms for a fellow member harm those who are at odds with it less, in their bloc.",
    ),
)  # fmt: skip

PURCHASES = (
    _law("regard_in_choice", "procurement.by_affinity",
         "Buyers prefer suppliers that they regard.", "assumed"),
    _law("reputation", "procurement.by_reputation",
         "Buyers prefer suppliers with a record of quality.", "assumed"),
    _law("familiarity", "procurement.by_familiarity",
         "Buyers prefer suppliers of what they have.", "kinsella1998"),
    _law("refusals_remembered", "procurement.by_refusal",
         "A buyer does not ask a supplier that has just refused.", "assumed"),
    _law("repair", "quality.repaired",
         "What is withdrawn for its defects is repaired, and returns.", "assumed"),
    _law("suppliers_of_rivals", "procurement.by_risk",
         "Buyers shun suppliers that arm their rivals, or have stopped deliveries.", "kinne2016"),
    Mechanism(
        name="new_suppliers", source="lebacher2021", off={"laws.procurement.approach": 20.0},
        text="Of suppliers that it does not know a buyer looks at few, by regard and legacy.",
    ),
    _law("new_by_regard", "procurement.by_regard",
         "Mutual regard makes a state look at a supplier that it has not bought from.",
         "lebacher2021"),
    _law("new_by_legacy", "procurement.by_legacy",
         "An arsenal of a supplier's kind makes a state look at that supplier.", "lebacher2021"),
    Mechanism(
        name="not_now", source="hanemann1984", off={"laws.procurement.reserve": -20.0},
        text="A buyer that finds nothing as good as its money's best use buys nothing for now.",
    ),
    _law("saving_up", "procurement.by_purse",
         "Buyers go to market the oftener, the more they can serve.", "caballeroengel1999"),
    Mechanism(
        name="credit_ceiling", source="assumed", off={"laws.procurement.lending": 50.0},
        text="Credits for arms end at some years of budget; beyond, orders are paid in cash.",
    ),
    Mechanism(
        name="largest_order", source="assumed", off={"laws.procurement.largest": 50.0},
        text="An order is of some years of budget at most.",
    ),
    _law("leverage", "procurement.by_leverage",
         "A buyer heeds what others would withhold, should it buy what they object to.",
         "drezner1999",
         asks="leverage.*.resolve"),
    _law("second_source", "procurement.by_spread",
         "A buyer that depends on one supplier looks for another.", "assumed"),
    _law("offsets", "contract.by_offset",
         "What a supplier spends in the buyer's country makes its price count as less.",
         "brauer2004",
         asks="offers.*.offset"),
    Mechanism(
        name="custom", source="snyder1984", off={"blocs.*.custom": 0.0},
        text="Who buys from fellow members' rivals offends them: they object, and it foresees it.",
    ),
    _law("custom_in_regard", "affinity.by_custom",
         "Purchases from fellow members' rivals lower their regard.", "morrow1991",
         asks="blocs.*.custom"),
    _law("custom_foreseen", "procurement.by_custom",
         "Buyers foresee what fellow members would say.", "snyder1984",
         asks="blocs.*.custom"),
    Mechanism(
        name="defects", source="assumed", off={"offers.*.defect": 0.0},
        text="Some of what is delivered is defective, is withdrawn, and costs its makers a name.",
    ),
)  # fmt: skip

MONEY = (
    Mechanism(
        name="discount", source="olson1966",
        off={"blocs.*.preference": 0.0, "blocs.*.preferences.*": 0.0},
        text="The leader sells to members below price.",
    ),
    Mechanism(
        name="credit", source="tass2017credit",
        off={
            "blocs.*.credit": 0.0, "blocs.*.credits.*": 0.0, "blocs.*.credit_lines.*": 0.0,
            "offers.*.credit": 0.0,
        },
        text="A leader sells to members, and some suppliers to anyone, on credit.",
    ),
    _law("payment_on_delivery", "contract.on_account",
         "What a buyer cannot pay for stays with the supplier, in part or in whole.", "assumed",
         1.0),
    _law("late_deliveries", "contract.late",
         "A supplier that is bound by wars of its own delivers late.", "assumed"),
    _law("late_remembered", "contract.slight",
         "Who waits for a supplier's wars remembers it like a refusal.", "assumed"),
    Mechanism(
        name="grants", source="olson1966", off={"grants.*.yearly": 0.0, "grants.*.total": 0.0},
        text="What a leader gives members without return counts as its terms do.",
    ),
    Mechanism(
        name="adaptive_terms", source="olson1966", rules={"patronage": "fixed"},
        text="The leader grants better terms where engagement is missing.",
    ),
    Mechanism(
        name="budgets_respond", source="richardson1960", rules={"budget": "fixed"},
        text="Budgets answer threat and lost faith in aid.",
    ),
    _law("sanctions", "commerce.worth",
         "Trade that is cut costs both sides output, and embitters who is hit.", "frankel1999",
         asks="trade.*.with.*"),
    _law("detours", "commerce.elsewhere",
         "Cut trade finds other ways, through third states.", "early2015",
         asks="trade.*.with.*"),
    _law("forfeit", "leverage.forfeit",
         "Terms end with a holder that withholds.", "hirschman1945",
         asks="leverage.*.resolve"),
    _law("faith_in_budgets", "budget.by_faith",
         "Faith in aid takes the place of arms of one's own.", "morrow1993"),
    Mechanism(
        name="rescue_loans", source="mcfadden1974", off={"laws.finance.base": -1000.0},
        beyond=True, text="A third state lends to one in arrears, and gains its regard and a say.",
    ),
)  # fmt: skip

REGARD = (
    _law("supply_in_regard", "affinity.by_supply", "Deliveries raise regard.", "assumed"),
    _law("purchase_in_regard", "affinity.by_purchase",
         "Purchases raise the supplier's regard for the buyer.", "assumed"),
    _law("betrayal", "affinity.by_betrayal", "Arms for a rival lower regard.", "johnson2019"),
    _law("fellow_betrayal", "affinity.fellow",
         "Harm by a fellow member of a bloc lowers regard more.", "assumed", 1.0),
    _law("grudge", "affinity.grudge",
         "Harm is forgotten more slowly than favours are.", "johnson2019", 1.0),
    _law("sanctions_resented", "commerce.as_harm",
         "What a sanction takes counts as arms for a rival do.", "drezner1999",
         asks="trade.*.with.*"),
    _law("withholding_resented", "leverage.hurt",
         "Who withholds what it had said loses regard.", "drezner1999",
         asks="leverage.*.resolve"),
    Mechanism(
        name="habit", source="kahneman1979", rules={"harm": "whole"},
        text="Arms for a rival harm as far as they are more than usual, and less who depends.",
    ),
    Mechanism(
        name="slights", source="hirschman1945", rules={"slight": "none"},
        text="Refusals, embargoes, late deliveries and debts that press embitter customers.",
    ),
    _law("balance", "affinity.balance",
         "Friends of friends become friends (structural balance).", "heider1946"),
)  # fmt: skip

BLOCS = (
    _law("protection", "engagement.by_protection",
         "Members take part as the bloc lowers their insecurity.", "snyder1984"),
    _law("rent", "engagement.by_rent",
         "Members take part for preferential terms.", "olson1966"),
    _law("regard_in_engagement", "engagement.by_affinity",
         "Members take part as they regard leader and members.", "assumed"),
    _law("grievance", "engagement.by_grievance",
         "Harm by fellow members keeps a member from taking part.", "hirschman1970"),
    _law("belief", "engagement.by_belief",
         "Members take part as they expect the bloc's aid.", "keohane1986"),
    _law("exit_option", "engagement.by_exit",
         "Who could turn to another patron takes part less.", "hirschman1970"),
    _law("standing", "engagement.by_standing",
         "What a member gets from its bloc counts as far as the others regard it.", "pressman2008"),
    _law("threat_within", "engagement.by_within",
         "Threats by leader and fellow members keep a member from taking part.", "weitsman2004"),
    _law("price_of_leaving", "membership.by_coercion",
         "Leaving costs what the leader could do, by strength, nearness and land.", "lake2009",
         asks="blocs.*.coercion"),
    _law("need_of_sponsor", "membership.by_need",
         "Who has nobody to replace what is lost does not leave.", "cooleynexon2020"),
    Mechanism(
        name="freezing", source="assumed", rules={"membership": "priced"},
        only={"membership": "shocks"},
        text="To freeze is a decision after a refused appeal or a breach, no step by degrees.",
    ),
    Mechanism(
        name="accession", source="walt1985", rules={"accession": "closed"},
        text="Candidates join a bloc that they regard and need, and that regards them.",
    ),
    Mechanism(
        name="discipline", source="vonborzyskowski2019", rules={"discipline": "lenient"},
        text="Blocs shut out members that they dislike, and may expel them.",
    ),
    Mechanism(
        name="sponsors", source="early2015", rules={"exit_option": "strongest"},
        text="Those willing to replace what is lost are a way out, and no patron that both share.",
    ),
    Mechanism(
        name="breach", source="crescenzi2012", rules={"breach": "none"},
        text="Harm by fellow members lowers belief in their aid; others take note.",
    ),
    Mechanism(
        name="burdens_refused", source="snyder1984", off={"laws.contribution.base": 20.0},
        text="Members may refuse what their bloc asks of them; off, they bear it.",
    ),
    _law("burdens_by_target", "contribution.by_target",
         "Regard for the state against which a burden is keeps a member from bearing it.",
         "snyder1984"),
    _law("burdens_by_leverage", "contribution.by_leverage",
         "Members foresee that the leader ends its terms for those that refuse.", "pressman2008"),
    Mechanism(
        name="refusals_resented", source="assumed",
        off={"laws.contribution.offence": 0.0, "laws.contribution.aggrieved": 0.0},
        text="A refusal offends fellow members and counts as harm to them.",
    ),
    _law("exits", "membership.exit_rate",
         "Members at low engagement leave formally.", "leedssavun2007"),
)  # fmt: skip

FORCE = (
    _law("diffuse_need", "insecurity.diffuse",
         "States without rivals want arms, too, where they are weaker than neighbours.", "assumed"),
    Mechanism(
        name="strike_in_threat", source="walt1985", off={"laws.threat.power_weight": 1.0},
        beyond=True, text="What a rival could destroy adds to threat; off, its power alone counts.",
    ),
    Mechanism(
        name="second_strike", source="snyder1961", off={"laws.deterrence.punishment": 0.0},
        beyond=True, text="What a victim could still destroy deters an attack.",
    ),
    Mechanism(
        name="first_strike", source="wohlstetter1959", off={"states.*.find": 0.0},
        text="A first strike finds some of the other's launchers.",
    ),
    Mechanism(
        name="treaty", source="leeds2000", off={"blocs.*.commitment": 0.0},
        text="A treaty binds members to help, and helps deter.",
    ),
    Mechanism(
        name="coercion", source="schelling1966", off={"threats.*.resolve": 0.0},
        text="Threats against a delivery make buyers cancel, or hand their orders on.",
    ),
    Mechanism(
        name="prevention", source="levy1987", rules={"deterrence": "standard"},
        text="An attack is worth more before what the other has ordered comes.",
    ),
    _law("aid_by_regard", "answer.by_regard",
         "Members answer the appeals of those that they regard.", "snyder1984"),
    _law("aid_by_stake", "answer.by_stake",
         "Sales to the attacker keep a member from helping.", "snyder1984"),
    _law("strain_of_war", "answer.by_war",
         "Who is at war itself sends less help.", "treisman2004"),
    _law("long_wars", "war.length",
         "The wars of the laws go on for periods.", "assumed"),
    Mechanism(
        name="missiles_fired", source="assumed", off={"systems.*.expended": 0.0},
        text="Wars fire away missiles that reach the other's assets.",
    ),
    _law("bitterness", "war.bitterness",
         "War moves both sides to enmity and dispute.", "assumed"),
    Mechanism(
        name="lesson", source="snyder1984", beyond=True,
        off={"laws.war.lesson": 0.0, "laws.war.example": 0.0},
        text="Members learn from how appeals are answered whether to count on aid.",
    ),
    _law("gratitude", "war.gratitude",
         "An answered appeal raises regard for those who came.", "snyder1984"),
    _law("resentment", "war.resentment",
         "A refused appeal lowers regard for those who did not come.", "snyder1984"),
    Mechanism(
        name="duty", source="snyder1984", rules={"war": "standard"},
        text="Refusals are blamed on those who were bound to come, and could.",
    ),
    Mechanism(
        name="pivot", source="crawford2003", off={"blocs.*.pivotal": 0.0},
        text="Members help against the side that starts, even where it is a friend.",
    ),
    _law("unasked", "war.unasked",
         "Members that stand by in a war without an appeal are judged, too.", "snyder1984"),
    _law("small_wars", "war.by_intensity",
         "A small war embitters and disappoints less.", "assumed"),
)  # fmt: skip

FAMILIES: Mapping[str, tuple[Mechanism, ...]] = {
    "Sales and what restrains them": SALES,
    "What draws a buyer to a supplier": PURCHASES,
    "Terms and debts": MONEY,
    "Regard": REGARD,
    "Membership of a bloc": BLOCS,
    "Threat, war and aid": FORCE,
}
MECHANISMS: Mapping[str, Mechanism] = {
    each.name: each for family in FAMILIES.values() for each in family
}
