#!/usr/bin/env python3
"""Measures Backprop beside PyTorch, JAX, NumPy and onnxruntime, all in turn in one run.

    compare.py [--ours PROGRAM] [--command BACKPROP] [--python PYTHON] [--sections NAME ...]
               [--cases NAME ...] [--peers NAME ...] [--rounds 7] [--seconds 1] [--write [FOLDER]]

    steps      one training step, beside PyTorch and JAX
    cnn, lstm, transformer
               a step of a convolutional, a recurrent and an attention network, and its memory
    runs       whole epochs of MNIST, beside PyTorch, JAX and Nielsen's algorithm in NumPy
    inference  784-128-10: latency and throughput, beside onnxruntime and PyTorch
    memory     the peak of a process that trains, beside PyTorch's and JAX's
    curve      step time against width 16…4096 and batch 1…1024, with the floor beside it
    threads    two threads against one, and whether that changes a bit
    start      from starting `backprop train digits` to the first batch

Needs only Python's standard library; the frameworks are in PYTHON's environment (see compare.sh).

For each case every program is started afresh and asked once to warm up; then come the rounds, in
each of which every program in turn is asked for the same time. A round's figure is the median of
its answer. A ratio compares two programs within one round, so that a change of the machine's speed
between rounds touches both; the tables give the median ratio and, in brackets, the least and
greatest of all rounds. With --write each table also goes to results/YYYY-MM-DD-SECTION.md, or to
another folder: a second processor's stand in one of their own.

runs reads MNIST's four files from $BACKPROP_MNIST, else from shared/data/mnist beside the package,
and is skipped where there is neither.
"""

import argparse
import os
import pathlib
import shlex
import sys

from benchlib.bench import CASES, HERE, Bench, mnist_folder
from benchlib.sections import SECTIONS

PEERS = ["torch-eager", "torch-compile", "torch-usual", "jax", "torch", "numpy", "onnxruntime"]


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", help="our benchmark program; without it, only the peers run")
    parser.add_argument("--command", help="the backprop command, for the section start")
    parser.add_argument("--python", default=os.environ.get("BACKPROP_PEERS_PYTHON"),
                        help="the Python that has the frameworks ($BACKPROP_PEERS_PYTHON)")
    parser.add_argument("--sections", nargs="+", default=list(SECTIONS), choices=list(SECTIONS))
    parser.add_argument("--cases", nargs="+", default=list(CASES), choices=list(CASES),
                        help="of steps, memory and threads")
    parser.add_argument("--peers", nargs="*", choices=PEERS,
                        help="default: all that a section has; none: ours alone")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each program in each round")
    parser.add_argument("--width", type=int, default=4096, help="the curve's largest")
    parser.add_argument("--write", nargs="?", const="results", metavar="FOLDER",
                        help="also write FOLDER/DATE-SECTION.md; beside this script, results")
    options = parser.parse_args()
    if options.peers != [] and not options.python:
        parser.error("--python or BACKPROP_PEERS_PYTHON is needed for the peers; see compare.sh")
    if not options.ours and options.peers == []:
        parser.error("nothing to time: give --ours or --peers")
    if options.rounds < 1 or options.seconds <= 0:
        parser.error("rounds and seconds must be positive")
    return options


def main():
    options = arguments()
    bench = Bench(
        ours=[str(pathlib.Path(options.ours).resolve())] if options.ours else [],
        command=str(pathlib.Path(options.command).resolve()) if options.command else None,
        python=options.python if options.peers != [] else None, peers=options.peers,
        cases=options.cases, rounds=options.rounds, seconds=options.seconds, width=options.width,
        mnist=mnist_folder())
    print(f"$ {shlex.join(sys.argv)}", file=sys.stderr)
    missing = []
    for name in [name for name in SECTIONS if name in options.sections]:
        print(f"== {name}", file=sys.stderr)
        report = SECTIONS[name].run(bench)
        if report is None:
            continue
        print(report.text, flush=True)
        if options.write:
            report.write(HERE / options.write)
        if report.missing:
            missing.append(name)
    if missing:
        sys.exit(f"some figures are missing: {', '.join(missing)}; see above")


if __name__ == "__main__":
    main()
