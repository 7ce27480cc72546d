# Everything runs from a fresh clone with Python, make and a package index.
PYTHON ?= python3
UV ?= uv

BIN := .venv/bin
STAMP := .venv/.installed
SCENARIO := polonez_vs_iskander
# tests in which shapes of arrays are checked at every call (twice as slow)
SHAPED := tests/laws tests/metrics tests/test_invariants.py tests/test_events.py \
	tests/kernel

.PHONY: help run test study check format bench lock clean

help:
	@echo "make run     set up .venv and run the flagship scenario, $(SCENARIO)"
	@echo "make test    set up .venv and run the tests"
	@echo "make study   the slow studies that make test leaves out"
	@echo "make check   lint, format, types and floors"
	@echo "make format  format the code and mend what ruff can mend"
	@echo "make bench   measure runs per second against the reference model"
	@echo "make lock    write requirements.lock anew; versions stay where they still fit (needs uv)"
	@echo "make clean   remove .venv and every cache"

run: $(STAMP)
	$(BIN)/blocsim run $(SCENARIO) --runs 1000 --out results/$(SCENARIO)

test: $(STAMP)
	$(BIN)/python -m pytest -q -n 2 --dist loadfile $(SHAPED)
	SHAPES=off $(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not study" \
		$(addprefix --ignore=,$(SHAPED))

study: $(STAMP)
	SHAPES=off $(BIN)/python -m pytest -q -n 2 --dist load -m study

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP)
	$(BIN)/python bench/run.py

$(STAMP): requirements.lock pyproject.toml
	@echo "installing into .venv: some minutes, about 1 GB"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

COMPILE = $(UV) pip compile pyproject.toml --quiet --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

lock:
	$(COMPILE) --all-extras --universal -o requirements.lock

clean:
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
