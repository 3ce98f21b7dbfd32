# The two commands: make demo, make test. Both do all their own set-up.
.PHONY: demo test docs coverage fuzz attack install tools clients benchmark torture clean

PYTHON ?= python3
BIN := .venv/bin

demo: install
	$(BIN)/python generate.py demo

test: tools clients
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2

coverage: tools clients
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term

# The lists in docs/queries.md that are made from the code.
docs: install
	$(BIN)/python -m flow.commands.reference docs/queries.md

fuzz: tools
	EXAMPLES=10000 $(BIN)/python -m pytest tests/fuzz -n 2

benchmark: tools clients
	$(BIN)/python -m benchmarks

attack: tools
	TRIALS=all $(BIN)/python -m pytest tests/privacy/test_attack.py -n 2
	$(BIN)/python -m torture.attack

torture: tools
	$(BIN)/python -m torture

# For a host: the program and what it needs. What its tests need comes with tools.
install: .venv/installed
tools: .venv/tools

SOURCES := setup.cfg setup.py pyproject.toml constraints.txt setup/venv.sh

.venv/installed: $(SOURCES)
	PYTHON=$(PYTHON) setup/venv.sh .
	touch $@

.venv/tools: $(SOURCES)
	PYTHON=$(PYTHON) setup/venv.sh '.[test]'
	touch .venv/installed $@

clients:
	setup/clients.sh

clean:
	rm -rf .venv demo output build dist *.egg-info
