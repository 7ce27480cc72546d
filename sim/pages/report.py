"""Report: one HTML file with everything that a result says, to share."""

from __future__ import annotations

from pathlib import Path

from sim.experiments.chunk_store import replace_file
from sim.experiments.keywords import by_keyword
from sim.experiments.remedies import as_run_error
from sim.kernel.errors import InputError, Problem, ResultError
from sim.kernel.words import either
from sim.pages.figure_album import FigureAlbum
from sim.pages.page_template import page_of
from sim.pages.run_report import run_report
from sim.pages.study_folder import StudyFolder
from sim.pages.study_report import study_report
from sim.plots.figure_data import FigureData
from sim.records.kinds import MANIFEST, RUN
from sim.records.manifest import finished
from sim.records.results import Results, load_results
from sim.records.soundness import check_needed, damage, missing, refuse_part

ENDS = (".html", ".htm")


@by_keyword
def report(
    results: Results | str | Path,
    out: str | Path | None = None,
    *,
    files: str | Path | None = None,
) -> Path:
    """Write the report of a result, one self-contained page, and return its file.

    `results` are of `sim.run`, or the folder of any result that has figures. The file is next to
    the folder, as NAME_report.html, unless `out` names another. `files` is the folder of the CSV
    tables that the scenario names, if any: without them there is no story of a run.
    """
    folder = results.folder if isinstance(results, Results) else Path(results)
    path = _place(folder, out)
    text = report_text(folder, files)
    with as_run_error(str(path)):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text)
    return path


def report_text(folder: Path, files: str | Path | None = None) -> str:
    """Return the report of the result in a folder, as HTML."""
    manifest, kind = finished(folder)
    tables = FigureData.read(folder)
    if lack := missing(folder, manifest or {}, kind):
        raise lack
    if wrong := damage(folder, manifest or {}, whole=False):
        message = f"{wrong}; changed tables are not reported"
        raise ResultError(message)
    album = FigureAlbum(tables)
    if kind is RUN:
        page = run_report(load_results(folder), album, files)
    else:
        if kind.manifest == MANIFEST:
            check_needed(folder / MANIFEST, manifest or {}, kind)
        page = study_report(StudyFolder(folder, tables.manifest, kind), album)
    return page_of("report.html", page=page)


def _place(folder: Path, out: str | Path | None) -> Path:
    if out is None:
        whole = folder.absolute()
        return whole.with_name(f"{whole.name}_report.html") if whole.name else Path("report.html")
    path = Path(out)
    if path.suffix.lower() not in ENDS:
        raise InputError([Problem("--out", 0, 0, "", f"{path}: must end in {either(ENDS)}")])
    refuse_part(path)
    return path
