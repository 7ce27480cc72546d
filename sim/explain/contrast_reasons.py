"""Contrast reasons: which reasons weigh differently in the variants of a contrast (`why.csv`)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sim.experiments.watch.choices import ANSWER, CONSENT, EXIT, OBJECTION, REQUEST, RESPONSE
from sim.explain.vocabulary import TERMS, UNITS
from sim.records.first_run_tables import WHY
from sim.records.results import Results
from sim.scenario.schema.outcome_syntax import parse_outcome
from sim.seeing.outcome_names import name_of
from sim.seeing.scenario_answer import ScenarioAnswer

FEWEST = 20  # cases in both variants
SURE = 2.0  # standard errors that a difference has to be
BASE = "base"  # the term that is no reason
ANYBODY = {  # where a reason is that of many decisions
    "recipient": "the buyer",
    "supplier": "the supplier",
    "system": "the system",
    "bloc": "the bloc",
    "leader": "the leader",
    "victim": "the victim",
    "attacker": "the attacker",
}
DECISIONS = {
    REQUEST: "in what {actor} asks for",
    CONSENT: "when {actor} is asked to consent",
    OBJECTION: "when {actor} may object",
    RESPONSE: "when {actor} responds to objections",
    ANSWER: "when {actor} is called",
    EXIT: "in how far {actor} takes part",
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
        """Return the difference in words."""
        where = DECISIONS[self.decision].format(actor=self.name)
        weight = f"{self.difference:+.2f} {self.unit}"
        return f"The reason that differs most: {self.words}, {weight} {where}."


def contrast_reasons(
    results: Results, of: str, versus: str, actors: Collection[str] | None = None
) -> list[ContrastReason]:
    """Return the reasons whose mean contributions differ surely, those that differ most first.

    They are of all decisions of a kind by one actor; `actors` are those that count, else all.
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
        & (table["mean"].abs() > SURE * table["se"])
    ]
    if actors is not None:
        rows = rows[rows["actor"].isin(list(actors))]
    order = rows["mean"].abs().sort_values(ascending=False, kind="stable").index
    document = results.manifest["scenario"]["document"]
    found = []
    for row in rows.loc[order].to_dict("records"):
        known = TERMS.get(row["decision"], {}).get(row["term"])
        if known is None:  # of a law of the user's
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
                words=known.words.format_map({**ANYBODY, "actor": name}),
                difference=row["mean"],
                error=row["se"],
                unit=UNITS.get(row["decision"], "log odds"),
                cases=int(row["cases"]),
            )
        )
    return found


def main_reasons(results: Results, answer: ScenarioAnswer) -> dict[str, ContrastReason]:
    """Return by contrast the reason that differs most, of the states that its outcomes name."""
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
