"""The answer on one screen: at most 25 lines of 80 columns; the last one names the folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import wrap

from sim.cli.screen import Screen
from sim.cli.streams import say
from sim.seeing import statements
from sim.seeing.scenario_answer import ContrastAnswer, EffectFinding, ScenarioAnswer

NARROWEST = 20  # columns for which the page is laid out, however wide the screen is
FIRST = "first results"  # begins the line above the first ones
COLUMNS, LINES = 80, 24  # of the page; one more says where the files are
NAMED = 3  # lines of a name with its verdict
FULL = 5  # outcomes of the first contrast
_FIXED = "\0"  # a placeholder for a space at which no line breaks
ROOM = 3  # outcomes of it that are shown before another contrast gets a line


def print_answer(
    screen: Screen,
    answer: ScenarioAnswer,
    *,
    every: bool = False,
    why: Mapping[str, str] | None = None,
) -> None:
    """Print the answer: one screen, or every contrast and outcome.

    `why` maps names of contrasts to sentences: the first one is left out where there is no room.
    """
    layout = AnswerLayout(min(COLUMNS, max(screen.width, NARROWEST)), why or {})
    for line in layout.whole_page(answer) if every else layout.page(answer):
        screen.unbroken(line)


def say_first(answer: ScenarioAnswer) -> None:
    """Print the first results, those of the first contrast, to stderr."""
    runs = f"{answer.runs} of {answer.whole:,} runs of each variant"
    say(f"{FIRST}, from {runs}; those of all runs follow:")
    for line in AnswerLayout().first(answer, FULL):
        say(line)


@dataclass(frozen=True)
class AnswerLayout:
    """Lines of an answer, none wider than `width`."""

    columns: int = COLUMNS
    why: Mapping[str, str] = field(default_factory=dict)  # a sentence by contrast

    def page(self, answer: ScenarioAnswer) -> list[str]:
        """Return the lines of one screen; those that do not fit are counted."""
        head, tail = self._head(answer), self._tail(answer)
        first, others = answer.contrasts[:1], answer.contrasts[1:]
        most = min(FULL, len(first[0].findings)) if first else FULL
        best = [*head, *tail]
        for full in range(1, most + 1):
            for brief in range(len(others) + 1):
                for why in (False, True):
                    lines = [*head, *self._body(answer, full, brief, why=why), *tail]
                    if len(lines) <= LINES and (full <= ROOM or brief == len(others)):
                        best = lines
        legend, body = self._wrapped(statements.LEGEND) if first else [], len(best) - len(tail)
        if len(best) + len(legend) <= LINES:
            best = [*best[:body], *legend, *best[body:]]
        return best

    def whole_page(self, answer: ScenarioAnswer) -> list[str]:
        """Return every contrast with all its outcomes."""
        lines = self._head(answer)
        for contrast in answer.contrasts:
            lines += self._contrast(contrast, len(contrast.findings))
            lines += self._wrapped(statements.cohesion_sentence(contrast), "  ", "    ")
            lines += self._why(contrast)
        if answer.contrasts:
            lines += self._wrapped(statements.LEGEND)
        else:
            lines += self._levels(answer, len(answer.levels))
        return [*lines, *self._tail(answer, every=True)]

    def first(self, answer: ScenarioAnswer, most: int) -> list[str]:
        """Return the first contrast with some outcomes; without one, levels."""
        if not answer.contrasts:
            return self._levels(answer, most)
        return self._contrast(answer.contrasts[0], most)

    def _head(self, answer: ScenarioAnswer) -> list[str]:
        about = self._wrapped(statements.scope_sentence(answer))
        return [*self._wrapped(answer.question, most=3), *about]

    def _body(self, answer: ScenarioAnswer, full: int, brief: int, *, why: bool) -> list[str]:
        """Return the first contrast with some outcomes, and some others in a line each."""
        lines = self.first(answer, full)
        if not answer.contrasts:
            return [*lines, *self._wrapped(_more(max(len(answer.levels) - full, 0), 0))]
        first, *others = answer.contrasts
        lines += self._why(first) if why else []
        lines += [statements.contrast_line(each, self.columns) for each in others[:brief]]
        hidden = first.findings[full:]
        found = statements.verdicts_counted(hidden) if hidden else ""
        return [*lines, *self._wrapped(_more(len(hidden), len(others) - brief, found))]

    def _contrast(self, contrast: ContrastAnswer, most: int) -> list[str]:
        lines = self._wrapped(statements.heading(contrast), most=2)
        for finding in contrast.findings[:most]:
            lines += self._named(finding)
            lines += self._wrapped(statements.finding_numbers(finding), "    ")
        return lines

    def _named(self, finding: EffectFinding) -> list[str]:
        """Return the name and the verdict of a finding; a long name is cut before the verdict."""
        name, verdict = statements.named(finding.of), statements.verdict_on(finding.effect)
        lines = self._wrapped(statements.finding_name(finding), "  ", "    ")
        cut = min(len(name), NAMED * self.columns)
        while len(lines) > NAMED and cut:
            cut -= 1
            lines = self._wrapped(f"{name[:cut].rstrip()} ...: {verdict}", "  ", "    ")
        return lines

    def _why(self, contrast: ContrastAnswer) -> list[str]:
        """Return what no outcome says: steps away from a bloc, and the reason that differs most."""
        texts = (statements.shift_sentence(contrast), self.why.get(contrast.name, ""))
        return [line for text in texts for line in self._wrapped(text, "  ", "    ")]

    def _levels(self, answer: ScenarioAnswer, most: int) -> list[str]:
        texts = (statements.level_sentence(level) for level in answer.levels[:most])
        return [line for text in texts for line in self._wrapped(text, "  ", "    ")]

    def _tail(self, answer: ScenarioAnswer, *, every: bool = False) -> list[str]:
        texts = statements.closing_sentences(answer, every=every)
        rest = ["  " if text.startswith("- ") else "" for text in texts]
        pairs = zip(texts, rest, strict=True)
        return [line for text, indent in pairs for line in self._wrapped(text, "", indent)]

    def _wrapped(
        self, text: str, first: str = "", rest: str | None = None, most: int | None = None
    ) -> list[str]:
        lines = wrap(
            text.replace(" %", f"{_FIXED}%"),
            self.columns,
            initial_indent=first,
            subsequent_indent=first if rest is None else rest,
            break_on_hyphens=False,
            max_lines=most,
            placeholder=" ...",
        )
        return [line.replace(_FIXED, " ") for line in lines]


def _more(outcomes: int, contrasts: int, found: str = "") -> str:
    """Return the number of further contrasts and outcomes, and the verdicts on those outcomes."""
    counts = ((outcomes, "outcome"), (contrasts, "contrast"))
    parts = [f"{n} more {word}{'s' * (n > 1)}" for n, word in counts if n]
    if found:
        parts[0] += f" ({found})"
    return f"{' and '.join(parts)}: --all" if parts else ""
