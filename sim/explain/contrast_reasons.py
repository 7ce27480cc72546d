"""Contrast reasons: reasons that weigh differently in the variants of a contrast (`why.csv`).

States also face different choices in different variants: if Russia does not sell, Azerbaijan has a
higher mean regard for the suppliers it may ask, though its regard for each is the same. So a
reason is reported only if it differs for the same sales, appeals and blocs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

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
from sim.explain.vocabulary import TERMS, UNITS
from sim.records.first_run_tables import WHY
from sim.records.results import Results
from sim.scenario.schema.outcome_syntax import parse_outcome
from sim.seeing.numerals import weighed
from sim.seeing.outcome_names import name_of
from sim.seeing.running_text import possessives
from sim.seeing.scenario_answer import ScenarioAnswer

FEWEST = 20  # cases in both variants together
LEAST = 0.1  # log odds or utility: at even odds, 2.5 points of a probability
KEPT = 0.75  # smallest share of a difference that must exist for the same subjects
SURE = 2.0  # smallest difference in standard errors
BASE = "base"  # the term that is not a reason
ANYBODY = {  # where a reason is of many decisions
    "recipient": "the buyer",
    "supplier": "the supplier",
    "system": "the system",
    "bloc": "the bloc",
    "leader": "the leader",
    "victim": "the victim",
    "attacker": "the attacker",
    "member": "the member",
    "offender": "the offender",
    "other": "the other side",
    "deed": "deal",
    "rule": "the bloc's norm or custom",
}
DECISIONS = {
    REQUEST: "in the requests of {actor}",
    CONSENT: "when {actor} is asked to consent",
    OBJECTION: "when {actor} may object",
    RESPONSE: "when {actor} responds to objections",
    ANSWER: "when {actor} is called to an ally's aid",
    EXIT: "in the participation of {actor}",
    CONCESSION: "when {actor} may yield to a threat",
    CONTRIBUTION: "when a bloc asks {actor} for a contribution",
    SUSPENSION: "when a bloc led by {actor} may exclude a member",
    READMISSION: "when a bloc led by {actor} may readmit a member",
    EXPULSION: "when a bloc led by {actor} may expel a member",
    FREEZE: "when {actor} may freeze its membership",
    THAW: "when {actor} may end a freeze",
    ACCESSION: "when {actor} may join a bloc",
}


@dataclass(frozen=True)
class ContrastReason:
    """A reason of one actor that weighs differently in two variants."""

    of: str
    versus: str
    decision: str
    actor: str
    name: str  # of the actor
    term: str
    words: str
    difference: float
    error: float  # standard error
    unit: str
    cases: int

    @property
    def sentence(self) -> str:
        """Return the difference in words, without claiming an effect on outcomes."""
        where = possessives(DECISIONS[self.decision].format(actor=self.name))
        weight = f"{weighed(self.difference)} {self.unit}"
        return f"Largest change among reasons: {self.words}, {weight} {where}."


def contrast_reasons(
    results: Results, of: str, versus: str, actors: Collection[str] | None = None
) -> list[ContrastReason]:
    """Return the reasons whose mean contributions certainly differ, largest difference first.

    They are over all decisions of a kind by one actor; `actors` limits them to some. Differences
    that are due to different choices faced by the actor are left out.
    """
    if WHY.name not in list(results):  # a result of an earlier format
        return []
    table = results[WHY.name]
    rows = table[
        (table["variant"] == of)
        & (table["versus"] == versus)
        & (table["actor"] != "")
        & (table["subject"] == "")
        & (table["term"] != BASE)
        & (table["cases"] >= FEWEST)
        & (table["mean"].abs() >= LEAST)
        & (table["mean"].abs() > SURE * table["se"])
    ]
    if actors is not None:
        rows = rows[rows["actor"].isin(list(actors))]
    order = rows["mean"].abs().sort_values(ascending=False, kind="stable").index
    document = results.manifest["scenario"]["document"]
    found = []
    for row in rows.loc[order].to_dict("records"):
        known = TERMS.get(row["decision"], {}).get(row["term"])
        if known is None or not _is_kept(table, row):  # a user's own law has no words
            continue
        name = name_of("state", row["actor"], document)
        found.append(
            ContrastReason(
                of=of,
                versus=versus,
                decision=row["decision"],
                actor=row["actor"],
                name=name,
                term=row["term"],
                words=possessives(known.words.format_map({**ANYBODY, "actor": name})),
                difference=row["mean"],
                error=row["se"],
                unit=UNITS[row["decision"]],
                cases=int(row["cases"]),
            )
        )
    return found


def _is_kept(table: pd.DataFrame, row: Mapping[Any, Any]) -> bool:
    """Return whether most of a difference exists for the subjects that both variants have.

    Differences by subject are weighted as by Mantel and Haenszel, by the cases of both variants.
    """
    mine = table[
        (table["decision"] == row["decision"])
        & (table["actor"] == row["actor"])
        & (table["term"] == row["term"])
        & (table["subject"] != "")
        & (table["versus"] == "")
    ]
    one, other = (
        mine[mine["variant"] == row[name]].set_index("subject") for name in ("variant", "versus")
    )
    both = one.index.intersection(other.index)
    if mine.empty:  # no subject occurs often enough to be listed
        return True
    one, other = one.loc[both], other.loc[both]
    weight = one["cases"] * other["cases"] / (one["cases"] + other["cases"])
    if not len(both) or not weight.sum() > 0:
        return False
    alike = float(((one["mean"] - other["mean"]) * weight).sum() / weight.sum())
    return alike / float(row["mean"]) >= KEPT


def main_reasons(results: Results, answer: ScenarioAnswer) -> dict[str, ContrastReason]:
    """Return by contrast the reason that differs most, for the states that its outcomes name."""
    found = {}
    for contrast in answer.contrasts:
        named = [
            name
            for finding in contrast.findings
            for kind, name in parse_outcome(finding.outcome).names
            if kind == "state"
        ]
        reasons = contrast_reasons(results, contrast.of, contrast.versus, named or None)
        if reasons:
            found[contrast.name] = reasons[0]
    return found
