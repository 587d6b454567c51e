# make run     install what the page needs, once, and open it
# make test    install what the tests need too, once, and run every test
# make lint    formatting, lint and types
# make bench   side by side with what one would otherwise run
PYTHON ?= python3
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)
ifdef UV
VENV := uv venv --quiet --allow-existing --python $(PYTHON) .venv
INSTALL := uv pip install --quiet --python $(BIN)/python
else
VENV := $(PYTHON) -m venv .venv
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif

.PHONY: run test lint bench clean

run: .venv/run.stamp
	$(BIN)/python app.py

test: .venv/test.stamp
	$(BIN)/python -m pytest -n 2

lint: .venv/test.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/test.stamp
	$(BIN)/python -m benchmarks

.venv/run.stamp: requirements.txt
	$(VENV)
	$(INSTALL) -r requirements.txt
	touch $@

.venv/test.stamp: requirements.txt requirements-test.txt
	$(VENV)
	$(INSTALL) -r requirements-test.txt
	touch .venv/run.stamp $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
