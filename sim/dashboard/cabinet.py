"""Cabinet: the scenarios and results open in the dashboard, by their names in links.

A link names a shipped scenario, or one given at the start, uploaded or run here, but never a path,
so that a page cannot ask for other files of this machine.
"""

from __future__ import annotations

import shutil
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath
from tempfile import mkdtemp
from threading import RLock

from sim.dashboard.scenario_text import scenario_text
from sim.documents.package_data import shipped_scenarios
from sim.experiments.preview import Preview, PreviewResult
from sim.experiments.remedies import as_run_error
from sim.explain.origin import scenario_of
from sim.kernel.errors import InputError, Problem, ResultError
from sim.kernel.words import meant, quoted
from sim.records.manifest import scenario_argument
from sim.records.results import Results, load_results
from sim.scenario.load import Scenario

GIVEN = "given"
_GONE = ": what was handed in or run here is kept until the dashboard ends; do it again"
_OPEN = 6  # scenarios whose files and runs are kept in memory
_ANSWERS = 24  # previews kept for each


@dataclass(eq=False)
class OpenScenario:
    """A scenario that is open, and the result that it was read from, if any."""

    key: str  # in links
    name: str  # as given to a command
    source: str | Path  # the file that it is read from
    preview: Preview
    results: Results | None = None
    lock: RLock = field(default_factory=RLock)
    answers: OrderedDict[tuple[object, ...], PreviewResult] = field(default_factory=OrderedDict)

    @property
    def scenario(self) -> Scenario:
        """Return the text of the scenario."""
        return self.preview.scenario

    @property
    def label(self) -> str:
        """Return its name on pages: that of the file, without its folder."""
        return _label(self.name)

    @cached_property
    def title(self) -> str:
        """Return its title in one line."""
        return " ".join(self.scenario.title.split())

    def keep(self, asked: tuple[object, ...], answer: PreviewResult) -> None:
        """Keep the answer to a query; the oldest is dropped."""
        with self.lock:
            self.answers[asked] = answer
            while len(self.answers) > _ANSWERS:
                self.answers.popitem(last=False)


class Cabinet:
    """The open scenarios and results; `close` removes those uploaded or run here."""

    def __init__(self, given: str | Path | None = None) -> None:
        """Begin with the scenario or result given at the start, which is read at once."""
        self._lock = RLock()
        self._open: OrderedDict[str, OpenScenario] = OrderedDict()
        self._places: dict[str, tuple[Path, str]] = {}  # key -> file or folder, and its name
        self._made: set[str] = set()
        self._studies: dict[str, Path] = {}
        self._count = 0
        self.scratch: Path | None = None
        self.first = next(iter(shipped_scenarios()), "")
        if given is not None:
            text = str(given)
            if text in shipped_scenarios() and not Path(text).is_dir():
                self.first = text
            else:
                self._places[GIVEN] = Path(given), text
                self.first = GIVEN
        elif "polonez_vs_iskander" in shipped_scenarios():
            self.first = "polonez_vs_iskander"

    @property
    def names(self) -> Sequence[tuple[str, str]]:
        """Return the names that can be opened, by key in links: those added here first."""
        with self._lock:
            own = [(key, _label(name)) for key, (_, name) in self._places.items()]
        return [*own, *((name, name) for name in shipped_scenarios())]

    def open(self, key: str | None) -> OpenScenario:
        """Return the scenario or result of a link, read if needed; InputError lists faults."""
        key = key or self.first
        with self._lock:
            found = self._open.get(key)
            if found is None:
                found = self._open[key] = self._read(key)
            self._open.move_to_end(key)
            while len(self._open) > _OPEN:
                self._open.popitem(last=False)
            return found

    def _read(self, key: str) -> OpenScenario:
        if key not in self._places:
            known = shipped_scenarios()
            if key not in known:
                message = f"no scenario {quoted(key)} is open{meant(key, known) or _GONE}"
                raise InputError([Problem("case", 0, 0, "", message)])
            return OpenScenario(key, key, key, Preview(key))
        path, name = self._places[key]
        if not path.is_dir():
            return OpenScenario(key, name, path, Preview(path))
        results = load_results(path)
        scenario, seed = scenario_of(results), results.manifest["inputs"]["seed"]
        if scenario.name in shipped_scenarios():
            preview = Preview(scenario.name, seed=seed)
            if preview.scenario.only([*scenario.variants]).hash == scenario.hash:
                return OpenScenario(key, scenario.name, scenario.name, preview, results)
        _, folder = self._room("copy")
        argument = scenario_argument(results.manifest)
        copy = folder / PurePath(argument).with_suffix(".yaml").name
        copy.write_text(scenario_text(scenario), encoding="utf-8")
        return OpenScenario(key, argument, copy, Preview(copy, seed=seed), results)

    def add_file(self, name: str, content: bytes) -> str:
        """Return the key of a file that was uploaded, once it has passed every check."""
        key, folder = self.room("upload")
        path = folder / "scenario.yaml"
        try:
            with as_run_error("the folder for temporary files"):
                path.write_bytes(content)
            opened = OpenScenario(key, name, path, Preview(path))  # others are answered meanwhile
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        with self._lock:
            self._places[key] = path, name
            self._open[key] = opened
        return key

    def room(self, kind: str) -> tuple[str, Path]:
        """Return the key and the folder of a result to be made here."""
        with self._lock:
            return self._room(kind)

    def study(self, key: str) -> Path:
        """Return the folder of a study made here; ResultError if there is none."""
        with self._lock:
            if key not in self._studies:
                message = f"there is no study {key} from this dashboard"
                raise ResultError(message)
            return self._studies[key]

    def made_here(self, key: str) -> bool:
        """Return whether a result was run here, so that files may be written next to it."""
        with self._lock:
            return key in self._made

    def add_study(self, key: str, folder: Path) -> None:
        """Add a comparison or sweep made here."""
        with self._lock:
            self._studies[key] = folder

    def add_result(self, key: str, name: str, folder: Path) -> None:
        """Add a result run here."""
        with self._lock:
            self._places[key] = folder, name
            self._made.add(key)

    def _room(self, kind: str) -> tuple[str, Path]:
        self._count += 1
        key = f"{kind}-{self._count}"
        with as_run_error("the folder for temporary files"):
            if self.scratch is None:
                self.scratch = Path(mkdtemp(prefix="blocsim-"))
            folder = self.scratch / key
            folder.mkdir()
        return key, folder

    def close(self) -> None:
        """Remove the files uploaded or made here."""
        with self._lock:
            if self.scratch is not None:
                shutil.rmtree(self.scratch, ignore_errors=True)
                self.scratch = None


def _label(name: str) -> str:
    """Return the last part of a path, or a name as it is."""
    return PurePath(name).name or name
