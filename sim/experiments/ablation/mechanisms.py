"""Mechanisms: the parts of the theory that can be switched off, and the numbers that do so.

`blocsim ablate` runs a scenario with each of them off, and with each alone. A `*` in a path means
every entry of a section. If no number within the bounds switches a mechanism off, `beyond` is set:
a scenario cannot set that number. A mechanism may also be a rule, which another form switches off.
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
    text: str  # what it does, in one line
    source: str  # a key of docs/references.bib, or assumed
    off: Mapping[str, float] = field(default_factory=dict)  # path -> number at which it is off
    rules: Mapping[str, str] = field(default_factory=dict)  # role -> form without it
    only: Mapping[str, str] = field(default_factory=dict)  # role -> the one form with it
    asks: str = ""  # path of facts; it has no effect if they are missing or 0
    beyond: bool = False  # whether a number in `off` lies outside its bounds

    def paths(self, known: Iterable[str]) -> dict[str, float]:
        """Return the known paths of `off`, with the number at which it is off."""
        return {
            path: value
            for path in known
            for pattern, value in self.off.items()
            if path == pattern or ("*" in pattern and _named(path, pattern))
        }

    @property
    def switch(self) -> str:
        """Return the settings that switch it off, as PATH=NUMBER and rules.ROLE=FORM."""
        numbers = [f"{path}={value:g}" for path, value in self.off.items()]
        return " ".join([*numbers, *(f"rules.{role}={form}" for role, form in self.rules.items())])

    def is_on(self, known: Mapping[str, NumberPath], rules: Mapping[str, str]) -> bool:
        """Return whether it has an effect in a model with these numbers and rules in force."""
        facts = (known[path].value for path in known if _named(path, self.asks))
        lacking = bool(self.asks) and not any(facts)
        if lacking or any(rules[role] != rule for role, rule in self.only.items()):
            return False
        return any(rules[role] != rule for role, rule in self.rules.items()) or any(
            isinstance(known[path].value, Uncertain) or known[path].value != value
            for path, value in self.paths(known).items()
        )


def _named(path: str, pattern: str) -> bool:
    """Return whether a path matches a pattern with `*`, step by step."""
    steps, names = path.split("."), pattern.split(".")
    return len(steps) == len(names) and all(map(fnmatchcase, steps, names))


def _law(
    name: str, path: str, text: str, source: str, off: float = 0.0, asks: str = ""
) -> Mechanism:
    """Return a mechanism that a parameter of a law switches off."""
    return Mechanism(name=name, text=text, source=source, off={f"laws.{path}": off}, asks=asks)


SALES = (
    _law("norm", "restraint.norm_weight",
         "The norm of a bloc restrains members from arming a fellow member's rival.", "snyder1984"),
    _law("friends", "restraint.friends_weight",
         "Harm to friends outside common blocs restrains sales.", "snyder1984"),
    Mechanism(
        name="precedent", source="finnemore1998", off={"laws.precedent.memory": 1e-9}, beyond=True,
        text="Deliveries to members' rivals erode the norm; off: they are not remembered.",
    ),
    _law("profit", "consent.by_margin",
         "A supplier consents more readily to a larger sale.", "assumed"),
    _law("regard_in_consent", "consent.by_affinity",
         "A supplier consents more readily to a buyer that it regards.", "assumed"),
    _law("debts_oblige", "consent.by_leverage",
         "A debtor consents more readily to its creditor.", "hirschman1945"),
    _law("seller_at_war", "consent.by_war",
         "A supplier at war sells less.", "assumed"),
    _law("entrapment", "consent.by_entrapment",
         "A patron withholds arms that attack, lest its client's quarrels draw it in.",
         "snyder1984"),
    Mechanism(
        name="own_dispute", source="snyder1984", off={"laws.consent.by_dispute": 0.0}, beyond=True,
        text="A supplier's own dispute with the buyer restrains sales.",
    ),
    Mechanism(
        name="objection", source="snyder1984", beyond=True,
        off={"laws.objection.objection_constant": -1000.0},
        text="Harmed members protest, and the leader may stall or block; off: no protest.",
    ),
    Mechanism(
        name="blocking", source="snyder1984", beyond=True,
        off={"laws.objection.block_constant": -1000.0},
        text="The leader may block sales that members protest against.",
    ),
    _law("stalling", "objection.stall_years",
         "The leader may delay sales that members protest against.", "assumed"),
    _law("friends_by_offence", "restraint.friends_by_offence",
         "For harm to friends, defensive arms count less than offensive ones.", "jervis1978"),
    Mechanism(
        name="rivals_within", source="krebs1999", off={"blocs.*.inside": 1.0},
        text="Arms for a fellow member count as less harm to members in dispute with it.",
    ),
)  # fmt: skip

PURCHASES = (
    _law("regard_in_choice", "procurement.by_affinity",
         "Buyers prefer suppliers that they regard.", "assumed"),
    _law("reputation", "procurement.by_reputation",
         "Buyers prefer suppliers with a reputation for quality.", "assumed"),
    _law("familiarity", "procurement.by_familiarity",
         "Buyers prefer suppliers of the arms that they already have.", "kinsella1998"),
    _law("refusals_remembered", "procurement.by_refusal",
         "A buyer does not ask a supplier that has just refused.", "assumed"),
    _law("repair", "quality.repaired",
         "Units withdrawn as defective are repaired and return.", "assumed"),
    _law("suppliers_of_rivals", "procurement.by_risk",
         "Buyers avoid suppliers that arm their rivals or have stopped deliveries.", "kinne2016"),
    Mechanism(
        name="new_suppliers", source="lebacher2021", off={"laws.procurement.approach": 20.0},
        text="A buyer considers few unknown suppliers, by regard and legacy.",
    ),
    _law("new_by_regard", "procurement.by_regard",
         "Mutual regard leads a state to consider a new supplier.",
         "lebacher2021"),
    _law("new_by_legacy", "procurement.by_legacy",
         "An arsenal of a supplier's kind leads a state to consider it.", "lebacher2021"),
    _law("new_by_renown", "procurement.by_renown",
         "The customers of a supplier lead further states to consider it.", "banerjee1992"),
    Mechanism(
        name="not_now", source="hanemann1984", off={"laws.procurement.reserve": -20.0},
        text="A buyer does not buy now if no offer is near the best use of its money.",
    ),
    _law("saving_up", "procurement.by_purse",
         "Buyers with more available money go to market more often.", "caballeroengel1999"),
    Mechanism(
        name="credit_ceiling", source="assumed", off={"laws.procurement.lending": 50.0},
        text="Credits for arms are limited to some years of budget; further orders are in cash.",
    ),
    Mechanism(
        name="largest_order", source="assumed", off={"laws.procurement.largest": 50.0},
        text="An order is limited to some years of budget.",
    ),
    _law("leverage", "procurement.by_leverage",
         "A buyer takes account of supplies that others would withhold because of a purchase.",
         "drezner1999",
         asks="leverage.*.resolve"),
    _law("second_source", "procurement.by_spread",
         "A buyer that depends on one supplier looks for another.", "assumed"),
    _law("offsets", "contract.by_offset",
         "A supplier's spending in the buyer's country (offsets) lowers the price as counted.",
         "brauer2004",
         asks="offers.*.offset"),
    Mechanism(
        name="custom", source="snyder1984", off={"blocs.*.custom": 0.0},
        text="Fellow members object to purchases from their rivals, and buyers foresee this.",
    ),
    _law("custom_in_regard", "affinity.by_custom",
         "Purchases from fellow members' rivals lower their regard.", "morrow1991",
         asks="blocs.*.custom"),
    _law("custom_foreseen", "procurement.by_custom",
         "Buyers foresee objections by fellow members.", "snyder1984",
         asks="blocs.*.custom"),
    Mechanism(
        name="defects", source="assumed", off={"offers.*.defect": 0.0},
        text="Some units are defective and withdrawn, which costs their makers reputation.",
    ),
)  # fmt: skip

MONEY = (
    Mechanism(
        name="discount", source="olson1966",
        off={"blocs.*.preference": 0.0, "blocs.*.preferences.*": 0.0},
        text="The leader sells to members at a discount.",
    ),
    Mechanism(
        name="credit", source="tass2017credit",
        off={
            "blocs.*.credit": 0.0, "blocs.*.credits.*": 0.0, "blocs.*.credit_lines.*": 0.0,
            "offers.*.credit": 0.0,
        },
        text="A leader sells to members, and some suppliers to any buyer, on credit.",
    ),
    _law("payment_on_delivery", "contract.on_account",
         "Goods that a buyer cannot pay for stay with the supplier, in part or in "
         "whole.", "assumed",
         1.0),
    _law("late_deliveries", "contract.late",
         "A supplier at war delivers late.", "assumed"),
    _law("late_remembered", "contract.slight",
         "Buyers remember delays from a supplier's wars like refusals.", "assumed"),
    Mechanism(
        name="grants", source="olson1966", off={"grants.*.yearly": 0.0, "grants.*.total": 0.0},
        text="A leader's grants to members count like preferential terms.",
    ),
    Mechanism(
        name="adaptive_terms", source="olson1966", rules={"patronage": "fixed"},
        text="The leader grants better terms to less engaged members.",
    ),
    Mechanism(
        name="budgets_respond", source="richardson1960", rules={"budget": "fixed"},
        text="Budgets respond to threat and loss of belief in aid.",
    ),
    _law("sanctions", "commerce.worth",
         "Cut trade costs both sides output, and embitters the target.", "frankel1999",
         asks="trade.*.with.*"),
    _law("detours", "commerce.elsewhere",
         "Cut trade is diverted through third states.", "early2015",
         asks="trade.*.with.*"),
    _law("forfeit", "leverage.forfeit",
         "Preferential terms end if their holder withholds supplies.", "hirschman1945",
         asks="leverage.*.resolve"),
    _law("faith_in_budgets", "budget.by_faith",
         "Belief in aid replaces own arms.", "morrow1993"),
    Mechanism(
        name="rescue_loans", source="mcfadden1974", off={"laws.finance.base": -1000.0},
        beyond=True, text="A third state lends to one in arrears, gaining regard and leverage.",
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
         "Harm is forgotten more slowly than favours.", "johnson2019", 1.0),
    _law("sanctions_resented", "commerce.as_harm",
         "Losses by sanctions count like arms for a rival.", "drezner1999",
         asks="trade.*.with.*"),
    _law("withholding_resented", "leverage.hurt",
         "A holder that withholds supplies loses regard.", "drezner1999",
         asks="leverage.*.resolve"),
    Mechanism(
        name="habit", source="kahneman1979", rules={"harm": "whole"},
        text="Arms for a rival are harm beyond usual deliveries; dependents take less offence.",
    ),
    Mechanism(
        name="slights", source="hirschman1945", rules={"slight": "none"},
        text="Refusals, embargoes, late deliveries and pressing debts embitter customers.",
    ),
    _law("balance", "affinity.balance",
         "Friends of friends become friends (structural balance).", "heider1946"),
)  # fmt: skip

BLOCS = (
    _law("protection", "engagement.by_protection",
         "Members take part because the bloc lowers their insecurity.", "snyder1984"),
    _law("rent", "engagement.by_rent",
         "Members take part because of preferential terms.", "olson1966"),
    _law("regard_in_engagement", "engagement.by_affinity",
         "Members take part because of regard for leader and members.", "assumed"),
    _law("grievance", "engagement.by_grievance",
         "Harm by fellow members reduces participation.", "hirschman1970"),
    _law("belief", "engagement.by_belief",
         "Members take part because they expect the bloc's aid.", "keohane1986"),
    _law("exit_option", "engagement.by_exit",
         "A member that could turn to another patron takes part less.", "hirschman1970"),
    _law("standing", "engagement.by_standing",
         "Benefits from a bloc count as far as the others regard the member.", "pressman2008"),
    _law("threat_within", "engagement.by_within",
         "Threats by leader and fellow members reduce participation.", "weitsman2004"),
    _law("price_of_leaving", "membership.by_coercion",
         "The leader's coercion, by strength, nearness and land access, deters exit.", "lake2009",
         asks="blocs.*.coercion"),
    _law("need_of_sponsor", "membership.by_need",
         "A member without a sponsor to replace its losses does not leave.", "cooleynexon2020"),
    Mechanism(
        name="freezing", source="assumed", rules={"membership": "priced"},
        only={"membership": "shocks"},
        text="Freezing is a decision after a refused appeal or a breach, not a gradual step.",
    ),
    Mechanism(
        name="accession", source="walt1985", rules={"accession": "closed"},
        text="Candidates join a bloc that they regard and need, and that regards them.",
    ),
    Mechanism(
        name="discipline", source="vonborzyskowski2019", rules={"discipline": "lenient"},
        text="Blocs exclude members that they dislike, and may expel them.",
    ),
    Mechanism(
        name="sponsors", source="early2015", rules={"exit_option": "strongest"},
        text="Sponsors willing to replace losses are an exit option; common patrons are not.",
    ),
    Mechanism(
        name="breach", source="crescenzi2012", rules={"breach": "none"},
        text="Harm by fellow members lowers belief in their aid, also of other members.",
    ),
    Mechanism(
        name="burdens_refused", source="snyder1984", off={"laws.contribution.base": 20.0},
        text="Members may refuse contributions that their bloc asks for; off: they never do.",
    ),
    _law("burdens_by_target", "contribution.by_target",
         "Regard for the state that a contribution is against restrains members.",
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
         "States without rivals also need arms if they are weaker than their "
         "neighbours.", "assumed"),
    Mechanism(
        name="strike_in_threat", source="walt1985", off={"laws.threat.power_weight": 1.0},
        beyond=True, text="A rival's strike capability adds to threat; off: only its power counts.",
    ),
    Mechanism(
        name="second_strike", source="snyder1961", off={"laws.deterrence.punishment": 0.0},
        beyond=True, text="The victim's second strike deters an attack.",
    ),
    Mechanism(
        name="first_strike", source="wohlstetter1959", off={"states.*.find": 0.0},
        text="A first strike finds some of the other's launchers.",
    ),
    Mechanism(
        name="treaty", source="leeds2000", off={"blocs.*.commitment": 0.0},
        text="A treaty obliges members to help, and contributes to deterrence.",
    ),
    Mechanism(
        name="coercion", source="schelling1966", off={"threats.*.resolve": 0.0},
        text="Threats against a delivery make buyers cancel or hand over their orders.",
    ),
    Mechanism(
        name="prevention", source="levy1987", rules={"deterrence": "standard"},
        text="An attack is worth more before the other side's orders are delivered.",
    ),
    _law("aid_by_regard", "answer.by_regard",
         "Members answer the appeals of states that they regard.", "snyder1984"),
    _law("aid_by_stake", "answer.by_stake",
         "Sales to the attacker keep a member from helping.", "snyder1984"),
    _law("strain_of_war", "answer.by_war",
         "A member at war sends less help.", "treisman2004"),
    _law("long_wars", "war.length",
         "Wars last for several periods.", "assumed"),
    Mechanism(
        name="missiles_fired", source="assumed", off={"systems.*.expended": 0.0},
        text="Wars use up missiles that can reach the other side's assets.",
    ),
    _law("bitterness", "war.bitterness",
         "War moves both sides to enmity and dispute.", "assumed"),
    Mechanism(
        name="lesson", source="snyder1984", beyond=True,
        off={"laws.war.lesson": 0.0, "laws.war.example": 0.0},
        text="Members learn from the answers to appeals whether to count on aid.",
    ),
    _law("gratitude", "war.gratitude",
         "An answered appeal raises regard for members that came.", "snyder1984"),
    _law("resentment", "war.resentment",
         "A refused appeal lowers regard for members that did not come.", "snyder1984"),
    Mechanism(
        name="duty", source="snyder1984", rules={"war": "standard"},
        text="Only members obliged and able to come are blamed for refusals.",
    ),
    Mechanism(
        name="pivot", source="crawford2003", off={"blocs.*.pivotal": 0.0},
        text="Members help against the attacker, even if it is a friend.",
    ),
    _law("unasked", "war.unasked",
         "Members that stand by in a war without an appeal are also judged.", "snyder1984"),
    _law("small_wars", "war.by_intensity",
         "A small war causes less bitterness and disappointment.", "assumed"),
)  # fmt: skip

FAMILIES: Mapping[str, tuple[Mechanism, ...]] = {
    "Sales and restraint": SALES,
    "Choice of a supplier": PURCHASES,
    "Terms and debts": MONEY,
    "Regard": REGARD,
    "Membership of a bloc": BLOCS,
    "Threat, war and aid": FORCE,
}
MECHANISMS: Mapping[str, Mechanism] = {
    each.name: each for family in FAMILIES.values() for each in family
}
