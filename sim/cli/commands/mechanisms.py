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

A model of many mechanisms is believed for the sake of some. `blocsim ablate` says which: it runs a
scenario with all of its mechanisms on, with none, with each **off** while all others are on, and
with each **alone** while all others are off.

    blocsim ablate polonez_vs_iskander     # 100 runs of each variant under each setting
    blocsim ablate polonez_vs_iskander --mechanism norm --mechanism precedent --runs 400
    blocsim plot results/polonez_vs_iskander_ablation

```python
result = sim.ablate("polonez_vs_iskander", mechanisms=["norm"], out="results/norm")
result.table, result.mechanisms  # sim.Study("polonez_vs_iskander").ablate(["norm"]) is the same
```

Run 17 draws the same randomness under every setting, so that each difference is taken run by run.
`ablation.csv` has a row a mechanism, setting and subject: every outcome in every variant, every
contrast of every outcome, every check of a pattern in the first variant (by the share of runs
inside its band), every expectation (by what it is about; `mark` says whether it holds).
`difference` is taken from the setting named by `against`: from `all`, and of a mechanism alone from
`none`, too. `verdict` holds it against the smallest effect of interest, [as
everywhere](metrics.md#plain-names-and-the-smallest-effect-of-interest). `mechanisms.csv` says what
each mechanism moves most and how many rows it moves, for sure, in the two comparisons that are its
own: off from all, and alone from none. `open` counts rows that so many runs do not decide.

- A mechanism that is off in every variant as it stands has nothing to switch off (`absent`), and is
  left out; so is one without the facts that it acts on, such as trade. `--set
  laws.consent.by_war=3` switches one on.
- Where one is on, its numbers are the variant's own, drawn ones included; where it is off, it is
  off in every variant, in those that set it themselves, too. What an *event* sets from its date on
  stays.
- What an expectation holds against another scenario is left out.
- The folder goes on where it stopped: the same command runs what is missing. Another version, seed,
  number of runs or choice of mechanisms is refused unless you add `--force`.
- Verdicts are not adjusted for how many there are: among a thousand rows of a mechanism that does
  nothing, none should be beyond its smallest effect, as the whole interval has to lie there.

A mechanism that moves nothing beyond its smallest effect in any scenario that it was made for is a
candidate for removal. `make ablation` looks at all shipped scenarios, and switches on what they
leave off where theory says that it matters; [what each mechanism moves most and
where](mechanisms.md) is told of that table, [ablation.csv](ablation.csv).

## The mechanisms

A path with `*` names the number of every entry. Where it is said that a number lies beyond its
bounds, no scenario can set it. Keys of sources are those of `references.bib`.
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
