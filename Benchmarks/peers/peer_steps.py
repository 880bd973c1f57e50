#!/usr/bin/env python3
"""Times one training step in a Python framework.

    python peer_steps.py torch-eager|torch-compile|torch-usual|jax [--all]

Reads lines "CASE SECONDS" from standard input and answers each with one line of JSON,

    {"peer": "jax", "case": "784-16-10", "microseconds": [...], "version": "...", "way": "..."}

where `microseconds` holds five medians, each of a fifth of the seconds. The first line of a case
also builds its step, in every way that the framework offers, tries each for a moment and keeps the
fastest (`way`). With --all it runs every case for two seconds and ends.
"""

import gc
import sys

from cases import CASES
from frameworks import PEERS, case_named, framework, number
from timing import TRIAL_SECONDS, chosen, fastest, medians, serve


class Bench:
    def __init__(self, peer):
        self.peer = peer
        self.version, self.ways, self.finish = framework(peer)
        self.name = self.remark = self.step = None

    def choose(self, name):
        """Finds the fastest way for a case, and makes the step anew in it."""
        ways = self.ways(case_named(name))

        def trial(make):
            step = make()
            first = number(step())
            time = min(medians(step, TRIAL_SECONDS, self.finish))
            last = number(step())
            if not last < first:
                raise ValueError(f"does not learn: loss {first} → {last}")
            return time, f", loss {first:.6f} → {last:.6f}"

        way = fastest(ways, trial, f"{self.peer} {name}")
        self.name, self.remark = name, chosen(way, ways)
        gc.collect()
        gc.freeze()
        self.step = ways[way]()

    def answer(self, name, seconds):
        if name != self.name:
            self.choose(name)
        times = [round(m, 4) for m in medians(self.step, seconds, self.finish)]
        return {"microseconds": times, "version": self.version, **self.remark}


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in PEERS:
        sys.exit(__doc__)
    bench = Bench(sys.argv[1])
    lines = [f"{name} 2" for name in CASES] if "--all" in sys.argv else None
    serve(bench.peer, bench.answer, lines)


if __name__ == "__main__":
    main()
