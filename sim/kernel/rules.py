"""Rules: the laws in force, one object a role, and the named variants of each role."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from sim.kernel.arrays import in_runs
from sim.kernel.parameters import Parameter, parameters_of
from sim.laws.affinity import BalancedAffinity, DyadicAffinity
from sim.laws.answer import (
    Answer,
    BerkemeierFuhrmann,
    ChibaEtAl,
    FixedReliability,
    LeedsLongMitchell,
    OlderCounts,
)
from sim.laws.consent import Consent, Imitation, StrictNorm
from sim.laws.contest import DifferenceContest, RatioContest
from sim.laws.contract import Contract
from sim.laws.counterforce import Counterforce
from sim.laws.crisis import Crisis
from sim.laws.deterrence import Deterrence
from sim.laws.economy import Economy
from sim.laws.engagement import Engagement
from sim.laws.exit_option import ExitOption
from sim.laws.finance import Finance
from sim.laws.insecurity import Insecurity
from sim.laws.membership import Membership
from sim.laws.objection import Objection
from sim.laws.patronage import AdaptivePatronage, FixedPatronage
from sim.laws.precedent import Precedent
from sim.laws.procurement import Procurement
from sim.laws.quality import Quality
from sim.laws.restraint import Restraint
from sim.laws.strength import Strength
from sim.laws.strike import Strike
from sim.laws.support import Support
from sim.laws.threat import BalanceOfPower, BalanceOfThreat
from sim.laws.war import War

# role -> variant -> law; the first variant of a role is its default
ROLES: Mapping[str, Mapping[str, type]] = {
    "economy": {"standard": Economy},
    "strength": {"standard": Strength},
    "support": {"standard": Support},
    "contest": {"ratio": RatioContest, "difference": DifferenceContest},
    "strike": {"standard": Strike},
    "counterforce": {"standard": Counterforce},
    "deterrence": {"standard": Deterrence},
    "threat": {"balance_of_threat": BalanceOfThreat, "balance_of_power": BalanceOfPower},
    "insecurity": {"standard": Insecurity},
    "crisis": {"standard": Crisis},
    "answer": {
        "standard": Answer,
        "older_counts": OlderCounts,
        "berkemeier_fuhrmann": BerkemeierFuhrmann,
        "chiba": ChibaEtAl,
        "leeds": LeedsLongMitchell,
        "fixed": FixedReliability,
    },
    "war": {"standard": War},
    "procurement": {"standard": Procurement},
    "restraint": {"standard": Restraint},
    "consent": {"utility": Consent, "strict_norm": StrictNorm, "imitation": Imitation},
    "objection": {"standard": Objection},
    "contract": {"standard": Contract},
    "quality": {"standard": Quality},
    "finance": {"standard": Finance},
    "affinity": {"balance": BalancedAffinity, "dyadic": DyadicAffinity},
    "precedent": {"standard": Precedent},
    "patronage": {"fixed": FixedPatronage, "adaptive": AdaptivePatronage},
    "engagement": {"standard": Engagement},
    "exit_option": {"standard": ExitOption},
    "membership": {"standard": Membership},
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Rules:
    """One law in force for every role."""

    economy: Economy
    strength: Strength
    support: Support
    contest: RatioContest | DifferenceContest
    strike: Strike
    counterforce: Counterforce
    deterrence: Deterrence
    threat: BalanceOfThreat | BalanceOfPower
    insecurity: Insecurity
    crisis: Crisis
    answer: Answer | FixedReliability
    war: War
    procurement: Procurement
    restraint: Restraint
    consent: Consent
    objection: Objection
    contract: Contract
    quality: Quality
    finance: Finance
    affinity: BalancedAffinity | DyadicAffinity
    precedent: Precedent
    patronage: FixedPatronage
    engagement: Engagement
    exit_option: ExitOption
    membership: Membership

    def in_runs(self, columns: Any) -> "Rules":
        """Return the same rules in some runs."""
        return Rules(**{f.name: in_runs(getattr(self, f.name), columns) for f in fields(self)})

    def but(self, changes: Mapping[tuple[str, str], Any]) -> "Rules":
        """Return the same rules with some parameters, named by role and parameter, changed."""
        laws = {f.name: getattr(self, f.name) for f in fields(self)}
        for (role, name), value in changes.items():
            laws[role] = replace(laws[role], **{name: value})
        return Rules(**laws)


def rules(variants: Mapping[str, str], settings: Mapping[str, Mapping[str, Any]]) -> Rules:
    """Return the rules of the variants chosen by role, parameters set as told, else default."""
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
