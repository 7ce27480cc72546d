"""Reading results: pandas frames by the name of their file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.kernel.errors import ResultError
from sim.records.soundness import MANIFEST, stored

if TYPE_CHECKING:
    import pandas as pd

TEXTS = dict.fromkeys(  # columns that are text even where they look like numbers
    (
        "variant", "date", "metric", "subject", "state", "supplier", "bloc", "outcome", "from",
        "to", "versus", "requested", "ordered", "due", "first", "last", "recipient", "offer",
        "system", "stage", "origin", "terms", "best_coalition", "interval", "file", "column",
        "unit", "when", "definition", "rule_set", "largest", "negative", "driver", "pattern",
        "check", "use", "quantity", "window", "verdict", "pattern_verdict", "reason",
    ),
    "str",
)  # fmt: skip

NEEDED = ("inputs", "variants")  # in a manifest, whatever is read of it


class Results(Mapping[str, "pd.DataFrame"]):
    """The tables of one result: `results["series"]`, or `results.series`."""

    def __init__(self, folder: Path, manifest: Mapping[str, Any]) -> None:
        """Keep the folder; a table is read when it is first asked for."""
        self.folder = folder
        self.manifest = manifest
        self._frames: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return the table of `NAME.csv`."""
        if name not in self._frames:
            path = self.folder / f"{name}.csv"
            if not path.is_file():
                known = ", ".join(self)
                message = f"{self.folder}: no table {name!r}; there are {known}"
                raise ResultError(message)
            self._frames[name] = _frame(path)
        return self._frames[name]

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Return the table of a name."""
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except ResultError as error:
            raise AttributeError(str(error)) from None

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._frames.keys() | {path.stem for path in self.folder.glob("*.csv")}))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __repr__(self) -> str:
        name = self.manifest["inputs"]["scenario"]
        return f"Results({name!r}: {', '.join(self)})"

    @property
    def variants(self) -> list[str]:
        """Return the variants, the reference first."""
        return list(self.manifest["variants"])

    def in_memory(self) -> Results:
        """Return the same results with every table read."""
        for name in self:
            self._frames[name] = self[name]
        return self


def load_results(folder: str | Path) -> Results:
    """Return the results in a folder; ResultError if there are none."""
    place = Path(folder)
    manifest = stored(place)
    if manifest is None:
        message = f"{place}: no result there (no {MANIFEST}); `blocsim run` makes one"
        raise ResultError(message)
    lacking = [key for key in NEEDED if key not in manifest]
    lacking += [key for key in ("scenario",) if key not in manifest["inputs"]]
    if lacking:
        message = f"{place / MANIFEST}: no {lacking[0]!r}; the result is damaged"
        raise ResultError(message)
    return Results(place, manifest)


def _frame(path: Path) -> pd.DataFrame:
    """Return a table; empty cells of text are empty texts, of numbers not a number."""
    import pandas as pd  # noqa: PLC0415 - it takes half a second and 70 MB

    try:
        names = pd.read_csv(path, nrows=0).columns
        texts = {name: kind for name, kind in TEXTS.items() if name in names}
        frame = pd.read_csv(path, dtype=texts, keep_default_na=False, na_values=[""])
    except (OSError, ValueError) as error:
        message = f"{path}: cannot be read as a table ({error}); the result is damaged"
        raise ResultError(message) from None
    for name in texts:
        frame[name] = frame[name].fillna("")
    return frame
