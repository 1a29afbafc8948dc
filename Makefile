PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements.lock
STAMP := $(VENV)/.stamp
UV := $(shell command -v uv 2>/dev/null)
DEMO_DIR ?= demo

.PHONY: setup demo test test-site test-library test-browser test-postgresql coverage check fix bench lock
setup: $(STAMP)

demo: $(STAMP)
	@$(BIN)/likvard demo --dir $(DEMO_DIR)
	@LIKVARD_DEMO=1 LIKVARD_HOME=$(DEMO_DIR)/site LIKVARD_LAKE=$(DEMO_DIR)/lake $(BIN)/likvard site demo

# Which lines and branches the tests run is counted as they run; 97 % of them at least. The counter takes itself out of the
# code that it has seen, so it costs a tenth. It cannot load what pytest finds by itself, so plugins are named.
COUNT = PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 $(BIN)/python -m slipcover --branch --source src/likvard --json --out
PYTEST = -m pytest -p pytest_django.plugin -p _hypothesis_pytestplugin -p schemathesis.pytest.plugin \
  -W ignore::pytest.PytestAssertRewriteWarning

# `make -j2 test` runs two at once, which halves the time on two cores.
test: coverage test-browser

test-site: $(STAMP)
	@$(COUNT) $(VENV)/site.json $(PYTEST) tests/site

test-library: $(STAMP)
	@$(COUNT) $(VENV)/library.json $(PYTEST) --ignore=tests/browser --ignore=tests/site

coverage: test-site test-library
	@$(BIN)/python -m slipcover --merge $(VENV)/site.json $(VENV)/library.json --out $(VENV)/covered.json \
	  --branch --skip-covered --fail-under 97

test-browser: $(STAMP)
	@$(BIN)/python -m pytest tests/browser

# The site's tests again, on PostgreSQL: a cluster of its own that is gone afterwards.
test-postgresql: $(STAMP)
	@$(BIN)/python tests/postgres.py

check: $(STAMP)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@LIKVARD_SECRET_KEY=check LIKVARD_HOME=$(VENV) $(BIN)/django-admin makemigrations --check --dry-run --settings=likvard.site.settings -v 0
	@$(BIN)/python -m likvard.site.ui.catalogue --check

fix: $(STAMP)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(STAMP)
	@$(BIN)/python -m benchmarks

# Needs uv. Writes every version with its hashes, and no host.
lock:
	uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header -q -o $(LOCK)

$(STAMP): $(LOCK) pyproject.toml
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Likvärd needs Python 3.11 or newer."; exit 1; }
	@test -x $(BIN)/python || $(PY) -m venv $(VENV) || { echo "No venv module here. Try: apt-get install python3-venv"; exit 1; }
ifdef UV
	@$(UV) pip sync -q --python $(BIN)/python --require-hashes $(LOCK)
	@$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
else
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(LOCK)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
endif
	@touch $@
