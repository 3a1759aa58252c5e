# What a person needs: `make run` to use Attune, `make test` to check it. Nothing but Python 3.11 or newer is expected.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_TEST := $(VENV)/.installed-test
# Errors are shown, and what pip thinks of the machine's settings is not.
PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq --constraint constraints.txt

.PHONY: setup run test lint eval tune bench bench-faults clean

setup: $(INSTALLED)

run: $(INSTALLED)
	@$(BIN)/python -m ingest build || $(BIN)/python -m ingest status >/dev/null
	@exec $(BIN)/python -m app.main

test: $(INSTALLED_TEST) lint
	@$(BIN)/python -m pytest

lint: $(INSTALLED_TEST)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

eval: $(INSTALLED_TEST)
	@$(BIN)/python -m tests.evaluation

tune: $(INSTALLED_TEST)
	@$(BIN)/python -m tests.evaluation.tune

bench: $(INSTALLED_TEST)
	@$(BIN)/python -m tests.bench

bench-faults: $(INSTALLED_TEST)
	@$(BIN)/python -m tests.bench.faults

clean:
	rm -rf $(VENV) library build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Attune needs Python 3.11 or newer, and $(PYTHON) is %d.%d. Name another: make run PYTHON=python3.12" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@echo "Making a virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(INSTALLED): pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing what Attune needs. This takes a few minutes the first time and is not repeated."
	@echo "  1 of 2: torch (about 200 MB as a CPU build; several GB where PyPI serves it with GPU libraries)"
	@$(PIP) torch
	@echo "  2 of 2: the other packages (about 500 MB; 2.4 GB on disk in all)"
	@$(PIP) --editable .
	@touch $@

$(INSTALLED_TEST): $(INSTALLED)
	@echo "Installing what the tests need ..."
	@$(PIP) --editable '.[test]'
	@touch $@
