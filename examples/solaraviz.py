"""One run of a scenario in Mesa's own page, SolaraViz: a map, curves, sliders, step and play.

    python examples/solaraviz.py polonez_vs_iskander --port 8765

Needs the extra `solara`, whose versions are fixed, since later ones load a part of the page from
another machine. Each window has its own model. Changes take effect at Reset.
"""
# ruff: noqa: E402, INP001, T201 - a script; it sets variables before Solara is imported

from __future__ import annotations

import argparse
import os
import warnings
from pathlib import Path
from typing import Any

os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] = "false"  # else Solara reports its use
os.environ["SOLARA_APP"] = Path(__file__).stem  # the module that has the page
warnings.filterwarnings("ignore", module="solara")  # its remarks on Mesa's code, and on cookies

import numpy as np
import solara
import uvicorn
from matplotlib.figure import Figure
from mesa.visualization import Slider, SolaraViz
from solara.server.starlette import app
from starlette.responses import PlainTextResponse

import sim
from sim.documents.leaves import value_of
from sim.kernel.errors import SimError
from sim.metrics.catalogue import END, METRICS
from sim.plots.outlines import REMARK, miller, outlined, together
from sim.scenario.load import Scenario
from sim.scenario.paths import number_paths

SCENARIO = "BLOCSIM_SCENARIO"  # environment variable, since Solara passes no arguments to a page
ADDRESS = "127.0.0.1"
RUNS, STEPS = 100, 50  # number of runs, and of values of a slider
DATES = 5  # number of dates below curves
ROOM = 5.0  # degrees around the states


class MovedModel(sim.GeopoliticalModel):
    """A model in which a slider that was not moved keeps the number of the variant."""

    def __init__(self, scenario: Scenario, **kwargs: Any) -> None:
        """Pass only the numbers of sliders that were moved."""
        usual = {path: usual_number(scenario, path) for path in scenario.base.sweep}
        moved = {name: each for name, each in kwargs.items() if usual.get(name) != each}
        super().__init__(scenario, **moved)


@solara.component
def Page() -> None:  # noqa: N802 - the name that Solara looks for
    """Show a model of this window only."""
    scenario = solara.use_memo(lambda: sim.load(os.environ[SCENARIO]), [])
    fixed = {"scenario": scenario, "metrics": metrics_of(scenario)}
    model = solara.use_memo(lambda: MovedModel(**fixed), [])
    SolaraViz(
        model,
        components=[
            (lambda model: solara.FigureMatplotlib(state_map(model, scenario)), 0),
            (lambda model: solara.FigureMatplotlib(curves(model)), 0),
        ],
        model_params={**fixed, **inputs_of(scenario)},
        name=scenario.title,
    )


def metrics_of(scenario: Scenario) -> list[str]:
    """Return the metrics of the first contrast that exist in every period."""
    about = next(iter(scenario.base.contrasts.values())).about or scenario.base.outcomes
    names = sim.GeopoliticalModel(scenario, metrics=[]).readings.names_of(about)
    return [name for name in names if METRICS[name.partition(" ")[0]].when != END]


def inputs_of(scenario: Scenario) -> dict[str, Any]:
    """Return the inputs that can be changed: run, variant, and the scenario's swept numbers."""
    inputs: dict[str, Any] = {
        "run": Slider("run", 0, 0, RUNS - 1, 1),
        "variant": choice("variant", [*scenario.variants]),
    }
    for path, span in scenario.base.sweep.items():
        usual = usual_number(scenario, path)
        if span.values:
            inputs[path] = choice(path, [usual, *(set(span.values) - {usual})])
        else:
            low, high = min(span.low, usual), max(span.high, usual)
            inputs[path] = Slider(path, usual, low, high, (high - low) / STEPS, dtype=float)
    return inputs


def usual_number(scenario: Scenario, path: str) -> float:
    """Return a number of the scenario file."""
    return value_of(number_paths(scenario.base)[path].value)


