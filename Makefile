# The two commands are `make html` and `make test`; `make help` lists the rest.
# Written for GNU make 3.81 and newer.

PYTHON      ?= python3
BUILDDIR    ?= _build
SPHINXOPTS  ?=
PYTESTOPTS  ?=
REFRESHOPTS ?=
PROBEOPTS   ?=

VENV_PYTHON := .venv/bin/python
STRICT      := -W --keep-going -n -j auto
# A second build into the same folder waits for the first.
ALONE       := $(VENV_PYTHON) tools/run_alone.py $(BUILDDIR)/.lock $(VENV_PYTHON)

# Many tests only wait, for a program or a page.
WORKERS     := $(shell expr 2 \* $$(getconf _NPROCESSORS_ONLN))
# Compiled once, also where a shell says to compile nothing: each process reads the same modules.
PYTEST      := PYTHONDONTWRITEBYTECODE= $(VENV_PYTHON) -m pytest -n $(WORKERS) --dist worksteal
MEASURED    := $(addprefix tests/,kit refstatus behavior diagrams)

REFSTATUS   := $(VENV_PYTHON) -m sphinx_snapshots.refstatus
# Where GitHub runs it, what is found stands beside the lines of the pull request.
ANNOTATED   := $(if $(GITHUB_ACTIONS),--format github)
PAGES_READ  := --doctrees $(BUILDDIR)/references

# An environment that works is kept, whatever Python made it, unless another one is named.
NAMED       := $(if $(filter-out file default,$(origin PYTHON)),--python-named)

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s%s\n", $$1, $$2 }' Makefile

# What readers see --------------------------------------------------------------------

.PHONY: html
html: site-environment ## build the site into _build/html
	@$(ALONE) tools/build_offline.py $(BUILDDIR)/html.json $(STRICT) -b html \
	    -d $(BUILDDIR)/doctrees $(SPHINXOPTS) . $(BUILDDIR)/html
	@echo "The front page is $(BUILDDIR)/html/index.html"

.PHONY: view
view: html ## build the site and open it in a browser
	@$(VENV_PYTHON) -m webbrowser "file://$(CURDIR)/$(BUILDDIR)/html/index.html"

.PHONY: live
live: dev-environment ## serve the site, build it again at each change, reload the browser
	@$(VENV_PYTHON) -m sphinx_autobuild -n -j auto -d $(BUILDDIR)/live-doctrees \
	    --ignore "*/$(BUILDDIR)/*" --ignore "*/.*/*" --ignore "*/__pycache__/*" \
	    $(SPHINXOPTS) . $(BUILDDIR)/live

.PHONY: diagrams
diagrams: dev-environment ## draw the diagrams whose source has changed
	@$(VENV_PYTHON) -m sphinx_snapshots.diagrams draw

.PHONY: pictures
pictures: html dev-environment ## take the pictures that README.md shows (needs Chromium)
	@$(VENV_PYTHON) tools/take_pictures.py $(BUILDDIR)/html

.PHONY: refresh
refresh: site-environment ## ask GitHub what became of the cited items (needs the network)
	@$(REFSTATUS) refresh $(PAGES_READ) $(REFRESHOPTS)

.PHONY: inventory
inventory: site-environment ## get the names in docs.python.org that links need (needs the network)
	@$(VENV_PYTHON) tools/update_inventory.py

.PHONY: catalogs
catalogs: dev-environment ## put new messages of the extensions into their catalogs, and compile them
	@$(VENV_PYTHON) tools/update_catalogs.py

.PHONY: probe
probe: site-environment ## run the probes on every CPython found here (minutes)
	@$(VENV_PYTHON) -m sphinx_snapshots.behavior probe $(PROBEOPTS)

.PHONY: probe-check
probe-check: dev-environment ## run all probes again and compare with what is committed (minutes)
	@BEHAVIOR_RUN_ALL=1 $(VENV_PYTHON) -m pytest -q -n auto --dist worksteal tests/site/test_probes.py

# Checks ------------------------------------------------------------------------------

.PHONY: test
test: dev-environment ## run the tests
	@$(PYTEST) $(PYTESTOPTS)

.PHONY: coverage
coverage: dev-environment ## run the tests that measure what they cover, and see that it suffices
	@$(PYTEST) -m "not no_cover" --cov --cov-report term $(MEASURED) $(PYTESTOPTS)
	@$(VENV_PYTHON) tools/show_coverage.py _ext/sphinx_snapshots/refstatus --lines 95 --branches 90

.PHONY: lint
lint: dev-environment ## check the sources: style, types, markup, spelling, files
	@$(VENV_PYTHON) tools/lint.py

.PHONY: format
format: dev-environment ## lay out the Python files, and mend what ruff can
	@$(VENV_PYTHON) -m ruff check --quiet --fix . ; $(VENV_PYTHON) -m ruff format .

.PHONY: bench
bench: dev-environment ## measure what refstatus costs a build (minutes)
	@$(VENV_PYTHON) benchmarks/refstatus_cost.py

.PHONY: check-references
check-references: site-environment ## see that exactly the cited items have records, and no text is overtaken
	@$(REFSTATUS) lint $(PAGES_READ) $(ANNOTATED)
	@$(REFSTATUS) lint $(PAGES_READ) $(ANNOTATED) probes examples
	@$(REFSTATUS) check $(PAGES_READ)

.PHONY: addresses
addresses: html ## see that no address has vanished; add the new ones to _data/addresses.txt
	@$(VENV_PYTHON) tools/update_addresses.py $(BUILDDIR)/html

.PHONY: linkcheck
linkcheck: site-environment ## ask for the outside links that nothing here vouches for (needs the network)
	@rm -f $(BUILDDIR)/linkcheck/summary.md $(BUILDDIR)/linkcheck/verdict.txt
	@$(ALONE) -m sphinx -Q -n -j auto -b linkcheck -d $(BUILDDIR)/doctrees $(SPHINXOPTS) . $(BUILDDIR)/linkcheck; \
	    status=$$?; test ! -f $(BUILDDIR)/linkcheck/summary.md || cat $(BUILDDIR)/linkcheck/summary.md; exit $$status

# Set-up ------------------------------------------------------------------------------

.PHONY: site-environment dev-environment
site-environment dev-environment: %-environment: python
	@$(PYTHON) tools/setup_venv.py $* $(NAMED)

.PHONY: python
python:
	@command -v "$(PYTHON)" >/dev/null || { \
	    echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or name one:" \
	         "make html PYTHON=/path/to/python3" >&2; exit 1; }

COMPILE     := .venv/bin/uv pip compile --quiet --universal --python-version=3.11 --upgrade

.PHONY: requirements
requirements: dev-environment ## bring the pinned versions up to date
	$(COMPILE) --output-file=requirements.txt requirements.in
	$(COMPILE) --constraints=requirements.txt --output-file=requirements-pdf.txt requirements-pdf.in
	$(COMPILE) --constraints=requirements.txt --constraints=requirements-pdf.txt \
	    --output-file=requirements-dev.txt requirements-dev.in
	@for file in requirements.txt requirements-pdf.txt requirements-dev.txt; do \
	    { echo "# Pins for Python 3.11 to 3.15. Change the .in file, then: make requirements"; \
	      echo "#"; cat $$file; } > $$file.new && mv $$file.new $$file || exit 1; done

.PHONY: clean
clean: ## remove what was built (the environment stays)
	rm -rf $(BUILDDIR) .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -path ./.venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: clean-environment
clean-environment: ## remove the environment
	rm -rf .venv
