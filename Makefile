# `make` lists what there is. Everything runs in .venv, which `make run` and `make test` make on their own.
# Variables given on the command line, as in `make run PORT=8001`, reach the programs as environment variables.

PYTHON ?= python3
VENV ?= .venv
JOBS ?= auto
WORK ?= /tmp/reviewengine-training
BIN := $(VENV)/bin
INSTALL := $(PYTHON) -I reviewengine/embedded/install.py $(VENV)

.PHONY: help run services reset test lint format bench evaluate messages train lock install install-dev
.DEFAULT_GOAL := help

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: install ## start everything; PORT=8001 and REVIEWENGINE_HOME=folder run a second copy
	@exec $(BIN)/python manage.py runstack

services: install ## start PostgreSQL and Valkey alone, for working on the code
	@exec $(BIN)/python manage.py runstack --services-only

reset: install ## delete the data of the stopped stack
	@$(BIN)/python manage.py runstack --reset

test: install-dev ## run every test on real PostgreSQL and Valkey; ARGS="-k webhooks" selects
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile $(ARGS)

lint: install-dev ## check style, import directions, types, settings and migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy .
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run

format: install-dev ## put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install-dev ## measure speed and memory; SEED_STACK=folder measures the reference beside it
	@$(BIN)/python -m bench.run $(ARGS)

evaluate: install ## measure detectors and the shipped policy on labelled text; ARGS="FILE... --html page.html"
	@$(BIN)/python manage.py evaluate --no-database $(ARGS)

messages: install-dev ## bring the console's translations up to its words, and compile them
	@$(BIN)/python manage.py messages_update

train: install ## make the text models anew; DATA="train.jsonl.gz" WORK=folder; about an hour on two cores
	$(PYTHON) -m venv $(VENV)-train
	$(VENV)-train/bin/pip install --quiet -r training/requirements.txt
	$(VENV)-train/bin/python -m training.train --data $(DATA) --work $(WORK) --out moderation/detectors/artifacts

lock: ## pin requirements*.in anew, with hashes
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url requirements.in -o requirements.txt
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url requirements-dev.in -o requirements-dev.txt

install:
	@$(INSTALL) requirements.txt

install-dev:
	@$(INSTALL) requirements.txt requirements-dev.txt
