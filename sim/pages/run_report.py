"""The report of a run: question, answer, time series, map, story, drivers, history, assumptions."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from math import ceil
from pathlib import Path

import pandas as pd

from sim import __version__
from sim.explain.origin import scenario_of
from sim.kernel.errors import InputError, ResultError
from sim.pages.answer_section import answer_section
from sim.pages.assumption_section import assumption_section
from sim.pages.drivers_section import drivers_section
from sim.pages.figure_album import FigureAlbum
from sim.pages.history_section import history_section
from sim.pages.page_parts import PageTable, ReportPage, Section
from sim.pages.reproduction_section import reproduction_section
from sim.pages.table_views import table_of
from sim.pages.why_section import placeless, why_section
from sim.records.kinds import RUN
from sim.records.manifest import folder_argument, scenario_argument
from sim.records.results import Results
from sim.scenario.load import Scenario
from sim.seeing import statements
from sim.seeing.scenario_answer import ScenarioAnswer, answer

_COURSE = (
    "The effect of each contrast on its outcomes over time, run by run: the mean, its interval, "
    "and the range of nine in ten runs."
)
_DATES = 24  # most rows of a table
_MAPS = ("regard", "arms_flows")
_DATED = (
    ("date", "date", False), ("metric", "metric", False), ("subject", "subject", False),
    ("mean", "mean", True), ("low", "low", True), ("high", "high", True), ("q05", "5 %", True),
    ("q95", "95 %", True),
)  # fmt: skip


def run_report(results: Results, album: FigureAlbum, files: str | Path | None = None) -> ReportPage:
    """Return the report of a run."""
    found, manifest = answer(results), results.manifest
    first = found.contrasts[0].of if found.contrasts else results.variants[0]
    known, lack = _scenario(results, files)
    name, folder = scenario_argument(manifest), folder_argument(results.folder)
    sections = [
        answer_section(results, found),
        *_course(results, found, album),
        *_map(album),
        why_section(results, first, album, files),
        drivers_section(results, found, shlex.quote(name)),
        history_section(results, found, known, album),
        assumption_section(manifest, known, first, statements.basis_sentence(found), lack),
        reproduction_section(manifest, RUN, folder, _commands(results), album.left_out),
    ]
    return ReportPage(
        kicker="blocsim: report of a run",
        heading=found.question,
        below=found.title,
        scope=statements.scope_sentence(found),
        sections=tuple(sections),
        version=__version__,
        source=source_of(manifest),
    )


def source_of(manifest: Mapping[str, object]) -> str:
    """Return the scenario, hash and seed of a result, in a sentence."""
    inputs = manifest["inputs"]
    assert isinstance(inputs, Mapping)  # noqa: S101 - checked when it was read
    parts = [f"Scenario {inputs.get('scenario', '')}"]
    parts += [f"hash {str(inputs['hash'])[:8]}"] if "hash" in inputs else []
    parts += [f"seed {inputs['seed']}"] if "seed" in inputs else []
    return f"{', '.join(parts)}."


def _scenario(results: Results, files: str | Path | None) -> tuple[Scenario | None, str]:
    """Return the scenario of a result, or the reason why it cannot be found."""
    try:
        return scenario_of(results, files), ""
    except (InputError, ResultError) as error:
        return None, f"Its numbers are not listed here: {placeless(error, results)}"


def _course(results: Results, found: ScenarioAnswer, album: FigureAlbum) -> tuple[Section, ...]:
    """Return the contrasts over time; levels if there are no contrasts."""
    panels = album.pages.contrast_panels.shown
    pairs = {each.name: (each.of, each.versus) for each in found.contrasts}

    def numbers(name: str) -> PageTable | None:
        if name not in pairs:
            return None
        rows = results["contrasts_series"]
        own = rows[(rows["variant"] == pairs[name][0]) & (rows["versus"] == pairs[name][1])]
        about = {(each.metric, each.subject) for each in panels(album.tables, name)}
        known = zip(own["metric"], own["subject"].str.partition(" ")[0], strict=True)
        return _dated(own[[each in about for each in known]], " less ".join(pairs[name]))

    figures = album.figures(("contrast",), numbers=numbers) or album.figures(("cohesion",), most=1)
    if not figures:
        return ()
    return (
        Section(
            "course", "Over time", (*figures, *album.figures(("deterrence",), most=1)), _COURSE
        ),
    )


def _dated(rows: pd.DataFrame, caption: str) -> PageTable:
    """Return the numbers of a figure by date, limited in number and always with the last date."""
    dates = rows["date"].unique()
    every = max(1, ceil(len(dates) / _DATES))
    caption += f", every {every} periods" if every > 1 else ""
    own = rows[rows["date"].isin(dates[::-every])]
    return table_of(caption, own, _DATED, "contrasts_series.csv")


def _map(album: FigureAlbum) -> tuple[Section, ...]:
    figures = album.figures(_MAPS, most=1)
    return (Section("map", "On the map", figures),) if figures else ()


def _commands(results: Results) -> list[tuple[str, str]]:
    inputs = results.manifest["inputs"]
    folder = shlex.quote(folder_argument(results.folder))
    name = shlex.quote(scenario_argument(results.manifest))
    return [
        (f"blocsim reproduce {folder}", "runs this result again from its manifest, and compares"),
        (
            f"blocsim run {name} --runs {inputs['runs']} --seed {inputs['seed']}",
            "runs the scenario, if it has not changed",
        ),
        (f"blocsim explain {folder} --all", "lists every decision of the typical run"),
        (f"blocsim story {folder} --typical", "prints this story"),
    ]
