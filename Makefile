# Everything runs in a virtual environment of its own, made when it is missing.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
DEV := $(VENV)/.dev
BASE := $(VENV)/.base

.PHONY: run test test-all check bench docs clean

run: $(BASE)  ## extract corpus/articles with the shipped model and print the table
	$(BIN)/python -m quintuple extract corpus/articles --table

test: $(DEV)  ## every test that runs within minutes
	$(BIN)/python -m pytest -n 2 -m "not slow"

test-all: $(DEV)  ## the long tests too: training, fuzzing, kills
	$(BIN)/python -m pytest

check: $(DEV)  ## style, types and the import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(DEV)  ## speed and memory, a table
	$(BIN)/python tests/benchmarks/bench_extract.py

docs: $(DEV)  ## the pages, into build/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(BASE): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(DEV): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt torch
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@ $(BASE)
