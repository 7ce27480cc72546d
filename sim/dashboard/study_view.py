"""A study made here, on a page: the contents of its report, its figures, and its files."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from sim.dashboard.cabinet import Cabinet
from sim.dashboard.desk import DRAWN, templates
from sim.pages.figure_album import FigureAlbum
from sim.pages.page_parts import Headed
from sim.pages.study_answers import answer_of_study
from sim.pages.study_folder import StudyFolder
from sim.plots import figures_of
from sim.plots.figure_data import FigureData
from sim.records.manifest import finished

_FIGURES = 2  # of each kind


def study_text(cabinet: Cabinet, key: str) -> str:
    """Return the findings of a study, as a part of a page."""
    folder = cabinet.study(key)
    _, kind = finished(folder)
    tables = FigureData.read(folder)
    found = answer_of_study(StudyFolder(folder, tables.manifest, kind))
    with DRAWN:
        figures = FigureAlbum(tables).figures(figures_of(kind), most=_FIGURES)
    parts = found.parts if not figures else (*found.parts, Headed("Figures", figures))
    page = templates().get_template("study.html")
    return page.render(key=key, found=found, parts=parts, kind=kind.name)


def tables_of(folder: Path) -> bytes:
    """Return the tables of a result, and its manifest, in one file."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for path in sorted([*folder.glob("*.csv"), *folder.glob("*.json")]):
            archive.write(path, path.name)
    return packed.getvalue()
