"""The peak memory of a process that only trains."""

import sys

from benchlib.bench import CASES, LARGEST, OURS, TITLES
from benchlib.programs import Failure, Turns, last_line
from benchlib.report import STANDALONE, Report, amount, cell, counted, incomplete, table

PEERS = ["torch-eager", "torch-usual", "jax"]
ROUNDS = 3


def run(bench):
    steps = {case: 5 if case == LARGEST else 300 for case in bench.cases}
    names = ([OURS] if bench.ours else []) + bench.wanted(PEERS)
    turns, results = Turns(TITLES), {}
    rounds = min(bench.rounds, ROUNDS)
    for case in bench.cases:
        print(f"{case}:", file=sys.stderr)
        figures = results[case] = {name: [] for name in names}
        for _ in range(rounds):
            for name in names:
                arguments = [case, str(steps[case])]
                command = (
                    [*bench.ours, "memory", *arguments] if name == OURS
                    else bench.peer("peer_memory.py", name, *arguments))
                try:
                    answer = last_line(command)
                    figures[name].append(answer["bytes"])
                    turns.versions[name] = answer["version"]
                except (Failure, KeyError) as failure:
                    turns.fail(name, case, failure)
        print("  " + ", ".join(
            f"{name} {max(values) / 1e6:.0f} MB" for name, values in figures.items() if values),
            file=sys.stderr)
    body = table(
        ["case", *(TITLES[name] for name in names)],
        [[CASES[case], *(cell(name, figures, names[0], lambda b: f"{amount(b / 1e6)} MB")
                         for name in names)]
         for case, figures in results.items()])
    notes = [
        "The peak of the resident memory (VmHWM; on macOS ru_maxrss) of a fresh process that "
        "starts and runs 300 steps of the case (the largest one: 5). "
        f"{counted(rounds, 'process')} each, in turn; the median, and “×” the ratio to "
        f"{TITLES[names[0]]}'s.",
        "PyTorch eager has the fused optimizer here, JAX the step under jit with donated "
        "parameters.",
        STANDALONE,
    ]
    return Report("memory", "Peak memory", notes, body, turns, incomplete(results, names))
