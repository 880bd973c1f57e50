"""Simulated annealing step by step, by NumPy; writes simulated-annealing.json beside this file.

The walk follows the papers named in SimulatedAnnealing.swift. Its random numbers are those of the library's streams
(Philox 4x32-10, J. Salmon et al. 2011, doi:10.1145/2063384.2063405), so that every move is the same one.
"""

import json
import math
import pathlib

import numpy

M = (0xD2511F53, 0xCD9E8D57)
W = (0x9E3779B9, 0xBB67AE85)
MASK = 0xFFFFFFFF


def philox(counter, key):
    counter, key = list(counter), list(key)
    for _ in range(10):
        a, b = M[0] * counter[0], M[1] * counter[2]
        counter = [
            (b >> 32) ^ counter[1] ^ key[0],
            b & MASK,
            (a >> 32) ^ counter[3] ^ key[1],
            a & MASK,
        ]
        key = [(key[0] + W[0]) & MASK, (key[1] + W[1]) & MASK]
    return counter


class Stream:
    def __init__(self, seed, name):
        number = 0xCBF29CE484222325
        for byte in name.encode():
            number = ((number ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
        self.key = (seed & MASK, seed >> 32)
        self.stream = (number & MASK, number >> 32)
        self.position = 0

    def uniform(self):
        block = self.position >> 1
        words = philox((block & MASK, block >> 32) + self.stream, self.key)
        half = words[2:] if self.position & 1 else words[:2]
        self.position += 1
        return ((half[0] | half[1] << 32) >> 11) * 2.0**-53

    def normal(self):
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        return radius * math.cos(2 * math.pi * self.uniform())

    def cauchy(self):
        return math.tan(math.pi * (self.uniform() - 0.5))


X = numpy.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
Y = numpy.array([[0], [1], [1], [0]], float)
SHAPES = [(2, 2), (2,), (2, 1), (1,)]


def loss(w):
    parts, place = [], 0
    for shape in SHAPES:
        size = math.prod(shape)
        parts.append(numpy.reshape(w[place : place + size], shape))
        place += size
    hidden = 1 / (1 + numpy.exp(-(X @ parts[0] + parts[1])))
    output = 1 / (1 + numpy.exp(-(hidden @ parts[2] + parts[3])))
    return float(numpy.mean((output - Y) ** 2))


def temperature(cooling, k, start, factor, sweeps):
    if cooling == "geometric":
        return start * factor**k
    if cooling == "linear":
        return start * max(0, 1 - k / sweeps)
    if cooling == "logarithmic":
        return start * math.log(2) / math.log(k + 2)
    return start / (1 + k)


def anneal(start, seed, cooling, adapted, given, epochs=60, acceptance=0.8, factor=0.97, sweeps=50, step=1.0, bound=3.0):
    w = numpy.array(start)
    here = best = loss(w)
    best_w = w.copy()
    move = Stream.cauchy if cooling == "fast" else Stream.normal
    first = given
    if given == 0:
        random, climbs = Stream(seed, "annealing start"), []
        for trial in range(max(100, len(w))):
            other = w.copy()
            other[trial % len(w)] += step * move(random)
            climb = loss(other) - here
            if climb > 0:
                climbs.append(climb)
        low, high = 0.0, -max(climbs) / math.log(acceptance)
        for _ in range(200):
            middle = low + (high - low) / 2
            if numpy.mean(numpy.exp(-numpy.array(climbs) / middle)) < acceptance:
                low = middle
            else:
                high = middle
        first = high
    sigma, rows = step, []
    for k in range(epochs):
        t = temperature(cooling, k, first, factor, sweeps)
        length = sigma * t / first if cooling == "fast" else sigma
        random, kept = Stream(seed, f"annealing sweep {k}"), 0
        for i in range(len(w)):
            before = w[i]
            w[i] = before + length * move(random)
            chance = random.uniform()
            if abs(w[i]) > max(bound, abs(before)):
                w[i] = before
                continue
            other = loss(w)
            if other <= here or (t > 0 and chance < math.exp((here - other) / t)):
                here, kept = other, kept + 1
                if here < best:
                    best, best_w = here, w.copy()
            else:
                w[i] = before
        share = kept / len(w)
        rows.append([best, t, share, here, length])
        if adapted and cooling != "fast":
            if share > 0.6:
                sigma *= 1 + 2 * (share - 0.6) / 0.4
            if share < 0.4:
                sigma /= 1 + 2 * (0.4 - share) / 0.4
            sigma = min(max(sigma, step * 1e-6), step)
    return rows, best_w.tolist()


start = [0.3, -0.2, 0.5, 0.1, 0.0, 0.4, -0.6, 0.2, 0.1]
runs = []
for cooling in ["geometric", "linear", "logarithmic", "fast"]:
    for adapted, given in [(True, 0), (False, 0.05)]:
        rows, weights = anneal(start, 11, cooling, adapted, given)
        runs.append(
            {
                "cooling": cooling,
                "steps": "adapted" if adapted else "fixed",
                "temperature": given,
                # Best loss, T, share kept, loss, length of moves: every fifth sweep.
                "sweeps": rows[::5],
                "weights": weights,
            }
        )

value = {"by": f"numpy {numpy.__version__}", "seed": 11, "start": start, "runs": runs}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(value) + "\n")
