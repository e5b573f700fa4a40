# Two commands do everything on a fresh machine with Python 3.11: `make demo` and `make test`.
STUDIES := cladribine-s1p-pass natalizumab-fingolimod-paes covid19-mortality-ms bmsd-qualification
BIN := .venv/bin

.PHONY: demo test setup format golden rules bench tour wheel clean lock

demo: setup
	@$(BIN)/studygen build $(addprefix protocols/,$(STUDIES))

test: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/pytest -n 2 --dist worksteal

setup: .venv/.ready

.venv/.ready: requirements.lock pyproject.toml .ci/setup
	@bash .ci/setup

format: setup
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# Writes the golden documents of tests/golden anew; read what changed before it is kept.
golden: setup
	@$(BIN)/python tests/golden/made.py

# The table of all rules, from the catalogue.
rules: setup
	@$(BIN)/studygen check --rules --format markdown > templates/guidance/README.md

bench: setup
	@$(BIN)/python -m tests.benchmarks

# The pictures of the README's tour, taken from the built examples.
tour: demo
	@$(BIN)/python -m tests.tour

wheel: setup
	@$(BIN)/python -m pip wheel --no-deps --no-build-isolation --quiet --wheel-dir dist .

# Renews the lock file from pyproject.toml; needs uv.
lock:
	uv pip compile pyproject.toml --extra dev --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-header --output-file requirements.lock

clean:
	rm -rf .venv dist build $(filter-out output/tour/,$(wildcard output/*/))
