"""Vocabulary: plain words for every term of a decision, and for every number that it is made of.

A phrase may name those concerned, in braces: actor, supplier, recipient, system, bloc, leader,
victim, attacker; of what a bloc minds, also the offender, the other, the deed, and the rule against
it. A path is that of the number in a scenario, of which a run may have made another.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.experiments.watch.choices import (
    ACCESSION,
    ANSWER,
    CONCESSION,
    CONSENT,
    CONTRIBUTION,
    EXIT,
    EXPULSION,
    FREEZE,
    OBJECTION,
    READMISSION,
    REQUEST,
    RESPONSE,
    SUSPENSION,
    THAW,
)
from sim.explain.membership_words import MEMBERSHIP_INPUTS, MEMBERSHIP_TERMS
from sim.explain.phrases import (
    MONEY,
    REGARD,
    SHARE,
    YEARS,
    InputWords,
    TermWords,
    began,
    term,
)

ROLES: Mapping[str, str] = {  # of the law behind each kind of choice
    REQUEST: "procurement",
    CONSENT: "consent",
    OBJECTION: "objection",
    RESPONSE: "objection",
    ANSWER: "answer",
    EXIT: "engagement",
    CONCESSION: "coercion",
    CONTRIBUTION: "contribution",
    **dict.fromkeys((SUSPENSION, READMISSION, EXPULSION), "discipline"),
    **dict.fromkeys((FREEZE, THAW), "membership"),
    ACCESSION: "accession",
}
METHODS: Mapping[str, tuple[str, ...]] = {  # of that law, which give the terms
    REQUEST: ("offer_terms", "supplier_terms"),
    CONSENT: ("terms",),
    OBJECTION: ("protest",),
    RESPONSE: ("block",),
    ANSWER: ("terms",),
    EXIT: ("terms",),
    CONCESSION: ("terms",),
    CONTRIBUTION: ("terms",),
    SUSPENSION: ("shutting",),
    READMISSION: ("readmission",),
    EXPULSION: ("expulsion",),
    FREEZE: ("shocks",),
    THAW: ("thaw_hazard",),
    ACCESSION: ("terms",),
}
UNITS: Mapping[str, str] = {  # of terms and margin
    REQUEST: "utility",
    RESPONSE: "utility",
    CONCESSION: "utility",
    **dict.fromkeys((CONSENT, OBJECTION, ANSWER, EXIT, ACCESSION, CONTRIBUTION), "log odds"),
    **dict.fromkeys((SUSPENSION, READMISSION, EXPULSION, FREEZE, THAW), "a year"),
}

TERMS: Mapping[str, Mapping[str, TermWords]] = {
    REQUEST: {
        "gain": term("safety for the money, beside its best use", "gain best", "by_gain trial"),
        "wait": term("years until delivery", "lag", "by_wait"),
        "defect": term("defects to be expected", "defect", "by_defect"),
        "leverage": term("what others would withhold for it", "at_stake", "by_leverage"),
        "affinity": term("regard for {supplier}", "affinity", "by_affinity"),
        "reputation": term("{supplier}'s record of quality", "reputation", "by_reputation"),
        "familiarity": term("{supplier}'s arms already in use", "familiarity", "by_familiarity"),
        "refusal": term("memory that {supplier} refused", "refusal", "by_refusal"),
        "risk": term("{supplier}'s dealings with rivals and others", "ties stops", "by_risk"),
        "spread": term("a spread of suppliers", "familiarity", "by_spread spread_from"),
        "custom": term("what fellow members would say", "displeasure", "by_custom"),
    },
    CONSENT: {  # who imitates weighs its own interest the less, the more it heeds the leader
        "base": term("without any reason", "following", "base heed"),
        "margin": term("margin of the sale", "price export_scale following", "by_margin heed"),
        "affinity": term("regard for {recipient}", "affinity following", "by_affinity heed"),
        "leverage": term("debts to {recipient}", "debt spending following", "by_leverage heed"),
        "dispute": term("own dispute with {recipient}", "rivalry", "by_dispute"),
        "war": term("own wars", "at_war", "by_war"),
        "entrapment": term("fear of {recipient}'s quarrels", "drawn_in", "by_entrapment"),
        "friends": term("friends with whom {recipient} is at odds", "friends"),
        "norm": term("fellow members with whom {recipient} is at odds", "norm harm following",
                     "threshold veto heed"),
        "example": term("the leader's example", "following example", "heed slip"),
    },
    OBJECTION: {
        "base": term("without any harm", "", "objection_constant"),
        "harm": term("harm by the {deed}",
                     "engagement_of_harm rivalry_of_harm offence_of_harm inside_of_harm",
                     "by_harm"),
        "engagement": term("own part in {bloc}", "engagement", "by_engagement"),
    },
    RESPONSE: {
        "base": term("without any reason", "", "block_constant"),
        "norm": term("{rule}", "norm precedent", "block_norm"),
        "regard": term("regard for those who object, less for {other}", "regard",
                       "block_regard"),
        "dependence": term("{offender}'s dependence on {actor}'s arms", "dependence",
                           "block_dependence"),
        "supplier": term("regard for {offender}", "regard_supplier", "block_supplier"),
        "own_sales": term("own {deed}s, {other} on the other side", "own_sales",
                          "block_own_sales"),
        "purchase": term("a purchase, which is harder to stop than a sale", "purchase",
                         "block_purchase"),
    },
    ANSWER: {
        "base": term("without any reason", "", "base"),
        "commitment": term("the treaty", "commitment covered", "by_commitment"),
        "engagement": term("own part in {bloc}", "engagement", "by_engagement"),
        "regard": term("regard for {victim} over {attacker}", "regard regard_attacker",
                       "by_regard"),
        "strength": term("{attacker}'s strength", "strength_attacker strength", "by_strength"),
        "stake": term("own sales to {attacker}", "stake", "by_stake"),
        "war": term("own wars", "at_war", "by_war"),
        "reliability": term("allies come as often as that", "", "reliability"),
    },
    CONCESSION: {  # of yielding, less those of keeping
        "gain": term("the threats that the arms would take away", "gain regard diverted risk win",
                     "stakes kept"),
        "war": term("the war that the threat makes likelier", "risk usual win cost", "stakes"),
        "face": term("the face lost by giving way", "", "face"),
        "deposit": term("the deposit lost", "lost", "by_deposit"),
    },
    **MEMBERSHIP_TERMS,
}  # fmt: skip


INPUTS: Mapping[str, Mapping[str, InputWords]] = {
    **MEMBERSHIP_INPUTS,
    CONCESSION: {
        "gain": InputWords("fall of the threats to {actor} by what comes", SHARE),
        "win": InputWords("{attacker}'s chance to prevail", SHARE),
        "risk": InputWords("chance that a crisis becomes a war under the threat", SHARE),
        "usual": InputWords("the same without any threat of it", SHARE),
        "cost": InputWords("cost of any war", "of the prize", "laws.deterrence.threshold"),
        "lost": InputWords("deposit that is lost", YEARS),
        "regard": InputWords("regard for {actor} of who takes the order over", REGARD),
        "diverted": InputWords("whether another takes the order over", "0 or 1"),
    },
    REQUEST: {
        "gain": InputWords("share of {actor}'s insecurity that a sum takes away", SHARE),
        "best": InputWords("the same by the best that is on sale to it", SHARE),
        "lag": InputWords("wait until delivery", "years", "offers.{offer}.lag"),
        "defect": InputWords("share that is defective", SHARE, "offers.{offer}.defect"),
        "at_stake": InputWords("what {actor} has at stake, by the holder's resolve"),
        "affinity": began(
            "{actor}'s regard for {supplier}", REGARD, "affinities.{actor}.toward.{supplier}"
        ),
        "reputation": began(
            "{supplier}'s record of quality", SHARE, "states.{supplier}.reputation"
        ),
        "familiarity": InputWords(
            "share of {actor}'s imports that {supplier} sent",
            SHARE,
            "imports.{actor}.from.{supplier}",
        ),
        "ties": InputWords("share of {supplier}'s arms that rivals got", SHARE),
        "stops": InputWords("share of others that {supplier} refused", SHARE),
        "displeasure": InputWords("fellow members' disputes with {supplier}, weighed"),
        "refusal": began("memory that {supplier} refused", SHARE, "refusals.{actor}.by.{supplier}"),
        "fund": InputWords("money of {actor} at hand", MONEY),
        "budget": InputWords("{actor}'s yearly budget for arms imports", MONEY),
        "owed": InputWords("what {actor} has to pay on open orders in a year", MONEY),
    },
    CONSENT: {
        "price": InputWords("what {actor} earns", MONEY, "offers.{offer}.price"),
        "export_scale": InputWords(
            "sale that {actor}'s exporters notice",
            MONEY,
            "states.{actor}.export_scale",
        ),
        "affinity": began(
            "{actor}'s regard for {recipient}", REGARD, "affinities.{actor}.toward.{recipient}"
        ),
        "debt": InputWords("{actor}'s debt to {recipient}", MONEY),
        "spending": InputWords(
            "{actor}'s military spending", "M USD a year", "states.{actor}.burden"
        ),
        "rivalry": began(
            "{actor}'s dispute with {recipient}", SHARE, "rivalries.{actor}.with.{recipient}"
        ),
        "at_war": InputWords("how far {actor}'s own wars bind it", SHARE),
        "drawn_in": InputWords("quarrels into which treaties would draw it"),
        "friends": InputWords("friends' disputes with {recipient}, weighed", "log odds"),
        "norm": InputWords("members' disputes with {recipient}, weighed", "log odds"),
        "harm": InputWords("harm to members, by the norm of their blocs", ""),
        "following": InputWords("harm to members, by {actor}'s part in their blocs", ""),
        "example": InputWords("share that the leader itself sent to members' rivals", SHARE),
    },
    OBJECTION: {
        "engagement_of_harm": began(
            "{offender}'s part in {bloc}", SHARE, "blocs.{bloc}.engagement.{offender}"
        ),
        "rivalry_of_harm": began(
            "{actor}'s dispute with {other}", SHARE, "rivalries.{actor}.with.{other}"
        ),
        "offence_of_harm": InputWords("how much the {deed} offends", SHARE, "{offence_path}"),
        "inside_of_harm": InputWords(
            "share that counts, as {other} is a member or not", SHARE, "blocs.{bloc}.inside"
        ),
        "engagement": began("{actor}'s part in {bloc}", SHARE, "blocs.{bloc}.engagement.{actor}"),
    },
    RESPONSE: {
        "norm": InputWords("weight of that in {bloc}", "", "{rule_path}"),
        "precedent": InputWords("share that members sent to members' rivals", SHARE),
        "regard": InputWords("regard for those who object, less for {other}", "-2 to 2"),
        "dependence": InputWords(
            "share of {offender}'s imports that {actor} sent",
            SHARE,
            "imports.{offender}.from.{actor}",
        ),
        "regard_supplier": began(
            "{actor}'s regard for {offender}", REGARD, "affinities.{actor}.toward.{offender}"
        ),
        "own_sales": InputWords("{actor}'s own {deed}s a year, {other} being the other", YEARS),
        "purchase": InputWords("whether a member buys", "0 or 1"),
    },
    ANSWER: {
        "commitment": InputWords("how strongly {bloc} binds", SHARE, "blocs.{bloc}.commitment"),
        "covered": InputWords("whether the treaty names the case", "0 or 1"),
        "engagement": began("{actor}'s part in {bloc}", SHARE, "blocs.{bloc}.engagement.{actor}"),
        "regard": began(
            "{actor}'s regard for {victim}", REGARD, "affinities.{actor}.toward.{victim}"
        ),
        "regard_attacker": began(
            "{actor}'s regard for {attacker}", REGARD, "affinities.{actor}.toward.{attacker}"
        ),
        "strength": InputWords("{actor}'s strength", "TIV"),
        "strength_attacker": InputWords("{attacker}'s strength", "TIV"),
        "stake": InputWords("{actor}'s sales to {attacker} a year", YEARS),
        "at_war": InputWords("how far {actor}'s own wars bind it", SHARE),
    },
}

ATTACK: Mapping[str, str] = {  # what the net gain of an attack is made of
    "prize": "the prize times {attacker}'s chance to prevail",
    "second_strike": "what {attacked} could destroy in return",
    "shift": "what waiting would cost {attacker}, as orders under way come",
    "threat": "what backing down from its threat would cost {attacker}",
    "threshold": "what any war costs",
}

# what other laws weigh that nobody can be asked about yet: by role, method and term
UNASKED: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("budget", "terms"): {
        "threat": "how insecure the state has become",
        "faith": "faith in allies' aid that was lost",
    },
    ("finance", "lending"): {
        "base": "without any reason",
        "affinity": "regard for the borrower",
        "fund": "the lender's fund over the need",
        "debt": "what is already owed to the lender",
    },
    ("coercion", "take_over"): {
        "gain": "the threats that the order takes away",
        "regard": "regard for the buyer",
        "price": "the price",
    },
}
