"""Writes self-organizing-map.json: what MiniSom 2.3.6 makes of the rows and start weights in it.

Needs numpy, scikit-learn (for iris and digits) and minisom. Run it in this folder.
MiniSom's second coordinate runs along our rows of units on a hexagonal lattice, so that its weights
are transposed there; its hexagonal U-matrix takes odd numbers of rows of units for granted.
"""

import json
from pathlib import Path

import numpy as np
from minisom import MiniSom
from sklearn.datasets import load_digits, load_iris

random = np.random.RandomState(5)
rows = np.round(random.randn(30, 3) * [1, 2, 0.5] + [0, 1, 0], 3)
X, Y = 4, 5
start = np.round(random.randn(X * Y, 3), 3)


def som(lattice, neighborhood, sigma, rate, decay):
    names = {
        "asymptotic": ("asymptotic_decay", "asymptotic_decay"),
        "linear": ("linear_decay_to_zero", "linear_decay_to_one"),
        "inverse": ("inverse_decay_to_zero", "inverse_decay_to_one"),
    }
    map = MiniSom(
        X, Y, 3, sigma=sigma, learning_rate=rate, topology=lattice,
        neighborhood_function={"gaussian": "gaussian", "mexicanHat": "mexican_hat",
                               "bubble": "bubble"}[neighborhood],
        decay_function=names[decay][0], sigma_decay_function=names[decay][1], random_seed=1)
    # Our rows of units are MiniSom's first coordinate on a rectangular lattice, its second on a
    # hexagonal one.
    if lattice == "hexagonal":
        map._weights = start.reshape(Y, X, 3).transpose(1, 0, 2).copy()
    else:
        map._weights = start.reshape(X, Y, 3).copy()
    return map


def flat(array, lattice):
    return (array.swapaxes(0, 1) if lattice == "hexagonal" else array).reshape(-1).tolist()


cases = []
for lattice, neighborhood, sigma, rate, decay, training, epochs in [
    ("rectangular", "gaussian", 2.0, 0.5, "asymptotic", "online", 4),
    ("rectangular", "gaussian", 1.5, 0.3, "linear", "online", 3),
    ("rectangular", "bubble", 2.0, 0.4, "inverse", "online", 3),
    ("rectangular", "mexicanHat", 0.8, 0.1, "asymptotic", "online", 2),
    ("hexagonal", "gaussian", 1.7, 0.5, "asymptotic", "online", 4),
    ("rectangular", "gaussian", 2.0, 0.5, "asymptotic", "batch", 8),
    ("hexagonal", "gaussian", 2.0, 1.0, "linear", "batch", 8),
    ("rectangular", "bubble", 2.0, 0.7, "linear", "batch", 5),
]:
    map = som(lattice, neighborhood, sigma, rate, decay)
    if training == "online":
        map.train(rows, epochs * len(rows))
    else:
        map.train_batch_offline(rows, epochs)
    winners = [map.winner(row) for row in rows]
    units = [x * Y + y if lattice == "rectangular" else y * X + x for x, y in winners]
    cases.append({
        "lattice": lattice, "neighborhood": neighborhood, "radius": sigma, "rate": rate,
        "decay": decay, "training": training, "epochs": epochs,
        "rows": X if lattice == "rectangular" else Y,
        "columns": Y if lattice == "rectangular" else X,
        "weights": flat(map.get_weights(), lattice), "units": [int(u) for u in units],
        "quantizationError": float(map.quantization_error(rows)),
        "topographicError": float(map.topographic_error(rows)),
        "uMatrix": flat(map.distance_map(scaling="mean"), lattice),
        "hits": [int(n) for n in flat(map.activation_response(rows), lattice)],
    })

# Wide rows, each number from a formula: 70 columns, 90 rows, a map of 4 × 3. Every 7th weight.
wide = np.array([[np.sin(1.7 * i + 0.3 * j) + np.cos(0.9 * i * j) + 5 for j in range(70)] for i in range(90)])
map = MiniSom(4, 3, 70, sigma=1.5, learning_rate=0.5)
map._weights = wide[7:19].reshape(4, 3, 70).copy()
map.train(wide, 3 * 90)
wide_weights = map.get_weights().reshape(-1)[::7].tolist()

# Quality over seeds: iris, 8 × 8, and every third of the digits, 10 × 10; online from random rows in
# random order, and in batches from random rows with Kohonen's rate of 1.
def quality(rows, size, seeds, epochs, in_batches):
    found = []
    for seed in range(seeds):
        if in_batches:
            map = MiniSom(size, size, rows.shape[1], sigma=size / 2, learning_rate=1,
                          decay_function=lambda rate, t, end: rate,
                          sigma_decay_function="linear_decay_to_one", random_seed=seed)
            map.random_weights_init(rows)
            map.train_batch_offline(rows, epochs)
        else:
            map = MiniSom(size, size, rows.shape[1], sigma=size / 2, learning_rate=0.5,
                          random_seed=seed)
            map.random_weights_init(rows)
            map.train(rows, epochs * len(rows), random_order=True)
        found.append([float(map.quantization_error(rows)), float(map.topographic_error(rows))])
    print(np.mean(found, 0), np.std(found, 0))
    return found


iris, digits = load_iris().data, load_digits().data[::3]
qualities = {
    "iris": {"online": quality(iris, 8, 10, 20, False), "batch": quality(iris, 8, 5, 20, True)},
    "digits": {"online": quality(digits, 10, 5, 3, False), "batch": quality(digits, 10, 5, 10, True)},
}

# The first unit of a map on the plane of the first two principal components: two deviations to the
# left and up. An eigenvector's largest part is positive.
centered = digits - digits.mean(0)
singular, axes = np.linalg.svd(centered, full_matrices=False)[1:]
deviations = singular[:2] / np.sqrt(len(digits) - 1)
axes = [axis * np.sign(axis[abs(axis).argmax()]) for axis in axes[:2]]
corner = digits.mean(0) - 2 * deviations[0] * axes[0] - 2 * deviations[1] * axes[1]

Path(__file__).with_suffix(".json").write_text(json.dumps({
    "data": rows.reshape(-1).tolist(), "start": start.reshape(-1).tolist(), "cases": cases, "wide": wide_weights,
    "corner": np.round(corner, 9).tolist(),
    "quality": qualities}, separators=(",", ":")))
