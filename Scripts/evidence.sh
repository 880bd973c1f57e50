#!/usr/bin/env bash
# The heavier evidence, as a dated Markdown table: accuracies on MNIST, agreement with PyTorch,
# gradients beside central differences, and runs killed at random moments; then the topics of the
# program `evidence`, classic networks beside other programs, a table each.
#
# Usage: [TOPICS="som rbf …"] Scripts/evidence.sh [MNIST-FOLDER]
# With TOPICS only those run, without the first table; `evidence list` names them. What it compares
# with comes from the Python that BACKPROP_PEERS_PYTHON names (Benchmarks/peers/classic) and the
# library that BACKPROP_FANN names.
# The folder holds MNIST's four files; without it ../shared/data/mnist or the folder that
# `backprop data fetch mnist` filled.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$PWD/.build/release/backprop
mnist=${1:-../shared/data/mnist}
[ -d "$mnist" ] || mnist=mnist
today=$(date +%F)
out=Benchmarks/results/$today-evidence.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p Benchmarks/results

processor() {
  if [ "$(uname -s)" = Darwin ]; then sysctl -n machdep.cpu.brand_string
  else grep -m1 'model name' /proc/cpuinfo | sed 's/.*: //'; fi
}

# One line of the accuracy table: NAME, then options of `backprop train`.
row() {
  local name=$1
  shift
  local result
  result=$("$program" train "$mnist" --validation 0 --json "$@" | tail -n 1)
  printf '| %s | %s | %s %% | %s |\n' "$name" \
    "$(sed 's/.*"parameters":\([0-9]*\).*/\1/' <<<"$result")" \
    "$(sed 's/.*"test":{[^{]*"accuracy":\([0-9.]*\).*/\1/' <<<"$result" | awk '{ printf "%.2f", 100 * $1 }')" \
    "$(sed 's/.*"steps":[^{]*"seconds":\([0-9.]*\).*/\1/' <<<"$result" | awk '{ printf "%.1f", $1 }')"
}

general() {
  echo "# Evidence of $today"
  echo
  echo "$(processor), $(getconf _NPROCESSORS_ONLN) processors; $(swift --version 2>/dev/null | head -1)."
  echo "Made by \`make evidence\`."
  echo
  echo "## MNIST, test set of 10,000"
  echo
  echo "| network | parameters | accuracy | seconds of training |"
  echo "|---|---|---|---|"
  row "784-16-10 sigmoid, ½Σ(t−o)², SGD 3.0, batch 32, 30 epochs" --hidden 16 \
    --activation sigmoid --loss half-squared-error --optimizer sgd --learning-rate 3 \
    --batch 32 --epochs 30 --seed 1
  row "784-128-10 ReLU, cross-entropy, Adam, batch 64, 10 epochs" --hidden 128 \
    --optimizer adam --batch 64 --epochs 10 --seed 1
  row "784-30-10 sigmoid, quadratic cost, SGD 3.0, batch 10, 30 epochs (Nielsen's)" --hidden 30 \
    --activation sigmoid --loss half-squared-error --optimizer sgd --learning-rate 3 \
    --batch 10 --epochs 30 --seed 1
  echo
  echo "## Classic networks, MNIST, test set of 10,000"
  echo
  echo '```'
  SECONDS=0
  "$program" classic fit rbf "$mnist" --seed 1 --set units=1000 --set rounds=8 \
    --set scaling=bytes --set widthFactor=1.5 --set ridge=0.001 2>/dev/null | grep 'test rows'
  echo "a radial basis network of 1,000 units: $SECONDS seconds with reading and both accuracies"
  echo '```'
  echo
  echo "## Agreement with PyTorch: losses of 50 steps"
  echo
  echo '```'
  swift test -c release --filter ReferenceTests 2>&1 | grep 'runs of 50 steps'
  echo '```'
  echo
  echo "## Gradients beside central differences, Float64, worst relative error"
  echo
  echo '```'
  swift test -c release --filter OperationChecks 2>&1 | sed -n '/^operation /,$p' | grep -E '^[a-zA-Z]+ +([0-9]|samples)'
  echo '```'
  echo
  echo "## Gradients that \`backprop explain\` derives for a trained 784-16-10, beside PyTorch's"
  echo
  Scripts/explain-evidence.sh "$mnist" "$program"
  echo
  echo "## Runs killed at random moments (\`kill -9\`)"
  echo
  echo '```'
  Scripts/kill-test.sh 100 "$program"
  echo '```'
}

if [ -z "${TOPICS-}" ]; then
  general | tee "$work/evidence.md"
  mv "$work/evidence.md" "$out"
  echo "written to $out"
fi
swift build --package-path Benchmarks -c release --product evidence
folder=$(swift build --package-path Benchmarks -c release --show-bin-path)
# Words of TOPICS are names of their own.
# shellcheck disable=SC2086
"$folder/evidence" ${TOPICS:-all} --mnist "$mnist" --output Benchmarks/results
