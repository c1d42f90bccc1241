# Everything happens in .venv; the system's Python is left alone. Stamps make the second call quick.
PYTHON ?= $(shell for p in python3 python3.15 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
SCENARIO ?= scenarios/baseline.yaml
TESTS ?= tests
VENV := .venv
BIN := $(VENV)/bin
WHAT := pyproject.toml constraints.txt
.DEFAULT_GOAL := help
.PHONY: run test quick lint hooks bench bench-check soak findings rebase-hashes examples docs model-docs release clean help browser
export PIP_DISABLE_PIP_VERSION_CHECK := 1

run: $(VENV)/.run  ## simulate scenarios/baseline.yaml (or SCENARIO=...) and say where the report is
	@$(BIN)/sanzhi run $(SCENARIO)

test: $(VENV)/.test browser  ## run every test (TESTS=tests/test_cli.py for some of them)
	@$(BIN)/python -m pytest $(SPREAD) --durations=20 $(TESTS)

quick: $(VENV)/.test  ## run the quick tests: for every change while you work
	@$(BIN)/python -m pytest $(SPREAD) -m "(quick or contract) and not (slow or browser or soak)" $(TESTS)

lint: $(VENV)/.lint  ## ruff (lint and format) and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

hooks: $(VENV)/.lint  ## run the linters of `make lint` before every commit
	@$(BIN)/pre-commit install

bench: $(VENV)/.test  ## measure speed and memory
	@$(BIN)/python -m benchmarks

bench-check: $(VENV)/.test  ## compare this machine's speed ratios with the stated ones
	@$(BIN)/python -m benchmarks.check

soak: $(VENV)/.test  ## the long tests: kills, full disks, thousands of runs
	@rm -rf $(MEASURED)
	@$(BIN)/python -m pytest -m soak --findings $(MEASURED) $(TESTS); status=$$?; $(BIN)/python tests/keep_findings.py $(MEASURED); exit $$status

findings: $(VENV)/.test  ## run the tests that measure, and write docs/validation.md and docs/reliability.md
	@rm -rf $(MEASURED)
	@$(BIN)/python -m pytest $(SPREAD) --findings $(MEASURED) $(MEASURING)
	@$(BIN)/python tests/keep_findings.py $(MEASURED)

rebase-hashes: $(VENV)/.test  ## keep the content hashes of a deliberate change of results
	@$(BIN)/python tests/reliability/five.py --keep

examples: $(VENV)/.test  ## write docs/examples again from the model as it is
	@for script in docs/examples/*.py; do $(BIN)/python $$script || exit 1; done

docs: $(VENV)/.docs  ## write the text of generated pages (or PARTS=...) and build the site into site/
	@$(BIN)/python -m docs.making $(or $(PARTS),pages)
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict
	@echo "site/index.html"

model-docs: $(VENV)/.test  ## write docs/model and the tutorials again: measure, draw, run, fill the pages (PARTS=... for some)
	@$(BIN)/python -m docs.making $(PARTS)

release: $(VENV)/.run  ## write the version of sim/version.py and the date wherever else they stand (docs/releases.md)
	@$(BIN)/python -m docs.making.release

clean:  ## remove .venv and caches; results stay
	rm -rf $(VENV) build dist site .pytest_cache .hypothesis .mypy_cache .ruff_cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

help:  ## list the targets
	@awk -F ':.*## +' '/^[a-z-]+:.*## /{printf "  make %-14s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- how it is done ---
JOBS := $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1); [ "$$n" -gt 4 ] && n=4; echo $$n)
# Tests put what they measured here; it is kept in docs/findings by a step of its own.
MEASURED := $(VENV)/findings
MEASURING := tests/statistics tests/reliability tests/docking tests/draws tests/contracts/test_invariants.py
# Halves of the list, so that what the tests of a file share is made once; who is done takes from the other.
SPREAD := -n $(JOBS) --dist worksteal
# The tested versions first; where one of them does not exist for this machine, whatever pyproject.toml allows.
install = $(BIN)/python -m pip install --quiet --editable $(1) --constraint constraints.txt \
	|| { echo "the tested versions do not all fit this machine: taking what pyproject.toml allows" >&2; \
	     $(BIN)/python -m pip install --quiet --editable $(1); }

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); $(PYTHON) -m virtualenv $(VENV); } \
	|| { rm -rf $(VENV); echo "cannot make $(VENV): on Debian or Ubuntu, apt-get install python3-venv" >&2; exit 2; }
	@touch $@

$(VENV)/.run: $(VENV)/.made $(WHAT)
	@echo "installing into $(VENV) ..."
	@$(call install,.)
	@touch $@

$(VENV)/.test: $(VENV)/.made $(WHAT)
	@echo "installing into $(VENV), with what the tests need ..."
	@$(call install,".[test]")
	@touch $@ $(VENV)/.run

$(VENV)/.docs: $(VENV)/.made $(WHAT)
	@echo "installing into $(VENV), with what builds the site ..."
	@$(call install,".[docs]")
	@touch $@ $(VENV)/.run

$(VENV)/.lint: $(VENV)/.made $(WHAT)
	@echo "installing into $(VENV), with the linters ..."
	@$(call install,".[lint]")
	@touch $@ $(VENV)/.run

browser: $(VENV)/.browser
# Tried once: where no browser can be had, the tests that need one are skipped and say so.
$(VENV)/.browser: | $(VENV)/.made
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing Chromium for the browser tests ..."; \
	    { timeout 120 apt-get update -qq && DEBIAN_FRONTEND=noninteractive timeout 600 apt-get install -y -qq --no-install-recommends \
	        chromium chromium-driver fonts-noto-cjk; } >$(VENV)/browser.log 2>&1 \
	    || echo "no Chromium could be installed (see $(VENV)/browser.log): the browser tests will be skipped"; \
	else echo "no Chromium here, and not the rights to install it: the browser tests will be skipped"; fi
	@touch $@
