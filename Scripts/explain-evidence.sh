#!/bin/sh
# Trains 784-16-10 on MNIST with the command, has `backprop explain` derive gradients of single
# weights for some digits, and holds them against PyTorch in Float64: a Markdown table.
#
#   Scripts/explain-evidence.sh [MNIST-FOLDER [COMMAND]]      .build/release/backprop
#
# Without a folder it takes ../shared/data/mnist. PyTorch, NumPy and safetensors come from the
# Python named by BACKPROP_PEERS_PYTHON, else from python3. Exit status: 0 when all agree to 1e-9.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
mnist=$(realpath "${1:-$here/../../shared/data/mnist}") || exit 2
program=$(realpath "${2:-$here/../.build/release/backprop}") || exit 2
python=${BACKPROP_PEERS_PYTHON:-python3}
"$python" -c 'import numpy, safetensors, torch' || {
  echo "$python lacks PyTorch, NumPy or safetensors; name another with BACKPROP_PEERS_PYTHON" >&2
  exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$program" train "$mnist" --hidden 16 --activation sigmoid --loss crossEntropy --epochs 3 \
  --seed 1 --quiet --output "$work/mnist.safetensors"
"$python" "$here/explain-evidence.py" "$program" "$work/mnist.safetensors" "$mnist"
