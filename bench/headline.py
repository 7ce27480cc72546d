"""The flagship's headline under other rules.

    python -m bench.headline [--runs 100] [--jobs N]

The headline consists of the outcomes of the flagship's contrasts of the sale with no sale.
docs/headline_rules.csv has a row for each outcome, rule set and way of taking numbers: `held` at
their values, or `drawn`, one point for each run, over the range of the numbers that have a
distribution and of the assumed parameters of the laws in force. The rule sets are the one in force;
each other variant of each role alone; and all combinations of those variants of four roles, one
each, that alone have the largest effect, in smallest effects of interest. Runs and points are the
same under all. The command prints whether each answer stays.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import product

import numpy as np
import pandas as pd

from bench.pages import DOCS, markdown, number
from sim.experiments.effects import (
    LARGER,
    LARGER_OPEN,
    NONE,
    SMALLER,
    SMALLER_OPEN,
    UNDECIDED,
    Effect,
    paired_effect,
)
from sim.experiments.executor import executor_of, results_of
from sim.experiments.options import BLOCK, Options
from sim.experiments.outcomes import OutcomeReader, event_dates, is_bounded
from sim.experiments.processes import all_cores
from sim.experiments.structural.rule_sets import TWINS, RuleSet, set_by
from sim.experiments.structural.structural_run import RuleSetRuns, RuleSetWork
from sim.kernel.rules import ROLES, rules_in_force
from sim.metrics.catalogue import smallest_effect
from sim.scenario.load import Scenario, load
from sim.scenario.schema.outcome_syntax import Outcome

TABLE = DOCS / "headline_rules.csv"
FLAGSHIP, OF, VERSUS = "polonez_vs_iskander", "sale", "no_sale"
IN_FORCE, STABLE, OPEN = "in force", "stable", "open"
ANSWERS = (STABLE, OPEN, UNDECIDED)
SIDES = {LARGER: 1, LARGER_OPEN: 1, SMALLER: -1, SMALLER_OPEN: -1}
ROLES_CROSSED = 4
FORMAT = {"index": False, "float_format": "%.4g", "lineterminator": "\n"}


def main() -> None:
    """Write the table, and print for each outcome whether its answer stays."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=all_cores())
    asked = parser.parse_args()
    rules_table(asked.runs, asked.jobs).to_csv(TABLE, **FORMAT)
    for line in summary(pd.read_csv(TABLE)):
        print(line)


def rules_table(runs: int, jobs: int) -> pd.DataFrame:
    """Return the headline under each rule set, one row for each outcome and way of numbers."""
    scenario = load(FLAGSHIP, runs=runs)
    alone = [{}, *single_variants(scenario)]
    table = measured(scenario, alone, jobs)
    crossed = crossings(table, alone)
    table = pd.concat([table, measured(scenario, crossed, jobs)], ignore_index=True)
    own = table[table["rules"] == IN_FORCE].set_index(["numbers", "outcome"])["verdict"]
    keys = pd.MultiIndex.from_frame(table[["numbers", "outcome"]])
    return table.assign(same=table["verdict"].to_numpy() == own.loc[keys].to_numpy())


def single_variants(scenario: Scenario) -> Iterator[RuleSet]:
    """Yield each variant of each role that is not in force, alone."""
    for role, rule in rules_in_force(scenario.base.rules).items():
        for variant in ROLES[role]:
            if variant != rule and variant not in TWINS.get(role, ()):
                yield {role: variant}


def name_of(rules: RuleSet) -> str:
    """Return a rule set in words."""
    return "; ".join(f"{role}={variant}" for role, variant in rules.items()) or IN_FORCE


