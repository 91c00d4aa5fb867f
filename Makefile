# Twinlog's tasks. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

SWIFT   ?= swift
PYTHON  ?= python3
VENV    := .venv
PYTEST  := $(VENV)/bin/python -m pytest
RELEASE := .build/release/twinlog
DEBUG   := .build/debug/twinlog

# The product carries the Swift runtime and no symbols, so that it starts quickly on a machine without a toolchain.
RELEASE_FLAGS := -c release --product twinlog
ifeq ($(shell uname),Linux)
# Not position-independent: some 115,000 relocations less at every start. Nobody links against the program, so it exports
# nothing: 52,000 names less, which make 5 MB and are walked through at every start.
RELEASE_FLAGS += --static-swift-stdlib -Xlinker -s -Xlinker -no-pie -Xlinker --no-export-dynamic
endif
# Hand-written Swift; generated files are as the generator writes them.
SWIFT_SOURCES = $(shell find Sources Tests Benchmarks Examples -name '*.swift' \
	-not -path '*/Generated/*' -not -path '*/.build/*' 2>/dev/null) Package.swift

ARGS ?=
CONFORMANCE_ARGS ?=
BENCH_ARGS ?=

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-16s %s\n", $$1, $$2 }'

# ---- setting up -----------------------------------------------------------------------------------------------------

.PHONY: setup
setup: ## Install what the build, the demo and the tests need (system libraries, kcat, Python)
	@Scripts/setup build demo test

.PHONY: setup-build setup-demo
setup-build:
	@Scripts/setup build

setup-demo:
	@Scripts/setup build demo

# The stamp is newer than the requirements exactly when the environment holds them.
$(VENV)/.stamp: Tests/Conformance/requirements.txt
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

# ---- building and running -------------------------------------------------------------------------------------------

.PHONY: build
build: setup-build ## Build the release binary, .build/release/twinlog
	@Scripts/archives .build/archives
	$(SWIFT) build $(RELEASE_FLAGS)

.PHONY: demo
demo: setup-demo build ## Run the exercise end to end: two clusters, a link, a mirror, every byte compared
	$(RELEASE) demo $(ARGS)

.PHONY: serve
serve: build ## Run both clusters until interrupted; options in ARGS="…"
	exec $(RELEASE) serve $(ARGS)

# ---- testing --------------------------------------------------------------------------------------------------------

.PHONY: test
test: setup test-swift test-conformance ## Set up, build, run every test and the conformance suite

# One debug build serves the Swift tests and, as the server under test, the conformance suite.
.PHONY: build-debug test-swift
build-debug: setup-build
	$(SWIFT) build --build-tests

test-swift: build-debug ## Run the Swift tests only
	$(SWIFT) test --skip-build

.PHONY: test-conformance
test-conformance: build-debug $(VENV)/.stamp ## Run the conformance suite; options in CONFORMANCE_ARGS="…"
	TWINLOG_BIN="$${TWINLOG_BIN:-$(CURDIR)/$(DEBUG)}" $(PYTEST) Tests/Conformance $(CONFORMANCE_ARGS)

.PHONY: compatibility
compatibility: build $(VENV)/.stamp ## Run the conformance suite on the release build and write Docs/compatibility.md
	@Scripts/setup test
	TWINLOG_BIN="$(CURDIR)/$(RELEASE)" $(PYTEST) Tests/Conformance --compatibility Docs/compatibility.md \
		$(CONFORMANCE_ARGS)

CRASH_ARGS ?=
.PHONY: crash
crash: build $(VENV)/.stamp ## Kill -9 in a loop, one and two processes, 240 cycles; options in CRASH_ARGS="--cycles N --seed S"
	@Scripts/setup test
	cd Tests/Conformance && TWINLOG_BIN="$(CURDIR)/$(RELEASE)" $(CURDIR)/$(VENV)/bin/python -m crash $(CRASH_ARGS)

SEED ?=
ROUNDS ?= 1000
.PHONY: fuzz
fuzz: setup-build ## Send, set and store every number at every edge, then by chance; ROUNDS=N (0: no end), SEED=N repeats
	$(SWIFT) build --product Fuzzer
	exec $(dir $(DEBUG))Fuzzer $(if $(SEED),chance $(SEED),everything) $(ROUNDS)

# ---- measuring ------------------------------------------------------------------------------------------------------

.PHONY: bench
bench: build ## Measure the release build; prints a table, writes JSON to Benchmarks/results; options in BENCH_ARGS="…"
	$(SWIFT) build --package-path Benchmarks -c release
	Benchmarks/.build/release/twinlog-bench --server $(CURDIR)/$(RELEASE) --results Benchmarks/results $(BENCH_ARGS)

.PHONY: bench-console
bench-console: build $(VENV)/.stamp ## Measure the web console in a browser: first paint, bytes, long tasks, memory; options in BENCH_ARGS="…"
	@Scripts/setup test
	TWINLOG_BIN="$${TWINLOG_BIN:-$(CURDIR)/$(RELEASE)}" $(VENV)/bin/python Benchmarks/console.py $(BENCH_ARGS)

.PHONY: stalls
stalls: ## Measure the start and the longest stall under each load; updates those sections of Docs/performance.md
	$(MAKE) bench BENCH_ARGS="--only start,stall --markdown Docs/performance.md $(BENCH_ARGS)"

# ---- source code ----------------------------------------------------------------------------------------------------

.PHONY: generate
generate: setup-build ## Write Sources/KafkaProtocol/Messages/Generated and Docs/broker-configs.md from Protocol/
	$(SWIFT) run ProtocolGenerator Protocol Sources/KafkaProtocol/Messages/Generated Docs/broker-configs.md

.PHONY: format
format: ## Format the hand-written Swift files in place
	$(SWIFT) format --in-place --parallel $(SWIFT_SOURCES)

.PHONY: lint
lint: ## Report departures from .swift-format
	$(SWIFT) format lint --strict --parallel $(SWIFT_SOURCES)

.PHONY: clean
clean: ## Remove everything that the other targets built
	rm -rf .build Benchmarks/.build Benchmarks/results $(VENV) .pytest_cache
