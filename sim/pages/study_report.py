"""Reports of studies: sweeps, comparisons, calibrations, backtests and others with figures."""

from __future__ import annotations

from sim import __version__
from sim.pages.assumption_section import changes_and_laws
from sim.pages.figure_album import FigureAlbum
from sim.pages.page_parts import Paragraph, ReportPage, Section
from sim.pages.reproduction_section import reproduction_section
from sim.pages.run_report import source_of
from sim.pages.study_answers import answer_of_study
from sim.pages.study_commands import commands_of
from sim.pages.study_folder import StudyFolder
from sim.plots import figures_of
from sim.records.manifest import folder_argument

_NO_FIGURE = "It has no figures that can be drawn."
_ASSUMED = (
    "The sources of the scenario's numbers are in the report of a run of it, and listed by blocsim "
    "audit and blocsim cite."
)


def study_report(study: StudyFolder, album: FigureAlbum) -> ReportPage:
    """Return the report of a study."""
    found = answer_of_study(study)
    figures = album.figures(figures_of(study.kind))
    first = Section("answer", "Findings", found.parts)
    drawn = Section("figures", "Figures", figures or (Paragraph(_NO_FIGURE),))
    variants = study.manifest.get("variants") or [""]
    rests = tuple(changes_and_laws(study.manifest, variants[0]))
    name = folder_argument(study.folder)
    again = commands_of(study.kind, name, study.manifest)
    return ReportPage(
        kicker=f"blocsim: report of {study.kind.article}",
        heading=found.heading,
        below=found.below,
        scope=found.scope,
        sections=(
            first,
            drawn,
            Section("assumptions", "Assumptions and sources", (Paragraph(_ASSUMED), *rests)),
            reproduction_section(study.manifest, study.kind, name, again, album.left_out),
        ),
        version=__version__,
        source=source_of(study.manifest) if "inputs" in study.manifest else "",
    )
