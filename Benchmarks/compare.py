#!/usr/bin/env python3
"""Compares Backprop's training step with PyTorch's and JAX's, all timed in turn in one run.

    compare.py [--ours PROGRAM] [--python PYTHON] [--cases NAME ...] [--peers NAME ...]
               [--rounds 7] [--seconds 1] [--write]

Needs only Python's standard library; the frameworks are in PYTHON's environment (see compare.sh).

PROGRAM and the peers speak one protocol: a line "CASE SECONDS" on standard input is answered by one
line of JSON, {"peer": …, "case": …, "microseconds": [medians], "version": …}. For each case every
program is started afresh and asked once to warm up; then come the rounds, in each of which every
program in turn is asked for the same time. A round's figure is the median of its answer. A ratio
compares a peer with ours within one round, so that a change of the machine's speed between rounds
touches both; the table gives the median ratio and, in brackets, the least and greatest of all
rounds. With --write the table also goes to results/YYYY-MM-DD-steps.md.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import selectors
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
CASES = ["2-2-2", "784-16-10", "784-128-10", "784-512-512-10"]
PEERS = ["torch-eager", "torch-compile", "jax"]
OURS = "backprop"
TITLES = {
    OURS: "Backprop", "torch-eager": "PyTorch eager", "torch-compile": "PyTorch compile",
    "jax": "JAX",
}
WHAT = {
    "2-2-2": "2-2-2, sigmoid, batch 1, half squared error, SGD",
    "784-16-10": "784-16-10, sigmoid, batch 32, half squared error, SGD",
    "784-128-10": "784-128-10, ReLU, batch 64, cross-entropy, Adam",
    "784-512-512-10": "784-512-512-10, ReLU, batch 128, cross-entropy, Adam",
}
# The first answer of a case includes compiling it in several ways.
FIRST_ANSWER_SECONDS = 600
ANSWER_SECONDS = 60


class Failure(Exception):
    """Why a program gives no figures."""


class Program:
    """A program that answers questions for times."""

    def __init__(self, name, command):
        self.name = name
        # A file, as nobody empties a pipe while an answer is awaited.
        self.errors = tempfile.TemporaryFile()
        try:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors)
        except OSError as error:
            raise Failure(f"{command[0]}: {error.strerror}") from error
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)

    def ask(self, case, seconds, patience):
        """The median microseconds of a step, and the whole answer."""
        try:
            self.process.stdin.write(f"{case} {seconds}\n".encode())
            self.process.stdin.flush()
        except OSError as error:
            raise Failure(f"ended: {self.last_words()}") from error
        answer = self.read_line(seconds + patience)
        try:
            answer = json.loads(answer)
            figures = answer["microseconds"]
            return statistics.median(figures), answer
        except (ValueError, KeyError, TypeError, statistics.StatisticsError) as error:
            raise Failure(f"answered {str(answer)[:200]!r}") from error

    def read_line(self, patience):
        line = b""
        end = time.monotonic() + patience
        while not line.endswith(b"\n"):
            if not self.selector.select(max(0, end - time.monotonic())):
                raise Failure(f"no answer in {patience:.0f} seconds")
            piece = os.read(self.process.stdout.fileno(), 65536)
            if not piece:
                raise Failure(f"ended: {self.last_words()}")
            line += piece
        return line

    def last_words(self):
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1][:200] if lines else "without a word"

    def close(self):
        try:
            self.process.stdin.close()
        except OSError:
            pass
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.selector.close()
        self.process.stdout.close()
        self.errors.close()


def run_case(case, commands, rounds, seconds, ways, failures, versions):
    """The microseconds of every round by program. A program that fails has none."""
    programs, figures = {}, {}

    def attempt(name, action):
        try:
            return action()
        except Failure as failure:
            failures.append(f"{TITLES[name]}, {case}: {failure}")
            print(f"  {failures[-1]}", file=sys.stderr)
            if name in programs:
                programs.pop(name).close()
            figures.pop(name, None)
            return None

    try:
        for name, command in commands.items():
            program = attempt(name, lambda: Program(name, command))
            if program is None:
                continue
            programs[name] = program
            answer = attempt(
                name, lambda: program.ask(case, min(seconds, 0.5), FIRST_ANSWER_SECONDS))
            if answer is not None:
                versions[name] = answer[1].get("version", "version unknown")
                figures[name] = []
                way = answer[1].get("way")
                print(f"  {name}: {answer[0]:.2f} µs{f' ({way})' if way else ''}", file=sys.stderr)
                if way:
                    ways.append(f"{TITLES[name]}, {case}: {way}")
        for number in range(rounds if programs else 0):
            for name in list(programs):
                answer = attempt(name, lambda: programs[name].ask(case, seconds, ANSWER_SECONDS))
                if answer is not None:
                    figures[name].append(answer[0])
            shown = ", ".join(f"{name} {values[-1]:.2f}" for name, values in figures.items())
            print(f"  round {number + 1}: {shown}", file=sys.stderr)
    finally:
        for program in programs.values():
            program.close()
    return figures


def amount(value):
    """Three digits that count."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def cell(name, figures, base):
    values = figures.get(name)
    if not values:
        return "–"
    text = f"{amount(statistics.median(values))} µs"
    if name == base:
        return text
    if not figures.get(base):
        return text
    ratios = [theirs / ours for theirs, ours in zip(values, figures[base])]
    middle, least, most = statistics.median(ratios), min(ratios), max(ratios)
    return f"{text}, {amount(middle)}× ({amount(least)}–{amount(most)})"


