from bench.ablation import PAGE, page


def test_the_page_of_what_mechanisms_move_is_that_of_its_table():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m bench.ablation --page`"
