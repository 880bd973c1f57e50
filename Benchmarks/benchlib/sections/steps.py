"""One training step, ours beside the peers'."""

import sys

from benchlib.bench import CASES, OURS, TITLES
from benchlib.programs import Turns
from benchlib.report import Report, cell, counted, incomplete, medians, ratios, table

PEERS = ["torch-eager", "torch-compile", "torch-usual", "jax"]
# What is asked for: times the better of PyTorch's eager and compiled, and times JAX.
GOALS = {
    "2-2-2": (200, 15), "784-16-10": (14, 6.5), "784-128-10": (3.2, 2.4),
    "784-512-512-10": (2.4, 1.5), "1024-2048-2048-2048-1000": (2.1, 1.4),
}


def run(bench):
    commands = {OURS: [*bench.ours, "steps"]} if bench.ours else {}
    for peer in bench.wanted(PEERS):
        commands[peer] = bench.peer("peer_steps.py", peer)
    turns, results = Turns(TITLES), {}
    for case in bench.cases:
        print(f"{case}:", file=sys.stderr)
        results[case] = medians(
            turns.run(case, commands, bench.rounds, bench.seconds_for(case), warm_up=0.5))
    names = list(commands)
    base = names[0]
    body = table(
        ["step", *(TITLES[name] for name in names)],
        [[CASES[case], *(cell(name, figures, base) for name in names)]
         for case, figures in results.items()])
    if bench.ours and {"torch-eager", "torch-compile", "jax"} & set(names):
        body += ["", "Beside what was asked for:", "", *goals(results)]
    notes = [
        "One step is forward, loss, backward and update in Float32 on a batch in memory. "
        f"{counted(bench.rounds, 'round')} of {bench.seconds:g} s each (the largest case three "
        "times as long), the programs in turn; the median of the rounds.",
        f"“×” is the peer's time over {TITLES[base]}'s: the median of the rounds' ratios, and "
        "in brackets the least and the greatest.",
    ]
    if "torch-usual" in names:
        notes.append(
            "“PyTorch as usual” is the loop of its tutorials: modules, torch.optim with default "
            "options, default threads. The other columns are the fastest of several ways.")
    return Report("steps", "Training steps", notes, body, turns, incomplete(results, names))


def goals(results):
    rows = []
    for case, figures in results.items():
        ours = figures.get(OURS, [])
        pairs = [figures[name] for name in ("torch-eager", "torch-compile") if figures.get(name)]
        better = [min(times) for times in zip(*pairs)] if pairs else []
        torch, jax = GOALS[case]
        rows.append([
            case, ratios(better, ours), f"{torch:g}×", ratios(figures.get("jax", []), ours),
            f"{jax:g}×"])
    return table(
        ["step", "over PyTorch, the better of eager and compiled", "at least", "over JAX",
         "at least"], rows)
