#!/bin/sh
# Kills training runs with SIGKILL at random moments, and checks each time that the newest
# checkpoint opens and that the resumed run ends in the same bytes as one that was never stopped.
#
#   Scripts/kill-test.sh [RUNS [COMMAND]]      100 runs, .build/release/backprop
# shellcheck disable=SC2086  # the command's words are to be split
set -u
runs=${1:-100}
backprop=$(realpath "${2:-.build/release/backprop}") || exit 2
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2

# Saves after every batch, so that many kills fall into the middle of a save.
settings='--hidden 64,32 --dropout 0.2 --batch 16 --epochs 12 --patience 12'
train="$backprop train digits $settings --checkpoint-seconds 0 --seed 3 --quiet"

now() { date +%s%N; }

began=$(now)
$train --output whole.safetensors || exit 2
length=$((($(now) - began) / 1000000))
sum=$(sha256sum <whole.safetensors)

echo "one whole run: $length ms, a save after each of its batches"
echo
printf '%4s  %10s  %12s  %10s  %s\n' run 'killed at' 'steps saved' opens 'same bytes'
failures=0 in_time=0 no_file=0 leftovers=0
run=1
while [ "$run" -le "$runs" ]; do
  rm -f part.safetensors .part.safetensors.*
  # A moment from the whole length of a run, by the system's randomness.
  moment=$(($(od -An -N4 -tu4 /dev/urandom) % length))
  # Not within a function: $! is then the command itself, not a shell around it.
  $train --output part.safetensors &
  process=$!
  sleep "$(printf '%d.%03d' $((moment / 1000)) $((moment % 1000)))"
  kill -9 "$process" 2>/dev/null
  wait "$process" 2>/dev/null
  status=$?
  steps=- opens=yes same=yes
  [ "$status" -eq 137 ] && in_time=$((in_time + 1))
  [ -n "$(ls .part.safetensors.* 2>/dev/null)" ] && leftovers=$((leftovers + 1))
  if [ -e part.safetensors ]; then
    if "$backprop" info part.safetensors --json >info.json; then
      steps=$(sed 's/.*"step":\([0-9]*\).*/\1/' info.json)
    else
      opens=NO
    fi
  else
    opens='no file yet'
    no_file=$((no_file + 1))
  fi
  $train --output part.safetensors --resume || same=NO
  [ "$(sha256sum <part.safetensors)" = "$sum" ] || same=NO
  if [ "$opens" = NO ] || [ "$same" = NO ]; then failures=$((failures + 1)); fi
  printf '%4d  %7d ms  %12s  %10s  %s\n' "$run" "$moment" "$steps" "$opens" "$same"
  run=$((run + 1))
done

echo
echo "$runs runs: $in_time killed while training ($leftovers of them while saving, $no_file before" \
  "the first save), $((runs - in_time)) had ended; $failures failures"
[ "$failures" -eq 0 ]
