# One door for every chore. A bare machine needs python3 (3.11 or newer), pip and make; the rest is fetched once.
#   make map    article texts -> map, tables        make test   everything that must hold
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := help

PYTHON ?= python3
SAMPLES ?= notebooks/samples/*.txt
OUT ?= out

VENV := .venv
BIN := $(VENV)/bin
UV := .tools/uv/bin/uv
PACKAGES := $(VENV)/.packages
WEB_SOURCES := $(wildcard web/package.json web/package-lock.json web/*.mjs web/*.js web/src/*)

export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
export PYTHONUTF8 := 1

.PHONY: help setup setup-browser map test lint types floors checks pytest notebooks lab gazetteer bench docs lock clean

help: ## say what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 16

# --- setting up ---------------------------------------------------------------------------------------------
setup: $(VENV)/.ready ## bring in the locked packages and this project (every other target does it by itself)

# uv itself is in the lock: pip checks its hash and puts it in a folder of its own, so that neither
# python3-venv nor a writable system Python is needed.
$(UV): requirements.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and f"Python 3.11 or newer is needed, {v[0]}.{v[1]} was found: give one with make PYTHON=/path/to/python3")'
	@mkdir -p .tools
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .tools/uv.txt
	$(PYTHON) -m pip install --quiet --require-hashes --only-binary :all: --upgrade --target .tools/uv -r .tools/uv.txt
	@touch $@

$(PACKAGES): requirements.lock $(UV)
	@test -x $(BIN)/python || $(UV) venv --quiet --python "$$(command -v $(PYTHON))" $(VENV)
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@touch $@

$(VENV)/.ready: $(PACKAGES) pyproject.toml requirements-build.lock hatch_build.py $(WEB_SOURCES)
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --build-constraints requirements-build.lock --editable .
	@touch $@

setup-browser: ## install Debian's Chromium for the map tests, where it is missing and we are root
	@if command -v chromium chromium-browser google-chrome >/dev/null; then echo "browser: present"; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-core >/dev/null \
	  && echo "browser: installed"; \
	else echo "browser: none; the tests that need one will be skipped (install chromium to run them)"; fi

# --- using --------------------------------------------------------------------------------------------------
map: $(VENV)/.ready ## read the sample articles and write out/map.html, events and mentions
	@$(BIN)/geo map $(SAMPLES) --out-dir $(OUT) --title "$(if $(TITLE),$(TITLE),نماذج من الأخبار)"

lab: $(VENV)/.ready ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab $$([ "$$(id -u)" != 0 ] || echo --allow-root) notebooks

# --- checking -----------------------------------------------------------------------------------------------
test: lint types floors checks pytest notebooks ## everything that must hold before a change goes in
	@echo "make test: all passed"

lint: $(VENV)/.ready ## style of the Python code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.ready ## types, strictly
	$(BIN)/mypy

floors: $(VENV)/.ready ## imports go only downwards
	$(BIN)/lint-imports

checks: $(VENV)/.ready ## generated files agree with what they are made from
	$(BIN)/python tools/environment.py --check
	$(BIN)/python tools/lock.py --check
	$(BIN)/python tools/notebooks.py --check
	$(BIN)/python tools/corpus.py --check
	$(BIN)/python tools/figures.py --check

pytest: $(VENV)/.ready ## unit, property, data, golden, map tests, and the examples in docstrings
	$(BIN)/python -m pytest -n 2 --dist loadfile --doctest-modules tests geo

notebooks: $(VENV)/.ready ## run every notebook from top to bottom
	$(BIN)/python -m pytest --force-enable-socket --nbmake --nbmake-timeout=300 notebooks

# --- making -------------------------------------------------------------------------------------------------
gazetteer: $(VENV)/.ready ## build geo/_data from extracts, curated rows and rules, offline
	$(BIN)/python gazetteer/build.py

bench: $(VENV)/.ready ## measure speed; EVAL=DIR: quality on annotated corpora; PEERS=PYTHON: other packages
	$(BIN)/python evaluation/bench.py $(if $(EVAL),--eval $(EVAL))
	$(BIN)/python evaluation/bench_names.py $(if $(PEERS),--peers $(PEERS))
	$(BIN)/python evaluation/map_budgets.py --patience 180

docs: $(VENV)/.ready ## build the documentation site, notebooks run and rendered, into out/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo "out/site/index.html"

lock: $(UV) ## renew requirements.lock and environment.yml from pyproject.toml (needs the network)
	$(PYTHON) tools/lock.py --uv $(UV)
	$(PYTHON) tools/environment.py

clean: ## remove what was set up and made (not the gazetteer)
	rm -rf $(VENV) .tools $(OUT) build dist geo/_data/web .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
