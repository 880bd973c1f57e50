"""One training step of a convolutional, a recurrent and an attention network, ours beside the
peers', and the peak memory of processes that only train them."""

import sys

from benchlib.bench import ARCHITECTURES, OURS, TITLES
from benchlib.programs import Failure, Turns, last_line
from benchlib.report import (
    Report, amount, cell, counted, incomplete, medians, ratios, table)

PEERS = ["torch-eager", "torch-compile", "torch-usual", "jax"]
MEMORY_PEERS = ["torch-eager", "torch-usual", "jax"]
# What is asked for: how many times as long as ours PyTorch's step should take.
GOALS = {"cnn": 3.0, "lstm": 1.8, "transformer": 2.4}
MEMORY_STEPS, MEMORY_ROUNDS = 20, 3
TITLE = {
    "cnn": "Training step of a convolutional network", "lstm": "Training step of an LSTM",
    "transformer": "Training step of a transformer",
}


class Section:
    """The section of one case."""

    def __init__(self, case):
        self.case = case

    def run(self, bench):
        case, turns = self.case, Turns(TITLES)
        commands = {OURS: [*bench.ours, "steps"]} if bench.ours else {}
        for peer in bench.wanted(PEERS):
            commands[peer] = bench.peer("peer_steps.py", peer)
        if not commands:
            print(f"{case}: skipped, as it has Backprop, {', '.join(PEERS)}", file=sys.stderr)
            return None
        print(f"{case}:", file=sys.stderr)
        figures = medians(turns.run(case, commands, bench.rounds, bench.seconds, warm_up=0.5))
        memory = peaks(bench, case, turns)
        names, base = list(commands), next(iter(commands))
        body = table(
            ["", *(TITLES[name] for name in names)],
            [["step", *(cell(name, figures, base) for name in names)],
             ["peak memory", *(cell(name, memory, base, lambda b: f"{amount(b / 1e6)} MB")
                               for name in names)]])
        if bench.ours and {"torch-eager", "torch-compile"} & set(names):
            body += ["", *self.beside_torch(figures)]
        notes = [
            ARCHITECTURES[case] + ".",
            "One step is forward, loss, backward and Adam's update in Float32 on a batch in "
            f"memory. {counted(bench.rounds, 'round')} of {bench.seconds:g} s each, the programs "
            "in turn; the median of the rounds.",
            f"“×” is the peer's figure over {TITLES[base]}'s: the median of the rounds' ratios, "
            "and in brackets the least and the greatest.",
            "“PyTorch as usual” is the loop of its tutorials: modules, torch.optim with default "
            "options, default threads. The other columns are the fastest of several ways.",
            "Memory is the peak of the resident memory of a fresh process that starts and runs "
            f"{MEMORY_STEPS} steps (VmHWM; on macOS ru_maxrss), "
            f"{counted(min(bench.rounds, MEMORY_ROUNDS), 'process')} each, in turn; PyTorch eager "
            "with the fused optimizer, JAX under jit with donated parameters.",
        ]
        is_missing = incomplete({case: figures}, names) or incomplete(
            {case: memory}, [name for name in names if name in memory])
        return Report(case, TITLE[case], notes, body, turns, is_missing)

    def beside_torch(self, figures):
        """Lines on the better of PyTorch's fast columns in each round, and on what is asked for."""
        ours = figures.get(OURS, [])
        pairs = [figures[name] for name in ("torch-eager", "torch-compile") if figures.get(name)]
        better = [min(times) for times in zip(*pairs)] if pairs else []
        lines = [f"Over PyTorch, the better of eager and compiled: {ratios(better, ours)}."]
        if self.case in GOALS:
            lines.append(f"Asked for: {GOALS[self.case]}×.")
        return lines


def peaks(bench, case, turns):
    """Bytes of each process by program."""
    names = ([OURS] if bench.ours else []) + bench.wanted(MEMORY_PEERS)
    found = {name: [] for name in names}
    for _ in range(min(bench.rounds, MEMORY_ROUNDS)):
        for name in names:
            arguments = [case, str(MEMORY_STEPS)]
            command = (
                [*bench.ours, "memory", *arguments] if name == OURS
                else bench.peer("peer_memory.py", name, *arguments))
            try:
                found[name].append(last_line(command)["bytes"])
            except (Failure, KeyError) as failure:
                turns.fail(name, f"{case}, memory", failure)
    return found
