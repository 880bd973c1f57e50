# `make demo` trains on handwritten digits; `make check` is what CI runs.
# Everything is built in release mode: training in debug mode is of no use to anybody.

BUILD = swift build -c release
PROGRAM = .build/release/backprop
DEMO = build/demo

.PHONY: demo build standalone test format check-format check gradients levels evidence bench clean

demo: openblas
	$(BUILD) --product backprop
	mkdir -p $(DEMO)
	$(PROGRAM) train digits --test 0.2 --hidden 128 --epochs 60 --seed 1 \
	  --output $(DEMO)/digits.safetensors --report $(DEMO)/digits.html --overwrite
	@echo
	@echo "model:  $(DEMO)/digits.safetensors"
	@echo "report: $(DEMO)/digits.html (open it in a browser)"

# OpenBLAS makes large networks faster; without it the built-in product serves.
.PHONY: openblas
openblas:
	@Scripts/install-openblas.sh

build:
	$(BUILD)

# One file with Swift's libraries in it, for Linux machines that have no Swift. Nobody else looks its symbols up:
# exporting them would cost a millisecond of every start.
standalone:
	$(BUILD) --product backprop --static-swift-stdlib -Xlinker -s -Xlinker --no-export-dynamic \
	  --scratch-path .build/standalone
	mkdir -p build
	cp .build/standalone/release/backprop build/backprop
	@ls -lh build/backprop

test:
	swift test -c release

format:
	swift format format --in-place --recursive --parallel Package.swift Sources Tests \
	  Benchmarks/Package.swift Benchmarks/Sources Examples/Programs

check-format:
	swift format lint --strict --recursive --parallel Package.swift Sources Tests \
	  Benchmarks/Package.swift Benchmarks/Sources Examples/Programs

check: check-format build test

# Every operation's gradient beside central differences, as a table.
gradients:
	swift test -c release --filter OperationChecks

# The kernels for lesser processors, and the built-in product, beside plain evaluation.
levels:
	for cpu in plain avx2; do \
	  BACKPROP_CPU=$$cpu BACKPROP_BLAS=none swift test -c release \
	    --filter 'ExecutionTests|LayersTests|ReferenceTests' || exit 1; \
	done

# The heavier evidence: minutes to hours; TOPICS="som rbf" runs only those. Results are committed
# under Benchmarks/results.
evidence: build
	Scripts/evidence.sh

# Beside PyTorch, JAX, onnxruntime and NumPy, in turn; about twenty minutes on a quiet machine.
bench:
	Benchmarks/compare.sh

clean:
	rm -rf .build build Benchmarks/.build
