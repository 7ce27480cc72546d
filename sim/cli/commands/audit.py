"""The numbers that are sourced or assumed, and the share of variance due to each kind."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Annotated

from sim.cli.app import Scenario, Sets, command, option
from sim.cli.screen import Screen, aligned, progress, table
from sim.cli.shared import published, refuse_others, variant_of
from sim.cli.streams import echo, say
from sim.documents.nodes import LAWS
from sim.documents.sources import ASSUMED
from sim.experiments.accounts import KINDS, MIXED, SOURCED, Account, counted
from sim.experiments.audit import CHANCE, FILES, Audit, Finding, document, write
from sim.records.store import place_of
from sim.seeing.numerals import brief
from sim.seeing.study_sentences import assumed_by_block

_ABOUT = (
    "A number counts as sourced if its section names only keys of the references, as mixed if the "
    "section lists both a key and `assumed` (a remark may say which number is which), and as "
    "hypothesis if a variant or --set has changed it."
)
_SHARES = (
    "Shares of variance by group, with 95 % intervals as +-: `alone` is the share that knowing the "
    "group would remove, `in all` also counts its interactions. With few points, estimates can "
    "fall outside 0 to 1. Parameters of laws are drawn over their bounds (or a narrower range "
    "that the law declares), numbers of the scenario from their own distributions. {still} assumed "
    "or mixed numbers have no distribution and are held fixed: these shares leave out their effect."
)


@command("Example: blocsim audit polonez_vs_iskander --runs 256 --out results/audit")
def audit(
    scenario: Scenario,
    *,
    runs: Annotated[
        int,
        option(
            "Points of the design, rounded up to a power of two; each takes two runs, plus one"
            " for every group of inputs. 0: only count the numbers.",
            min=0,
            max=2**20,
        ),
    ] = 128,
    out: Annotated[
        Path | None, option("Folder for the two tables (default: none are written).")
    ] = None,
    as_json: Annotated[bool, option("Print the audit as JSON.", "--json")] = False,
    variant: Annotated[str, option("The variant to audit.")] = "baseline",
    sets: Sets = None,
) -> None:
    """Count sourced and assumed numbers, and split the outcomes' variance between them."""
    subject, _ = variant_of(scenario, variant, sets)
    plan = Audit(subject, variant, runs)
    folder = None if out is None else place_of(out)
    if folder is not None:
        refuse_others(folder, FILES, "audit", force=True)
    if plan.runs:
        say(_cost(plan, runs))
    with progress(f"audit of {subject.name}") as step:
        findings = plan.findings(step)
    if as_json:
        echo(json.dumps(document(plan, findings), indent=1, allow_nan=False))
    else:
        screen = Screen()
        screen.print(f"{subject.title} ({subject.name}, variant {variant})", style="bold")
        _print_counts(screen, plan.numbers)
        _print_assumed(screen, plan.numbers)
        _print_shares(screen, plan, findings)
    if folder is not None:
        with published(folder) as place:
            write(place, plan, findings)
        say(f"tables are in {folder}")


def _cost(plan: Audit, points: int) -> str:
    design = plan.design
    rounded = "" if design.points == points else f" ({points} asked, rounded up to a power of two)"
    groups = ", ".join(f"{len(inputs)} {group}" for group, inputs in design.groups.items())
    return (
        f"{design.points} points{rounded}, {len(design.groups)} groups of inputs ({groups}): "
        f"{plan.runs} runs in one process"
    )


def _print_counts(screen: Screen, numbers: Sequence[Account]) -> None:
    heads = (*KINDS, "numbers", "sourced, %", "assumed, %")
    counts = table("block", *heads, title="Numbers in force by source", numbers=heads)
    blocks = counted(numbers)
    own = {kind: sum(c[kind] for b, c in blocks.items() if b != LAWS) for kind in KINDS}
    laws = {LAWS: blocks.pop(LAWS)} if LAWS in blocks else {}
    for block, count in {**blocks, "scenario in all": own, **laws}.items():
        total = sum(count.values())
        shares = [f"{100 * count[kind] / max(total, 1):.1f}" for kind in (SOURCED, ASSUMED)]
        counts.add_row(block, *(str(count[kind]) for kind in KINDS), str(total), *shares)
    screen.print(counts)
    screen.print(_ABOUT)


def _print_assumed(screen: Screen, numbers: Sequence[Account]) -> None:
    screen.print("\nAssumed numbers", style="bold")
    for text in assumed_by_block(numbers):
        screen.print(text)


def _print_shares(screen: Screen, plan: Audit, findings: Sequence[Finding]) -> None:
    if not findings:
        screen.print(
            "\nNo shares of variance, because of --runs 0 or because the scenario has no outcomes."
        )
        return
    groups = list(plan.design.groups)
    known = [each for each in findings if not math.isnan(each.shares[0].first)]
    rows = [["", *groups]]
    for each in known:
        rows.append(["alone", *(f"{e.first:.2f} +-{e.first_half:.2f}" for e in each.shares)])
        rows.append(["in all", *(f"{e.total:.2f} +-{e.total_half:.2f}" for e in each.shares)])
    head, *lines = aligned(rows, screen.width)
    screen.print("\nVariance of the outcomes", style="bold")
    screen.print(head, style="underline")
    for each in findings:
        level = f"mean {brief(each.mean)}, sd {brief(each.sd)}"
        screen.print(f"{each.outcome.text}  {level}", style="bold")
        if each in known:
            screen.print("\n".join((lines.pop(0), lines.pop(0))))
        else:
            screen.print("  does not vary, or has no value in too many runs")
    still = sum(e.kind in (ASSUMED, MIXED) and e.spread is None for e in plan.numbers)
    screen.print(_SHARES.format(still=still))
    screen.print(_headline(known, groups), style="bold")


def _headline(known: Sequence[Finding], groups: Sequence[str]) -> str:
    """Return the median of the shares over all outcomes that vary."""
    if not known:
        return "No outcome varies."
    parts = []
    for at, group in enumerate(groups):
        first = median(each.shares[at].first for each in known)
        total = median(each.shares[at].total for each in known)
        name = group if group == CHANCE else f"{group} numbers"
        parts.append(f"{name} {first:.2f} alone, {total:.2f} in all")
    return f"Median over {len(known)} outcomes that vary: {'; '.join(parts)}."
