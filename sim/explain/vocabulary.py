"""Vocabulary: plain words for every term of a decision, and for every number that it is made of.

A phrase may name those concerned, in braces: actor, supplier, recipient, system, bloc, leader,
victim, attacker; of what a bloc minds, also the offender, the other, the deed, and the rule against
it. A path is that of the number in a scenario, of which a run may have made another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.experiments.watch.choices import (
    ANSWER,
    CONCESSION,
    CONSENT,
    EXIT,
    OBJECTION,
    REQUEST,
    RESPONSE,
)


@dataclass(frozen=True)
class TermWords:
    """A reason in words, the inputs that it is made of, and the law's numbers that weigh them."""

    words: str
    inputs: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()  # of the role; with another role's name and a dot before


@dataclass(frozen=True)
class InputWords:
    """A number that a law asks for, in words."""

    words: str
    unit: str = ""
    path: str = ""  # of the number in a scenario that it is, began as or follows from
    starts: bool = False  # it began as the number at the path


def _term(words: str, inputs: str = "", parameters: str = "") -> TermWords:
    return TermWords(words, tuple(inputs.split()), tuple(parameters.split()))


ROLES: Mapping[str, str] = {  # of the law behind each kind of choice
    REQUEST: "procurement",
    CONSENT: "consent",
    OBJECTION: "objection",
    RESPONSE: "objection",
    ANSWER: "answer",
    EXIT: "engagement",
    CONCESSION: "coercion",
}
METHODS: Mapping[str, tuple[str, ...]] = {  # of that law, which give the terms
    REQUEST: ("offer_terms", "supplier_terms"),
    CONSENT: ("terms",),
    OBJECTION: ("protest",),
    RESPONSE: ("block",),
    ANSWER: ("terms",),
    EXIT: ("terms",),
    CONCESSION: ("terms",),
}
UNITS: Mapping[str, str] = {  # of terms and margin
    REQUEST: "utility",
    RESPONSE: "utility",
    CONCESSION: "utility",
    **dict.fromkeys((CONSENT, OBJECTION, ANSWER, EXIT), "log odds"),
}

TERMS: Mapping[str, Mapping[str, TermWords]] = {
    REQUEST: {
        "gain": _term("safety for the money, beside its best use", "gain best", "by_gain trial"),
        "wait": _term("years until delivery", "lag", "by_wait"),
        "defect": _term("defects to be expected", "defect", "by_defect"),
        "leverage": _term("what others would withhold for it", "at_stake", "by_leverage"),
        "affinity": _term("regard for {supplier}", "affinity", "by_affinity"),
        "reputation": _term("{supplier}'s record of quality", "reputation", "by_reputation"),
        "familiarity": _term("{supplier}'s arms already in use", "familiarity", "by_familiarity"),
        "refusal": _term("memory that {supplier} refused", "refusal", "by_refusal"),
        "risk": _term("{supplier}'s dealings with rivals and others", "ties stops", "by_risk"),
        "spread": _term("dependence on {supplier}'s arms", "familiarity", "by_spread spread_from"),
        "custom": _term("what fellow members would say", "displeasure", "by_custom"),
    },
    CONSENT: {  # who imitates weighs its own interest the less, the more it heeds the leader
        "base": _term("without any reason", "following", "base heed"),
        "margin": _term("margin of the sale", "price export_scale following", "by_margin heed"),
        "affinity": _term("regard for {recipient}", "affinity following", "by_affinity heed"),
        "leverage": _term("debts to {recipient}", "debt spending following", "by_leverage heed"),
        "dispute": _term("own dispute with {recipient}", "rivalry", "by_dispute"),
        "war": _term("own wars", "at_war", "by_war"),
        "friends": _term("friends with whom {recipient} is at odds", "friends"),
        "norm": _term("fellow members with whom {recipient} is at odds", "norm harm following",
                      "threshold veto heed"),
        "example": _term("the leader's example", "following example", "heed slip"),
        "wedge": _term("a wedge between {recipient} and its bloc", "wedge following",
                       "by_wedge heed"),
    },
    OBJECTION: {
        "base": _term("without any harm", "", "objection_constant"),
        "harm": _term("harm by the {deed}",
                      "engagement_of_harm rivalry_of_harm offence_of_harm inside_of_harm",
                      "by_harm"),
        "engagement": _term("own part in {bloc}", "engagement", "by_engagement"),
        "slight": _term("how slight the harm is",
                        "engagement_of_harm rivalry_of_harm offence_of_harm inside_of_harm",
                        "slight_harm"),
    },
    RESPONSE: {
        "base": _term("without any reason", "", "block_constant"),
        "norm": _term("{rule}", "norm precedent", "block_norm"),
        "regard": _term("regard for those who object, less for {other}", "regard",
                        "block_regard"),
        "dependence": _term("{offender}'s dependence on {actor}'s arms", "dependence",
                            "block_dependence"),
        "supplier": _term("regard for {offender}", "regard_supplier", "block_supplier"),
        "own_sales": _term("own {deed}s, {other} on the other side", "own_sales",
                           "block_own_sales"),
        "purchase": _term("a purchase, which is harder to stop than a sale", "purchase",
                          "block_purchase"),
    },
    ANSWER: {
        "base": _term("without any reason", "", "base"),
        "commitment": _term("the treaty", "commitment covered", "by_commitment"),
        "engagement": _term("own part in {bloc}", "engagement", "by_engagement"),
        "regard": _term("regard for {victim} over {attacker}", "regard regard_attacker",
                        "by_regard"),
        "strength": _term("{attacker}'s strength", "strength_attacker strength", "by_strength"),
        "stake": _term("own sales to {attacker}", "stake", "by_stake"),
        "war": _term("own wars", "at_war", "by_war"),
        "reliability": _term("allies come as often as that", "", "reliability"),
    },
    EXIT: {
        "base": _term("without any reason", "", "base"),
        "protection": _term("protection by {bloc}", "protection standing dispute",
                            "by_protection by_standing"),
        "rent": _term("{leader}'s preferential terms", "rent standing", "by_rent by_standing"),
        "within": _term("threats from within {bloc}", "within", "by_within"),
        "affinity": _term("regard for leader and members", "regard", "by_affinity"),
        "belief": _term("trust that {bloc} would come", "belief", "by_belief"),
        "grievance": _term("harm by fellow members", "grievance", "by_grievance"),
        "exit": _term("friends and sponsors outside {bloc}", "ways_out", "by_exit"),
    },
    CONCESSION: {  # of yielding, less those of keeping
        "gain": _term("the threats that the arms would take away", "gain regard diverted risk win",
                      "stakes kept"),
        "war": _term("the war that the threat makes likelier", "risk usual win cost", "stakes"),
        "face": _term("the face lost by giving way", "", "face"),
        "deposit": _term("the deposit lost", "lost", "by_deposit"),
    },
}  # fmt: skip


