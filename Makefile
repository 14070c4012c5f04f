# Every target sets up what it needs: on a fresh clone, `make demo` and `make test` each work by themselves.

# The photo that `make demo` shows the pose of, and where it puts the results.
IMAGE ?= .deps/samples/astronaut.png
OUT ?= demo-output

# How tests are built. `make test TEST_FLAGS="-c release -Xswiftc -enable-testing"` builds slower and runs faster.
TEST_FLAGS ?=

export PKG_CONFIG_PATH := $(CURDIR)/.deps/pkgconfig:$(PKG_CONFIG_PATH)

.PHONY: help bootstrap build demo test dependent format lint parity exports bench docs clean

help: ## What can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

bootstrap: ## Bring the libraries, the zoo's configs and the built-in model into .deps
	@scripts/bootstrap

build: bootstrap ## Build the command line, optimized: .build/release/pose
	swift build -c release --product pose

demo: build ## Show the pose of the people in IMAGE (default: a sample photo)
	.build/release/pose infer "$(IMAGE)" --out "$(OUT)"
	@echo "pictures: $(OUT)/visualizations    keypoints as JSON: $(OUT)/predictions"

test: bootstrap dependent ## Run every test, and build another package against this one
	swift build --build-tests $(TEST_FLAGS)
	swift test --skip-build --disable-xctest --parallel $(TEST_FLAGS)

dependent: bootstrap ## Check that another package can depend on this one by version
	scripts/test-dependent

format: ## Format the sources in place
	swift format --in-place --recursive --parallel Sources Tests Package.swift

lint: bootstrap ## Check the style and what this project forbids
	swift format lint --strict --recursive --parallel Sources Tests Package.swift
	scripts/lint

parity: build ## Compare the whole zoo with what MMPose computes
	scripts/parity

exports: build ## Export every config of the zoo and compare what OpenVINO computes
	scripts/exports

bench: build ## Measure the speed of every stage on this machine
	scripts/bench

docs: bootstrap ## Write the API documentation to docs/api
	scripts/docs

clean: ## Remove what was built; .deps stays
	rm -rf .build "$(OUT)" docs/api
