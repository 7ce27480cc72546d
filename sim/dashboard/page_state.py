"""State of a page: the contents of a link, so that the link restores the page.

It has the scenario, the contrast, the number of runs and the changes; everything else follows.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from sim.dashboard.cabinet import Cabinet, OpenScenario
from sim.dashboard.sliders import Slider, changes_of, sliders_of
from sim.experiments.options import refuse_unknown
from sim.kernel.errors import InputError, Problem
from sim.pages.page_parts import CommandLines
from sim.scenario.schema.contrasts import Contrast

RUNS = (50, 200, 1000)
MOST_RUNS = 10_000


@dataclass(frozen=True)
class PageState:
    """The contents of a link, read and checked."""

    opened: OpenScenario
    contrast: str | None  # by name; empty if a scenario has none
    runs: int
    sliders: tuple[Slider, ...]

    @classmethod
    def read(cls, cabinet: Cabinet, asked: Mapping[str, str]) -> PageState:
        """Return the state in a link or form; InputError lists faults."""
        opened = cabinet.open(asked.get("case"))
        known = opened.scenario.base.contrasts
        contrast = asked.get("contrast") or next(iter(known), None)
        if contrast is not None:
            refuse_unknown("contrast", [contrast], known)
        sliders = sliders_of(opened.scenario, asked)
        runs = whole_of("runs", asked.get("runs") or str(RUNS[0]), 1, MOST_RUNS)
        return cls(opened, contrast, runs, sliders)

    @property
    def sets(self) -> tuple[str, ...]:
        """Return the changes, for `--set`."""
        return changes_of(self.sliders)

    @property
    def pair(self) -> Contrast | None:
        """Return the contrast itself."""
        known = self.opened.scenario.base.contrasts
        return None if self.contrast is None else known[self.contrast]

    @property
    def variant(self) -> str:
        """Return the variant that the contrast is of; the first without a contrast."""
        return self.pair.of if self.pair else next(iter(self.opened.scenario.variants))

    @property
    def asked(self) -> tuple[object, ...]:
        """Return the key of the answer."""
        return (self.sets, self.contrast, self.runs)

    @property
    def stored(self) -> bool:
        """Return whether the result that is open answers this."""
        return self.opened.results is not None and not self.sets

    @property
    def unlisted(self) -> str | None:
        """Return the path of a number that has no slider, as an example."""
        listed = {each.path for each in self.sliders}
        return next((path for path in self.opened.scenario.numbers if path not in listed), None)

    def query(self, **more: object) -> str:
        """Return the query of the link, without defaults."""
        first = next(iter(self.opened.scenario.base.contrasts), None)
        parts: dict[str, object] = {"case": self.opened.key}
        if self.contrast not in {None, first}:
            parts["contrast"] = self.contrast
        if self.runs != RUNS[0]:
            parts["runs"] = self.runs
        parts |= self._changed
        return urlencode(parts | {name: each for name, each in more.items() if each is not None})

    @cached_property
    def _changed(self) -> Mapping[str, str]:
        """Return what is changed, by the names of a form."""
        return {each.field: each.shown for each in self.sliders if each.changed}

    def link(self, page: str, **more: object) -> str:
        """Return the address of a page in this state."""
        return f"{page}?{self.query(**more)}"

    @property
    def seed(self) -> int | None:
        """Return the seed of the open result; None for that of the scenario."""
        results = self.opened.results
        return None if results is None else results.manifest["inputs"]["seed"]

    @property
    def flags(self) -> str:
        """Return the changes, as options of a command."""
        sets = "".join(f" --set {shlex.quote(each)}" for each in self.sets)
        return sets if self.seed is None else f"{sets} --seed {self.seed}"

    def compared(self, sides: Sequence[str], more: str = "") -> CommandLines:
        """Return the command for the same comparison as on the page."""
        line = f"blocsim compare {shlex.join(sides)} --runs {self.runs}{self.flags}{more}"
        return CommandLines(((line, "gives the same numbers"),))

    def commands(self) -> tuple[tuple[str, str], ...]:
        """Return the commands that give the same numbers, each with its purpose."""
        name, lines = self.opened.name, []
        if self.opened.results is not None and not self.sets:
            folder = shlex.quote(str(self.opened.results.folder))
            lines.append((f"blocsim reproduce {folder}", "makes this result again"))
        if self.pair is not None:
            sides = [f"{name}:{each}" for each in (self.pair.versus, self.pair.of)]
            lines += self.compared(sides).lines
        line = f"blocsim run {shlex.quote(name)} --runs {self.runs}{self.flags}"
        return (*lines, (line, "runs all variants"))


def whole_of(name: str, text: str, least: int, most: int) -> int:
    """Return a whole number in a link or form."""
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1  # noqa: PLR2004
    if not least <= value <= most:
        message = f"must be a whole number from {least} to {most:,}, got {text}"
        raise InputError([Problem(name, 0, 0, "", message)])
    return value
