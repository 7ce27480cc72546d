"""A synthetic world: sound at any size, as large as asked, the same from the same seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.cases.case_tables import dyadic
from sim.cases.synthetic_world import SyntheticOrder, synthetic_world
from sim.documents.reader import read_mapping
from sim.kernel.errors import InputError
from sim.scenario.load import Scenario, load


def written(folder: Path, count: int, seed: int = 0) -> Scenario:
    """Return a synthetic world as loaded from its files."""
    text, table = synthetic_world(SyntheticOrder(count, seed), "world", "world")
    (folder / "world.yaml").write_text(text, encoding="utf-8")
    (folder / table.file("world")).write_text(table.text, encoding="utf-8")
    return load(folder / "world.yaml")


@pytest.mark.parametrize(("count", "suppliers", "blocs"), [(5, 2, 1), (41, 8, 2), (204, 41, 6)])
def test_a_world_is_sound_at_any_size(
    tmp_path: Path, count: int, suppliers: int, blocs: int
) -> None:
    model = written(tmp_path, count).variants["baseline"]
    assert len(model.states) == count
    assert len({offer.supplier for offer in model.offers.values()}) == suppliers
    assert len(model.blocs) == blocs
    assert len(model.table("affinity")) == count * (count - 1)
    assert sum(len(each.with_) for each in model.rivalries.values()) >= count // 2
    members = [each for bloc in model.blocs.values() for each in bloc.members]
    assert len(members) == len({*members})


@pytest.mark.parametrize("seed", range(6))
def test_small_worlds_of_any_seed_are_sound(tmp_path: Path, seed: int) -> None:
    assert len(written(tmp_path, 5 + seed, seed).variants["baseline"].states) == 5 + seed


def test_products_are_log_normal() -> None:
    text, _ = synthetic_world(SyntheticOrder(101), "w", "w")
    states = read_mapping(text, "").plain()["states"].values()
    logs = np.log([each["gdp"] for each in states])
    assert np.exp(np.median(logs)) == pytest.approx(24_000)
    low, high = np.quantile(logs, (0.1587, 0.8413))  # a standard deviation below and above
    assert (high - low) / 2 == pytest.approx(2.3, abs=0.05)


def test_states_regard_those_with_their_views_and_their_leader_more() -> None:
    text, table = synthetic_world(SyntheticOrder(60), "w", "w")
    plain = read_mapping(text, "").plain()
    toward = {}
    for row in table.text.splitlines()[1:]:
        one, other, value = row.split(",")
        toward[one, other] = float(value)
    disputes = [toward[a, b] for a, own in plain["rivalries"].items() for b in own["with"]]
    ties = [
        toward[each, bloc["leader"]]
        for bloc in plain["blocs"].values()
        for each in bloc["members"]
        if each != bloc["leader"]
    ]
    assert np.mean(disputes) < np.mean([*toward.values()]) < np.mean(ties) - 0.3


def test_the_same_seed_gives_the_same_files_and_another_seed_others() -> None:
    one, same, other = (synthetic_world(SyntheticOrder(20, s), "w", "w") for s in (3, 3, 4))
    assert one == same
    assert one[0] != other[0]
    assert one[1] != other[1]


def test_a_table_has_a_row_for_each_dyad() -> None:
    table = dyadic("affinity", ("A", "B"), np.array([[9.0, 0.254], [-1.0, 9.0]]))
    assert table.text == "from,to,value\nA,B,0.25\nB,A,-1\n"
    assert table.file("world") == "world_affinity.csv"


@pytest.mark.parametrize(
    ("order", "message"),
    [
        (SyntheticOrder(4), "--synthetic: must be from 5 to 204 states, got 4"),
        (SyntheticOrder(205), "--synthetic: must be from 5 to 204 states, got 205"),
        (SyntheticOrder(20, -1), "--seed: must be 0 or more, got -1"),
        (SyntheticOrder(20, 0, "2020", "2019"), "--to: ends before it starts"),
        (SyntheticOrder(20, 0, period="week"), "--period: must be"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(order: SyntheticOrder, message: str) -> None:
    with pytest.raises(InputError, match=message):
        synthetic_world(order, "w", "w")
