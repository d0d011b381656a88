# SPDX-License-Identifier: Apache-2.0
# The front door. `make help` lists the targets.

BUILD ?= build
JOBS ?= $(shell nproc)
FUZZ_SECONDS ?= 600
FUZZ_CASES ?= 5000
SOAK_SECONDS ?= 1800
SOAK_MINUTES ?= 30
PYTHONS ?= python3.10 python3.11 python3.12 python3.13 python3.14
CONFIGURE = cmake --preset
PYTHON = -DRHEOBASE_PYTHON=ON -DPython_EXECUTABLE=$(CURDIR)/$(BUILD)/venv/bin/python

.PHONY: help build demo test python types wheel dist pythons setup asan tsan tidy format format-check docs peers-check peers-models cross fuzz soak soak-serve mutants accept bench bench-gpu bench-peers bench-people clean

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## make build          the program, build/release/rheobase
build: setup
	@$(CONFIGURE) release -DRHEOBASE_TESTS=OFF --log-level=WARNING
	@cmake --build --preset release --target rheobase_cli -j $(JOBS)

## make demo           build, then run a brain that follows a moving bar
demo: build
	@tools/demo $(BUILD)/release/rheobase

## make test           build and run all tests (release, sanitizers, hostile variants, install)
test:
	@tools/setup tests
	@$(CONFIGURE) asan --log-level=WARNING
	@cmake --build --preset asan -j $(JOBS)
	@$(CONFIGURE) tsan --log-level=WARNING
	@cmake --build --preset tsan --target rheobase_threads -j $(JOBS)
	@tools/setup-python $(BUILD)/venv
	@$(CONFIGURE) tests $(PYTHON) --log-level=WARNING
	@cmake --build --preset tests -j $(JOBS)
	@ctest --preset tests -j $(JOBS)

## make python         the Python package, to be imported from build/tests/python; then its tests
python:
	@tools/setup tests
	@tools/setup-python $(BUILD)/venv
	@$(CONFIGURE) tests $(PYTHON) --log-level=WARNING
	@cmake --build --preset tests --target rheobase_package rheobase_cli -j $(JOBS)
	@ctest --preset tests -L python

## make types          mypy and pyright over the Python package and examples (pyright fetches itself from npm)
types: python
	@PYTHONPATH=$(BUILD)/tests/python $(BUILD)/venv/bin/python -m pyright --pythonpath $(BUILD)/venv/bin/python \
	  $(BUILD)/tests/python/rheobase examples/python

## make wheel          the Python package as a wheel, dist/rheobase-*.whl
wheel:
	@tools/setup wheel
	@tools/setup-python $(BUILD)/wheel-venv wheel
	@PATH=$(CURDIR)/$(BUILD)/wheel-venv/bin:$$PATH tools/wheel $(BUILD)/wheel dist
	@tools/wheel-check dist

## make dist           the program for other machines, dist/rheobase-*.tar.gz (no HDF5, cairo or X11), tried beside nothing but glibc
dist: setup
	@JOBS=$(JOBS) tools/dist $(BUILD)/dist/build dist
	@tools/dist_check.py dist/rheobase-*-linux-*.tar.gz

## make pythons        the wheel and its tests with each of PYTHONS (python3.10 to python3.14, as far as they are there)
pythons: python
	@tools/pythons $(CURDIR)/$(BUILD)/pythons $(CURDIR)/$(BUILD)/tests/rheobase $(PYTHONS)

## make setup          install what is missing (Debian packages; root or sudo)
setup:
	@tools/setup

## make asan           all tests under AddressSanitizer and UBSan
asan:
	@tools/setup tests
	@$(CONFIGURE) asan --log-level=WARNING
	@cmake --build --preset asan -j $(JOBS)
	@ctest --preset asan -j $(JOBS)

## make tsan           the threaded tests under ThreadSanitizer
tsan:
	@tools/setup tests
	@$(CONFIGURE) tsan --log-level=WARNING
	@cmake --build --preset tsan --target rheobase_threads -j $(JOBS)
	@ctest --preset tsan -j $(JOBS)

