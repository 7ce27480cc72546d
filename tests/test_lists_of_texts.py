"""Every function refuses a single text where a list of texts is meant."""

from pathlib import Path

import pytest

import sim
from sim.agents.model import GeopoliticalModel
from sim.experiments.calibration.calibration import CalibrationPlan
from sim.kernel.errors import InputError, need_lists
from sim.patterns.files import history_of_files
from sim.plots import draw_all

SMALL = Path(__file__).parent / "experiments" / "small.yaml"
OVER = "states.BRA.burden=0.02..0.06"
CALLS = {
    "load sets": lambda text: sim.load(SMALL, sets=text),
    "run sets": lambda text: sim.run(SMALL, sets=text),
    "structural sets": lambda text: sim.run_structural(SMALL, sets=text),
    "structural roles": lambda text: sim.run_structural(SMALL, roles=text),
    "sweep sets": lambda text: sim.sweep(SMALL, over=[OVER], sets=text, out="unused"),
    "sweep over": lambda text: sim.sweep(SMALL, over=text, out="unused"),
    "sweep variants": lambda text: sim.sweep(SMALL, over=[OVER], variants=text, out="unused"),
    "ablate mechanisms": lambda text: sim.ablate(SMALL, mechanisms=text, out="unused"),
    "sensitivity over": lambda text: sim.sensitivity(SMALL, over=text),
    "sensitivity outcomes": lambda text: sim.sensitivity(SMALL, outcomes=text),
    "sensitivity sets": lambda text: sim.sensitivity(SMALL, sets=text),
    "compare outcomes": lambda text: sim.compare(f"{SMALL}:sale", SMALL, outcomes=text),
    "calibrate patterns": lambda text: CalibrationPlan(patterns=text),
    "calibrate parameters": lambda text: CalibrationPlan(parameters=text),
    "salib over": lambda text: sim.salib_problem(SMALL, over=text),
    "salib sets": lambda text: sim.salib_problem(SMALL, sets=text),
    "mesa metrics": lambda text: GeopoliticalModel(SMALL, metrics=text),
    "plot what": lambda text: draw_all(Path("unused"), text),
    "files transfers": history_of_files,
    "files events": lambda text: history_of_files([], events=text),
    "files blocs": lambda text: history_of_files([], blocs={"CSTO": text}),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_text_in_place_of_a_list_is_refused_with_the_list_to_write(call):
    with pytest.raises(InputError) as error:
        call("one")
    assert str(error.value).endswith("must be a list of texts, got 'one': write ['one']")
    assert len(error.value.problems) == 1


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_list_of_numbers_is_refused(call):
    with pytest.raises(InputError, match=r"must be a list of texts, got \[1\]$"):
        call([1])


def test_lists_tuples_sets_and_none_are_lists():
    assert need_lists(a=["x"], b=("x",), c=frozenset({"x"}), d=None, e=[Path("x")], f=()) is None


FLAGS = {
    "study uncertain": lambda flag: sim.Study(SMALL, uncertain=flag),
    "run uncertain": lambda flag: sim.run(SMALL, uncertain=flag),
    "run force": lambda flag: sim.run(SMALL, force=flag),
    "structural force": lambda flag: sim.run_structural(SMALL, force=flag),
    "sweep force": lambda flag: sim.sweep(SMALL, over=[OVER], out="unused", force=flag),
    "sweep confirmed": lambda flag: sim.sweep(SMALL, over=[OVER], out="unused", confirmed=flag),
    "ablate force": lambda flag: sim.ablate(SMALL, out="unused", force=flag),
    "sensitivity facts": lambda flag: sim.sensitivity(SMALL, facts=flag),
    "sensitivity confirmed": lambda flag: sim.sensitivity(SMALL, confirmed=flag),
    "compare attribute": lambda flag: sim.compare(f"{SMALL}:sale", SMALL, attribute=flag),
    "study calibrate resume": lambda flag: sim.Study(SMALL).calibrate(resume=flag),
    "salib facts": lambda flag: sim.salib_problem(SMALL, facts=flag),
}


@pytest.mark.parametrize("call", FLAGS.values(), ids=FLAGS)
def test_a_word_in_place_of_true_or_false_is_refused(call):
    for word in ("no", 1):
        with pytest.raises(InputError, match=rf"^[a-z]+: must be True or False, got {word!r}$"):
            call(word)
