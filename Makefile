# Sluice: every task of the project. `make` lists them.

TEST_BUILD := .build/tests
# Tests run at release speed, and `@testable` still works: debug configuration with -O.
TEST_FLAGS := -Xswiftc -O --scratch-path $(TEST_BUILD)
# A module imports only what Package.swift says.
STRICT := --explicit-target-dependency-import-check error
# Each sanitizer has a build of its own.
sanitized = -Xswiftc -O --scratch-path .build/$(1)
THREADED := 'RingsTests|LogTests|MetricsTests|RuntimeTests|EndToEndTests|CLITests'
FORMATTED := Sources Tests bench fuzz Package.swift
PRODUCT := .build/release/sluice

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help deps build test lint format generate check-generated swift-tests python-tests \
  demo serve bench load crash fuzz fuzz-briefly simulate simulate-briefly mutate asan tsan clean

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## Install the Debian packages that are missing; check the Swift toolchain.
	@scripts/deps

build: deps ## Build the gateway for use: .build/release/sluice.
	swift build -c release --product sluice $(STRICT)

test: lint swift-tests check-generated build python-tests fuzz-briefly simulate-briefly ## Everything CI checks.

lint: deps ## Check formatting (.swift-format); changes nothing.
	swift format lint --strict --parallel --recursive $(FORMATTED)

format: deps ## Format the Swift sources in place.
	swift format --in-place --parallel --recursive $(FORMATTED)

swift-tests: deps ## Build and run the Swift tests.
	swift build --build-tests $(TEST_FLAGS) $(STRICT)
	swift test --skip-build $(TEST_FLAGS)

generate: deps ## Write what comes from schema/ (codecs, documents) and config/.
	swift build --product CodecGenerator $(TEST_FLAGS) $(STRICT)
	$(TEST_BUILD)/debug/CodecGenerator
	scripts/embed-config

check-generated: deps ## Fail when a generated file is not what its source says.
	swift build --product CodecGenerator $(TEST_FLAGS) $(STRICT)
	$(TEST_BUILD)/debug/CodecGenerator --check
	scripts/embed-config --check

python-tests: deps ## Run the tests of the Python client.
	@scripts/python-tests

demo: build ## A trading day in seconds, with a proof; TICKS="FILE..." = recorded ticks.
	$(PRODUCT) demo $(ARGS) $(if $(TICKS),--ticks $(TICKS))

serve: build ## Run the gateway with config/ and two simulated counters; TLS=1 = with TLS.
	$(PRODUCT) serve $(if $(TLS),--self-signed) $(ARGS)

bench: build ## Measure, print a table, write bench/results/latest.json.
	bench/run

load: build ## Many terminals at once: 200 x 100 orders/s, broken connections, idle crowds.
	bench/load.py all

crash: build ## Kill a gateway under load, again and again; KILLS=N, 20 unless said otherwise.
	bench/crash.py --kills $(or $(KILLS),20)

fuzz: deps ## Fuzz what reads bytes from elsewhere for ten minutes; SECONDS_TO_FUZZ=N for less.
	SECONDS_TO_FUZZ=$(or $(SECONDS_TO_FUZZ),600) scripts/fuzz

fuzz-briefly: deps ## The same inputs every time, half a minute of them.
	@scripts/fuzz

simulate: build ## Runs by seed, everything going wrong; SECONDS=N, SEEDS=A-B, JOBS=N.
	$(PRODUCT) simulate --jobs $(or $(JOBS),2) $(ARGS) \
	  $(if $(SEEDS),--seeds $(SEEDS),--seconds $(or $(SECONDS),60))

simulate-briefly: build ## Ten seconds of runs that nobody has seen.
	@$(PRODUCT) simulate --jobs 2 --seconds 10

mutate: deps ## Build known faults in, one at a time: the simulator has to find each.
	@scripts/mutate

asan: deps ## The Swift tests under AddressSanitizer; FILTER=NAME for a part of them.
	swift build --build-tests --sanitize address $(call sanitized,asan) $(STRICT)
	ASAN_OPTIONS=detect_leaks=0 \
	  swift test --skip-build --sanitize address $(call sanitized,asan) $(if $(FILTER),--filter $(FILTER))

tsan: deps ## The Swift tests that have threads under ThreadSanitizer; FILTER=NAME for others.
	swift build --build-tests --sanitize thread $(call sanitized,tsan) $(STRICT)
	TSAN_OPTIONS=suppressions=$(CURDIR)/scripts/tsan-suppressions \
	  swift test --no-parallel --skip-build --sanitize thread $(call sanitized,tsan) \
	    --filter $(or $(FILTER),$(THREADED))

clean: ## Remove what was built.
	rm -rf .build
