"""Step time against width and batch, with the floor beside it."""

import json
import statistics
import subprocess
import sys

from benchlib import machine
from benchlib.bench import OURS, TITLES
from benchlib.picture import chart
from benchlib.programs import Failure, Turns, last_line
from benchlib.report import Report, amount, duration, table

# Of each point, in each pass. The lesser figure of two passes counts: what else the machine does
# for a moment would look like a cliff.
SECONDS = 0.5
PASSES = 2
# A point above this many times the line through its neighbors is a cliff.
CLIFF = 2
SHARE_GOAL = 0.8


def run(bench):
    if not bench.ours:
        print("curve: skipped, as there is no program of ours", file=sys.stderr)
        return None
    turns = Turns({**TITLES, "numpy": "NumPy"})
    seconds = min(bench.seconds, SECONDS)
    try:
        start, times = best_of([points(bench, seconds) for _ in range(PASSES)])
    except Failure as failure:
        turns.fail(OURS, "curve", failure)
        return Report("curve", "The curve", [], [], turns, True)
    turns.versions[OURS] = start["version"]
    peers = peer_products(bench, turns)
    ceiling = max([start["product"], *(speed for _, speed in peers)])
    widths = sorted({width for width, _ in times})
    batches = sorted({batch for _, batch in times})

    body = ["Step times:", "", *grid(times, widths, batches, duration), "",
            "Share of the measured product's speed (the step's products alone, over its time):", "",
            *grid(shares(times, ceiling), widths, batches, percent), ""]
    found = cliffs(times, widths, batches)
    body += ["Checks:", "", "- " + (
        f"no point lies above {CLIFF}× the line through its neighbors, along widths or batches"
        if not found else f"above {CLIFF}× the line through their neighbors: " + "; ".join(found))]
    end = (widths[-1], batches[-1])
    share = shares(times, ceiling)[end]
    body.append(
        f"- at width {end[0]}, batch {end[1]:,}: {percent(share)} of the measured product's speed "
        f"(asked for at width 4096: {percent(SHARE_GOAL)})")
    measured = ", ".join(
        [f"ours {amount(start['product'] / 1e9)}"]
        + [f"{name} {amount(speed / 1e9)}" for name, speed in peers])
    notes = [
        "Nets width → width (ReLU) → width, half squared error, SGD, Float32; "
        f"{start['threads']} thread(s). {PASSES} passes, in each about {seconds:g} s a point, the "
        "median of five medians; the lesser of the passes.",
        f"Product of two 4096×4096 matrices, GFLOP/s: {measured}. The floor is 10 · batch · width² "
        f"FLOPs at the best of them, {amount(ceiling / 1e9)} GFLOP/s.",
        f"Memory: {amount(start['copy'] / 1e9)} GB/s, read and written. Its floor is 8 bytes a "
        "parameter (read once, written once); nets that stay in the caches may go below it.",
        "Picture: the same name with .svg.",
    ]
    return Report(
        "curve", "Step time against width and batch", notes, body, turns, False,
        {"svg": picture(times, widths, batches, ceiling, start["copy"])})


def points(bench, seconds):
    """The ceilings, and microseconds by (width, batch)."""
    command = [*bench.ours, "curve", f"{seconds:g}", str(bench.width)]
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
    except OSError as error:
        raise Failure(f"{command[0]}: {error.strerror}") from error
    start, times = None, {}
    for line in process.stdout:
        answer = json.loads(line)
        if start is None:
            start = answer
            continue
        point = answer["width"], answer["batch"]
        times[point] = statistics.median(answer["microseconds"])
        print(f"  width {point[0]}, batch {point[1]}: {duration(times[point])}", file=sys.stderr)
    if process.wait() != 0 or not times:
        raise Failure(f"ended with status {process.returncode}")
    return start, times


def best_of(passes):
    starts, all_times = zip(*passes)
    start = {**starts[0], **{
        key: max(start[key] for start in starts) for key in ("product", "copy")}}
    return start, {
        point: min(times[point] for times in all_times if point in times)
        for point in all_times[0]}


def peer_products(bench, turns):
    """The speed of NumPy's large product, with OpenBLAS's own choice of kernels and with the ones
    for AVX-512 where the processor has it: [(name, FLOPs a second)]"""
    speeds = []
    settings = {"NumPy": {}}
    if machine.has("avx512f"):
        settings["NumPy with OPENBLAS_CORETYPE=SkylakeX"] = {"OPENBLAS_CORETYPE": "SkylakeX"}
    if not bench.wanted(["numpy"]):
        return []
    for name, environment in settings.items():
        try:
            answer = last_line(bench.peer("peer_ceiling.py"), environment=environment)
            speeds.append((name, answer["product"]))
            turns.versions["numpy"] = answer["version"]
        except (Failure, KeyError) as failure:
            turns.fail("numpy", "product", failure)
    return speeds


def flops(width, batch):
    """Of the products: 6 · batch · parameters, less the first layer's input gradient."""
    return 10 * batch * width * width


def shares(times, ceiling):
    return {(width, batch): flops(width, batch) / ceiling / (time / 1e6)
            for (width, batch), time in times.items()}


def percent(share):
    return f"{100 * share:.0f} %"


def grid(values, widths, batches, show):
    return table(
        ["width", *(f"batch {batch:,}" for batch in batches)],
        [[str(width), *(show(values[width, batch]) if (width, batch) in values else "–"
                        for batch in batches)] for width in widths])


def cliffs(times, widths, batches):
    """Points above the geometric line through their neighbors, as text."""
    found = []

    def look(before, point, after, direction):
        if not all(key in times for key in (before, point, after)):
            return
        ratio = times[point] / (times[before] * times[after]) ** 0.5
        if ratio > CLIFF:
            place = f"width {point[0]}, batch {point[1]:,}"
            found.append(f"{place}: {amount(ratio)}× along {direction}")

    for batch in batches:
        for low, middle, high in zip(widths, widths[1:], widths[2:]):
            look((low, batch), (middle, batch), (high, batch), "widths")
    for width in widths:
        for low, middle, high in zip(batches, batches[1:], batches[2:]):
            look((width, low), (width, middle), (width, high), "batches")
    return found


def picture(times, widths, batches, ceiling, copy):
    lines, floors = [], []
    for number, batch in enumerate(batches):
        mine = [width for width in widths if (width, batch) in times]
        lines.append((f"batch {batch:,}", [(width, times[width, batch]) for width in mine]))
        floors.append((number, "5 4", [
            (width, flops(width, batch) / ceiling * 1e6) for width in mine]))
    floors.append((None, "1.5 3", [
        (width, 8 * (2 * width * width + 2 * width) / copy * 1e6) for width in widths]))
    return chart(
        "Time of a training step: width → width → width", "width", "time of a step",
        lines, floors, [("products' floor", "5 4"), ("memory's floor", "1.5 3")])
