# One word for each thing to do; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help demo setup check test bench lock clean

python := .venv/bin/python
ARGS ?=
WORKERS ?= 2

help:
	@echo "make demo    the demo city at http://127.0.0.1:8000 (another port: PORT=9000 make demo)"
	@echo "make check   format, lint, types, imports, migrations, and the law itself (fadu check)"
	@echo "make test    the suite on SQLite and PostgreSQL (some of it: ARGS=tests/kernel)"
	@echo "make bench   measurements; nothing fails on them"
	@echo "make setup   .venv with everything the others need; they do it themselves"
	@echo "make lock    requirements*.txt anew from pyproject.toml (newer versions: ARGS=--upgrade)"
	@echo "make clean   caches and builds away; .venv and var stay"

demo:
	@scripts/setup run
	@FADU_DEMO=1 .venv/bin/fadu demo

setup:
	@scripts/setup dev

check: export FADU_HOME := .cache/check
check: setup
	.venv/bin/ruff format --check --quiet .
	.venv/bin/ruff check --quiet .
	.venv/bin/mypy --no-error-summary
	.venv/bin/lint-imports --no-logo > .venv/lint-imports.log || { cat .venv/lint-imports.log; exit 1; }
	$(python) -m django makemigrations --check --dry-run --verbosity 0 --settings fadu.config.settings
	.venv/bin/fadu check

test: setup
	@scripts/test -n $(WORKERS) $(ARGS)

bench: export PYTHONPATH := .
bench: setup
	@for measure in kernel deadlines bulk; do $(python) bench/$$measure.py || exit 1; done
	@for measure in deeds lists requests; do $(python) bench/$$measure.py && scripts/postgres $(python) bench/$$measure.py || exit 1; done

lock:
	@scripts/lock $(ARGS)

clean:
	rm -rf build dist staticfiles .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache htmlcov .coverage
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
