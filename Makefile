# The two commands: make demo, make test. Both do all their own set-up.
.PHONY: demo test fuzz attack install clients benchmark torture clean

PYTHON ?= python3
BIN := .venv/bin

demo: install
	$(BIN)/python generate.py demo

test: install clients
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term

fuzz: install
	EXAMPLES=10000 $(BIN)/python -m pytest tests/fuzz -n 2

benchmark: install clients
	$(BIN)/python -m benchmarks

attack: install
	$(BIN)/python -m torture.attack

torture: install
	$(BIN)/python -m torture

install: .venv/installed

.venv/installed: setup.cfg pyproject.toml constraints.txt setup/venv.sh
	PYTHON=$(PYTHON) setup/venv.sh
	touch $@

clients:
	setup/clients.sh

clean:
	rm -rf .venv demo output *.egg-info
