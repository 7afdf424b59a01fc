# Everything a contributor runs. `make help` lists it. Needs Python 3.11 or newer; the tests also need Node 20.19 or newer.
#
# What is installed comes from the two locks and package-lock.json, by name, version and digest. Stamp files in .venv and
# node_modules say what is in place, so that a second run installs nothing.

# The interpreter that .venv is made with; without it, the first of these that is new enough.
PYTHON ?=
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11 python

CORPUS ?= data/sample
# Canonical address of the hosted site; without it, the corpus's own or none.
BASE_URL ?=
SITE ?= site
UV_VERSION := 0.13.8

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Wheels only: an install runs no code of a package, and needs no compiler. Elsewhere than on Linux one of them has no wheel.
WHEELS_ONLY := $(if $(filter Linux,$(shell uname -s)),--only-binary :all:)
PIP_LOCKED := $(PIP) install --quiet --require-hashes $(WHEELS_ONLY)
ATLAS := $(BIN)/misalignment-atlas
# Skips are listed with their reasons; a file's tests stay in one process, so that its fixtures are built once.
PYTEST := $(BIN)/python -m pytest -rs -n 2 --dist loadfile
ONE_BLOCK_EACH := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
LOCKED_BY := UV_CUSTOM_COMPILE_COMMAND="make lock" build/lock/bin/uv --no-config pip compile pyproject.toml \
	--quiet --universal --python-version 3.11 --generate-hashes --group build

.PHONY: help site serve test lint types test-js test-python test-browser test-tools browser twice wheel test-wheel \
	format lock clean distclean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name text; do printf '  make %-13s %s\n' "$$name" "$$text"; done

site: $(VENV)/installed ## build the bundled sample corpus into site/ (CORPUS=folder for another)
	$(ATLAS) build $(CORPUS) --out $(SITE) $(if $(BASE_URL),--base-url $(BASE_URL))
	@echo "The site is in $(SITE)/. Look at it with: make serve"

serve: $(VENV)/installed ## serve site/ on this machine
	@test -f $(SITE)/index.html || { echo "There is no site yet. Build it first: make site" >&2; exit 1; }
	$(ATLAS) serve $(SITE)

# The quick checks run side by side; pytest comes last, so that its count closes the output. All of it runs, whatever fails.
test: test-tools ## run every check and every test
	@$(MAKE) --no-print-directory --keep-going -j2 $(ONE_BLOCK_EACH) lint types test-js || failed=yes; \
	$(PYTEST) || exit 1; \
	test -z "$$failed" || { echo "The tests passed, but lint, types or test-js above did not." >&2; exit 1; }

lint: $(VENV)/installed-test ## style of the Python code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed-test node_modules/installed ## types of the Python and the JavaScript code
	$(BIN)/mypy --strict
	node_modules/.bin/tsc --project tsconfig.json

test-js: node_modules/installed ## tests of the pure front-end modules
	node --test $$(find tests/js -name '*.test.js' | sort)

test-python: $(VENV)/installed-test node_modules/installed ## Python tests that need no browser
	$(PYTEST) -m "not browser"

test-browser: test-tools ## tests that drive a browser
	$(PYTEST) -m browser

test-tools: $(VENV)/installed-test node_modules/installed browser

browser: $(VENV)/installed-test
	@$(BIN)/python tests/support/chromium.py

twice: $(VENV)/installed ## build twice, with other workers and another hash seed, and compare the bytes
	rm -rf build/twice
	PYTHONHASHSEED=1 $(ATLAS) build $(CORPUS) --out build/twice/one --jobs 1
	PYTHONHASHSEED=4242 $(ATLAS) build $(CORPUS) --out build/twice/two --jobs 3
	diff -r build/twice/one build/twice/two
	@echo "Both builds have the same bytes."

wheel: $(VENV)/installed ## the wheel, in dist/
	$(BIN)/python -m hatchling build --target wheel

test-wheel: ## install the wheel where the checkout cannot help it, and build the sample
	rm -rf build/wheel dist/misalignment_atlas-*.whl
	@$(MAKE) --no-print-directory wheel
	$(BIN)/python -m venv build/wheel
	build/wheel/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes $(WHEELS_ONLY) -r requirements.lock
	build/wheel/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --no-index dist/misalignment_atlas-*.whl
	cd build/wheel && bin/misalignment-atlas build $(abspath $(CORPUS)) --out site
	test -f build/wheel/site/index.html

format: $(VENV)/installed-test ## rewrite the Python code in the project's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The smaller lock takes its versions from the larger one, so that tests run with what users run.
lock: $(BIN)/python ## resolve the locks anew, for Python 3.11 and newer on every system
	$(BIN)/python -m venv build/lock
	build/lock/bin/python -m pip --disable-pip-version-check install --quiet uv==$(UV_VERSION)
	$(LOCKED_BY) --group test --upgrade --output-file requirements-test.lock >/dev/null
	$(LOCKED_BY) --constraint requirements-test.lock --upgrade --output-file requirements.lock >/dev/null
	npm install --package-lock-only

clean: ## remove what was built, but for the installed tools
	rm -rf build dist .mypy_cache .ruff_cache .hypothesis test-results
	find site -mindepth 1 ! -name .gitignore -delete

distclean: clean ## remove the installed tools, too
	rm -rf $(VENV) node_modules

$(BIN)/python:
	@set -e; \
	for name in $(if $(PYTHON),"$(PYTHON)",$(PYTHONS)); do \
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Making $(VENV) with $$("$$name" --version)"; \
			"$$name" -m venv $(VENV) && "$$name" -c 'import ensurepip' && exit 0; \
			rm -rf $(VENV); \
			echo "This Python cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
			exit 1; \
		fi; \
	done; \
	echo "No Python 3.11 or newer found (tried: $(or $(PYTHON),$(PYTHONS))). Name one: make $(or $(MAKECMDGOALS),site) PYTHON=/path/to/python3" >&2; \
	exit 1

$(VENV)/installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what the build needs (once, about half a minute)"
	$(PIP_LOCKED) -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/installed-test: requirements-test.lock $(VENV)/installed
	$(PIP_LOCKED) -r requirements-test.lock
	@touch $@

node_modules/installed: package.json package-lock.json .npmrc
	@command -v npm >/dev/null || { echo "The tests need Node 20.19 or newer, with npm." >&2; exit 1; }
	npm ci --no-audit --no-fund
	@touch $@
