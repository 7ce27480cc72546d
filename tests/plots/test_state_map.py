"""Maps: positions of states, states in a second window, and names that do not overlap."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

from bench import extents
from bench import outlines as cut
from sim.plots.figure_data import FigureData
from sim.plots.outlines import _lines, miller, outlined, place_of, unbroken
from sim.plots.pages import our_look
from sim.plots.state_map import StateMap, bent
from tests.plots.built import build

ROOT = Path(__file__).parents[2]
SPOTS = {
    "ARM": (40.2, 44.5), "AZE": (40.4, 49.8), "GEO": (41.7, 44.8), "RUS": (55.6, 37.6),
    "TUR": (39.9, 32.9), "KAZ": (51.1, 71.5), "USA": (38.9, -77.0),
}  # fmt: skip
STATES = {
    name: {"name": name.title(), "latitude": north, "longitude": east}
    for name, (north, east) in SPOTS.items()
}


@pytest.fixture
def ground(made):
    return StateMap(FigureData.read(made(states=STATES)), list(STATES))


def test_neighbours_that_crowd_have_a_window_of_their_own(ground):
    wide, close = ground.windows
    assert {"ARM", "GEO"} <= set(close.states)
    assert set(wide.states) == set(STATES) - set(close.states)
    assert close.scale > 3 * wide.scale


def test_a_state_far_from_the_others_is_on_the_frame(ground):
    wide, _ = ground.windows
    assert not ground.is_inside(wide, "USA")
    assert ground.is_inside(wide, "KAZ")
    assert ground.place_in(wide, "USA")[0] == wide.low[0]


def test_a_state_beyond_the_map_is_on_the_side_that_is_nearer_for_most(made):
    east = {"JPN": (35.7, 139.7), "CHN": (39.9, 116.4), "VNM": (21.0, 105.8), "RUS": (55.6, 37.6)}
    states = {name: {"name": name, "latitude": y, "longitude": x} for name, (y, x) in east.items()}
    states["USA"] = STATES["USA"]
    ground = StateMap(FigureData.read(made(states=states)), list(states))
    wide = ground.windows[0]
    assert ground.place_in(wide, "USA")[0] == wide.high[0]


def test_states_on_the_frame_keep_apart_from_each_other_and_from_those_inside(made):
    far = {name: {**STATES["USA"], "name": name} for name in ("CAN", "MEX", "USA")}
    states = STATES | far
    ground = StateMap(FigureData.read(made(states=states)), list(states))
    wide = ground.windows[0]
    spots = {name: ground.place_in(wide, name) for name in states}
    gaps = [
        np.linalg.norm(spots[one] - spots[name]) * wide.scale
        for one in far
        for name in states
        if name != one
    ]
    assert min(gaps) > 0.3
    assert {spots[name][0] for name in far} == {wide.low[0]}


@pytest.mark.parametrize(("count", "at_edge"), [(6, True), (7, False)])
def test_a_map_of_many_far_states_shows_them_where_they_are(made, count, at_edge):
    far = {
        f"A{at}": {"name": f"A{at}", "latitude": 8.0 * at - 40, "longitude": -75.0}
        for at in range(count)
    }
    near = {name: state for name, state in STATES.items() if name != "USA"}
    near |= {f"N{at}": {**STATES["ARM"], "name": f"N{at}"} for at in range(3)}
    states = far | near
    ground = StateMap(FigureData.read(made(states=states)), list(states))
    whole = ground.windows[0]
    assert all(ground.is_inside(whole, name) != at_edge for name in far)
    assert all(ground.is_inside(whole, name) for name in near)


def test_a_line_to_a_state_beyond_a_window_ends_at_its_edge(ground):
    _, close = ground.windows
    start, end = ground.ends(close, "RUS", "ARM")
    assert list(end) == pytest.approx(list(ground.places["ARM"]))
    assert start[1] == pytest.approx(close.high[1])
    way, whole = start - end, ground.places["RUS"] - ground.places["ARM"]
    assert way[0] / way[1] == pytest.approx(whole[0] / whole[1])
    assert ground.ends(close, "USA", "KAZ") is None


def test_names_keep_clear_of_each_other(ground):
    with our_look():
        figure = Figure(figsize=(4.6, 3.3))
        ax = figure.add_axes((0, 0, 1, 1))
        for window in ground.windows:
            ax.clear()
            ground.begin(ax, window)
            ground.finish(ax, window, {}, [])
            figure.draw_without_rendering()
            boxes = [text.get_window_extent() for text in ax.texts]
            assert len(boxes) == len(window.states)
            assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_states_without_places_stand_on_a_circle_without_outlines(made):
    plain = StateMap(FigureData.read(made(states={})), ["AAA", "BBB", "CCC"])
    assert plain.remark == ""
    pairs = combinations(plain.places.values(), 2)
    apart = [np.linalg.norm(one - other) for one, other in pairs]
    assert apart == pytest.approx([apart[0]] * 3, rel=1e-3)
    figure = build(made(states={}), "arms_flows")
    assert not any(isinstance(patch, PathPatch) for patch in figure.axes[0].patches)


@pytest.mark.parametrize(
    "about",
    [{"source": "placeholder"}, {"sources": {"longitude": ["placeholder"]}, "source": "mayer2011"}],
)
def test_a_place_that_stands_in_for_a_missing_one_is_unknown(made, about):
    states = {name: {"latitude": 0, "longitude": 0, **about} for name in ("AAA", "BBB", "CCC")}
    assert place_of(states["AAA"]) is None
    assert place_of({**states["AAA"], "source": "x", "sources": {}}) == (0, 0)
    assert not StateMap(FigureData.read(made(states=states)), [*states]).outlined


def test_miller_keeps_the_equator_and_raises_the_north():
    assert miller(np.array([10.0, 0.0])) == pytest.approx(np.array([10.0, 0.0]), abs=1e-9)
    assert miller(np.array([0.0, 60.0]))[1] == pytest.approx(np.degrees(1.19683), abs=1e-3)


def test_a_line_across_the_180th_meridian_is_on_both_sides_and_not_across_the_map():
    ring = np.array([[179.0, 5.0], [180.0, 4.0], [-179.0, 3.0], [179.0, 5.0]])
    east, west = unbroken(ring)
    assert east[:, 0].tolist() == [179, 180, 181, 179]
    assert west[:, 0].tolist() == [-181, -180, -179, -181]
    assert west[:, 1].tolist() == ring[:, 1].tolist()
    (plain,) = unbroken(ring[:2])
    assert plain.tolist() == ring[:2].tolist()
    for lines in _lines():
        assert all(np.abs(np.diff(line[:, 0])).max() < 180 for line in lines)


def test_an_arrow_bends_to_its_right():
    curve = bent(np.array([0.0, 0.0]), np.array([1.0, 0.0]), 0.2)
    assert curve[0].tolist() == [0, 0]
    assert curve[-1].tolist() == [1, 0]
    assert curve[len(curve) // 2][1] == pytest.approx(-0.1, abs=0.01)


def test_the_outlines_hold_land_coasts_borders_and_contested_borders():
    land, coasts, borders, contested = _lines()
    assert min(map(len, (land, coasts, borders, contested))) > 10
    isthmus = miller(np.array([34.0, 46.0]))
    crimea = [line for line in contested if (np.abs(line - isthmus) < 1.5).all(axis=1).any()]
    assert len(crimea) == 1
    assert all(line[:, 1].max() > -75 for line in land)  # the far south is left out


def test_only_what_a_window_shows_is_drawn():
    ax = Figure().subplots()
    ax.set(xlim=(40, 52), ylim=(40, 48))
    outlined(ax)
    points = sum(len(patch.get_path()) for patch in ax.patches)
    assert 50 < points < 2000


def test_what_is_vendored_is_named_with_licence_source_and_hash():
    notice = (ROOT / "NOTICE").read_text("utf-8")
    hashes = (cut.SHA256, extents.SHA256)
    for part in ("outlines.json", "extents.csv", "world-atlas", "ISC", "public domain", *hashes):
        assert part in notice
    assert '"NOTICE"' in (ROOT / "pyproject.toml").read_text("utf-8")