def choice(label: str, values: list[Any]) -> dict[str, Any]:
    """Return a choice among values, the first of which is the default."""
    return {"type": "Select", "label": label, "value": values[0], "values": values}


def curves(model: sim.GeopoliticalModel) -> Figure:
    """Return the metrics collected so far, a panel for each, over the dates of a run."""
    calendar = model.layout.calendar
    found = model.datacollector.get_model_vars_dataframe().drop(columns="date")
    figure = Figure(figsize=(6.4, 1.3 * found.shape[1] + 0.5), layout="constrained")
    panels = figure.subplots(found.shape[1], sharex=True, squeeze=False)[:, 0]
    for ax, (name, values) in zip(panels, found.items(), strict=True):
        ax.plot(values.to_numpy(), marker=".")
        ax.set_title(name, loc="left", fontsize=9)
    at = np.linspace(0, len(calendar), DATES).astype(int).tolist()
    panels[-1].set_xlim(0, len(calendar))
    panels[-1].set_xticks(at, [calendar.label(index - 1) for index in at])
    return figure


def state_map(model: sim.GeopoliticalModel, scenario: Scenario) -> Figure:
    """Return a map of the states, coloured by their engagement in the first bloc."""
    bloc = next(iter(model.blocs.values()))
    written = scenario.base.states
    places = np.array([(written[name].longitude, written[name].latitude) for name in model.states])
    near, spots = together(places[:, 0]), miller(places)
    low, high = spots[near].min(axis=0) - ROOM, spots[near].max(axis=0) + ROOM
    wide, tall = high - low
    figure = Figure(figsize=(6.4, 6.4 * tall / wide + 1.5), layout="constrained")
    ax = figure.subplots()
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xticks=[], yticks=[], aspect="equal")
    outlined(ax)
    part = [bloc.engagement.get(name, 0.0) for name in model.states]
    marks = ax.scatter(*spots.T, c=part, vmin=0, vmax=1, edgecolors="black", zorder=3)
    for name, spot in zip(model.states, spots, strict=True):
        ax.annotate(name, spot, (4, 3), textcoords="offset points", fontsize=7, clip_on=True)
    figure.colorbar(marks, ax=ax, location="bottom", label=f"engagement in {bloc.name}")
    ax.set_title(f"{model.date}, run {model.run}, {model.variant}")
    beyond = ", ".join(name for name, here in zip(model.states, near, strict=True) if not here)
    figure.supxlabel(REMARK + (f" Beyond the map: {beyond}." if beyond else ""), fontsize=6)
    return figure


class OwnPages:
    """Solara behind a check of the origin, since its sockets answer pages of any site."""

    def __init__(self, port: int) -> None:
        """Keep the addresses of the pages at a port of this machine."""
        self.hosts = {f"{name}:{port}".encode() for name in (ADDRESS, "localhost")}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer own pages, and refuse others with status 403."""
        headers = dict(scope.get("headers", ()))
        host, origin = headers.get(b"host", b""), headers.get(b"origin")
        if scope["type"] == "lifespan" or (
            host in self.hosts and origin in (None, b"http://" + host)
        ):
            await app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        else:
            await PlainTextResponse("A page of another site asked.\n", 403)(scope, receive, send)


def main() -> None:
    """Serve the page of a scenario on this machine."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("scenario", nargs="?", default="polonez_vs_iskander")
    parser.add_argument("--port", type=int, default=8765)
    given = parser.parse_args()
    try:
        sim.load(given.scenario)
    except SimError as error:
        parser.error(str(error))
    os.environ[SCENARIO] = given.scenario
    print(f"http://{ADDRESS}:{given.port}/ (Ctrl-C ends it)", flush=True)
    uvicorn.run(OwnPages(given.port), host=ADDRESS, port=given.port, log_level="warning")


if __name__ == "__main__":
    main()
