"""Memberships: what becomes of a state's place in a bloc, in words."""

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

STAGES = (  # of disengagement, as the law of membership counts them
    "takes full part", "skips drills", "refuses to host", "has frozen its part", "stops paying",
    "announces its exit",
)  # fmt: skip
JUDGEMENTS: Mapping[str, str] = {  # what blocs decide or ask, by kind of event of a run
    CONTRIBUTED: "{actor} bears what {bloc} asks of it.",
    DECLINED: "{actor} refuses what {bloc} asks of it.",
    ENDS_TERMS: "The leader of {bloc} ends its terms for {actor}.",
    SHUT: "{bloc} shuts out {actor}.",
    READMITTED: "{bloc} lets {actor} in again.",
    EXPELLED: "{bloc} expels {actor}.",
    JOINED: "{actor} joins {bloc}.",
}
DECIDED: Mapping[str, str] = {  # by which decision it came; of a step, what may be behind it
    SHUT: SUSPENSION, READMITTED: READMISSION, EXPELLED: EXPULSION, JOINED: ACCESSION,
    CONTRIBUTED: CONTRIBUTION, DECLINED: CONTRIBUTION, DOWN: FREEZE, UP: THAW,
}  # fmt: skip
WEIGHT = 60.0  # of a judgement in a story


def turn(kind: str, stage: float, actor: str, bloc: str) -> str:
    """Return a sentence on a judgement, a step on the ladder or an exit."""
    if kind in JUDGEMENTS:
        return JUDGEMENTS[kind].format(actor=actor, bloc=bloc)
    if kind == EXIT:
        return f"{actor} leaves {bloc}."
    way = "away from" if kind == DOWN else "back towards"
    return f"{actor} steps {way} {bloc}: it {STAGES[int(stage)]}."