def crossings(table: pd.DataFrame, alone: Sequence[RuleSet]) -> list[RuleSet]:
    """Return the combinations of two or more of the variants with the largest effects."""
    drawn = table[table["numbers"] == "drawn"]
    own = drawn[drawn["rules"] == IN_FORCE].set_index("outcome")["mean"]
    moved = (drawn["mean"] - drawn["outcome"].map(own)).abs() / drawn["smallest"]
    far = moved.groupby(drawn["rules"]).max()
    ranked = sorted(filter(None, alone), key=lambda rules: -far[name_of(rules)])
    best: dict[str, str] = {}
    for rules in ranked:
        for role, variant in rules.items():
            if role in best or len(best) < ROLES_CROSSED:
                best.setdefault(role, variant)
    chosen = product(*([(), (pair,)] for pair in best.items()))
    sets = [dict(pair for part in parts for pair in part) for parts in chosen]
    return [each for each in sets if len(each) > 1]


def headline(scenario: Scenario) -> list[Outcome]:
    """Return the outcomes of the scenario's contrasts of the sale."""
    asked = scenario.base.contrasts.values()
    wanted = {
        " ".join(text.split()) for each in asked if each.of == OF and each.versus == VERSUS
        for text in each.about
    }  # fmt: skip
    return [each for each in scenario.outcomes if each.text in wanted]


def measured(scenario: Scenario, sets: Sequence[RuleSet], jobs: int) -> pd.DataFrame:
    """Return the headline under some rule sets, with numbers held and with numbers drawn."""
    outcomes = headline(scenario)
    rows = [
        {
            "numbers": "drawn" if drawn else "held",
            "rules": name_of(rules),
            "outcome": outcome.text,
            OF: float(np.nanmean(values[OF][at])),
            VERSUS: float(np.nanmean(values[VERSUS][at])),
        }
        | cells(effect_of(scenario, outcome, values[OF][at], values[VERSUS][at]))
        for drawn in (False, True)
        for rules, values in runs_of(scenario, outcomes, sets, drawn=drawn, jobs=jobs)
        for at, outcome in enumerate(outcomes)
    ]
    return pd.DataFrame(rows)


def runs_of(
    scenario: Scenario,
    outcomes: Sequence[Outcome],
    sets: Sequence[RuleSet],
    *,
    drawn: bool,
    jobs: int,
) -> Iterator[tuple[RuleSet, Mapping[str, np.ndarray]]]:
    """Yield each rule set with the outcomes of both variants, (outcomes, runs)."""
    models = {name: scenario.variants[name] for name in (OF, VERSUS)}
    held = {name: each.model_copy(update={"uncertain": False}) for name, each in models.items()}
    runs = scenario.base.runs
    work = RuleSetWork(
        models=held,
        rule_sets=sets,
        fixed=set_by(scenario.variants.values()),
        points=runs if drawn else 1,
        replicates=1 if drawn else runs,
        seed=scenario.base.seed,
        read=OutcomeReader(tuple(outcomes), event_dates(scenario), Options()),
    )
    tasks = [
        RuleSetRuns(name, start, min(start + BLOCK, runs), rule_set=at)
        for at in range(len(sets))
        for name in held
        for start in range(0, runs, BLOCK)
    ]
    found: dict[tuple[int, str], list[np.ndarray]] = {}
    with closing(results_of(work, tasks, executor_of(jobs))) as results:
        for task, values in zip(tasks, results, strict=True):
            found.setdefault((task.rule_set, task.variant), []).append(values)
    for at, rules in enumerate(sets):
        yield rules, {name: np.concatenate(found[at, name], axis=1) for name in held}


def effect_of(
    scenario: Scenario, outcome: Outcome, values: np.ndarray, reference: np.ndarray
) -> Effect:
    """Return the effect of the sale on an outcome."""
    smallest = smallest_effect(outcome.metric, scenario.base.smallest)
    return paired_effect(values, reference, smallest=smallest, share=is_bounded(outcome))


def cells(effect: Effect) -> dict[str, object]:
    """Return the columns with the size of an effect."""
    found = effect.interval
    return {
        "runs": found.runs,
        "mean": found.mean,
        "low": found.low,
        "high": found.high,
        "above": effect.above,
        "below": effect.below,
        "smallest": effect.smallest,
        "verdict": effect.verdict,
    }