def processor():
    if sys.platform == "darwin":
        answer = subprocess.run(
            ["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True)
        return answer.stdout.strip() or platform.machine()
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.machine()
    fields = {}
    for line in text.splitlines():
        key, _, value = line.partition(":")
        fields.setdefault(key.strip(), value.strip())
    name = fields.get("model name", platform.machine())
    numbers = [f"{word} {fields[key]}" for word, key in [("family", "cpu family"),
               ("model", "model")] if key in fields]
    vectors = [flag for flag in ("avx512f", "avx2") if flag in fields.get("flags", "").split()]
    return ", ".join([name, " ".join(numbers), *vectors[:1]] if numbers else [name])


def cores():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


def report(results, names, base, versions, ways, failures, arguments):
    lines = [
        f"# Training steps, {datetime.date.today().isoformat()}",
        "",
        f"- Processor: {processor()}; {cores()} core(s); {platform.system()} "
        f"{platform.release()}",
        f"- Versions: {'; '.join(dict.fromkeys(versions[n] for n in names if n in versions))}",
        f"- One step is forward, loss, backward and update in Float32 on a batch in memory. "
        f"{arguments.rounds} rounds of {arguments.seconds:g} s each, the programs in turn; "
        "the median of the rounds.",
        f"- “×” is the peer's time over {TITLES[base]}'s: the median of the rounds' ratios, and "
        "in brackets the least and the greatest.",
        "",
        "| step | " + " | ".join(TITLES[name] for name in names) + " |",
        "|---|" + "---:|" * len(names),
    ]
    for case, figures in results.items():
        cells = [cell(name, figures, base) for name in names]
        lines.append(f"| {WHAT[case]} | " + " | ".join(cells) + " |")
    if ways:
        lines += ["", "Each framework was tried in several ways, and the fastest was timed:", ""]
        lines += [f"- {way}" for way in ways]
    if failures:
        lines += ["", "No figures:", ""]
        lines += [f"- {failure}" for failure in failures]
    return "\n".join(lines) + "\n"


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", help="our benchmark program; without it, only the peers run")
    parser.add_argument("--python", default=os.environ.get("BACKPROP_PEERS_PYTHON"),
                        help="the Python that has the frameworks ($BACKPROP_PEERS_PYTHON)")
    parser.add_argument("--cases", nargs="+", default=CASES, choices=CASES)
    parser.add_argument("--peers", nargs="*", default=PEERS, choices=PEERS)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each program in each round")
    parser.add_argument("--write", action="store_true", help="also write results/DATE-steps.md")
    options = parser.parse_args()
    if options.peers and not options.python:
        parser.error("--python or BACKPROP_PEERS_PYTHON is needed for the peers; see compare.sh")
    if not options.ours and not options.peers:
        parser.error("nothing to time: give --ours or --peers")
    if options.rounds < 1 or options.seconds <= 0:
        parser.error("rounds and seconds must be positive")
    return options


def main():
    options = arguments()
    commands = {OURS: [str(pathlib.Path(options.ours).resolve())]} if options.ours else {}
    for peer in options.peers:
        commands[peer] = [options.python, str(HERE / "peers" / "peer_steps.py"), peer]
    results, ways, failures, versions = {}, [], [], {}
    for case in options.cases:
        print(f"{case}:", file=sys.stderr)
        results[case] = run_case(
            case, commands, options.rounds, options.seconds, ways, failures, versions)
    names = list(commands)
    text = report(results, names, names[0], versions, ways, failures, options)
    print(text, end="")
    if options.write:
        path = HERE / "results" / f"{datetime.date.today().isoformat()}-steps.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"written to {path}", file=sys.stderr)
    if any(not figures.get(name) for figures in results.values() for name in names):
        sys.exit("some figures are missing; see above")


if __name__ == "__main__":
    main()
