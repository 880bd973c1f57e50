"""Whole epochs of training on MNIST, data feeding included."""

import statistics
import sys

from benchlib.bench import OURS, TITLES
from benchlib.programs import Turns
from benchlib.report import Report, cell, counted, duration, incomplete, medians, ratios, table

EPOCHS = 5


def run(bench):
    if not bench.mnist.is_dir():
        print(f"runs: skipped, as MNIST's four files are not in {bench.mnist}; "
              "BACKPROP_MNIST names another folder", file=sys.stderr)
        return None
    folder = str(bench.mnist)
    ours = {OURS: [*bench.ours, "runs", folder]} if bench.ours else {}
    turns = Turns(TITLES)
    peers = {name: bench.peer("peer_runs.py", name, folder)
             for name in bench.wanted(["torch", "jax"])}
    print("mnist:", file=sys.stderr)
    answers = turns.run("mnist", {**ours, **peers}, bench.rounds, EPOCHS)
    print("fit:", file=sys.stderr)
    whole = medians(turns.run("fit", ours, min(bench.rounds, 3), 1))
    print("nielsen:", file=sys.stderr)
    numpy = {name: bench.peer("peer_runs.py", name, folder) for name in bench.wanted(["numpy"])}
    # The NumPy program takes seconds for an epoch.
    nielsen = medians(turns.run("nielsen", {**ours, **numpy}, min(bench.rounds, 5), 1))

    figures, names = medians(answers), [*ours, *peers]
    body = ["## An epoch of MNIST: 784-16-10, sigmoid, batch 32, half squared error, SGD", ""]
    rows = []
    for name in names:
        all_times = [time for answer in answers.get(name, []) for time in answer["microseconds"]]
        fives = [min(answer["microseconds"]) for answer in answers.get(name, [])]
        rows.append([
            TITLES[name],
            *([duration(statistics.median(fives)), duration(min(all_times)),
               duration(statistics.median(all_times))] if all_times else ["–"] * 3),
            "" if name == OURS else ratios(figures.get(name, []), figures.get(OURS, []))])
    if whole.get(OURS):
        rows.append([
            "Backprop, the whole call of `Trainer.fit` for one epoch", "", "",
            duration(statistics.median(whole[OURS])), ""])
    body += table(["", "best of five", "best of all", "median", "× Backprop's"], rows)
    pair = [*ours, *numpy]
    if pair:
        body += [
            "",
            "## Nielsen's network: 784-30-10, sigmoid, batch 10, learning rate 3.0, quadratic cost",
            "", *table(["50,000 rows", *(TITLES[name] for name in pair)], [
                ["one epoch", *(cell(name, nielsen, pair[0]) for name in pair)]])]
    notes = [
        "An epoch of `Trainer.fit` as it times itself: shuffling, gathering rows, steps, the sum "
        f"of the losses; 60,000 rows. {counted(bench.rounds, 'round')} of {EPOCHS} epochs each, "
        "the programs in turn: “best of five” is the median of the rounds' best. “×” is the "
        "peer's time over Backprop's, round by round (medians of five): the median, in brackets "
        "the least and greatest.",
        "The whole call also scales the rows, compiles the step, takes the fingerprint of the data "
        "and makes the report.",
        "PyTorch and JAX hold scaled rows in memory and gather shuffled ones for each batch.",
        "NumPy runs the algorithm of Nielsen's published program, written anew: Float64 columns, "
        "example by example, one epoch each in turn.",
    ]
    is_missing = incomplete({"mnist": figures}, names) or incomplete({"nielsen": nielsen}, pair)
    return Report("runs", "Whole runs", notes, body, turns, is_missing)
