"""Two threads against one, and whether the number of threads changes a bit."""

import sys

from benchlib.bench import OURS
from benchlib.programs import Failure, Turns, last_line
from benchlib.report import Report, cell, counted, incomplete, medians, table

CASES = ["784-128-10", "784-512-512-10", "1024-2048-2048-2048-1000"]
COUNTS = [1, 2, 3, 8]
STEPS = 10


def run(bench):
    if not bench.ours:
        print("threads: skipped, as there is no program of ours", file=sys.stderr)
        return None
    cases = [case for case in CASES if case in bench.cases]
    if not cases:
        print(f"threads: skipped, as it has {', '.join(CASES)}", file=sys.stderr)
        return None
    titles = {"2": "2 threads", "1": "1 thread", OURS: "Backprop"}
    commands = {count: [*bench.ours, "steps", count] for count in ("2", "1")}
    turns, results, rows, is_missing = Turns(titles), {}, [], False
    for case in cases:
        print(f"{case}:", file=sys.stderr)
        figures = medians(
            turns.run(case, commands, bench.rounds, bench.seconds_for(case), warm_up=0.5))
        results[case] = figures
        bits = same_bits(bench, case, turns)
        is_missing = is_missing or bits == "–"
        rows.append([case, cell("2", figures, "2"), cell("1", figures, "2"), bits])
    counts = ", ".join(map(str, COUNTS[:-1])) + f" and {COUNTS[-1]}"
    body = table(
        ["step", titles["2"], titles["1"], f"the same bits at {counts} threads"], rows)
    notes = [
        f"{counted(bench.rounds, 'round')} of {bench.seconds:g} s each, in turn; the median of the "
        "rounds. “×” is one thread's time over two threads': the median, and in brackets the "
        "least and the greatest.",
        f"The bits are those of all parameters and optimizer states after {STEPS} steps.",
    ]
    return Report(
        "threads", "Two threads against one", notes, body, turns,
        is_missing or incomplete(results, commands))


def same_bits(bench, case, turns):
    try:
        found = {
            last_line([*bench.ours, "bits", case, str(STEPS), str(count)])["bits"]
            for count in COUNTS}
    except (Failure, KeyError) as failure:
        turns.fail(OURS, case, failure)
        return "–"
    return "yes" if len(found) == 1 else "no"
