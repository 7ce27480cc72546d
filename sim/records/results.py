"""Reading results: pandas frames by the name of their file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any
from warnings import warn

from sim.documents.leaves import LARGEST
from sim.kernel.errors import ResultError
from sim.records.kinds import MANIFEST, kind_of
from sim.records.soundness import KEY, check_needed, damaged, digest, missing, no_result, stored
from sim.records.tables import OUTCOMES, SUMMARY
from sim.scenario.schema.outcome_syntax import is_former, spelled

if TYPE_CHECKING:
    import pandas as pd


class Results(Mapping[str, "pd.DataFrame"]):
    """The tables of one result: `results["series"]`, or `results.series`."""

    def __init__(self, folder: Path, manifest: Mapping[str, Any]) -> None:
        """Keep folder and manifest; a table is read when it is first used."""
        self.folder = folder
        self.manifest = manifest
        self._frames: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return the table of `NAME.csv`; ResultError if there is none, or it is damaged."""
        if name not in self._frames:
            path = self.folder / f"{name}.csv"
            if not path.is_file():
                known = ", ".join(self)
                message = f"{self.folder}: no table {name!r}; there are {known}"
                raise ResultError(message)
            self._frames[name] = self._read(path)
        return self._frames[name]

    def _read(self, path: Path) -> pd.DataFrame:
        """Return a table; warn if the file has changed since it was written."""
        from sim.records.frames import read_table  # noqa: PLC0415 - pandas takes half a second

        table = kind_of(self.manifest).table(path.stem)
        numeric = set(self.manifest["outcomes"]).__contains__
        form = self.manifest.get(KEY, 1)
        need = [*table.names(form), *self.manifest["outcomes"]] if table is OUTCOMES else ()
        frame = read_table(path, table, need=need, form=form, numeric=numeric)
        if table is SUMMARY:
            self._check_levels(path, frame)
        if table is OUTCOMES:
            self._check_runs(path, frame)
        about = self.manifest.get("files", {}).get(path.name)
        if about is not None and digest(path) != about.get("sha256"):
            message = f"{path}: has changed since it was written ({MANIFEST} has another sha256)"
            warn(message, stacklevel=4)
        return frame

    def _check_runs(self, path: Path, outcomes: pd.DataFrame) -> None:
        count = self.manifest["inputs"]["runs"]
        for variant in self.variants:
            runs = outcomes.loc[outcomes["variant"] == variant, "run"].tolist()
            if len(runs) != count or runs != list(range(len(runs))):
                runs_of = f"the runs 0 to {count - 1} of {variant}"
                raise damaged(path, f"must hold {runs_of}, one a row")

    def _check_levels(self, path: Path, summary: pd.DataFrame) -> None:
        known = {*zip(summary["outcome"], summary["variant"], strict=True)}
        for outcome, variant in product(self.manifest["outcomes"], self.variants):
            if (outcome, variant) not in known:
                raise damaged(path, f"no row of {outcome} in {variant}")

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
        """Return the variants, `baseline` first."""
        return list(self.manifest["variants"])

    @property
    def reference(self) -> str:
        """Return the variant that the others are compared with."""
        first, *others = self.variants
        named = self.manifest.get("reference")
        return named if named in others else first

    @property
    def smallest(self) -> Mapping[str, float]:
        """Return the smallest effects of interest that the scenario sets, by metric."""
        named = self.manifest["scenario"]["document"].get("smallest") or {}
        known: Mapping[str, Any] = named if isinstance(named, Mapping) else {"": None}
        if not all(type(each) in (int, float) and 0 < each <= LARGEST for each in known.values()):
            raise damaged(self.folder / MANIFEST, "its smallest effects cannot be read")
        return {name: float(each) for name, each in known.items()}

    def in_memory(self) -> Results:
        """Return the same results with every table read."""
        for name in self:
            self._frames[name] = self[name]
        return self


def load_results(folder: str | Path) -> Results:
    """Return the results in a folder; ResultError if there are none, or a table is missing."""
    place = Path(folder)
    manifest = stored(place)
    if manifest is None:
        raise no_result(place)
    check_needed(place / MANIFEST, manifest)
    try:
        for text in manifest["outcomes"]:
            if not is_former(text):
                spelled(text)
    except ValueError as error:
        raise damaged(place / MANIFEST, str(error)) from None
    if wrong := missing(place, manifest, kind_of(manifest)):
        raise wrong
    return Results(place, manifest)
