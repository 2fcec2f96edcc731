# Everything a person or a machine needs: `make demo` and `make test` from a fresh clone, with Python 3.11 and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test lint bench-truth bench-speed bench-themes torture docs catalogues constraints clean

demo: $(VENV)/.core
	@$(BIN)/estran demo --html demo/estran-demo.html

test: export AXE_CORE = $(abspath $(VENV)/axe/node_modules/axe-core/axe.min.js)
test: $(VENV)/.dev browser java lint
	@$(BIN)/python -m pytest -n 2 --cov --cov-report=term

lint: $(VENV)/.dev
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

# Writes docs/methods/accuracy.md; a killed run goes on where it was. ARGS=--quick to see that it runs.
bench-truth: $(VENV)/.dev
	@$(BIN)/python -m bench.truth $(ARGS)

bench-speed: $(VENV)/.dev peers java
	@$(BIN)/python -m bench.speed $(ARGS)

bench-themes: $(VENV)/.dev themes-peers
	@$(BIN)/python -m bench.themes $(ARGS)

# 200 kills of a working workspace, and every property on a thousand new cases.
torture: $(VENV)/.dev
	@CASES=torture $(BIN)/python -m pytest -n 2 -q tests/text tests/stats tests/store
	@$(BIN)/python -m bench.torture $(ARGS)

# The page of the command, and what the tutorials print, after a change of what is printed.
docs: $(VENV)/.dev
	@$(BIN)/python tests/docs/pages.py

# The French catalogue of the faces, after a change of its .po file.
catalogues: $(VENV)/.dev
	@$(BIN)/pybabel compile --directory src/estran/report/locale --domain estran

# The versions that a fresh machine gets; no addresses in it.
constraints: $(VENV)/.dev
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --no-header --no-annotate --python-version 3.11 --all-extras pyproject.toml --output-file constraints.txt

clean:
	rm -rf $(VENV) demo .coverage* .mypy_cache .ruff_cache .hypothesis

# The pages are tested in a real browser: installed where we may, said in one line where we may not.
.PHONY: browser
browser: $(VENV)/bin/python
	@command -v chromium >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing chromium for the browser tests..."; \
	  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-dejavu-core) >/dev/null 2>&1 || echo "chromium could not be installed: the browser tests are skipped"; \
	else echo "chromium is not here and only root may install it: the browser tests are skipped"; fi
	@test -e $(VENV)/axe/node_modules/axe-core/axe.min.js || \
	if command -v npm >/dev/null; then \
	  echo "Installing axe-core for the accessibility tests..."; \
	  npm install --silent --no-audit --no-fund --prefix $(VENV)/axe axe-core@4 >/dev/null 2>&1 || echo "axe-core could not be installed: the accessibility tests are skipped"; \
	else echo "npm is not here: the accessibility tests are skipped"; fi

# Spark needs Java: the same.
.PHONY: java
java:
	@command -v java >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Java for the tests on Spark..."; \
	  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq default-jre-headless) >/dev/null 2>&1 || echo "Java could not be installed: the tests on Spark are skipped"; \
	else echo "Java is not here and only root may install it: the tests on Spark are skipped"; fi

# What Estran is measured against, in an environment of its own; where it cannot be installed, its figures are null.
.PHONY: peers
peers: $(VENV)/bin/python
	@test $(VENV)/peers/.ready -nt bench/speed/peers.txt || \
	{ echo "Setting up what Estran is measured against (once)..."; \
	  $(BIN)/python -m venv $(VENV)/peers && \
	  $(VENV)/peers/bin/python -m pip install --quiet --disable-pip-version-check --requirement bench/speed/peers.txt && \
	  touch $(VENV)/peers/.ready; } || echo "the peers could not be installed: their figures will be null"

# The same for topics. BERTopic itself comes without its requirements: a deep-learning framework that is not used here.
.PHONY: themes-peers
themes-peers: $(VENV)/bin/python
	@test $(VENV)/themes-peers/.ready -nt bench/themes/peers.txt || \
	{ echo "Setting up what topics are measured against (once)..."; \
	  $(BIN)/python -m venv $(VENV)/themes-peers && \
	  $(VENV)/themes-peers/bin/python -m pip install --quiet --disable-pip-version-check --requirement bench/themes/peers.txt && \
	  $(VENV)/themes-peers/bin/python -m pip install --quiet --disable-pip-version-check --no-deps bertopic==0.17.4 && \
	  touch $(VENV)/themes-peers/.ready; } || echo "the peers could not be installed: their figures will be null"

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Estran needs Python 3.11 or newer, and " + sys.executable + " is " + sys.version.split()[0] + ": try make PYTHON=python3.11 ...")'
	@$(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed: install it (on Debian: apt install python3-venv), then try again"; rm -rf $(VENV); exit 1; }

$(VENV)/.core: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Setting up Estran in $(VENV) (once)..."
	@$(PIP) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.core
	@echo "Setting up what the tests need in $(VENV) (once)..."
	@$(PIP) --editable '.[dev]'
	@touch $@
