# The front door. The build itself is CMakeLists.txt; see `make help`.
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
PREFIX ?= /usr/local
RULES ?= rules/cybersecurity-r6.kz
FUZZ_SECONDS ?= 60

.PHONY: help check test validate build release asan tsan fuzz format lint bench install clean golden
.DEFAULT_GOAL := help

help:
	@echo 'make check      install what is missing, build kenzan, and check the bundled budget'
	@echo 'make test       install what is missing, build, and run all tests'
	@echo 'make validate   check formats, hook and CI files by the programs of others, installed into build/validate'
	@echo 'make release    build build/release/kenzan, the program to ship'
	@echo 'make build      build build/dev/kenzan and the tests'
	@echo 'make golden     rewrite the expected output in tests/golden; read the difference before you commit it'
	@echo 'make asan       run all tests under the address and undefined behaviour sanitizers'
	@echo 'make tsan       run the tests of what runs in several threads under the thread sanitizer'
	@echo 'make fuzz       run each fuzz target under libFuzzer for FUZZ_SECONDS (60)'
	@echo 'make format     format the C++ sources      make lint   check format, layers, catalogue'
	@echo 'make bench      measure, and write bench/RESULTS.md'
	@echo 'make install    install program, manual page and completions below PREFIX (/usr/local)'

# kenzan's own exit status: 0 nothing found, 1 findings (the bundled budget has some), 2 or more: it could not do its work.
check: release
	@build/release/kenzan check $(RULES); status=$$?; echo "kenzan's exit status: $$status"; test $$status -le 1

test: build
	@scripts/run-tests dev

# .ci/run validates formats and evidence only: a browser and a wheel take long.
validate: release
	@tests/validate/formats build/release/kenzan
	@scripts/install-deps browser && tests/validate/html build/release/kenzan
	@tests/validate/evidence build/release/kenzan
	@tests/validate/pre-commit

release:
	@scripts/install-deps build
	@scripts/build release $(JOBS) --target kenzan

build:
	@scripts/install-deps test
	@scripts/build dev $(JOBS)

golden: build
	build/dev/tests/golden_tests --update --gtest_filter='golden*'

asan:
	@scripts/install-deps test
	@scripts/build asan $(JOBS)
	@scripts/run-tests asan

# Not in .ci/run: building it takes more than four minutes.
tsan:
	@scripts/install-deps test
	@scripts/build tsan $(JOBS) --target unit_tests --target property_tests
	@scripts/run-tests tsan

fuzz:
	@scripts/install-deps fuzz
	@scripts/build fuzz $(JOBS) --target fuzz_targets
	@scripts/run-fuzz $(FUZZ_SECONDS)

format:
	@scripts/format

lint:
	@scripts/format --check
	@scripts/check-layers
	@scripts/check-catalogue

bench: release
	@scripts/build release $(JOBS) --target measure generate duckdb limit
	@bench/run

install: release
	cmake --install build/release --prefix '$(PREFIX)'

clean:
	rm -rf build
