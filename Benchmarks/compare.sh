#!/bin/sh
# Measures Backprop beside PyTorch, JAX, NumPy and onnxruntime, and prints tables.
#
#   Benchmarks/compare.sh [PROGRAM] [options of compare.py: --sections steps curve --write …]
#
# PROGRAM is our benchmark program; without it, the package beside this script is built in release
# mode and its StepBenchmark is used. The section "start" runs the backprop command: the one that
# BACKPROP_EXECUTABLE names, else it is built too. On Linux both are built as `make standalone` builds
# the command, with Swift's libraries in them.
#
# The frameworks come from the Python named by BACKPROP_PEERS_PYTHON, else from a virtual
# environment in Benchmarks/.venv, made on first use from peers/requirements.txt. On Linux the
# default PyTorch includes GPU libraries of some gigabytes, which are not used: to do without,
# set PIP_EXTRA_INDEX_URL to PyTorch's index of CPU builds and TORCH_VERSION_SUFFIX to "+cpu".
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)

program=
case "${1-}" in
  '' | -*) ;;
  *) program=$1; shift ;;
esac
# Asking for help needs neither a build nor the frameworks.
for argument in "$@"; do
  case "$argument" in -h | --help) exec python3 "$here/compare.py" --help ;; esac
done

if [ -z "${BACKPROP_PEERS_PYTHON-}" ]; then
  BACKPROP_PEERS_PYTHON=$here/.venv/bin/python
  # Made anew when the requirements have changed.
  if ! cmp -s "$here/peers/requirements.txt" "$here/.venv/complete"; then
    echo "making the peers' environment in $here/.venv" >&2
    python3 -m venv "$here/.venv"
    sed "s/^\(torch==.*\)$/\1${TORCH_VERSION_SUFFIX-}/" "$here/peers/requirements.txt" \
      > "$here/.venv/requirements.txt"
    "$BACKPROP_PEERS_PYTHON" -m pip install --quiet -r "$here/.venv/requirements.txt" >&2
    cp "$here/peers/requirements.txt" "$here/.venv/complete"
  fi
  export BACKPROP_PEERS_PYTHON
fi

# build PACKAGE PRODUCT: builds it and prints where it lies.
build() {
  product=$2
  set -- --package-path "$1" -c release --product "$2" --scratch-path "$1/.build/standalone"
  [ "$(uname)" != Linux ] || set -- "$@" --static-swift-stdlib -Xlinker -s -Xlinker --no-export-dynamic
  swift build "$@" >&2
  echo "$(swift build "$@" --show-bin-path)/$product"
}

if [ -z "$program" ]; then program=$(build "$here" StepBenchmark); fi

command=${BACKPROP_EXECUTABLE-}
# Whether the section "start" is among those that run.
case " $* " in
  *" --sections "*) case " $* " in *" start "*) starts=yes ;; *) starts= ;; esac ;;
  *) starts=yes ;;
esac
if [ -z "$command" ] && [ -n "$starts" ]; then
  command=$(build "$here/.." backprop)
fi

exec python3 "$here/compare.py" --ours "$program" ${command:+--command "$command"} "$@"
