# Aliases; the work is done by `pipeline` and by each tool's own command. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help doctor setup demo test test-engines test-terraform test-trino trino parity chaos page test-fast lint fmt mypy dashboard-lint check bench deploy lock clean
MAKEFLAGS += --no-print-directory

PYTHON ?= python3.11
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8080
RATE ?= 100
FOR ?=
PY_SOURCES := sqlglot_flink pipeline ingest flink_app chalice_api simulator local deploy tests

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

doctor: ## name every missing prerequisite and how to get it
	@$(PYTHON) -S -c '' 2>/dev/null || { echo "$(PYTHON) was not found: install Python 3.11 (Debian: apt-get install python3.11 python3.11-venv), or say which: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) pipeline/commands/doctor.py $(if $(DOCTOR_FOR),--for $(DOCTOR_FOR))

setup: doctor $(VENV)/.synced dashboard/node_modules/.synced ## install the locked dependencies
	@$(BIN)/python -m flink_app.build_jar >&2

$(VENV)/.synced: requirements.lock pyproject.toml
	@echo "python: installing the locked environment into $(VENV)" >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv pip sync -q --compile-bytecode --python $(BIN)/python requirements.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -C editable_mode=compat --editable .
	@touch $@

dashboard/node_modules/.synced: dashboard/package-lock.json dashboard/package.json
	@echo "page: installing the locked packages" >&2
	@cd dashboard && npm ci --silent --no-audit --no-fund
	@touch $@

demo: ## bring everything up on this machine: make demo [FOR=seconds] [PORT=8080] [RATE=100]
	@started=$$(date +%s.%N) && $(MAKE) setup && \
	exec env DEMO_STARTED_AT=$$started $(BIN)/pipeline dev --simulator --port $(PORT) --rate $(RATE) $(if $(FOR),--for $(FOR) --no-open)

test: DOCTOR_FOR := test
test: setup lint ## lint, types, unit, golden, integration, end to end
	@cd dashboard && npm test --silent
	@$(BIN)/python -m pytest -m "not chaos and not engines and not trino and not terraform"

test-engines: setup ## every construct and function on Flink, DuckDB and Spark: the same rows
	@$(BIN)/python -m pytest -m "engines and not trino"

test-terraform: $(VENV)/.synced ## Terraform's modules against mocked providers; TF_PLUGIN_DIR=<mirror> without a registry
	@$(BIN)/python -m pytest -m terraform

test-trino: setup trino ## the same on a real Trino
	@$(BIN)/python -m pytest -m trino

trino: $(VENV)/.synced ## fetch the real Trino that parity runs on
	@$(BIN)/python -m pipeline.testing.engines.trino_install

parity: setup trino ## every model of sql/ on Flink, DuckDB, Spark and Trino: 0 differing rows
	@$(BIN)/pipeline parity --all --engines flink,duckdb,spark,trino

chaos: setup ## kill every part of the running demo, damage a checkpoint; the numbers must be right
	@$(BIN)/python -m pytest -m chaos

page: dashboard/node_modules/.synced ## build the page
	@cd dashboard && npm run --silent build -- --outDir ../build/dashboard --emptyOutDir

test-fast: $(VENV)/.synced ## what needs no engine: unit and golden tests
	@$(BIN)/python -m pytest tests/unit tests/golden sqlglot_flink/tests

lint: $(VENV)/.synced mypy dashboard-lint check ## ruff, mypy --strict, TypeScript, the analysts' SQL
	@$(BIN)/ruff check $(PY_SOURCES)
	@$(BIN)/ruff format --check $(PY_SOURCES)
	@$(BIN)/pipeline accept --check

mypy: $(VENV)/.synced
	@$(BIN)/mypy $(PY_SOURCES)

dashboard-lint: dashboard/node_modules/.synced
	@cd dashboard && npm run --silent lint && npm run --silent typecheck

fmt: $(VENV)/.synced ## format the Python
	@$(BIN)/ruff check --fix $(PY_SOURCES)
	@$(BIN)/ruff format $(PY_SOURCES)

check: $(VENV)/.synced ## compile sql/ and report every mistake; writes nothing
	@$(BIN)/pipeline check

bench: setup ## measure; results go to build/results/
	@$(BIN)/python -m tests.benchmarks

deploy: setup ## package what AWS would run; there is no Terraform yet, so nothing is applied
	@$(BIN)/pipeline build
	@$(MAKE) page
	@$(BIN)/python -m deploy.packages
	@echo "Packaged, not deployed: terraform/ is not applied yet. See CHANGELOG.md, 'Not there yet'." >&2; exit 1

lock: $(VENV)/.synced ## resolve the Python dependencies anew
	@$(BIN)/uv pip compile pyproject.toml --extra dev --python-version 3.11 --generate-hashes --upgrade -q -o requirements.lock

clean: ## remove everything generated
	rm -rf build .venv dashboard/node_modules
