"""Rules: the laws in force, one object for each role, and the named variants of each role."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from sim.kernel.parameters import Parameter, parameters_of
from sim.laws import (
    accession,
    affinity,
    answer,
    breach,
    budget,
    consent,
    contest,
    deterrence,
    discipline,
    engagement,
    exit_option,
    harm,
    membership,
    patronage,
    slight,
    threat,
    war,
)
from sim.laws.accession import ClosedAccession
from sim.laws.affinity import DyadicAffinity
from sim.laws.answer import AnswerLaw
from sim.laws.appeal import LeaderSpeaks
from sim.laws.breach import BreachLaw
from sim.laws.budget import BudgetLaw
from sim.laws.coercion import Coercion
from sim.laws.commerce import Commerce
from sim.laws.consent import Consent
from sim.laws.contest import ContestLaw
from sim.laws.contract import Contract
from sim.laws.contribution import Contribution
from sim.laws.counterforce import Counterforce
from sim.laws.crisis import Crisis
from sim.laws.deterrence import Deterrence
from sim.laws.discipline import Leniency
from sim.laws.economy import Economy
from sim.laws.engagement import Engagement
from sim.laws.exit_option import ExitOption
from sim.laws.finance import Finance
from sim.laws.harm import HarmLaw
from sim.laws.insecurity import Insecurity
from sim.laws.leverage import Leverage
from sim.laws.membership import Membership
from sim.laws.objection import Objection
from sim.laws.patronage import FixedPatronage
from sim.laws.precedent import Precedent
from sim.laws.procurement import Procurement
from sim.laws.quality import Quality
from sim.laws.restraint import Restraint
from sim.laws.slight import SlightLaw
from sim.laws.strength import Strength
from sim.laws.strike import Strike
from sim.laws.support import Support
from sim.laws.threat import ThreatLaw
from sim.laws.war import War

# role -> variant -> law; the first variant of a role is its default
ROLES: Mapping[str, Mapping[str, type]] = {
    "economy": {"standard": Economy},
    "commerce": {"standard": Commerce},
    "budget": budget.VARIANTS,
    "strength": {"standard": Strength},
    "support": {"standard": Support},
    "contest": contest.VARIANTS,
    "strike": {"standard": Strike},
    "counterforce": {"standard": Counterforce},
    "deterrence": deterrence.VARIANTS,
    "threat": threat.VARIANTS,
    "insecurity": {"standard": Insecurity},
    "crisis": {"standard": Crisis},
    "appeal": {"standard": LeaderSpeaks},
    "answer": answer.VARIANTS,
    "war": war.VARIANTS,
    "procurement": {"standard": Procurement},
    "restraint": {"standard": Restraint},
    "consent": consent.VARIANTS,
    "objection": {"standard": Objection},
    "contract": {"standard": Contract},
    "coercion": {"standard": Coercion},
    "leverage": {"standard": Leverage},
    "contribution": {"standard": Contribution},
    "quality": {"standard": Quality},
    "finance": {"standard": Finance},
    "affinity": affinity.VARIANTS,
    "harm": harm.VARIANTS,
    "slight": slight.VARIANTS,
    "precedent": {"standard": Precedent},
    "breach": breach.VARIANTS,
    "patronage": patronage.VARIANTS,
    "engagement": engagement.VARIANTS,
    "exit_option": exit_option.VARIANTS,
    "membership": membership.VARIANTS,
    "discipline": discipline.VARIANTS,
    "accession": accession.VARIANTS,
}

FORMER = {  # parameters and variants that were removed, and what to write instead
    ("objection", "needs_harm"): "protests now always need harm: leave it out",
    ("consent", "by_arrears"): "it had no effect; deliveries wait for payment: leave it out",
    ("consent", "by_wedge"): "it had no effect: leave it out",
    ("precedent", "leader_weight"): "it had no effect; `rules: {consent: imitation}` follows the "
    "leader: leave it out",
    ("contract", "refund"): "it had no effect; prepayments are lost: leave it out",
    ("commerce", "relief"): "it had no effect; an event `affinity` can change regard: leave it out",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Rules:
    """One law in force for every role."""

    economy: Economy
    commerce: Commerce
    budget: BudgetLaw
    strength: Strength
    support: Support
    contest: ContestLaw
    strike: Strike
    counterforce: Counterforce
    deterrence: Deterrence
    threat: ThreatLaw
    insecurity: Insecurity
    crisis: Crisis
    appeal: LeaderSpeaks
    answer: AnswerLaw
    war: War
    procurement: Procurement
    restraint: Restraint
    consent: Consent
    objection: Objection
    contract: Contract
    coercion: Coercion
    leverage: Leverage
    contribution: Contribution
    quality: Quality
    finance: Finance
    affinity: DyadicAffinity
    harm: HarmLaw
    slight: SlightLaw
    precedent: Precedent
    breach: BreachLaw
    patronage: FixedPatronage
    engagement: Engagement
    exit_option: ExitOption
    membership: Membership
    discipline: Leniency
    accession: ClosedAccession

    def but(self, changes: Mapping[tuple[str, str], Any]) -> "Rules":
        """Return the same rules with some parameters, named by role and parameter, changed."""
        laws = {f.name: getattr(self, f.name) for f in fields(self)}
        for (role, name), value in changes.items():
            laws[role] = replace(laws[role], **{name: value})
        return Rules(**laws)


def rules(variants: Mapping[str, str], settings: Mapping[str, Mapping[str, Any]]) -> Rules:
    """Return the rules of the chosen variants with these settings, otherwise with defaults."""
    laws = {}
    for role, choices in ROLES.items():
        variant = variants.get(role, next(iter(choices)))
        laws[role] = choices[variant](**settings.get(role, {}))
    return Rules(**laws)


def rules_in_force(chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the variant in force of every role: the one chosen, else the first."""
    return {role: chosen.get(role, next(iter(choices))) for role, choices in ROLES.items()}


def parameters_in(role: str, variant: str) -> dict[str, Parameter]:
    """Return the parameters of a law by name."""
    return parameters_of(ROLES[role][variant])
