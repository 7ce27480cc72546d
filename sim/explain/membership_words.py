"""Membership words: the terms of what becomes of a state's place in a bloc, and their numbers."""

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
        "base": term("without any reason", "", "base"),
        "regard": term("regard for leader and members", "regard", "by_regard"),
        "gain": term("protection and terms in {bloc}", "gain", "by_gain"),
        "cost": term("what it costs", "cost", "by_cost"),
        "target": term("regard for the state against which it is", "target", "by_target"),
        "leverage": term("what {leader} would withhold", "at_stake", "by_leverage"),
    },
    EXIT: {
        "base": term("without any reason", "", "base"),
        "protection": term("protection by {bloc}", "protection standing dispute",
                           "by_protection by_standing"),
        "rent": term("{leader}'s preferential terms", "rent standing", "by_rent by_standing"),
        "within": term("threats from within {bloc}", "within", "by_within"),
        "affinity": term("regard for leader and members", "regard", "by_affinity"),
        "belief": term("trust that {bloc} would come", "belief", "by_belief"),
        "grievance": term("harm by fellow members", "grievance", "by_grievance"),
        "exit": term("friends and sponsors outside {bloc}", "ways_out", "by_exit"),
    },
    SUSPENSION: {  # of what has a hazard, the terms add up to it
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
        "before": term("what shook it before", "shaken", "freezing shock_memory"),
        "refused": term("own appeals that were refused", "refused", "freezing"),
        "harm": term("harm by fellow members", "harm", "freezing breach"),
    },
    THAW: {"worth": term("that taking part is worth it again", "worth", "thaw skips")},
    ACCESSION: {
        "base": term("without any reason", "", "base"),
        "affinity": term("regard for leader and members", "regard", "by_affinity"),
        "insecurity": term("own insecurity", "insecurity", "by_insecurity"),
    },
}  # fmt: skip
LEAVING: Mapping[str, TermWords] = {  # what moves the log hazard of an exit beside its rate
    "part": term("part in {bloc} that is left", "", "exit_scale"),
    "price": term("what {leader} could do", "price", "by_coercion overseas"),
    "need": term("what nobody outside would replace", "ways_out", "by_need"),
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
        "gain": InputWords("what protection and terms count in taking part", "log odds"),
        "cost": InputWords("cost of the burden", "years of military spending"),
        "target": InputWords("{actor}'s regard for the state against which it is", REGARD),
        "at_stake": InputWords("what {actor} has at stake, by {leader}'s resolve"),
    },
    THAW: {"worth": InputWords("what speaks for taking part in {bloc}", "log odds")},
    ACCESSION: {
        "regard": InputWords("{actor}'s regard for leader and members", REGARD),
        "insecurity": InputWords("{actor}'s insecurity", "points"),
        "welcome": InputWords("regard of leader and members for {actor}", REGARD),
    },
    EXIT: {
        "protection": InputWords("insecurity without {bloc}, less with it", "points"),
        "rent": InputWords("worth of {leader}'s terms", YEARS),
        "regard": InputWords("{actor}'s regard for leader and members", REGARD),
        "belief": began(
            "{actor}'s trust that {bloc} would come", SHARE, "blocs.{bloc}.belief.{actor}"
        ),
        "grievance": InputWords("harm by fellow members", "years of the rival's budget"),
        "ways_out": InputWords("how far {actor} could walk away", SHARE),
        "standing": InputWords("regard of leader and members for {actor}", REGARD),
        "dispute": InputWords("dispute that {leader} has with {actor}", SHARE),
        "within": InputWords("threat to {actor} by leader and members", "points"),
        "price": InputWords(
            "what {leader} could do to {actor} if it left", SHARE, "blocs.{bloc}.coercion"
        ),
        "before": began(
            "{actor}'s part in {bloc} so far", SHARE, "blocs.{bloc}.engagement.{actor}"
        ),
    },
}
