"""The metrics, as a table or as the page docs/metrics.md."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Annotated

from sim.cli.app import command, option
from sim.cli.screen import Screen, table
from sim.cli.streams import echo, markdown
from sim.metrics.catalogue import METRICS
from sim.metrics.declaration import SIDES
from sim.scenario.schema.outcome_syntax import forms

HEADS = ("metric", "subject", "windows", "unit", "when", "definition")
PROFILE = ("side", "metrics", "over the members at the start")
FEWEST = ("members", "metrics")
LEAST = ("metric", "plain name", "smallest", "which is")
WIDEST = max(map(len, METRICS))
UNIT = 16  # columns of a unit; longer ones go on in the next line
_PAGE = """# Metrics

<!-- Generated: `blocsim metrics --markdown > docs/metrics.md` -->

The metrics that an outcome of a scenario can name, as `METRIC SUBJECT [SYSTEM] [WINDOW]`. Without
a window an outcome is the value at the end of the run. Other windows, where a metric allows them,
are written `at DATE`, `mean DATE..DATE`, `after EVENT A..B` (mean over periods A to B after the
event) and `by DATE`. In a subject `I>J` the definition calls the first state i and the second j. In
a variant without the event of `after`, the window counts from its date in the first variant that
has it.

`consent A>B SYSTEM` takes any state for A. A state that does not offer the system, such as a
licensor or a maker of components, is asked as if it sold one unit at the usual price of its worth.

"""
_COHESION = """
## The profile of cohesion

`cohesion` is one index with three parts: `engagement`, `affinity_mean` and `belief_mean`. Its sides
show the causes of cohesion and of its failure. Membership changes during a run, so that the index
rises when discontented members leave: metrics over the members at the start count a state that has
left with no engagement and no belief. `credibility STATE:BLOC` and `aid STATE:BLOC` are those of
one member.

"""
_SMALL = """
In a run in which a bloc has fewer members, its leader included, these metrics are undefined:

"""
_SMALLEST = """
## Plain names, and the smallest effect of interest

A verdict compares a difference with the smallest effect of interest, in the unit of the metric. It
is set by a rule independent of results: a tenth of the way between two reference worlds of the
metric's own definition, or otherwise a unit that a reader would act on. For metrics that are 0 or 1
in a run, the two worlds are "never" and "in every run". `smallest: {METRIC: NUMBER}` in a scenario
sets another: the defaults for money, strength and arms are the same for all states, those for arms
for periods of a quarter, so set your own if states are far larger or smaller, or periods longer.
"No difference to speak of" means a difference smaller than that, not a difference of zero. A plain
name is for the subject `I>J`, `I:BLOC`, `I` or `BLOC`.

"""


@command("Example: blocsim metrics")
def metrics(
    *, as_page: Annotated[bool, option("Print the page docs/metrics.md.", "--markdown")] = False
) -> None:
    """List the metrics for outcomes: subject, windows, unit and definition."""
    if as_page:
        echo(page().rstrip("\n"))
        return
    screen = Screen()
    screen.print(
        "Outcomes are written METRIC SUBJECT [SYSTEM] [WINDOW]. A window is at DATE, "
        "mean DATE..DATE, after EVENT A..B (periods) or by DATE; without one: end of run."
    )
    for (subject, windows, when), group in groupby(sorted(rows(), key=_form), key=_form):
        shown = table("metric", "unit", "definition", title=f"{subject}; {when}; {windows}")
        shown.columns[0].min_width = WIDEST
        shown.columns[1].width = UNIT
        for name, _, _, unit, _, text in group:
            shown.add_row(name, unit, text)
        screen.print(shown)


def rows() -> Iterator[tuple[str, ...]]:
    """Yield name, subject, windows, unit, when and definition of every metric."""
    for name, metric in METRICS.items():
        subject, windows = forms(metric)
        yield name, subject, ", ".join(windows) or "-", metric.unit, metric.when, metric.text


def page() -> str:
    """Return the page of all metrics in Markdown."""
    cells = ((f"`{name}`", f"`{subject}`", *rest) for name, subject, *rest in rows())
    least = (
        (f"`{name}`", each.phrase, f"{each.smallest:g}", each.rule)
        for name, each in METRICS.items()
    )
    page = _PAGE + markdown(HEADS, cells) + _COHESION + markdown(PROFILE, profile())
    return page + _SMALL + markdown(FEWEST, small()) + _SMALLEST + markdown(LEAST, least)


def profile() -> Iterator[tuple[str, ...]]:
    """Yield each side of cohesion, the metrics that are of it, and those over the founders."""
    for side in SIDES:
        mine = [name for name, each in METRICS.items() if each.side == side]
        parts = [
            [f"`{name}`" for name in mine if METRICS[name].cohort is cohort]
            for cohort in (False, True)
        ]
        yield side, *(", ".join(part) or "-" for part in parts)


def small() -> Iterator[tuple[str, ...]]:
    """Yield each least number of members, and the metrics that take so many."""
    for fewest in sorted({each.fewest for each in METRICS.values()} - {0}):
        mine = [f"`{name}`" for name, each in METRICS.items() if each.fewest == fewest]
        yield str(fewest), ", ".join(mine)


def _form(row: tuple[str, ...]) -> tuple[str, str, str]:
    """Return what the metrics of one printed table share."""
    _, subject, windows, _, when, _ = row
    return subject, "no window" if windows == "-" else f"windows: {windows}", when
