# The two commands a newcomer needs are `make demo` and `make test`; each makes the environment it runs in.
.PHONY: demo test check torture bench lock clean
PYTHON ?= python3
BIN := .venv/bin
WORKERS = $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) * 3 / 2 )))  # half as many again as processors: many tests wait
unexport PYTHONDONTWRITEBYTECODE  # each of the many processes that tests start would compile all of us anew

.venv/made: requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("OpenCabinet needs Python 3.11 or newer." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: .venv/made
	@$(BIN)/opencabinet demo

test: .venv/made
	$(BIN)/pytest -n $(WORKERS) -m "not torture"

check: .venv/made
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/test_house.py -p no:xdist

torture: .venv/made
	$(BIN)/pytest -m torture -p no:xdist

.venv/bench/made: .venv/made requirements/bench.txt
	$(PYTHON) -m venv .venv/bench
	.venv/bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	touch $@

bench: .venv/bench/made
	$(BIN)/python -m bench.speed $(BENCH)
	$(BIN)/python -m bench.clicks
	$(BIN)/python -m bench.commissions

lock: .venv/made
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--all-extras pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--all-extras --group dev pyproject.toml -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--constraint requirements/run.txt --group bench -o requirements/bench.txt

clean:
	rm -rf .venv
