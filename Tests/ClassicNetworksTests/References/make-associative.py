"""Writes associative.json: Hopfield networks and a bidirectional associative memory in plain NumPy.

    python make-associative.py            the small file beside this script
    python make-associative.py times      times of storing and recall
"""

import json
import sys
import time
from pathlib import Path

import numpy as np


def hebb(patterns):
    weights = patterns.T @ patterns / patterns.shape[1]
    np.fill_diagonal(weights, 0)
    return weights


def pseudo_inverse(patterns):
    weights = np.linalg.pinv(patterns) @ patterns
    np.fill_diagonal(weights, 0)
    return weights


def energy(weights, state):
    return float(-0.5 * state @ weights @ state)


def asynchronous(weights, state, sweeps=100):
    """Units in their order, sweep after sweep."""
    state = state.copy()
    energies = [energy(weights, state)]
    for _ in range(sweeps):
        turned = False
        for unit in range(len(state)):
            if state[unit] * (weights[unit] @ state) < -1e-12:
                state[unit] = -state[unit]
                turned = True
        if not turned:
            break
        energies.append(energy(weights, state))
    return state, energies


def synchronous(weights, state, sweeps=100):
    energies = [energy(weights, state)]
    for _ in range(sweeps):
        field = weights @ state
        new = np.where(np.abs(field) <= 1e-12, state, np.sign(field))
        if (new == state).all():
            break
        state = new
        energies.append(energy(weights, state))
    return state, energies


def continuous(weights, state, gain, step, steps, first):
    u = np.arctanh(first) / gain * state
    energies = []

    def record():
        x = gain * u
        v = np.tanh(x)
        # The integral of artanh from 0 to V, with its logarithm of 1 - V² as one of cosh.
        integral = v * x - (np.logaddexp(x, -x) - np.log(2))
        energies.append(float(-0.5 * v @ weights @ v + integral.sum() / gain))

    record()
    for _ in range(steps):
        slope = weights @ np.tanh(gain * u) - u
        u = u + step * slope
        if np.abs(slope).max() < 1e-9:
            break
        record()
    return np.tanh(gain * u), energies


def bam(weights, x, sweeps=100):
    y = np.zeros(weights.shape[1])
    energies = []
    for _ in range(sweeps):
        field = x @ weights
        new_y = np.where(field == 0, y, np.sign(field))
        energies.append(float(-x @ weights @ new_y))
        field = weights @ new_y
        new_x = np.where(field == 0, x, np.sign(field))
        energies.append(float(-new_x @ weights @ new_y))
        same = (new_x == x).all()
        x, y = new_x, new_y
        if same:
            break
    return x, y, energies


def signs(generator, *shape):
    return np.where(generator.random(shape) < 0.5, -1.0, 1.0)


def main():
    generator = np.random.default_rng(11)
    patterns = signs(generator, 5, 40)
    starts = patterns * np.where(generator.random(patterns.shape) < 0.2, -1, 1)
    result = {"patterns": patterns.astype(int).tolist(), "starts": starts.astype(int).tolist()}
    for name, weights in [("hebb", hebb(patterns)), ("pseudoInverse", pseudo_inverse(patterns))]:
        part = {"weights": weights[:3].tolist()}
        for kind, recall in [
            ("asynchronous", asynchronous),
            ("synchronous", synchronous),
            ("continuous", lambda w, s: continuous(w, s, 4.0, 0.1, 60, 0.5)),
        ]:
            found = [recall(weights, s) for s in starts]
            part[kind] = {"states": [f[0].tolist() for f in found], "energies": [f[1] for f in found]}
        result[name] = part
    rows, targets = signs(generator, 3, 16), signs(generator, 3, 8)
    weights = rows.T @ targets
    noisy = rows * np.where(generator.random(rows.shape) < 0.15, -1, 1)
    found = [bam(weights, x) for x in noisy]
    result["bam"] = {
        "rows": rows.astype(int).tolist(), "targets": targets.astype(int).tolist(),
        "starts": noisy.astype(int).tolist(), "x": [f[0].astype(int).tolist() for f in found],
        "y": [f[1].astype(int).tolist() for f in found], "energies": [f[2] for f in found],
    }
    result["capacity"] = []
    for load in [0.10, 0.14, 0.18]:
        found = [capacity(200, load, 1, generator) for _ in range(10)]
        result["capacity"].append(
            {"load": load, "mean": float(np.mean(found)), "deviation": float(np.std(found, ddof=1))})
        print(result["capacity"][-1])
    text = json.dumps(result, separators=(",", ":"))
    Path(__file__).with_name("associative.json").write_text(text + "\n")
    print(len(text))


def capacity(units, load, trials, generator):
    overlaps = []
    for _ in range(trials):
        patterns = signs(generator, round(load * units), units)
        weights = hebb(patterns)
        overlaps += [float(asynchronous(weights, p)[0] @ p) / units for p in patterns]
    return np.mean(overlaps)


def times():
    generator = np.random.default_rng(1)
    start = time.perf_counter()
    for load in [0.10, 0.13, 0.15, 0.18]:
        print(f"N = 200, load {load}: overlap {capacity(200, load, 3, generator):.4f}")
    print(f"capacity curve: {time.perf_counter() - start:.3f} s")
    patterns = signs(generator, 100, 1000)
    start = time.perf_counter()
    weights = hebb(patterns)
    for p in patterns:
        synchronous(weights, p * np.where(generator.random(1000) < 0.1, -1, 1))
    print(f"N = 1000, 100 patterns stored and recalled synchronously: {time.perf_counter() - start:.3f} s")


if __name__ == "__main__":
    times() if "times" in sys.argv else main()
