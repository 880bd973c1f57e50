"""How all peers time their work, and how they speak with compare.py."""

import json
import statistics
import sys
import time

TRIAL_SECONDS = 0.4
BLOCK_SECONDS = 0.002


def block_time(work, finish, count):
    begin = time.perf_counter()
    for _ in range(count):
        work()
    finish()
    return time.perf_counter() - begin


def nothing():
    """What waits for work that is done when its call returns."""


def medians(work, seconds, finish=nothing, parts=5):
    """The median microseconds of each part of the time. The work is timed in blocks of about two
    milliseconds, once at least, so that reading the clock costs nothing."""
    # The first times compile, fill caches and start threads.
    block_time(work, finish, 3)
    count = 1
    while (elapsed := block_time(work, finish, count)) < BLOCK_SECONDS / 2:
        count = max(count + 1, int(count * min(10, BLOCK_SECONDS / max(elapsed, 1e-9))))
    result = []
    for _ in range(parts):
        end = time.perf_counter() + seconds / parts
        times = []
        while not times or time.perf_counter() < end:
            times.append(block_time(work, finish, count) / count)
        result.append(statistics.median(times) * 1e6)
    return result


def fastest(ways, trial, label):
    """The name of the way with the shortest trial. `trial` takes a way and gives microseconds and
    a remark. The best three are tried twice, as what else the machine does may spoil a trial. A way
    that fails is left out, unless all do."""
    times, failure = {}, None

    def attempt(way):
        nonlocal failure
        try:
            time, remark = trial(ways[way])
        except Exception as error:  # a framework's own errors, of many kinds
            failure = error
            print(f"{label}: {way}: {type(error).__name__}: {error}", file=sys.stderr)
            return
        print(f"{label}: {way}: {time:.2f} µs{remark}", file=sys.stderr)
        times[way] = min(time, times.get(way, time))

    for way in ways:
        attempt(way)
    if not times:
        raise RuntimeError(f"{label}: no way works: {failure}")
    if len(times) > 1:
        for way in sorted(times, key=times.get)[:3]:
            attempt(way)
    return min(times, key=times.get)


def chosen(way, ways):
    """The part of an answer that says what was chosen, where there was a choice."""
    return {"way": way} if len(ways) > 1 else {}


def serve(peer, answer, lines=None):
    """Answers each line "CASE AMOUNT" of standard input with what `answer` makes of it."""
    for line in lines or sys.stdin:
        if not line.strip():
            continue
        try:
            name, amount = line.split()
            result = {"peer": peer, "case": name, **answer(name, float(amount))}
        except Exception as error:
            result = {"peer": peer, "error": f"{type(error).__name__}: {error}"[:500]}
        print(json.dumps(result), flush=True)
