# PsychoSafe Studio. Each target needs Python 3.11 and pip only, and prepares what it uses.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
TORCH ?= torch==2.13.0
# Twice the cores: tests of real servers and browsers mostly wait for these.
WORKERS ?= $(shell echo $$(( 2 * $$(nproc 2>/dev/null || echo 1) )))
PYTEST_ARGS ?=
UPGRADE ?=

BIN := .venv/bin
RUN := $(BIN)/python
PYTEST_RUN := $(RUN) -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)
PYTEST := env -u DJANGO_SETTINGS_MODULE -u DATABASE_URL $(PYTEST_RUN) -m "not vllm and not oracles and not postgres"
ON_POSTGRES := env -u DJANGO_SETTINGS_MODULE $(RUN) scripts/with_postgres.py $(PYTEST_RUN) \
  -m "not vllm and not oracles and not browser and not serving and not sqlite" --only-database
CHECK_ENV := env -u DJANGO_SETTINGS_MODULE -u DATABASE_URL -u REDIS_URL -u SECRET_KEY \
  DEBUG=1 DATA_DIR=.venv/check-data
COMPILE := uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links \
  --no-header --python-version 3.11 $(UPGRADE)

# Modules stay compiled: the tests start some hundred processes, and each would compile its own.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: messages demo test test-all check bench bench-judge bench-stats test-chaos test-vllm test-oracles lock format clean help
.DELETE_ON_ERROR:

help:
	@sed -n 's/^## //p' Makefile

## make demo      from nothing to a running site with sample data (PORT=8000)
demo: .venv/.base
	@$(RUN) manage.py demo --port $(PORT)

## make test      all tests that this machine can run, on SQLite and on PostgreSQL
test: .venv/.dev
	@$(PYTEST); on_sqlite=$$?; $(ON_POSTGRES) && exit $$on_sqlite

## make test-all  the same with Redis, Chromium and `transformers serve`; nothing may skip
test-all: .venv/.dev .venv-serving/.done
	@$(RUN) scripts/full_form.py
	@$(PYTEST) --no-skips; on_sqlite=$$?; $(ON_POSTGRES) --no-skips && exit $$on_sqlite

## make check     style, types, layers, migrations
check: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(CHECK_ENV) $(BIN)/mypy
	$(BIN)/lint-imports
	$(CHECK_ENV) $(RUN) manage.py makemigrations --check --dry-run
	$(CHECK_ENV) $(RUN) manage.py check

## make messages gathers the strings of the pages for translation, and compiles what is translated
messages: .venv/.dev
	$(CHECK_ENV) $(RUN) manage.py makemessages -l da -l de -l it --no-location --no-obsolete \
	  -i ".venv*" -i "tests/*" -i "bench/*" -i "scripts/*"
	$(CHECK_ENV) $(RUN) manage.py compilemessages -i ".venv*"

## make format    rewrites the sources in the house style
format: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

## make bench     every benchmark, or one (NAME=...)
bench: .venv/.dev
	$(RUN) -m bench $(NAME)

## make bench-stats how often intervals hold the truth; writes docs/statistics.md (5 min)
bench-stats: .venv/.dev
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(RUN) -m bench stats --write

## make bench-judge asks a real judge about every injection (JUDGE_URL=... JUDGE_MODEL=...)
bench-judge: .venv/.dev
	$(RUN) -m bench judge --required

## make test-chaos kills worker, model server and broker in 20 runs each, on both brokers (20 min)
test-chaos: .venv/.dev
	env -u DJANGO_SETTINGS_MODULE -u DATABASE_URL CHAOS_RUNS=20 \
	  $(RUN) -m pytest -q -s --no-skips tests/services/test_chaos.py

## make test-vllm tests against a real vLLM (CPU build; 3 GB)
test-vllm: .venv/.dev .venv-vllm/.done
	env -u DJANGO_SETTINGS_MODULE -u DATABASE_URL \
	  $(RUN) -m pytest -q -m vllm --no-skips tests/services

## make test-oracles compares the statistics with other people's packages (GPL ones stay apart)
test-oracles: .venv-oracles/.done
	.venv-oracles/bin/python -m pytest -q -W ignore -m oracles --noconftest tests/oracles

## make lock      compiles requirements/*.in into pins with hashes (UPGRADE=--upgrade for newer ones)
lock: .venv/.uv
	cd requirements && ../$(BIN)/$(COMPILE) --universal base.in -o base.txt
	cd requirements && ../$(BIN)/$(COMPILE) --universal dev.in -o dev.txt
	cd requirements && ../$(BIN)/$(COMPILE) --universal uv.in -o uv.txt
	cd requirements && ../$(BIN)/$(COMPILE) serving.in --override without-torch.txt -o serving.txt
	cd requirements && ../$(BIN)/$(COMPILE) oracles.in -o oracles.txt

## make clean     removes the environments and what tools left behind
clean:
	rm -rf .venv .venv-serving .venv-vllm .venv-oracles .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Environments. A stamp file is newer than the pins it was made from.

.venv/.uv: requirements/uv.txt
	$(PYTHON) scripts/environment.py create .venv
	@touch $@

.venv/.base: .venv/.uv requirements/base.txt
	@$(RUN) scripts/environment.py install .venv requirements/base.txt
	@touch $@

.venv/.dev: .venv/.uv requirements/dev.txt
	@$(RUN) scripts/environment.py sync .venv requirements/dev.txt
	@touch .venv/.base $@

.venv-serving/.done: requirements/serving.txt requirements/uv.txt
	$(PYTHON) scripts/environment.py create .venv-serving
	.venv-serving/bin/python -m pip install -q "$(TORCH)"
	@$(PYTHON) scripts/environment.py add .venv-serving requirements/serving.txt
	@touch $@

.venv-vllm/.done: scripts/install_vllm.py requirements/uv.txt
	$(PYTHON) scripts/environment.py create .venv-vllm
	.venv-vllm/bin/python scripts/install_vllm.py "$(TORCH)"
	@touch $@

.venv-oracles/.done: requirements/oracles.txt requirements/uv.txt
	$(PYTHON) scripts/environment.py create .venv-oracles
	@$(PYTHON) scripts/environment.py install .venv-oracles requirements/oracles.txt
	@touch $@
