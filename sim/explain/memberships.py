"""Memberships: decisions and changes of membership in a bloc, in words."""

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
from sim.experiments.watch.run_events import (
    CONTRIBUTED,
    DECLINED,
    DOWN,
    ENDS_TERMS,
    EXPELLED,
    JOINED,
    READMITTED,
    SHUT,
    UP,
)
from sim.seeing.running_text import possessives

STAGES = (  # stages of disengagement, as numbered by the law of membership
    "takes full part", "skips drills", "refuses to host", "has frozen its membership",
    "stops paying", "announces its exit",
)  # fmt: skip
JUDGEMENTS: Mapping[str, str] = {  # decisions and requests of blocs, by kind of event of a run
    CONTRIBUTED: "{actor} makes the contribution that {bloc} asks for.",
    DECLINED: "{actor} refuses the contribution that {bloc} asks for.",
    ENDS_TERMS: "The leader of {bloc} ends its terms for {actor}.",
    SHUT: "{bloc} excludes {actor}.",
    READMITTED: "{bloc} readmits {actor}.",
    EXPELLED: "{bloc} expels {actor}.",
    JOINED: "{actor} joins {bloc}.",
}
DECIDED: Mapping[str, str] = {  # the decision behind it; for a step, the possible one
    SHUT: SUSPENSION, READMITTED: READMISSION, EXPELLED: EXPULSION, JOINED: ACCESSION,
    CONTRIBUTED: CONTRIBUTION, DECLINED: CONTRIBUTION, DOWN: FREEZE, UP: THAW,
}  # fmt: skip
WEIGHT = 60.0  # of a judgement in a story


def turn(kind: str, stage: float, actor: str, bloc: str) -> str:
    """Return a sentence on a decision of a bloc, a step of disengagement or an exit."""
    if kind in JUDGEMENTS:
        return possessives(JUDGEMENTS[kind].format(actor=actor, bloc=bloc))
    if kind == EXIT:
        return f"{actor} leaves {bloc}."
    way = "away from" if kind == DOWN else "back towards"
    return f"{actor} steps {way} {bloc}: it {STAGES[int(stage)]}."
