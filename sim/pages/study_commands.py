"""Commands that make a study again, on its page, from the inputs in its manifest."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from sim.records.kinds import (
    ABLATION,
    BACKTEST,
    CALIBRATION,
    COMPARISON,
    DISCOVERY,
    RUN,
    STRUCTURAL,
    SWEEP,
    ResultKind,
)
from sim.records.manifest import scenario_argument

AGAIN = (RUN, STRUCTURAL, SWEEP, ABLATION, COMPARISON)  # that `blocsim reproduce` knows
_SAME = "makes it again, with the same --set"


def commands_of(
    kind: ResultKind, folder: str, manifest: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """Return commands with their purposes; none of a result without its inputs."""
    if kind in AGAIN:
        return [(f"blocsim reproduce {shlex.quote(folder)}", "makes it again, and compares")]
    if "inputs" not in manifest:
        return []
    if kind is CALIBRATION:
        return [(_joined(_calibration(manifest)), f"{_SAME} and --parameters, if any were given")]
    if kind is BACKTEST:
        return [(_joined(_backtest(manifest)), f"{_SAME}, if any was given")]
    if kind is DISCOVERY:
        return [(_joined(_discovery(manifest["inputs"])), "makes it again")]
    return []


def _joined(words: Iterator[object]) -> str:
    return shlex.join(["blocsim", *map(str, words)])


def _calibration(manifest: Mapping[str, Any]) -> Iterator[object]:
    inputs = manifest["inputs"]
    yield from ("calibrate", scenario_argument(manifest))
    for name in ("points", "replicates", "checks", "vantage", "seed"):
        if name in inputs:
            yield from (f"--{name}", inputs[name])
    yield from ("--patterns", ",".join(dict.fromkeys(n.split(".")[0] for n in inputs["patterns"])))


def _backtest(manifest: Mapping[str, Any]) -> Iterator[object]:
    inputs = manifest["inputs"]
    origins = inputs["origins"]
    yield from ("backtest", scenario_argument(manifest))
    for name in inputs.get("files", {}):
        yield from (f"--{name}", f"{name}.csv")
    one = len(origins) == 1
    yield from ("--origin", origins[0]) if one else ("--origins", f"{origins[0]}..{origins[-1]}")
    for name in ("horizon", "runs", "seed"):
        if name in inputs:
            yield from (f"--{name}", inputs[name])
    flags = {"--given": "later events given", "--free": "free running"}
    yield from (flag for flag, name in flags.items() if inputs.get(name))
    if manifest.get("parameters", {}).get("uncertain"):
        yield "--uncertain"


def _discovery(inputs: Mapping[str, Any]) -> Iterator[object]:
    yield from ("discover", inputs["results"])
    yield from ("--outcome", f"{inputs['outcome']} {inputs['sign']} {inputs['number']!r}")
    yield from ("--variant", inputs["variant"])
    if inputs["versus"]:
        yield from ("--versus", inputs["versus"])
    for flag, name in (("threshold", "threshold"), ("box", "boxes"), ("by", "by")):
        yield from (f"--{flag}", inputs[name])
