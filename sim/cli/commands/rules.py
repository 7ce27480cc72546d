"""The variants of the laws by role, as a table or as the page docs/rules.md."""

from __future__ import annotations

import inspect
import sys
from itertools import groupby
from textwrap import dedent
from typing import Annotated

from sim.cli.app import command, option
from sim.cli.screen import Screen, table
from sim.cli.streams import echo, markdown
from sim.experiments.structural.rule_sets import DISPUTED, TWINS
from sim.kernel.parameters import Parameter, parameters_of
from sim.kernel.rules import ROLES

HEADS = ("parameter", "of", "value", "bounds", "unit", "source", "meaning")
_PAGE = """# Rules

<!-- Generated: `blocsim rules --markdown > docs/rules.md` -->

Where the literature disagrees, or a policy is open, a law has several variants. A scenario chooses
by role. The first variant is the default, and the parameters are given under `laws`:

```yaml
rules: {threat: balance_of_power, answer: leeds}
laws: {threat: {reach: 2000}}
```

`blocsim run SCENARIO --structural` crosses the variants of the roles in dispute
(%s)
over shared draws of numbers and shared randomness. It splits the spread of every outcome into
chance, parameters and rules. The part `parameters` draws the numbers of the scenario that name a
distribution, by that distribution, and the assumed parameters of the laws in force, over their
bounds (over the logarithm where these are positive and a hundredfold or more apart; over a narrower
range where a law declares one). It leaves out numbers that the scenario or one of its variants sets
under `laws`, and plain numbers of the scenario, which have no spread of their own. A rule set draws
the parameters of its own laws alone. A parameter that two rule sets share has the same quantile in
both. Calibration, audit and sensitivity draw from the same distributions.

`--roles` names other roles. One variant is not crossed unless a scenario chooses it: %s is
the law of another variant, with a number of your own.
A parameter that a scenario gives to its own variant holds for the others that declare the same.

Roles with one law are not listed here: `blocsim show SCENARIO --what laws` names them all. Keys of
sources are those of `references.bib`.
"""


@command("Example: blocsim rules")
def rules(
    *, as_page: Annotated[bool, option("Print the page docs/rules.md.", "--markdown")] = False
) -> None:
    """List the variants of each law that a scenario can choose."""
    if as_page:
        echo(page().rstrip("\n"))
        return
    screen = Screen()
    screen.print(
        "A scenario chooses variants under `rules`, such as rules: {threat: balance_of_power}. The "
        f"first variant is the default; run --structural crosses {', '.join(DISPUTED)}."
    )
    shown = table("role", "variant", "what it says")
    for role, variants in open_roles().items():
        for at, (name, law) in enumerate(variants.items()):
            shown.add_row("" if at else role, name, inspect.getdoc(law))
    screen.print(shown)


def open_roles() -> dict[str, dict[str, type]]:
    """Return the roles that have several variants: those in dispute first."""
    several = [role for role, variants in ROLES.items() if len(variants) > 1]
    order = [*DISPUTED, *(role for role in several if role not in DISPUTED)]
    return {role: dict(ROLES[role]) for role in order}


def page() -> str:
    """Return the page of all variants in Markdown."""
    twins = ", ".join(f"`{role}: {v}`" for role, variants in TWINS.items() for v in variants)
    parts = [_PAGE % (", ".join(DISPUTED), twins)]
    for role, variants in open_roles().items():
        module = sys.modules[next(iter(variants.values())).__module__]
        head, _, rest = dedent(module.__doc__ or "").strip().partition("\n\n")
        parts.append(f"\n## {role}\n\n{head}\n\n{_blocks(rest)}\n\n{_choices(variants)}")
        parts.append(_parameters(variants))
    return "".join(parts)


def _blocks(text: str) -> str:
    """Return a docstring as Markdown: its equations, indented or of a variant's form, as code."""
    out: list[str] = []
    for filled, lines in groupby(text.split("\n"), key=lambda line: bool(line.strip())):
        block = list(lines) if filled else [""]
        equation = any(line.startswith("    ") or ":  " in line for line in block)
        out += ["```text", *block, "```"] if equation else block
    return "\n".join(out)


def _choices(variants: dict[str, type]) -> str:
    rows = ((f"`{name}`", inspect.getdoc(law) or "") for name, law in variants.items())
    return markdown(("variant", "what it says"), rows)


def _parameters(variants: dict[str, type]) -> str:
    known: dict[tuple[str, Parameter], list[str]] = {}
    for variant, law in variants.items():
        for name, about in parameters_of(law).items():
            known.setdefault((name, about), []).append(variant)
    rows = []
    for (name, about), owners in known.items():
        of = "all" if len(owners) == len(variants) else ", ".join(owners)
        value, rest = f"{about.value:g}", (about.unit, about.source, about.doc)
        rows.append((f"`{name}`", of, value, about.bounds, *rest))
    return "\n" + markdown(HEADS, rows) if rows else ""
