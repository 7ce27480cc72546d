"""Agreement: a replay must equal the stored run, whichever engine made it."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence

import numpy as np

from sim import __version__
from sim.experiments.options import Options
from sim.experiments.outcomes import outcomes_in
from sim.explain.replay import Replay
from sim.kernel.errors import ResultError
from sim.records.columns import number
from sim.records.first_run_tables import TRANSFERS
from sim.records.results import Results
from sim.records.tables import OUTCOMES
from sim.records.transfers import lines_of, transfers_of

NEAR = 1e-9  # relative to a number, or to 1 if it is smaller


def check_agreement(replay: Replay, results: Results) -> None:
    """Refuse a replay whose outcomes or requests differ from those stored in a result."""
    stored = outcomes_in(results)
    values = stored.values[replay.variant][:, replay.runs]
    found = replay.outcomes(_options(results), stored.outcomes)
    for at, outcome in enumerate(stored.outcomes):
        for run, then, now in zip(replay.runs, values[at], found[at], strict=True):
            if not _near(then, now):
                what = f"{outcome.text} is {number(then)}, but {number(now)} in the replay"
                raise _differs(results, OUTCOMES.file, int(run), what)
    _check_requests(replay, results)


def _options(results: Results) -> Options:
    """Return the options of a result that its numbers depend on."""
    known = results.manifest["inputs"].get("options", {})
    names = ("exact_to", "nu", "xi")
    return Options(**{name: known[name] for name in names if name in known})


def _check_requests(replay: Replay, results: Results) -> None:
    """Compare requests and orders with those in `transfers.csv`, which lists the first runs."""
    listed = results.manifest.get("transfer_runs", 0)
    if TRANSFERS.name not in list(results) or not listed:
        return
    table = results[TRANSFERS.name]
    table = table[table["variant"] == replay.variant]
    log, layout = replay.moments[-1].passed.world.log, replay.layout
    lines = lines_of(replay.variant, transfers_of(log, layout, replay.runs), layout)
    rows = list(csv.DictReader(lines, TRANSFERS.names()))
    for run in replay.runs.tolist():
        if run < listed:
            stored = table[table["run"] == run].to_dict("records")
            mine = [row for row in rows if int(row["run"]) == run]
            if fault := _differing(stored, mine):
                raise _differs(results, TRANSFERS.file, run, fault)


def _differing(stored: Sequence[Mapping[str, object]], mine: Sequence[Mapping[str, str]]) -> str:
    """Return how the rows of a run differ from those stored, if they do."""
    for at, (then, now) in enumerate(zip(stored, mine, strict=False)):
        for name in then.keys() & now.keys():
            if not _same(then[name], now[name]):
                what = f"{now['supplier']} to {now['recipient']} in {now['requested']}"
                return (
                    f"request {at + 1} ({what}) has {name} {then[name]}, but {now[name]} in the "
                    "replay"
                )
    if len(stored) != len(mine):
        return f"there are {len(stored)} requests, but {len(mine)} in the replay"
    return ""


def _same(then: object, now: str) -> bool:
    if isinstance(then, str):
        return then == now
    value = float(then)  # type: ignore[arg-type] # of a frame: a number
    return _near(value, float(now or "nan")) if np.isfinite(value) else now == ""


def _near(then: float, now: float) -> bool:
    return bool(then == now or np.isclose(now, then, rtol=NEAR, atol=NEAR, equal_nan=True))


def _differs(results: Results, file: str, run: int, what: str) -> ResultError:
    versions = results.manifest["inputs"].get("versions", {})
    made = f"blocsim {versions.get('blocsim', 'unknown')} (code {versions.get('code', 'unknown')})"
    return ResultError(
        f"{results.folder / file}: in run {run}, {what}; the result was made by {made}, this is "
        f"blocsim {__version__}: run the scenario again, or use the version that made the result"
    )