def _began(words: str, unit: str, path: str) -> InputWords:
    """Return a number that began as the one at a path, and that the run has moved since."""
    return InputWords(words, unit, path, starts=True)


_MONEY, _SHARE, _REGARD, _YEARS = "M USD", "0 to 1", "-1 to 1", "years of import budget"
INPUTS: Mapping[str, Mapping[str, InputWords]] = {
    CONCESSION: {
        "gain": InputWords("fall of the threats to {actor} by what comes", _SHARE),
        "win": InputWords("{attacker}'s chance to prevail", _SHARE),
        "risk": InputWords("chance that a crisis becomes a war under the threat", _SHARE),
        "usual": InputWords("the same without any threat of it", _SHARE),
        "cost": InputWords("cost of any war", "of the prize", "laws.deterrence.threshold"),
        "lost": InputWords("deposit that is lost", _YEARS),
        "regard": InputWords("regard for {actor} of who takes the order over", _REGARD),
        "diverted": InputWords("whether another takes the order over", "0 or 1"),
    },
    REQUEST: {
        "gain": InputWords("share of {actor}'s insecurity that a sum takes away", _SHARE),
        "best": InputWords("the same by the best that is on sale to it", _SHARE),
        "lag": InputWords("wait until delivery", "years", "offers.{offer}.lag"),
        "defect": InputWords("share that is defective", _SHARE, "offers.{offer}.defect"),
        "at_stake": InputWords("what {actor} has at stake, by the holder's resolve"),
        "affinity": InputWords(
            "{actor}'s regard for {supplier}",
            _REGARD,
            "affinities.{actor}.toward.{supplier}",
            starts=True,
        ),
        "reputation": _began(
            "{supplier}'s record of quality", _SHARE, "states.{supplier}.reputation"
        ),
        "familiarity": InputWords(
            "share of {actor}'s imports that {supplier} sent",
            _SHARE,
            "imports.{actor}.from.{supplier}",
        ),
        "ties": InputWords("share of {supplier}'s arms that rivals got", _SHARE),
        "stops": InputWords("share of others that {supplier} refused", _SHARE),
        "displeasure": InputWords("fellow members' disputes with {supplier}, weighed"),
        "refusal": _began(
            "memory that {supplier} refused", _SHARE, "refusals.{actor}.by.{supplier}"
        ),
        "fund": InputWords("money of {actor} at hand", _MONEY),
        "budget": InputWords("{actor}'s yearly budget for arms imports", _MONEY),
        "owed": InputWords("what {actor} has to pay on open orders in a year", _MONEY),
    },
    CONSENT: {
        "price": InputWords("what {actor} earns", _MONEY, "offers.{offer}.price"),
        "export_scale": InputWords(
            "sale that {actor}'s exporters notice",
            _MONEY,
            "states.{actor}.export_scale",
        ),
        "affinity": InputWords(
            "{actor}'s regard for {recipient}",
            _REGARD,
            "affinities.{actor}.toward.{recipient}",
            starts=True,
        ),
        "debt": InputWords("{actor}'s debt to {recipient}", _MONEY),
        "spending": InputWords(
            "{actor}'s military spending", "M USD a year", "states.{actor}.burden"
        ),
        "rivalry": InputWords(
            "{actor}'s dispute with {recipient}",
            _SHARE,
            "rivalries.{actor}.with.{recipient}",
            starts=True,
        ),
        "at_war": InputWords("how far {actor}'s own wars bind it", _SHARE),
        "friends": InputWords("friends' disputes with {recipient}, weighed", "log odds"),
        "norm": InputWords("members' disputes with {recipient}, weighed", "log odds"),
        "harm": InputWords("harm to members, by the norm of their blocs", ""),
        "following": InputWords("harm to members, by {actor}'s part in their blocs", ""),
        "example": InputWords("share that the leader itself sent to members' rivals", _SHARE),
        "wedge": InputWords("disputes with leaders of {recipient}'s blocs"),
    },
    OBJECTION: {
        "engagement_of_harm": _began(
            "{offender}'s part in {bloc}", _SHARE, "blocs.{bloc}.engagement.{offender}"
        ),
        "rivalry_of_harm": InputWords(
            "{actor}'s dispute with {other}",
            _SHARE,
            "rivalries.{actor}.with.{other}",
            starts=True,
        ),
        "offence_of_harm": InputWords("how much the {deed} offends", _SHARE, "{offence_path}"),
        "inside_of_harm": InputWords(
            "share that counts, as {other} is a member or not", _SHARE, "blocs.{bloc}.inside"
        ),
        "engagement": _began("{actor}'s part in {bloc}", _SHARE, "blocs.{bloc}.engagement.{actor}"),
    },
    RESPONSE: {
        "norm": InputWords("weight of that in {bloc}", "", "{rule_path}"),
        "precedent": InputWords("share that members sent to members' rivals", _SHARE),
        "regard": InputWords("regard for those who object, less for {other}", "-2 to 2"),
        "dependence": InputWords(
            "share of {offender}'s imports that {actor} sent",
            _SHARE,
            "imports.{offender}.from.{actor}",
        ),
        "regard_supplier": InputWords(
            "{actor}'s regard for {offender}",
            _REGARD,
            "affinities.{actor}.toward.{offender}",
            starts=True,
        ),
        "own_sales": InputWords("{actor}'s own {deed}s a year, {other} being the other", _YEARS),
        "purchase": InputWords("whether a member buys", "0 or 1"),
    },
    ANSWER: {
        "commitment": InputWords("how strongly {bloc} binds", _SHARE, "blocs.{bloc}.commitment"),
        "covered": InputWords("whether the treaty names the case", "0 or 1"),
        "engagement": _began("{actor}'s part in {bloc}", _SHARE, "blocs.{bloc}.engagement.{actor}"),
        "regard": InputWords(
            "{actor}'s regard for {victim}",
            _REGARD,
            "affinities.{actor}.toward.{victim}",
            starts=True,
        ),
        "regard_attacker": InputWords(
            "{actor}'s regard for {attacker}",
            _REGARD,
            "affinities.{actor}.toward.{attacker}",
            starts=True,
        ),
        "strength": InputWords("{actor}'s strength", "TIV"),
        "strength_attacker": InputWords("{attacker}'s strength", "TIV"),
        "stake": InputWords("{actor}'s sales to {attacker} a year", _YEARS),
        "at_war": InputWords("how far {actor}'s own wars bind it", _SHARE),
    },
    EXIT: {
        "protection": InputWords("insecurity without {bloc}, less with it", "points"),
        "rent": InputWords("worth of {leader}'s terms", _YEARS),
        "regard": InputWords("{actor}'s regard for leader and members", _REGARD),
        "belief": InputWords(
            "{actor}'s trust that {bloc} would come",
            _SHARE,
            "blocs.{bloc}.belief.{actor}",
            starts=True,
        ),
        "grievance": InputWords("harm by fellow members", "years of the rival's budget"),
        "ways_out": InputWords("how far {actor} could walk away", _SHARE),
        "standing": InputWords("regard of leader and members for {actor}", _REGARD),
        "dispute": InputWords("dispute that {leader} has with {actor}", _SHARE),
        "within": InputWords("threat to {actor} by leader and members", "points"),
        "price": InputWords("what {leader} could do to {actor} if it left", _SHARE),
        "before": InputWords(
            "{actor}'s part in {bloc} so far",
            _SHARE,
            "blocs.{bloc}.engagement.{actor}",
            starts=True,
        ),
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
    ("accession", "terms"): {
        "base": "without any reason",
        "affinity": "regard for leader and members",
        "insecurity": "own insecurity",
    },
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
