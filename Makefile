.PHONY: demo try pictures test search fire soak races mutants check run bench clean

PYTHON ?= python3
BIN := .venv/bin

.venv: .venv/ready

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group dev --editable '.[charts,ocr,postgresql]'
	@touch $@

demo: .venv
	@$(BIN)/duban demo

try: .venv
	@$(BIN)/duban try

run: .venv
	@$(BIN)/duban run

# what takes long stands aside (tests/conftest.py names it): make test WHOLE=1 plays everything, as .ci/run does
# what the runner's processes and the programs they start have in common is compiled once, not by each of them
test: .venv
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest $(if $(WHOLE),,-m "not long")

# examples that no run has seen yet, for the tests that make their own
search: .venv
	HYPOTHESIS_PROFILE=search $(BIN)/python -m pytest -m hypothesis

# the pictures of the documents, taken by the tests of the page in a real browser
pictures: .venv
	PICTURES=docs $(BIN)/python -m pytest --numprocesses=0 tests/cli/test_in_a_browser.py
	PICTURES=docs $(BIN)/python -m pytest --numprocesses=0 tests/cli/test_the_board_in_a_browser.py -k "returns_verifies_and_urges"
	PICTURES=docs $(BIN)/python -m pytest --numprocesses=0 tests/reading/test_pictures.py -k "beside_its_reading or check_by_eye"

fire: .venv
	FIRE=full $(BIN)/python -m pytest --numprocesses=0 tests/channels/test_under_fire.py

# a virtual year with everything that fails; it ends by itself: make soak SOAK_MINUTES=480 SOAK_ASSIGNMENTS=200000
soak: .venv
	SOAK_MINUTES=$(or $(SOAK_MINUTES),10) SOAK_ASSIGNMENTS=$(or $(SOAK_ASSIGNMENTS),2000) $(BIN)/python -m pytest --numprocesses=0 -s tests/channels/test_soak.py

mutants: .venv
	$(BIN)/python -m tests.mutants $(ONLY)

races: .venv
	$(BIN)/python -m pytest --numprocesses=0 -v tests/races

check: .venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group bench
	$(BIN)/duban bench

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache *.egg-info
