"""The page on the effects of mechanisms is that of its table, which has all of them."""

from bench.ablation import PAGE, TABLE, page
from bench.pages import rows_of
from sim.experiments.ablation.mechanisms import MECHANISMS


def test_the_page_of_what_mechanisms_move_is_that_of_its_table():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m bench.ablation --page`"


def test_every_mechanism_was_measured_where_it_is_on():
    assert MECHANISMS.keys() <= {row["mechanism"] for row in rows_of(TABLE)}
