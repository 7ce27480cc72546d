"""The mechanisms that can be switched off, as a table or as the page docs/ablation.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from sim.cli.app import command, option
from sim.cli.screen import Screen, table
from sim.cli.streams import echo, markdown
from sim.experiments.ablation.mechanisms import FAMILIES, Mechanism

HEADS = ("mechanism", "what it does", "off at", "source")
_PAGE = """# Ablation: what each mechanism does

<!-- Generated: `blocsim mechanisms --markdown > docs/ablation.md` -->

Some mechanisms of a model matter for its results and some do not. `blocsim ablate` shows which: it
runs a scenario with all of its mechanisms on, with none, with each **off** while all others are on,
and with each **alone** while all others are off.

    blocsim ablate polonez_vs_iskander     # 100 runs of each variant under each setting
    blocsim ablate polonez_vs_iskander --mechanism norm --mechanism precedent --runs 400
    blocsim plot results/polonez_vs_iskander_ablation

```python
result = sim.ablate("polonez_vs_iskander", mechanisms=["norm"], out="results/norm")
result.table, result.mechanisms  # sim.Study("polonez_vs_iskander").ablate(["norm"]) is the same
```

Run 17 has the same random numbers under every setting, so that each difference is taken run by run.
`ablation.csv` has one row for each mechanism, setting and subject: every outcome in every variant,
every contrast of every outcome, every check of a pattern in the first variant (by the share of runs
inside its band), and every expectation (by its subject; `mark` says whether it holds).
`difference` is relative to the setting in `against`: `all`, and for a mechanism alone also `none`.
`verdict` compares it with the smallest effect of interest, [as
everywhere](metrics.md#plain-names-and-the-smallest-effect-of-interest). `mechanisms.csv` has the
largest effect of each mechanism and the number of rows that it certainly moves, in its two own
comparisons: off from all, and alone from none. `open` counts rows that are undecided.

- A mechanism that is already off in every variant (`absent`) is left out, and so is one without the
  facts that it acts on, such as trade. `--set laws.consent.by_war=3` switches one on.
- If a mechanism is on, its numbers are those of the variant, including drawn ones; if it is off,
  it is off in every variant, even in those that set it. Values set by an *event* stay in force.
- Expectations about a comparison with another scenario are left out.
- An interrupted ablation resumes: the same command runs the missing part. Another version, seed,
  number of runs or choice of mechanisms is refused unless you add `--force`.
- Verdicts are not adjusted for their number: among a thousand rows of a mechanism without effect,
  none should be beyond its smallest effect, because the whole interval has to lie there.

A mechanism without an effect beyond its smallest effect in the scenarios that it was made for is a
candidate for removal. `make ablation` covers all shipped scenarios, and switches on mechanisms that
they leave off where theory says that they matter; the page on [the largest effect of each
mechanism](mechanisms.md) is written from its table, [ablation.csv](ablation.csv).

## The mechanisms

A path with `*` names the number of every entry. A number marked as beyond its bounds cannot be set
by a scenario. Keys of sources are those of `references.bib`.
"""


@command("Example: blocsim mechanisms")
def mechanisms(
    *, as_page: Annotated[bool, option("Print the page docs/ablation.md.", "--markdown")] = False
) -> None:
    """List the mechanisms that `ablate` can switch off, with their effect and their off value."""
    if as_page:
        echo(page().rstrip("\n"))
        return
    screen = Screen()
    for title, family in FAMILIES.items():
        shown = table(*HEADS, title=title)
        shown.columns[0].no_wrap = True
        for each in family:
            shown.add_row(each.name, each.text, each.switch.replace(" ", "\n"), each.source)
        screen.print(shown)


def page() -> str:
    """Return the page of all mechanisms in Markdown."""
    parts = [_PAGE]
    for title, family in FAMILIES.items():
        parts += [f"\n### {title}\n\n", markdown(HEADS, map(tuple, map(_cells, family)))]
    return "".join(parts)


def _cells(each: Mechanism) -> Iterator[str]:
    off = ", ".join(f"`{switch}`" for switch in each.switch.split())
    yield from (f"`{each.name}`", each.text, off + " (beyond its bounds)" * each.beyond)
    yield each.source