## make tidy           clang-tidy over src
tidy: setup
	@tools/setup lint
	@$(CONFIGURE) release -DRHEOBASE_TESTS=OFF --log-level=WARNING
	@run-clang-tidy -quiet -p $(BUILD)/release -j $(JOBS) "$(CURDIR)/src/.*"

## make format         clang-format over all sources; format-check only looks
format:
	@tools/setup lint
	@git ls-files '*.h' '*.cpp' | xargs clang-format -i
format-check:
	@tools/setup lint
	@git ls-files '*.h' '*.cpp' | xargs clang-format --dry-run --Werror

## make install-check  install into an empty prefix and build the examples against it
install-check: setup
	@$(CONFIGURE) tests --log-level=WARNING
	@cmake --build --preset tests --target rheobase_cli -j $(JOBS)
	@ctest --preset tests -L install

## make docs           docs/state.md from the code, and the site, build/site/index.html
docs: setup
	@tools/setup tests
	@tools/setup-python $(BUILD)/venv
	@$(CONFIGURE) tests $(PYTHON) --log-level=WARNING
	@cmake --build --preset tests --target rheobase_unit rheobase_package rheobase_cli -j $(JOBS)
	@tools/docs $(BUILD)/docs-venv $(CURDIR)/$(BUILD)/tests $(BUILD)/site
	@RHEOBASE_WRITE_DOCS=1 $(BUILD)/tests/tests/rheobase_unit --gtest_filter='StateDoc.*' --gtest_brief=1

## make peers-check    spike for spike as NEST, rates and irregularity as NEST and Brian2 (installed under build); their code in the docs
peers-check: setup
	@tools/setup tests
	@tools/setup-python $(BUILD)/venv
	@$(CONFIGURE) tests $(PYTHON) --log-level=WARNING
	@cmake --build --preset tests --target rheobase_nest_networks rheobase_package -j $(JOBS)
	@tools/peers-check $(BUILD)/tests/tests/peers/rheobase_nest_networks
	@tools/peers-brunel
	@tools/peers-plasticity
	@tools/peers-docs

## make peers-models   models spike for spike as NEST's, and CUBA, COBA, COBAHH as Brian2's
peers-models: setup
	@tools/setup tests
	@tools/setup-python $(BUILD)/venv
	@$(CONFIGURE) tests $(PYTHON) --log-level=WARNING
	@cmake --build --preset tests --target rheobase_package -j $(JOBS)
	@tools/peers-models
	@tools/peers-models --brian2
	@tools/peers-models --gallery

## make cross          the same signatures, checkpoints and conformance by clang, on libc++, on aarch64 and big-endian s390x
##                     (qemu-user), and on Windows (mingw, Wine)
cross: build
	@tools/setup cross
	@tools/cross $(BUILD)/release/rheobase

## make fuzz           libFuzzer on genomes, checkpoints, input, recordings (csv, npy, h5), models, command lines, run.json
##                     and lines of --stdio, FUZZ_SECONDS (600) each; then
##                     FUZZ_CASES (5000) random networks on every backend, a failing one made small and saved
fuzz:
	@tools/setup fuzz
	@$(CONFIGURE) fuzz --log-level=WARNING
	@cmake --build --preset fuzz -j $(JOBS)
	@tools/fuzz $(FUZZ_SECONDS)
	@$(CONFIGURE) tests $(PYTHON) --log-level=WARNING
	@cmake --build --preset tests --target rheobase_differential -j $(JOBS)
	@RHEOBASE_CASES=$(FUZZ_CASES) RHEOBASE_FIRST_SEED=$${FUZZ_SEED:-$$(date +%s)000} \
	  $(BUILD)/tests/tests/rheobase_differential --gtest_filter='*EveryBackend*'