def stability(table: pd.DataFrame) -> pd.DataFrame:
    """Return for each outcome, numbers held and drawn, over how many rule sets the answer stays.

    `against` counts rule sets whose interval is on the other side of 0 than that of the rules in
    force, and not negligible. `contrary` counts those whose verdict excludes that of the rules in
    force: larger or smaller instead of no difference to speak of, or the reverse. `same` counts
    those with the same verdict. An answer is *stable* if all have it, *open* if some do not decide
    it, *undecided* if some are against it or contrary to it.
    """
    return pd.DataFrame(
        _over_rules(str(numbers), str(outcome), part)
        for (numbers, outcome), part in table.groupby(["numbers", "outcome"], sort=False)
    )


def _over_rules(numbers: str, outcome: str, part: pd.DataFrame) -> dict[str, object]:
    own = part[part["rules"] == IN_FORCE].iloc[0]
    verdict = part["verdict"]
    side = verdict.map(SIDES).fillna(0)
    own_side = np.sign(own["low"]) if np.sign(own["low"]) == np.sign(own["high"]) else 0
    against = side * own_side < 0
    sized = {NONE: (LARGER, SMALLER), LARGER: (NONE,), SMALLER: (NONE,)}
    contrary = verdict.isin(sized.get(own["verdict"], ()))
    same = verdict == own["verdict"]
    stays = STABLE if same.all() and not against.any() else OPEN
    return {
        "numbers": numbers,
        "outcome": outcome,
        "rule_sets": len(part),
        "in_force": own["mean"],
        "least": part["mean"].min(),
        "most": part["mean"].max(),
        "verdict": own["verdict"],
        "same": int(same.sum()),
        "contrary": int(contrary.sum()),
        "against": int(against.sum()),
        "answer": UNDECIDED if (contrary | against).any() else stays,
    }


def rule_sets() -> str:
    """Return the number of rule sets in words."""
    return str(stability(pd.read_csv(TABLE))["rule_sets"].max())


def answers() -> str:
    """Return a list of the answers that stay over rule sets, with numbers both held and drawn."""
    found = stability(pd.read_csv(TABLE))
    worst = found["answer"].map(ANSWERS.index).groupby(found["outcome"], sort=False).max()
    parts = []
    for at, answer in enumerate(ANSWERS):
        names = [f"`{name}`" for name in worst.index[worst == at]]
        parts.append(f"- *{answer}*, {len(names)} of {len(worst)}: {', '.join(names) or 'none'}")
    return "\n".join(parts)


def summary(table: pd.DataFrame) -> Iterator[str]:
    """Yield a line for each outcome: the answer of the rules in force, and whether it stays."""
    for row in stability(table).to_dict("records"):
        yield (
            "{outcome}, numbers {numbers}: {in_force:.3g}, {verdict}; {least:.3g} to {most:.3g} "
            "over {rule_sets} rule sets, {same} of one verdict, {contrary} contrary, {against} "
            "with the other sign: {answer}"
        ).format(**row)


def table() -> str:
    """Return the table, for a page, of the number of rule sets over which each answer stays."""
    head = ["outcome, sale less no sale", "numbers", "rules in force", "verdict"]
    head += ["over rule sets", "same verdict", "contrary, or other sign", "so the answer is"]
    return markdown(
        head,
        (
            (
                f"`{row['outcome']}`",
                row["numbers"],
                number(row["in_force"]),
                row["verdict"],
                f"{number(row['least'])} to {number(row['most'])}",
                f"{row['same']} of {row['rule_sets']}",
                f"{row['contrary']}, {row['against']}",
                row["answer"],
            )
            for row in stability(pd.read_csv(TABLE)).to_dict("records")
        ),
    )


if __name__ == "__main__":
    main()
