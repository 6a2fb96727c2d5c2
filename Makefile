# make run    first time: .venv, pinned requirements, knowledge base from the shipped corpus; then the page (PORT=7860)
# make test   installs what the tests need and runs all of them
# make check  ruff, mypy, layers, docs in step with the code
# make local-model GGUF=file.gguf   the chat path with a real small model, through llama.cpp
# make lock   pins the requirements anew (needs uv)
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PYTHONUTF8 := 1

BIN := .venv/bin
PORT ?= 7860
HOME_DIR ?= $(if $(SHOUCE_HOME),$(SHOUCE_HOME),.shouce)

.PHONY: help run test local-model check lock format clean sample-files bench

help:
	@sed -n 's/^# //p' Makefile

.venv/stamp-core: requirements.lock pyproject.toml tools/setup.sh
	@bash tools/setup.sh core

.venv/stamp-test: .venv/stamp-core requirements-test.lock
	@bash tools/setup.sh test

run: .venv/stamp-core
	@SHOUCE_HOME="$(HOME_DIR)" $(BIN)/python -m ui.first_run --port "$(PORT)"

test: .venv/stamp-test
	@$(BIN)/python -m pytest

local-model: .venv/stamp-test
	@$(BIN)/python -c 'import xllamacpp' 2>/dev/null || $(BIN)/python -m pip install -q --disable-pip-version-check xllamacpp
	@LOCAL_MODEL_GGUF="$(GGUF)" $(BIN)/python -m pytest -q -s tests/assistant/test_chat_local_model.py

check: .venv/stamp-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_layers.py tests/test_docs.py

format: .venv/stamp-test
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

lock:
	$(BIN)/uv pip compile -q --no-header --no-annotate --universal --python-version 3.11 pyproject.toml -o requirements.lock
	@links="$$($(BIN)/python -m pip config get global.find-links 2>/dev/null || true)"; \
	printf 'torch==2.13.0+cpu\n' > .venv/torch.txt; \
	$(BIN)/uv pip compile -q --no-header --no-annotate --python-version 3.11 --extra transformers --extra ollama --group test \
		-c requirements.lock -c .venv/torch.txt $${links:+--find-links $$links} --no-emit-package torch \
		pyproject.toml -o requirements-test.lock

sample-files: .venv/stamp-test
	$(BIN)/python tools/build_sample.py

clean:
	rm -rf .venv .shouce .mypy_cache .ruff_cache .pytest_cache dist build
