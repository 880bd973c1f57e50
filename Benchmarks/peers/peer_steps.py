#!/usr/bin/env python3
"""Times one training step in a Python framework.

    python peer_steps.py torch-eager|torch-compile|jax [--all]

Reads lines "CASE SECONDS" from standard input and answers each with one line of JSON,

    {"peer": "jax", "case": "784-16-10", "microseconds": [...], "version": "...", "way": "..."}

where `microseconds` holds five medians, each of a fifth of the seconds. The first line of a case
also builds its step, in every way that the framework offers, tries each for a moment and keeps the
fastest (`way`). With --all it runs every case for two seconds and ends.
"""

import gc
import json
import statistics
import sys
import time

from cases import CASES

TRIAL_SECONDS = 0.4
BLOCK_SECONDS = 0.002


def framework(peer):
    """The framework's version, its ways to make a step, and what waits for its work."""
    if peer == "jax":
        import jax_steps

        return jax_steps.VERSION, jax_steps.ways, jax_steps.finish
    import torch_steps

    ways = {"torch-eager": torch_steps.eager, "torch-compile": torch_steps.compiled}[peer]
    return torch_steps.VERSION, ways, torch_steps.finish


def block_time(step, finish, count):
    begin = time.perf_counter()
    for _ in range(count):
        step()
    finish()
    return time.perf_counter() - begin


def medians(step, finish, seconds, parts=5):
    """The median microseconds a step of each part of the time. Steps are timed in blocks of
    about two milliseconds, one step at least, so that reading the clock costs nothing."""
    # The first steps compile, fill caches and start threads.
    block_time(step, finish, 3)
    count = 1
    while (elapsed := block_time(step, finish, count)) < BLOCK_SECONDS / 2:
        count = max(count + 1, int(count * min(10, BLOCK_SECONDS / max(elapsed, 1e-9))))
    result = []
    for _ in range(parts):
        end = time.perf_counter() + seconds / parts
        times = []
        while not times or time.perf_counter() < end:
            times.append(block_time(step, finish, count) / count)
        result.append(statistics.median(times) * 1e6)
    return result


def number(loss):
    """A loss as a Python number; PyTorch's is cut from its graph first."""
    return float(loss.detach() if hasattr(loss, "detach") else loss)


class Bench:
    def __init__(self, peer):
        self.peer = peer
        self.version, self.ways, self.finish = framework(peer)
        self.name = self.way = self.make = None

    def choose(self, name):
        """Finds the fastest way for a case."""
        trials = {}
        ways = self.ways(CASES[name])
        for way, make in ways.items():
            step = make()
            first = number(step())
            trials[way] = min(medians(step, self.finish, TRIAL_SECONDS))
            last = number(step())
            print(f"{self.peer} {name}: {way}: {trials[way]:.2f} µs, loss {first:.6f} → {last:.6f}",
                  file=sys.stderr)
            assert last < first, f"{self.peer} {name}: {way} does not learn"
        self.name = name
        self.way = min(trials, key=trials.get)
        self.make = ways[self.way]
        self.step = None

    def answer(self, name, seconds):
        if name != self.name:
            self.choose(name)
            gc.collect()
            gc.freeze()
        if self.step is None:
            self.step = self.make()
        return {
            "peer": self.peer, "case": name,
            "microseconds": [round(m, 4) for m in medians(self.step, self.finish, seconds)],
            "version": self.version, "way": self.way,
        }


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in ("torch-eager", "torch-compile", "jax"):
        sys.exit(__doc__)
    bench = Bench(sys.argv[1])
    lines = [f"{name} 2" for name in CASES] if "--all" in sys.argv else sys.stdin
    for line in lines:
        if not line.strip():
            continue
        try:
            name, seconds = line.split()
            answer = bench.answer(name, float(seconds))
        except (KeyError, ValueError) as error:
            answer = {"peer": bench.peer, "error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
