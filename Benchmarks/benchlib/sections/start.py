"""From starting a process to its first batch."""

import json
import pathlib
import statistics
import subprocess
import sys
import time

from benchlib.bench import OURS, TITLES
from benchlib.programs import Failure, Turns
from benchlib.report import STANDALONE, Report, duration, incomplete, ratios, table

ROUNDS = 20
COMMAND = ["train", "digits", "--epochs", "1", "--json"]


def run(bench):
    commands = {}
    if bench.command and pathlib.Path(bench.command).exists():
        commands[OURS] = [bench.command, *COMMAND]
    else:
        print("start: without ours, as there is no backprop command (--command)", file=sys.stderr)
    for peer in bench.wanted(["torch", "jax"]):
        commands[peer] = bench.peer("peer_start.py", peer)
    if not commands:
        return None
    turns = Turns(TITLES)
    times = {name: [] for name in commands}
    rounds = ROUNDS if bench.rounds > 1 else 2
    # The first start of each reads its files from the disk.
    for number in range(rounds + 1):
        for name, command in list(commands.items()):
            try:
                moments, version = moments_of(command)
            except Failure as failure:
                turns.fail(name, "start", failure)
                del commands[name]
                times[name] = []
                continue
            turns.versions[name] = version
            if number > 0:
                times[name].append(moments)
    rows = []
    for name, all_moments in times.items():
        if not all_moments:
            continue
        begins, batches = zip(*all_moments)
        ours = [batch for _, batch in times.get(OURS, [])]
        rows.append([
            f"`backprop {' '.join(COMMAND)}`" if name == OURS else f"{TITLES[name]}, a script",
            f"{duration(statistics.median(begins))} (best {duration(min(begins))})",
            f"{duration(statistics.median(batches))} (best {duration(min(batches))})",
            "" if name == OURS else ratios(batches, ours)])
        print(f"  {name}: {rows[-1][1:]}", file=sys.stderr)
    body = table(
        ["", "until the first batch begins", "until it is done", "× Backprop's, done"], rows)
    notes = [
        f"From just before the process is started; {rounds} starts each, in turn, after one that "
        "warms the file cache; medians.",
        "Backprop prints its `start` line right before the first batch. It is done after the "
        "epoch's seconds over its number of batches.",
        "The scripts import the framework, make 64-64-10 and run one batch of random rows in the "
        "shape of the digits.",
        STANDALONE,
    ]
    return Report(
        "start", "From start to first batch", notes, body, turns,
        OURS not in times or incomplete({"start": times}, times))


def moments_of(command):
    """Microseconds until the first batch begins and until it is done, and the version."""
    begin = time.perf_counter()
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except OSError as error:
        raise Failure(f"{command[0]}: {error.strerror}") from error
    started = done = None
    version, steps = "this tree", 1
    for line in process.stdout:
        moment = (time.perf_counter() - begin) * 1e6
        event = json.loads(line)
        if event["event"] == "start":
            started, steps = moment, event.get("stepsPerEpoch", 1)
            version = event.get("version", version)
        elif event["event"] == "epoch":
            done = started + event["seconds"] * 1e6 / steps
        elif event["event"] == "batch":
            done = moment
    words = process.stderr.read().decode(errors="replace").strip().splitlines()
    if process.wait() != 0 or started is None or done is None:
        raise Failure(f"ended: {words[-1][:200] if words else 'without a word'}")
    return (started, done), version
