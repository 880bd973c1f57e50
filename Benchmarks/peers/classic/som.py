"""MiniSom beside the topic "som": som.py same FOLDER | time FOLDER STEPS."""

import sys
import time

import numpy
from minisom import MiniSom

from data import answer, mnist, named, version


def map_from(start, rows, columns, sigma, rate):
    found = MiniSom(rows, columns, start.shape[1], sigma=sigma, learning_rate=rate)
    found._weights = start.reshape(rows, columns, -1).copy()
    return found


def same(folder):
    cases = {}
    for name, side, epochs in [("iris", 6, 5), ("digits", 10, 2), ("mnist", 20, 1)]:
        x = mnist(folder)[0][:1000] if name == "mnist" else named(name)[0]
        start = x[: side * side]
        for training in ["online", "batch"]:
            found = map_from(start, side, side, side / 2, 0.5)
            if training == "online":
                found.train(x, epochs * len(x))
            else:
                found.train_batch_offline(x, epochs)
            weights = found.get_weights().reshape(-1)
            cases[f"{name} {training}"] = weights[:: max(1, len(weights) // 5000)]
    answer(version=version("minisom"), weights=cases)


def timing(folder, steps):
    x = mnist(folder)[0][:steps]
    found = map_from(x[:400], 20, 20, 10, 0.5)
    begin = time.perf_counter()
    found.train(x, steps)
    online = time.perf_counter() - begin
    found = map_from(x[:400], 20, 20, 10, 0.5)
    begin = time.perf_counter()
    found.train_batch_offline(x, 1)
    answer(version=version("minisom"), online=online / steps, batch=(time.perf_counter() - begin) / steps)


if __name__ == "__main__":
    numpy.random.seed(0)
    if sys.argv[1] == "same":
        same(sys.argv[2])
    else:
        timing(sys.argv[2], int(sys.argv[3]))
