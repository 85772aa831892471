# `make` alone lists the targets.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
BIN := .venv/bin

.PHONY: help setup demo demo-once demo-redmine test test-postgres pairs simulate simulate-long mutate crash story fuzz check fmt histories takeover bench \
  bench-parts bench-switching lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: .venv/ready ## make .venv as requirements.lock says; nothing to do where it is up to date
	@:

.venv/ready: requirements.lock pyproject.toml scripts/setup.sh
	@scripts/setup.sh

demo: setup ## start everything on this machine, with two fake systems that are in sync; Ctrl-C ends it
	$(BIN)/twinline demo

demo-once: setup ## start the demo, show that edits cross both ways, end it
	$(BIN)/twinline demo --once

demo-redmine: setup ## the demo with a real Redmine on one side (Debian's packages; root installs them)
	scripts/redmine.sh install
	scripts/redmine.sh stop
	scripts/redmine.sh init
	scripts/redmine.sh start
	trap 'scripts/redmine.sh stop' EXIT; set -a; eval "$$(scripts/redmine.sh env)"; set +a; $(BIN)/twinline demo --redmine

test: setup ## run the tests
	$(BIN)/pytest -n 3 --dist loadgroup

test-postgres: setup ## run the tests with every store on PostgreSQL; TESTS chooses which
	$(BIN)/pytest -n 3 --dist loadgroup --database postgresql $(TESTS)

pairs: setup ## every platform with every other, there and back: 42 pairs, with files of 20 MB; and the calls of one pair
	$(BIN)/pytest -n 3 --dist loadgroup -m pairs tests/pairs tests/bench

check: setup ## formatting, lint, types, import rules, dependencies, coverage of the engine's core
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/pytest -q tests/sync --cov=sync --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=100

SEED ?= 1
CASES ?= 1000
MINUTES ?= 60

simulate: setup ## play random cases in virtual time and judge them: SEED=1 CASES=1000
	$(BIN)/python -m tests.simulation --seed $(SEED) --cases $(CASES)

simulate-long: setup ## the same for an hour on both cores: SEED=1 MINUTES=60
	$(BIN)/python -m tests.simulation --seed $(SEED) --minutes $(MINUTES) --jobs 2

mutate: setup ## break the engine in every way that tests/mutation lists, and see it noticed
	$(BIN)/python -m tests.mutation --report docs/mutations.md

KILLS ?= 200
DATABASE ?= sqlite

crash: setup ## kill parts at named points while people work, then ask the oracle: KILLS=200 DATABASE=sqlite|postgresql SEED=...
	$(BIN)/python -m tests.crash --kills $(KILLS) --database $(DATABASE) --seed "$(SEED)"

story: ITEMS = 2000
story: setup ## operate a deployment through REST and then the command line, from its first member to its clean-up: ITEMS=2000
	$(BIN)/python -m tests.story --items $(ITEMS)

INPUTS ?= 200000

fuzz: setup ## throw programs at the rule language: INPUTS=200000 SEED=1
	$(BIN)/python -m tests.rules.fuzz --inputs $(INPUTS) --seed $(SEED)

fmt: setup ## format, and correct what lint can correct by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

histories: setup ## record the histories anew that tests/replay replays, after a change of workflows
	$(BIN)/python -m tests.replay.record

takeover: setup ## let a worker with new code take over a thousand open twins
	TWINLINE_TAKEOVER=1000 $(BIN)/pytest -n 0 --durations=2 tests/takeover

ITEMS ?= 200

bench: setup bench-parts bench-switching ## measure throughput and latency, the calls to each platform (ITEMS=200 in a backfill), and bench-switching

bench-parts: setup
	$(BIN)/python -m bench --items $(ITEMS)

TWINS ?= 5000

bench-switching: setup ## measure deactivation and activation with 100 twins and with TWINS=5000
	$(BIN)/python -m bench.switching --twins $(TWINS)

lock: ## choose versions anew and write requirements.lock (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --no-header --upgrade --quiet -o requirements.lock

clean: ## remove the environment, caches and everything that ran from this checkout
	if [[ -f .run/redmine/pid ]]; then scripts/redmine.sh stop; fi
	rm -rf .venv .run .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage build dist
