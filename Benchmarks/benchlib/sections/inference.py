"""Predictions of 784-128-10: the latency of one row, the throughput of a thousand."""

import pathlib
import statistics
import subprocess
import sys
import tempfile

from benchlib.bench import TITLES
from benchlib.programs import Turns
from benchlib.report import Report, amount, cell, counted, incomplete, medians, table

PEERS = ["onnxruntime", "torch-eager", "torch-compile"]
CASES = {"batch-1": "1 row", "batch-1000": "1,000 rows"}
EXECUTOR, PREDICTOR = "executor", "predictor"


def run(bench):
    if not bench.ours:
        print("inference: skipped, as there is no program of ours to write the network",
              file=sys.stderr)
        return None
    titles = {**TITLES, EXECUTOR: "Backprop's executor", PREDICTOR: "Backprop's `Predictor`"}
    turns, results = Turns(titles), {}
    with tempfile.TemporaryDirectory() as folder:
        file = str(pathlib.Path(folder) / "network.safetensors")
        written = subprocess.run(
            [*bench.ours, "inference", "write", file], stderr=subprocess.PIPE)
        if written.returncode != 0:
            words = written.stderr.decode(errors="replace").strip()[-200:]
            turns.fail(PREDICTOR, "the network's file", words or "not written")
            return Report("inference", "Inference", [], [], turns, True)
        commands = {
            way: [*bench.ours, "inference", way, file] for way in (PREDICTOR, EXECUTOR)}
        for peer in bench.wanted(PEERS):
            commands[peer] = bench.peer("peer_inference.py", peer, file)
        for case in CASES:
            print(f"{case}:", file=sys.stderr)
            results[case] = medians(
                turns.run(case, commands, bench.rounds, bench.seconds, warm_up=0.5))
    names = list(commands)
    peers = names[2:]
    body = table(
        ["a call", "Backprop", *(titles[name] for name in peers)],
        [[f"{CASES[case]}, {way}", cell(ours, figures, ours),
          *(cell(name, figures, ours) for name in peers)]
         for case, figures in results.items()
         for ours, way in ((PREDICTOR, "`Predictor`"), (EXECUTOR, "executor"))])
    body += ["", "Rows a second at 1,000 rows:", "", *table(
        [titles[name] for name in names],
        [[throughput(results["batch-1000"].get(name)) for name in names]])]
    # The table's first column is a figure here.
    body[-2] = "|" + "---:|" * len(names)
    notes = [
        "784-128-10, ReLU, softmax, Float32, the same weights everywhere; all outputs were the "
        f"same to 1e-5 before timing. {counted(bench.rounds, 'round')} of {bench.seconds:g} s "
        "each, the programs in turn; the median of the rounds.",
        "`Predictor` takes a tensor of rows and returns a new one of probabilities, all threads. "
        "The executor is the compiled forward pass alone: the input is copied in, the output "
        "read where it lies.",
        "“×” is the peer's time over Backprop's in the same line: the median of the rounds' "
        "ratios, and in brackets the least and the greatest.",
    ]
    return Report("inference", "Inference", notes, body, turns, incomplete(results, names))


def throughput(values):
    if not values:
        return "–"
    return f"{amount(1000 / statistics.median(values))} million"
