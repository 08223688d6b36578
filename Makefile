# Everything runs in .venv, which the first target that needs it makes.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
# Tests and measurements start the programs as users do: with their bytecode, not compiled anew each time.
unexport PYTHONDONTWRITEBYTECODE

help:  ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/product: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

.venv/development: .venv/product
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

demo: .venv/product  ## the console on a simulated fleet
	$(BIN)/cloutui demo

test: .venv/development  ## all tests
	$(BIN)/pytest -n 4 --dist worksteal --timeout 300

soak: .venv/development  ## the tests of who may do what, of kills, and of what really happened, with many more tries
	CLOUTUI_SOAK=1 $(BIN)/pytest --timeout 1200 tests/access tests/actions tests/cache tests/collectors/test_killed.py tests/model \
		tests/products tests/records tests/reports tests/screens/test_injection.py tests/simulator/world tests/journeys

check: .venv/development  ## style, types, imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

.venv/benchmarks: .venv/development
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,bench]'
	touch $@

bench: .venv/benchmarks  ## speed beside peers, into benchmarks/latest.json
	$(BIN)/python -m benchmarks

bench-ssh: .venv/benchmarks  ## fifty consoles over SSH, and what BENCH_CYCLES visits leave behind
	$(BIN)/python -m benchmarks.bench_ssh

docs: .venv/product  ## the parts of docs/ that are made from the code
	$(BIN)/python docs/generate.py

pictures: .venv/product  ## every screen in docs/screens.md; needs rsvg-convert (librsvg2-bin)
	$(BIN)/python -m docs.pictures

clean:  ## remove what was made here
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis benchmarks/data benchmarks/latest.json

.PHONY: help demo test soak check bench bench-ssh docs pictures clean
