# Everything a person or a CI job starts. `make help` lists it.
# Settings go on the line: `make run HTTPS=1 NETWORK=1`, `make bench ONLY=claim`, `make test PYTEST="-k claim"`.

SHELL := /bin/sh
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

# The lists are complete. Resolving them again would fail once a package that another one asks for with an
# extra (`coverage[toml]`) has a newer release than the one pinned.
PIP_INSTALL := .venv/bin/python -m pip install --quiet --require-hashes --no-deps
FLASK := .venv/bin/flask --app wsgi
PYTEST_RUN := .venv/bin/pytest $(PYTEST)

# The folders count too: their time changes when a file is added or taken away.
FRONTEND := $(shell find frontend app/translations templates -not -path '*/generated*' -not -name '*.mo' 2>/dev/null) \
	$(shell find static -type f -not -path 'static/dist/*' -not -path 'static/test/*' 2>/dev/null) \
	$(wildcard app/domain/problems/*.py)

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

# --- Getting ready: each stamp is newer than what it was made from, and goes with its folder.

.PHONY: setup
setup: .venv/.installed static/dist/manifest.json ## Install packages and build the front end

.venv/.made: scripts/make-venv
	@scripts/make-venv
	@touch $@

.venv/.installed: .venv/.made requirements.txt
	@echo "Installing Python packages"
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.txt
	@echo "Installing development packages"
	@$(PIP_INSTALL) -r requirements.txt -r requirements-dev.txt
	@touch $@

node_modules/.installed: package.json package-lock.json requirements-node.txt | .venv/.made
	@scripts/ensure-node
	@echo "Installing front-end packages"
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

static/dist/manifest.json: $(FRONTEND) node_modules/.installed | .venv/.installed
	@node frontend/build.mjs
	@touch $@

.PHONY: dev
dev: setup .venv/.installed-dev

.PHONY: system
system:
	@scripts/install-system-packages

# --- Running

.PHONY: run
run: setup ## Start Mallrun with the demo; HTTPS=1 makes a local certificate, NETWORK=1 listens beyond this machine
	@exec .venv/bin/python wsgi.py --demo

.PHONY: demo-reset
demo-reset: setup ## Throw the demo's data away and seed it afresh
	@$(FLASK) demo reset

.PHONY: watch
watch: setup ## Rebuild the front end after every change
	@node frontend/build.mjs --watch

# --- Checking

.PHONY: test
test: ## Everything; as root installs Chromium, PostgreSQL and Redis when they are missing
	@$(MAKE) system
	@$(MAKE) -j 2 dev static/dist/manifest.json
	@$(MAKE) -j 2 --output-sync=target lint types js-test
	@$(MAKE) -j 2 domain-test edge-test

.PHONY: check
check: lint types js-test fast-test ## Without browsers and slow tests: format, lint, types, all the others

.PHONY: lint
lint: dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/djlint templates --lint --quiet
	.venv/bin/python -m scripts.collect_texts --check

.PHONY: types
types: dev static/dist/manifest.json
	npm run --silent types
	node_modules/.bin/pyright

.PHONY: js-test
js-test: setup
	npm test --silent

.PHONY: fast-test
fast-test: dev static/dist/manifest.json
	$(PYTEST_RUN) -q -m "not slow and not browser"

# With less right to the processors than `edge-test`, which at times only waits for a browser. Every
# line is reached by examples that somebody wrote down; invented and slow ones reach no other, and
# tracing takes five times their time.
.PHONY: domain-test
domain-test: dev
	nice -n 10 $(PYTEST_RUN) -q tests/domain -m "not slow and not hypothesis" --cov --cov-report=
	.venv/bin/coverage report --include='app/domain/*' --fail-under=100 --skip-covered
	nice -n 10 $(PYTEST_RUN) -q tests/domain -m "slow or hypothesis"

# A worker more than the two processors that CI has: who drives a browser mostly waits for it.
.PHONY: edge-test
edge-test: dev static/dist/manifest.json
	$(PYTEST_RUN) -n 3 --dist loadgroup --no-loadscope-reorder --ignore=tests/domain

# Apart from `test`: tracing every line next to threads and greenlets doubles the time, and has been
# seen to hang Python 3.11 when a thread that used greenlets ends.
.PHONY: coverage
coverage: system dev static/dist/manifest.json ## How much of the code the tests reach: at least 95 %
	$(PYTEST_RUN) -m "not browser" --cov --cov-report=
	.venv/bin/coverage report --skip-covered --fail-under=95

.PHONY: prove
prove: system dev static/dist/manifest.json ## The promises with their full counts; takes long
	$(PYTEST_RUN) --full -m promise

.PHONY: bench
bench: system dev static/dist/manifest.json ## Measure against peers; ONLY=name runs one figure
	@.venv/bin/python -m bench

.PHONY: screenshots
screenshots: system dev static/dist/manifest.json ## Picture every screen of the running product into screenshots/
	@.venv/bin/python -m scripts.screenshots

# --- Keeping

.PHONY: format
format: dev ## Put Python into the one format, with the fixes that are safe
	.venv/bin/ruff check --fix-only --quiet .
	.venv/bin/ruff format .

.PHONY: translations
translations: dev ## Collect the texts of Python, templates and TypeScript into app/translations/
	.venv/bin/python -m scripts.collect_texts

.PHONY: requirements
requirements: .venv/.installed-dev ## Pin packages again from requirements*.in (UPGRADE=1 takes the newest)
	@for name in requirements requirements-dev requirements-node; do \
	  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make requirements" \
	    $(if $(UPGRADE),--upgrade) $$name.in --output-file $$name.txt || exit 1; \
	done
