# Needs Python 3.11 or newer (with venv) and make; everything else is installed into .venv.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PY = .venv/bin/python
PYTEST_ARGS ?= -n 2 --dist loadfile
# In a browser, one after the other: what they look at is how quickly things come.
JOURNEY_ARGS ?= -n 0

.PHONY: help demo demo-reset test test-api journeys lint messages compile-messages settings-page \
	venv-demo venv-dev python

help:
	@echo "make demo              the whole system on this machine (PORT=8000); Ctrl-C ends it"
	@echo "make demo-reset        empty the demo's data"
	@echo "make test              linters, types, import contracts, migrations, all tests without a browser"
	@echo "make test-api          whatever can be sent to the API, and whether it answers as described"
	@echo "make journeys          every role through the running system in Chromium, with axe"
	@echo "make lint              the quick half of it"
	@echo "make messages          bring locale/ in line with the code"
	@echo "make compile-messages  compile locale/"
	@echo "make settings-page     bring docs/settings.md in line with the code"

python:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed; none was found."; exit 1; fi

venv-demo: python
	@$(PYTHON) -m onestop.launch.install demo

venv-dev: python
	@$(PYTHON) -m onestop.launch.install dev

demo: venv-demo
	@$(PY) -m onestop.launch.demo run

demo-reset: venv-demo
	@$(PY) -m onestop.launch.demo reset

test: lint
	$(PY) -m onestop.launch.private manage.py makemigrations --check --dry-run
	$(PY) -m pytest -m "not journey" $(PYTEST_ARGS)

journeys: venv-dev
	$(PY) -m pytest -m journey $(JOURNEY_ARGS)

test-api: venv-dev
	$(PY) -m pytest onestop/tests/fuzz_api.py

lint: venv-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy .
	$(PY) .venv/bin/lint-imports
	$(PY) -m djlint --lint --quiet .

messages: venv-dev
	$(PY) -m onestop.launch.catalogues update

compile-messages: venv-dev
	$(PY) -m onestop.launch.catalogues compile

settings-page: python
	$(PYTHON) -m onestop.launch.settings_page
