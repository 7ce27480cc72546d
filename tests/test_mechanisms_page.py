import csv

from bench.ablation import PAGE, TABLE, page
from sim.experiments.ablation.mechanisms import MECHANISMS


def test_the_page_of_what_mechanisms_move_is_that_of_its_table():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m bench.ablation --page`"


def test_every_mechanism_was_measured_where_it_is_on():
    with TABLE.open(encoding="utf-8", newline="") as file:
        measured = {row["mechanism"] for row in csv.DictReader(file)}
    assert MECHANISMS.keys() <= measured
