"""Arguments of a model: checked, and turned into the model of a scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.kernel.errors import InputError, Problem
from sim.kernel.words import meant, quoted
from sim.scenario.load import Scenario, load, located
from sim.scenario.patches import BASELINE
from sim.scenario.paths import replaced
from sim.scenario.schema.root import Model


def model_of(
    scenario: str | Path | Scenario | Model, variant: str, numbers: Mapping[str, Any]
) -> Model:
    """Return the model of a scenario's variant, with other numbers at some dotted paths."""
    if isinstance(scenario, Model):
        variants = {BASELINE: scenario}
    else:
        variants = (scenario if isinstance(scenario, Scenario) else _read(scenario)).variants
    model = variants[known("variant", variant, variants)]
    return replaced(model, numbers) if numbers else model


def known(key: str, name: str, names: Iterable[str]) -> str:
    """Return a name if it is known; else raise an InputError that suggests a similar one."""
    names = list(names)
    if name in names:
        return name
    raise refused(key, f"there is no {quoted(name)}{meant(name, names)}")


def numbered(key: str, value: Any, bits: int) -> int:
    """Return a run or a seed if it is a whole number of at most `bits` bits; else InputError."""
    whole = hasattr(value, "__index__") and not isinstance(value, bool)
    if whole and 0 <= int(value) < 2**bits:
        return int(value)
    raise refused(key, f"needs a whole number, 0 to 2^{bits} - 1, got {value!r}")


def refused(key: str, message: str) -> InputError:
    """Return the error that says what is wrong with an argument."""
    return InputError([Problem(key, 0, 0, "", message)])


def _read(scenario: str | Path) -> Scenario:
    """Return the scenario of a file; it is read again only if one of its files has changed."""
    path = located(scenario).resolve()
    kept = _kept(path)
    if kept.times != _times(kept.scenario.files):
        _kept.cache_clear()
        kept = _kept(path)
    return kept.scenario


class _Kept:
    """A scenario, and the times at which its files were last changed."""

    def __init__(self, path: Path) -> None:
        self.scenario = load(path)
        self.times = _times(self.scenario.files)


_kept = lru_cache(maxsize=8)(_Kept)  # a batch run makes many models of one scenario


def _times(files: Iterable[Path]) -> list[int]:
    """Return the time at which each file was last changed; 0 for one that no longer exists."""
    return [path.stat().st_mtime_ns if path.exists() else 0 for path in files]
