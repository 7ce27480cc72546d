"""Vocabulary: plain words for every term of a decision, and for every one of its inputs.

A phrase may name the parties, in braces: actor, supplier, recipient, system, bloc, leader, victim,
attacker; for objections also the offender, the other, the deed, and the rule against it. A path is
that of the number in a scenario, which the run may have changed since.
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
        "gain": term("security for money, beside the best offer", "gain best", "by_gain trial"),
        "wait": term("years until delivery", "lag", "by_wait"),
        "defect": term("expected defects", "defect", "by_defect"),
        "leverage": term("supplies that others would withhold", "at_stake", "by_leverage"),
        "affinity": term("regard for {supplier}", "affinity", "by_affinity"),
        "reputation": term("{supplier}'s reputation for quality", "reputation", "by_reputation"),
        "familiarity": term("{supplier}'s arms already in use", "familiarity", "by_familiarity"),
        "refusal": term("memory that {supplier} refused", "refusal", "by_refusal"),
        "risk": term("{supplier}'s dealings with rivals and others", "ties stops", "by_risk"),
        "spread": term("diversity of suppliers", "familiarity", "by_spread spread_from"),
        "custom": term("objections by fellow members", "displeasure", "by_custom"),
    },
    CONSENT: {  # a follower weighs its own interest less, the more it follows the leader
        "base": term("constant", "following", "base heed"),
        "margin": term("margin of the sale", "price export_scale following", "by_margin heed"),
        "affinity": term("regard for {recipient}", "affinity following", "by_affinity heed"),
        "leverage": term("debts to {recipient}", "debt spending following", "by_leverage heed"),
        "dispute": term("own dispute with {recipient}", "rivalry", "by_dispute"),
        "war": term("own wars", "at_war", "by_war"),
        "entrapment": term("fear of {recipient}'s quarrels", "drawn_in", "by_entrapment"),
        "friends": term("friends' disputes with {recipient}", "friends"),
        "norm": term("fellow members' disputes with {recipient}", "norm harm following",
                     "threshold veto heed"),
        "example": term("the leader's example", "following example", "heed slip"),
    },
    OBJECTION: {
        "base": term("constant", "", "objection_constant"),
        "harm": term("harm by the {deed}",
                     "engagement_of_harm rivalry_of_harm offence_of_harm inside_of_harm",
                     "by_harm"),
        "engagement": term("own part in {bloc}", "engagement", "by_engagement"),
    },
    RESPONSE: {
        "base": term("constant", "", "block_constant"),
        "norm": term("{rule}", "norm precedent", "block_norm"),
        "regard": term("regard for the objectors, less that for {other}", "regard",
                       "block_regard"),
        "dependence": term("{offender}'s dependence on {actor}'s arms", "dependence",
                           "block_dependence"),
        "supplier": term("regard for {offender}", "regard_supplier", "block_supplier"),
        "own_sales": term("own {deed}s with {other}", "own_sales",
                          "block_own_sales"),
        "purchase": term("purchases are harder to stop than sales", "purchase",
                         "block_purchase"),
    },
    ANSWER: {
        "base": term("constant", "", "base"),
        "commitment": term("the treaty", "commitment covered", "by_commitment"),
        "engagement": term("own part in {bloc}", "engagement", "by_engagement"),
        "regard": term("regard for {victim} over {attacker}", "regard regard_attacker",
                       "by_regard"),
        "strength": term("{attacker}'s strength", "strength_attacker strength", "by_strength"),
        "stake": term("own sales to {attacker}", "stake", "by_stake"),
        "war": term("own wars", "at_war", "by_war"),
        "reliability": term("usual reliability of allies", "", "reliability"),
    },
    CONCESSION: {  # of yielding, relative to keeping
        "gain": term("threats that the arms would reduce", "gain regard diverted risk win",
                     "stakes kept"),
        "war": term("risk of war from the threat", "risk usual win cost", "stakes"),
        "face": term("loss of face by yielding", "", "face"),
        "deposit": term("loss of the deposit", "lost", "by_deposit"),
    },
    **MEMBERSHIP_TERMS,
}  # fmt: skip


INPUTS: Mapping[str, Mapping[str, InputWords]] = {
    **MEMBERSHIP_INPUTS,
    CONCESSION: {
        "gain": InputWords("fall of the threats to {actor} due to the delivery", SHARE),
        "win": InputWords("{attacker}'s probability of winning", SHARE),
        "risk": InputWords("probability that a crisis becomes a war under the threat", SHARE),
        "usual": InputWords("the same without the threat", SHARE),
        "cost": InputWords("cost of a war", "of the prize", "laws.deterrence.threshold"),
        "lost": InputWords("lost deposit", YEARS),
        "regard": InputWords("regard for {actor} of the state taking over the order", REGARD),
        "diverted": InputWords("whether another state takes over the order", "0 or 1"),
    },
    REQUEST: {
        "gain": InputWords("fall in {actor}'s insecurity for a given sum", SHARE),
        "best": InputWords("the same for the best offer on sale to it", SHARE),
        "lag": InputWords("time until delivery", "years", "offers.{offer}.lag"),
        "defect": InputWords("share of defective units", SHARE, "offers.{offer}.defect"),
        "at_stake": InputWords("{actor}'s stakes, times the holder's resolve"),
        "affinity": began(
            "{actor}'s regard for {supplier}", REGARD, "affinities.{actor}.toward.{supplier}"
        ),
        "reputation": began(
            "{supplier}'s reputation for quality", SHARE, "states.{supplier}.reputation"
        ),
        "familiarity": InputWords(
            "share of {actor}'s imports from {supplier}",
            SHARE,
            "imports.{actor}.from.{supplier}",
        ),
        "ties": InputWords("share of {supplier}'s exports to rivals", SHARE),
        "stops": InputWords("share of other buyers that {supplier} refused", SHARE),
        "displeasure": InputWords("fellow members' disputes with {supplier}, weighted"),
        "refusal": began("memory that {supplier} refused", SHARE, "refusals.{actor}.by.{supplier}"),
        "fund": InputWords("{actor}'s available funds", MONEY),
        "budget": InputWords("{actor}'s yearly budget for arms imports", MONEY),
        "owed": InputWords("{actor}'s payments due on open orders in a year", MONEY),
    },
    CONSENT: {
        "price": InputWords("the price that {actor} receives", MONEY, "offers.{offer}.price"),
        "export_scale": InputWords(
            "price at which a sale matters to {actor}",
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
        "at_war": InputWords("how far {actor}'s own wars absorb it", SHARE),
        "drawn_in": InputWords("quarrels into which treaties could draw it"),
        "friends": InputWords("friends' disputes with {recipient}, weighted", "log odds"),
        "norm": InputWords("members' disputes with {recipient}, weighted", "log odds"),
        "harm": InputWords("harm to members, by the norm of their blocs", ""),
        "following": InputWords("harm to members, by {actor}'s part in their blocs", ""),
        "example": InputWords("share of the leader's own exports to members' rivals", SHARE),
    },
    OBJECTION: {
        "engagement_of_harm": began(
            "{offender}'s part in {bloc}", SHARE, "blocs.{bloc}.engagement.{offender}"
        ),
        "rivalry_of_harm": began(
            "{actor}'s dispute with {other}", SHARE, "rivalries.{actor}.with.{other}"
        ),
        "offence_of_harm": InputWords("offence of the {deed}", SHARE, "{offence_path}"),
        "inside_of_harm": InputWords(
            "share that counts, if {other} is a member or not", SHARE, "blocs.{bloc}.inside"
        ),
        "engagement": began("{actor}'s part in {bloc}", SHARE, "blocs.{bloc}.engagement.{actor}"),
    },
    RESPONSE: {
        "norm": InputWords("its weight in {bloc}", "", "{rule_path}"),
        "precedent": InputWords("share of members' exports to members' rivals", SHARE),
        "regard": InputWords("regard for the objectors, less that for {other}", "-2 to 2"),
        "dependence": InputWords(
            "share of {offender}'s imports from {actor}",
            SHARE,
            "imports.{offender}.from.{actor}",
        ),
        "regard_supplier": began(
            "{actor}'s regard for {offender}", REGARD, "affinities.{actor}.toward.{offender}"
        ),
        "own_sales": InputWords("{actor}'s own {deed}s a year with {other}", YEARS),
        "purchase": InputWords("whether a member is the buyer", "0 or 1"),
    },
    ANSWER: {
        "commitment": InputWords("commitment of {bloc}", SHARE, "blocs.{bloc}.commitment"),
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
        "at_war": InputWords("how far {actor}'s own wars absorb it", SHARE),
    },
}

ATTACK: Mapping[str, str] = {  # terms of the net gain of an attack
    "prize": "the prize times {attacker}'s probability of winning",
    "second_strike": "retaliation by {attacked}",
    "shift": "cost to {attacker} of waiting, as orders are delivered",
    "threat": "cost to {attacker} of backing down from its threat",
    "threshold": "cost of a war",
}

# terms of other laws, without explanations so far: by role, method and term
UNASKED: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("budget", "terms"): {
        "threat": "the state's insecurity",
        "faith": "loss of belief in allies' aid",
    },
    ("finance", "lending"): {
        "base": "constant",
        "affinity": "regard for the borrower",
        "fund": "the lender's funds relative to the need",
        "debt": "existing debt to the lender",
    },
    ("coercion", "take_over"): {
        "gain": "threats that the order reduces",
        "regard": "regard for the buyer",
        "price": "the price",
    },
}
