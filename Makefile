# Everything a person does with this repository. The environment is made when a target first needs it.
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell $(p) -c $(NEW_ENOUGH) 2>/dev/null && echo $(p))))
NEW_ENOUGH := 'import sys; sys.exit(sys.version_info < (3, 11))'
BIN := .venv/bin
INSTALLED := .venv/installed

.PHONY: help up up-watch demo down status doctor packages lint format test test-unit chaos hostile clean
help: ## this list
	@grep -hE '^[a-z% -]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 20

up: $(INSTALLED) ## start everything and stay; Ctrl-C stops
	@$(BIN)/playlog up

demo: $(INSTALLED) ## the same, then upload VIDEO=path (or a generated clip) and watch it
	@$(BIN)/playlog demo $(if $(VIDEO),"$(VIDEO)")

down status doctor: $(INSTALLED) ## stop it; show it; say what is wrong with it
	@$(BIN)/playlog $@

up-watch: $(INSTALLED) ## like up, and restart what changed while you edit
	@$(BIN)/playlog up --watch

lint: $(INSTALLED) ## style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright

format: $(INSTALLED) ## mend style where a tool can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

test: packages $(INSTALLED) ## every tier, on real servers of its own
	@$(BIN)/pytest

test-unit: $(INSTALLED) ## seconds, no server
	@$(BIN)/pytest $(wildcard tests/unit tests/policy tests/contract)

bench-%: packages $(INSTALLED) ## the benchmark tests/bench/%.py
	@$(BIN)/python -m tests.bench.$*

chaos: $(INSTALLED) ## kill N=100 workers, and servers, while a ledger is kept; then audit it
	@$(BIN)/python -m tests.chaos.main $(N)

hostile: $(INSTALLED) ## N=2000 harmed and crafted files of a SEED, each to end as a video or with a reason
	@PLAYLOG_HOSTILE_FILES=$(or $(N),2000) PLAYLOG_HOSTILE_SEED=$(or $(SEED),2) $(BIN)/pytest tests/integration/media/test_hostile.py

packages: # Chromium and the like, which no wheel carries
	@deploy/local/packages.sh

clean: ## remove the environment; data (.playlog) and downloads stay
	rm -rf .venv gateway/web/node_modules gateway/web/dist

$(INSTALLED): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Playlog needs Python 3.11 or newer, and found none: install one, or say make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c $(NEW_ENOUGH) || { echo "Playlog needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) --version`"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { rm -rf .venv; echo "$(PYTHON) can't make a virtual environment (Debian: apt-get install python3-venv)"; exit 1; }
	@echo "  installing into .venv (about a minute, once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' --constraint constraints.txt
	@touch $@
