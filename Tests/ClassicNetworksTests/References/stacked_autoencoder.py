"""Writes stacked_autoencoder.json: a denoising auto-encoder with tied weights, in plain NumPy.

Gradients are taken by complex steps, so that nothing of the formulas is shared; random numbers are
those that the library draws.

    python stacked_autoencoder.py
"""

import json
import pathlib

import numpy as np

from restricted_boltzmann_machine import keyed_uniforms, named_uniforms, rounded

SEED, UNITS, BATCH, EPOCHS, RATE, CORRUPTION = 3, 4, 4, 3, 0.5, 0.25
rows = (np.arange(60).reshape(10, 6) * 7 % 11) / 10
visible = rows.shape[1]


def loss(parameters, x, corrupted):
    w = parameters[: visible * UNITS].reshape(visible, UNITS)
    b = parameters[visible * UNITS : visible * UNITS + visible]
    c = parameters[visible * UNITS + visible :]
    y = 1 / (1 + np.exp(-(corrupted @ w + c)))
    z = 1 / (1 + np.exp(-(y @ w.T + b)))
    return -(x * np.log(z) + (1 - x) * np.log(1 - z)).sum() / len(x)


bound = 4 * np.sqrt(6 / (visible + UNITS))
start = -bound + 2 * bound * named_uniforms(SEED, "stacked-autoencoder", visible * UNITS)
parameters = np.concatenate([start, np.zeros(visible + UNITS)])
step = 0
for _ in range(EPOCHS):
    for first in range(0, len(rows), BATCH):
        x = rows[first : first + BATCH]
        corrupted = x * (keyed_uniforms(SEED, step, 0, x.shape) >= CORRUPTION)
        gradient = np.zeros_like(parameters)
        for place in range(len(parameters)):
            moved = parameters.astype(complex)
            moved[place] += 1e-30j
            gradient[place] = loss(moved, x, corrupted).imag / 1e-30
        parameters = parameters - RATE * gradient
        step += 1

names = ["weights", "visibleBias", "hiddenBias"]
parts = np.split(parameters, [visible * UNITS, visible * UNITS + visible])
result = {name: rounded(part) for name, part in zip(names, parts)}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n")
