# Everything runs from a fresh clone with Python, make and a package index.
PYTHON ?= python3
UV ?= uv

LOWEST_PYTHON ?= python3.11

BIN := .venv/bin
STAMP := .venv/.installed
MUTANTS_STAMP := .venv/.mutants
BROWSER_STAMP := .venv/.browser
SITE_STAMP := .venv/.site
NOTEBOOK_STAMP := .venv/.notebook
SOLARA_STAMP := .venv/.solara
LOWEST := .venv-lowest/bin
LOWEST_STAMP := .venv-lowest/.installed
PIP_INSTALL = -m pip install --quiet --disable-pip-version-check
SCENARIO := polonez_vs_iskander
# tests in which shapes of arrays are checked at every call (twice as slow)
SHAPED := tests/laws tests/metrics tests/test_shapes.py \
	$(filter-out %/test_trigger.py,$(wildcard tests/kernel/test_*.py))

# processes of tests and commands keep what they compiled of Python, whatever the caller has set
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test study check format bench lock lowest wheel size mutants \
	fuzz browser gallery ablation evidence site clean

help:
	@echo "make run     set up .venv and run the flagship scenario, $(SCENARIO)"
	@echo "make test    set up .venv and run the tests"
	@echo "make study   the slow studies that make test leaves out"
	@echo "make check   lint, format, types, floors, and the docs as a site"
	@echo "make site    the docs as a site, in build/site: open index.html"
	@echo "make format  format the code and mend what ruff can mend"
	@echo "make bench   ratios to the previous release and to the reference model (half an hour)"
	@echo "make lock    write the lock files anew; versions stay where they still fit (needs uv)"
	@echo "make lowest  the commands and the fast tests with the lowest versions, on Python 3.11"
	@echo "make wheel   the wheel in a clean environment: every command in an empty folder"
	@echo "make size    files and lines by folder, and names that the plan of the house forbids"
	@echo "make mutants break laws, steps and metrics in 120 places: 95 % have to fail a test (an hour)"
	@echo "make browser pages in a real browser (Debian's chromium): accessible, offline, printed"
	@echo "make fuzz    read 100,000 scenarios broken at random (an hour)"
	@echo "make ablation what each mechanism does in the shipped scenarios (docs/ablation.csv)"
	@echo "make evidence the page of evidence and its tables; measures those that are not there yet"
	@echo "make gallery draw docs/gallery anew: a figure of each kind (some minutes)"
	@echo "make clean   remove .venv and every cache"

run: $(STAMP)
	$(BIN)/blocsim run $(SCENARIO) --runs 1000 --out results/$(SCENARIO)

# glibc keeps freed arrays, as in the processes of a run: otherwise tests take 1.07 of the time
test study lowest: export MALLOC_MMAP_THRESHOLD_ := 1073741824
test study lowest: export MALLOC_TRIM_THRESHOLD_ := 4294967296

test: $(STAMP)
	$(BIN)/python -m pytest -q -n 0 -m "not study and not browser" $(SHAPED)
	SHAPES=off $(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not study and not browser" \
		$(addprefix --ignore=,$(SHAPED))

study: $(NOTEBOOK_STAMP) $(SOLARA_STAMP)
	SHAPES=off $(BIN)/python -m pytest -q -n 2 --dist load -m study
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -q -n 0 --nbmake examples/tutorial.ipynb

check: $(SITE_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python bench/docs_site.py

site: $(SITE_STAMP)
	$(BIN)/python bench/docs_site.py

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP)
	$(BIN)/python -m bench.run

$(STAMP): requirements.lock pyproject.toml
	@echo "installing into .venv: some minutes, 1.2 GB"
	$(PYTHON) -m venv .venv
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements.lock
	$(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(MUTANTS_STAMP): $(STAMP) requirements-mutants.lock
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements-mutants.lock
	@touch $@

$(BROWSER_STAMP): $(STAMP) requirements-browser.lock
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements-browser.lock
	@touch $@

$(NOTEBOOK_STAMP): $(STAMP) requirements-notebook.lock
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements-notebook.lock
	@touch $@

$(SOLARA_STAMP): $(STAMP) requirements-solara.lock
	@echo "installing SolaraViz into .venv for its example: 0.4 GB"
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements-solara.lock
	@touch $@

$(SITE_STAMP): $(STAMP) requirements-site.lock
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements-site.lock
	@touch $@

$(LOWEST_STAMP): requirements-lowest.lock pyproject.toml
	@echo "installing into .venv-lowest: some minutes, 1.2 GB"
	$(LOWEST_PYTHON) -m venv .venv-lowest
	$(LOWEST)/python $(PIP_INSTALL) --require-hashes -r requirements-lowest.lock
	$(LOWEST)/python $(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

lowest: $(LOWEST_STAMP)
	rm -rf build/lowest && mkdir -p build/lowest
	$(LOWEST)/blocsim version
	$(LOWEST)/blocsim run $(SCENARIO) --runs 20 --jobs 2 --out build/lowest/run
	$(LOWEST)/blocsim plot build/lowest/run
	$(LOWEST)/blocsim sweep $(SCENARIO) --over states.AZE.find=0..1 -n 4 --runs 5 --jobs 2 \
		--out build/lowest/sweep
	SHAPES=off $(LOWEST)/python -m pytest -q -n 2 --dist loadfile -m "not slow and not study and not browser"

wheel: $(STAMP)
	$(BIN)/python bench/wheel.py

size: $(STAMP)
	$(BIN)/python bench/size.py

mutants: $(MUTANTS_STAMP)
	$(BIN)/python bench/mutants.py

fuzz: $(STAMP)
	FUZZ_CASES=100000 SHAPES=off $(BIN)/python -m pytest -q -n 0 -m study tests/scenario/test_fuzz.py

browser: $(BROWSER_STAMP) $(SITE_STAMP)
	SHAPES=off $(BIN)/python -m pytest -q -n 0 -m browser tests/browser

gallery: $(STAMP)
	$(BIN)/python bench/gallery.py

ablation: $(STAMP)
	$(BIN)/python -m bench.ablation

evidence: $(STAMP)
	$(BIN)/python -m bench.evidence

# all but solara, which has a lock of its own
EXTRAS = $(addprefix --extra ,analysis cluster dev)
COMPILE = $(UV) pip compile --quiet --generate-hashes --no-emit-index-url --no-header --no-annotate

lock:
	$(COMPILE) pyproject.toml $(EXTRAS) --universal -o requirements.lock
	$(COMPILE) pyproject.toml $(EXTRAS) --resolution lowest-direct --python-version 3.11 \
		-o requirements-lowest.lock
	$(COMPILE) --group mutants --constraints requirements.lock --universal \
		-o requirements-mutants.lock
	$(COMPILE) --group browser --constraints requirements.lock --universal \
		-o requirements-browser.lock
	$(COMPILE) --group notebook --constraints requirements.lock --universal \
		-o requirements-notebook.lock
	$(COMPILE) pyproject.toml --extra solara --constraints requirements.lock \
		--constraints requirements-notebook.lock --universal \
		-o requirements-solara.lock
	$(COMPILE) --group site --constraints requirements.lock --universal -o requirements-site.lock

clean:
	rm -rf .venv .venv-lowest .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
