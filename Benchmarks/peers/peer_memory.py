#!/usr/bin/env python3
"""Prints the peak resident memory of a process that only trains a case in a framework.

    python peer_memory.py torch-eager|torch-usual|jax CASE STEPS

One way of each framework: for torch-eager its fused optimizer, which needs no copies; for jax the
step under jit with donated parameters.
"""

import json
import resource
import sys

from frameworks import case_named, framework, number

WAYS = {"torch-eager": "fused", "torch-usual": "modules", "jax": "jit"}


def peak_bytes():
    """On Linux by VmHWM: ru_maxrss includes there the process before exec."""
    if sys.platform == "darwin":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with open("/proc/self/status", encoding="ascii", errors="replace") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    raise RuntimeError("/proc/self/status has no VmHWM")


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in WAYS:
        sys.exit(__doc__)
    peer, name, steps = sys.argv[1], sys.argv[2], int(sys.argv[3])
    version, ways, finish = framework(peer)
    offered = ways(case_named(name))
    # Of those that begin so, the last has the default number of threads and the fastest form.
    way = [way for way in offered if way.startswith(WAYS[peer])][-1]
    step = offered[way]()
    for _ in range(steps):
        loss = step()
    finish()
    assert number(loss) == number(loss), "the loss is not a number"
    print(json.dumps({
        "peer": peer, "case": name, "bytes": peak_bytes(), "version": version, "way": way,
    }))


if __name__ == "__main__":
    main()
