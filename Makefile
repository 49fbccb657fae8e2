# make run       install, index corpus/, serve it on http://127.0.0.1:8000/
# make ocr       install what reads scans: some 100 MB to download
# make test      install what the tests need; lint, types, tests
# make faults    fail each write to an index in every way, kill nodes of a cluster: minutes longer than the part in make test
# make coverage  run the tests and report which lines no test reaches
# make format    format the code
# make bench-quick   tell whether the changes since the last commit made searching slower: a minute
# make bench     measure baocha beside other engines, and write docs/benchmarks.md; CORPUS=FOLDER takes other reports
# make docs      write the reference of the Python interface to artifacts/reference/

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INDEX ?= baocha-index
PORT ?= 8000
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run ocr test opensearch faults coverage lint format bench-quick bench docs clean

run: $(VENV)/.run
	@$(BIN)/python -c 'import sys, importlib.util as u; u.find_spec("rapidocr") or print("Scans are skipped. To read them: make ocr, then make run again.", file=sys.stderr)'
	$(BIN)/baocha index corpus --index $(INDEX)
	$(BIN)/baocha serve --index $(INDEX) --port $(PORT)

ocr: $(VENV)/.run
	$(PIP) install --constraint constraints.txt --editable '.[ocr]'

test: lint opensearch
	$(BIN)/python -m pytest -n auto --dist worksteal

# The server that tests of the OpenSearch engine start. Without Java and Maven, they are skipped.
# Not every repository has a checksum file for each of its files, so ours say which files are right.
OPENSEARCH_SUMS := $(abspath tools/opensearch/sha256sums)
opensearch: $(VENV)/.opensearch

$(VENV)/.opensearch: tools/opensearch/pom.xml $(OPENSEARCH_SUMS) | $(BIN)/python
	@if command -v java >/dev/null && command -v mvn >/dev/null; then \
		rm -rf $(VENV)/opensearch && \
		mvn -q -B -c -f tools/opensearch/pom.xml org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies -DoutputDirectory="$(abspath $(VENV))/opensearch" && \
		cd $(VENV)/opensearch && sha256sum --check --quiet --strict $(OPENSEARCH_SUMS) && touch ../.opensearch; \
	else echo "Java 17 or Maven is missing: the tests of the OpenSearch engine are skipped." >&2; fi

faults: $(VENV)/.test opensearch
	BAOCHA_TEST_FAULTS=all $(BIN)/python -m pytest -n auto --dist worksteal tests/indexer/store/test_faults.py
	BAOCHA_TEST_FAULTS=all $(BIN)/python -m pytest tests/app/search/opensearch/test_faults.py

coverage: $(VENV)/.test
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report term-missing

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench-quick: $(VENV)/.test
	$(BIN)/python -m benchmarks.quick --against HEAD

# Whoosh is far slower than the others (benchmarks/README.md), so it is left out.
BENCHED = $(if $(CORPUS),--corpus "$(CORPUS)",--paragraphs 20000)
RESULTS := docs/benchmarks/results.json
bench: $(VENV)/.test opensearch
	$(PIP) install --constraint constraints.txt --editable '.[benchmark]'
	$(BIN)/python -m benchmarks.search $(BENCHED) --without "Whoosh ChineseAnalyzer" --json $(RESULTS)
	$(BIN)/python -m benchmarks.server $(BENCHED) --json $(RESULTS)
	$(BIN)/python -m benchmarks.growth $(BENCHED) --json $(RESULTS)
	$(BIN)/python -m benchmarks.report

docs: $(VENV)/.test
	$(BIN)/python -m pip --disable-pip-version-check --quiet install --constraint constraints.txt --editable '.[docs]'
	$(BIN)/python -m pdoc --output-directory artifacts/reference baocha.application baocha.blueprint baocha.search baocha.search.query baocha_indexer.build baocha_indexer.model baocha_indexer.text

# The stamps are older than their files when these change, and only then is anything installed.
$(VENV)/.run: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --constraint constraints.txt --editable '.[test,ocr,opensearch]'
	@touch $@ $(VENV)/.run

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "baocha needs Python 3.11 or later; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)

clean:
	rm -rf $(VENV) $(INDEX) artifacts build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
