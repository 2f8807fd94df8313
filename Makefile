# make install, then make demo. Needs Python 3.11 or newer, pip and make; uv is used where it is on the PATH.

PYTHON ?= python3
MEMBERS ?= 300
BIN := .venv/bin
SUM = $(shell cat $(1) | cksum | cut -d ' ' -f 1)

# One empty file for each lock that is in place: nothing is done again until a lock changes.
INSTALLED := $(BIN)/.installed-$(call SUM,requirements/run.txt pyproject.toml)
TESTABLE := $(BIN)/.testable-$(call SUM,requirements/test.txt)

# STORE=big holds the demo on a real PostgreSQL and a real Valkey, which come with what the tests need.
BIG := $(filter big,$(STORE))

.PHONY: help install demo run test prove clean

help:
	@echo "make install          put everything into .venv; then .venv/bin/dauys --help"
	@echo "make demo             an election in a box; MEMBERS=300, ONCE=1 to end by itself, STORE=big for PostgreSQL and Valkey"
	@echo "make run              serve, with the settings of .env"
	@echo "make test             every check and every test"
	@echo "make prove            longer proofs"
	@echo "make bench            measure, and write docs/benchmarks.md; ONLY=casts for one row, QUICK=1 to try it out, PEOPLE=100000 for a greater day one"
	@echo "make clean            remove .venv and caches; votes and keys in var/ stay"

install: $(INSTALLED)

demo: $(if $(BIG),$(TESTABLE),install)
	$(if $(BIG),$(BIN)/python -m tests.big_store) $(BIN)/dauys demo --members $(MEMBERS) $(if $(ONCE),--once)

run: install
	$(BIN)/dauys run

test: $(TESTABLE)
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh tests/run.sh

prove: $(TESTABLE)
	$(BIN)/python -m pytest -q proofs

bench: $(TESTABLE)
	$(BIN)/python -m benchmarks $(if $(ONLY),--only $(ONLY)) $(if $(PAIRS),--pairs $(PAIRS)) $(if $(QUICK),--quick) $(if $(PEOPLE),--people $(PEOPLE))

clean:
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name it: make install PYTHON=python3.12")'
	@# without pip: the one outside installs into it, so that Debian's python3-venv is not needed
	$(PYTHON) -m venv --without-pip .venv

$(INSTALLED): | $(BIN)/python
	@$(call PUT,--require-hashes -r requirements/run.txt)
	@$(call PUT,--no-deps --no-build-isolation -e .)
	@rm -f $(BIN)/.installed-* && touch $@

$(TESTABLE): $(INSTALLED)
	@$(call PUT,--require-hashes -r requirements/test.txt)
	@rm -f $(BIN)/.testable-* && touch $@

# uv does not read pip's configuration (a mirror, a certificate): where it fails, pip may still succeed.
define PUT
echo "installing $(1)"; \
if command -v uv >/dev/null && uv pip install --quiet --python $(BIN)/python $(1); then exit 0; fi; \
if $(PYTHON) -m pip --version >/dev/null 2>&1; \
then $(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check $(1); \
else $(BIN)/python -m ensurepip >/dev/null && $(BIN)/python -m pip install --quiet --disable-pip-version-check $(1); fi
endef
