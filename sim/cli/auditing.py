"""`blocsim audit`: which numbers are facts, and how much of the outcomes rests on the others."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import typer
from rich.console import Console
from rich.text import Text

from sim.cli.choosing import chosen
from sim.cli.ending import say
from sim.cli.screen import brief, console, progress, table
from sim.documents.nodes import LAWS
from sim.documents.sources import ASSUMED
from sim.experiments.audit import (
    CHANCE,
    KINDS,
    MIXED,
    SOURCED,
    Account,
    Audit,
    Finding,
    counted,
    document,
    free_place,
    publish,
)

_ABOUT = (
    "A number counts as sourced if its block names keys of the references alone, as mixed if the "
    "block lists a key and `assumed` (which of its numbers is which, only a remark may say), as "
    "hypothesis if a variant or --set has changed it."
)
_SHARES = (
    "Shares of variance by group, each 95 % interval as +-: `alone` is what knowing the group "
    "would take away, `in all` also counts its interactions. Estimates can leave 0 to 1 where "
    "points are few. Parameters of laws are drawn over their bounds (or the narrower range that "
    "a law declares), numbers of the scenario from their own spread. {still} assumed or "
    "mixed numbers carry none and stand still: what rests on them is not in these shares."
)


def audit_command(
    name: str,
    *,
    variant: str,
    points: int,
    out: Path | None,
    as_json: bool,
    sets: tuple[str, ...],
) -> None:
    """Count the numbers of a variant by source, and share out the variance of its outcomes."""
    scenario, _ = chosen(name, variant, sets)
    audit = Audit(scenario, variant, points)
    folder = None if out is None else free_place(out)
    if audit.runs:
        say(_cost(audit, points))
    with progress(f"audit of {scenario.name}") as step:
        findings = audit.findings(step)
    if as_json:
        typer.echo(json.dumps(document(audit, findings), indent=1, allow_nan=False))
    else:
        screen = console()
        title = Text(scenario.title, style="bold")
        screen.print(title.append(f" ({scenario.name}, variant {variant})", style="not bold"))
        _print_counts(screen, audit.numbers)
        _print_assumed(screen, audit.numbers)
        _print_shares(screen, audit, findings)
    if folder is not None:
        publish(folder, audit, findings)
        say(f"tables are in {folder}")


def _cost(audit: Audit, asked: int) -> str:
    """Return what the audit will run, told before it does."""
    design = audit.design
    rounded = "" if design.points == asked else f" ({asked} asked, rounded up to a power of two)"
    groups = ", ".join(f"{len(inputs)} {group}" for group, inputs in design.groups.items())
    return (
        f"{design.points} points{rounded}, {len(design.groups)} groups of inputs ({groups}): "
        f"{audit.runs} runs in one process"
    )


def _print_counts(screen: Console, numbers: Sequence[Account]) -> None:
    """Print how many numbers of each kind every block holds."""
    heads = (*KINDS, "numbers", "sourced, %", "assumed, %")
    made = table("block", *heads, title="Numbers in force by source", numbers=heads)
    blocks = counted(numbers)
    own = {kind: sum(c[kind] for b, c in blocks.items() if b != LAWS) for kind in KINDS}
    laws = {LAWS: blocks[LAWS]} if LAWS in blocks else {}
    rest = {block: count for block, count in blocks.items() if block != LAWS}
    for block, count in {**rest, "scenario in all": own, **laws}.items():
        total = sum(count.values())
        cells = [str(count[kind]) for kind in KINDS]
        shares = [f"{100 * count[kind] / max(total, 1):.1f}" for kind in (SOURCED, ASSUMED)]
        made.add_row(block, *cells, str(total), *shares)
    screen.print(made)
    screen.print(_ABOUT)


def _print_assumed(screen: Console, numbers: Sequence[Account]) -> None:
    """Print the assumed numbers, block by block and entry by entry."""
    found: dict[str, dict[str, list[str]]] = {}
    for each in numbers:
        if each.kind == ASSUMED:
            _, *steps, last = each.path.steps
            found.setdefault(each.block, {}).setdefault(".".join(steps), []).append(last)
    screen.print(Text("\nAssumed numbers", style="bold"))
    for block, entries in found.items():
        texts = [f"{name} ({', '.join(keys)})" for name, keys in entries.items()]
        count = sum(len(keys) for keys in entries.values())
        screen.print(Text(f"{block}, {count}: ", style="bold").append("; ".join(texts), "not bold"))


def _print_shares(screen: Console, audit: Audit, findings: Sequence[Finding]) -> None:
    """Print the shares of variance of every outcome."""
    if not findings:
        screen.print("\nNo shares of variance: --runs 0, or the scenario has no outcomes.")
        return
    still = sum(e.kind in (ASSUMED, MIXED) and e.spread is None for e in audit.numbers)
    groups = list(audit.design.groups)
    screen.print(Text("\nVariance of the outcomes", style="bold"))
    screen.print(Text(_line("", groups), style="underline"))
    for each in findings:
        level = f"  mean {brief(each.mean)}, sd {brief(each.sd)}"
        screen.print(Text(each.outcome.text, style="bold").append(level, "not bold"))
        if math.isnan(each.shares[0].first):
            screen.print("  does not vary, or has no value in too many runs")
            continue
        first = [_said(share.first, share.first_half) for share in each.shares]
        total = [_said(share.total, share.total_half) for share in each.shares]
        screen.print(_line("alone", first))
        screen.print(_line("in all", total))
    screen.print(_SHARES.format(still=still))
    screen.print(Text(_headline(findings, groups), style="bold"))


def _headline(findings: Sequence[Finding], groups: Sequence[str]) -> str:
    """Return the middle of the shares over all outcomes that vary."""
    known = [each for each in findings if not math.isnan(each.shares[0].first)]
    if not known:
        return "No outcome varies."
    parts = []
    for at, group in enumerate(groups):
        first = median(each.shares[at].first for each in known)
        total = median(each.shares[at].total for each in known)
        name = group if group == CHANCE else f"{group} numbers"
        parts.append(f"{name} {first:.2f} alone, {total:.2f} in all")
    return f"Median over {len(known)} outcomes that vary: {'; '.join(parts)}."


def _line(name: str, cells: Sequence[str]) -> str:
    """Return a line of the shares, a column for each group."""
    return f"  {name:8}" + "".join(f"{cell:>16}" for cell in cells)


def _said(share: float, half: float) -> str:
    """Return a share with half its interval."""
    return f"{share:.2f} +-{half:.2f}"
