"""Draw: every figure of a result as PNG and SVG, in its folder `figures`."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from sim.kernel.errors import ResultError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.plots.figure_data import FigureData

FIGURES = {
    "cohesion": "cohesion of each bloc that the outcomes name, over time, by variant, with bands",
    "differences": "paired differences of the outcomes from the first variant, with 95 % intervals",
    "deterrence": "exposure and second strike both ways between rivals that the outcomes name",
    "arms_flows": "arms flows between states before the start and in the last five years",
    "supplier_shares": "suppliers of each recipient that the outcomes name, over time, by variant",
    "engagement": "engagement of the members of each bloc that the outcomes name, by variant",
    "patterns": "median and range of every check of a pattern in its band, with history",
    "sale_stages": "how far each sale that the outcomes name got, by variant",
    "spreads": "levels by rule set and spreads by chance, parameters and rules (run --structural)",
}
STRUCTURAL = ("spreads",)  # the figures of a structural run, which has no other tables

FORMATS: dict[str, dict[str, Any]] = {  # what a file says of itself does not change
    "png": {"metadata": {"Software": "blocsim"}, "pil_kwargs": {"compress_level": 1}},
    "svg": {"metadata": {"Creator": "blocsim", "Date": None}},
}


class FigureError(ResultError):
    """A figure that does not exist."""


def draw_all(
    folder: Path,
    what: Sequence[str] | None = None,
    *,
    say: Callable[[str], object] | None = None,
    tables: FigureData | None = None,
) -> list[Path]:
    """Return the files drawn into `folder/figures` from the tables in `folder`.

    `what` names figures (all that its kind of result has, if None). A figure with nothing to show
    is left out, and `say` is told so in a sentence; by default the sentence goes to the standard
    error output. Tables that are read already may be given.
    """
    chosen(what)  # before anything is read
    import_module("matplotlib")  # before the tables: a missing library is the first thing to know
    tables = read_tables(folder) if tables is None else tables
    return [path for page in pages(tables, what, say=say) for path in draw_page(tables, *page)]


def pages(
    tables: FigureData,
    what: Sequence[str] | None = None,
    *,
    say: Callable[[str], object] | None = None,
) -> list[tuple[str, str]]:
    """Return the figures to draw, each with its subject, as `draw_all` would."""
    names = chosen(what)
    if what is None:
        structural = "structural" in tables.manifest
        names = [name for name in names if (name in STRUCTURAL) == structural]
    tell = say or _to_stderr
    found: list[tuple[str, str]] = []
    for name in names:
        module = import_module(f"sim.plots.{name}")
        subjects = module.subjects(tables)
        if not subjects:
            tell(f"no figure {name}: {module.NOTHING}")
        found += [(name, subject) for subject in subjects]
    return found


def draw_page(tables: FigureData, name: str, subject: str) -> list[Path]:
    """Return the files of one figure of one subject, drawn and written."""
    return _draw(import_module(f"sim.plots.{name}").build, tables, name, subject)


def read_tables(folder: Path) -> FigureData:
    """Return the tables of a result, as figures read them."""
    from sim.plots.figure_data import FigureData  # noqa: PLC0415 (pandas is slow to import)

    return FigureData.read(Path(folder))


def chosen(what: Sequence[str] | None) -> list[str]:
    """Return the figures asked for, each once, in their own order; a FigureError names others."""
    if what is None:
        return list(FIGURES)
    for name in what:
        if name not in FIGURES:
            near = get_close_matches(name, FIGURES, n=1)
            hint = f' (did you mean "{near[0]}"?)' if near else ""
            message = f'no figure "{name}"{hint}: choose from {", ".join(FIGURES)}'
            raise FigureError(message)
    return [name for name in FIGURES if name in what]


def _draw(
    build: Callable[[FigureData, str], Figure], tables: FigureData, name: str, subject: str
) -> list[Path]:
    """Return the files of one figure, drawn and written."""
    from matplotlib import rc_context  # noqa: PLC0415 (slow to import)

    from sim.plots.style import LOOK  # noqa: PLC0415

    stem = "_".join([name, *re.findall(r"[A-Za-z0-9]+", subject)])
    folder = tables.folder / "figures"
    folder.mkdir(exist_ok=True)
    with rc_context(LOOK):  # type: ignore[arg-type]  # its keys are literals in some versions
        figure = build(tables, subject)
        return [write_figure(figure, folder / f"{stem}.{form}", form) for form in FORMATS]


def kept(build: Callable[[], Figure], folder: Path, stem: str) -> list[Path]:
    """Return the files of a figure that is not drawn from a folder's tables alone."""
    from matplotlib import rc_context  # noqa: PLC0415 (slow to import)

    from sim.plots.style import LOOK  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    name = "_".join(re.findall(r"[A-Za-z0-9]+", stem))
    with rc_context(LOOK):  # type: ignore[arg-type]  # its keys are literals in some versions
        figure = build()
        return [write_figure(figure, folder / f"{name}.{form}", form) for form in FORMATS]


def write_figure(figure: Figure, path: Path, form: str) -> Path:
    """Return the path that a figure was written to, whole or not at all."""
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=f".{form}", delete=False) as file:
        temporary = Path(file.name)
    try:
        figure.savefig(temporary, format=form, **FORMATS[form])
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def _umask() -> int:
    """Return the mask of permissions that the process gives to its files."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _to_stderr(line: str) -> None:
    """Say a line on the standard error output."""
    sys.stderr.write(line + "\n")
