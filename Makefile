# Helfer. The two commands to know: `make run` and `make test`.
SHELL := /bin/bash
# Compiled modules are kept whatever the shell says: without them each start costs ten seconds more.
export PYTHONDONTWRITEBYTECODE :=
.DELETE_ON_ERROR:
.NOTPARALLEL:
PY := .venv/bin/python
PYTEST := .venv/bin/pytest
# Numbers of helpers that `make bench` measures with.
SIZES := 10000 100000 1000000

.PHONY: help run setup services stop test check format messages e2e bench simulate soak lock

help: ## show this list
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: setup ## bring everything up with the demo and run it in the foreground
	@docker/local/services.sh start >/dev/null
	@docker/local/run.sh

setup: ## system packages, Python environment, front-end files
	@docker/local/setup.sh

services: ## only start the private PostGIS and Redis and print their addresses
	@docker/packages.sh services
	@docker/local/services.sh start

stop: ## end what `make run` and `make services` started
	@docker/local/stop.sh

# The checks are one process at a time: the database of the tests is made beside them.
test: setup ## everything that has to pass, the browser journeys included
	@docker/local/services.sh start >/dev/null
	@HELFER_DEBUG=true DJANGO_SETTINGS_MODULE=helfer.settings $(PY) -m tests.template_database & making=$$!; \
	  trap 'kill $$making 2>/dev/null; wait' EXIT; \
	  $(MAKE) --no-print-directory check && wait $$making
	$(PYTEST) -n 2 --dist loadgroup --create-db -q

check: setup ## format, lint, types, import directions, migrations, messages
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/lint-imports --no-cache
	.venv/bin/djlint templates --lint --quiet
	.venv/bin/mypy
	HELFER_DEBUG=true $(PY) docker/checks/migrations.py
	$(PY) docker/checks/messages.py

format: setup ## bring the code into shape
	.venv/bin/ruff check --fix-only --quiet .
	.venv/bin/ruff format --quiet .

messages: setup ## gather new sentences into helfer/locale for translation
	$(PY) docker/checks/messages.py --write

e2e: setup ## only the browser journeys, each page also in dark colours, with a picture in tests/e2e/artifacts
	@docker/local/services.sh start >/dev/null
	HELFER_PICTURES=1 $(PYTEST) tests/e2e -q

bench: setup ## the measurements (SIZES="10000 100000" POSTCODES=plz.csv); writes docs/benchmarks.md
	@HELFER_SHARED_BUFFERS=$${HELFER_SHARED_BUFFERS:-2GB} docker/local/services.sh start >/dev/null
	$(PY) -m tests.bench --sizes "$(SIZES)" --postcodes "$(POSTCODES)"

simulate: setup ## a year of requests, with and without rotation; writes docs/fairness.md
	$(PY) -m tests.simulation

soak: setup ## the long versions: 10,000 steps, kill tests at full length
	@docker/local/services.sh start >/dev/null
	HELFER_SOAK=1 $(PYTEST) -m soak -q -s --timeout 0

lock: setup ## pin the requirements anew (UPGRADE=1 takes newer versions)
	@for name in requirements requirements-dev requirements-node; do \
	  echo "Locking $$name …"; \
	  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade) $$name.in -o $$name.txt || exit 1; \
	done
	@npm_config_loglevel=error PATH="$(CURDIR)/.local/nodejs/bin:$$PATH" npm $(if $(UPGRADE),update,install) --package-lock-only --ignore-scripts
	@docker/local/setup.sh