## make soak           1,000 kills while checkpoints are saved, 500 while recordings are; every fault of a disk; every float; every allocation
##                     refused, alone and with all after it; then SOAK_SECONDS (1800) of input, edits, checkpoints, on all backends
soak:
	@tools/setup tests
	@$(CONFIGURE) tests --log-level=WARNING
	@cmake --build --preset tests --target rheobase_checkpoint rheobase_faults rheobase_refused rheobase_soak rheobase_unit -j $(JOBS)
	@RHEOBASE_EVERY_FLOAT=1 $(BUILD)/tests/tests/rheobase_unit --gtest_filter='Functions.Errors*'
	@RHEOBASE_KILLS=1000 $(BUILD)/tests/tests/rheobase_checkpoint --gtest_filter='Killed.Anywhere*'
	@RHEOBASE_KILLS=500 $(BUILD)/tests/tests/faults/rheobase_faults --gtest_filter='Ends.Killed*'
	@RHEOBASE_FAULTS=all $(BUILD)/tests/tests/faults/rheobase_faults --gtest_filter='*FaultyDisk*'
	@RHEOBASE_EVERY_ALLOCATION=1 $(BUILD)/tests/tests/rheobase_refused
	@RHEOBASE_SOAK_SECONDS=$(SOAK_SECONDS) $(BUILD)/tests/tests/rheobase_soak

## make soak-serve     32 agents, two visualisers, an editor and a stranger on one server for SOAK_MINUTES (30); memory has to stay
soak-serve: setup
	@tools/setup tests
	@tools/setup-python $(BUILD)/venv
	@$(CONFIGURE) tests $(PYTHON) --log-level=WARNING
	@cmake --build --preset tests --target rheobase_cli rheobase_package -j $(JOBS)
	@PYTHONPATH=$(BUILD)/tests/python $(BUILD)/venv/bin/python tests/python/soak_serve.py $(BUILD)/tests/rheobase $(SOAK_MINUTES)

## make mutants        faults put into step, delivery, edits and checkpoints by hand: every one must turn a test red
mutants:
	@tools/setup tests
	@tests/mutants/mutants.py $(BUILD)/mutants -j $(JOBS)

## make accept         the plan's criteria, tried and measured here; the table goes into docs/acceptance.md
accept:
	@tools/setup tests
	@tools/setup-python $(BUILD)/venv
	@$(CONFIGURE) tests $(PYTHON) --log-level=WARNING
	@cmake --build --preset tests --target rheobase_package rheobase_cli -j $(JOBS)
	@PYTHONPATH=$(BUILD)/tests/python $(BUILD)/venv/bin/python tools/accept.py $(BUILD)/tests/rheobase --write

## make bench          the CPU beside its limits (some 15 minutes); then bench/RESULTS.md
bench: build
	@tools/setup tests
	@tools/setup-python $(BUILD)/venv
	@python3 bench/cpu.py $(BUILD)/release/rheobase
	@$(BUILD)/venv/bin/python bench/report.py

## make bench-people   networks as people have them (varied, silent, wired by probability) beside plain ones (some 2 minutes)
bench-people: setup
	@tools/setup tests
	@tools/setup-python $(BUILD)/venv
	@$(CONFIGURE) tests $(PYTHON) --log-level=WARNING
	@cmake --build --preset tests --target rheobase_package -j $(JOBS)
	@PYTHONPATH=$(BUILD)/tests/python $(BUILD)/venv/bin/python bench/people.py

## make bench-gpu      a GPU beside all cores and its limits (some 6 minutes); then bench/RESULTS.md
bench-gpu: build
	@tools/setup tests
	@tools/setup-python $(BUILD)/venv
	@python3 bench/gpu.py $(BUILD)/release/rheobase
	@$(BUILD)/venv/bin/python bench/report.py

## make bench-peers    FEAGI's engine (built by cargo), NEST, Brian2 and brainevent beside Rheobase; then bench/RESULTS.md
bench-peers:
	@tools/setup tests
	@tools/setup-python $(BUILD)/venv
	@$(CONFIGURE) tests $(PYTHON) --log-level=WARNING
	@cmake --build --preset tests --target rheobase_package -j $(JOBS)
	@cargo build --release --locked --manifest-path bench/peers/feagi/Cargo.toml
	@python3 bench/peers/run.py
	@$(BUILD)/venv/bin/python bench/report.py

## make clean          remove build and demo_out
clean:
	rm -rf $(BUILD) demo_out
