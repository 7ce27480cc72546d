"""A decision as a waterfall: the contribution of each reason, their sum, and the random draw."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from sim.experiments.watch.choices import ACCESSION, CONCESSION, EXIT, REQUEST, RESPONSE
from sim.explain.account import Alternative, DecisionAccount, Explanation
from sim.explain.account_words import TINY
from sim.explain.sentences import RESPONSES
from sim.kernel.errors import ResultError
from sim.plots.panels import Margins, named_rows, page
from sim.plots.style import COLOURS, GREY, fitted, headed, inches, noted
from sim.seeing.numerals import weighed
from sim.seeing.running_text import articles

_FOR, _AGAINST, _CHANCE, _ALL = COLOURS[2], COLOURS[3], COLOURS[1], COLOURS[0]
_ROW, _WIDTH, _NAMES = 0.27, 7.0, 3.0  # inches
_SIZE = 7.5

_NOTES = {
    RESPONSE: "The leader blocks if the last bar is above zero.",
    CONCESSION: "The reasons are those for yielding, less those for keeping the order.",
    ACCESSION: "The reasons are those for wanting to join; a candidate must also be welcome.",
    EXIT: "The reasons are those for taking part; leaving depends on the resulting part.",
}

Step = tuple[str, float, str]  # name of a contribution, its size and its colour


def waterfall(explanation: Explanation, account: DecisionAccount) -> Figure:
    """Return the figure of one decision of a run."""
    if not account.reasons:
        message = f"{account.id}: a request that ended has no reasons of its own to draw"
        raise ResultError(message)
    steps, total = _steps(account)
    names = [fitted(name, _NAMES, _SIZE) for name, _, _ in (*steps, total)]
    left = 0.35 + max(inches(name, _SIZE) for name in names)
    margins = Margins(left=left, top=0.75, bottom=0.8, right=0.45)
    figure, panels = page(1, 1, (_WIDTH, 1.6 + _ROW * len(names)), margins)
    ax = panels[0, 0]
    reached = 0.0
    ends = [0.0]
    for at, (_, value, colour) in enumerate((*steps, total)):
        start = reached if at < len(steps) else 0.0
        ax.barh(at, value, 0.62, left=start, color=colour)
        reached = start + value
        ends.append(reached)
        gap = 3 if value >= 0 else -3
        ax.annotate(
            weighed(value), (reached, at), (gap, 0), textcoords="offset points", size=6.5,
            va="center", ha="left" if value >= 0 else "right",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )  # fmt: skip
        if at < len(steps):
            ax.plot([reached, reached], [at + 0.31, at + 0.69], color=GREY, linewidth=0.6)
    named_rows(ax, names)
    ax.tick_params(axis="y", length=0)
    ax.axvline(0, color=GREY, linewidth=0.8)
    note = _note(account)
    if _drawn_against(account):
        side = 1 if any(e.chosen and e.name == "yes" for e in account.alternatives) else -1
        asked = (account.total or 0.0) - side * (account.margin or 0.0)
        ax.axvline(asked, color=_CHANCE, linestyle=(0, (4, 2)), linewidth=1.2)
        ax.annotate(
            "the draw", (asked, -0.5), (0, 2), textcoords="offset points", size=6.5, ha="center",
            color=_CHANCE,
        )  # fmt: skip
        ends.append(asked)
    low, high = min(ends), max(ends)
    ax.set_xlim(low - 0.14 * (high - low), high + 0.14 * (high - low))
    ax.grid(visible=True, axis="x")
    ax.set_xlabel(account.unit)
    headed(figure, _title(account), f"{account.date}. {account.sentence}")
    where = f"{explanation.scenario}, {explanation.variant}, run {explanation.run}"
    source = f"Source: blocsim, {where}, seed {explanation.seed}. A scenario, not a forecast."
    noted(figure, f"{note} {source}")
    return figure


def _steps(account: DecisionAccount) -> tuple[list[Step], Step]:
    """Return the contributions of reasons, with chance where it is added to them, and the sum."""
    compared = account.kind == REQUEST
    values = [
        (e.words, e.value - ((e.versus or 0.0) if compared else 0.0)) for e in account.reasons
    ]
    steps = [(name, v, _FOR if v > 0 else _AGAINST) for name, v in values if abs(v) >= TINY]
    total = account.total or 0.0
    if account.kind == REQUEST and account.margin is not None:
        luck = account.margin - sum(value for _, value in values)
        steps.append(("chance", luck, _CHANCE))
        return steps, ("more than the other offer", account.margin, _ALL)
    if account.kind == RESPONSE:
        against = _best([each for each in account.alternatives if each.name != RESPONSES[-1]])
        block = next(each for each in account.alternatives if each.name == RESPONSES[-1])
        luck = (block.luck or 0.0) - against.total
        steps.append((f"chance, and the reasons {against.words}", luck, _CHANCE))
        return steps, ("for blocking, total", total + luck, _ALL)
    if account.kind == CONCESSION:
        kept, *ways = account.alternatives  # the first is keeping the order
        way = next((e for e in ways if e.chosen), max(ways, key=lambda each: each.reasons))
        luck = (way.luck or 0.0) - (kept.luck or 0.0)
        steps.append(("chance", luck, _CHANCE))
        return steps, (f"{way.words}, total", total + luck, _ALL)
    return steps, ("in all", total, _ALL)


def _best(some: Sequence[Alternative]) -> Alternative:
    return max(some, key=lambda each: each.total)


def _drawn_against(account: DecisionAccount) -> bool:
    """Return whether the decision compares the reasons with one draw: yes if they are above it."""
    return account.draw is not None and account.kind not in (EXIT, ACCESSION)


def _title(account: DecisionAccount) -> str:
    return articles(f"Why {account.who} {account.choice}")


def _note(account: DecisionAccount) -> str:
    if _drawn_against(account):
        return "The broken line is the draw: yes if the sum of the reasons lies to its right."
    if account.kind == REQUEST:
        other = next((e for e in account.alternatives if e.name == account.against), None)
        if other is None:
            return "It could not afford any other offer that it considered."
        return f"Each bar is the contribution for the chosen offer minus that for {other.words}."
    return _NOTES[account.kind]
