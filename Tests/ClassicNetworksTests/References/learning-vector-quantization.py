"""Writes learning-vector-quantization.json: Kohonen's rules and GLVQ written down once more, on two
features of iris, and their accuracy on iris and digits over seeds from the start that k-means gives.
Needs numpy and scikit-learn. Run it in this folder.
"""

import json
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits, load_iris

WINDOW, EPSILON = 0.2, 0.2


def train(rule, rows, labels, protos, classes, epochs, rate, beta=0.0, random=None):
    m = protos.copy()
    total, step = epochs * len(rows), 0
    for _ in range(epochs):
        for i in range(len(rows)) if random is None else random.permutation(len(rows)):
            x, y = rows[i], labels[i]
            a = rate * (1 - step / total)
            step += 1
            d = ((m - x) ** 2).sum(1)
            first, second = np.argsort(d, kind="stable")[:2]
            if rule == "lvq1":
                m[first] += (a if classes[first] == y else -a) * (x - m[first])
            elif rule == "glvq":
                own, other = np.flatnonzero(classes == y), np.flatnonzero(classes != y)
                j, k = own[d[own].argmin()], other[d[other].argmin()]
                d1, d2 = d[j], d[k]
                mu = (d1 - d2) / (d1 + d2)
                f = 1 / (1 + np.exp(-beta * mu))
                slope = beta * f * (1 - f) if beta else 1.0
                m[j] += a * slope * d2 / (d1 + d2) ** 2 * (x - m[j])
                m[k] -= a * slope * d1 / (d1 + d2) ** 2 * (x - m[k])
            else:
                right = [classes[first] == y, classes[second] == y]
                if all(right):
                    if rule == "lvq3":
                        for j in (first, second):
                            m[j] += EPSILON * a * (x - m[j])
                elif any(right) and np.sqrt(d[first] / d[second]) > (1 - WINDOW) / (1 + WINDOW):
                    j, k = (first, second) if right[0] else (second, first)
                    m[j] += a * (x - m[j])
                    m[k] -= a * (x - m[k])
    return m


def accuracy(rows, labels, m, classes):
    return float((classes[((rows[:, None] - m) ** 2).sum(2).argmin(1)] == labels).mean())


iris, digits = load_iris(), load_digits()
rows, labels = iris.data[::2, 2:].copy(), iris.target[::2]
start = np.concatenate([rows[labels == c][[0, 7]] for c in range(3)]) + [0.03, -0.02]
classes = np.repeat(np.arange(3), 2)
cases = [
    {"rule": rule, "steepness": beta, "rate": rate, "epochs": epochs,
     "prototypes": train(rule, rows, labels, start, classes, epochs, rate, beta).reshape(-1).tolist()}
    for rule, beta, rate, epochs in [
        ("lvq1", 0.0, 0.05, 10), ("lvq2.1", 0.0, 0.03, 5), ("lvq3", 0.0, 0.05, 8),
        ("glvq", 0.0, 0.1, 10), ("glvq", 3.0, 0.2, 10)]]

quality = {}
for name, data, count in [("iris", iris, 3), ("digits", digits, 3)]:
    x, y = data.data, data.target
    spread = ((x - x.mean(0)) ** 2).sum(1).mean()
    part = np.arange(len(x)) % 4 == 3  # every fourth row is for the test
    for rule in ("lvq1", "lvq2.1", "lvq3", "glvq"):
        found = []
        for seed in range(3):
            m = np.concatenate([
                KMeans(count, n_init=1, random_state=seed).fit(x[~part][y[~part] == c]).cluster_centers_
                for c in range(len(set(y)))])
            k = np.repeat(np.arange(len(set(y))), count)
            rate = 0.05 * (spread if rule == "glvq" else 1)
            epochs = 10 if name == "digits" else 30
            m = train(rule, x[~part], y[~part], m, k, epochs, rate, random=np.random.RandomState(seed))
            found.append(accuracy(x[part], y[part], m, k))
        quality[f"{name} {rule}"] = found
        print(name, rule, np.round(found, 4))

Path(__file__).with_suffix(".json").write_text(json.dumps({
    "data": rows.reshape(-1).tolist(), "labels": labels.tolist(), "start": start.reshape(-1).tolist(),
    "classes": classes.tolist(), "cases": cases, "quality": quality}, separators=(",", ":")))
