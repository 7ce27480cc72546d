"""Figures, drawn from the tables of a result only.

`draw_all` draws them; `FIGURES` says what each shows. Each file has one figure: `subjects(tables)`
lists the subjects for which it can be drawn, `build(tables, subject)` draws one; `sim.plots.pages`
has a table of all. matplotlib and pandas are imported when a figure is drawn, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from traceback import walk_tb
from typing import Any

from sim.kernel.errors import ResultError, need_lists
from sim.kernel.words import meant, quoted
from sim.records.kinds import (
    ABLATION,
    AUDIT,
    BACKTEST,
    CALIBRATION,
    COMPARISON,
    DISCOVERY,
    RUN,
    SENSITIVITY,
    STRUCTURAL,
    SWEEP,
    ResultKind,
)

__all__ = ["FIGURES", "FigureError", "chosen", "draw_all", "figures_of", "renderer"]

FIGURES = {
    "cohesion": "cohesion of each bloc that the outcomes name, over time, by variant, with bands",
    "differences": "paired differences of the outcomes in every contrast, with 95 % intervals",
    "contrast": "each contrast over time: paired differences of its outcomes",
    "timeline": "disengagement of the members of each bloc, with wars, appeals, rescues and exits",
    "deterrence": "exposure and second strike both ways between rivals that the outcomes name",
    "arms_flows": "arms flows on the map, before the start and in the last five years",
    "regard": "how members of each bloc that outcomes name, and their rivals, regard each other",
    "supplier_shares": "suppliers of each recipient that the outcomes name, over time, by variant",
    "engagement": "engagement of the members of each bloc that the outcomes name, by variant",
    "profile": "the sides of cohesion of each bloc that outcomes name, over time, by variant",
    "patterns": "median and range of every check of a pattern in its band, with history",
    "sale_stages": "stage reached by each sale that the outcomes name, by variant",
    "spreads": "levels by rule set and spreads by chance, parameters and rules (run --structural)",
    "prior_posterior": "prior and posterior of the numbers best identified (calibrate)",
    "pattern_fit": "every check of a pattern before and after the fit (calibrate)",
    "reliability": "frequency of deliveries by forecast probability (backtest)",
    "skill": "skill of the model against naive forecasts, with intervals (backtest)",
    "sweep_lines": "an outcome against each swept path, by variant (sweep)",
    "sweep_map": "an outcome over the two swept paths that move it most, with contours (sweep)",
    "tornado": "effect of each swept path on an outcome (sweep)",
    "mechanisms": "effects of each mechanism, off and alone, in smallest effects (ablate)",
    "sensitivity": "the largest indices, with their intervals (sensitivity)",
    "limits": "limits of a box on each path, and its trade-off (discover)",
    "compared": "differences of all outcomes, with intervals (compare)",
    "attribution": "contribution of each input to a difference (compare --attribute)",
    "audit_numbers": "sources of the numbers of each section (audit)",
    "audit_shares": "which numbers make the outcomes vary (audit)",
}
_KINDS = {
    "spreads": STRUCTURAL,
    "prior_posterior": CALIBRATION,
    "pattern_fit": CALIBRATION,
    "reliability": BACKTEST,
    "skill": BACKTEST,
    "sweep_lines": SWEEP,
    "sweep_map": SWEEP,
    "tornado": SWEEP,
    "mechanisms": ABLATION,
    "sensitivity": SENSITIVITY,
    "limits": DISCOVERY,
    "compared": COMPARISON,
    "attribution": COMPARISON,
    "audit_numbers": AUDIT,
    "audit_shares": AUDIT,
}


FORMATS = ("svg", "png", "pdf")  # SVG first: it leaves glyphs to the viewer
DEFAULT = FORMATS[:1]


class FigureError(ResultError):
    """The figure that is asked for does not exist."""


def figures_of(kind: ResultKind) -> list[str]:
    """Return the figures of a kind of result."""
    return [name for name in FIGURES if _KINDS.get(name, RUN) is kind]


def chosen(what: Sequence[str]) -> list[str]:
    """Return figures, each once, in the order of `FIGURES`; unknown names are a FigureError."""
    for name in what:
        if name not in FIGURES:
            message = f'no figure "{name}"{meant(name, FIGURES)}: choose from {", ".join(FIGURES)}'
            raise FigureError(message)
    return [name for name in FIGURES if name in what]


def renderer() -> Any:
    """Return `sim.plots.pages`, which imports matplotlib.

    matplotlib reads the file `matplotlibrc` of the working folder, or of the user, when it is
    imported. Our figures do not use these settings, but a file that is not UTF-8 is a ResultError.
    """
    try:
        from sim.plots import pages  # noqa: PLC0415 - matplotlib is costly
    except UnicodeDecodeError as error:
        frames = [frame.f_locals for frame, _ in walk_tb(error.__traceback__)]
        file = next((each["fname"] for each in frames if "fname" in each), "matplotlibrc")
        message = (
            f"{file}: matplotlib reads its settings there, and they are not UTF-8: correct the file"
        )
        raise ResultError(message) from None
    return pages


def formats_of(names: Sequence[str] | None) -> Sequence[str]:
    """Return formats, each once, or the default; unknown names are a FigureError."""
    for name in names or ():
        if name not in FORMATS:
            message = f"no format {quoted(name)} of figures: choose from {', '.join(FORMATS)}"
            raise FigureError(message)
    return [each for each in FORMATS if each in names] if names else DEFAULT


def draw_all(
    folder: Path,
    what: Sequence[str] | None = None,
    *,
    say: Callable[[str], object] | None = None,
    formats: Sequence[str] | None = None,
) -> list[Path]:
    """Return the files drawn into `folder/figures`; see `sim.plots.pages.draw_all`."""
    need_lists(what=what, formats=formats)
    written = formats_of(formats)
    paths: list[Path] = renderer().draw_all(Path(folder), what, say=say, formats=written)
    return paths
