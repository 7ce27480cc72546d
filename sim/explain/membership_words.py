"""Membership words: the terms of decisions on membership in a bloc, and their inputs."""

from __future__ import annotations

from collections.abc import Mapping

from sim.experiments.watch.choices import (
    ACCESSION,
    CONTRIBUTION,
    EXIT,
    EXPULSION,
    FREEZE,
    READMISSION,
    SUSPENSION,
    THAW,
)
from sim.explain.phrases import REGARD, SHARE, YEARS, InputWords, TermWords, began, term

MEMBERSHIP_TERMS: Mapping[str, Mapping[str, TermWords]] = {
    CONTRIBUTION: {
        "base": term("constant", "", "base"),
        "regard": term("regard for leader and members", "regard", "by_regard"),
        "gain": term("protection and terms in {bloc}", "gain", "by_gain"),
        "cost": term("its cost", "cost", "by_cost"),
        "target": term("regard for the state that it is against", "target", "by_target"),
        "leverage": term("terms that {leader} would withhold", "at_stake", "by_leverage"),
    },
    EXIT: {
        "base": term("constant", "", "base"),
        "protection": term("protection by {bloc}", "protection standing dispute",
                           "by_protection by_standing"),
        "rent": term("{leader}'s preferential terms", "rent standing", "by_rent by_standing"),
        "within": term("threats from within {bloc}", "within", "by_within"),
        "affinity": term("regard for leader and members", "regard", "by_affinity"),
        "belief": term("trust that {bloc} would come", "belief", "by_belief"),
        "grievance": term("harm by fellow members", "grievance", "by_grievance"),
        "exit": term("friends and sponsors outside {bloc}", "ways_out", "by_exit"),
    },
    SUSPENSION: {  # where there is a hazard, the terms add up to it
        "leader": term("{leader}'s dislike of {member}", "leader", "decides shuts"),
        "others": term("other members' dislike of {member}", "others", "decides shuts"),
    },
    READMISSION: {
        "leader": term("{leader}'s regard for {member}", "leader", "decides readmits"),
        "others": term("other members' regard for {member}", "others", "decides readmits"),
    },
    EXPULSION: {
        "leader": term("{leader}'s dislike of {member}", "leader", "decides expels"),
        "others": term("other members' dislike of {member}", "others", "decides expels"),
    },
    FREEZE: {
        "before": term("earlier shocks", "shaken", "freezing shock_memory"),
        "refused": term("own refused appeals", "refused", "freezing"),
        "harm": term("harm by fellow members", "harm", "freezing breach"),
    },
    THAW: {"worth": term("participation that is worthwhile again", "worth", "thaw skips")},
    ACCESSION: {
        "base": term("constant", "", "base"),
        "affinity": term("regard for leader and members", "regard", "by_affinity"),
        "insecurity": term("own insecurity", "insecurity", "by_insecurity"),
    },
}  # fmt: skip
LEAVING: Mapping[str, TermWords] = {  # terms of the log hazard of an exit besides its rate
    "part": term("remaining part in {bloc}", "", "exit_scale"),
    "price": term("coercion by {leader}", "price", "by_coercion overseas"),
    "need": term("losses that no outsider would replace", "ways_out", "by_need"),
}

_JUDGED: Mapping[str, InputWords] = {
    "leader": began(
        "{leader}'s regard for {member}", REGARD, "affinities.{leader}.toward.{member}"
    ),
    "others": InputWords("the other members' mean regard for {member}", REGARD),
}
MEMBERSHIP_INPUTS: Mapping[str, Mapping[str, InputWords]] = {
    **dict.fromkeys((SUSPENSION, READMISSION, EXPULSION), _JUDGED),
    FREEZE: {
        "shaken": InputWords("memory of shocks so far", "refused appeals"),
        "refused": InputWords("how far own appeals were refused just now", "appeals"),
        "harm": InputWords("harm by fellow members just now", "years of the rival's budget"),
    },
    CONTRIBUTION: {
        "regard": InputWords("{actor}'s regard for leader and members", REGARD),
        "gain": InputWords("weight of protection and terms in participation", "log odds"),
        "cost": InputWords("cost of the burden", "years of military spending"),
        "target": InputWords("{actor}'s regard for the state that it is against", REGARD),
        "at_stake": InputWords("{actor}'s stakes, times {leader}'s resolve"),
    },
    THAW: {"worth": InputWords("reasons for taking part in {bloc}", "log odds")},
    ACCESSION: {
        "regard": InputWords("{actor}'s regard for leader and members", REGARD),
        "insecurity": InputWords("{actor}'s insecurity", "points"),
        "welcome": InputWords("regard of leader and members for {actor}", REGARD),
    },
    EXIT: {
        "protection": InputWords("fall in insecurity due to {bloc}", "points"),
        "rent": InputWords("worth of {leader}'s terms", YEARS),
        "regard": InputWords("{actor}'s regard for leader and members", REGARD),
        "belief": began(
            "{actor}'s trust that {bloc} would come", SHARE, "blocs.{bloc}.belief.{actor}"
        ),
        "grievance": InputWords("harm by fellow members", "years of the rival's budget"),
        "ways_out": InputWords("how far {actor} could do without {bloc}", SHARE),
        "standing": InputWords("regard of leader and members for {actor}", REGARD),
        "dispute": InputWords("dispute that {leader} has with {actor}", SHARE),
        "within": InputWords("threat to {actor} by leader and members", "points"),
        "price": InputWords(
            "coercion by {leader} of {actor} if it left", SHARE, "blocs.{bloc}.coercion"
        ),
        "before": began(
            "{actor}'s part in {bloc} so far", SHARE, "blocs.{bloc}.engagement.{actor}"
        ),
    },
}
